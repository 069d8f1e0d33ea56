// tensor_text.hpp: the elements of tensors as text.
#pragma once

#include <string>
#include <vector>

#include <xgrad/graph/tensor.hpp>

namespace xgrad::viz {

/// All elements, to some significant digits: "0.25", "[0.1, 0.2]", "[[1, 2], [3, 4]]".
std::string elements_text(const Tensor& t, int digits);
/// The same, with a line for each row of a matrix.
std::vector<std::string> elements_lines(const Tensor& t, int digits);
/// "mean 0.1, largest 2.5, norm 3.1": of the absolute values, but for the mean.
std::string figures_text(const Tensor& t, int digits);

}  // namespace xgrad::viz

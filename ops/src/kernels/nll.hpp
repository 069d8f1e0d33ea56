// nll.hpp: the negative log likelihood of classes.
#pragma once

#include <cstdint>
#include <optional>

#include <xgrad/graph/dtype.hpp>

#include "kernels/axis_split.hpp"

namespace xgrad::detail {

struct NllRule {
  std::int64_t ignore_index;  // the target of samples that do not count
  double smoothing;           // how much of each target is shared by all classes
  bool each, mean;            // a loss for each line; or one of all: the mean by weight, or the sum
};

// Scores lie along the lines, whose size is the number of classes; there is a target for each line.
// `weight` has a factor for each class, or is null. Floating dtypes; sums are made in double.

/// The first target that is neither a class nor ignored.
std::optional<std::int64_t> first_bad_class(std::int64_t n, const std::int64_t* target,
                                            std::int64_t classes, std::int64_t ignore_index);
/// loss[k] = -weight[c] x[c] at the target c of line k, 0 where it is ignored; or their mean or
/// sum.
void nll(DType dtype, const AxisSplit& lines, const void* x, const std::int64_t* target,
         const void* weight, const NllRule& rule, void* loss);
/// dx = d loss / d x, times the one element of dy, or 1 if that is null.
void nll_gradient(DType dtype, const AxisSplit& lines, const std::int64_t* target,
                  const void* weight, const NllRule& rule, const void* dy, void* dx);

}  // namespace xgrad::detail

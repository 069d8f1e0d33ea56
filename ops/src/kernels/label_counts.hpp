// label_counts.hpp: how often classes are among the labels of samples.
#pragma once

#include <cstdint>
#include <optional>

namespace xgrad::detail {

/// y (rows, classes) = how often each class is among the labels of a row, which are those of its
/// elements (rows, classes) before the first negative one. Returns the first label that is no
/// class, if there is one; y may hold anything then.
std::optional<std::int64_t> label_counts(std::int64_t rows, std::int64_t classes,
                                         const std::int64_t* labels, std::int64_t* y);

}  // namespace xgrad::detail

// counts.hpp: the checks and the state of metrics that count by class.
#pragma once

#include <xgrad/graph/state_dict.hpp>

namespace xgrad::metrics::detail {

/// @throws ValueError  for fewer than 2 classes.
void check_class_count(const char* op, std::int64_t classes);
/// @throws ValueError  unless both are the same.
void check_same_classes(const char* op, std::int64_t here, std::int64_t other);
/// A copy of a state's "counts", int64 of that shape.
/// @throws ValueError  for another state, or a negative count.
Tensor read_counts(const StateDict& state, const char* op, const Shape& shape, Site site);

}  // namespace xgrad::metrics::detail

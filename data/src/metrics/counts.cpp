#include "counts.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/op_scope.hpp>
#include <xgrad/graph/state_reader.hpp>

namespace xgrad::metrics::detail {

void check_class_count(const char* op, std::int64_t classes) {
  if (classes < 2)
    throw ValueError(fmt::format("{}: classes is {}; it must be at least 2", op, classes));
}

void check_same_classes(const char* op, std::int64_t here, std::int64_t other) {
  if (here != other)
    throw ValueError(
        fmt::format("{}: there are {} classes here and {} in the other one; the "
                    "numbers must be the same",
                    op, here, other));
}

Tensor read_counts(const StateDict& state, const char* op, const Shape& shape, Site site) {
  const OpScope scope("load_state_dict", site);
  xgrad::detail::StateReader from(state);
  const Tensor counts = from.tensor("counts", shape, int64);
  if (counts.defined()) {
    const auto all = counts.span<std::int64_t>();
    if (std::any_of(all.begin(), all.end(), [](std::int64_t n) { return n < 0; }))
      from.refuse("counts", "counts of at least 0", "a negative one");
  }
  from.check_fits(op, "names, shapes and dtypes must be the same");
  return counts.detach().clone();
}

}  // namespace xgrad::metrics::detail

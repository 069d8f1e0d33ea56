#include <xgrad/ops/per_axis.hpp>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>

namespace xgrad {

template <class T>
std::vector<T> PerAxis<T>::along(const char* op, const char* setting, int axes) const {
  if (values_.size() == 1) return std::vector<T>(static_cast<std::size_t>(axes), values_[0]);
  if (static_cast<int>(values_.size()) != axes)
    throw ShapeError(
        fmt::format("{}: {} has {} values; it must have 1, or {}, one for each spatial dim", op,
                    setting, values_.size(), axes));
  return values_;
}

template class PerAxis<std::int64_t>;
template class PerAxis<double>;

}  // namespace xgrad

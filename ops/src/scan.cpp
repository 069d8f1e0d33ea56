#include <xgrad/ops/scan.hpp>

#include <vector>

#include <xgrad/graph/record.hpp>
#include <xgrad/ops/reshape.hpp>

namespace xgrad {
namespace {

using detail::Value;

// Along the middle axis of (outer, n, inner), row by row.
template <class T>
void add_up(const T* x, std::int64_t outer, std::int64_t n, std::int64_t inner, T* y) {
  using Total = std::conditional_t<std::is_floating_point_v<T>, double, std::int64_t>;
  std::vector<Total> total(static_cast<std::size_t>(inner));
  for (std::int64_t o = 0; o < outer; ++o) {
    total.assign(total.size(), Total(0));
    for (std::int64_t i = 0; i < n; ++i, x += inner, y += inner)
      for (std::int64_t j = 0; j < inner; ++j)
        y[j] = static_cast<T>(total[static_cast<std::size_t>(j)] += static_cast<Total>(x[j]));
  }
}

Value added_up(const Tensor& x, int axis) {
  Value value = Value::empty(x.shape(), x.dtype());
  const Shape& s = x.shape();
  if (s.numel() == 0) return value;
  std::int64_t inner = 1;
  for (int i = axis + 1; i < s.dim(); ++i) inner *= s[i];
  const std::int64_t n = s.dim() == 0 ? 1 : s[axis];
  dispatch(x.dtype(), [&]<class T>() {
    add_up(detail::raw<T>(x), s.numel() / (n * inner), n, inner, value.data<T>());
  });
  return value;
}

}  // namespace

Tensor cumsum(Operand x, int dim) {
  const int axis = detail::wrap_dim("cumsum", x, dim);
  const Tensor source = x.dtype() == bool_ ? x.materialize().to(int64) : x.materialize();
  return record({"cumsum", "dx = dy, added up from the end"}, {x}, added_up(source, axis),
                reads_nothing, [axis](const Tensor& dy, Inputs, Sinks dx) {
                  dx.add(0, flip(cumsum(flip(dy, {axis}), axis), {axis}));
                });
}

}  // namespace xgrad

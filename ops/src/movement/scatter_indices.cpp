#include "movement/scatter_indices.hpp"

#include <vector>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/ops/indexing.hpp>
#include <xgrad/ops/reshape.hpp>

#include "kernels/positions.hpp"
#include "movement/gather_rows.hpp"

namespace xgrad::detail {
Tensor gathered_positions(const char* op, const Operand& x, int axis, const Tensor& index) {
  const Shape& s = x.shape();
  bool fits = index.dim() == s.dim() || (s.dim() == 0 && index.dim() == 1);
  for (int i = 0; fits && i < s.dim(); ++i) fits = i == axis || index.size(i) <= s[i];
  if (!fits && index.numel() > 0)
    throw ShapeError(
        fmt::format("{}: index is {}, the input {}; both must have the same number of dims, and "
                    "index may be larger only along dim {}",
                    op, describe(index), describe(x), axis));
  const Tensor along = checked_positions(op, index, s.dim() == 0 ? 1 : s[axis], /*wraps=*/false);
  if (s.dim() == 0) return along;
  if (index.numel() > 0)  // else index may have other axes
    positions_along(index.shape(), strides_of(s), static_cast<std::size_t>(axis),
                    positions_of(along));
  return along;
}

Tensor source_over(const char* op, const Operand& src, const Tensor& index, DType dtype) {
  const Tensor source = src.materialize(dtype);
  if (source.numel() == 1 && source.dim() == 0) return expand(source, index.shape());
  bool fits = source.dim() == index.dim();
  std::vector<Index> part;
  for (int i = 0; fits && i < index.dim(); ++i) {
    fits = index.size(i) <= source.size(i);
    part.emplace_back(Slice(0, index.size(i)));
  }
  if (!fits || source.dtype() != dtype)
    throw ShapeError(fmt::format(
        "{}: src is {}, index {}; src must be {}, and at least as large as index along each dim",
        op, describe(src), describe(index), to_string(dtype)));
  return source.shape() == index.shape() ? source : xgrad::index(source, part);
}

Scattering scattering(const char* op, const Operand& x, int dim, const Tensor& index,
                      const Operand& src) {
  const int axis = wrap_dim(op, x, dim);
  return {gathered_positions(op, x, axis, index), source_over(op, src, index, x.dtype())};
}

}  // namespace xgrad::detail

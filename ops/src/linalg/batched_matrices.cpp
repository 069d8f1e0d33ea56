#include "linalg/batched_matrices.hpp"

#include <cmath>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/ops/reshape.hpp>

#include "checks.hpp"
#include "kernels/factor.hpp"

namespace xgrad::detail {

void check_matrices(const char* op, const Operand& x) {
  if (x.shape().dim() < 2)
    throw ShapeError(fmt::format("{}: {} must have at least 2 dims", op, describe(x)));
  check_floating(op, x);
}
void check_square(const char* op, const Operand& x) {
  check_matrices(op, x);
  if (rows_of(x.shape()) != columns_of(x.shape()))
    throw ShapeError(
        fmt::format("{}: {} must be square: its last 2 sizes must be equal", op, describe(x)));
}
void check_finite(const char* op, const Operand& x) {
  const double bad = find_not_finite(x.dtype(), x.shape().numel(), raw<void>(x.tensor()));
  if (!std::isfinite(bad))
    throw ValueError(
        fmt::format("{}: {} contains {}; its elements must be finite", op, describe(x), bad));
}

std::int64_t rows_of(const Shape& shape) { return shape[shape.dim() - 2]; }
std::int64_t columns_of(const Shape& shape) { return shape.back(); }
Shape batch_of(const Shape& shape) {
  return Shape(shape.begin(), static_cast<std::size_t>(shape.dim() - 2));
}
std::int64_t batches_of(const Shape& shape) { return batch_of(shape).numel(); }
Shape batch_with(const Shape& batch, std::initializer_list<std::int64_t> last) {
  std::vector<std::int64_t> sizes(batch.begin(), batch.end());
  sizes.insert(sizes.end(), last);
  return sizes;
}

Tensor swapped(const Tensor& x) { return transpose(x, -2, -1); }
Tensor identities(const Shape& shape, std::int64_t n, DType dtype) {
  return expand(eye(n, {}, {.dtype = dtype}), batch_with(batch_of(shape), {n, n}));
}

}  // namespace xgrad::detail

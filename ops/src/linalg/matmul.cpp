#include <xgrad/ops/matmul.hpp>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/record.hpp>
#include <xgrad/ops/reshape.hpp>

#include "kernels/gemm.hpp"

namespace xgrad {
namespace {

using detail::GemmShape;

// The product that gives the gradient of A: of the same kind, so gradients of any order are.
struct GradientProduct {
  GemmShape size;
  bool swapped;  // (B, dC) instead of (dC, B), or (dC, A) instead of (A, dC)
};
GradientProduct gradient_of_a(const GemmShape& s) {
  if (!s.transpose_a) return {{s.batch, s.m, s.k, s.n, false, !s.transpose_b}, false};
  return {{s.batch, s.k, s.m, s.n, s.transpose_b, true}, true};
}
GradientProduct gradient_of_b(const GemmShape& s) {
  if (!s.transpose_b) return {{s.batch, s.k, s.n, s.m, !s.transpose_a, false}, false};
  return {{s.batch, s.n, s.k, s.m, true, s.transpose_a}, true};
}

Tensor recorded(const char* op, const Operand& a, const Operand& b, const Operand* bias,
                const GemmShape& size, const Shape& shape);

void add_product(const char* op, InputGradients dx, int input, const Tensor& a, const Tensor& b,
                 const GemmShape& size, const Shape& shape) {
  if (dx.create_graph()) return dx.add(input, recorded(op, a, b, nullptr, size, shape));
  const InputGradients::Buffer to = dx.buffer(input);
  detail::gemm(a.dtype(), size, a.node().storage->data(), b.node().storage->data(), nullptr,
               to.accumulate, to.data);
}

Tensor recorded(const char* op, const Operand& a, const Operand& b, const Operand* bias,
                const GemmShape& size, const Shape& shape) {
  detail::Value value = detail::Value::empty(shape, a.dtype());
  detail::gemm(a.dtype(), size, a.node().storage->data(), b.node().storage->data(),
               bias != nullptr ? bias->node().storage->data() : nullptr, false, value.data<void>());
  const auto local = [op, size](const Tensor& dy, Inputs in, InputGradients dx) {
    if (dx.wants(0)) {
      const GradientProduct s = gradient_of_a(size);
      add_product(op, dx, 0, s.swapped ? in[1] : dy, s.swapped ? dy : in[1], s.size, in.shape(0));
    }
    if (dx.wants(1)) {
      const GradientProduct s = gradient_of_b(size);
      add_product(op, dx, 1, s.swapped ? dy : in[0], s.swapped ? in[0] : dy, s.size, in.shape(1));
    }
    if (dx.wants(2)) dx.add(2, dy);  // add sums over the rows
  };
  const Saved saved = (b.requires_grad() ? save_input(0) : save_nothing) |
                      (a.requires_grad() ? save_input(1) : save_nothing);
  const OpName name(op, size.transpose_b ? "dx = dy W, dW = dy^T x, dbias = dy summed over the rows"
                                         : "da = dy b^T, db = a^T dy");
  if (bias != nullptr) return record(name, {a, b, *bias}, std::move(value), saved, local);
  return record(name, {a, b}, std::move(value), saved, local);
}

void check_dtypes(const char* op, const Operand& a, const Operand& b) {
  if (a.dtype() != b.dtype() || a.dtype() == bool_)
    throw DTypeError(fmt::format(
        "{}: {} and {} must have the same dtype, which must not be bool; convert one with .to()",
        op, describe(a), describe(b)));
}

// Sizes of all axes but the last two.
Shape batch_of(const Shape& shape) {
  return Shape(shape.begin(), static_cast<std::size_t>(shape.dim() - 2));
}
Shape with(const Shape& batch, std::initializer_list<std::int64_t> last) {
  std::vector<std::int64_t> sizes(batch.begin(), batch.end());
  sizes.insert(sizes.end(), last);
  return sizes;
}

Shape matmul_batch(const Operand& a, const Operand& b) {
  const std::optional<Shape> batch = detail::broadcast_of(batch_of(a.shape()), batch_of(b.shape()));
  if (batch) return *batch;
  throw ShapeError(
      fmt::format("matmul: the batch dims of {} and {} do not broadcast: all sizes before the last "
                  "2 must be equal or 1",
                  describe(a), describe(b)));
}

// a and b are matrices or batches of them.
Tensor batched(const Operand& a, const Operand& b) {
  const std::int64_t m = a.shape()[a.shape().dim() - 2], k = a.shape().back(), n = b.shape().back();
  const Shape batch = matmul_batch(a, b);
  const Shape shape = with(batch, {m, n});
  if (b.shape().dim() == 2)  // one matrix for all: the batches are further rows
    return recorded("matmul", a, b, nullptr, {1, batch.numel() * m, n, k, false, false}, shape);
  const Tensor left = expand(a.tensor(), with(batch, {m, k}));
  const Tensor right = expand(b.tensor(), with(batch, {k, n}));
  return recorded("matmul", left, right, nullptr, {batch.numel(), m, n, k, false, false}, shape);
}

}  // namespace

Tensor matmul(Operand a, Operand b) {
  const OpScope scope("matmul", a);
  const int da = a.shape().dim(), db = b.shape().dim();
  if (da == 0 || db == 0)
    throw ShapeError(
        fmt::format("matmul: {} and {} must have at least 1 dim; to multiply by a number, use *",
                    describe(a), describe(b)));
  check_dtypes("matmul", a, b);
  const std::int64_t inner_b = db == 1 ? b.shape()[0] : b.shape()[db - 2];
  if (a.shape().back() != inner_b)
    throw ShapeError(
        fmt::format("matmul: inner sizes differ: a is {}, b is {}; a's last dim must "
                    "equal b's {}",
                    describe(a), describe(b), db == 1 ? "only dim" : "second-to-last"));
  if (da >= 2 && db >= 2) return batched(a, b);
  // A vector is a matrix of one row or column, which the result then lacks.
  const Tensor left = da == 1 ? reshape(a, {1, a.shape()[0]}) : a.materialize();
  const Tensor right = db == 1 ? reshape(b, {b.shape()[0], 1}) : b.materialize();
  const Tensor full = batched(left, right);
  std::vector<std::int64_t> sizes(full.shape().begin(), full.shape().end());
  if (db == 1) sizes.pop_back();
  if (da == 1) sizes.erase(sizes.end() - (db == 1 ? 1 : 2));
  return reshape(full, sizes);
}

Tensor linear(Operand x, const Tensor& weight, const Tensor& bias) {
  const OpScope scope("linear", x);
  const Operand w(weight);
  if (weight.dim() != 2 || x.shape().dim() == 0 || x.shape().back() != weight.size(1))
    throw ShapeError(
        fmt::format("linear: the input is {}, the weight {}; the input must be (..., in), and the "
                    "weight (out, in)",
                    describe(x), describe(w)));
  check_dtypes("linear", x, w);
  const std::int64_t out = weight.size(0), in = weight.size(1);
  const Shape rows(x.shape().begin(), static_cast<std::size_t>(x.shape().dim() - 1));
  const Shape shape = with(rows, {out});
  const GemmShape size{1, rows.numel(), out, in, false, true};
  if (!bias.defined()) return recorded("linear", x, w, nullptr, size, shape);
  const Operand b(bias);
  if (bias.shape() != Shape{out})
    throw ShapeError(fmt::format("linear: the bias is {}, the weight {}; the bias must be (out)",
                                 describe(b), describe(w)));
  check_dtypes("linear", x, b);
  return recorded("linear", x, w, &b, size, shape);
}

}  // namespace xgrad

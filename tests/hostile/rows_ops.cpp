#include <xgrad/ops/special.hpp>

#include "hostile/rows.hpp"

namespace xgrad::test {
namespace {

Results both(const ValuesIndices& y) { return {y.values, y.indices}; }
Extent extent(Draw& d) { return d.chance(0.5) ? Extent(d.numbers()) : Extent(d.number()); }
std::optional<int> optional_dim(Draw& d) {
  return d.chance(0.5) ? std::optional<int>(d.dim()) : std::nullopt;
}
Slice slice(Draw& d) { return Slice(d.number(), d.number(), d.number()); }
// A square matrix, or a stack of them, mostly.
Tensor matrix(Draw& d) {
  if (d.chance(0.4)) return d.floats();
  const std::int64_t n = std::int64_t(d.below(4));
  return d.filled(d.chance(0.3) ? Shape{2, n, n} : Shape{n, n}, float64, d.chance(0.2));
}
Tensor of_limits(Draw& d) { return d.filled({std::int64_t(d.below(4))}, int64, true); }
// Of these sizes, or now and then of any.
Tensor fitting(Draw& d, const Shape& shape) {
  return d.chance(0.1) ? d.floats() : d.filled(shape, float32, d.chance(0.2));
}
// A layer of 2 features to 3 hidden ones, for a batch of 2.
RecurrentWeights recurrent_weights(Draw& d, std::int64_t gates) {
  return {fitting(d, {3 * gates, 2}), fitting(d, {3 * gates, 3}),
          d.flag() ? fitting(d, {3 * gates}) : Tensor(),
          d.flag() ? fitting(d, {3 * gates}) : Tensor(), d.chance(0.1) ? d.floats() : Tensor()};
}
RecurrentOptions recurrent_options(Draw& d) {
  return {.h_0 = d.flag() ? fitting(d, {2, 3}) : Tensor(),
          .c_0 = d.chance(0.2) ? fitting(d, {2, 3}) : Tensor(),
          .lengths = d.flag() ? tensor({d.number(), d.number()}) : Tensor(),
          .reverse = d.flag()};
}
Tensor sequences(Draw& d) { return fitting(d, {std::int64_t(d.below(4)), 2, 2}); }
Results solution(const linalg::Eigh& y) { return {y.eigenvalues, y.eigenvectors}; }

}  // namespace

std::vector<Row> op_rows() {
  return {
      ROW("eq", eq(d.tensor(), d.tensor())),
      ROW("lt", lt(d.tensor(), d.number())),
      ROW("logical_and", logical_and(d.tensor(), d.tensor())),
      ROW("logical_or", logical_or(d.tensor(), d.tensor())),
      ROW("logical_xor", logical_xor(d.tensor(), d.tensor())),
      ROW("logical_not", logical_not(d.tensor())),
      ROW("bitwise_and", bitwise_and(d.positions(), d.positions())),
      ROW("bitwise_xor", bitwise_xor(d.positions(), d.number())),
      ROW("bitwise_not", bitwise_not(d.tensor())),
      ROW("isnan", isnan(d.tensor())),
      ROW("isinf", isinf(d.tensor())),
      ROW("isneginf", isneginf(d.tensor())),
      ROW("isfinite", isfinite(d.tensor())),
      ROW("signbit", signbit(d.tensor())),
      ROW("heaviside", heaviside(d.tensor(), d.tensor())),
      ROW("isclose", isclose(d.tensor(), d.tensor(), d.real(), d.real(), d.flag())),
      ROW("isin", isin(d.tensor(), d.tensor())),
      ROW("allclose", zeros({}) + allclose(d.tensor(), d.tensor())),
      ROW("equal", zeros({}) + equal(d.tensor(), d.tensor())),
      ROW("floor_divide", floor_divide(d.positions(), d.positions())),
      ROW("floor_divide", floor_divide(d.tensor(), d.number())),
      ROW("remainder", remainder(of_limits(d), of_limits(d))),
      ROW("fmod", fmod(of_limits(d), d.number())),
      ROW("add", of_limits(d) + of_limits(d)),
      ROW("sub", of_limits(d) - d.number()),
      ROW("mul", of_limits(d) * of_limits(d)),
      ROW("pow", pow(of_limits(d), d.number())),
      ROW("abs", abs(of_limits(d))),
      ROW("neg", -of_limits(d)),
      ROW("sum", sum(of_limits(d))),
      ROW("cumsum", cumsum(of_limits(d), d.dim())),
      ROW("cumprod", cumprod(of_limits(d), d.dim())),
      ROW("prod", prod(of_limits(d))),
      ROW("diff", diff(of_limits(d), int(d.below(3)))),
      ROW("argmax", argmax(d.tensor())),
      ROW("argmin", argmin(d.tensor(), d.dim(), d.flag())),
      ROW("all", all(d.tensor(), d.dims(), d.flag())),
      ROW("any", any(d.tensor(), d.dims(), d.flag())),
      ROW("count_nonzero", count_nonzero(d.tensor(), d.dims())),
      ROWS("aminmax",
           [&] {
             const MinMax y = aminmax(d.tensor(), d.dims(), d.flag());
             return Results{y.min, y.max};
           }()),
      ROW("argsort", argsort(d.tensor(), d.dim(), d.flag())),
      ROW("msort", msort(d.tensor())),
      ROWS("mode", both(mode(d.tensor(), d.dim(), d.flag()))),
      ROW("max", max(d.tensor())),
      ROW("median", median(d.tensor())),
      ROW("nanquantile", nanquantile(d.floats(), d.tensor(), optional_dim(d), d.flag())),
      ROW("quantile", quantile(d.floats(), d.real(), optional_dim(d), d.flag(),
                               d.word({"linear", "lower", "higher", "midpoint", "nearest"}))),
      ROW("searchsorted", searchsorted(d.tensor(), d.tensor(), d.flag())),
      ROW("bucketize", bucketize(d.tensor(), d.tensor(), d.flag())),
      ROW("unique", unique(d.tensor())),
      ROWS("unique",
           [&] {
             const Uniques y = unique_with_counts(d.tensor());
             return Results{y.values, y.inverse, y.counts};
           }()),
      ROW("bincount", bincount(d.positions(), d.chance(0.5) ? Tensor() : d.tensor(), d.number())),
      ROW("bincount", bincount(of_limits(d))),
      ROW("histc", histc(d.tensor(), d.number(), d.real(), d.real())),
      ROW("one_hot", one_hot(d.positions(), d.number())),
      ROW("nonzero", nonzero(d.tensor())),
      ROW("vander", vander(d.floats(), d.number(), d.flag())),
      ROW("cholesky_solve", cholesky_solve(matrix(d), matrix(d), d.flag())),
      ROW("cond", linalg::cond(matrix(d))),
      ROW("matrix_rank", linalg::matrix_rank(matrix(d))),
      ROW("lstsq", linalg::lstsq(matrix(d), matrix(d))),
      ROW("pinv", linalg::pinv(matrix(d), d.real())),
      ROWS("eigh", solution(linalg::eigh(matrix(d), d.flag() ? 'L' : 'x'))),
      ROWS("svd",
           [&] {
             const linalg::Svd y = linalg::svd(matrix(d), d.flag());
             return Results{y.U, y.S, y.Vh};
           }()),
      ROWS("qr",
           [&] {
             const linalg::Qr y = linalg::qr(matrix(d), d.word({"reduced", "complete", "r"}));
             return Results{y.Q, y.R};
           }()),
      ROW("matrix_power", matrix_power(matrix(d), d.number())),
      ROW("matrix_exp", matrix_exp(matrix(d))),
      ROW("solve", linalg::solve(matrix(d), matrix(d))),
      ROW("vecdot", linalg::vecdot(d.floats(), d.floats(), d.dim())),
      ROW("matmul", matmul(d.tensor(), d.tensor())),
      ROW("tensordot", tensordot(d.floats(), d.floats(), d.dims(), d.dims())),
      ROW("tensordot", tensordot(d.floats(), d.floats(), d.dim())),
      ROW("einsum", einsum(d.word({"ij,jk->ik", "ii", "i...->...", "...,...", "->", ",", "i j"}),
                           d.tensors())),
      ROW("kron", kron(d.tensor(), d.tensor())),
      ROW("outer", outer(d.tensor(), d.tensor())),
      ROW("rnn_tanh_layer",
          rnn_tanh_layer(sequences(d), recurrent_weights(d, 1), recurrent_options(d)).output),
      ROW("rnn_relu_layer",
          rnn_relu_layer(sequences(d), recurrent_weights(d, 1), recurrent_options(d)).h_n),
      ROW("lstm_layer",
          lstm_layer(sequences(d), recurrent_weights(d, 4), recurrent_options(d)).c_n),
      ROW("gru_layer",
          gru_layer(sequences(d), recurrent_weights(d, 3), recurrent_options(d)).output),
      ROW("lstm_cell", lstm_cell(fitting(d, {2, 2}), {fitting(d, {2, 3}), {}}, fitting(d, {12, 2}),
                                 fitting(d, {12, 3}))
                           .c),
      ROW("gru_cell",
          gru_cell(fitting(d, {2}), fitting(d, {3}), fitting(d, {9, 2}), fitting(d, {9, 3}))),
      ROW("rnn_tanh_cell",
          rnn_tanh_cell(d.floats(), d.floats(), d.floats(), d.floats(), d.floats(), d.floats())),
      ROW("cat", cat(d.tensors(), d.dim())),
      ROW("stack", stack(d.tensors(), d.dim())),
      ROWS("meshgrid", meshgrid(d.tensors(), d.word({"ij", "xy"}))),
      ROW("cartesian_prod", cartesian_prod(d.tensors())),
      ROW("block_diag", block_diag(d.tensors())),
      ROWS("split", split(d.tensor(), d.number(), d.dim())),
      ROWS("split", split(d.tensor(), d.numbers(), d.dim())),
      ROWS("chunk", chunk(d.tensor(), d.number(), d.dim())),
      ROWS("tensor_split", tensor_split(d.tensor(), d.number(), d.dim())),
      ROWS("tensor_split", tensor_split(d.tensor(), d.numbers(), d.dim())),
      ROWS("unbind", unbind(d.tensor(), d.dim())),
      ROW("index_put", index_put(d.tensor(), d.indices(), d.real(), d.flag())),
      ROW("index_put", index_put(d.tensor(), d.indices(), d.tensor(), d.flag())),
      ROW("index", index(d.tensor(), d.indices())),
      ROW("slice_scatter", slice_scatter(d.tensor(), d.tensor(), d.dim(), slice(d))),
      ROW("index_fill", index_fill(d.tensor(), d.dim(), d.positions(), d.number())),
      ROW("index_add", index_add(d.tensor(), d.dim(), d.positions(), d.tensor(), d.real())),
      ROW("gather", gather(d.tensor(), d.dim(), d.positions())),
      ROW("scatter", scatter(d.tensor(), d.dim(), d.positions(), d.real())),
      ROW("repeat", repeat(d.tensor(), d.numbers())),
      ROW("tile", tile(d.tensor(), d.numbers())),
      ROW("expand", expand(d.tensor(), d.shape())),
      ROW("roll", roll(d.tensor(), d.numbers(), d.dims())),
      ROW("pad",
          pad(d.tensor(), d.numbers(), d.word({"constant", "reflect", "replicate", "circular"}))),
      ROW("unfold", unfold(d.floats(), extent(d), {extent(d), extent(d), extent(d)})),
      ROW("fold", fold(d.floats(), extent(d), extent(d), {extent(d), extent(d), extent(d)})),
      ROW("channel_shuffle", channel_shuffle(d.floats(), d.number())),
      ROW("adaptive_avg_pool3d", adaptive_avg_pool3d(d.floats(), extent(d))),
      ROW("adaptive_max_pool3d", adaptive_max_pool3d(d.floats(), extent(d))),
      ROW("lp_pool1d", lp_pool1d(d.floats(), d.real(), extent(d), {extent(d), d.flag()})),
      ROW("max_unpool", max_unpool(d.floats(), d.positions(), d.numbers())),
      ROW("affine_grid", affine_grid(d.floats(), d.numbers(), d.flag())),
      ROW("grid_sample", grid_sample(d.floats(), d.floats())),
      ROW("scaled_dot_product_attention",
          scaled_dot_product_attention(d.floats(), d.floats(), d.floats(),
                                       {.is_causal = d.flag()})),
      ROW("sinusoidal_embedding", sinusoidal_embedding(d.tensor(), d.number(), d.real())),
      ROW("rotary_embedding",
          rotary_embedding(d.floats(), {.base = d.real(), .interleaved = d.flag()})),
      ROW("conv2d",
          conv2d(d.filled({1, 2, 4, 4}, float32, false), d.filled({2, 2, 2, 2}, float32, false),
                 {.stride = extent(d),
                  .padding = d.number(),
                  .dilation = extent(d),
                  .groups = d.number()})),
      ROW("scale_gradient", scale_gradient(d.tensor(), d.real())),
      ROW("flip_gradient", flip_gradient(d.tensor())),
      ROW("stop_gradient", stop_gradient(d.tensor())),
      ROW("i0e", special::i0e(d.tensor())),
      ROW("i1", special::i1(d.tensor())),
      ROW("squareplus", squareplus(d.tensor())),
  };
}

}  // namespace xgrad::test

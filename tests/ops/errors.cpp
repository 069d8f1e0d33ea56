// What each op refuses, and that it says by name why: wrong ranks, axes that are not there, shapes
// and dtypes that do not go together, nothing to choose from, settings out of range.
#include <limits>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/trial.hpp"

using namespace xgrad;

namespace {

struct Refusal {
  const char* call;
  test::Verdict (*check)();
};
// The expression throws the error, whose message has the parts and ends with this file's name.
#define REFUSED(Error, expression, ...)                                                 \
  Refusal {                                                                             \
#expression, [] {                                                                     \
      return test::throws<Error>([] { static_cast<void>(expression); },                   \
                                 {__VA_ARGS__ __VA_OPT__(, ) "ops/errors.cpp:"});         \
    } \
  }

Tensor f(const Shape& shape) { return ones(shape); }
Tensor d(const Shape& shape) { return ones(shape, {.dtype = float64}); }
Tensor whole(const Shape& shape) { return ones(shape, {.dtype = int64}); }

const Refusal rearranging[] = {
    REFUSED(ShapeError, unflatten(f({2, 6}), 1, {4, 2}), "unflatten", "[4, 2]", "6"),
    REFUSED(ShapeError, unflatten(f({2}), 3, {2}), "unflatten", "dim 3"),
    REFUSED(ShapeError, broadcast_tensors({f({2}), f({3})}), "broadcast_tensors", "[3]"),
    REFUSED(ShapeError, movedim(f({2, 3}), {0, 1}, {1}), "movedim", "2 dims"),
    REFUSED(ShapeError, movedim(f({2, 3}), {0, 0}, {0, 1}), "movedim", "twice"),
    REFUSED(ShapeError, movedim(f({2, 3}), 5, 0), "movedim", "dim 5"),
    REFUSED(ShapeError, fliplr(f({3})), "fliplr", "2 dims"),
    REFUSED(ShapeError, flipud(f({})), "flipud", "1 dims"),
    REFUSED(ShapeError, rot90(f({2, 3}), 1, {0}), "rot90", "2 dims"),
    REFUSED(ShapeError, rot90(f({2, 3}), 1, {1, -1}), "rot90", "twice"),
    REFUSED(ShapeError, repeat(f({2, 3}), {2}), "repeat", "1 values"),
    REFUSED(ShapeError, repeat(f({2}), {-1}), "repeat", "negative"),
    REFUSED(ShapeError, unfold(f({3}), 0, 4, 1), "unfold", "size is 4"),
    REFUSED(ShapeError, unfold(f({3}), 0, 2, 0), "unfold", "step"),
    REFUSED(ShapeError, hstack({}), "hstack", "empty"),
    REFUSED(ShapeError, vstack({f({2}), f({3})}), "cat", "[1, 2]", "[1, 3]"),
    REFUSED(ShapeError, block_diag({f({1, 1, 1})}), "block_diag", "2 dims"),
    REFUSED(ShapeError, meshgrid({f({2, 2})}), "meshgrid", "[2, 2]"),
    REFUSED(ValueError, meshgrid({f({2})}, "yx"), "meshgrid", "'yx'"),
    REFUSED(ShapeError, tensor_split(f({3}), 0), "tensor_split", "0 sections"),
    REFUSED(ShapeError, tensor_split(f({}), 2), "tensor_split", "1-d"),
    REFUSED(ShapeError, diagonal(f({3})), "diagonal", "[3]"),
    REFUSED(ShapeError, diagonal(f({3, 3}), 0, 1, -1), "diagonal", "differ"),
    REFUSED(ShapeError, diag_embed(f({})), "diag_embed", "1 dim"),
    REFUSED(ShapeError, diag(f({2, 2, 2})), "diag", "1-d or 2-d"),
    REFUSED(ShapeError, trace(f({3})), "trace", "2-d"),
    REFUSED(ShapeError, tril(f({3})), "tril", "2 dims"),
};

const Refusal positions[] = {
    REFUSED(ShapeError, f({3, 2}).index({tensor({true, false})}), "index", "mask", "[3, 2]"),
    REFUSED(ShapeError, f({3, 2}).index({tensor({0, 1}), tensor({0, 1, 0})}), "broadcast", "[2]"),
    REFUSED(ValueError, f({3}).index({tensor({3})}), "index", "index 3", "[-3, 3)"),
    REFUSED(DTypeError, f({3}).index({tensor({0.5})}), "index", "int64"),
    REFUSED(ShapeError, index_put(f({3}), {tensor({0, 1})}, f({3})), "index_put", "[3]", "[2]"),
    REFUSED(DTypeError, index_put(f({3}), {tensor({0})}, d({1})), "index_put", "same dtype"),
    REFUSED(ShapeError, scatter(f({2, 3}), 1, tensor({{0, 1}}), f({1, 1})), "scatter", "as large"),
    REFUSED(ValueError, scatter(f({2, 3}), 1, tensor({{7}}), 1.0), "scatter", "index 7"),
    REFUSED(ValueError, scatter(f({2}), 0, tensor({0}), f({1}), "mul"), "scatter", "'mul'"),
    REFUSED(ValueError, scatter_reduce(f({2}), 0, tensor({0}), f({1}), "max"), "'max'", "amax"),
    REFUSED(ShapeError, take_along_dim(f({2, 3}), tensor({0}), 1), "take_along_dim",
            "same number of dims"),
    REFUSED(ValueError, take(f({3}), tensor({4})), "take", "index 4"),
    REFUSED(ShapeError, index_select(f({3}), 0, tensor({{0}})), "index_select", "1-d"),
    REFUSED(ValueError, index_select(f({3}), 0, tensor({3})), "index_select", "index 3"),
    REFUSED(ShapeError, index_add(f({3}), 0, tensor({0}), f({2})), "index_add", "[1]"),
    REFUSED(DTypeError, index_add(f({3}), 0, tensor({0}), d({1})), "index_add", "same dtype"),
    REFUSED(ShapeError, index_copy(f({3, 2}), 1, tensor({0}), f({3, 2})), "index_copy", "[3, 1]"),
    REFUSED(ShapeError, index_fill(f({3}), 0, tensor({0}), f({1})), "index_fill", "0-d"),
    REFUSED(ShapeError, repeat_interleave(f({3}), tensor({1, 2}), 0), "repeat_interleave", "dim 0"),
    REFUSED(ValueError, repeat_interleave(f({1}), -1), "repeat_interleave", "-1"),
    REFUSED(ShapeError, select_scatter(f({2, 3}), f({2}), 0, 1), "select_scatter", "[3]"),
    REFUSED(ShapeError, select_scatter(f({2, 3}), f({3}), 0, 5), "select_scatter", "index 5"),
    REFUSED(ShapeError, slice_scatter(f({4}), f({4}), 0, Slice(0, 2)), "slice_scatter", "[2]"),
    REFUSED(ShapeError, diagonal_scatter(f({3, 3}), f({2})), "diagonal_scatter", "[3]"),
    REFUSED(DTypeError, masked_fill(f({3}), f({3}), 0), "masked_fill", "bool"),
    REFUSED(ShapeError, masked_fill(f({3}), tensor({true}), f({2})), "masked_fill", "0-d"),
    REFUSED(ShapeError, masked_select(f({3}), tensor({true, false})), "masked_select", "[2]"),
    REFUSED(ShapeError, masked_scatter(f({3}), tensor({true}), f({2})), "masked_scatter",
            "at least 3 elements"),
    REFUSED(ValueError, one_hot(tensor({3}), 3), "one_hot", "index 3"),
    REFUSED(ValueError, one_hot(tensor({0}), -2), "one_hot", "-2"),
    REFUSED(DTypeError, one_hot(f({3})), "int64"),
};

// Of a layer of 3 features to 2 hidden ones, and x (steps, batch, features).
const Refusal recurrences[] = {
    REFUSED(ShapeError, lstm_layer(f({3, 2}), {f({8, 2}), f({8, 2})}), "lstm_layer", "[3, 2]",
            "(steps, batch, features)"),
    REFUSED(ShapeError, gru_layer(f({0, 2, 3}), {f({6, 3}), f({6, 2})}), "gru_layer", "[0, 2, 3]",
            "at least one step"),
    REFUSED(DTypeError, rnn_tanh_layer(whole({1, 2, 3}), {f({2, 3}), f({2, 2})}), "rnn_tanh_layer",
            "int64"),
    REFUSED(ShapeError, lstm_layer(f({1, 2, 3}), {f({7, 3}), f({7, 2})}), "weight_ih", "[7, 3]",
            "(4 hidden, 3)"),
    REFUSED(ShapeError, lstm_layer(f({1, 2, 3}), {f({8, 4}), f({8, 2})}), "weight_ih", "[8, 3]"),
    REFUSED(ShapeError, gru_layer(f({1, 2, 3}), {f({6, 3}), f({6, 3})}), "weight_hh", "[6, 2]"),
    REFUSED(DTypeError, gru_layer(f({1, 2, 3}), {f({6, 3}), d({6, 2})}), "weight_hh", "float64",
            "the same dtype"),
    REFUSED(ShapeError, rnn_relu_layer(f({1, 2, 3}), {f({2, 3}), f({2, 2}), f({3})}),
            "rnn_relu_layer", "bias_ih", "[2]"),
    REFUSED(ShapeError, lstm_layer(f({1, 2, 3}), {f({8, 3}), f({8, 1}), {}, {}, f({2, 2})}),
            "weight_hh", "[8, 2]"),
    REFUSED(ShapeError, lstm_layer(f({1, 2, 3}), {f({8, 3}), f({8, 1}), {}, {}, f({1, 3})}),
            "weight_hr", "[1, 2]"),
    REFUSED(ValueError, gru_layer(f({1, 2, 3}), {f({6, 3}), f({6, 2}), {}, {}, f({2, 2})}),
            "weight_hr", "LSTM"),
    REFUSED(ShapeError, gru_layer(f({1, 2, 3}), {f({6, 3}), f({6, 2})}, {.h_0 = f({1, 2, 2})}),
            "h_0", "[1, 2, 2]", "[2, 2]"),
    REFUSED(ValueError, gru_layer(f({1, 2, 3}), {f({6, 3}), f({6, 2})}, {.c_0 = f({2, 2})}), "c_0",
            "LSTM"),
    REFUSED(ShapeError, lstm_layer(f({1, 2, 3}), {f({8, 3}), f({8, 2})}, {.c_0 = f({2, 3})}), "c_0",
            "[2, 2]"),
    REFUSED(DTypeError, lstm_layer(f({1, 2, 3}), {f({8, 3}), f({8, 2})}, {.lengths = f({2})}),
            "lengths", "int64"),
    REFUSED(ShapeError, lstm_layer(f({1, 2, 3}), {f({8, 3}), f({8, 2})}, {.lengths = whole({3})}),
            "lengths", "2 sequences"),
    REFUSED(ValueError,
            lstm_layer(f({2, 2, 3}), {f({8, 3}), f({8, 2})}, {.lengths = tensor({2, 0})}), "0",
            "[1, 2]"),
    REFUSED(ValueError,
            lstm_layer(f({2, 2, 3}), {f({8, 3}), f({8, 2})}, {.lengths = tensor({3, 1})}), "3",
            "[1, 2]"),
    REFUSED(ShapeError, lstm_cell(f({1, 2, 3}), {}, f({8, 3}), f({8, 2})), "lstm_cell",
            "[1, 2, 3]"),
    REFUSED(ShapeError, gru_cell(f({2, 3}), f({2}), f({6, 3}), f({6, 2})), "gru_cell", "[2, 3]",
            "[2]"),
    REFUSED(ShapeError, rnn_tanh_cell(f({2, 3}), f({2, 3}), f({2, 3}), f({2, 2})), "rnn_tanh_cell",
            "hx is [2, 3]", "[2, 2]"),
    REFUSED(ShapeError, lstm_cell(f({3}), {f({2}), f({3})}, f({8, 3}), f({8, 2})), "hx.c",
            "[1, 2]"),
};

const Refusal orders[] = {
    REFUSED(ShapeError, sort(f({2, 3}), 2), "sort", "dim 2"),
    REFUSED(ValueError, topk(f({3}), 4), "topk", "k is 4"),
    REFUSED(ValueError, kthvalue(f({3}), 0), "kthvalue", "k is 0"),
    REFUSED(ShapeError, median(zeros({2, 0}), 1), "median", "nonzero size"),
    REFUSED(ShapeError, max(zeros({0, 2}), 0), "max", "nonzero size"),
    REFUSED(ShapeError, min(zeros({0})), "amin", "nonzero size"),
    REFUSED(ShapeError, mode(zeros({0})), "mode", "nonzero size"),
    REFUSED(ValueError, quantile(f({3}), 1.5), "quantile", "1.5"),
    REFUSED(ValueError, quantile(f({3}), 0.5, {}, false, "middle"), "quantile", "'middle'"),
    REFUSED(ShapeError, quantile(whole({3}), 0.5), "quantile", "int64"),
    REFUSED(ShapeError, searchsorted(f({2, 3}), f({3, 1})), "searchsorted", "[2, 3]"),
    REFUSED(ValueError, bincount(tensor({-1})), "bincount", "-1"),
    REFUSED(ShapeError, bincount(whole({2, 2})), "bincount", "1-d"),
    REFUSED(ValueError, histc(f({3}), 0), "histc", "bins is 0"),
    REFUSED(ShapeError, cumprod(f({2}), 1), "cumprod", "dim 1"),
    REFUSED(DTypeError, logcumsumexp(whole({2}), 0), "logcumsumexp", "int64"),
    REFUSED(ValueError, diff(f({2}), -1), "diff", "-1"),
    REFUSED(ShapeError, trapezoid(f({3}), f({2})), "trapezoid", "[2]"),
    REFUSED(DTypeError, nanmean(whole({2})), "nanmean", "int64"),
};

const Refusal products[] = {
    REFUSED(ShapeError, mm(f({2, 3}), f({3})), "mm", "2-d and 2-d"),
    REFUSED(ShapeError, bmm(f({2, 3}), f({3, 2})), "bmm", "3-d and 3-d"),
    REFUSED(ShapeError, mv(f({2, 3}), f({2})), "matmul", "[2, 3]"),
    REFUSED(ShapeError, dot(f({2}), f({3})), "[2]", "[3]"),
    REFUSED(ShapeError, addmm(f({3, 3}), f({2, 3}), f({3, 2})), "addmm", "[2, 2]"),
    REFUSED(ShapeError, outer(f({2, 2}), f({2})), "outer", "1-d and 1-d"),
    REFUSED(ShapeError, tensordot(f({2, 3}), f({2, 3}), 1), "tensordot", "[2, 3]"),
    REFUSED(ShapeError, tensordot(f({2}), f({2}), 2), "tensordot", "dims is 2"),
    REFUSED(ShapeError, cross(f({2}), f({2})), "cross", "size 3"),
    REFUSED(ShapeError, bilinear(f({2, 3}), f({2, 2}), f({4, 2, 3})), "bilinear", "[4, 2, 3]"),
    REFUSED(ValueError, einsum("ij,jk->ik", {f({2, 3})}), "einsum", "2 terms for 1"),
    REFUSED(ValueError, einsum("ij->iz", {f({2, 3})}), "einsum", "'z'"),
    REFUSED(ValueError, einsum("i1", {f({2, 3})}), "einsum", "'1'"),
    REFUSED(ValueError, einsum("ijk", {f({2, 3})}), "einsum", "'ijk'", "[2, 3]"),
    REFUSED(ValueError, einsum("i..j", {f({2, 3})}), "einsum", "one ellipsis"),
    REFUSED(ShapeError, einsum("ij,ij", {f({2, 3}), f({2, 4})}), "einsum", "'j' has size 4",
            "[2, 4]"),
    REFUSED(ShapeError, vander(f({2, 2})), "vander", "1-d"),
};

const Refusal matrices[] = {
    REFUSED(ShapeError, linalg::inv(f({2, 3})), "linalg.inv", "square"),
    REFUSED(ShapeError, linalg::det(f({3})), "linalg.det", "2 dims"),
    REFUSED(DTypeError, linalg::inv(whole({2, 2})), "linalg.inv", "int64"),
    REFUSED(ValueError, linalg::inv(zeros({2, 2})), "linalg.inv", "singular"),
    REFUSED(ValueError, linalg::inv(full({1, 1}, double(NAN))), "linalg.inv", "finite"),
    REFUSED(ShapeError, linalg::solve(eye(2), f({3, 1})), "linalg.solve", "[3, 1]"),
    REFUSED(DTypeError, linalg::solve(eye(2), d({2})), "linalg.solve", "same dtype"),
    REFUSED(ShapeError, linalg::solve(f({2, 2, 2}), f({3, 2, 1})), "linalg.solve", "batch dims"),
    REFUSED(ValueError, linalg::solve_triangular(zeros({2, 2}), f({2, 1}), true), "singular"),
    REFUSED(ValueError, linalg::cholesky(-eye(2)), "linalg.cholesky", "positive definite"),
    REFUSED(ValueError, linalg::eigh(eye(2), 'X'), "linalg.eigh", "'X'"),
    REFUSED(ValueError, linalg::qr(eye(2), "r"), "linalg.qr", "'r'"),
    REFUSED(ShapeError, linalg::multi_dot({f({2, 3}), f({2, 3})}), "multi_dot", "tensor 1"),
    REFUSED(ValueError, linalg::matrix_norm(eye(2), "inf"), "matrix_norm", "'inf'"),
    REFUSED(ValueError, linalg::matrix_norm(eye(2), 3.0), "matrix_norm", "3"),
    REFUSED(ShapeError, linalg::matrix_norm(eye(2), "fro", {0, 0}), "matrix_norm", "twice"),
    REFUSED(DTypeError, linalg::vector_norm(whole({2})), "vector_norm", "int64"),
    REFUSED(ValueError, norm(f({2}), "nuc", 0), "norm", "'nuc'"),
    REFUSED(ShapeError, cdist(f({2, 3}), f({2, 2})), "cdist", "[2, 2]"),
    REFUSED(ValueError, cdist(f({2, 3}), f({2, 3}), -1), "cdist", "-1"),
};

const Refusal networks[] = {
    REFUSED(ShapeError, conv2d(f({1, 2, 3}), f({1, 2})), "conv2d", "4 dims"),
    REFUSED(ShapeError, conv2d(f({1, 3, 4, 4}), f({2, 2, 3, 3})), "conv2d", "[2, 2, 3, 3]"),
    REFUSED(DTypeError, conv1d(f({1, 1, 3}), d({1, 1, 2})), "conv1d", "float64"),
    REFUSED(ShapeError, conv1d(f({1, 1, 2}), f({1, 1, 3})), "conv1d", "size 3", "only 2"),
    REFUSED(ValueError, conv1d(f({1, 1, 3}), f({1, 1, 2}), {.stride = 0}), "conv1d", "stride is 0"),
    REFUSED(ValueError, conv1d(f({1, 1, 3}), f({1, 1, 2}), {.padding = -1}), "padding is -1"),
    REFUSED(ValueError, conv1d(f({1, 1, 3}), f({1, 1, 2}), {.padding = "all"}), "'all'"),
    REFUSED(ValueError, conv1d(f({1, 1, 3}), f({1, 1, 2}), {.stride = 2, .padding = "same"}),
            "same"),
    REFUSED(ShapeError, conv1d(f({1, 1, 3}), f({2, 1, 2}), {.bias = f({3})}), "bias",
            "2 output channels"),
    REFUSED(ShapeError, conv2d(f({1, 1, 3, 3}), f({1, 1, 2, 2}), {.stride = {1, 1, 1}}), "stride"),
    REFUSED(ShapeError, conv_transpose1d(f({1, 2, 3}), f({3, 1, 2})), "conv_transpose1d"),
    REFUSED(ValueError, conv_transpose1d(f({1, 1, 3}), f({1, 1, 2}), {.output_padding = 1}),
            "output_padding 1"),
    REFUSED(ShapeError, max_pool2d(f({3}), 2), "max_pool2d", "3 dims"),
    REFUSED(ShapeError, max_pool1d(f({1, 2}), 3), "max_pool1d", "size 3", "only 2"),
    REFUSED(ValueError, max_pool1d(f({1, 5}), 2, {.padding = 2}), "padding 2"),
    REFUSED(DTypeError, max_pool1d(whole({1, 4}), 2), "max_pool1d", "int64"),
    REFUSED(ValueError, avg_pool1d(f({1, 4}), 2, {.divisor_override = 0}), "divisor_override"),
    REFUSED(ValueError, adaptive_avg_pool1d(f({1, 4}), -2), "adaptive_avg_pool1d", "-2"),
    REFUSED(ShapeError, max_unpool(f({1, 2}), whole({1, 3}), {4}), "max_unpool", "[1, 3]"),
    REFUSED(ShapeError, pad(f({2}), {1}), "pad", "1 values"),
    REFUSED(ShapeError, pad(f({2}), {2, 0}, "reflect"), "pad", "'reflect'"),
    REFUSED(ValueError, pad(f({2}), {1, 1}, "mirror"), "pad", "'mirror'"),
    REFUSED(ShapeError, pad(f({2}), {-2, -1}), "pad", "more"),
    REFUSED(ShapeError, unfold(f({4, 4}), 2, {}), "unfold", "(N, C, H, W)"),
    REFUSED(ShapeError, fold(f({1, 3, 4}), {3, 3}, 2), "fold", "kh * kw is 4"),
    REFUSED(ShapeError, pixel_shuffle(f({1, 3, 2, 2}), 2), "pixel_shuffle", "4"),
    REFUSED(ShapeError, channel_shuffle(f({1, 3}), 2), "channel_shuffle", "2 groups"),
    REFUSED(ValueError, interpolate(f({1, 1, 4}), {}), "interpolate", "size or scale_factor"),
    REFUSED(ValueError, interpolate(f({1, 1, 4}), {.size = 2, .mode = "cubic"}), "'cubic'"),
    REFUSED(ShapeError, interpolate(f({1, 1, 4}), {.size = 2, .mode = "bilinear"}),
            "2 spatial dims"),
    REFUSED(ValueError, interpolate(f({1, 1, 4}), {.size = 0}), "interpolate", "size 0"),
    REFUSED(ShapeError, grid_sample(f({1, 1, 2, 2}), f({1, 2, 2, 3})), "grid_sample"),
    REFUSED(ValueError, grid_sample(f({1, 1, 2, 2}), f({1, 2, 2, 2}), {.mode = "cubic"}),
            "'cubic'"),
    REFUSED(ShapeError, group_norm(f({2, 3}), 2), "group_norm", "num_groups is 2"),
    REFUSED(ValueError, instance_norm(f({1, 2, 1})), "instance_norm", "one value"),
    REFUSED(ShapeError, scaled_dot_product_attention(f({2, 3}), f({2, 4}), f({2, 3})), "query"),
    REFUSED(ValueError,
            scaled_dot_product_attention(f({2, 2}), f({2, 2}), f({2, 2}),
                                         {.attn_mask = f({2, 2}), .is_causal = true}),
            "either"),
    REFUSED(ValueError, sinusoidal_embedding(f({3}), 5), "sinusoidal_embedding", "dim is 5"),
    REFUSED(ValueError, sinusoidal_embedding(f({3}), 4, -1), "base is -1"),
    REFUSED(DTypeError, sinusoidal_embedding(f({3}) > 0, 4), "sinusoidal_embedding", "bool"),
    REFUSED(DTypeError, sinusoidal_embedding(f({3}), 4, 10, int64), "int64"),
    REFUSED(ShapeError, rotary_embedding(f({4})), "rotary_embedding", "(..., L, E)"),
    REFUSED(ShapeError, rotary_embedding(f({2, 3})), "rotary_embedding", "even"),
    REFUSED(ShapeError, rotary_embedding(f({3, 4}), {.positions = tensor({0, 1})}), "positions",
            "[2]", "[3]"),
    REFUSED(DTypeError, rotary_embedding(ones({2, 2}, {.dtype = int64})), "rotary_embedding",
            "int64"),
    REFUSED(ValueError, rotary_embedding(f({2, 2}), {.base = 0}), "base is 0"),
    REFUSED(ShapeError, glu(f({3})), "glu", "odd"),
    REFUSED(ShapeError, prelu(f({2, 3}), f({2})), "prelu", "3 channels"),
    REFUSED(ValueError, softshrink(f({3}), -1), "softshrink", "-1"),
    REFUSED(ValueError, celu(f({3}), 0), "celu", "0"),
    REFUSED(ValueError, rrelu(f({3}), 2, 1), "rrelu", "2"),
};

constexpr std::int64_t longest = std::numeric_limits<std::int64_t>::max();

const Refusal losses[] = {
    REFUSED(ShapeError, gaussian_nll_loss(f({2, 3}), f({2, 3}), f({3, 2})), "gaussian_nll_loss"),
    REFUSED(ValueError, gaussian_nll_loss(f({2}), f({2}), -f({2})), "negative"),
    REFUSED(ShapeError, cosine_embedding_loss(f({2, 2, 2}), f({2, 2, 2}), f({2})), "(N, D)"),
    REFUSED(ShapeError, multi_margin_loss(f({2, 3}), tensor({1})), "multi_margin_loss", "[1]"),
    REFUSED(ValueError, multi_margin_loss(f({1, 3}), tensor({3})), "index 3"),
    REFUSED(ShapeError, multilabel_margin_loss(f({2, 3}), whole({2, 2})), "[2, 2]"),
    REFUSED(ValueError, multilabel_margin_loss(f({3}), tensor({4, -1, 0})), "target 4"),
    REFUSED(ShapeError, ctc_loss(f({3}), whole({1}), whole({1}), whole({1})), "ctc_loss"),
    REFUSED(ValueError, ctc_loss(f({4, 1, 3}), whole({1, 1}), tensor({5}), whole({1})), "ctc_loss",
            "5"),
    REFUSED(ValueError, ctc_loss(f({4, 1, 3}), tensor({{3}}), tensor({4}), whole({1})), "target 3"),
    // Lengths whose sum wraps to the number of targets.
    REFUSED(ShapeError, ctc_loss(f({4, 2, 3}), whole({2}), tensor({4, 4}), tensor({longest, 3})),
            "ctc_loss", "sum to"),
    REFUSED(ValueError, ctc_loss(f({4, 2, 3}), whole({0}), tensor({4, 4}), tensor({-1, 1})),
            "ctc_loss", "-1"),
    REFUSED(ValueError, soft_margin_loss(f({2}), f({2}), Reduction::batchmean), "batchmean"),
};

const Refusal others[] = {
    REFUSED(ValueError, polygamma(-1, f({2})), "polygamma", "-1"),
    REFUSED(ValueError, mvlgamma(f({2}), 0), "mvlgamma", "0"),
    REFUSED(ValueError, mvlgamma(f({2}), 1 << 30), "mvlgamma", "1073741824"),
    REFUSED(ValueError, div(f({2}), 2, "round"), "div", "'round'"),
    REFUSED(ValueError, div(whole({2}), 0, "floor"), "div", "by zero"),
    REFUSED(ValueError, remainder(whole({2}), 0), "remainder", "by zero"),
    REFUSED(ShapeError, logaddexp(f({2}), f({3})), "logaddexp", "[2]", "[3]"),
    REFUSED(DTypeError, bitwise_and(f({2}), f({2})), "bitwise_and", "bool or int64"),
    REFUSED(ValueError, bernoulli(f({2}) * 2), "bernoulli", "2"),
    REFUSED(ValueError, normal(0.0, -1.0, {2}), "normal", "-1"),
    REFUSED(ValueError, multinomial(zeros({2}), 1), "multinomial", "0 nonzero weights"),
    REFUSED(ValueError, multinomial(tensor({1.0, 0.0}), 2), "multinomial", "1 nonzero weights"),
    REFUSED(ValueError, randperm(-1), "randperm", "-1"),
};
#undef REFUSED

template <std::size_t n>
void check_all(const Refusal (&refusals)[n]) {
  for (const Refusal& r : refusals) test::trial(r.call, [&] { CHECK(r.check()); });
}

}  // namespace

TEST_CASE("rearrangements refuse what does not fit, by name", "[ops][errors]") {
  check_all(rearranging);
}
TEST_CASE("positions are refused where there is nothing", "[ops][errors]") { check_all(positions); }
TEST_CASE("orders and scans refuse what they cannot choose from", "[ops][errors]") {
  check_all(orders);
}
TEST_CASE("products refuse sizes that do not fit", "[ops][errors]") { check_all(products); }
TEST_CASE("matrices that have no answer are refused", "[ops][errors]") { check_all(matrices); }
TEST_CASE("networks' ops refuse settings and shapes", "[ops][errors]") { check_all(networks); }
TEST_CASE("recurrent layers refuse what does not fit, by name", "[ops][errors]") {
  check_all(recurrences);
}
TEST_CASE("losses refuse targets that are none", "[ops][errors]") { check_all(losses); }
TEST_CASE("other ops refuse what is out of range", "[ops][errors]") { check_all(others); }

#include <xgrad/ops/padding.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/kernels.hpp>
#include <xgrad/graph/record.hpp>
#include <xgrad/ops/comparison.hpp>
#include <xgrad/ops/indexing.hpp>
#include <xgrad/ops/reshape.hpp>

#include "kernels/columns.hpp"
#include "movement/gather_rows.hpp"
#include "movement/strided_copy.hpp"
#include "sizes.hpp"

namespace xgrad {
namespace {

using detail::ImageWindows;

// What is added before and behind each axis.
struct Edges {
  std::vector<std::int64_t> before, behind;
};
Edges edges_of(const Operand& x, const std::vector<std::int64_t>& pad) {
  const int rank = x.shape().dim();
  if (pad.size() % 2 != 0 || static_cast<int>(pad.size()) > 2 * rank)
    throw ShapeError(fmt::format(
        "pad: pad has {} values for {}; it must have 2 for each padded dim, and at most {}",
        pad.size(), describe(x), 2 * rank));
  Edges e{std::vector<std::int64_t>(static_cast<std::size_t>(rank), 0),
          std::vector<std::int64_t>(static_cast<std::size_t>(rank), 0)};
  for (std::size_t k = 0; k < pad.size() / 2; ++k) {
    const std::size_t axis = static_cast<std::size_t>(rank) - 1 - k;
    e.before[axis] = pad[2 * k];
    e.behind[axis] = pad[2 * k + 1];
    const std::int64_t n = x.shape()[static_cast<int>(axis)];
    if (std::min(pad[2 * k], pad[2 * k + 1]) < -n ||
        detail::saturated_sum(detail::saturated_sum(n, pad[2 * k]), pad[2 * k + 1]) < 0)
      throw ShapeError(
          fmt::format("pad: padding dim {} of {} by {} and {} removes more than its size", axis,
                      describe(x), pad[2 * k], pad[2 * k + 1]));
  }
  return e;
}

// Where the position i, which may lie outside of [0, n), takes its element from; -1 for nowhere.
using Map = std::int64_t (*)(std::int64_t i, std::int64_t n);
std::int64_t nowhere(std::int64_t i, std::int64_t n) { return i < 0 || i >= n ? -1 : i; }
std::int64_t mirrored(std::int64_t i, std::int64_t n) {
  return i < 0 ? -i : i >= n ? 2 * (n - 1) - i : i;
}
std::int64_t clamped(std::int64_t i, std::int64_t n) {
  return std::clamp<std::int64_t>(i, 0, n - 1);
}
std::int64_t wrapped(std::int64_t i, std::int64_t n) { return ((i % n) + n) % n; }

Map map_of(std::string_view mode) {
  if (mode == "constant") return nowhere;
  if (mode == "reflect") return mirrored;
  if (mode == "replicate") return clamped;
  if (mode == "circular") return wrapped;
  throw ValueError(
      fmt::format("pad: mode is '{}'; it must be 'constant', 'reflect', 'replicate' or "
                  "'circular'",
                  mode));
}

// What is taken away, as edges of which none is added; 0 remains of it in `e`.
Edges taken_away(Edges& e) {
  Edges less = e;
  for (std::vector<std::int64_t> Edges::*const side : {&Edges::before, &Edges::behind})
    for (std::size_t i = 0; i < e.before.size(); ++i) {
      (less.*side)[i] = std::min<std::int64_t>(0, (e.*side)[i]);
      (e.*side)[i] -= (less.*side)[i];
    }
  return less;
}

// As PyTorch: images with a batch or without, of one to three axes, all of which are padded.
void check_axes(const Operand& x, std::size_t axes, std::string_view mode) {
  const auto rank = static_cast<std::size_t>(x.shape().dim());
  if (axes < 1 || axes > 3 || (rank != axes + 1 && rank != axes + 2))
    throw ShapeError(
        fmt::format("pad: mode '{}' cannot pad {} dims of {}; it pads the last 1, 2 or 3 dims, "
                    "which must be all dims of the input after (C) or (N, C)",
                    mode, axes, describe(x)));
}

void check_reach(const Operand& x, const Edges& e, std::string_view mode) {
  for (int d = 0; d < x.shape().dim(); ++d) {
    const auto i = static_cast<std::size_t>(d);
    const std::int64_t n = x.shape()[d], most = std::max(e.before[i], e.behind[i]);
    const bool reaches = mode == "reflect"    ? most < n
                         : mode == "circular" ? most <= n
                                              : n > 0 || most <= 0;
    if (most > 0 && !reaches)
      throw ShapeError(fmt::format(
          "pad: mode '{}' cannot pad dim {} of {} by {}; {}", mode, d, describe(x), most,
          mode == "reflect"    ? "the padding must be less than the size of the dim"
          : mode == "circular" ? "the padding must be at most the size of the dim"
                               : "the dim must not be empty"));
  }
}

Shape padded_shape(Shape shape, const Edges& e) {
  for (int d = 0; d < shape.dim(); ++d) {
    const auto i = static_cast<std::size_t>(d);
    shape[d] = detail::saturated_sum(detail::saturated_sum(shape[d], e.before[i]), e.behind[i]);
  }
  return shape;
}

Tensor padded_by_map(const Operand& x, const Edges& e, Map map, double value) {
  const Shape shape = padded_shape(x.shape(), e);
  const Shape& from = x.shape();
  const Tensor at = detail::positions_by_axis(from, shape, [&](int d, std::int64_t i) {
    return map(i - e.before[static_cast<std::size_t>(d)], from[d]);
  });
  const Tensor y =
      detail::gather_rows({"pad", "dx = dy, added at the elements that were copied"}, x, at, shape);
  return value == 0 ? y : where(at == -1, full({}, value, {.dtype = y.dtype()}), y);
}

Tensor padded_with_zeros(const Operand& x, const Edges& e) {
  Tensor y = x.materialize();
  const Shape shape = padded_shape(y.shape(), e);
  for (int d = 0; d < shape.dim(); ++d) {  // what is taken away goes first
    const auto i = static_cast<std::size_t>(d);
    const std::int64_t first = std::max<std::int64_t>(0, -e.before[i]),
                       last = std::max<std::int64_t>(0, -e.behind[i]);
    if (first + last > 0) y = narrow(y, d, first, y.size(d) - first - last);
  }
  if (y.shape() == shape) return y;
  detail::StridedRegion view = detail::row_major(shape);
  for (int d = 0; d < shape.dim() && y.numel() > 0; ++d)
    view.offset = detail::saturated_sum(
        view.offset,
        detail::saturated_product(std::max<std::int64_t>(0, e.before[static_cast<std::size_t>(d)]),
                                  view.stride[d]));
  std::copy(y.shape().begin(), y.shape().end(), view.size);
  return detail::as_strided_scatter(y, shape, view);
}

}  // namespace

Tensor pad(Operand x, const std::vector<std::int64_t>& pad, std::string_view mode, double value) {
  const OpScope scope("pad", x);
  Edges e = edges_of(x, pad);
  const Map map = map_of(mode);
  if (mode == "constant" && value == 0) return padded_with_zeros(x, e);
  if (mode == "constant") return padded_by_map(x, e, map, value);
  check_axes(x, pad.size() / 2, mode);
  if (mode != "circular") {
    check_reach(x, e, mode);
    return padded_by_map(x, e, map, 0);
  }
  // The ends that remain are what is repeated.
  const Edges less = taken_away(e);
  const Tensor rest = padded_with_zeros(x, less);
  const Operand ends(rest);
  check_reach(ends, e, mode);
  return padded_by_map(ends, e, map, 0);
}

namespace {

// Windows over planes of a height and a width. @throws ValueError, ShapeError if there is none.
ImageWindows windows_of(const char* op, const Extent& kernel, const WindowOptions& o,
                        std::int64_t height, std::int64_t width) {
  const std::vector<std::int64_t> kernels = kernel.along(op, "kernel_size", 2),
                                  dilations = o.dilation.along(op, "dilation", 2),
                                  paddings = o.padding.along(op, "padding", 2),
                                  strides = o.stride.along(op, "stride", 2);
  ImageWindows w{0, {height, width}, {}, {}, {}, {}, {}};
  for (std::size_t i = 0; i < 2; ++i) {
    const std::int64_t k = w.kernel[i] = kernels[i], d = w.dilation[i] = dilations[i],
                       p = w.padding[i] = paddings[i], step = w.stride[i] = strides[i];
    if (k < 1 || d < 1 || step < 1 || p < 0)
      throw ValueError(
          fmt::format("{}: kernel_size is {}, dilation {}, stride {} and padding {}; kernel_size, "
                      "dilation and stride must be at least 1, padding at least 0",
                      op, k, d, step, p));
    const std::int64_t wide = detail::saturated_sum(w.size[i], detail::saturated_product(2, p));
    const std::int64_t reach = detail::saturated_product(d, k - 1);
    const std::int64_t room = detail::saturated_sum(detail::saturated_sum(wide, -1), -reach);
    if (room < 0)
      throw ShapeError(fmt::format(
          "{}: kernel_size {} with dilation {} is larger than the padded input, whose size is {}",
          op, k, d, wide));
    w.count[i] = room / step + 1;
  }
  return w;
}
std::int64_t window_count(const ImageWindows& w) {
  return detail::saturated_product(w.count[0], w.count[1]);
}

constexpr OpName unfolded{"unfold", "dx = dy, summed where windows overlap"};
constexpr OpName folded{"fold", "dx = dy, unfolded into columns"};

Tensor columns_of(Operand images, ImageWindows w);

// Columns (N, C kh kw, windows) added up to images of the shape.
Tensor images_of(Operand columns, const Shape& shape, ImageWindows w) {
  const Tensor source = columns.materialize();
  detail::Value value = detail::Value::empty(shape, source.dtype());
  w.planes = shape[0] * shape[1];
  if (source.numel() == 0)  // another axis may be long
    detail::fill(value, 0);
  else
    detail::images_of_columns(source.dtype(), w, detail::raw<void>(source), false,
                              value.data<void>());
  return record(folded, {columns}, std::move(value), save_nothing,
                [w](const Tensor& dy, Inputs, InputGradients dx) { dx.add(0, columns_of(dy, w)); });
}

// The elements of images (N, C, H, W) as columns (N, C kh kw, windows).
Tensor columns_of(Operand images, ImageWindows w) {
  const Shape& s = images.shape();
  const Shape shape{
      s[0], detail::saturated_product(detail::saturated_product(s[1], w.kernel[0]), w.kernel[1]),
      window_count(w)};
  const Tensor source = images.materialize();
  detail::Value value = detail::Value::empty(shape, source.dtype());
  w.planes = s[0] * s[1];
  if (shape.numel() > 0)
    detail::columns_of_images(source.dtype(), w, detail::raw<void>(source), value.data<void>());
  return record(unfolded, {images}, std::move(value), save_nothing,
                [w](const Tensor& dy, Inputs in, InputGradients dx) {
                  if (dx.create_graph() || dy.numel() == 0)
                    return dx.add(0, images_of(dy, in.shape(0), w));
                  const InputGradients::Buffer buffer = dx.buffer(0);
                  detail::images_of_columns(dy.dtype(), w, detail::raw<void>(dy), buffer.accumulate,
                                            buffer.data);
                });
}

}  // namespace

Tensor unfold(Operand x, const Extent& kernel_size, const WindowOptions& o) {
  const OpScope scope("unfold", x);
  if (x.shape().dim() == 3) return squeeze(unfold(unsqueeze(x, 0), kernel_size, o), 0);
  if (x.shape().dim() != 4)
    throw ShapeError(fmt::format("unfold: {} must be (N, C, H, W) or (C, H, W)", describe(x)));
  const Shape& s = x.shape();
  const ImageWindows w = windows_of("unfold", kernel_size, o, s[2], s[3]);
  return columns_of(x, w);
}

Tensor fold(Operand x, const Extent& output_size, const Extent& kernel_size,
            const WindowOptions& o) {
  const OpScope scope("fold", x);
  if (x.shape().dim() == 2) return squeeze(fold(unsqueeze(x, 0), output_size, kernel_size, o), 0);
  const std::vector<std::int64_t> size = output_size.along("fold", "output_size", 2);
  const ImageWindows w = windows_of("fold", kernel_size, o, size[0], size[1]);
  const std::int64_t area = detail::saturated_product(w.kernel[0], w.kernel[1]);
  const Shape& s = x.shape();
  if (s.dim() != 3 || s[1] % area != 0 || s[2] != window_count(w))
    throw ShapeError(
        fmt::format("fold: {} must be (N, C * kh * kw, L) or (C * kh * kw, L), where kh * kw is {} "
                    "and L, the number of windows, is {}",
                    describe(x), area, window_count(w)));
  const Shape images{s[0], s[1] / area, size[0], size[1]};
  detail::require_memory(images, x.dtype());
  return images_of(x, images, w);
}

namespace {
void check_images(const char* op, const Operand& x, std::int64_t factor) {
  if (x.shape().dim() < 3 || factor < 1)
    throw ShapeError(
        fmt::format("{}: the input is {}, the factor {}; the input must be (..., C, H, W), and the "
                    "factor at least 1",
                    op, describe(x), factor));
}
}  // namespace

Tensor pixel_shuffle(Operand x, std::int64_t r) {
  const OpScope scope("pixel_shuffle", x);
  check_images("pixel_shuffle", x, r);
  const Shape& s = x.shape();
  const int d = s.dim();
  const std::int64_t area = detail::saturated_product(r, r);
  if (s[d - 3] % area != 0)
    throw ShapeError(
        fmt::format("pixel_shuffle: the number of channels of {} must be divisible by {}, the "
                    "square of the factor",
                    describe(x), area));
  const std::int64_t c = s[d - 3] / area, h = s[d - 2], w = s[d - 1];
  const std::int64_t n = Shape(s.begin(), static_cast<std::size_t>(d - 3)).numel();
  const Tensor apart = permute(reshape(x, {n, c, r, r, h, w}), {0, 1, 4, 2, 5, 3});
  Shape shape = s;
  shape[d - 3] = c;
  shape[d - 2] = detail::saturated_product(h, r), shape[d - 1] = detail::saturated_product(w, r);
  return reshape(apart, shape);
}

Tensor pixel_unshuffle(Operand x, std::int64_t r) {
  const OpScope scope("pixel_unshuffle", x);
  check_images("pixel_unshuffle", x, r);
  const Shape& s = x.shape();
  const int d = s.dim();
  if (s[d - 2] % r != 0 || s[d - 1] % r != 0)
    throw ShapeError(fmt::format(
        "pixel_unshuffle: the height and the width of {} must be divisible by {}", describe(x), r));
  const std::int64_t c = s[d - 3], h = s[d - 2] / r, w = s[d - 1] / r;
  const std::int64_t n = Shape(s.begin(), static_cast<std::size_t>(d - 3)).numel();
  const Tensor apart = permute(reshape(x, {n, c, h, r, w, r}), {0, 1, 3, 5, 2, 4});
  Shape shape = s;
  shape[d - 3] = detail::saturated_product(detail::saturated_product(c, r), r), shape[d - 2] = h,
            shape[d - 1] = w;
  return reshape(apart, shape);
}

Tensor channel_shuffle(Operand x, std::int64_t groups) {
  const OpScope scope("channel_shuffle", x);
  const Shape& s = x.shape();
  if (s.dim() < 2 || groups < 1 || s[1] % groups != 0)
    throw ShapeError(
        fmt::format("channel_shuffle: cannot shuffle {} in {} groups; the input must be (N, C, "
                    "...), with C divisible by groups",
                    describe(x), groups));
  const Tensor apart = unflatten(x, 1, {groups, s[1] / groups});
  return reshape(transpose(apart, 1, 2), s);
}

}  // namespace xgrad

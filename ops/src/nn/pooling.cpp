#include <xgrad/ops/pooling.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/record.hpp>
#include <xgrad/graph/scratch_vector.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/comparison.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/reduction.hpp>
#include <xgrad/ops/reshape.hpp>

#include "checks.hpp"
#include "kernels/windows.hpp"
#include "movement/gather_rows.hpp"
#include "nn/banded_map.hpp"
#include "sizes.hpp"

namespace xgrad {
namespace {

// The windows along one axis: window i looks at start(i), start(i) + step, ... before stop(i).
struct Windows {
  std::int64_t n = 1, count = 1;  // positions, windows
  std::int64_t kernel = 1, stride = 1, padding = 0, step = 1;
  bool even = true;  // they cover the axis evenly, instead of by kernel and stride
  bool count_include_pad = true;

  std::int64_t reach() const {
    return detail::saturated_sum(detail::saturated_product(step, kernel - 1), 1);
  }
  std::int64_t start(std::int64_t i) const {
    if (even) return i * n / count;
    const std::int64_t first = i * stride - padding;
    if (first >= 0) return first;
    const std::int64_t steps = (-first - 1) / step + 1;  // to the first position that is there
    return detail::saturated_sum(first, detail::saturated_product(steps, step));
  }
  std::int64_t stop(std::int64_t i) const {
    return even ? ((i + 1) * n + count - 1) / count : std::min(padded_stop(i), n);
  }
  /// What a mean divides by.
  std::int64_t counted(std::int64_t i) const {
    return !even && count_include_pad ? padded_stop(i) - (i * stride - padding)
                                      : stop(i) - start(i);
  }

 private:
  std::int64_t padded_stop(std::int64_t i) const {
    return std::min(detail::saturated_sum(i * stride - padding, reach()),
                    detail::saturated_sum(n, padding));
  }
};

// x's spatial axes, the last `axes` ones.
struct Images {
  Tensor x;
  int axes;
  int first() const { return x.dim() - axes; }
  std::int64_t size(int i) const { return x.size(first() + i); }
};
Images images_of(const char* op, const Operand& x, int axes) {
  const int rank = x.shape().dim();
  if (rank != axes + 1 && rank != axes + 2)
    throw ShapeError(fmt::format("{}: {} must have {} dims, or {} with a batch", op, describe(x),
                                 axes + 1, axes + 2));
  detail::check_floating(op, x);
  return {x.materialize(), axes};
}

struct Setting {
  std::int64_t kernel, stride, padding, dilation;
  bool ceil_mode, count_include_pad;
};

void check(const char* op, const Setting& s) {
  if (s.kernel < 1 || s.stride < 1 || s.dilation < 1 || s.padding < 0 || s.padding > s.kernel / 2)
    throw ValueError(
        fmt::format("{}: kernel_size is {}, stride {}, dilation {} and padding {}; kernel_size, "
                    "stride and dilation must be at least 1, and padding in [0, kernel_size / 2]",
                    op, s.kernel, s.stride, s.dilation, s.padding));
}

Windows windows_of(const char* op, std::int64_t n, const Setting& s) {
  check(op, s);
  Windows w{n, 1, s.kernel, s.stride, s.padding, s.dilation, false, s.count_include_pad};
  const std::int64_t wide = detail::saturated_sum(n, 2 * s.padding);
  std::int64_t room = wide - w.reach();
  if (s.ceil_mode) room = detail::saturated_sum(room, s.stride - 1);
  if (room < 0)
    throw ShapeError(
        fmt::format("{}: the kernel has size {} (with its dilation), the padded input only {}; the "
                    "kernel must fit",
                    op, w.reach(), wide));
  w.count = room / s.stride + 1;
  if (s.ceil_mode && (w.count - 1) * s.stride >= detail::saturated_sum(n, s.padding))
    --w.count;  // would start behind the end
  return w;
}

Windows even_windows(std::int64_t n, std::int64_t count) {
  Windows w;
  w.n = n;
  w.count = count;
  return w;
}

std::vector<Windows> windows_of(const char* op, const Images& x, const Extent& kernel,
                                const Extent& stride, const Extent& padding, const Extent& dilation,
                                bool ceil_mode, bool count_include_pad) {
  const auto k = kernel.along(op, "kernel_size", x.axes),
             s = (stride.given() ? stride : kernel).along(op, "stride", x.axes),
             p = padding.along(op, "padding", x.axes), d = dilation.along(op, "dilation", x.axes);
  std::vector<Windows> all;
  for (int i = 0; i < x.axes; ++i) {
    const auto at = static_cast<std::size_t>(i);
    all.push_back(
        windows_of(op, x.size(i), {k[at], s[at], p[at], d[at], ceil_mode, count_include_pad}));
  }
  return all;
}
std::vector<Windows> even_windows(const char* op, const Images& x, const Extent& size) {
  const auto sizes = size.along(op, "output_size", x.axes);
  std::vector<Windows> all;
  for (int i = 0; i < x.axes; ++i) {
    const std::int64_t wish = sizes[static_cast<std::size_t>(i)];
    if (wish < -1)
      throw ValueError(fmt::format(
          "{}: output_size is {}; it must be at least 0, or -1 to keep the size of the input", op,
          wish));
    all.push_back(even_windows(x.size(i), wish == -1 ? x.size(i) : wish));
  }
  return all;
}

using Spans = detail::ScratchVector<detail::Span>;
Spans spans_of(const Windows& w) {
  Spans spans;
  for (std::int64_t i = 0; i < w.count; ++i) spans.push_back({w.start(i), w.stop(i), w.step});
  return spans;
}

void check_windows(const char* op, const Images& x, const std::vector<Windows>& windows) {
  for (const Windows& w : windows)
    for (std::int64_t i = 0; i < w.count; ++i)
      if (w.start(i) >= w.stop(i))
        throw ShapeError(
            fmt::format("{}: {} has no elements in one of the pooling windows; the pooled dims "
                        "must have a nonzero size",
                        op, detail::describe(x.x)));
}

// The windows of the largest elements. Plain numbers, so that a local gradient can keep them.
struct Largest {
  std::int64_t planes;
  Windows along[3];  // those of axes that are not there come first
};
Largest largest_of(const Images& images, const std::vector<Windows>& windows) {
  Largest l{1, {even_windows(1, 1), even_windows(1, 1), even_windows(1, 1)}};
  std::copy(windows.begin(), windows.end(), l.along + 3 - images.axes);
  for (int i = 0; i < images.first(); ++i) l.planes *= images.x.size(i);
  return l;
}
// Calls f(const PlaneWindows&).
template <class F>
void with_plane_windows(const Largest& l, F f) {
  detail::PlaneWindows w{l.planes, {}};
  Spans spans[3];
  for (std::size_t i = 0; i < 3; ++i) {
    spans[i] = spans_of(l.along[i]);
    w.axes[i] = {l.along[i].n, l.along[i].count, spans[i].data()};
  }
  f(w);
}

// The positions of the places, of the shape of the windows.
Tensor largest_positions(const Largest& l, const Tensor& places, const Shape& shape,
                         bool among_all) {
  const Tensor at = detail::new_positions(shape);
  with_plane_windows(l, [&](const detail::PlaneWindows& w) {
    detail::positions_of_places(w, detail::raw<void>(places), among_all, detail::positions_of(at));
  });
  return at;
}

constexpr const char* added_at_largest = "dx = dy, added at the largest element of each window";

Tensor record_largest(const char* op, const Images& images, const Largest& l, detail::Value value,
                      const Tensor& places) {
  return record({op, added_at_largest}, {images.x, places}, std::move(value), save_input(1),
                [op, l](const Tensor& dy, Inputs in, InputGradients dx) {
                  if (dx.create_graph())
                    return dx.add(
                        0, detail::scatter_add_rows(
                               {op, "dx = dy, gathered at the largest elements"}, dy,
                               largest_positions(l, in[1], dy.shape(), true), 1, in.shape(0)));
                  const InputGradients::Buffer buffer = dx.buffer(0);
                  with_plane_windows(l, [&](const detail::PlaneWindows& w) {
                    detail::add_at_places(dy.dtype(), w, detail::raw<void>(in[1]),
                                          detail::raw<void>(dy), buffer.accumulate, buffer.data);
                  });
                });
}

// The indices are undefined if nobody asks for them.
ValuesIndices largest(const char* op, const Images& images, const std::vector<Windows>& windows,
                      bool with_indices) {
  const Tensor& x = images.x;
  Shape shape = x.shape();
  for (int i = 0; i < images.axes; ++i)
    shape[images.first() + i] = windows[static_cast<std::size_t>(i)].count;
  if (shape.numel() == 0) {  // another axis may be long
    const Tensor none = detail::new_positions(shape);
    return {detail::gather_rows({op, added_at_largest}, x, none, shape), none};
  }
  detail::Value value = detail::Value::empty(shape, x.dtype());  // or there is no memory for it
  check_windows(op, images, windows);
  const Largest l = largest_of(images, windows);
  Tensor places;
  with_plane_windows(l, [&](const detail::PlaneWindows& w) {
    // Several places lie in one number, since there are no tensors of bytes.
    places = detail::new_positions({(shape.numel() * detail::place_bytes(w) + 7) / 8});
    detail::largest_of_windows(x.dtype(), w, detail::raw<void>(x), value.data<void>(),
                               detail::raw<void>(places));
  });
  const Tensor indices = with_indices ? largest_positions(l, places, shape, false) : Tensor();
  return {record_largest(op, images, l, std::move(value), places), indices};
}

detail::Taps taps_of(const Windows& w, bool sums) {
  std::int64_t most = 1;
  for (std::int64_t k = 0; k < w.count; ++k) most = std::max(most, w.stop(k) - w.start(k));
  detail::Taps taps(w.n, most);
  for (std::int64_t k = 0; k < w.count; ++k)
    taps.add_window(w.start(k), w.stop(k) - w.start(k),
                    sums ? 1 : 1 / static_cast<double>(w.counted(k)));
  return taps;
}

// Whether there is one window over all elements of the images.
bool over_all(const Images& x, const std::vector<Windows>& windows) {
  return x.x.numel() > 0 && std::all_of(windows.begin(), windows.end(), [](const Windows& w) {
           return w.count == 1 && w.start(0) == 0 && w.stop(0) == w.n && w.counted(0) == w.n;
         });
}

Tensor averages(const char* op, const Images& x, const std::vector<Windows>& windows,
                std::optional<double> divisor) {
  if (!divisor && over_all(x, windows)) {
    std::vector<int> all;
    for (int i = 0; i < x.axes; ++i) all.push_back(x.first() + i);
    return mean(x.x, all, true);
  }
  std::vector<std::int64_t> sizes;
  for (const Windows& w : windows) sizes.push_back(w.count);
  const Tensor y = detail::resample(op, x.x, x.first(), sizes, [&](int i) {
    return taps_of(windows[static_cast<std::size_t>(i)], divisor.has_value());
  });
  return divisor ? y / *divisor : y;
}

ValuesIndices max_pool(const char* op, const Operand& x, int axes, const Extent& kernel,
                       const MaxPoolOptions& o, bool with_indices) {
  const OpScope scope(op, x);
  const Images images = images_of(op, x, axes);
  return largest(
      op, images,
      windows_of(op, images, kernel, o.stride, o.padding, o.dilation, o.ceil_mode, false),
      with_indices);
}
Tensor avg_pool(const char* op, const Operand& x, int axes, const Extent& kernel,
                const AvgPoolOptions& o) {
  const OpScope scope(op, x);
  if (o.divisor_override && *o.divisor_override == 0)
    throw ValueError(fmt::format("{}: divisor_override is 0; it must not be 0", op));
  const Images images = images_of(op, x, axes);
  return averages(
      op, images,
      windows_of(op, images, kernel, o.stride, o.padding, 1, o.ceil_mode, o.count_include_pad),
      o.divisor_override);
}
Tensor adaptive_avg_pool(const char* op, const Operand& x, int axes, const Extent& size) {
  const OpScope scope(op, x);
  const Images images = images_of(op, x, axes);
  return averages(op, images, even_windows(op, images, size), {});
}
ValuesIndices adaptive_max_pool(const char* op, const Operand& x, int axes, const Extent& size,
                                bool with_indices) {
  const OpScope scope(op, x);
  const Images images = images_of(op, x, axes);
  return largest(op, images, even_windows(op, images, size), with_indices);
}

Tensor lp_pool(const char* op, const Operand& x, int axes, double p, const Extent& kernel,
               const LpPoolOptions& o) {
  const OpScope scope(op, x);
  if (p == INFINITY) {
    const Tensor sizes = abs(x);
    return max_pool(op, sizes, axes, kernel, {.stride = o.stride, .ceil_mode = o.ceil_mode}, false)
        .values;
  }
  const Tensor powers = pow(x, p);
  const Tensor means =
      avg_pool(op, powers, axes, kernel, {.stride = o.stride, .ceil_mode = o.ceil_mode});
  double window = 1;
  for (const std::int64_t k : kernel.along(op, "kernel_size", axes))
    window *= static_cast<double>(k);
  // As PyTorch: a window that reaches behind the end counts as a whole one, and the gradient is 0
  // where the sum is 0.
  const Tensor none = means.detach() == 0;
  return where(none, 0, pow(where(none, 1, means * window), 1 / p));
}

}  // namespace

#define XGRAD_POOLS(axes)                                                                      \
  Tensor max_pool##axes##d(Operand x, const Extent& kernel, const MaxPoolOptions& o) {         \
    return max_pool("max_pool" #axes "d", x, axes, kernel, o, false).values;                   \
  }                                                                                            \
  ValuesIndices max_pool##axes##d_with_indices(Operand x, const Extent& kernel,                \
                                               const MaxPoolOptions& o) {                      \
    return max_pool("max_pool" #axes "d", x, axes, kernel, o, true);                           \
  }                                                                                            \
  Tensor avg_pool##axes##d(Operand x, const Extent& kernel, const AvgPoolOptions& o) {         \
    return avg_pool("avg_pool" #axes "d", x, axes, kernel, o);                                 \
  }                                                                                            \
  Tensor adaptive_avg_pool##axes##d(Operand x, const Extent& size) {                           \
    return adaptive_avg_pool("adaptive_avg_pool" #axes "d", x, axes, size);                    \
  }                                                                                            \
  Tensor adaptive_max_pool##axes##d(Operand x, const Extent& size) {                           \
    return adaptive_max_pool("adaptive_max_pool" #axes "d", x, axes, size, false).values;      \
  }                                                                                            \
  ValuesIndices adaptive_max_pool##axes##d_with_indices(Operand x, const Extent& size) {       \
    return adaptive_max_pool("adaptive_max_pool" #axes "d", x, axes, size, true);              \
  }                                                                                            \
  Tensor lp_pool##axes##d(Operand x, double p, const Extent& kernel, const LpPoolOptions& o) { \
    return lp_pool("lp_pool" #axes "d", x, axes, p, kernel, o);                                \
  }
XGRAD_POOLS(1)
XGRAD_POOLS(2)
XGRAD_POOLS(3)
#undef XGRAD_POOLS

Tensor max_unpool(Operand x, const Tensor& indices, const std::vector<std::int64_t>& size) {
  const OpScope scope("max_unpool", x);
  const int axes = static_cast<int>(size.size()), rank = x.shape().dim();
  if (axes < 1 || rank <= axes || indices.shape() != x.shape())
    throw ShapeError(
        fmt::format("max_unpool: the input is {}, indices {} and size has {} entries; indices must "
                    "have the input's shape, and size fewer entries than the input has dims",
                    describe(x), detail::describe(indices), axes));
  Shape shape = x.shape();
  for (int i = 0; i < axes; ++i) shape[rank - axes + i] = size[static_cast<std::size_t>(i)];
  if (*std::min_element(size.begin(), size.end()) < 0)
    throw ShapeError(fmt::format(
        "max_unpool: the input is {} and the result would be {}; its sizes must be at least 0",
        describe(x), to_string(shape)));
  detail::require_memory(shape, x.dtype());
  const std::int64_t plane = Shape(size).numel();
  const Tensor at = detail::checked_positions("max_unpool", indices, plane, false);
  const std::int64_t planes = plane == 0 ? 0 : shape.numel() / plane;
  const std::int64_t each = planes == 0 ? 0 : at.numel() / planes;
  detail::positions_among_planes(planes, each, plane, detail::positions_of(at));
  return detail::scatter_add_rows({"max_unpool", "dx = dy gathered at indices"}, x, at, 1, shape);
}

}  // namespace xgrad

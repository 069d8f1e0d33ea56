#include "kernels/conv.hpp"

#include <algorithm>
#include <limits>

#include <xgrad/graph/saturated.hpp>

#include "kernels/conv_direct.hpp"
#include "kernels/conv_parts.hpp"
#include "kernels/gemm.hpp"
#include "kernels/workspace.hpp"

namespace xgrad::detail {
namespace {

// Where a window's position i along an axis begins in the image.
std::int64_t start_of(const ConvSize& s, int axis, std::int64_t window, std::int64_t i) {
  return i * s.stride[axis] - s.padding[axis] + window * s.dilation[axis];
}

// Calls f(row of the columns, first result of the run, how many, first element in the image, step)
// for the runs of results along the last axis that lie inside of one image (in, from...).
template <class F>
void for_runs(const ConvSize& s, F f) {
  std::int64_t row = 0;
  for (std::int64_t c = 0; c < s.in; ++c)
    for (std::int64_t a = 0; a < s.window[0]; ++a)
      for (std::int64_t b = 0; b < s.window[1]; ++b)
        for (std::int64_t k = 0; k < s.window[2]; ++k, ++row)
          for (std::int64_t i = 0; i < s.to[0]; ++i) {
            const std::int64_t z = start_of(s, 0, a, i);
            for (std::int64_t j = 0; j < s.to[1]; ++j) {
              const std::int64_t y = start_of(s, 1, b, j), x = start_of(s, 2, k, 0);
              const bool inside = z >= 0 && z < s.from[0] && y >= 0 && y < s.from[1];
              std::int64_t first = x >= 0 ? 0 : (-x - 1) / s.stride[2] + 1;
              std::int64_t last = x >= s.from[2] ? 0 : (s.from[2] - 1 - x) / s.stride[2] + 1;
              last = inside ? std::min(last, s.to[2]) : 0;
              first = std::min(first, last);
              f(row, (i * s.to[1] + j) * s.to[2], first, last,
                inside ? ((c * s.from[0] + z) * s.from[1] + y) * s.from[2] + x : 0);
            }
          }
}

// One group of one image as columns (in window, to).
template <class T>
void to_columns(const ConvSize& s, const T* image, T* columns) {
  for_runs(s, [&](std::int64_t row, std::int64_t result, std::int64_t first, std::int64_t last,
                  std::int64_t at) {
    T* const to = columns + row * s.to_numel() + result;
    std::fill_n(to, first, T(0));
    if (s.stride[2] == 1)
      std::copy_n(image + at + first, last - first, to + first);
    else
      for (std::int64_t i = first; i < last; ++i) to[i] = image[at + i * s.stride[2]];
    std::fill(to + last, to + s.to[2], T(0));
  });
}
template <class T>
void add_columns(const ConvSize& s, const T* columns, T* image) {
  for_runs(s, [&](std::int64_t row, std::int64_t result, std::int64_t first, std::int64_t last,
                  std::int64_t at) {
    const T* const from = columns + row * s.to_numel() + result;
    for (std::int64_t i = first; i < last; ++i) image[at + i * s.stride[2]] += from[i];
  });
}

// Each position of the result belongs to the one of the image at its place. (Images can be larger
// than that: by output_padding.)
bool is_pointwise(const ConvSize& s) {
  bool plain = s.window_numel() == 1;
  for (int i = 0; i < 3; ++i)
    plain = plain && s.stride[i] == 1 && s.padding[i] == 0 && s.from[i] == s.to[i];
  return plain;
}

// One group's part of everything, for one image.
template <class T>
struct Parts {
  const ConvSize& s;
  const std::int64_t rows, results, image, result, weight;
  explicit Parts(const ConvSize& size)
      : s(size),
        rows(s.in * s.window_numel()),
        results(s.to_numel()),
        image(s.in * s.from_numel()),
        result(s.out * results),
        weight(s.out * rows) {}

  template <class F>
  void each(F f) const {
    for (std::int64_t n = 0; n < s.batch; ++n)
      for (std::int64_t g = 0; g < s.groups; ++g) f(n, g, (n * s.groups + g));
  }
};

// The columns of one part take so many elements; none where the image itself is the columns.
template <class T>
std::int64_t columns_numel(const Parts<T>& p) {
  return is_pointwise(p.s) ? 0 : saturated_product(p.rows, p.results);
}

template <class T>
void forward(const ConvSize& s, const T* x, const T* w, const T* bias, T* y) {
  const Parts<T> p(s);
  const Workspace<T> workspace(columns_numel(p));
  p.each([&](std::int64_t, std::int64_t g, std::int64_t part) {
    T* const to = y + part * p.result;
    for (std::int64_t o = 0; o < s.out; ++o)
      std::fill_n(to + o * p.results, p.results, bias != nullptr ? bias[g * s.out + o] : T(0));
    const T* columns = x + part * p.image;
    if (workspace.data() != nullptr) {
      to_columns(s, columns, workspace.data());
      columns = workspace.data();
    }
    gemm(dtype_of<T>, {1, s.out, p.results, p.rows, false, false}, w + g * p.weight, columns,
         nullptr, true, to);
  });
}

template <class T>
void backward_data(const ConvSize& s, const T* y, const T* w, T* x) {
  const Parts<T> p(s);
  const bool direct = is_pointwise(s);
  const Workspace<T> workspace(columns_numel(p));
  std::fill_n(x, s.batch * s.groups * p.image, T(0));
  p.each([&](std::int64_t, std::int64_t g, std::int64_t part) {
    T* const image = x + part * p.image;
    gemm(dtype_of<T>, {1, p.rows, p.results, s.out, true, false}, w + g * p.weight,
         y + part * p.result, nullptr, false, direct ? image : workspace.data());
    if (!direct) add_columns(s, workspace.data(), image);
  });
}

template <class T>
void backward_weights(const ConvSize& s, const T* x, const T* y, T* w) {
  const Parts<T> p(s);
  const Workspace<T> workspace(columns_numel(p));
  std::fill_n(w, s.groups * p.weight, T(0));
  p.each([&](std::int64_t, std::int64_t g, std::int64_t part) {
    const T* columns = x + part * p.image;
    if (workspace.data() != nullptr) {
      to_columns(s, columns, workspace.data());
      columns = workspace.data();
    }
    gemm(dtype_of<T>, {1, s.out, p.rows, p.results, false, true}, y + part * p.result, columns,
         nullptr, true, w + g * p.weight);
  });
}

// oneDNN counts in int.
[[maybe_unused]] bool fits_ints(const ConvSize& s) {
  constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
  std::int64_t largest = std::max({s.batch, s.groups, s.in, s.out});
  for (int i = 0; i < 3; ++i)
    largest = std::max({largest, saturated_sum(s.from[i], saturated_product(2, s.padding[i])),
                        s.stride[i], saturated_product(s.window[i], s.dilation[i])});
  return largest <= most;
}
// Whether windows over the image give just as many results. With output_padding an image has
// positions behind the last window, which oneDNN does not know of.
bool covers_image(const ConvSize& s) {
  for (int i = 0; i < 3; ++i) {
    const std::int64_t reach = s.dilation[i] * (s.window[i] - 1) + 1;
    if ((s.from[i] + 2 * s.padding[i] - reach) / s.stride[i] + 1 != s.to[i]) return false;
  }
  return true;
}

// Where the other backends were found to be faster than columns (docs/decisions/0011, 0037): not
// for few products, for windows of one position, nor back to images of one channel.
bool worth_parts(const ConvSize& s, ConvMap map) {
  const double products = static_cast<double>(s.batch * s.groups * s.to_numel()) *
                          static_cast<double>(s.in * s.out * s.window_numel());
  const bool one_channel = s.groups == 1 && s.in == 1;
  return products > 65536 && s.from_numel() > 0 && !is_pointwise(s) && covers_image(s) &&
         !(map == ConvMap::backward_data && one_channel);
}

// The backend that computes parts of the map; null if none does.
ConvPart part_for(const ConvSize& s, ConvMap map) {
  if (!worth_parts(s, map)) return nullptr;
  if (is_direct(s, map)) return convolve_direct;
#ifdef XGRAD_ONEDNN
  if (fits_ints(s)) return convolve_onednn;
#endif
  return can_be_direct(s, map) ? convolve_direct : nullptr;
}

}  // namespace

template <class T>
void convolve_plain(const ConvSize& s, ConvMap map, const T* a, const T* b, const T* bias, T* y) {
  switch (map) {
    case ConvMap::forward:
      return forward(s, a, b, bias, y);
    case ConvMap::backward_data:
      return backward_data(s, a, b, y);
    case ConvMap::backward_weights:
      return backward_weights(s, a, b, y);
  }
}
template void convolve_plain(const ConvSize&, ConvMap, const float*, const float*, const float*,
                             float*);
template void convolve_plain(const ConvSize&, ConvMap, const double*, const double*, const double*,
                             double*);

namespace {

void run(DType dtype, const ConvSize& s, ConvMap map, const void* a, const void* b,
         const void* bias, void* y) {
  dispatch_floating(dtype, [&]<class T>() {
    const T *p = static_cast<const T*>(a), *q = static_cast<const T*>(b);
    if constexpr (std::is_same_v<T, float>)
      if (const ConvPart part = part_for(s, map);
          part != nullptr &&
          convolve_in_parts(part, direct_images(s, map), s, map, p, q,
                            static_cast<const float*>(bias), static_cast<float*>(y)))
        return;
    convolve_plain(s, map, p, q, static_cast<const T*>(bias), static_cast<T*>(y));
  });
}

}  // namespace

void convolve(DType dtype, const ConvSize& s, const void* x, const void* w, const void* bias,
              void* y) {
  run(dtype, s, ConvMap::forward, x, w, bias, y);
}
void convolve_backward_data(DType dtype, const ConvSize& s, const void* y, const void* w, void* x) {
  run(dtype, s, ConvMap::backward_data, y, w, nullptr, x);
}
void convolve_backward_weights(DType dtype, const ConvSize& s, const void* x, const void* y,
                               void* w) {
  run(dtype, s, ConvMap::backward_weights, x, y, nullptr, w);
}

}  // namespace xgrad::detail

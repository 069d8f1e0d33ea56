#include "kernels/columns.hpp"

#include <algorithm>
#include <cstring>
#include <type_traits>

#include <xgrad/graph/isa.hpp>
#include <xgrad/graph/parallel.hpp>
#include <xgrad/graph/saturated.hpp>
#include <xgrad/graph/scratch_vector.hpp>
#include <xgrad/graph/wrapping.hpp>

namespace xgrad::detail {
namespace {

// Windows [first, last) along the last axis whose place j is in the image, the first at `column`.
struct Piece {
  std::int64_t first, last, column;
};
// The first window whose place is not before `position`.
std::int64_t first_behind(std::int64_t position, std::int64_t stride, std::int64_t count) {
  return position <= 0 ? 0 : std::min(count, (position - 1) / stride + 1);
}
Piece piece_of(const ImageWindows& w, std::int64_t j) {
  const std::int64_t before = w.padding[1] - j * w.dilation[1];
  const std::int64_t first = first_behind(before, w.stride[1], w.count[1]),
                     last = first_behind(saturated_sum(w.size[1], before), w.stride[1], w.count[1]);
  if (first >= last) return {0, 0, 0};
  return {first, last, first * w.stride[1] - before};
}

// For each place along the last axis.
ScratchVector<Piece> pieces_of(const ImageWindows& w) {
  ScratchVector<Piece> pieces;
  for (std::int64_t j = 0; j < w.kernel[1]; ++j) pieces.push_back(piece_of(w, j));
  return pieces;
}

// Elements side by side. The rows of images are often too short for a call of memcpy to pay.
template <class Width, class T>
void copy_piece(const T* x, std::int64_t n, T* y) {
  constexpr std::int64_t lane = Width::bytes / static_cast<std::int64_t>(sizeof(T));
  if constexpr (Width::bytes > Baseline::bytes)
    if (n < lane) return copy_piece<Baseline>(x, n, y);
  if (n < lane) {
    for (std::int64_t i = 0; i < n; ++i) y[i] = x[i];
    return;
  }
  const auto copy = [&](std::int64_t i) {
    unsigned char held __attribute__((vector_size(Width::bytes)));
    std::memcpy(&held, x + i, Width::bytes);
    std::memcpy(y + i, &held, Width::bytes);
  };
  for (std::int64_t i = 0; i + lane < n; i += lane) copy(i);
  copy(n - lane);  // may overlap the one before
}

// The elements under one place of all windows of a plane.
struct PutPlace {
  template <class Width, class T>
  static void run(const ImageWindows* windows, Piece p, std::int64_t i, const T* plane, T* y) {
    const ImageWindows& w = *windows;
    for (std::int64_t r = 0; r < w.count[0]; ++r, y += w.count[1]) {
      const std::int64_t row = r * w.stride[0] - w.padding[0] + i * w.dilation[0];
      if (row < 0 || row >= w.size[0]) {
        std::fill_n(y, w.count[1], T(0));
        continue;
      }
      for (std::int64_t c = 0; c < p.first; ++c) y[c] = T(0);
      put_piece<Width>(plane + row * w.size[1] + p.column, w.stride[1], p.last - p.first,
                       y + p.first);
      for (std::int64_t c = p.last; c < w.count[1]; ++c) y[c] = T(0);
    }
  }

 private:
  template <class Width, class T>
  static void put_piece(const T* x, std::int64_t stride, std::int64_t n, T* y) {
    if (stride == 1) return copy_piece<Width>(x, n, y);
    for (std::int64_t c = 0; c < n; ++c) y[c] = x[c * stride];
  }
};

// What a row of an image gets from the columns of its plane, place by place.
struct AddRow {
  template <class Width, class T>
  static void run(const ImageWindows* windows, const Piece* pieces, std::int64_t row,
                  const T* columns, T* x) {
    const ImageWindows& w = *windows;
    for (std::int64_t i = 0; i < w.kernel[0]; ++i) {
      const std::int64_t at = saturated_sum(row, w.padding[0] - i * w.dilation[0]),
                         r = at / w.stride[0];
      if (at < 0 || r * w.stride[0] != at || r >= w.count[0]) continue;
      for (std::int64_t j = 0; j < w.kernel[1]; ++j) {
        const Piece p = pieces[j];
        const T* const from =
            columns + ((i * w.kernel[1] + j) * w.count[0] + r) * w.count[1] + p.first;
        add(from, p.last - p.first, w.stride[1], x + p.column);
      }
    }
  }

 private:
  template <class T>
  static void add(const T* __restrict y, std::int64_t n, std::int64_t stride, T* __restrict x) {
    if (stride == 1)
      for (std::int64_t c = 0; c < n; ++c) x[c] = sum(x[c], y[c]);
    else
      for (std::int64_t c = 0; c < n; ++c) x[c * stride] = sum(x[c * stride], y[c]);
  }
  template <class T>
  static T sum(T a, T b) {
    if constexpr (std::is_same_v<T, bool>)
      return a || b;
    else
      return wrapping_add<T>(a, b);
  }
};

std::int64_t grain_of(std::int64_t each) {
  return std::max<std::int64_t>(1, parallel_grain / std::max<std::int64_t>(1, each));
}

}  // namespace

void columns_of_images(DType dtype, const ImageWindows& w, const void* x, void* y) {
  const std::int64_t area = w.kernel[0] * w.kernel[1], n = w.count[0] * w.count[1];
  const ScratchVector<Piece> pieces = pieces_of(w);
  dispatch(dtype, [&]<class T>() {
    parallel_ranges(w.planes * area, grain_of(n), [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t k = begin; k < end; ++k)
        run_best<PutPlace, const ImageWindows*, Piece, std::int64_t, const T*, T*>(
            &w, pieces[static_cast<std::size_t>(k % w.kernel[1])], k % area / w.kernel[1],
            static_cast<const T*>(x) + k / area * w.size[0] * w.size[1],
            static_cast<T*>(y) + k * n);
    });
  });
}

void images_of_columns(DType dtype, const ImageWindows& w, const void* y, bool accumulate,
                       void* x) {
  const std::int64_t area = w.kernel[0] * w.kernel[1], n = w.count[0] * w.count[1];
  const ScratchVector<Piece> pieces = pieces_of(w);
  dispatch(dtype, [&]<class T>() {
    parallel_ranges(
        w.planes * w.size[0], grain_of(w.size[1] * area),
        [&](std::int64_t begin, std::int64_t end) {
          for (std::int64_t k = begin; k < end; ++k) {
            T* const row = static_cast<T*>(x) + k * w.size[1];
            if (!accumulate) std::fill_n(row, w.size[1], T(0));
            run_best<AddRow, const ImageWindows*, const Piece*, std::int64_t, const T*, T*>(
                &w, pieces.data(), k % w.size[0],
                static_cast<const T*>(y) + k / w.size[0] * area * n, row);
          }
        });
  });
}

}  // namespace xgrad::detail

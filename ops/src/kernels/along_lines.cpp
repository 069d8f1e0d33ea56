#include "kernels/along_lines.hpp"

#include <algorithm>
#include <atomic>

#include <xgrad/graph/parallel.hpp>
#include <xgrad/graph/scratch_vector.hpp>
#include <xgrad/graph/streaming.hpp>
#include <xgrad/graph/wrapping.hpp>

#include "kernels/add_rows.hpp"

namespace xgrad::detail {
namespace {

// A piece of a line of positions, which stays in the first cache between the check and the use.
constexpr std::int64_t piece = 1024;

// Whether all positions are in [0, size). Without branches, so that the loop runs on lanes: one of
// the two numbers is negative for a position outside.
bool are_within(const std::int64_t* at, std::int64_t count, std::int64_t size) {
  const auto last = static_cast<std::uint64_t>(size) - 1;
  std::uint64_t outside = size == 0 && count > 0;
  for (std::int64_t k = 0; k < count; ++k) {
    const auto position = static_cast<std::uint64_t>(at[k]);
    outside |= (position | (last - position)) >> 63;
  }
  return outside == 0;
}

// y[k] = the element at[k] * stride + k * step of x.
template <class T>
void take(const T* x, const std::int64_t* at, std::int64_t count, std::int64_t stride,
          std::int64_t step, T* y) {
  if (stride == 1 && step == 0)
    for (std::int64_t k = 0; k < count; ++k) y[k] = x[at[k]];
  else
    for (std::int64_t k = 0; k < count; ++k) y[k] = x[at[k] * stride + k * step];
}

// Pieces of rows: of a whole line if lines are rows, else of the places side by side in a block of
// lines. Calls f(block, first element, count) for each, and done() when a thread is through.
template <class F, class Done>
void for_pieces(const PositionsAlong& p, F f, Done done) {
  const std::int64_t inner = p.lines.inner, row = inner == 1 ? p.count : inner;
  const std::int64_t rows = inner == 1 ? p.lines.outer : p.lines.outer * p.count;
  if (row == 0 || rows == 0) return;
  parallel_ranges(rows, std::max<std::int64_t>(1, parallel_grain / row),
                  [&](std::int64_t begin, std::int64_t end) {
                    for (std::int64_t r = begin; r < end; ++r)
                      for (std::int64_t i = 0; i < row; i += piece)
                        f(inner == 1 ? r : r / p.count, r * row + i, std::min(piece, row - i));
                    done();
                  });
}

// Fetches a line ahead, since its places are read in no order that the processor would foresee.
template <class T>
void fetch(const T* line, std::int64_t n) {
  constexpr std::int64_t cache_line = 64 / sizeof(T), most = 16384 / sizeof(T);
  for (std::int64_t i = 0; i < n && n <= most; i += cache_line) __builtin_prefetch(line + i);
}

template <class T>
bool gather(const PositionsAlong& p, const T* x, T* y) {
  const std::int64_t block = p.lines.size * p.lines.inner, inner = p.lines.inner;
  const bool streamed = is_streamed(p.lines.outer * p.count * inner, dtype_of<T>);
  std::atomic<bool> fits{true};
  const auto take_piece = [&](std::int64_t b, std::int64_t first, std::int64_t count) {
    const std::int64_t* const at = p.at + first;
    const T* const from = x + b * block + (inner == 1 ? 0 : first % inner);
    if (inner == 1 && 4 * count >= p.lines.size) fetch(from, p.lines.size);
    if (!are_within(at, count, p.lines.size)) return fits.store(false, std::memory_order_relaxed);
    if (!streamed) return take(from, at, count, inner, inner == 1 ? 0 : 1, y + first);
    alignas(64) T taken[piece];
    take(from, at, count, inner, inner == 1 ? 0 : 1, taken);
    stream_copy(y + first, taken, static_cast<std::size_t>(count) * sizeof(T));
  };
  for_pieces(p, take_piece, [streamed] {
    if (streamed) stream_fence();
  });
  return fits.load(std::memory_order_relaxed);
}

template <class T, class Sum>
void add(const T* x, const std::int64_t* at, std::int64_t count, Sum* y) {
  for (std::int64_t k = 0; k < count; ++k)
    y[at[k]] = wrapping_add(y[at[k]], static_cast<Sum>(x[k]));
}

// y = base, or zeros if that is null.
template <class T, class Sum>
void begin_sums(const T* base, std::int64_t size, Sum* y) {
  if (base == nullptr)
    std::fill_n(y, size, Sum(0));
  else if (static_cast<const void*>(base) != y)
    std::copy_n(base, size, y);
}

// One line.
template <class T>
void add_line(const T* x, const std::int64_t* at, std::int64_t count, const T* base, T* y,
              std::int64_t size, ScratchVector<double>& wide) {
  const bool many = std::is_same_v<T, float> && count >= many_contributions;
  if (!many || size > 4 * count) {
    begin_sums(base, size, y);
    return many ? add_rows(x, at, count, 1, y, size) : add(x, at, count, y);
  }
  wide.resize(static_cast<std::size_t>(size));
  begin_sums(base, size, wide.data());
  add(x, at, count, wide.data());
  std::transform(wide.begin(), wide.end(), y, [](double sum) { return static_cast<T>(sum); });
}

template <class T>
bool add_all(const PositionsAlong& p, const T* x, const T* base, T* y) {
  const std::int64_t size = p.lines.size, count = p.count;
  std::atomic<bool> fits{true};
  const std::int64_t grain = parallel_grain / std::max<std::int64_t>(1, size + count);
  parallel_ranges(
      p.lines.outer, std::max<std::int64_t>(1, grain), [&](std::int64_t begin, std::int64_t end) {
        ScratchVector<double> wide;
        for (std::int64_t l = begin; l < end; ++l) {
          const std::int64_t* const at = p.at + l * count;
          if (are_within(at, count, size))
            add_line(x + l * count, at, count, base == nullptr ? nullptr : base + l * size,
                     y + l * size, size, wide);
          else
            fits.store(false, std::memory_order_relaxed);
        }
      });
  return fits.load(std::memory_order_relaxed);
}

}  // namespace

bool gather_along(DType dtype, const PositionsAlong& positions, const void* x, void* y) {
  return dispatch(dtype, [&]<class T>() {
    return gather(positions, static_cast<const T*>(x), static_cast<T*>(y));
  });
}

bool add_along(DType dtype, const PositionsAlong& positions, const void* x, const void* base,
               void* y) {
  return dispatch(dtype, [&]<class T>() {
    return add_all(positions, static_cast<const T*>(x), static_cast<const T*>(base),
                   static_cast<T*>(y));
  });
}

void elements_along(const PositionsAlong& p, std::int64_t* elements) {
  const std::int64_t block = p.lines.size * p.lines.inner, inner = p.lines.inner;
  for_pieces(
      p,
      [&](std::int64_t b, std::int64_t first, std::int64_t count) {
        const std::int64_t offset = b * block + (inner == 1 ? 0 : first % inner);
        const std::int64_t step = inner == 1 ? 0 : 1;
        for (std::int64_t k = 0; k < count; ++k)
          elements[first + k] = offset + p.at[first + k] * inner + k * step;
      },
      [] {});
}

}  // namespace xgrad::detail

#include "kernels/strided.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <numeric>
#include <type_traits>

#include <xgrad/graph/parallel.hpp>
#include <xgrad/graph/streaming.hpp>

#include "kernels/odometer.hpp"

namespace xgrad::detail {
namespace {

std::int64_t numel_of(const StridedRegion& region) {
  if (std::find(region.size, region.size + region.axes, 0) != region.size + region.axes) return 0;
  return std::accumulate(region.size, region.size + region.axes, std::int64_t{1},
                         std::multiplies<>());
}

// The sides of a tile that is copied at once: both fit into the nearest cache.
constexpr std::int64_t tile = 64;

// The same elements in the same order, with as few axes as it takes.
StridedRegion merged(const StridedRegion& region) {
  StridedRegion m;
  m.offset = region.offset;
  for (int i = 0; i < region.axes; ++i) {
    if (region.size[i] == 1) continue;
    if (m.axes > 0 && m.stride[m.axes - 1] == region.stride[i] * region.size[i]) {
      m.size[m.axes - 1] *= region.size[i];
      m.stride[m.axes - 1] = region.stride[i];
    } else {
      m.add_axis(region.size[i], region.stride[i]);
    }
  }
  return m;
}

// Steps from one position along an axis to the next, on both sides.
struct Axis {
  std::int64_t size = 1, value = 0, selection = 0;
};

// The order in which a region is walked: blocks of elements that lie together on both sides, in
// tiles of rows and columns of them. The columns follow each other in the selection.
struct Walk {
  std::int64_t block = 1;
  Axis rows, columns;
  std::int64_t tile_rows = 0, tile_columns = 0;
  std::array<Axis, Odometer::max_axes> steps;  // from tile to tile
  std::array<std::int64_t, Odometer::max_axes> sizes;
  std::size_t axes = 0;

  Walk(const StridedRegion& region, std::size_t bytes) {
    Axis axis[StridedRegion::max_axes];
    int outer = axes_of(merged(region), axis);
    const bool tiled = outer > 1 && block * static_cast<std::int64_t>(bytes) < cache_line &&
                       move_closest(axis, outer);
    if (outer > 0) columns = axis[--outer];
    if (outer > 0) rows = axis[--outer];
    // A tile is nearly square if it keeps two sides in the cache, else as wide as it can be.
    const std::int64_t most =
        std::max<std::int64_t>(1, tiled ? tile * tile : parallel_grain / block);
    tile_rows = tiled ? std::min(tile, rows.size) : 1;
    tile_columns = std::min(most / tile_rows, columns.size);
    tile_rows = std::min(most / tile_columns, rows.size);
    for (int i = 0; i < outer; ++i) add(axis[i]);
    add_tiles(rows, tile_rows);
    add_tiles(columns, tile_columns);
  }

  std::int64_t tiles() const {
    std::int64_t count = 1;
    for (std::size_t d = 0; d < axes; ++d) count *= sizes[d];
    return count;
  }
  std::int64_t grain() const {
    return std::max<std::int64_t>(1, parallel_grain / (tile_rows * tile_columns * block));
  }

 private:
  static constexpr std::int64_t cache_line = 64;

  int axes_of(const StridedRegion& m, Axis* axis) {
    int count = m.axes;
    if (count > 0 && m.stride[count - 1] == 1) block = m.size[--count];
    std::int64_t step = block;
    for (int i = count; i-- > 0; step *= m.size[i]) axis[i] = {m.size[i], m.stride[i], step};
    return count;
  }
  // Makes the axis along which the value's elements lie closest the last but one. False if that is
  // the last one already.
  static bool move_closest(Axis* axis, int count) {
    Axis* const closest = std::min_element(axis, axis + count, [](const Axis& a, const Axis& b) {
      return std::abs(a.value) < std::abs(b.value);
    });
    if (closest == axis + count - 1) return false;
    std::rotate(closest, closest + 1, axis + count - 1);
    return true;
  }
  void add(const Axis& axis) {
    sizes[axes] = axis.size;
    steps[axes++] = axis;
  }
  void add_tiles(const Axis& axis, std::int64_t size) {
    add({(axis.size + size - 1) / size, axis.value * size, axis.selection * size});
  }
};

struct CopyOut {
  static constexpr bool into_value = false;
  template <class T>
  static void put(const T& value, T& selection) {
    selection = value;
  }
};
struct CopyIn {
  static constexpr bool into_value = true;
  template <class T>
  static void put(T& value, const T& selection) {
    value = selection;
  }
};
struct AddIn {
  static constexpr bool into_value = true;
  template <class T>
  static void put(T& value, const T& selection) {
    value += selection;
  }
};

template <class Put, class V, class S>
void put_line(const Axis& axis, V* __restrict value, S* __restrict selection) {
  const std::int64_t n = axis.size, v = axis.value, s = axis.selection;
  if (s == 1 && v == -1)
    for (std::int64_t i = 0; i < n; ++i) Put::put(*(value - i), selection[i]);
  else if (s == 1 && v == 0)
    for (std::int64_t i = 0; i < n; ++i) Put::put(*value, selection[i]);
  else if (s == 1)
    for (std::int64_t i = 0; i < n; ++i) Put::put(value[i * v], selection[i]);
  else if (v == 1)
    for (std::int64_t i = 0; i < n; ++i) Put::put(value[i], selection[i * s]);
  else
    for (std::int64_t i = 0; i < n; ++i) Put::put(value[i * v], selection[i * s]);
}

template <class Put, class V, class S>
void put_long_block(std::int64_t n, V* __restrict value, S* __restrict selection) {
  for (std::int64_t i = 0; i < n; ++i) Put::put(value[i], selection[i]);
}
// Elements that lie together on both sides. Of a few, a loop is faster than a call of memcpy, which
// the compiler makes of one where the sides cannot overlap.
template <class Put, class V, class S>
void put_block(std::int64_t n, V* value, S* selection) {
  constexpr std::int64_t few = 16;
  if (n >= few) return put_long_block<Put>(n, value, selection);
  for (std::int64_t i = 0; i < n; ++i) Put::put(value[i], selection[i]);
}

// A square of elements, of which each line fills a cache line. Lines are read whole and written
// whole, so that it does not matter when far apart lines displace each other in the cache.
template <class T>
inline constexpr std::int64_t square = 64 / static_cast<std::int64_t>(sizeof(T));

template <class T>
using Square = T[square<T>][square<T>];

// Blocks of as many lines as 16 bytes hold elements, so that both are exchanged within registers.
inline void transpose_block(const float* from, float* to) {
  constexpr std::int64_t line = square<float>;
  using Four __attribute__((vector_size(16))) = float;
  Four r[4];
  for (int i = 0; i < 4; ++i) std::memcpy(&r[i], from + i * line, sizeof(Four));
  const Four a = __builtin_shufflevector(r[0], r[1], 0, 4, 1, 5),
             b = __builtin_shufflevector(r[2], r[3], 0, 4, 1, 5),
             c = __builtin_shufflevector(r[0], r[1], 2, 6, 3, 7),
             d = __builtin_shufflevector(r[2], r[3], 2, 6, 3, 7);
  const Four columns[4] = {
      __builtin_shufflevector(a, b, 0, 1, 4, 5), __builtin_shufflevector(a, b, 2, 3, 6, 7),
      __builtin_shufflevector(c, d, 0, 1, 4, 5), __builtin_shufflevector(c, d, 2, 3, 6, 7)};
  for (int i = 0; i < 4; ++i) std::memcpy(to + i * line, &columns[i], sizeof(Four));
}
inline void transpose_block(const double* from, double* to) {
  constexpr std::int64_t line = square<double>;
  const double a = from[1], b = from[line];
  to[0] = from[0];
  to[1] = b;
  to[line] = a;
  to[line + 1] = from[line + 1];
}

template <class T>
void transpose(const Square<T>& from, Square<T>& to) {
  constexpr std::int64_t n = square<T>;
  if constexpr (std::is_floating_point_v<T>) {
    constexpr std::int64_t block = 16 / std::int64_t{sizeof(T)};
    for (std::int64_t i = 0; i < n; i += block)
      for (std::int64_t k = 0; k < n; k += block) transpose_block(&from[k][i], &to[i][k]);
  } else {
    for (std::int64_t i = 0; i < n; ++i)
      for (std::int64_t k = 0; k < n; ++k) to[i][k] = from[k][i];
  }
}

// Line i of the selection is column i of the value's lines.
template <class Put, class V, class S>
void put_transposed_square(std::int64_t value_line, std::int64_t selection_line, V* value,
                           S* selection) {
  using T = std::remove_const_t<V>;
  constexpr std::int64_t n = square<T>;
  alignas(64) Square<T> lines, columns;
  const auto* const from = Put::into_value ? selection : value;
  const std::int64_t from_line = Put::into_value ? selection_line : value_line;
  for (std::int64_t i = 0; i < n; ++i) std::copy_n(from + i * from_line, n, lines[i]);
  transpose<T>(lines, columns);
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t k = 0; k < n; ++k)
      if constexpr (Put::into_value)
        Put::put(value[i * value_line + k], columns[i][k]);
      else
        Put::put(columns[i][k], selection[i * selection_line + k]);
}

// Squares side by side, at most those of a tile, whose selection goes past the caches: long lines
// of it are gathered first, since short ones fill no page of the memory.
template <class V, class S>
void stream_panel(std::int64_t squares, std::int64_t value_line, std::int64_t selection_line,
                  const V* value, S* selection) {
  constexpr std::int64_t n = square<S>;
  alignas(64) S lines[n][tile];
  for (std::int64_t q = 0; q < squares; ++q) {
    alignas(64) Square<S> from, to;
    for (std::int64_t i = 0; i < n; ++i) std::copy_n(value + (q * n + i) * value_line, n, from[i]);
    transpose<S>(from, to);
    for (std::int64_t i = 0; i < n; ++i) std::copy_n(to[i], n, lines[i] + q * n);
  }
  for (std::int64_t i = 0; i < n; ++i)
    stream_copy(selection + i * selection_line, lines[i],
                static_cast<std::size_t>(squares * n) * sizeof(S));
}

// The whole squares of a tile whose value runs along the outer axis. What is left is a part of the
// outer axis, and of the inner one.
template <class Put, class V, class S>
void put_squares(const Axis& outer, const Axis& inner, bool streamed, V* value, S* selection) {
  constexpr std::int64_t n = square<std::remove_const_t<V>>;
  if constexpr (!Put::into_value)
    if (streamed) {
      for (std::int64_t i = 0; i + n <= outer.size; i += n)
        for (std::int64_t k = 0; k + n <= inner.size; k += tile)  // tiles of few rows are wide
          stream_panel(std::min(tile, inner.size - k) / n, inner.value, outer.selection,
                       value + i + k * inner.value, selection + i * outer.selection + k);
      return stream_fence();
    }
  for (std::int64_t i = 0; i + n <= outer.size; i += n)
    for (std::int64_t k = 0; k + n <= inner.size; k += n)
      put_transposed_square<Put>(inner.value, outer.selection, value + i + k * inner.value,
                                 selection + i * outer.selection + k);
}

template <class Put, class V, class S>
void put_tile(Axis outer, Axis inner, std::int64_t block, bool streamed, V* value, S* selection) {
  if (block > 1) {
    for (std::int64_t i = 0; i < outer.size; ++i)
      for (std::int64_t k = 0; k < inner.size; ++k)
        put_block<Put>(block, value + i * outer.value + k * inner.value,
                       selection + i * outer.selection + k * inner.selection);
    return;
  }
  constexpr std::int64_t n = square<std::remove_const_t<V>>;
  if (outer.value == 1 && inner.value != 0 && inner.selection == 1 && outer.size >= n &&
      inner.size >= n) {
    put_squares<Put>(outer, inner, streamed, value, selection);
    const std::int64_t rows = outer.size / n * n, columns = inner.size / n * n;
    if (columns < inner.size)
      put_tile<Put>({rows, outer.value, outer.selection},
                    {inner.size - columns, inner.value, inner.selection}, 1, false,
                    value + columns * inner.value, selection + columns * inner.selection);
    if (rows < outer.size)
      put_tile<Put>({outer.size - rows, outer.value, outer.selection}, inner, 1, false,
                    value + rows * outer.value, selection + rows * outer.selection);
    return;
  }
  // Lines go along what is written, unless those are short.
  const bool outer_is_close = std::abs(outer.value) < std::abs(inner.value);
  if (outer.size > 1 && (inner.size < 8 || (Put::into_value && outer_is_close && outer.size >= 8)))
    std::swap(outer, inner);
  for (std::int64_t i = 0; i < outer.size; ++i)
    put_line<Put>(inner, value + i * outer.value, selection + i * outer.selection);
}

template <class Put, class V, class S>
void walk(const StridedRegion& region, V* value, S* selection) {
  if (numel_of(region) == 0) return;
  const Walk w(region, sizeof(V));
  const bool streamed =
      !Put::into_value && numel_of(region) * std::int64_t{sizeof(V)} >= streamed_bytes;
  parallel_ranges(w.tiles(), w.grain(), [&](std::int64_t begin, std::int64_t end) {
    Odometer at(std::span(w.sizes.data(), w.axes), begin);
    for (std::int64_t k = begin; k < end; ++k, at.next()) {
      std::int64_t from = region.offset, to = 0;
      for (std::size_t d = 0; d < w.axes; ++d) {
        from += at[d] * w.steps[d].value;
        to += at[d] * w.steps[d].selection;
      }
      const std::int64_t row = at[w.axes - 2] * w.tile_rows,
                         column = at[w.axes - 1] * w.tile_columns;
      Axis rows = w.rows, columns = w.columns;
      rows.size = std::min(w.tile_rows, w.rows.size - row);
      columns.size = std::min(w.tile_columns, w.columns.size - column);
      put_tile<Put>(rows, columns, w.block, streamed, value + from, selection + to);
    }
  });
}

}  // namespace

void copy_from_region(DType dtype, const StridedRegion& region, const void* value,
                      void* selection) {
  dispatch(dtype, [&]<class T>() {
    walk<CopyOut>(region, static_cast<const T*>(value), static_cast<T*>(selection));
  });
}

void copy_into_region(DType dtype, const StridedRegion& region, const void* selection,
                      void* value) {
  dispatch(dtype, [&]<class T>() {
    walk<CopyIn>(region, static_cast<T*>(value), static_cast<const T*>(selection));
  });
}

void add_into_region(DType dtype, const StridedRegion& region, std::int64_t numel,
                     const void* selection, bool accumulate, void* value) {
  dispatch_floating(dtype, [&]<class T>() {
    T* const to = static_cast<T*>(value);
    const T* const from = static_cast<const T*>(selection);
    if (accumulate) return walk<AddIn>(region, to, from);
    if (numel_of(region) < numel) std::fill_n(to, numel, T(0));
    walk<CopyIn>(region, to, from);
  });
}

}  // namespace xgrad::detail

#include "kernels/strided.hpp"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <numeric>
#include <type_traits>

#include <xgrad/graph/parallel.hpp>
#include <xgrad/graph/streaming.hpp>

#include "kernels/odometer.hpp"
#include "kernels/transpose.hpp"

namespace xgrad::detail {
namespace {

std::int64_t numel_of(const StridedRegion& region) {
  if (std::find(region.size, region.size + region.axes, 0) != region.size + region.axes) return 0;
  return std::accumulate(region.size, region.size + region.axes, std::int64_t{1},
                         std::multiplies<>());
}

// The sides of a tile that is copied at once: both fit into the nearest cache.
constexpr std::int64_t tile = 64;
constexpr std::int64_t cache_line = 64;

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

struct Repeat {
  template <class Width, class T>
  static void run(T number, T* to, std::int64_t n) {
    using L = Lane<BitsOf<T>, Width>;
    const L lane(std::bit_cast<BitsOf<T>>(number));
    std::int64_t i = 0;
    for (; i + L::size <= n; i += L::size) lane.store(reinterpret_cast<BitsOf<T>*>(to + i));
    std::fill_n(to + i, n - i, number);
  }
};

template <class Put, class V, class S>
void put_line(const Axis& axis, V* __restrict value, S* __restrict selection) {
  const std::int64_t n = axis.size, v = axis.value, s = axis.selection;
  if constexpr (!Put::into_value)
    if (s == 1 && v == 0) return run_best<Repeat, S, S*, std::int64_t>(*value, selection, n);
  if (s == 1 && v == -1)
    for (std::int64_t i = 0; i < n; ++i) Put::put(*(value - i), selection[i]);
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

template <class T>
void transpose(const T* x, std::int64_t x_line, T* y, std::int64_t y_line, std::int64_t rows,
               std::int64_t columns, bool streamed = false) {
  run_best<Transpose, const T*, std::int64_t, T*, std::int64_t, std::int64_t, std::int64_t, bool>(
      x, x_line, y, y_line, rows, columns, streamed);
}
// Whether each line starts a cache line.
template <class T>
bool is_aligned(const T* lines, std::int64_t line) {
  return reinterpret_cast<std::uintptr_t>(lines) % cache_line == 0 &&
         line % transposed_side<T> == 0;
}

// The part of a tile that Transpose takes. Its value runs along the outer axis, and its selection
// along the inner one.
template <class Put, class V, class S>
void put_squares(const Axis& outer, const Axis& inner, bool streamed, V* value, S* selection) {
  if constexpr (std::is_same_v<Put, CopyOut>)
    return transpose<S>(value, inner.value, selection, outer.selection, inner.size, outer.size,
                        streamed && is_aligned(selection, outer.selection));
  if constexpr (std::is_same_v<Put, CopyIn>)
    return transpose<V>(selection, outer.selection, value, inner.value, outer.size, inner.size);
  if constexpr (std::is_same_v<Put, AddIn>) {
    alignas(cache_line) V lines[tile * tile];
    transpose<V>(selection, outer.selection, lines, outer.size, outer.size, inner.size);
    for (std::int64_t k = 0; k < inner.size; ++k)
      put_long_block<Put>(outer.size, value + k * inner.value, lines + k * outer.size);
  }
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
  constexpr std::int64_t n = transposed_side<S>;
  const std::int64_t rows = outer.size / n * n, columns = inner.size / n * n;
  if (outer.value == 1 && inner.value != 0 && inner.selection == 1 && rows > 0 && columns > 0) {
    put_squares<Put>({rows, outer.value, outer.selection}, {columns, inner.value, inner.selection},
                     streamed, value, selection);
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
    if (streamed) stream_fence();
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

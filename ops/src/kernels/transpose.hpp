// transpose.hpp: matrices that are transposed within registers.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <type_traits>
#include <utility>

#include <xgrad/graph/lanes.hpp>

#include "kernels/strided_lanes.hpp"

namespace xgrad::detail {

/// Lane k has element k of each of the lanes.
template <class L>
struct TransposedLanes {
  using Lanes = std::array<L, L::size>;
  static constexpr std::make_integer_sequence<int, L::size> all{};

  // In each turn, the highest bit of an element's place in its lane becomes the lowest of its
  // lane's number, and the highest of that the lowest of the place.
  template <int turn = 1>
  static Lanes exchanged(const Lanes& lanes) {
    if constexpr (turn == L::size)
      return lanes;
    else
      return exchanged<2 * turn>(after_turn(lanes, all));
  }
  template <int... i>
  static Lanes after_turn(const Lanes& lanes, std::integer_sequence<int, i...>) {
    return {L(in_turns<i % 2>(lanes[i / 2].v, lanes[i / 2 + L::size / 2].v, all))...};
  }
};
template <class L, std::size_t n>
std::array<L, n> transposed(const std::array<L, n>& lanes) {
  return TransposedLanes<L>::exchanged(lanes);
}

/// The elements of a cache line: a Transpose takes as many rows and columns at a time.
template <class T>
inline constexpr std::int64_t transposed_side = 64 / static_cast<std::int64_t>(sizeof(T));

/// y[j * y_line + i] = x[i * x_line + j] for i < rows and j < columns, of which both are multiples
/// of transposed_side. Lines of the cache are read whole and written whole, so that it does not
/// matter when far apart lines displace each other. `streamed` lines go past the caches; they are
/// aligned.
struct Transpose {
  template <class Width, class T>
  static void run(const T* x, std::int64_t x_line, T* y, std::int64_t y_line, std::int64_t rows,
                  std::int64_t columns, bool streamed) {
    using Held = std::conditional_t<sizeof(T) == 1, Baseline, Width>;  // 64 lanes would not fit
    const Lines<Lane<BitsOf<T>, Held>> lines{x_line, y_line};
    const auto* const from = reinterpret_cast<const BitsOf<T>*>(x);
    auto* const to = reinterpret_cast<BitsOf<T>*>(y);
    if (streamed)
      lines.template put<true>(from, to, rows, columns);
    else
      lines.template put<false>(from, to, rows, columns);
  }

 private:
  template <class L>
  struct Lines {
    using T = typename L::Element;
    using Lanes = std::array<L, L::size>;
    static constexpr std::int64_t side = transposed_side<T>;
    static constexpr std::make_integer_sequence<int, L::size> all{};
    std::int64_t x_line, y_line;

    // Along the rows of x past the caches, else along those of y, which the caches then keep.
    template <bool streamed>
    void put(const T* x, T* y, std::int64_t rows, std::int64_t columns) const {
      if constexpr (streamed)
        for (std::int64_t i = 0; i < rows; i += side)
          for (std::int64_t j = 0; j < columns; j += side) put_square<true>(x, y, i, j);
      else
        for (std::int64_t j = 0; j < columns; j += side)
          for (std::int64_t i = 0; i < rows; i += side) put_square<false>(x, y, i, j);
    }

   private:
    template <bool streamed>
    void put_square(const T* x, T* y, std::int64_t i, std::int64_t j) const {
      for (std::int64_t k = j; k < j + side; k += L::size)
        put_lines<streamed>(x + i * x_line + k, y + k * y_line + i);
    }
    // A cache line in each of as many lines of y as a lane has elements. Parts of a streamed one
    // follow each other, because the memory collects them.
    template <bool streamed>
    void put_lines(const T* x, T* y) const {
      constexpr int parts = side / L::size;
      Lanes lanes[parts];
      for (int p = 0; p < parts; ++p) lanes[p] = transposed(loaded(x + p * L::size * x_line, all));
      for (int i = 0; i < L::size; ++i, y += y_line) {
        for (int p = 0; p < parts; ++p)
          streamed ? lanes[p][i].stream_aligned(y + p * L::size)
                   : lanes[p][i].store(y + p * L::size);
        if constexpr (streamed) std::atomic_signal_fence(std::memory_order_seq_cst);
      }
    }
    template <int... i>
    Lanes loaded(const T* x, std::integer_sequence<int, i...>) const {
      return {L::load(x + i * x_line)...};
    }
  };
};

/// y[j * y_line + i] = x[i * x_line + j], for any sizes.
template <class T>
void transpose_matrix(const T* x, std::int64_t x_line, std::int64_t rows, std::int64_t columns,
                      T* y, std::int64_t y_line) {
  constexpr std::int64_t side = transposed_side<T>;
  const std::int64_t r = rows / side * side, c = columns / side * side;
  run_best<Transpose, const T*, std::int64_t, T*, std::int64_t, std::int64_t, std::int64_t, bool>(
      x, x_line, y, y_line, r, c, false);
  for (std::int64_t i = 0; i < rows; ++i)
    for (std::int64_t j = i < r ? c : 0; j < columns; ++j) y[j * y_line + i] = x[i * x_line + j];
}
/// Of lines without gaps.
template <class T>
void transpose_matrix(const T* x, std::int64_t rows, std::int64_t columns, T* y) {
  transpose_matrix(x, columns, rows, columns, y, rows);
}

}  // namespace xgrad::detail

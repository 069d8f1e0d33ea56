// map_kernel.hpp: MapKernel, the kernel of all elementwise work. It runs a map on lanes along rows.
//
// A map takes a lane of each input and returns a std::array of lanes, one for each output. Examples
// are the value of a formula, its derivatives, and the step of an optimizer.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>

#include <xgrad/graph/lanes.hpp>

namespace xgrad::detail {

inline constexpr int max_arity = 6;
inline constexpr int max_inputs = max_arity + 2;  // gradients read the result and dy, too

/// Whole lanes for a kernel: element k of input i is at in[i] + (k & in_mask[i]), and likewise for
/// outputs. A mask is -1 for an operand that advances along the row, 0 for one that does not.
struct LaneRow {
  const void* in[max_inputs];
  void* out[max_arity];
  std::int64_t in_mask[max_inputs];
  std::int64_t out_mask[max_arity];
  std::int64_t n;          // a multiple of the elements in a lane
  std::uint32_t streamed;  // bit k: output k is written past the caches; aligned to 16 bytes
};
using LaneKernel = void (*)(const void* map, const LaneRow* row);

/// A kernel for each element type; null if there is none.
struct LaneKernels {
  LaneKernel bools, integers, floats, doubles;

  LaneKernel of(DType dtype) const {
    switch (dtype) {
      case DType::bool_:
        return bools;
      case DType::int64:
        return integers;
      case DType::float32:
        return floats;
      case DType::float64:
        return doubles;
    }
    __builtin_unreachable();
  }
  friend bool operator==(const LaneKernels&, const LaneKernels&) = default;
};

template <class X>
inline constexpr bool is_mask = false;
template <class T, class Width>
inline constexpr bool is_mask<Mask<T, Width>> = true;

/// How many of the first inputs of a map are always bool.
template <class Map>
constexpr std::size_t conditions_of() {
  if constexpr (requires { Map::conditions; })
    return Map::conditions;
  else
    return std::size_t{0};
}

/// Runs a map from N to M lanes along a row. It contains only the loop, so a formula compiles fast.
/// The library copies partial lanes into whole ones before and after.
template <class Map, class T, int N, int M>
struct MapKernel {
  template <class Width>
  static void run(const void* map, const LaneRow* row) {  // copies, since stores could alias them
    along<Width>(*static_cast<const Map*>(map), *row, std::make_index_sequence<N>(),
                 std::make_index_sequence<M>());
  }

 private:
  template <class Width, std::size_t... I, std::size_t... K>
  static void along(const Map given, const LaneRow row, std::index_sequence<I...> index,
                    std::index_sequence<K...>) {
    using L = Lane<T, Width>;
    const auto map = on_lanes<L>(given);
    const char* from[N] = {static_cast<const char*>(row.in[I])...};
    char* to[M] = {static_cast<char*>(row.out[K])...};
    const std::int64_t in_step[N] = {row.in_mask[I] & bytes_of<L, is_condition(I)>...},
                       out_step[M] = {row.out_mask[K] & bytes_of<L, gives_bool<L>(index)>...};
    for (std::int64_t left = row.n; left > 0; left -= L::size) {
      const auto y = map(load<L, is_condition(I)>(from[I])...);
      ((from[I] += in_step[I]), ...);
      std::uint32_t streamed = row.streamed;
      asm("" : "+r"(streamed));  // or the compiler would make two loops of one
      if (streamed == 0) [[likely]]
        (store<L>(y[K], to[K]), ...);
      else
        (store_or_stream<L>(y[K], to[K], (streamed >> K & 1) != 0), ...);
      ((to[K] += out_step[K]), ...);
    }
  }
  // A map may convert its numbers to lanes once, before the loop.
  template <class L>
  static auto on_lanes(const Map& map) {
    if constexpr (requires { map.template on<L>(); })
      return map.template on<L>();
    else
      return map;
  }
  static constexpr bool is_condition(std::size_t i) { return i < conditions_of<Map>(); }
  template <class L, std::size_t... I>
  static constexpr bool gives_bool(std::index_sequence<I...>) {
    using Y = decltype(on_lanes<L>(std::declval<const Map&>())(
        std::declval<const std::conditional_t<is_condition(I), typename L::MaskOf, L>&>()...)[0]);
    return is_mask<std::remove_cvref_t<Y>>;
  }
  // From one lane to the next.
  template <class L, bool of_bools>
  static constexpr std::int64_t bytes_of = L::size* static_cast<std::int64_t>(of_bools ? 1
                                                                                       : sizeof(T));

  template <class L, bool is_condition>
  static auto load(const char* from) {
    if constexpr (is_condition)
      return L::MaskOf::load(reinterpret_cast<const bool*>(from));
    else
      return L::load(reinterpret_cast<const T*>(from));
  }
  template <class L, class Y>
  static void store(const Y& y, char* to) {
    if constexpr (is_mask<Y>)
      y.store(reinterpret_cast<bool*>(to));
    else
      L(y).store(reinterpret_cast<T*>(to));
  }
  template <class L, class Y>
  static void store_or_stream(const Y& y, char* to, bool streamed) {
    if constexpr (is_mask<Y>)
      store<L>(y, to);
    else if (streamed)
      L(y).stream(reinterpret_cast<T*>(to));
    else
      store<L>(y, to);
  }
};

/// The kernel of a map for elements of T, compiled for the best instruction set of this machine.
template <class Map, class T, int N, int M>
LaneKernel best_kernel() {
  return best<MapKernel<Map, T, N, M>, const void*, const LaneRow*>();
}

/// Runs a map on elements [begin, end) of arrays, in this thread. Outputs may alias inputs. A null
/// input counts as zeros; a null output is not stored.
void map_elements(LaneKernel kernel, const void* map, DType dtype, std::int64_t begin,
                  std::int64_t end, std::span<const void* const> in, std::span<void* const> out);

}  // namespace xgrad::detail

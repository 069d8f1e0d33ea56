#include "kernels/places_product.hpp"

#include <algorithm>
#include <array>

#include <xgrad/graph/lanes.hpp>
#include <xgrad/graph/vector_instructions.hpp>

#include "kernels/repeat.hpp"
#include "kernels/transpose.hpp"

namespace xgrad::detail {
namespace {

struct Kernel {
  template <class Width>
  static void run(const PlacesProduct* p) {
    constexpr std::int64_t size = Lane<float, Width>::size;
    for (std::int64_t c = 0; c < p->channels; c += 2 * size)
      if (p->channels - c > size)
        channels<Width, 2>(*p, c);
      else
        channels<Width, 1>(*p, c);
  }

 private:
  // The rows of a tile that, with two lanes each, fill the registers. clang 14 does not keep more
  // than 16 sums in them.
#ifdef __clang__
  static constexpr int most_wide = 8;
#else
  static constexpr int most_wide = 10;
#endif
  template <class Width>
  static constexpr int most = Width::bytes == 64   ? most_wide
                              : Width::bytes == 32 ? 6
                                                   : 4;

  // In tiles of about equal numbers of rows.
  template <class Width, int vectors>
  static void channels(const PlacesProduct& p, std::int64_t c) {
    const std::int64_t tiles = (p.at_count + most<Width> - 1) / most<Width>;
    for (std::int64_t t = 0; t < tiles; ++t) {
      const std::int64_t first = t * p.at_count / tiles, next = (t + 1) * p.at_count / tiles;
      choose<Width, vectors, most<Width>>(p, c, first, next - first);
    }
  }
  template <class Width, int vectors, int rows>
  static void choose(const PlacesProduct& p, std::int64_t c, std::int64_t first,
                     std::int64_t wanted) {
    if (wanted == rows) return tile<Width, vectors, rows>(p, c, first);
    if constexpr (rows > 1) choose<Width, vectors, rows - 1>(p, c, first, wanted);
  }

  template <class Width, int vectors, int rows>
  static void tile(const PlacesProduct& p, std::int64_t c, std::int64_t first) {
    using L = Lane<float, Width>;
    using V = typename L::Vector;
    V sum[rows * vectors];
    const std::int64_t line = p.same_start ? 0 : L::size, lines = p.same_start ? 1 : p.at_count;
    const float* const start = p.start + c * lines + first * line;
    repeat<rows * vectors>([&](auto i) {
      sum[i] = L::load(start + i / vectors * line + i % vectors * lines * L::size).v;
    });
    const float* at[rows];
    repeat<rows>([&](auto r) { at[r] = p.x + p.at[first + r]; });
    const float* w = p.w + c * p.w_count;
    const std::int64_t next = p.w_count * L::size;
    for (std::int64_t k = 0; k < p.along_count; ++k, w += L::size) {
      const std::int64_t offset = p.along[k];
      V lanes[vectors];
      repeat<vectors>([&](auto v) { lanes[v] = L::load(w + v * next).v; });
      repeat<rows>([&](auto r) {
        V number;
        broadcast(at[r] + offset, number);
        repeat<vectors>([&](auto v) { sum[r * vectors + v] += number * lanes[v]; });
      });
    }
    float* const y = p.y + c * p.at_count + first * L::size;
    repeat<rows * vectors>([&](auto i) {
      L(sum[i]).store(y + i / vectors * L::size + i % vectors * p.at_count * L::size);
    });
  }
};

struct PackChannels {
  template <class Width>
  static void run(const float* x, std::int64_t channels, std::int64_t count, float* packed) {
    using L = Lane<float, Width>;
    for (std::int64_t c = 0; c < channels; c += L::size, packed += count * L::size) {
      const float* const from = x + c * count;
      const std::int64_t n = std::min<std::int64_t>(L::size, channels - c);
      std::int64_t i = 0;
      if (n == L::size)
        for (; i + L::size <= count; i += L::size)
          pack_square<L>(from + i, count, packed + i * L::size);
      for (; i < count; ++i)
        for (std::int64_t k = 0; k < L::size; ++k)
          packed[i * L::size + k] = k < n ? from[k * count + i] : 0;
    }
  }

 private:
  template <class L>
  static void pack_square(const float* x, std::int64_t line, float* to) {
    std::array<L, L::size> lanes;
    repeat<L::size>([&](auto i) { lanes[i] = L::load(x + i * line); });
    lanes = transposed(lanes);
    repeat<L::size>([&](auto i) { lanes[i].store(to + i * L::size); });
  }
};

struct UnpackChannels {
  template <class Width>
  static void run(const float* packed, std::int64_t channels, std::int64_t count, float* x,
                  std::int64_t next) {
    using L = Lane<float, Width>;
    for (std::int64_t c = 0; c < channels; c += L::size, packed += count * L::size) {
      float* const to = x + c * next;
      const std::int64_t n = std::min<std::int64_t>(L::size, channels - c);
      std::int64_t i = 0;
      for (; i + L::size <= count; i += L::size)
        unpack_square<L>(packed + i * L::size, n, to + i, next);
      for (; i < count; ++i)
        for (std::int64_t k = 0; k < n; ++k) to[k * next + i] = packed[i * L::size + k];
    }
  }

 private:
  template <class L>
  static void unpack_square(const float* from, std::int64_t channels, float* x, std::int64_t line) {
    std::array<L, L::size> lanes;
    repeat<L::size>([&](auto i) { lanes[i] = L::load(from + i * L::size); });
    lanes = transposed(lanes);
    repeat<L::size>([&](auto k) {
      if (k < channels) lanes[k].store(x + k * line);
    });
  }
};

struct FloatsOfLane {
  template <class Width>
  static void run(std::int64_t* floats) {
    *floats = Lane<float, Width>::size;
  }
};

}  // namespace

void places_product(const PlacesProduct& p) { run_best<Kernel, const PlacesProduct*>(&p); }

void pack_channels(const float* x, std::int64_t channels, std::int64_t count, float* packed) {
  run_best<PackChannels, const float*, std::int64_t, std::int64_t, float*>(x, channels, count,
                                                                           packed);
}
void unpack_channels(const float* packed, std::int64_t channels, std::int64_t count, float* x,
                     std::int64_t next) {
  run_best<UnpackChannels, const float*, std::int64_t, std::int64_t, float*, std::int64_t>(
      packed, channels, count, x, next);
}
std::int64_t floats_of_lane() {
  std::int64_t floats = 0;
  run_best<FloatsOfLane, std::int64_t*>(&floats);
  return floats;
}
std::int64_t packed_numel(std::int64_t channels, std::int64_t count) {
  constexpr std::int64_t widest = Avx512::bytes / sizeof(float);
  return (channels + widest - 1) / widest * widest * count;
}

}  // namespace xgrad::detail

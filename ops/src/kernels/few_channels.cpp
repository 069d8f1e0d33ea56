#include "kernels/few_channels.hpp"

#include <algorithm>

#include <xgrad/graph/lanes.hpp>
#include <xgrad/graph/vector_instructions.hpp>

#include "kernels/repeat.hpp"

namespace xgrad::detail {
namespace {

// Lanes that fill the registers beside `channels` others, at most four.
template <class Width>
constexpr int lanes_beside(int channels) {
  return std::clamp((Width::bytes == 64 ? 24 : 12) / channels, 1, 4);
}

// Calls F::run<Width, channels>(args...) for a number of channels that is known when it runs.
template <class F, class Width, int most = few_channels, class... Args>
void choose(std::int64_t channels, Args... args) {
  if (channels == most) return F::template run<Width, most>(args...);
  if constexpr (most > 1) choose<F, Width, most - 1>(channels, args...);
}

struct SumAlongKernel {
  template <class Width>
  static void run(const SumAlong* a) {
    choose<Tiles, Width>(a->channels, a);
  }

 private:
  struct Tiles {
    template <class Width, int channels>
    static void run(const SumAlong* a) {
      constexpr int lanes = lanes_beside<Width>(channels);
      constexpr std::int64_t size = Lane<float, Width>::size;
      std::int64_t i = 0;
      for (; i + lanes * size <= a->count; i += lanes * size)
        tile<Width, channels, lanes>(*a, i, 0);
      for (; i + size <= a->count; i += size) tile<Width, channels, 1>(*a, i, 0);
      // the rest as the last elements of a lane, of which the first are there already
      if (i < a->count) tile<Width, channels, 1>(*a, a->count - size, i + size - a->count);
    }
  };
  // All elements of the lanes but the first `known`.
  template <class Width, int channels, int lanes>
  static void tile(const SumAlong& a, std::int64_t i, std::int64_t known) {
    using L = Lane<float, Width>;
    using V = typename L::Vector;
    V sum[channels * lanes];
    float* const y = a.y + i;
    repeat<channels * lanes>([&](auto s) {
      constexpr int c = s / lanes;
      sum[s] = a.adds               ? L::load(y + c * a.y_next + s % lanes * L::size).v
               : a.start == nullptr ? V{}
                                    : L(a.start[c]).v;
    });
    for (std::int64_t k = 0; k < a.along_count; ++k) {
      const float* const from = a.x + i + a.along[k];
      V x[lanes];
      repeat<lanes>([&](auto n) { x[n] = L::load(from + n * L::size).v; });
      repeat<channels>([&](auto c) {
        V weight;
        broadcast(a.w + c * a.w_next + k, weight);
        repeat<lanes>([&](auto n) { sum[c * lanes + n] += weight * x[n]; });
      });
    }
    repeat<channels * lanes>([&](auto s) {
      float* const to = y + s / lanes * a.y_next + s % lanes * L::size;
      if (known == 0)
        L(sum[s]).store(to);
      else
        for (std::int64_t e = known; e < L::size; ++e) to[e] = sum[s][e];
    });
  }
};

struct OverRows {
  const float *x, *y;
  std::int64_t plane;
  const PlaceRows* places;
  const std::int64_t* along;
  std::int64_t along_count;
  double* sums;
};

struct SumOverRows {
  template <class Width>
  static void run(const OverRows* o, std::int64_t channels) {
    choose<Tiles, Width>(channels, o);
  }

 private:
  struct Tiles {
    template <class Width, int channels>
    static void run(const OverRows* o) {
      constexpr int most = lanes_beside<Width>(channels);
      std::int64_t k = 0;
      for (; k + most <= o->along_count; k += most) tile<Width, channels, most>(*o, k);
      for (; k < o->along_count; ++k) tile<Width, channels, 1>(*o, k);
    }
  };
  template <class Width, int channels, int elements>
  static void tile(const OverRows& o, std::int64_t k) {
    using L = Lane<float, Width>;
    using V = typename L::Vector;
    const PlaceRows& places = *o.places;
    const float* from[elements];
    repeat<elements>([&](auto e) { from[e] = o.x + o.along[k + e]; });
    V sum[channels * elements];
    repeat<channels * elements>([&](auto s) { sum[s] = V{}; });
    const auto add = [&](std::int64_t to, std::int64_t at, auto lane_of) {
      V x[elements];
      repeat<elements>([&](auto e) { x[e] = lane_of(from[e] + at).v; });
      repeat<channels>([&](auto c) {
        const V y = lane_of(o.y + c * o.plane + to).v;
        repeat<elements>([&](auto e) { sum[c * elements + e] += y * x[e]; });
      });
    };
    const std::int64_t rest = places.length % L::size, whole = places.length - rest;
    for (std::int64_t r = 0; r < places.rows; ++r) {
      for (std::int64_t i = 0; i < whole; i += L::size)
        add(places.to[r] + i, places.from[r] + i, [](const float* p) { return L::load(p); });
      if (rest > 0)  // what is behind the lanes, as the last ones of a whole lane
        add(places.to[r] + places.length - L::size, places.from[r] + places.length - L::size,
            [rest](const float* p) { return last_of(L::load(p), static_cast<int>(rest)); });
    }
    repeat<channels * elements>([&](auto s) {
      o.sums[s / elements * o.along_count + k + s % elements] +=
          static_cast<double>(L(sum[s]).sum());
    });
  }
  template <class L>
  static L last_of(const L& lane, int n) {
    typename L::Bits index;
    for (int i = 0; i < L::size; ++i) index[i] = i;
    const auto first = in_all_places<typename L::Bits>(static_cast<std::int32_t>(L::size - n));
    return L(index >= first ? lane.v : typename L::Vector{});
  }
};

}  // namespace

void sum_along(const SumAlong& s) { run_best<SumAlongKernel, const SumAlong*>(&s); }

void sum_over_rows(const float* x, const float* y, std::int64_t plane, std::int64_t channels,
                   const PlaceRows& places, const std::int64_t* along, std::int64_t along_count,
                   double* sums) {
  const OverRows o{x, y, plane, &places, along, along_count, sums};
  run_best<SumOverRows, const OverRows*, std::int64_t>(&o, channels);
}

}  // namespace xgrad::detail

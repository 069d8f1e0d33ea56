#include "kernels/group_norm.hpp"

#include <algorithm>

#include <xgrad/graph/parallel.hpp>
#include <xgrad/graph/scratch_vector.hpp>

#include "kernels/lane_loops.hpp"
#include "kernels/row_center.hpp"

namespace xgrad::detail {
namespace {

struct NormalizedPlane {
  template <class Width, class T>
  static void run(const T* x, Center<T> center, T weight, T bias, T* y, std::int64_t n) {
    using L = Lane<T, Width>;
    const L mean(center.mean), scale(center.scale * weight), shift(bias);
    for_lanes<L>(n, [&](std::int64_t i, int c) {
      store((load<L>(x, i, c) - mean) * scale + shift, y, i, c);
    });
  }
};

// Of a plane: the sums of dy and of dy xhat.
template <class T>
struct PlaneSums {
  T upstream, product;
};
struct SumsOfPlane {
  template <class Width, class T>
  static void run(const T* x, Center<T> center, const T* dy, std::int64_t n, PlaneSums<T>* sums) {
    using L = Lane<T, Width>;
    const L mean(center.mean), scale(center.scale);
    const auto all = sums_of_lanes<L, 2>(n, [&](std::int64_t i, int c) {
      const L up = load<L>(dy, i, c);
      return std::array<L, 2>{up, up * ((load<L>(x, i, c) - mean) * scale)};
    });
    *sums = {all[0], all[1]};
  }
};

// shift and share: mean(g) and mean(g xhat).
struct GradientOfPlane {
  template <class Width, class T>
  static void run(const T* x, Center<T> center, T weight, T shift, T share, const T* dy, T* dx,
                  std::int64_t n) {
    using L = Lane<T, Width>;
    const L mean(center.mean), scale(center.scale), w(weight), s(shift), h(share);
    for_lanes<L>(n, [&](std::int64_t i, int c) {
      const L xhat = (load<L>(x, i, c) - mean) * scale;
      store((load<L>(dy, i, c) * w - s - xhat * h) * scale, dx, i, c);
    });
  }
};

template <class T>
T at_or(const T* values, std::int64_t i, T otherwise) {
  return values == nullptr ? otherwise : values[i];
}

// Calls f(row): a group of a sample, of which the first channel is that of the group.
template <class F>
void for_groups(const GroupNorm& s, F f) {
  if (s.row() == 0) return;  // of however many groups
  const std::int64_t grain = std::max<std::int64_t>(1, parallel_grain / 4 / s.row());
  parallel_ranges(s.samples * s.groups, grain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row) f(row);
  });
}

// The gradient for x of a group, from the sums of its planes.
template <class T>
void gradient_of_group(const GroupNorm& s, const T* x, Center<T> center, const T* weight,
                       const PlaneSums<T>* sums, const T* dy, T* dx) {
  double shift = 0, share = 0;
  for (std::int64_t c = 0; c < s.channels; ++c) {
    const auto w = static_cast<double>(at_or(weight, c, T(1)));
    shift += w * static_cast<double>(sums[c].upstream);
    share += w * static_cast<double>(sums[c].product);
  }
  const auto n = static_cast<double>(s.row());
  for (std::int64_t c = 0; c < s.channels; ++c)
    run_best<GradientOfPlane, const T*, Center<T>, T, T, T, const T*, T*, std::int64_t>(
        x + c * s.plane, center, at_or(weight, c, T(1)), static_cast<T>(shift / n),
        static_cast<T>(share / n), dy + c * s.plane, dx + c * s.plane, s.plane);
}

// The sums of all samples for each channel.
template <class T>
void add_samples(const GroupNorm& s, const ScratchVector<PlaneSums<T>>& sums, T PlaneSums<T>::*of,
                 T* to) {
  if (to == nullptr) return;
  const std::int64_t channels = s.groups * s.channels;
  for (std::int64_t c = 0; c < channels; ++c) {
    double total = 0;
    for (std::int64_t k = 0; k < s.samples; ++k)
      total += static_cast<double>(sums[static_cast<std::size_t>(k * channels + c)].*of);
    to[c] = static_cast<T>(total);
  }
}

}  // namespace

void group_norm(DType dtype, const GroupNorm& s, const void* input, const NormAffine& affine,
                void* output) {
  dispatch_floating(dtype, [&]<class T>() {
    const T *const weight = static_cast<const T*>(affine.weight), *const bias =
                                                                      static_cast<const T*>(
                                                                          affine.bias);
    for_groups(s, [&](std::int64_t row) {
      const T* const x = static_cast<const T*>(input) + row * s.row();
      T* const y = static_cast<T*>(output) + row * s.row();
      const Center<T> center = center_of(x, s.row(), s.eps);
      for (std::int64_t c = 0; c < s.channels; ++c) {
        const std::int64_t channel = row % s.groups * s.channels + c;
        run_best<NormalizedPlane, const T*, Center<T>, T, T, T*, std::int64_t>(
            x + c * s.plane, center, at_or(weight, channel, T(1)), at_or(bias, channel, T(0)),
            y + c * s.plane, s.plane);
      }
    });
  });
}

void group_norm_gradient(DType dtype, const GroupNorm& s, const void* input, const void* weight,
                         const void* upstream, const NormGradients& to) {
  dispatch_floating(dtype, [&]<class T>() {
    ScratchVector<PlaneSums<T>> sums(static_cast<std::size_t>(s.samples * s.groups * s.channels),
                                     PlaneSums<T>{});
    for_groups(s, [&](std::int64_t row) {
      const T* const x = static_cast<const T*>(input) + row * s.row();
      const T* const dy = static_cast<const T*>(upstream) + row * s.row();
      const Center<T> center = center_of(x, s.row(), s.eps);
      PlaneSums<T>* const own = sums.data() + row * s.channels;
      for (std::int64_t c = 0; c < s.channels; ++c)
        run_best<SumsOfPlane, const T*, Center<T>, const T*, std::int64_t, PlaneSums<T>*>(
            x + c * s.plane, center, dy + c * s.plane, s.plane, own + c);
      const T* const w = static_cast<const T*>(weight);
      if (to.x != nullptr)
        gradient_of_group(s, x, center, w == nullptr ? nullptr : w + row % s.groups * s.channels,
                          own, dy, static_cast<T*>(to.x) + row * s.row());
    });
    add_samples(s, sums, &PlaneSums<T>::product, static_cast<T*>(to.weight));
    add_samples(s, sums, &PlaneSums<T>::upstream, static_cast<T*>(to.bias));
  });
}

}  // namespace xgrad::detail

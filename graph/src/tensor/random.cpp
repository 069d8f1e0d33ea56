#include <xgrad/graph/random.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include <xgrad/graph/default_dtype.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/parallel.hpp>
#include <xgrad/graph/philox.hpp>

#include "tensor/make.hpp"

namespace xgrad {
namespace {

using Bits = Generator::Bits;

// Element i takes its numbers from call i / per_call of `next`, whichever thread computes it.
template <int per_call, class T, class F>
void fill_by_bits(T* to, std::int64_t count, Generator& generator, F&& f) {
  const std::int64_t calls = (count + per_call - 1) / per_call;
  const std::uint64_t first = generator.skip(static_cast<std::uint64_t>(calls));
  detail::parallel_ranges(calls, 4096, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t c = begin; c < end; ++c) {
      T made[per_call];
      f(generator.at(first + static_cast<std::uint64_t>(c)), made);
      std::copy_n(made, std::min<std::int64_t>(per_call, count - c * per_call), to + c * per_call);
    }
  });
}

double uniform53(std::uint32_t high, std::uint32_t low) {
  return static_cast<double>((std::uint64_t{high} << 32 | low) >> 11) * 0x1p-53;
}

// Two normal numbers from two uniform ones, the first of which is not 0.
void box_muller(double u, double v, double* out) {
  const double radius = std::sqrt(-2 * std::log1p(-u));
  out[0] = radius * std::cos(2 * std::numbers::pi * v);
  out[1] = radius * std::sin(2 * std::numbers::pi * v);
}

void fill_uniform(float* to, std::int64_t count, Generator& generator) {
  fill_by_bits<4>(to, count, generator, [](const Bits& bits, float* made) {
    for (int i = 0; i < 4; ++i) made[i] = static_cast<float>(bits.word[i] >> 8) * 0x1p-24F;
  });
}
void fill_uniform(double* to, std::int64_t count, Generator& generator) {
  fill_by_bits<2>(to, count, generator, [](const Bits& bits, double* made) {
    made[0] = uniform53(bits.word[0], bits.word[1]);
    made[1] = uniform53(bits.word[2], bits.word[3]);
  });
}

template <class T>
void fill_normal(T* to, std::int64_t count, Generator& generator) {
  fill_by_bits<2>(to, count, generator, [](const Bits& bits, T* made) {
    double normal[2];
    box_muller(uniform53(bits.word[0], bits.word[1]), uniform53(bits.word[2], bits.word[3]),
               normal);
    made[0] = static_cast<T>(normal[0]);
    made[1] = static_cast<T>(normal[1]);
  });
}

Generator& generator_of(const TensorOptions& options) {
  return options.generator != nullptr ? *options.generator : default_generator();
}

template <class F>
Tensor floating(const char* op, const Shape& shape, const TensorOptions& options, Site site,
                F&& fill) {
  const DType dtype = options.dtype.value_or(get_default_dtype());
  if (!is_floating(dtype))
    throw DTypeError(fmt::format("{}: dtype is {}; it must be float32 or float64", op, name(dtype)),
                     site);
  const Tensor made = detail::make(op, shape, dtype, options, site);
  dispatch_floating(dtype, [&]<class T>() { fill(detail::raw<T>(made), made.numel()); });
  return made;
}

TensorOptions like_options(const Tensor& like, TensorOptions options) {
  if (!options.dtype) options.dtype = like.dtype();
  return options;
}

}  // namespace

Bits Generator::at(std::uint64_t counter) const noexcept {
  Bits bits;
  detail::philox(seed_, counter, bits.word);
  return bits;
}

std::uint64_t Generator::below(std::uint64_t bound) {
  if (bound == 0) throw ValueError("below: bound is 0; it must be at least 1");
  const std::uint64_t unfair = (0 - bound) % bound;  // 2^64 mod bound
  for (;;) {
    const Bits bits = next();
    const std::uint64_t x = std::uint64_t{bits.word[0]} << 32 | bits.word[1];
    if (x >= unfair) return x % bound;
  }
}

Generator& default_generator() noexcept {
  static thread_local Generator generator;
  return generator;
}

void manual_seed(std::uint64_t seed) noexcept { default_generator().manual_seed(seed); }

Tensor rand(const Shape& shape, const TensorOptions& options, Site site) {
  return floating("rand", shape, options, site, [&](auto* to, std::int64_t count) {
    fill_uniform(to, count, generator_of(options));
  });
}

Tensor randn(const Shape& shape, const TensorOptions& options, Site site) {
  return floating("randn", shape, options, site, [&](auto* to, std::int64_t count) {
    fill_normal(to, count, generator_of(options));
  });
}

Tensor randint(std::int64_t low, std::int64_t high, const Shape& shape,
               const TensorOptions& options, Site site) {
  if (low >= high)
    throw ValueError(
        fmt::format("randint: the range [{}, {}) is empty; low must be less than high", low, high),
        site);
  const Tensor made = detail::make("randint", shape, options.dtype.value_or(int64), options, site);
  const auto range = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
  dispatch(made.dtype(), [&]<class T>() {
    std::generate_n(detail::raw<T>(made), made.numel(), [&] {
      return static_cast<T>(static_cast<std::int64_t>(static_cast<std::uint64_t>(low) +
                                                      generator_of(options).below(range)));
    });
  });
  return made;
}

Tensor rand_like(const Tensor& like, const TensorOptions& options, Site site) {
  const OpScope scope("rand_like", site);
  return rand(like.shape(), like_options(like, options), site);
}
Tensor randn_like(const Tensor& like, const TensorOptions& options, Site site) {
  const OpScope scope("randn_like", site);
  return randn(like.shape(), like_options(like, options), site);
}
Tensor randint_like(const Tensor& like, std::int64_t low, std::int64_t high,
                    const TensorOptions& options, Site site) {
  const OpScope scope("randint_like", site);
  return randint(low, high, like.shape(), like_options(like, options), site);
}

}  // namespace xgrad

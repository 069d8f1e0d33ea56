#include <xgrad/graph/random.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <xgrad/graph/default_dtype.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/philox.hpp>

#include "tensor/make.hpp"
#include "tensor/random_numbers.hpp"

namespace xgrad {
namespace {

using Bits = Generator::Bits;

// The part of the generator's stream that `count` numbers take, `each` for a position.
detail::StreamPosition take(Generator& generator, std::int64_t count, std::int64_t each) {
  const std::int64_t steps = (count + each - 1) / each;
  return {generator.seed(), generator.skip(static_cast<std::uint64_t>(steps))};
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
    detail::uniform_numbers(take(generator_of(options), count, sizeof *to == 4 ? 4 : 2), count, to);
  });
}

Tensor randn(const Shape& shape, const TensorOptions& options, Site site) {
  return floating("randn", shape, options, site, [&](auto* to, std::int64_t count) {
    detail::normal_numbers(take(generator_of(options), count, 2), count, to);
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

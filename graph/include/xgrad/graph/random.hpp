// random.hpp: counter-based random numbers, which are the same on every machine.
#pragma once

#include <cstdint>

#include <xgrad/graph/creation.hpp>

namespace xgrad {

class StateDict;  // <xgrad/graph/state_dict.hpp>

/// A random number generator: Philox4x32-10 (Salmon et al., SC 2011), with the seed as its key.
class Generator {
 public:
  explicit Generator(std::uint64_t seed = default_seed) noexcept : seed_(seed) {}
  static constexpr std::uint64_t default_seed = 67280421310721;

  std::uint64_t seed() const noexcept { return seed_; }
  void manual_seed(std::uint64_t seed) noexcept {
    seed_ = seed;
    counter_ = 0;
  }
  /// The next 128 bits.
  struct Bits {
    std::uint32_t word[4];
  };
  Bits next() noexcept { return at(counter_++); }
  /// The bits that `next` returns after `counter` calls. Does not advance the generator.
  Bits at(std::uint64_t counter) const noexcept;
  /// Advances by `count` calls of `next`. @return the counter of the first of them.
  std::uint64_t skip(std::uint64_t count) noexcept {
    counter_ += count;
    return counter_ - count;
  }
  /// A uniformly distributed integer in [0, bound). @throws ValueError if bound is 0.
  std::uint64_t below(std::uint64_t bound);

  /// The state from which the same numbers follow: "seed" and "counter", as int64.
  StateDict state_dict() const;
  /// @throws ValueError  if entries are missing, unexpected or of another type. Nothing has been
  ///                     changed then.
  void load_state_dict(const StateDict& state, Site site = {__builtin_FILE(), __builtin_LINE()});

 private:
  std::uint64_t seed_;
  std::uint64_t counter_ = 0;
};

/// The calling thread's generator, which random functions use by default.
Generator& default_generator() noexcept;
/// Seeds the calling thread's default generator.
void manual_seed(std::uint64_t seed) noexcept;

/// A tensor of uniformly distributed numbers in [0, 1).
Tensor rand(const Shape& shape, const TensorOptions& options = {},
            Site site = {__builtin_FILE(), __builtin_LINE()});
/// A tensor of normally distributed numbers with mean 0 and standard deviation 1 (Box and Muller,
/// 1958).
Tensor randn(const Shape& shape, const TensorOptions& options = {},
             Site site = {__builtin_FILE(), __builtin_LINE()});
XGRAD_BARE_SIZES(rand)
XGRAD_BARE_SIZES(randn)
/// A tensor of uniformly distributed integers in [low, high). The dtype is int64 by default.
/// @throws ValueError unless low < high.
Tensor randint(std::int64_t low, std::int64_t high, const Shape& shape,
               const TensorOptions& options = {}, Site site = {__builtin_FILE(), __builtin_LINE()});
Tensor rand_like(const Tensor& like, const TensorOptions& options = {},
                 Site site = {__builtin_FILE(), __builtin_LINE()});
Tensor randn_like(const Tensor& like, const TensorOptions& options = {},
                  Site site = {__builtin_FILE(), __builtin_LINE()});
Tensor randint_like(const Tensor& like, std::int64_t low, std::int64_t high,
                    const TensorOptions& options = {},
                    Site site = {__builtin_FILE(), __builtin_LINE()});

}  // namespace xgrad

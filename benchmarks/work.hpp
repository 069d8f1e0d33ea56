// work.hpp: a piece of work and its answer, as both sides see it: ours, and the peer's module,
// which is loaded at run time and may be compiled as C++17.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace bench {

/// What is compared of an array: the sum of its elements, their sum with weights that depend on the
/// position, the sum of their magnitudes, which is the scale of both, and some of the elements.
struct Digest {
  static constexpr std::int64_t samples = 16;

  double count = 0, sum = 0, weighted = 0, magnitude = 0;
  std::vector<double> some;

  template <class T>
  static Digest of(const T* elements, std::int64_t n) {
    Digest d;
    d.count = static_cast<double>(n);
    for (std::int64_t i = 0; i < n; ++i) {
      const double x = static_cast<double>(elements[i]);
      d.sum += x;
      d.weighted += x * static_cast<double>((i * 2654435761) >> 7 & 255) / 255;
      d.magnitude += std::abs(x);
    }
    for (std::int64_t k = 0; k < std::min(n, samples); ++k)
      d.some.push_back(static_cast<double>(elements[k * 7919 % n]));
    return d;
  }
  static Digest of(double x) { return of(&x, 1); }
  /// Whether the sums lie within `tolerance` times the magnitude, and the elements within so many
  /// of their own size, or of the mean of all if that is larger.
  bool near(const Digest& other, double tolerance) const {
    constexpr double for_elements = 50;
    const double scale = std::max(magnitude, other.magnitude), allowed = tolerance * scale;
    bool agrees = count == other.count && some.size() == other.some.size() &&
                  std::abs(sum - other.sum) <= allowed &&
                  std::abs(weighted - other.weighted) <= allowed;
    for (std::size_t k = 0; agrees && k < some.size(); ++k)
      agrees = std::abs(some[k] - other.some[k]) <=
               for_elements * tolerance * std::max(std::abs(other.some[k]), scale / count);
    return agrees;
  }
};
/// One digest for each array: results first, then gradients.
using Answer = std::vector<Digest>;

struct Work {
  std::function<void()> run;       // what is timed
  std::function<Answer()> answer;  // of the last run, or, in trainings, the losses of all runs
};

/// An array that both sides fill alike: spread over [low, high) by a hash of the position.
struct Input {
  enum class Type { float32, float64, int64, boolean, permutation };  // of floats, all different

  std::vector<std::int64_t> shape;
  double low = -1, high = 1;
  Type type = Type::float32;
  bool differentiable = true;

  std::int64_t numel() const {
    std::int64_t n = 1;
    for (const std::int64_t size : shape) n *= size;
    return n;
  }
  bool is_floating() const { return type != Type::int64 && type != Type::boolean; }
  /// Element k of input i.
  double at(std::int64_t k, std::size_t i) const {
    if (type == Type::permutation) return place_of(k);
    std::uint64_t z = (static_cast<std::uint64_t>(k) * 31 + i + 1) * 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    const double u = static_cast<double>((z ^ (z >> 31)) >> 40) * 0x1p-24;
    const double x = low + (high - low) * u;
    return is_floating() ? x : std::floor(x);
  }
  /// k / numel with its bits mixed, in [low, high). numel is a power of 2, at most 2^24.
  double place_of(std::int64_t k) const {
    const auto n = static_cast<std::uint64_t>(numel());
    std::uint64_t x = static_cast<std::uint64_t>(k);
    for (int round = 0; round < 3; ++round) {
      x = x * 2654435761 % n;
      x ^= x >> 11;
    }
    return low + (high - low) * static_cast<double>(x) / static_cast<double>(n);
  }
  template <class T>
  void fill(T* to, std::size_t i) const {
    for (std::int64_t k = 0; k < numel(); ++k) to[k] = static_cast<T>(at(k, i));
  }
};

/// What the sweep starts from: the gradient of a result.
inline Input upstream(std::vector<std::int64_t> shape, bool is_float64) {
  return {std::move(shape), -1, 1, is_float64 ? Input::Type::float64 : Input::Type::float32, false};
}
constexpr std::size_t upstream_index = 99;

/// A parameter of a model, by the name that both sides give it.
struct Parameter {
  std::string name;
  std::vector<float> elements;
};
/// One batch; images or characters, and what they should become.
struct Batch {
  std::vector<std::int64_t> input_shape, target_shape;
  std::vector<float> images, numbers;             // numbers: targets of regressions
  std::vector<std::int64_t> characters, classes;  // classes: targets of classifications
};

/// All that the peer needs to do the same work.
struct Setup {
  std::vector<Input> inputs;
  bool backward = false;  // also the gradients of the inputs, from upstream()
  std::vector<Parameter> parameters;
  std::vector<Batch> batches;
};

/// What the peer's module fills in.
struct Peer {
  std::string name;  // with its version
  void (*set_threads)(int) = nullptr;
  std::map<std::string, std::function<Work(const Setup&)>> works;  // by the name of the case
};
/// The module's entry.
using LoadPeer = void (*)(Peer*);

}  // namespace bench

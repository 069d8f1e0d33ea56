// sampler.hpp: Sampler and BatchSampler, which tell a DataLoader the order of the samples.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <xgrad/graph/strict.hpp>
#include <xgrad/graph/tensor.hpp>

namespace xgrad::data {

namespace detail {

template <class S>
concept HasIndices = requires(const S& s, std::uint64_t epoch) {
  { s.size() } -> std::convertible_to<std::int64_t>;
  { s.indices(epoch) } -> std::convertible_to<Tensor>;
};
template <class S>
concept HasBatches = requires(const S& s, std::uint64_t epoch) {
  { s.size() } -> std::convertible_to<std::int64_t>;
  { s.batches(epoch) } -> std::convertible_to<std::vector<std::vector<std::int64_t>>>;
};
template <class S>
concept HasText = requires(const S& s) {
  { s.to_string() } -> std::convertible_to<std::string>;
};

template <class S>
std::string text_of(const S& sampler) {
  if constexpr (HasText<S>)
    return sampler.to_string();
  else
    return "custom";
}

}  // namespace detail

/// The order of an epoch's samples: any type with `size()`, the number of indices in an epoch, and
/// `indices(epoch)`, those indices as int64, 1-d. The indices depend on the epoch alone, so that a
/// loader can go on within an epoch after it was saved. samplers.hpp has PyTorch's.
///
/// With a `to_string()` that tells its options, a loader's state tells them too, and a loader with
/// another order refuses the state.
class Sampler {
 public:
  /// None: a loader then goes by its other options.
  Sampler() = default;
  template <class S>
  requires detail::HasIndices<S> &&(!std::same_as<S, Sampler>)  //
      Sampler(S sampler)
      : size_(sampler.size()), text_(detail::text_of(sampler)) {
    indices_ = [s = std::make_shared<const S>(std::move(sampler))](std::uint64_t epoch) {
      return Tensor(s->indices(epoch));
    };
  }

  explicit operator bool() const noexcept { return indices_ != nullptr; }
  /// The number of indices in an epoch.
  std::int64_t size() const noexcept { return size_; }
  /// The indices of an epoch.
  /// @throws ShapeError, DTypeError, ValueError  unless these are `size()` int64 in one dim.
  Tensor indices(std::uint64_t epoch = 0) const;
  const std::string& to_string() const noexcept { return text_; }

 private:
  std::function<Tensor(std::uint64_t)> indices_;
  std::int64_t size_ = 0;
  std::string text_;
};

/// The batches of an epoch: a Sampler's indices in groups, or any type with `size()`, the number of
/// batches in an epoch, and `batches(epoch)`, the indices of each as vectors. Batches may have
/// different sizes:
///
///     struct ByLength { ... std::vector<std::vector<std::int64_t>> batches(std::uint64_t) const;
///     }; data::DataLoader loader(texts, {.batch_sampler = ByLength(texts)});
class BatchSampler {
 public:
  using Batches = std::vector<std::vector<std::int64_t>>;

  /// None: a loader then goes by its other options.
  BatchSampler() = default;
  /// Groups of batch_size indices; the last one, if it is smaller, is dropped on request.
  /// @throws ValueError  if there is no sampler or batch_size is less than 1.
  BatchSampler(Sampler sampler, Count batch_size, Flag drop_last = false,
               Site site = {__builtin_FILE(), __builtin_LINE()});
  template <class S>
  requires detail::HasBatches<S> &&(!std::same_as<S, BatchSampler>)  //
      BatchSampler(S sampler)
      : size_(sampler.size()), text_(detail::text_of(sampler)) {
    batches_ = [s = std::make_shared<const S>(std::move(sampler))](std::uint64_t epoch) {
      return Batches(s->batches(epoch));
    };
  }

  explicit operator bool() const noexcept { return batches_ != nullptr; }
  /// The number of batches in an epoch.
  std::int64_t size() const noexcept { return size_; }
  /// The batches of an epoch. @throws ValueError  unless there are `size()` of them.
  Batches batches(std::uint64_t epoch = 0) const;
  const std::string& to_string() const noexcept { return text_; }

 private:
  std::function<Batches(std::uint64_t)> batches_;
  std::int64_t size_ = 0;
  std::string text_;
};

}  // namespace xgrad::data

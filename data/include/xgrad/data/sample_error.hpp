// sample_error.hpp: which samples an exception in a DataLoader's loop is about.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace xgrad::data {

/// A part of each exception that a DataLoader rethrows: the samples that it is about. The exception
/// has the type that the dataset threw, too:
///
///     try {
///       for (auto& batch : loader) ...
///     } catch (const data::SampleError& error) {
///       skip(error.samples());
///     }
///
/// It is the sample that was being fetched, or the whole batch if all had been, as when they cannot
/// be stacked. Of a dataset that makes whole batches, it is the first sample that also fails alone,
/// in the order and with the random numbers of the batch. Exceptions whose types are neither the
/// library's nor those of <stdexcept>, and std::bad_alloc, come out as they were thrown, without
/// this part; `DataLoader::failed_samples` tells the samples of those, too.
class SampleError {
 public:
  SampleError(std::vector<std::int64_t> samples, std::uint64_t epoch)
      : samples_(std::move(samples)), epoch_(epoch) {}
  virtual ~SampleError();

  /// Indices into the loader's dataset.
  const std::vector<std::int64_t>& samples() const noexcept { return samples_; }
  std::uint64_t epoch() const noexcept { return epoch_; }

 private:
  std::vector<std::int64_t> samples_;
  std::uint64_t epoch_;
};

namespace detail {
/// In a handler: throws what is handled, with the samples added.
[[noreturn]] void rethrow_with_samples(const std::vector<std::int64_t>& samples,
                                       std::uint64_t epoch);
}  // namespace detail

}  // namespace xgrad::data

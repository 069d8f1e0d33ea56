#include <xgrad/data/subset.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/op_scope.hpp>
#include <xgrad/ops/indexing.hpp>
#include <xgrad/ops/sampling.hpp>

namespace xgrad::data {
namespace {

constexpr const char* rule =
    "lengths are at least 0 and add up to the dataset's size, fractions to 1";

template <class T>
[[noreturn]] void refuse_lengths(const std::vector<T>& lengths, std::int64_t samples) {
  std::string all;
  for (const T length : lengths) all += fmt::format("{}{}", all.empty() ? "" : ", ", length);
  throw ValueError(
      fmt::format("random_split: lengths are [{}] of {} samples; {}", all, samples, rule));
}

std::vector<std::int64_t> rounded(const std::vector<double>& fractions, std::int64_t samples) {
  std::vector<std::int64_t> lengths;
  std::int64_t left = samples;
  for (const double f : fractions) {
    const double length = std::floor(f * static_cast<double>(samples));
    lengths.push_back(length < static_cast<double>(left) ? static_cast<std::int64_t>(length)
                                                         : left);
    left -= lengths.back();
  }
  for (std::size_t i = 0; left > 0; --left, i = (i + 1) % lengths.size()) ++lengths[i];
  return lengths;
}

bool add_up(const std::vector<double>& fractions) {
  const bool in_range =
      std::all_of(fractions.begin(), fractions.end(), [](double f) { return f >= 0 && f <= 1; });
  return in_range && std::abs(std::accumulate(fractions.begin(), fractions.end(), 0.0) - 1) < 1e-9;
}

bool add_up(const std::vector<std::int64_t>& lengths, std::int64_t samples) {
  for (const std::int64_t length : lengths) {
    if (length < 0 || length > samples) return false;
    samples -= length;
  }
  return samples == 0;
}

}  // namespace

namespace detail {

Tensor checked_indices(Tensor indices, std::int64_t samples, Site site) {
  const OpScope scope("Subset", site);
  if (indices.dtype() != int64)
    throw DTypeError(fmt::format("Subset: indices are {}; they must be int64",
                                 xgrad::detail::describe(indices)));
  if (indices.dim() != 1)
    throw ShapeError(fmt::format("Subset: indices are {}; they must have one dim",
                                 xgrad::detail::describe(indices)));
  for (const std::int64_t i : indices.span<std::int64_t>())
    if (i < 0 || i >= samples)
      throw ValueError(
          fmt::format("Subset: index {} is out of range; it must be in [0, {})", i, samples));
  return indices.clone();
}

Tensor at_indices(const Tensor& all, Indices indices, Site site) {
  const OpScope scope("Subset", site);
  Tensor chosen = empty({static_cast<std::int64_t>(indices.size())}, {.dtype = int64});
  std::int64_t* to = chosen.mutable_data<std::int64_t>();
  const std::int64_t* const from = all.data<std::int64_t>();
  for (const std::int64_t i : indices) {
    if (i < 0 || i >= all.size(0))
      throw ValueError(
          fmt::format("Subset: index {} is out of range; it must be in [0, {})", i, all.size(0)));
    *to++ = from[i];
  }
  return chosen;
}

std::vector<Tensor> split_indices(std::int64_t samples, const SplitLengths& lengths,
                                  Generator* generator, Site site) {
  const OpScope scope("random_split", site);
  const std::vector<std::int64_t> sizes = lengths.of(samples);
  const Tensor order = randperm(samples, {.generator = generator});
  std::vector<Tensor> parts;
  std::int64_t begin = 0;
  for (const std::int64_t size : sizes) {
    parts.push_back(narrow(order, 0, begin, size));
    begin += size;
  }
  return parts;
}

}  // namespace detail

std::vector<std::int64_t> SplitLengths::of(std::int64_t samples) const {
  if (fractions_.empty()) {
    if (!add_up(lengths_, samples)) refuse_lengths(lengths_, samples);
    return lengths_;
  }
  if (!add_up(fractions_)) refuse_lengths(fractions_, samples);
  return rounded(fractions_, samples);
}

}  // namespace xgrad::data

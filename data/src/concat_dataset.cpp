#include <xgrad/data/concat_dataset.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>

namespace xgrad::data::detail {

PartOffsets::PartOffsets(const std::vector<std::int64_t>& sizes, Site site) {
  std::int64_t end = 0;
  for (const std::int64_t size : sizes) {
    if (size < 0 || __builtin_add_overflow(end, size, &end))
      throw ValueError(fmt::format("ConcatDataset: a dataset's size() is {}; sizes must be at "
                                   "least 0 and their sum less than 2^63",
                                   size),
                       site);
    ends_.push_back(end);
  }
}

PartIndex PartOffsets::find(std::int64_t index) const {
  if (index < 0 || index >= size())
    throw ValueError(fmt::format("ConcatDataset: index {} is out of range; it must be in [0, {})",
                                 index, size()));
  const auto end = std::upper_bound(ends_.begin(), ends_.end(), index);
  return {static_cast<std::size_t>(end - ends_.begin()),
          index - (end == ends_.begin() ? 0 : *(end - 1))};
}

}  // namespace xgrad::data::detail

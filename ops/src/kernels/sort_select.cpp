#include "kernels/sort.hpp"

#include <algorithm>
#include <limits>

#include <xgrad/graph/parallel.hpp>
#include <xgrad/graph/scratch_vector.hpp>

#include "kernels/entries.hpp"

namespace xgrad::detail {
namespace {

// A line of elements, `stride` apart.
template <class E, class T>
struct LineEntries {
  const T* line;
  std::int64_t stride;
  bool descending;
  E operator()(std::int64_t i) const { return entry_of<E>(line[i * stride], i, descending); }
  std::int64_t nans(std::int64_t n) const {
    std::int64_t count = 0;
    for (std::int64_t i = 0; i < n; ++i) count += line[i * stride] != line[i * stride];
    return count;
  }
};

// For each line, f(entries, entry) leaves the first k of its choice at the front of `room` entries;
// entry(i) is that of element i.
template <class E, class T, class F>
void choose_by(const AxisSplit& s, std::int64_t k, std::int64_t room, bool descending, const T* x,
               std::int64_t* at, F f) {
  const AxisSplit taken{s.outer, k, s.inner};
  const std::int64_t grain = std::max<std::int64_t>(1, 4096 / std::max<std::int64_t>(1, s.size));
  parallel_ranges(s.lines(), grain, [&](std::int64_t begin, std::int64_t end) {
    ScratchVector<E> entries(static_cast<std::size_t>(room));
    for (std::int64_t l = begin; l < end; ++l) {
      f(entries.data(), LineEntries<E, T>{x + s.start_of(l), s.inner, descending});
      for (std::int64_t i = 0; i < k; ++i)
        at[taken.start_of(l) + i * s.inner] = position_of(entries[static_cast<std::size_t>(i)]);
    }
  });
}

template <class F>
void choose(DType dtype, const AxisSplit& s, std::int64_t k, std::int64_t room, bool descending,
            const void* x, std::int64_t* at, F f) {
  if (s.lines() == 0 || k == 0) return;  // of however many lines
  dispatch(dtype, [&]<class T>() {
    const T* const from = static_cast<const T*>(x);
    if (sizeof(T) < 8 && s.size <= std::numeric_limits<std::uint32_t>::max()) {
      if constexpr (sizeof(T) < 8) choose_by<std::uint64_t>(s, k, room, descending, from, at, f);
    } else {
      choose_by<WideEntry>(s, k, room, descending, from, at, f);
    }
  });
}

std::int64_t place_of(Rank rank, std::int64_t n, std::int64_t nans) {
  switch (rank.kind) {
    case Rank::kth:
      return rank.k;
    case Rank::median:
      return nans > 0 ? n - nans : (n - 1) / 2;
    case Rank::median_of_numbers:
      return nans == n ? 0 : (n - nans - 1) / 2;
  }
  __builtin_unreachable();
}

}  // namespace

void top_of_lines(DType dtype, const AxisSplit& lines, std::int64_t k, bool largest, const void* x,
                  std::int64_t* at) {
  choose(dtype, lines, k, room_for_first(lines.size, k), largest, x, at,
         [n = lines.size, k](auto* entries, auto entry) { first_entries(n, k, entries, entry); });
}

void select_in_lines(DType dtype, const AxisSplit& lines, Rank rank, const void* x,
                     std::int64_t* at) {
  choose(dtype, lines, 1, lines.size, /*descending=*/false, x, at,
         [n = lines.size, rank](auto* entries, auto entry) {
           for (std::int64_t i = 0; i < n; ++i) entries[i] = entry(i);
           const std::int64_t nans = rank.kind == Rank::kth ? 0 : entry.nans(n);
           const std::int64_t chosen = place_of(rank, n, nans);
           select_entry(entries, n, chosen);
           entries[0] = entries[chosen];
         });
}

}  // namespace xgrad::detail

#include "kernels/counting.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

#include <xgrad/graph/scratch_vector.hpp>

#include "kernels/radix_sort.hpp"

namespace xgrad::detail {
namespace {

using Positions = ScratchVector<std::int64_t>;

struct Uniques {
  std::int64_t *first, *counts, *inverse;
};

// A table of the different keys so far (Knuth, The Art of Computer Programming, volume 3, 6.4).
template <class U>
class KeyTable {
 public:
  KeyTable() : slots_(std::size_t{1} << bits_) {}

  /// The number of a key; `next` if it is new, which it is from now on.
  std::int64_t number_of(U key, std::int64_t next) {
    std::size_t i = place_of(key);
    while (slots_[i].number != 0 && slots_[i].key != key) i = (i + 1) & (slots_.size() - 1);
    if (slots_[i].number == 0) {
      slots_[i] = {key, next + 1};
      if (2 * static_cast<std::size_t>(++count_) > slots_.size()) grow();
      return next;
    }
    return slots_[i].number - 1;
  }

 private:
  struct Slot {
    U key{};
    std::int64_t number = 0;  // 0 is free
  };
  std::size_t place_of(U key) const {
    return static_cast<std::size_t>((static_cast<std::uint64_t>(key) * 0x9E3779B97F4A7C15U) >>
                                    (64 - bits_));
  }
  void grow() {
    const ScratchVector<Slot> before = std::move(slots_);
    bits_ += 2;
    slots_ = ScratchVector<Slot>(std::size_t{1} << bits_);
    for (const Slot& s : before) {
      if (s.number == 0) continue;
      std::size_t i = place_of(s.key);
      while (slots_[i].number != 0) i = (i + 1) & (slots_.size() - 1);
      slots_[i] = s;
    }
  }

  int bits_ = 11;
  std::int64_t count_ = 0;
  ScratchVector<Slot> slots_;
};

// Integers that lie close together need no search: the table has a place for each.
class IntegerTable {
 public:
  explicit IntegerTable(IntegerRange range)
      : least_(range.least), numbers_(static_cast<std::size_t>(range.most - range.least + 1)) {}
  static bool fits(IntegerRange range) {
    return static_cast<std::uint64_t>(range.most) - static_cast<std::uint64_t>(range.least) < 65536;
  }
  std::int64_t number_of(std::int64_t x, std::int64_t next) {
    std::int64_t& number = numbers_[static_cast<std::size_t>(x - least_)];
    if (number == 0) number = next + 1;
    return number - 1;
  }

 private:
  std::int64_t least_;
  ScratchVector<std::int64_t> numbers_;  // 0 is free
};

// Numbers the elements in the order of their first places, number(x, next) is that of x. Returns
// how many there are, -1 if more than `most`.
template <class T, class F>
std::int64_t number_elements(const T* x, std::int64_t n, const Uniques& u, std::int64_t most,
                             F number) {
  std::int64_t found = 0;
  for (std::int64_t k = 0; k < n; ++k) {
    const std::int64_t i = x[k] != x[k] ? found : number(x[k], found);
    if (i == found) {
      if (found == most) return -1;
      u.first[found] = k;
      u.counts[found++] = 0;
    }
    ++u.counts[i];
    if (u.inverse != nullptr) u.inverse[k] = i;
  }
  return found;
}
template <class T>
std::int64_t number_elements(const T* x, std::int64_t n, const Uniques& u) {
  if constexpr (std::is_same_v<T, std::int64_t>) {
    const IntegerRange range = n == 0 ? IntegerRange{} : integer_range(n, x);
    if (IntegerTable::fits(range)) {
      IntegerTable table(range);
      return number_elements(x, n, u, n,
                             [&](T e, std::int64_t next) { return table.number_of(e, next); });
    }
  }
  constexpr std::int64_t most = 1 << 14;  // with more, sorting is as fast
  KeyTable<decltype(radix_key(T()))> table;
  return number_elements(
      x, n, u, most, [&](T e, std::int64_t next) { return table.number_of(radix_key(e), next); });
}

// The numbers, which are in the order of first places, in the order of the elements.
template <class T>
void put_in_order(const T* x, std::int64_t n, std::int64_t found, const Uniques& u) {
  Positions order(static_cast<std::size_t>(found)), rank(order.size());
  using Element = std::conditional_t<std::is_same_v<T, bool>, std::uint8_t, T>;
  ScratchVector<Element> elements(order.size());
  for (std::size_t i = 0; i < elements.size(); ++i) elements[i] = x[u.first[i]];
  radix_order(elements.data(), found, /*descending=*/false, order.data());
  const Positions first(u.first, u.first + found), counts(u.counts, u.counts + found);
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto from = static_cast<std::size_t>(order[i]);
    u.first[i] = first[from];
    u.counts[i] = counts[from];
    rank[from] = static_cast<std::int64_t>(i);
  }
  for (std::int64_t k = 0; u.inverse != nullptr && k < n; ++k)
    u.inverse[k] = rank[static_cast<std::size_t>(u.inverse[k])];
}

template <class T>
std::int64_t unique_by_order(const T* x, std::int64_t n, const Uniques& u) {
  Positions order(static_cast<std::size_t>(n));
  radix_order(x, n, /*descending=*/false, order.data());
  std::int64_t found = 0;
  for (const std::int64_t k : order) {
    if (found == 0 || x[k] != x[u.first[found - 1]]) {
      u.first[found] = k;
      u.counts[found++] = 0;
    }
    ++u.counts[found - 1];
    if (u.inverse != nullptr) u.inverse[k] = found - 1;
  }
  return found;
}

}  // namespace

std::int64_t unique_elements(DType dtype, std::int64_t n, const void* x, std::int64_t* first,
                             std::int64_t* counts, std::int64_t* inverse) {
  const Uniques u{first, counts, inverse};
  return dispatch(dtype, [&]<class T>() {
    const T* const from = static_cast<const T*>(x);
    const std::int64_t found = number_elements(from, n, u);
    if (found < 0) return unique_by_order(from, n, u);
    put_in_order(from, n, found, u);
    return found;
  });
}

}  // namespace xgrad::detail

// sampled.hpp: Sampled, values by step of which a report shows some.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace xgrad::viz {

/// Up to `limit` entries, by step. If there are more, every second one goes, and from then on every
/// second one that comes, and so on; the last one stays.
template <class T>
class Sampled {
 public:
  struct Entry {
    std::int64_t step;
    double time;
    T value;
  };
  explicit Sampled(std::size_t limit) : limit_(limit) {}

  /// @param session  as in Series::add.
  void add(Entry entry, int session) {
    if (session != session_) remove_from(entry.step);
    session_ = session;
    if (provisional_) remove_step(last_);  // the last one, which came between those that stay
    last_ = entry.step;
    const bool stays = total_++ % stride_ == 0;
    provisional_ = put(std::move(entry)) && !stays;
    if (entries_.size() > limit_) halve();
  }
  const std::vector<Entry>& entries() const noexcept { return entries_; }
  std::int64_t total() const noexcept { return total_; }

 private:
  auto at(std::int64_t step) {
    return std::lower_bound(entries_.begin(), entries_.end(), step,
                            [](const Entry& e, std::int64_t wanted) { return e.step < wanted; });
  }
  void remove_from(std::int64_t step) { entries_.erase(at(step), entries_.end()); }
  void remove_step(std::int64_t step) {
    const auto found = at(step);
    if (found != entries_.end() && found->step == step) entries_.erase(found);
  }
  // Whether the step is new.
  bool put(Entry entry) {
    const auto found = at(entry.step);
    const bool known = found != entries_.end() && found->step == entry.step;
    if (known)
      *found = std::move(entry);
    else
      entries_.insert(found, std::move(entry));
    return !known;
  }
  void halve() {
    std::vector<Entry> half;
    for (std::size_t i = 0; i < entries_.size(); ++i)
      if (i % 2 == 0 || entries_[i].step == last_) half.push_back(std::move(entries_[i]));
    entries_ = std::move(half);
    stride_ *= 2;
    provisional_ = (total_ - 1) % stride_ != 0;
  }

  std::size_t limit_;
  std::vector<Entry> entries_;
  std::int64_t total_ = 0, stride_ = 1, last_ = 0;
  bool provisional_ = false;
  int session_ = 0;
};

}  // namespace xgrad::viz

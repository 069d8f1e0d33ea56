#include "run/series.hpp"

#include <algorithm>
#include <cmath>

namespace xgrad::viz {
namespace {

bool by_step(const Point& a, const Point& b) { return a.step < b.step; }
bool same_step(const Point& a, const Point& b) { return a.step == b.step; }

}  // namespace

Bucket::Bucket(const Point& p) : first(p), last(p), least(p), largest(p), special{p, p, p} {
  add(p);
}

void Bucket::add(const Point& p) {
  if (!std::isfinite(p.value)) return add_special(p);
  if (count == 0) first = last = least = largest = p;
  if (p.step < first.step) first = p;
  if (p.step >= last.step) last = p;
  if (p.value < least.value) least = p;
  if (p.value > largest.value) largest = p;
  ++count;
  sum += p.value;
}

void Bucket::add_special(const Point& p) {
  const std::size_t kind = std::isnan(p.value) ? 0 : p.value > 0 ? 1 : 2;
  if (!has_special[kind] || p.step < special[kind].step) special[kind] = p;
  has_special[kind] = true;
}

void Bucket::merge(const Bucket& later) {
  for (std::size_t kind = 0; kind < special.size(); ++kind)
    if (later.has_special[kind]) add_special(later.special[kind]);
  if (later.count == 0) return;
  const std::int64_t all = count + later.count;
  const double both = sum + later.sum;
  for (const Point& p : {later.first, later.least, later.largest, later.last}) add(p);
  count = all;
  sum = both;
}

std::vector<Point> Bucket::points() const {
  std::vector<Point> all;
  for (std::size_t kind = 0; kind < special.size(); ++kind)
    if (has_special[kind]) all.push_back(special[kind]);
  if (count > 0) all.insert(all.end(), {first, least, largest, last});
  std::stable_sort(all.begin(), all.end(), by_step);
  all.erase(std::unique(all.begin(), all.end(), same_step), all.end());
  return all;
}

// special[0] is always a point of the bucket, NaN or not.
std::int64_t Series::index_of(const Bucket& b) const { return b.special[0].step >> shift_; }

void Series::add(const Point& p, int session) {
  if (session != session_ && total_ > 0) remove_from(p.step);
  session_ = session;
  ++total_;
  const std::int64_t index = p.step >> shift_;
  const auto at = std::lower_bound(
      buckets_.begin(), buckets_.end(), index,
      [this](const Bucket& b, std::int64_t wanted) { return index_of(b) < wanted; });
  if (at == buckets_.end() || index_of(*at) != index)
    buckets_.insert(at, Bucket(p));
  else if (shift_ == 0)
    *at = Bucket(p);
  else
    at->add(p);
  while (buckets_.size() > max_buckets) widen();
}

// Of the bucket that the step divides, the points that are shown are all that is known.
void Series::remove_from(std::int64_t step) {
  while (!buckets_.empty()) {
    const std::vector<Point> known = buckets_.back().points();
    if (known.back().step < step) return;
    buckets_.pop_back();
    if (known.front().step >= step) continue;
    Bucket kept(known.front());
    for (std::size_t i = 1; i < known.size() && known[i].step < step; ++i) kept.add(known[i]);
    buckets_.push_back(kept);
    return;
  }
}

void Series::widen() {
  ++shift_;
  std::vector<Bucket> wider;
  for (const Bucket& b : buckets_)
    if (!wider.empty() && index_of(wider.back()) == index_of(b))
      wider.back().merge(b);
    else
      wider.push_back(b);
  buckets_ = std::move(wider);
}

}  // namespace xgrad::viz

// outline_fold.cpp: runs of equal modules and of equal steps.
#include "graph/outline.hpp"

#include <algorithm>
#include <numeric>
#include <unordered_map>

namespace xgrad::viz {
namespace {

// What follows each other in a cluster: an inner cluster, or a part that is in none.
struct Item {
  std::size_t begin, end;   // its parts
  std::size_t cluster = 0;  // 0 for a part
  std::uint64_t hash = 0;
};

// `times` equal sequences of `period` items.
struct Run {
  std::size_t period = 0, times = 1;
  std::size_t covered() const noexcept { return times > 1 ? period * times : 0; }
};

struct Range {
  std::size_t begin, end;  // of parts
};

std::uint64_t mixed(std::uint64_t hash, std::uint64_t value) {
  return (hash ^ value) * 0x9e3779b97f4a7c15u + (hash >> 29);
}

class Folder {
 public:
  Folder(Outline& outline, std::size_t least)
      : outline_(outline),
        least_(std::max<std::size_t>(least, 2)),
        shown_(outline.parts.size()),
        inner_(outline.clusters.size()),
        dropped_(outline.clusters.size()),
        uses_(outline.leaves) {
    std::iota(shown_.begin(), shown_.end(), std::size_t{0});
    for (std::size_t c = 1; c < outline.clusters.size(); ++c)
      inner_[outline.clusters[c].parent].push_back(c);
    for (const Outline::Part& part : outline.parts)
      for (const std::size_t i : part.inputs)
        if (i < uses_.size()) ++uses_[i];
  }

  std::vector<std::size_t> fold() {
    std::vector<std::size_t> left{0};  // from the outside inwards, with a stack of its own
    while (!left.empty()) {
      const std::size_t cluster = left.back();
      left.pop_back();
      fold_items(cluster);
      for (const std::size_t c : inner_[cluster])
        if (!dropped_[c]) left.push_back(c);
    }
    move_stray_leaves();
    return shown_;
  }

 private:
  std::vector<Item> items_of(std::size_t cluster) const {
    std::vector<Item> items;
    std::size_t at = outline_.clusters[cluster].begin;
    const auto add_parts_before = [&](std::size_t end) {
      for (; at < end; ++at) items.push_back({at, at + 1, 0, outline_.parts[at].alike});
    };
    for (const std::size_t c : inner_[cluster]) {
      const Outline::Cluster& inner = outline_.clusters[c];
      add_parts_before(inner.begin);
      items.push_back({inner.begin, inner.end, c, hash_of(c)});
      at = inner.end;
    }
    add_parts_before(outline_.clusters[cluster].end);
    return items;
  }
  std::uint64_t hash_of(std::size_t cluster) const {
    const Outline::Cluster& c = outline_.clusters[cluster];
    std::uint64_t hash = mixed(0x51ed270b, c.alike);
    for (std::size_t p = c.begin; p < c.end; ++p) hash = mixed(hash, outline_.parts[p].alike);
    return hash;
  }

  void fold_items(std::size_t cluster) {
    const std::vector<Item> items = items_of(cluster);
    for (std::size_t i = 0; i < items.size();) {
      const Run run = best_run(items, i);
      if (run.times > 1) apply(items, i, run, cluster);
      i += std::max<std::size_t>(run.covered(), 1);
    }
  }

  // The run at i that covers most; of these, the one with the shortest period.
  Run best_run(const std::vector<Item>& items, std::size_t i) const {
    constexpr std::size_t longest = 64;
    Run best;
    for (std::size_t period = 1; period <= longest && i + 2 * period <= items.size(); ++period) {
      if (items[i].hash != items[i + period].hash) continue;
      const Run run{period, repeats(items, i, period)};
      if (run.covered() > best.covered() && is_worth_it(items, i, run)) best = run;
      if (i + best.covered() == items.size()) break;
    }
    return best;
  }
  std::size_t repeats(const std::vector<Item>& items, std::size_t i, std::size_t period) const {
    std::size_t times = 1;
    while (i + (times + 1) * period <= items.size() && same(items, i, i + times * period, period))
      ++times;
    return times;
  }
  // Two additions in a row are no repeat that anybody wants to see folded.
  bool is_worth_it(const std::vector<Item>& items, std::size_t i, const Run& run) const {
    const bool modules = std::any_of(items.begin() + static_cast<std::ptrdiff_t>(i),
                                     items.begin() + static_cast<std::ptrdiff_t>(i + run.period),
                                     [](const Item& item) { return item.cluster != 0; });
    return modules ? run.times >= least_ : run.times >= 4 && run.covered() >= 16;
  }

  bool same(const std::vector<Item>& items, std::size_t a, std::size_t b,
            std::size_t period) const {
    for (std::size_t k = 0; k < period; ++k)
      if (items[a + k].hash != items[b + k].hash || !same_clusters(items[a + k], items[b + k]))
        return false;
    return same_parts({items[a].begin, items[a + period - 1].end},
                      {items[b].begin, items[b + period - 1].end});
  }
  bool same_clusters(const Item& a, const Item& b) const {
    if ((a.cluster == 0) != (b.cluster == 0)) return false;
    if (a.cluster == 0) return true;
    if (outline_.clusters[a.cluster].alike != outline_.clusters[b.cluster].alike) return false;
    for (std::size_t k = 0; k < a.end - a.begin; ++k)
      if (!same_path(outline_.parts[a.begin + k].cluster, a.cluster,
                     outline_.parts[b.begin + k].cluster, b.cluster))
        return false;
    return true;
  }
  // The clusters between a part and the item are called the same.
  bool same_path(std::size_t a, std::size_t top_a, std::size_t b, std::size_t top_b) const {
    for (; a != top_a && b != top_b;
         a = outline_.clusters[a].parent, b = outline_.clusters[b].parent)
      if (outline_.clusters[a].relation != outline_.clusters[b].relation ||
          outline_.clusters[a].alike != outline_.clusters[b].alike)
        return false;
    return a == top_a && b == top_b;
  }
  // The same ops, connected the same way within each sequence.
  bool same_parts(Range a, Range b) const {
    if (a.end - a.begin != b.end - b.begin) return false;
    for (std::size_t k = 0; k < a.end - a.begin; ++k) {
      const Outline::Part &x = outline_.parts[a.begin + k], &y = outline_.parts[b.begin + k];
      if (x.alike != y.alike || x.inputs.size() != y.inputs.size()) return false;
      for (std::size_t i = 0; i < x.inputs.size(); ++i)
        if (!same_input(x.inputs[i], a, y.inputs[i], b)) return false;
    }
    return true;
  }
  // At the same place in the sequence, or from outside in both. What comes from outside need not be
  // alike: it is a leaf for the first of a run, perhaps, and a result for the others.
  bool same_input(std::size_t x, Range a, std::size_t y, Range b) const {
    if (x == y) return true;
    if (x >= a.begin || y >= b.begin)
      return x >= a.begin && y >= b.begin && x - a.begin == y - b.begin;
    if (owned(x, a) != owned(y, b)) return false;
    return !owned(x, a) || outline_.parts[x].alike == outline_.parts[y].alike;
  }
  // Whether it is a leaf of one of the modules in the range, such as a weight.
  bool owned(std::size_t x, Range range) const {
    const Outline::Part& part = outline_.parts[x];
    const Outline::Cluster& cluster = outline_.clusters[part.cluster];
    return part.leaf && part.cluster != 0 && cluster.begin >= range.begin &&
           cluster.end <= range.end;
  }

  void apply(const std::vector<Item>& items, std::size_t first, const Run& run,
             std::size_t parent) {
    const std::size_t begin = items[first].begin, end = items[first + run.period - 1].end;
    for (std::size_t t = 1; t < run.times; ++t) {
      map_onto(items[first + t * run.period].begin, begin, end - begin);
      for (std::size_t k = 0; k < run.period; ++k)
        if (const std::size_t c = items[first + t * run.period + k].cluster; c != 0)
          dropped_[c] = true;
    }
    const auto times = static_cast<std::int64_t>(run.times);
    if (run.period == 1 && items[first].cluster != 0) {
      Outline::Cluster& one = outline_.clusters[items[first].cluster];
      one.times = times;
      one.last = outline_.clusters[items[first + run.times - 1].cluster].name;
      return;
    }
    frame(items, first, run.period, parent, times);
  }

  void map_onto(std::size_t copy, std::size_t original, std::size_t count) {
    std::unordered_map<std::size_t, std::size_t> uses;  // of leaves, by the copy
    for (std::size_t k = 0; k < count; ++k) {
      shown_[copy + k] = original + k;
      for (const std::size_t i : outline_.parts[copy + k].inputs)
        if (i < outline_.leaves) ++uses[i];
    }
    for (std::size_t k = 0; k < count; ++k)
      map_leaves(outline_.parts[copy + k], outline_.parts[original + k], uses);
  }
  // Leaves that only the copy uses are its own, as a layer's weights are.
  void map_leaves(const Outline::Part& copy, const Outline::Part& original,
                  const std::unordered_map<std::size_t, std::size_t>& uses) {
    for (std::size_t i = 0; i < copy.inputs.size(); ++i) {
      const std::size_t from = copy.inputs[i], to = original.inputs[i];
      if (from < outline_.leaves && to < outline_.leaves && from != to &&
          uses_[from] == uses.at(from) && outline_.parts[from].alike == outline_.parts[to].alike)
        shown_[from] = to;
    }
  }

  // A cluster around a sequence.
  void frame(const std::vector<Item>& items, std::size_t first, std::size_t period,
             std::size_t parent, std::int64_t times) {
    const std::size_t around = outline_.clusters.size();
    Outline::Cluster cluster;
    cluster.parent = parent;
    cluster.begin = items[first].begin;
    cluster.end = items[first + period - 1].end;
    cluster.times = times;
    for (std::size_t k = 0; k < period; ++k) {
      const Item& item = items[first + k];
      if (item.cluster != 0)
        outline_.clusters[item.cluster].parent = around;
      else
        outline_.parts[item.begin].cluster = around;
    }
    outline_.clusters.push_back(cluster);
  }

  // A leaf that is drawn although the cluster that it was in is not.
  void move_stray_leaves() {
    for (std::size_t leaf = 0; leaf < outline_.leaves; ++leaf) {
      std::size_t& cluster = outline_.parts[leaf].cluster;
      for (std::size_t c = cluster; c != 0; c = outline_.clusters[c].parent)
        if (c < dropped_.size() && dropped_[c]) cluster = outline_.clusters[c].parent;
    }
  }

  Outline& outline_;
  const std::size_t least_;
  std::vector<std::size_t> shown_;
  std::vector<std::vector<std::size_t>> inner_;  // the clusters in each, in order
  std::vector<bool> dropped_;
  std::vector<std::size_t> uses_;  // of leaves
};

}  // namespace

std::vector<std::size_t> fold_repeats(Outline& outline, std::size_t least) {
  return Folder(outline, least).fold();
}

}  // namespace xgrad::viz

// outline_group.cpp: which parts are drawn as one box.
#include "graph/outline.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace xgrad::viz {
namespace {

constexpr std::size_t none = static_cast<std::size_t>(-1);

class Grouper {
 public:
  Grouper(const Outline& outline, const std::vector<std::size_t>& shown,
          const std::vector<std::uint32_t>& place)
      : outline_(outline), shown_(shown), place_(place), has_inner_(outline.clusters.size()) {
    for (std::size_t c = 1; c < outline.clusters.size(); ++c)
      has_inner_[outline.clusters[c].parent] = true;
    for (std::size_t c = 0; c < outline.clusters.size(); ++c) depths_.push_back(depth_of(c));
  }

  int deepest() const { return *std::max_element(depths_.begin(), depths_.end()); }

  // The groups with clusters from some depth on drawn whole.
  Grouping group(int depth, bool whole_layers, bool by_place) {
    Grouping grouping;
    grouping.of_part.assign(outline_.parts.size(), none);
    of_cluster_.clear();
    of_place_.clear();
    for (std::size_t p = 0; p < outline_.parts.size(); ++p)
      if (shown_[p] == p) put(grouping, p, whole(p, depth, whole_layers), by_place);
    for (std::size_t p = 0; p < outline_.parts.size(); ++p)
      grouping.of_part[p] = grouping.of_part[shown_[p]];
    grouping.by_place = by_place;
    return grouping;
  }

 private:
  // The module's own frame, which has no name, and a frame around a run are no level.
  int depth_of(std::size_t cluster) const {
    int depth = 0;
    for (; cluster != 0; cluster = outline_.clusters[cluster].parent)
      depth += !outline_.clusters[cluster].name.empty();
    return depth;
  }
  bool is_whole(std::size_t cluster, int depth, bool whole_layers) const {
    if (outline_.clusters[cluster].name.empty()) return false;
    return (depth >= 0 && depths_[cluster] >= depth) || (whole_layers && !has_inner_[cluster]);
  }
  // The outermost cluster around the part that is drawn whole; 0 if there is none.
  std::size_t whole(std::size_t part, int depth, bool whole_layers) const {
    std::size_t found = 0;
    for (std::size_t c = outline_.parts[part].cluster; c != 0; c = outline_.clusters[c].parent)
      if (is_whole(c, depth, whole_layers)) found = c;
    return found;
  }

  void put(Grouping& grouping, std::size_t part, std::size_t cluster, bool by_place) {
    std::size_t group;
    if (cluster != 0) {
      const auto [at, is_new] = of_cluster_.try_emplace(cluster, 0);
      if (is_new) {
        const Outline::Cluster& c = outline_.clusters[cluster];
        at->second = group_at(grouping, {c.parent, true, c.alike}, by_place);
        grouping.groups[at->second].cluster = cluster;
        ++grouping.groups[at->second].modules;
      }
      group = at->second;
    } else {
      group = group_at(grouping, {outline_.parts[part].cluster, false, place_[part]}, by_place);
    }
    ++grouping.groups[group].parts;
    grouping.groups[group].part = part;
    grouping.of_part[part] = group;
  }

  // The cluster around it; whether it is a cluster; its type, or its op and line.
  using Place = std::tuple<std::size_t, bool, std::uint32_t>;
  // A new group, or, of those by place, the one that is there.
  std::size_t group_at(Grouping& grouping, const Place& place, bool by_place) {
    const std::size_t next = grouping.groups.size();
    const std::size_t at = by_place ? of_place_.try_emplace(place, next).first->second : next;
    if (at == next) {
      Group& group = grouping.groups.emplace_back();
      group.inside = std::get<0>(place);
      group.parts = 0;
    }
    return at;
  }

  const Outline& outline_;
  const std::vector<std::size_t>& shown_;
  const std::vector<std::uint32_t>& place_;
  std::vector<bool> has_inner_;
  std::vector<int> depths_;
  std::map<std::size_t, std::size_t> of_cluster_;
  std::map<Place, std::size_t> of_place_;
};

}  // namespace

Grouping group_parts(const Outline& outline, const std::vector<std::size_t>& shown,
                     const std::vector<std::uint32_t>& place, const GroupingOptions& options) {
  Grouper grouper(outline, shown, place);
  Grouping grouping = grouper.group(options.depth, options.whole_layers, false);
  if (grouping.groups.size() <= options.most) return grouping;
  int depth = options.depth < 0 ? grouper.deepest() : std::min(options.depth, grouper.deepest());
  for (; depth >= 1 && grouping.groups.size() > options.most; --depth) {
    grouping = grouper.group(depth, options.whole_layers, false);
    grouping.by_module = true;
  }
  if (grouping.groups.size() <= options.most) return grouping;
  const bool by_module = grouping.by_module;
  grouping = grouper.group(by_module ? 1 : options.depth, options.whole_layers, true);
  grouping.by_module = by_module;
  return grouping;
}

}  // namespace xgrad::viz

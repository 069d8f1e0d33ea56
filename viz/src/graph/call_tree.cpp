#include "graph/call_tree.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "graph/interned.hpp"
#include "graph/names.hpp"

namespace xgrad::viz {
namespace {

constexpr std::size_t none = static_cast<std::size_t>(-1);

// Puts the nodes into the clusters of the calls that made them.
class CallTree {
 public:
  CallTree(const GraphNodes& graph, const std::vector<ModuleCalls::Call>& calls, Outline& outline)
      : graph_(graph), calls_(calls), outline_(outline), parents_(calls.size(), none) {
    clusters_.assign(calls.size(), none);
  }

  void build() {
    std::vector<std::size_t> order(graph_.nodes.size()), innermost(order.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return graph_.nodes[a].node->number < graph_.nodes[b].node->number;
    });
    for (const std::size_t i : order) {
      innermost[i] = call_of(graph_.nodes[i].node->number);
      if (!graph_.nodes[i].is_leaf()) place_op(i, innermost[i]);
    }
    for (std::size_t i = 0; i < graph_.leaves; ++i)
      outline_.parts[i].cluster = existing_cluster(innermost[i]);
  }

 private:
  // Numbers rise, so calls open and close as they did.
  std::size_t call_of(std::uint64_t number) {
    for (; next_ < calls_.size() && calls_[next_].first <= number; ++next_) {
      close_before(calls_[next_].first);
      parents_[next_] = open_.empty() ? none : open_.back();
      open_.push_back(next_);
    }
    close_before(number);
    return open_.empty() ? none : open_.back();
  }
  void close_before(std::uint64_t number) {
    while (!open_.empty() && calls_[open_.back()].last < number) open_.pop_back();
  }

  void place_op(std::size_t part, std::size_t call) {
    const std::size_t cluster = cluster_of(call, part);
    outline_.parts[part].cluster = cluster;
    for (std::size_t c = cluster;; c = outline_.clusters[c].parent) {
      outline_.clusters[c].end = part + 1;
      if (c == 0) break;
    }
  }
  // Made at the first op, with those around it.
  std::size_t cluster_of(std::size_t call, std::size_t part) {
    std::vector<std::size_t> missing;
    for (; call != none && clusters_[call] == none; call = parents_[call]) missing.push_back(call);
    std::size_t parent = call == none ? 0 : clusters_[call];
    for (; !missing.empty(); missing.pop_back()) {
      const ModuleCalls::Call& made = calls_[missing.back()];
      Outline::Cluster cluster;
      cluster.name = made.name;
      cluster.type = made.type;
      cluster.alike = text_(made.type);
      cluster.relation = text_(name_within(made.name, outline_.clusters[parent].name));
      cluster.parent = parent;
      cluster.begin = part;
      parent = clusters_[missing.back()] = outline_.clusters.size();
      outline_.clusters.push_back(std::move(cluster));
    }
    return parent;
  }
  std::size_t existing_cluster(std::size_t call) const {
    while (call != none && clusters_[call] == none) call = parents_[call];
    return call == none ? 0 : clusters_[call];
  }

  const GraphNodes& graph_;
  const std::vector<ModuleCalls::Call>& calls_;
  Outline& outline_;
  std::vector<std::size_t> parents_, clusters_;  // of calls
  std::vector<std::size_t> open_;
  std::size_t next_ = 0;
  Interned text_;
};

}  // namespace

void put_into_calls(const GraphNodes& graph, const std::vector<ModuleCalls::Call>& calls,
                    Outline& outline) {
  CallTree(graph, calls, outline).build();
}

}  // namespace xgrad::viz

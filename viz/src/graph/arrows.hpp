// arrows.hpp: the arrows of a picture of a graph.
#pragma once

#include <cstddef>
#include <map>
#include <tuple>
#include <vector>

#include "graph/drawing.hpp"
#include "graph/plan.hpp"

namespace xgrad::viz {

/// Adds arrows to a drawing, and knows between which boxes there is one.
class Arrows {
 public:
  explicit Arrows(std::vector<Arrow>& arrows) : arrows_(arrows) {}

  /// Also if there is one already, as for an op that takes a value twice.
  void add(Arrow arrow);
  /// Unless there is one already. Gives the number of the arrow, new or not.
  std::size_t add_once(std::size_t from, std::size_t to, ArrowKind kind);

 private:
  using Ends = std::tuple<std::size_t, std::size_t, bool>;  // from, to, whether it is a gradient's
  std::vector<Arrow>& arrows_;
  std::map<Ends, std::size_t> known_;
};

/// Adds the arrows of the values that ops take.
void draw_values(const GraphPlan& plan, Drawing& drawing, Arrows& arrows);

}  // namespace xgrad::viz

// frames.hpp: the frames of modules in a drawing.
#pragma once

#include <string>
#include <vector>

#include "graph/drawing.hpp"
#include "graph/outline.hpp"

namespace xgrad::viz {

/// Makes the clusters of a drawing, as far as something is drawn in them.
class Frames {
 public:
  Frames(const Outline& outline, Drawing& drawing);

  /// The cluster of the drawing for one of the outline, made with those around it if it is new.
  std::size_t of(std::size_t cluster);
  /// The name of the innermost module around, which names in it leave out.
  std::string module(std::size_t cluster) const;
  /// "attention: SelfAttention", "blocks.0 … blocks.3: Block × 4", or "× 4".
  std::string title(std::size_t cluster) const;
  /// The same for a group that stands for clusters: "Block × 12" if there are several.
  std::string title(const Group& group) const;
  /// What else its frame says.
  std::string note(std::size_t cluster) const;

 private:
  const Outline& outline_;
  Drawing& drawing_;
  std::vector<std::size_t> frames_;  // of clusters; 0 for none but the first
};

}  // namespace xgrad::viz

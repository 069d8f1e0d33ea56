#include "graph/frames.hpp"

#include <xgrad/graph/number_text.hpp>

#include "graph/names.hpp"

namespace xgrad::viz {

Frames::Frames(const Outline& outline, Drawing& drawing)
    : outline_(outline), drawing_(drawing), frames_(outline.clusters.size()) {}

std::size_t Frames::of(std::size_t cluster) {
  std::vector<std::size_t> missing;
  for (; cluster != 0 && frames_[cluster] == 0; cluster = outline_.clusters[cluster].parent)
    missing.push_back(cluster);
  std::size_t frame = frames_[cluster];
  for (; !missing.empty(); missing.pop_back()) {
    const std::size_t c = missing.back();
    frame = frames_[c] = drawing_.add_cluster(title(c), frame);
    drawing_.clusters[frame].note = note(c);
    drawing_.clusters[frame].repeated = outline_.clusters[c].times > 1;
  }
  return frame;
}

std::string Frames::module(std::size_t cluster) const {
  while (cluster != 0 && outline_.clusters[cluster].name.empty())
    cluster = outline_.clusters[cluster].parent;
  return outline_.clusters[cluster].name;
}

std::string Frames::title(std::size_t cluster) const {
  const Outline::Cluster& c = outline_.clusters[cluster];
  const std::string around = module(c.parent);
  std::string text = name_within(c.name, around);
  if (c.times > 1 && c.last != c.name) text += " … " + name_within(c.last, around);
  if (!text.empty() && !c.type.empty()) text += ": ";
  text += c.type;
  if (c.times > 1) text += (text.empty() ? "× " : " × ") + detail::grouped(c.times);
  return text;
}

std::string Frames::title(const Group& group) const {
  if (group.modules <= 1) return title(group.cluster);
  return outline_.clusters[group.cluster].type + " × " + detail::grouped(group.modules);
}

std::string Frames::note(std::size_t cluster) const {
  const Outline::Cluster& c = outline_.clusters[cluster];
  return c.note.empty() || c.times == 1 ? c.note : c.note + " each";
}

}  // namespace xgrad::viz

// graph_picture.hpp: GraphPicture, a picture of boxes and arrows in several formats.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <xgrad/graph/site.hpp>

namespace xgrad::viz {

struct Drawing;

/// A picture of a graph or of a network. It holds text and numbers only, no tensors. Copies share
/// it. The same graph gives the same bytes.
///
/// DOT and Mermaid are made here; for SVG and PNG, Graphviz's `dot` has to be installed.
class GraphPicture {
 public:
  explicit GraphPicture(Drawing drawing);
  GraphPicture(const GraphPicture&) = default;  // a move is a copy, which leaves the other as it is
  GraphPicture& operator=(const GraphPicture&) = default;

  /// The picture in the language of Graphviz.
  std::string dot() const;
  /// The picture as a flowchart of Mermaid, which GitHub shows in a code block "mermaid". It draws
  /// up to 500 arrows there.
  std::string mermaid() const;
  /// @throws IoError  if Graphviz is not installed, or takes more than five minutes.
  std::string svg(Site site = Site::here()) const;
  /// @param dpi  pixels per inch; text is 11 points high.
  /// @throws IoError  as svg. ValueError unless dpi is in [10, 1000].
  std::string png(double dpi = 144, Site site = Site::here()) const;
  /// Writes the picture to a file, whole or not at all, in the format of its extension: .svg, .png,
  /// .dot or .gv, .mmd or .mermaid.
  /// @throws ValueError  for another extension. IoError as svg, or if the file cannot be written.
  void save(const std::filesystem::path& path, Site site = Site::here()) const;

 private:
  std::shared_ptr<const Drawing> drawing_;
};

}  // namespace xgrad::viz

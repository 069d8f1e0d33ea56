#include <xgrad/viz/graph_picture.hpp>

#include <utility>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/io/file.hpp>

#include "checks.hpp"
#include "graph/drawing.hpp"
#include "graph/svg_text.hpp"
#include "program.hpp"

namespace xgrad::viz {
namespace {

std::string rendered(const char* caller, std::vector<std::string> arguments, const Drawing& drawing,
                     Site site) {
  const Program program{"dot", std::move(arguments), "graphviz"};
  return run_program(caller, program, dot_text(drawing), site).output;
}

}  // namespace

GraphPicture::GraphPicture(Drawing drawing)
    : drawing_(std::make_shared<const Drawing>(std::move(drawing))) {}

std::string GraphPicture::dot() const { return dot_text(*drawing_); }
std::string GraphPicture::mermaid() const { return mermaid_text(*drawing_); }

std::string GraphPicture::svg(Site site) const {
  return legible_svg(rendered("GraphPicture::svg", {"-Tsvg"}, *drawing_, site));
}

std::string GraphPicture::png(double dpi, Site site) const {
  check_within("GraphPicture::png", "dpi", dpi, 10, 1000, site);
  return rendered("GraphPicture::png", {"-Tpng", fmt::format("-Gdpi={}", dpi)}, *drawing_, site);
}

void GraphPicture::save(const std::filesystem::path& path, Site site) const {
  const std::string format = path.extension().string();
  std::string content;
  if (format == ".svg")
    content = svg(site);
  else if (format == ".png")
    content = png(144, site);
  else if (format == ".dot" || format == ".gv")
    content = dot();
  else if (format == ".mmd" || format == ".mermaid")
    content = mermaid();
  else
    throw ValueError(
        fmt::format("GraphPicture::save: the extension of '{}' is none of .svg, .png, .dot, .gv, "
                    ".mmd and .mermaid",
                    path.string()),
        site);
  io::write_file(path, content, site);
}

}  // namespace xgrad::viz

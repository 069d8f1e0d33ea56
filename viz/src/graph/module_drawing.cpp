#include "graph/module_drawing.hpp"

#include <numeric>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <xgrad/graph/number_text.hpp>

#include "graph/frames.hpp"
#include "graph/interned.hpp"
#include "graph/names.hpp"
#include "text.hpp"

namespace xgrad::viz {
namespace {

class ModuleDrawer {
 public:
  ModuleDrawer(const ModuleTrace& trace, const ModuleGraphOptions& options)
      : trace_(trace), outline_(trace.outline()) {
    shown_.resize(outline_.parts.size());
    std::iota(shown_.begin(), shown_.end(), std::size_t{0});
    if (options.fold > 0) shown_ = fold_repeats(outline_, static_cast<std::size_t>(options.fold));
    std::vector<std::uint32_t> place;
    Interned text;
    for (const ModuleTrace::Part& part : trace.parts()) place.push_back(text(part.type));
    grouping_ = group_parts(outline_, shown_, place, {false, options.depth, options.max_boxes});
  }

  Drawing draw() {
    Frames frames(outline_, drawing_);
    for (const Group& group : grouping_.groups) {
      drawing_.boxes.push_back(box(group, frames));
      drawing_.boxes.back().cluster = frames.of(group.inside);
    }
    for (const bool hidden : {false, true})
      for (std::size_t p = 0; p < shown_.size(); ++p)
        for (const ModuleTrace::Input& input : trace_.parts()[p].inputs)
          if (hidden == (shown_[p] != p || shown_[input.from] != input.from)) add(input, p, hidden);
    return std::move(drawing_);
  }

 private:
  Box box(const Group& group, const Frames& frames) const {
    const ModuleTrace::Part& part = trace_.parts()[group.part];
    if (group.cluster != 0)
      return module_box(frames.title(group),
                        group.modules == 1 ? frames.note(group.cluster) : std::string(),
                        part.output);
    if (group.parts > 1)
      return make_box(BoxKind::module,
                      fmt::format("{} × {}", part.type, detail::grouped(group.parts)));
    if (part.type.empty())
      return make_box(part.inputs.empty() ? BoxKind::input : BoxKind::output, part.name,
                      {part.output});
    Box box = make_box(BoxKind::module, title(part, frames.module(group.inside)));
    if (!part.details.empty()) box.lines = wrapped(part.details, 36);
    if (part.again)
      box.lines.push_back("called again");
    else if (part.parameters > 0)
      box.lines.push_back(parameters_text(part.parameters));
    return box;
  }
  static Box module_box(std::string title, std::string note, const std::string& output) {
    Box box = make_box(BoxKind::module, std::move(title), {"gives " + output});
    if (!note.empty()) box.lines.push_back(std::move(note));
    return box;
  }
  static std::string title(const ModuleTrace::Part& part, const std::string& module) {
    if (part.name.empty()) return part.type;
    return name_within(part.name, module) + ": " + part.type;
  }

  void add(const ModuleTrace::Input& input, std::size_t to, bool hidden) {
    const std::size_t a = grouping_.of_part[input.from], b = grouping_.of_part[to];
    if (a == b || (hidden && shown_[input.from] >= shown_[to])) return;
    if (known_.insert({a, b, input.shape}).second)
      drawing_.arrows.push_back({a, b, ArrowKind::value, {input.shape}, {}, 1});
  }

  const ModuleTrace& trace_;
  Outline outline_;
  std::vector<std::size_t> shown_;
  Grouping grouping_;
  Drawing drawing_;
  std::set<std::tuple<std::size_t, std::size_t, std::string>> known_;
};

}  // namespace

std::string parameters_text(std::int64_t count) {
  return detail::grouped(count) + (count == 1 ? " parameter" : " parameters");
}

Drawing drawing_of(const ModuleTrace& trace, const ModuleGraphOptions& options) {
  return ModuleDrawer(trace, options).draw();
}

}  // namespace xgrad::viz

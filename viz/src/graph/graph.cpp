#include <xgrad/viz/graph.hpp>

#include <limits>
#include <optional>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/grad_mode.hpp>

#include "checks.hpp"
#include "graph/arrows.hpp"
#include "graph/boxes.hpp"
#include "graph/caption.hpp"
#include "graph/drawing.hpp"
#include "graph/gradients.hpp"
#include "graph/plan.hpp"

namespace xgrad::viz {
namespace {

constexpr const char* caller = "viz::graph";

void check(const GraphOptions& options, Site site) {
  constexpr double many = std::numeric_limits<std::int32_t>::max();
  const auto check_range = [&](const char* option, auto value, double low, double high) {
    check_within(caller, option, static_cast<double>(value), low, high, site);
  };
  check_range("max_elements", options.max_elements, 0, many);
  check_range("digits", options.digits, 1, 17);
  check_range("fold", options.fold, 0, many);
  check_range("depth", options.depth, -1, many);
  check_range("max_boxes", options.max_boxes, 1, many);
}

void check(const TensorList& outputs, const GraphOptions& options, Site site) {
  if (outputs.empty())
    throw ValueError(fmt::format("{}: there is no output; pass at least one tensor", caller), site);
  if (options.backward && outputs.size() > 1)
    throw ValueError(fmt::format("{}: a backward pass starts at one output, but there are {}; "
                                 "pass their sum, or draw without `backward`",
                                 caller, outputs.size()),
                     site);
  check(options, site);
}

Drawing drawing_of(const GraphPlan& plan, const GraphOptions& options, Site site) {
  Drawing drawing;
  draw_boxes(plan, options, drawing);
  Arrows arrows(drawing.arrows);
  draw_values(plan, drawing, arrows);
  const std::size_t steps =
      options.backward ? draw_gradients(plan, options, drawing, arrows, site) : 0;
  drawing.left_to_right = options.left_to_right;
  drawing.caption = caption_of(plan, options, steps);
  return drawing;
}

}  // namespace

GraphPicture graph(const TensorList& outputs, const GraphOptions& options, Site site) {
  check(outputs, options, site);
  return GraphPicture(drawing_of(plan_of(caller, outputs, options, site), options, site));
}

GraphPicture graph(const nn::Module& model, const std::function<Tensor()>& compute,
                   GraphOptions options, Site site) {
  check_callable(caller, "compute", compute, site);
  check(options, site);
  const ModuleCalls calls(model);
  options.calls = &calls;
  std::optional<KeepValues> keep;
  if (options.values) keep.emplace();
  const Tensor output = compute();
  return graph(output, options, site);
}

}  // namespace xgrad::viz

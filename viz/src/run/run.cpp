#include <xgrad/viz/run.hpp>

#include <utility>
#include <vector>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>

#include "checks.hpp"
#include "run/json_text.hpp"
#include "run/png.hpp"
#include "run/run_impl.hpp"
#include "run/run_log.hpp"

namespace xgrad::viz {
namespace {

void check(const char* member, std::string_view name, std::int64_t step, Site site) {
  if (name.empty())
    throw ValueError(fmt::format("Run.{}: the name is empty; pass one such as \"loss\"", member),
                     site);
  if (step < -max_step || step > max_step)
    throw ValueError(fmt::format("Run.{}: step {} of '{}' is beyond 2^53", member, step, name),
                     site);
}

// As JSON.
struct HparamText {
  std::string_view name;
  Site site;

  std::string operator()(const Tensor&) const {
    throw ValueError(
        fmt::format("Run.hparams: '{}' is a tensor; pass numbers, bools and strings", name), site);
  }
  std::string operator()(double x) const { return json_number(x); }
  std::string operator()(std::int64_t x) const { return fmt::format("{}", x); }
  std::string operator()(bool x) const { return x ? "true" : "false"; }
  std::string operator()(const std::string& x) const { return json_string(x); }
};

}  // namespace

Run::Run(const std::filesystem::path& folder, RunOptions options, Site site)
    : impl_(std::make_shared<Impl>(folder.string(), std::move(options), site)) {}

Run::~Run() {
  if (impl_ != nullptr) impl_->close_quietly();
}
Run::Run(Run&&) noexcept = default;
Run& Run::operator=(Run&& other) noexcept {
  Run(std::move(other)).impl_.swap(impl_);  // the old one is closed with the temporary
  return *this;
}

Run::Impl& Run::made(const char* member, Site site) const {
  if (impl_ == nullptr)
    throw GraphError(
        fmt::format("Run.{}: the run was moved from; use what it was moved to", member), site);
  return *impl_;
}

Run::Impl& Run::open(const char* member, Site site) const {
  Impl& run = made(member, site);
  if (run.closed())
    throw GraphError(fmt::format("Run.{}: the run is closed; open its folder again", member), site);
  return run;
}

void Run::scalar(std::string_view name, Count step, double value, Site site) {
  check("scalar", name, step, site);
  open("scalar", site).scalar(name, step, value);
}

void Run::scalar(std::string_view name, Count step, const Tensor& value, Site site) {
  check_defined("Run.scalar", "the value", value, site);
  scalar(name, step, value.item<double>(site), site);
}

void Run::histogram(std::string_view name, Count step, const Tensor& values, Site site) {
  check("histogram", name, step, site);
  check_defined("Run.histogram", "the argument", values, site);
  open("histogram", site).histogram(name, step, values);
}

void Run::image(std::string_view name, Count step, const Tensor& image, RunImageOptions options,
                Site site) {
  check("image", name, step, site);
  check_defined("Run.image", "the image", image, site);
  Impl& run = open("image", site);
  const At at{step, now()};
  const Pixels pixels = pixels_of(image, options.normalize, site);
  const std::string file = png(pixels), text = base64(file);
  run.record(image_line(name, at, text), [&](RunData& data, EventFile* events) {
    data.image(name, at, text);
    if (events != nullptr)
      events->image(name, at, pixels.height, pixels.width, pixels.channels, file);
  });
}

void Run::text(std::string_view name, Count step, std::string_view text, Site site) {
  check("text", name, step, site);
  Impl& run = open("text", site);
  const At at{step, now()};
  run.record(text_line(name, at, text), [&](RunData& data, EventFile* events) {
    data.text(name, at, std::string(text));
    if (events != nullptr) events->text(name, at, text);
  });
}

void Run::graph(std::string_view name, std::string_view svg, Site site) {
  check("graph", name, 0, site);
  Impl& run = open("graph", site);
  if (svg.find("<svg") == svg.npos)
    throw ValueError(fmt::format("Run.graph: the text of '{}' has no <svg> element; pass a drawing "
                                 "in SVG",
                                 name),
                     site);
  const double time = now();
  run.record(graph_line(name, time, svg),
             [&](RunData& data, EventFile*) { data.graph(name, time, std::string(svg)); });
}

void Run::graph(std::string_view name, const GraphPicture& picture, Site site) {
  check("graph", name, 0, site);
  open("graph", site);  // before a drawing is made for nothing
  graph(name, picture.svg(site), site);
}

void Run::hparams(const StateDict& values, Site site) {
  Impl& run = open("hparams", site);
  std::string lines;
  std::vector<std::string> texts;
  const double time = now();
  for (const auto& [name, value] : values) {
    texts.push_back(std::visit(HparamText{name, site}, value));
    lines += hparam_line(name, time, texts.back());
  }
  run.record(lines, [&](RunData& data, EventFile*) {
    auto text = texts.begin();
    for (const auto& entry : values) data.hparam(entry.name, time, *text++);
  });
}

void Run::flush(Site site) { open("flush", site).flush(); }

void Run::close(Site) {
  if (impl_ != nullptr) impl_->close("finished");
}

const std::string& Run::folder(Site site) const { return made("folder", site).folder(); }
std::string Run::report(Site site) const { return made("report", site).report(); }

}  // namespace xgrad::viz

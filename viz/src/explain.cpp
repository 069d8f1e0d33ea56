#include <xgrad/viz/explain.hpp>

#include <cstring>
#include <map>
#include <unordered_map>

#include <fmt/format.h>

#include <xgrad/graph/trace.hpp>

#include "tensor_text.hpp"

namespace xgrad {
namespace {

class Explanation {
 public:
  explicit Explanation(const ExplainOptions& options) : options_(options) {}

  void see(const TraceStep& step) {
    ++count_;
    const bool leaf = *step.op == '\0';
    leaves_ += leaf;
    if (const auto known = receivers_.find(step.id); known != receivers_.end())
      known->second = fmt::format("{} (step {})", title(step), count_);
    if (count_ > options_.max_steps) {
      ++others_[leaf ? "leaf" : step.op];
      return;
    }
    steps_.push_back(step);
    for (const TraceStep::Passed& p : step.passed) receivers_.try_emplace(p.id);
  }

  std::string text() const {
    std::string all = fmt::format("A sweep of {} steps, {} of them leaves.\n", count_, leaves_);
    for (std::size_t i = 0; i < steps_.size(); ++i) all += told(steps_[i], i + 1);
    if (others_.empty()) return all;
    all += fmt::format("\n... and {} more:", count_ - steps_.size());
    for (const auto& [op, count] : others_) all += fmt::format(" {} x {},", count, op);
    all.back() = '\n';
    return all;
  }

 private:
  static std::string title(const TraceStep& step) {
    const char* const kind = *step.op == '\0' ? "leaf" : step.op;
    return step.name.empty() ? kind : fmt::format("{} '{}'", kind, step.name);
  }
  std::string shown(const Tensor& t) const {
    return t.numel() <= options_.max_elements
               ? viz::elements_text(t, options_.digits)
               : fmt::format("{}: {}", to_string(t.shape()), viz::figures_text(t, options_.digits));
  }
  std::string told(const TraceStep& step, std::size_t number) const {
    std::string text = fmt::format("\n{}. {}", number, title(step));
    if (step.value.defined() && step.value.numel() <= options_.max_elements)
      text.append(" = ").append(shown(step.value));
    else
      text.append(" ").append(to_string(step.shape));
    if (step.site.file != nullptr)
      text += fmt::format("   ({}:{})", file(step.site), step.site.line);
    text.append("\n   arrives:   ");
    text += step.arrived.defined() ? shown(step.arrived) : "at each of its results";
    if (step.passed.empty()) return text + "   = its gradient\n";
    if (*step.rule != '\0') text += fmt::format("\n   rule:      {}", step.rule);
    for (const TraceStep::Passed& p : step.passed)
      if (p.slope.defined())
        text += fmt::format("\n   slope:     {} for input {}", shown(p.slope), p.input);
    for (const TraceStep::Passed& p : step.passed)
      text += fmt::format("\n   passes on: {} to {}, {}", shown(p.gradient), receiver(p),
                          receivers_.at(p.id));
    return text + "\n";
  }
  static std::string receiver(const TraceStep::Passed& p) {
    return p.input < 0 ? "its result, computed again" : fmt::format("input {}", p.input);
  }
  static const char* file(Site site) {
    const char* const slash = std::strrchr(site.file, '/');
    return slash == nullptr ? site.file : slash + 1;
  }

  const ExplainOptions options_;
  std::vector<TraceStep> steps_;
  std::unordered_map<std::size_t, std::string> receivers_;  // of the steps told, by node
  std::map<std::string, std::size_t> others_;
  std::size_t count_ = 0, leaves_ = 0;
};

}  // namespace

std::string explain(const Tensor& loss, const ExplainOptions& options, Site site) {
  Explanation explanation(options);
  trace_sweep(
      loss, {}, [&](const TraceStep& step) { explanation.see(step); }, site, "explain");
  return explanation.text();
}

}  // namespace xgrad

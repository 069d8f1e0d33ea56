// PyTorch's own cases: values, gradients and second gradients of every function in ops.json. Its
// folder can be given by XGRAD_REFERENCE_DIR; a function that is not known is a failure.
#include <algorithm>
#include <iostream>
#include <map>

#include <limits>

#include <fmt/format.h>

#include "calls/call.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using test::Json;

namespace {

struct Tolerance {
  double absolute, relative;
};
// What the data's README says; PyTorch's single-precision constants allow less.
Tolerance tolerance_of(const Json& c, DType dtype) {
  if (dtype == float32) return {1e-4, 1e-4};
  const double relative = c.value("note", std::string()) == "coarse" ? 1e-7 : 1e-9;
  return {1e-2 * relative, relative};
}

std::vector<Json> listed(const Json& j) {  // one tensor or several
  return j.is_array() ? j.get<std::vector<Json>>() : std::vector<Json>{j};
}
Tensor typed(const Tensor& t, DType dtype) {
  if (t.dtype() != float64 || dtype == float64) return t;
  return t.detach().to(dtype).requires_grad_(t.requires_grad());
}
Tensor tensor_or_none(const Json& j) { return j.is_null() ? Tensor() : test::tensor_from(j); }

// What a case gives, or should: results, gradients, second gradients; undefined where there is
// none.
struct Outcome {
  std::vector<Tensor> values, first, second;
};

class Case {
 public:
  explicit Case(const Json& json) : json_(json), inputs_(test::tensors_of(json)) {}

  /// What is wrong with it, in float64 or float32; empty if nothing.
  std::string problem(DType dtype) const {
    const auto function = test::functions().find(json_.at("op").get<std::string>());
    if (function == test::functions().end()) return "no such function";
    try {
      const Outcome ours = outcome(function->second.function, inputs_, dtype);
      const std::string found = difference(ours, expected(), dtype) +
                                difference_of_temporaries(function->second.function, ours, dtype);
      if (found.empty() || dtype == float64) return found;
      // Inputs that float32 rounds: the values that float64, right by the other test, has there.
      std::vector<Tensor> rounded;
      for (const Tensor& x : inputs_)
        rounded.push_back(x.dtype() != float64 ? x
                                               : x.detach().to(float32).to(float64).requires_grad_(
                                                     x.requires_grad()));
      return difference(ours, outcome(function->second.function, rounded, float64), dtype);
    } catch (const std::exception& e) {
      return fmt::format("threw: {}", e.what());
    }
  }

 private:
  bool has(const char* name) const { return json_.contains(name) && !json_.at(name).is_null(); }

  Outcome expected() const {
    Outcome o;
    for (const Json& j : listed(json_.at("output"))) o.values.push_back(test::tensor_from(j));
    if (has("upstream"))
      for (const Json& j : json_.at("grads")) o.first.push_back(tensor_or_none(j));
    if (has("second_grads"))
      for (const Json& j : json_.at("second_grads")) o.second.push_back(tensor_or_none(j));
    return o;
  }

  // Whatever memory an op takes over, of arguments that nobody else has: the same results, of
  // constants and of values that have a history.
  std::string difference_of_temporaries(test::Function function, const Outcome& ours,
                                        DType dtype) const {
    for (const bool recorded : {false, true}) {
      std::vector<Tensor> x;
      for (const Tensor& t : inputs_)
        x.push_back(recorded ? typed(t, dtype).clone() : typed(t, dtype).detach().clone());
      const Outcome again{function({json_.at("args"), json_.at("kwargs"), x, true}), {}, {}};
      const std::string d = difference(again, {ours.values, {}, {}}, dtype);
      if (!d.empty()) return "of temporaries: " + d;
    }
    return "";
  }

  Outcome outcome(test::Function function, const std::vector<Tensor>& inputs, DType dtype) const {
    std::vector<Tensor> x;
    for (const Tensor& t : inputs) x.push_back(typed(t, dtype));
    Outcome o;
    o.values = function({json_.at("args"), json_.at("kwargs"), x});
    if (!has("upstream")) return o;
    std::vector<Tensor> outputs, upstream, slopes, weights;
    const std::vector<Json> up = listed(json_.at("upstream"));
    for (std::size_t k = 0; k < o.values.size(); ++k)
      if (!up.at(k).is_null() && o.values[k].requires_grad()) {
        outputs.push_back(o.values[k]);
        upstream.push_back(test::tensor_from(up[k]).detach().to(o.values[k].dtype()));
      }
    const bool twice = has("second_grads");
    o.first = gradients(outputs, upstream, x, twice);
    if (!twice) return o;
    for (std::size_t i = 0; i < x.size(); ++i)
      if (o.first[i].defined() && o.first[i].requires_grad()) {
        slopes.push_back(o.first[i]);
        weights.push_back(
            test::tensor_from(json_.at("grad_grad_upstream").at(i)).detach().to(x[i].dtype()));
      }
    o.second = gradients(slopes, weights, x, false);
    return o;
  }

  // For each input that wants one; zeros where nothing came.
  static std::vector<Tensor> gradients(const std::vector<Tensor>& outputs,
                                       const std::vector<Tensor>& upstream,
                                       const std::vector<Tensor>& x, bool create_graph) {
    std::vector<Tensor> leaves, all(x.size());
    for (const Tensor& t : x)
      if (t.requires_grad()) leaves.push_back(t);
    std::vector<Tensor> found(leaves.size());
    if (!outputs.empty())
      found = grad(outputs, leaves,
                   {.grad_outputs = upstream, .create_graph = create_graph, .allow_unused = true});
    for (std::size_t i = 0, k = 0; i < x.size(); ++i)
      if (x[i].requires_grad()) {
        all[i] = found[k].defined() ? found[k] : zeros_like(x[i].detach());
        ++k;
      }
    return all;
  }

  std::string difference(const Outcome& ours, const Outcome& theirs, DType dtype) const {
    std::string d = difference("result", ours.values, theirs.values, dtype);
    if (d.empty()) d = difference("gradient of input", ours.first, theirs.first, dtype);
    return d.empty() ? difference("second gradient of input", ours.second, theirs.second, dtype)
                     : d;
  }
  std::string difference(const char* what, const std::vector<Tensor>& ours,
                         const std::vector<Tensor>& theirs, DType dtype) const {
    if (ours.size() != theirs.size())
      return fmt::format("{} of them, {} expected ({})", ours.size(), theirs.size(), what);
    const Tolerance allowed = tolerance_of(json_, dtype);
    for (std::size_t k = 0; k < ours.size(); ++k) {
      if (!theirs[k].defined()) continue;
      const Tensor wanted = theirs[k].detach();
      const auto close = [&](const Tensor& t) {
        return test::all_close(ours[k].detach(), t, allowed.absolute, allowed.relative);
      };
      const test::Verdict v = close(dtype == float64 ? wanted : wanted.to(ours[k].dtype()));
      if (v) continue;
      // What float32 cannot hold is infinite, or its largest number where the op gives that.
      constexpr double most = std::numeric_limits<float>::max();
      if (dtype == float32 && wanted.dtype() == float64 &&
          close(where(isfinite(wanted), clamp(wanted, -most, most), wanted).to(ours[k].dtype())))
        continue;
      return fmt::format("{} {}: {}", what, k, v.text);
    }
    return "";
  }

  const Json& json_;
  std::vector<Tensor> inputs_;
};

struct Tally {
  int passed = 0;
  std::vector<std::string> problems;
};
using Report = std::map<std::string, Tally>;

Report report_of(DType dtype) {
  const Json data = test::read_reference("ops.json");
  Report report;
  int number = 0;
  for (const Json& c : data.at("cases")) {
    ++number;
    Tally& tally = report[c.at("op").get<std::string>()];
    const std::string problem = Case(c).problem(dtype);
    if (problem.empty())
      ++tally.passed;
    else
      tally.problems.push_back(fmt::format("case {} {} {}: {}", number,
                                           c.at("kwargs").dump().substr(0, 100),
                                           c.value("note", std::string()), problem));
  }
  return report;
}

// How many passed, and which did not.
void print(const char* title, const Report& report) {
  int passed = 0, failed = 0;
  for (const auto& [op, tally] : report) {
    passed += tally.passed;
    failed += static_cast<int>(tally.problems.size());
  }
  std::cout << fmt::format("ops.json, {}: {} functions, {} cases passed, {} failed\n", title,
                           report.size(), passed, failed);
  for (const auto& [op, tally] : report)
    if (!tally.problems.empty())
      std::cout << fmt::format("  {}: {} passed, {} failed\n", op, tally.passed,
                               tally.problems.size());
}

void check_each(const Report& report) {
  for (const auto& [op, tally] : report) {
    DYNAMIC_SECTION(op) {
      for (const std::string& problem : tally.problems) FAIL_CHECK(problem);
      CHECK(tally.passed + static_cast<int>(tally.problems.size()) > 0);
    }
  }
}

}  // namespace

TEST_CASE("PyTorch's own cases agree: values, gradients, second gradients", "[pytorch]") {
  static const Report report = [] {
    Report r = report_of(float64);
    print("float64", r);
    return r;
  }();
  check_each(report);
}

TEST_CASE("the same cases in float32 agree to its own precision", "[pytorch]") {
  static const Report report = [] {
    Report r = report_of(float32);
    print("float32", r);
    return r;
  }();
  check_each(report);
}

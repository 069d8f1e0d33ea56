// Whatever an op is made of, its nodes and errors have the line in which the user called it: in all
// orders, in worker threads, and inside of functions that the library calls.
#include <string>
#include <string_view>
#include <thread>
#include <unordered_set>

#include <fmt/format.h>

#include <xgrad/graph/node.hpp>
#include <xgrad/xgrad.hpp>

#include "ops/op_cases.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/trial.hpp"

using namespace xgrad;
using test::OpCase;
using test::trial;
using test::Verdict;

namespace {

bool ends_with(Site site, std::string_view name) {
  return site.file != nullptr && std::string_view(site.file).ends_with(name);
}
bool same(Site a, Site b) { return b.file != nullptr && ends_with(a, b.file) && a.line == b.line; }

// Every node below the tensors was made in the line that calls the op, or here: the leaves, and
// what is done with the result.
Verdict made_by_call(const OpCase& c, const std::vector<Tensor>& tensors) {
  std::unordered_set<detail::Node*> seen;
  std::vector<detail::Node*> left;
  const auto see = [&](detail::Node* node) {
    if (node != nullptr && seen.insert(node).second) left.push_back(node);
  };
  for (const Tensor& x : tensors)
    if (x.defined()) see(&x.node());
  while (!left.empty()) {
    detail::Node& node = *left.back();
    left.pop_back();
    if (!same(node.site, c.site) && !ends_with(node.site, "call_sites.cpp"))
      return {false, fmt::format("a node of '{}' was made at {}:{}, the call is at {}:{}",
                                 node.has_function ? node.function()->op : "no op",
                                 node.site.file == nullptr ? "?" : node.site.file, node.site.line,
                                 c.site.file, c.site.line)};
    if (!node.has_function) continue;
    for (std::uint32_t i = 0; i < node.function()->edge_count; ++i)
      see(node.function()->edges()[i].node);
  }
  return {true, ""};
}

// The ops that their headers tell cases of, each called in a line of its own.
std::vector<OpCase> documented_cases() {
  std::vector<OpCase> cases = test::all_op_cases();
  std::erase_if(cases, [](const OpCase& c) { return c.expression.empty(); });
  return cases;
}

std::vector<Tensor> leaves_of(const OpCase& c) {
  std::vector<Tensor> leaves;
  for (const Tensor& x : c.inputs) leaves.push_back(x.detach().clone().requires_grad_());
  return leaves;
}

// The op's result, and its gradients with their own history.
std::vector<Tensor> both_orders(const OpCase& c, const std::vector<Tensor>& x, const Tensor& y) {
  std::vector<Tensor> all{y};
  if (c.once || !y.requires_grad()) return all;
  for (const Tensor& g : grad(square(y).sum(), x, {.create_graph = true, .allow_unused = true}))
    all.push_back(g);
  return all;
}

Verdict nodes_have_the_line(const OpCase& c) {
  const std::vector<Tensor> x = leaves_of(c);
  const Tensor y = c.op(x);
  if (y.node().has_function && !same(y.site(), c.site))
    return {false, fmt::format("the result was made at {}:{}", y.site().file, y.site().line)};
  return made_by_call(c, both_orders(c, x, y));
}

Verdict error_has_the_line(const OpCase& c) {
  std::vector<Tensor> x = leaves_of(c);
  x.at(0) = Tensor();
  try {
    static_cast<void>(c.op(x));
  } catch (const Error& e) {
    return {same(e.site(), c.site), e.what()};
  }
  return {false, "an undefined input was taken"};
}

}  // namespace

TEST_CASE("all nodes of every op have the caller's line, in both orders", "[ops][sites]") {
  for (const OpCase& c : documented_cases()) trial(c.name, [&] { CHECK(nodes_have_the_line(c)); });
}

TEST_CASE("a value without history has the caller's line", "[ops][sites]") {
  const NoGrad guard;
  for (const OpCase& c : documented_cases())
    trial(c.name, [&] { CHECK(made_by_call(c, {c.op(leaves_of(c))})); });
}

TEST_CASE("an error of every op has the caller's line", "[ops][sites]") {
  for (const OpCase& c : documented_cases()) trial(c.name, [&] { CHECK(error_has_the_line(c)); });
}

TEST_CASE("nodes and errors have the caller's line in a worker thread", "[ops][sites]") {
  std::vector<std::string> failures;
  std::thread([&] {
    for (const OpCase& c : documented_cases())
      for (const Verdict& v : {nodes_have_the_line(c), error_has_the_line(c)})
        if (!v) failures.push_back(c.name + ": " + v.text);
  }).join();
  for (const std::string& failure : failures) FAIL_CHECK(failure);
}

TEST_CASE("ops inside of a checkpointed function have their own lines", "[ops][sites]") {
  for (const OpCase& c : documented_cases())
    trial(c.name, [&] {
      const std::vector<Tensor> x = leaves_of(c);
      const Tensor y = checkpoint([&](const Tensor&) { return c.op(x); }, x.at(0));
      CHECK(made_by_call(c, both_orders(c, x, y)));
    });
}

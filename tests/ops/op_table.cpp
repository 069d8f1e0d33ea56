// docs/ops.md: what the ops' headers, their nodes and docs/functions.md tell of each op.
#include <fstream>
#include <map>
#include <sstream>

#include <fmt/format.h>

#include <xgrad/xgrad.hpp>

#include "ops/op_cases.hpp"
#include "support/catch.hpp"
#include "tensor/tuple.hpp"

using namespace xgrad;
using test::OpCase;

namespace {

std::string read(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// "exp" to its errors in ULP, from the rows of docs/functions.md.
std::map<std::string, std::string> errors() {
  std::map<std::string, std::string> found;
  std::istringstream page(read(XGRAD_TEST_DOCS "/functions.md"));
  for (std::string line; std::getline(page, line);) {
    std::istringstream row(line);
    std::vector<std::string> cells;
    for (std::string cell; std::getline(row, cell, '|');)
      cells.push_back(cell.size() < 2 ? "" : cell.substr(1, cell.size() - 2));
    if (cells.size() == 6 && !cells[2].empty() && cells[2][0] == '[')
      found.try_emplace(
          cells[1], cells[3] == cells[5] ? cells[3] : fmt::format("{}, {}", cells[3], cells[5]));
  }
  return found;
}

std::vector<std::string> split_names(const std::string& names) {
  std::vector<std::string> all;
  std::istringstream list(names);
  for (std::string name; std::getline(list >> std::ws, name, ',');) all.push_back(name);
  return all;
}

struct Gradient {
  std::string rule, saved;
};
// Of an op that is one node over the inputs; others are made of ops.
Gradient gradient_of(const OpCase& c) {
  std::vector<Tensor> x;
  for (const Tensor& t : c.inputs) x.push_back(t.detach().clone().requires_grad_());
  const Tensor y = c.op(x);
  if (!y.requires_grad()) return {"none", ""};
  detail::Node* node = &y.node();
  if (node->is_leaf()) return {"the input itself", ""};
  if (node->function()->kind == detail::Function::Kind::tuple_element)
    node = node->function()->edges()[0].node;
  detail::Function& f = *node->function();
  std::string saved;
  const auto keep = [&](const std::string& what) {
    saved.append(saved.empty() ? "" : ", ").append(what);
  };
  const std::vector<std::string> names = split_names(c.names);
  std::size_t inputs = 0;
  for (std::uint32_t i = 0; i < f.edge_count; ++i) {
    const detail::Edge& edge = f.edges()[i];
    for (std::size_t k = 0; k < x.size(); ++k) {
      if (edge.node != &x[k].node()) continue;
      ++inputs;
      if (edge.reads) keep(names.at(k));
    }
    if (edge.node != nullptr && !edge.node->is_leaf()) return {"made of ops", ""};
  }
  const bool reads_results =
      f.tuple != nullptr && !f.tuple->results.empty() && f.tuple->results[0].storage;
  if (f.saved_output != nullptr || reads_results) keep("the result");
  if (inputs < x.size()) return {"made of ops", ""};
  return {f.rule, saved};
}

std::string escaped(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2)
    text.insert(at, 1, '\\');
  return text;
}

struct Row {
  std::string shapes;
  Gradient gradient;
  bool once = false;
};

std::string table() {
  std::string page =
      "# Ops\n\n"
      "Every differentiable op, with the calls that the test suite checks: first and second "
      "derivatives against\n"
      "central differences, and float32 against float64. `xgrad_test_ops \"[.op-table]\"` writes "
      "this page from the\n"
      "`@check` lines of the headers and the lists of formulas, and a test compares it.\n\n"
      "- *gradient*: how the gradients of the inputs follow from `dy`, that of the result `y`. "
      "*Made of ops* means that\n"
      "  the op calls other ops, which have their own gradients.\n"
      "- *saved*: what the op keeps alive for its gradient.\n"
      "- *orders*: how many times the op can be differentiated.\n"
      "- *ULP*: the largest error, in units in the last place, from [functions.md](functions.md): "
      "for float32 and\n"
      "  float64, if they differ.\n";
  const auto ulp = errors();
  std::string header;
  std::map<std::string, Row> rows;
  std::vector<std::string> order;
  const auto flush = [&] {
    for (const std::string& key : order) {
      const Row& r = rows[key];
      const auto at = ulp.find(key.substr(0, key.find('(')));
      page += fmt::format("| `{}` | {} | {} | {} | {} | {} |\n", escaped(key), r.shapes,
                          escaped(r.gradient.rule), r.gradient.saved, r.once ? "1" : "any",
                          at == ulp.end() ? "" : at->second);
    }
    rows.clear(), order.clear();
  };
  for (const OpCase& c : test::all_op_cases()) {
    if (c.function.empty()) continue;
    if (c.header != header) {
      flush();
      header = c.header;
      page += fmt::format(
          "\n## {}\n\n| call | shapes | gradient | saved | orders | ULP |\n| --- | --- | --- | --- "
          "| --- "
          "| --- |\n",
          header);
    }
    const auto [row, is_new] = rows.try_emplace(c.expression);
    if (is_new) {
      order.push_back(c.expression);
      row->second = {c.shapes, gradient_of(c), c.once};
    } else if (row->second.shapes != c.shapes) {
      row->second.shapes += "; " + c.shapes;
    }
  }
  flush();
  return page;
}

}  // namespace

TEST_CASE("writes docs/ops.md", "[.op-table]") {
  std::ofstream(XGRAD_TEST_DOCS "/ops.md") << table();
}

TEST_CASE("docs/ops.md is what the ops tell", "[ops][docs]") {
  std::istringstream shown(read(XGRAD_TEST_DOCS "/ops.md")), told(table());
  INFO("make it anew: xgrad_test_ops \"[.op-table]\"");
  for (std::string line, expected; std::getline(told, expected);) {
    std::getline(shown, line);
    REQUIRE(line == expected);
  }
  CHECK(shown.peek() == std::istringstream::traits_type::eof());
}

#include "ops/case_list.hpp"

#include <xgrad/ops/formulas.hpp>

#include "support/compare.hpp"

namespace xgrad::test {
namespace {

struct Pair {
  Shape a, b;
};
const std::vector<Pair> broadcast_pairs{
    {{}, {}},     {{5}, {5}},          {{3, 4}, {4}}, {{3, 1}, {1, 4}},
    {{}, {2, 3}}, {{2, 1, 3}, {4, 1}}, {{0, 3}, {3}}, {{2, 3, 4}, {2, 1, 4}},
    {{1}, {17}},  {{2, 3, 17}, {3, 1}}};

std::string label(const std::string& name, const Cases::Inputs& inputs) {
  std::string text = name;
  for (const Tensor& x : inputs) text.append(" ").append(to_string(x.shape()));
  return text;
}

}  // namespace

const std::vector<Shape>& Cases::shapes() {
  static const std::vector<Shape> all{{}, {1}, {7}, {0}, {3, 5}, {2, 0, 3}, {2, 3, 1, 5}, {19}};
  return all;
}

void Cases::add(const std::string& name, Inputs inputs, std::function<Tensor(const Inputs&)> op) {
  list.push_back({label(name, inputs), std::move(inputs), std::move(op)});
}

void Cases::unary(const std::string& name, Unary op, double low, double high) {
  for (const Shape& s : shapes())
    add(name, {uniform(s, low, high, 11)}, [op](const Inputs& x) { return op(x[0]); });
}

void Cases::binary(const std::string& name,
                   const std::function<Tensor(const Tensor&, const Tensor&)>& op, double low,
                   double high) {
  for (const Pair& p : broadcast_pairs)
    add(name, {uniform(p.a, low, high, 21), uniform(p.b, low, high, 22)},
        [op](const Inputs& x) { return op(x[0], x[1]); });
}

void Cases::any(const char* op, const char* expression, double low, double high,
                Tensor (*f)(const Tensor&), Site site) {
  for (const Shape& s : shapes()) {
    add(expression, {uniform(s, low, high, 31)}, [f](const Inputs& x) { return f(x[0]); });
    tell(op, expression, "x", "any", site);
  }
}

void Cases::pairs(const char* op, const char* expression, double low, double high,
                  Tensor (*f)(const Tensor&, const Tensor&), Site site) {
  for (const Pair& p : broadcast_pairs) {
    add(expression, {uniform(p.a, low, high, 32), uniform(p.b, low, high, 33)},
        [f](const Inputs& x) { return f(x[0], x[1]); });
    tell(op, expression, "a, b", "that broadcast", site);
  }
}

void Cases::documented(const char* op, const char* expression, const std::vector<Drawn>& inputs,
                       bool once, Tensor (*f)(const Inputs&), Site site) {
  Inputs drawn;
  unsigned seed = 34;
  std::string names, shapes;
  for (const Drawn& d : inputs) {
    drawn.push_back(uniform(d.shape, d.low, d.high, seed++));
    names.append(names.empty() ? "" : ", ").append(d.name);
    shapes.append(shapes.empty() ? "" : ", ").append(to_string(d.shape));
  }
  add(expression, std::move(drawn), f);
  tell(op, expression, names, shapes, site);
  list.back().once = once;
}

void Cases::tell(const char* op, const char* expression, const std::string& names,
                 const std::string& shapes, Site site) {
  OpCase& c = list.back();
  c.function = op, c.expression = expression, c.names = names, c.shapes = shapes;
  c.header = header_;
  c.site = site;
}

void add_listed(Cases& c) {
  c.header("formulas.hpp");
#define XGRAD_CASE(op, low, high, what, ...) \
  c.any(#op, #op "(x)", low, high, [](const Tensor& x) { return op(x); });
  XGRAD_FORMULAS(XGRAD_CASE)
#undef XGRAD_CASE
#define XGRAD_CASE(op, low, high, what, ...) \
  c.pairs(#op, #op "(a, b)", low, high, [](const Tensor& a, const Tensor& b) { return op(a, b); });
  XGRAD_FORMULAS_OF_TWO(XGRAD_CASE)
#undef XGRAD_CASE
}

}  // namespace xgrad::test

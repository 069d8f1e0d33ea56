#include "ops/case_list.hpp"

#include "support/compare.hpp"

namespace xgrad::test {
namespace {

struct Pair {
  Shape a, b;
};
const std::vector<Pair> pairs{
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
  for (const Pair& p : pairs)
    add(name, {uniform(p.a, low, high, 21), uniform(p.b, low, high, 22)},
        [op](const Inputs& x) { return op(x[0], x[1]); });
}

}  // namespace xgrad::test

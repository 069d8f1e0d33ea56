// case_list.hpp: builds the list of op cases.
#pragma once

#include <string>
#include <utility>

#include <xgrad/graph/operand.hpp>

#include "ops/op_cases.hpp"

namespace xgrad::test {

class Cases {
 public:
  using Unary = Tensor (*)(Operand);
  using Inputs = std::vector<Tensor>;

  /// Odd, empty, 0-d, and more axes.
  static const std::vector<Shape>& shapes();

  void add(const std::string& name, Inputs inputs, std::function<Tensor(const Inputs&)> op);
  /// The op on all shapes, its inputs in [low, high].
  void unary(const std::string& name, Unary op, double low, double high);
  /// The op on pairs of shapes that broadcast.
  void binary(const std::string& name,
              const std::function<Tensor(const Tensor&, const Tensor&)>& op, double low,
              double high);

  std::vector<OpCase> list;
};

void add_elementwise(Cases& cases);

}  // namespace xgrad::test

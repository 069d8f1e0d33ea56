// op_cases.hpp: every differentiable op with the shapes that its gradient is checked on.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <xgrad/graph/tensor.hpp>

namespace xgrad::test {

struct OpCase {
  std::string name;
  std::vector<Tensor> inputs;  // float64, away from kinks
  std::function<Tensor(const std::vector<Tensor>&)> op;
  std::string function = {};    // of those that their headers tell: the op,
  std::string expression = {};  // how it is called,
  std::string names = {};       // with which names for the inputs,
  std::string shapes = {};      // of which shapes, in words,
  std::string header = {};      // and where it is declared
  bool once = false;            // create_graph throws
  Site site = {};               // and the line that calls it in the file made of the headers
};

/// Names of differentiable ops whose header tells no case.
const std::vector<std::string>& unchecked_ops();

/// Unary, binary, reducing, shaping, product and loss ops on odd, empty, 0-d and broadcast shapes.
std::vector<OpCase> all_op_cases();

}  // namespace xgrad::test

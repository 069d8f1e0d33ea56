// activation.hpp: activations as modules, for Sequential and for printing.
#pragma once

#include <xgrad/nn/module.hpp>
#include <xgrad/ops/activation.hpp>

namespace xgrad::nn {

/// max(x, 0)
struct ReLU : Module {
  Tensor forward(Operand x) const { return relu(x); }
  Tensor operator()(Operand x) const { return forward(x); }
};

/// 1 / (1 + e^-x)
struct Sigmoid : Module {
  Tensor forward(Operand x) const { return sigmoid(x); }
  Tensor operator()(Operand x) const { return forward(x); }
};

struct Tanh : Module {
  Tensor forward(Operand x) const { return tanh(x); }
  Tensor operator()(Operand x) const { return forward(x); }
};

}  // namespace xgrad::nn

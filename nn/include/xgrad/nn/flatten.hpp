// flatten.hpp: shapes changed between layers.
#pragma once

#include <xgrad/nn/module.hpp>
#include <xgrad/ops/reshape.hpp>

namespace xgrad::nn {

/// The axes from start_dim to end_dim made one; by default all but the batch's.
class Flatten : public Layer<Flatten> {
 public:
  explicit Flatten(int start_dim = 1, int end_dim = -1) : start_(start_dim), end_(end_dim) {}
  Tensor forward(Operand x) const { return flatten(x, start_, end_); }

 private:
  int start_, end_;
};

struct Identity : Layer<Identity> {
  Tensor forward(Operand x) const { return x.materialize(); }
};

}  // namespace xgrad::nn

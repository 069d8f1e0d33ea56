// dropout.hpp: dropout as a module.
#pragma once

#include <xgrad/nn/module.hpp>

namespace xgrad::nn {

/// Drops elements with probability p in training, from the thread's generator; passes them on in
/// evaluation. @throws ValueError unless p is in [0, 1].
class Dropout : public Layer<Dropout> {
 public:
  explicit Dropout(double p = 0.5, Site site = {__builtin_FILE(), __builtin_LINE()});
  Tensor forward(Operand x) const;
  std::string details() const override;

 private:
  double p_;
};

}  // namespace xgrad::nn

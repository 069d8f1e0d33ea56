// muon.hpp: momentum whose steps are orthogonal matrices.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include <xgrad/optim/optimizer.hpp>

namespace xgrad::optim {

/// The fields of PyTorch, then `clip_norm`, `clip_value` and `nonfinite` of SGDOptions.
struct MuonOptions {
  double lr = 1e-3;
  double weight_decay = 0.1;
  double momentum = 0.95;
  bool nesterov = true;
  /// a, b, c of the Newton-Schulz iteration.
  std::array<double, 3> ns_coefficients = {3.4445, -4.775, 2.0315};
  double eps = 1e-7;
  std::int64_t ns_steps = 5;
  /// What lr is multiplied by, for a parameter of shape (rows, columns): "original", which is
  /// sqrt(max(1, rows / columns)), or "match_rms_adamw", 0.2 sqrt(max(rows, columns)), with which
  /// AdamW's lr and weight_decay fit.
  std::string adjust_lr_fn = "original";
  bool maximize = false;
  std::optional<double> clip_norm = {};
  std::optional<double> clip_value = {};
  NonFinite nonfinite = NonFinite::ignore;
};
using MuonGroup = ParamGroup<MuonOptions>;

/// By Jordan et al. (2024), for the weights of hidden layers, which are matrices: the momentum's
/// singular values become about 1.
///
///     g = grad, -grad to maximize
///     b = momentum * b + (1 - momentum) g;  d = nesterov ? (1 - momentum) g + momentum * b : b
///     X = d / max(|d|, eps);  ns_steps times: A = X X^T, X = a X + (b A + c A A) X
///     p -= lr * weight_decay * p;  p -= lr * adjust_lr_fn(shape) * X
///
/// PyTorch computes X in bfloat16; here it has the parameter's type. Other parameters, and usually
/// embeddings and the output layer too, go to another optimizer, as in <xgrad/optim/combined.hpp>.
/// Buffer: "momentum_buffer".
/// @throws ValueError for negative options, ns_steps outside [0, 99], an unknown adjust_lr_fn;
///         ShapeError for parameters that are not matrices.
class Muon : public OptimizerOf<MuonOptions> {
 public:
  using OptimizerOf::OptimizerOf;
};

}  // namespace xgrad::optim

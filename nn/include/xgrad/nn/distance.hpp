// distance.hpp: distances as modules.
#pragma once

#include <string>

#include <xgrad/nn/layer.hpp>
#include <xgrad/ops/distance.hpp>

namespace xgrad::nn {

/// The cosine of the angle between x1 and x2 along dim. See the op `cosine_similarity`.
class CosineSimilarity : public Layer<CosineSimilarity> {
 public:
  explicit CosineSimilarity(int dim = 1, double eps = 1e-8) : dim_(dim), eps_(eps) {}
  Tensor forward(Operand x1, Operand x2) const { return cosine_similarity(x1, x2, dim_, eps_); }

 private:
  int dim_;
  double eps_;
};

/// The p-norm of x1 - x2 + eps along the last axis. See the op `pairwise_distance`.
class PairwiseDistance : public Layer<PairwiseDistance> {
 public:
  explicit PairwiseDistance(double p = 2, double eps = 1e-6, bool keepdim = false)
      : p_(p), eps_(eps), keepdim_(keepdim) {}
  Tensor forward(Operand x1, Operand x2) const {
    return pairwise_distance(x1, x2, p_, eps_, keepdim_);
  }

 private:
  double p_, eps_;
  bool keepdim_;
};

// Compiled in the library, for AnyModule.
namespace detail {
extern template const ModuleType* module_type<CosineSimilarity>();
extern template const ModuleType* module_type<PairwiseDistance>();
}  // namespace detail

}  // namespace xgrad::nn

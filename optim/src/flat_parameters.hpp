// flat_parameters.hpp: several parameters as one vector.
#pragma once

#include <vector>

#include <xgrad/graph/tensor.hpp>

namespace xgrad::optim::detail {

std::int64_t flat_numel(const std::vector<Tensor>& params);
/// float64 if any parameter is, else float32.
DType flat_dtype(const std::vector<Tensor>& params);

/// Their gradients, one after the other; zeros where there is none.
Tensor flat_gradient(const std::vector<Tensor>& params);

/// Where parameters are, to start from and to come back to.
class Position {
 public:
  explicit Position(const std::vector<Tensor>& params);
  /// Sets the parameters to this position + t * direction.
  void move(const Tensor& direction, double t, Site site) const;
  /// Sets the parameters to this position. Needs no memory.
  void restore(Site site) const noexcept;

 private:
  std::vector<Tensor> params_, values_;
};

}  // namespace xgrad::optim::detail

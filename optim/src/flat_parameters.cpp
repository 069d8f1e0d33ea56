#include "flat_parameters.hpp"

#include <algorithm>
#include <cstring>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/ops/indexing.hpp>
#include <xgrad/ops/join.hpp>
#include <xgrad/ops/reshape.hpp>

#include "vectors.hpp"

namespace xgrad::optim::detail {

std::int64_t flat_numel(const std::vector<Tensor>& params) {
  std::int64_t n = 0;
  for (const Tensor& p : params) n += p.numel();
  return n;
}

DType flat_dtype(const std::vector<Tensor>& params) {
  const auto is_double = [](const Tensor& p) { return p.dtype() == float64; };
  return std::any_of(params.begin(), params.end(), is_double) ? float64 : float32;
}

Tensor flat_gradient(const std::vector<Tensor>& params) {
  const NoGrad guard;
  const DType dtype = flat_dtype(params);
  std::vector<Tensor> parts;
  for (const Tensor& p : params)
    parts.push_back(p.grad().defined() ? p.grad().detach().reshape({p.numel()}).to(dtype)
                                       : zeros({p.numel()}, {.dtype = dtype}));
  return cat(parts);
}

Position::Position(const std::vector<Tensor>& params) : params_(params) {
  const NoGrad guard;
  for (const Tensor& p : params) values_.push_back(p.detach().clone());
}

void Position::move(const Tensor& direction, double t, Site site) const {
  const NoGrad guard;
  std::int64_t at = 0;
  for (std::size_t i = 0; i < params_.size(); ++i) {
    const std::int64_t n = params_[i].numel();
    const Tensor part = narrow(direction, 0, at, n).reshape(params_[i].shape());
    const Tensor moved = add_scaled(values_[i].to(direction.dtype()), t, part);
    Tensor(params_[i]).assign(moved.to(params_[i].dtype()), site);
    at += n;
  }
}

void Position::restore(Site site) const noexcept {
  for (std::size_t i = 0; i < params_.size(); ++i) {
    const Tensor& p = params_[i];
    p.node().storage->changed_at(site);
    std::memcpy(p.node().storage->data(), values_[i].node().storage->data(),
                static_cast<std::size_t>(p.numel()) * size_of(p.dtype()));
  }
}

}  // namespace xgrad::optim::detail

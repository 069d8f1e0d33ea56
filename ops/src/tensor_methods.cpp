// The ops that are members of Tensor too.
#include <xgrad/graph/tensor.hpp>

#include <xgrad/graph/operand.hpp>
#include <xgrad/ops/indexing.hpp>
#include <xgrad/ops/matmul.hpp>
#include <xgrad/ops/reduction.hpp>
#include <xgrad/ops/reshape.hpp>

namespace xgrad {

Tensor Tensor::sum(const Dims& dims, Flag keepdim, Site site) const {
  return xgrad::sum(Operand(*this, site), dims, keepdim);
}
Tensor Tensor::mean(const Dims& dims, Flag keepdim, Site site) const {
  return xgrad::mean(Operand(*this, site), dims, keepdim);
}
Tensor Tensor::reshape(const Shape& shape, Site site) const {
  return xgrad::reshape(Operand(*this, site), shape);
}
Tensor Tensor::flatten(Dim start_dim, Dim end_dim, Site site) const {
  return xgrad::flatten(Operand(*this, site), start_dim, end_dim);
}
Tensor Tensor::transpose(Dim dim0, Dim dim1, Site site) const {
  return xgrad::transpose(Operand(*this, site), dim0, dim1);
}
Tensor Tensor::t(Site site) const { return xgrad::t(Operand(*this, site)); }
Tensor Tensor::matmul(const Tensor& other, Site site) const {
  return xgrad::matmul(Operand(*this, site), Operand(other, site));
}
Tensor Tensor::argmax(Site site) const { return xgrad::argmax(Operand(*this, site)); }
Tensor Tensor::argmax(Dim dim, Flag keepdim, Site site) const {
  return xgrad::argmax(Operand(*this, site), dim, keepdim);
}
Tensor Tensor::permute(const std::vector<int>& dims, Site site) const {
  return xgrad::permute(Operand(*this, site), dims);
}
Tensor Tensor::squeeze(const Dims& dims, Site site) const {
  return xgrad::squeeze(Operand(*this, site), dims);
}
Tensor Tensor::unsqueeze(Dim dim, Site site) const {
  return xgrad::unsqueeze(Operand(*this, site), dim);
}
Tensor Tensor::operator[](Position i) const {
  return xgrad::select(Operand(*this, i.site), 0, i.at);
}
Tensor Tensor::index(const std::vector<Index>& indices, Site site) const {
  return xgrad::index(Operand(*this, site), indices);
}

}  // namespace xgrad

// The ops that are members of Tensor too.
#include <xgrad/graph/tensor.hpp>
#include <xgrad/ops/matmul.hpp>
#include <xgrad/ops/reduction.hpp>
#include <xgrad/ops/reshape.hpp>

namespace xgrad {

Tensor Tensor::sum(const Dims& dims, bool keepdim) const { return xgrad::sum(*this, dims, keepdim); }
Tensor Tensor::mean(const Dims& dims, bool keepdim) const {
  return xgrad::mean(*this, dims, keepdim);
}
Tensor Tensor::reshape(const Shape& shape) const { return xgrad::reshape(*this, shape); }
Tensor Tensor::flatten(int start_dim, int end_dim) const {
  return xgrad::flatten(*this, start_dim, end_dim);
}
Tensor Tensor::transpose(int dim0, int dim1) const { return xgrad::transpose(*this, dim0, dim1); }
Tensor Tensor::t() const { return xgrad::t(*this); }
Tensor Tensor::matmul(const Tensor& other) const { return xgrad::matmul(*this, other); }
Tensor Tensor::argmax() const { return xgrad::argmax(*this); }
Tensor Tensor::argmax(int dim, bool keepdim) const { return xgrad::argmax(*this, dim, keepdim); }

}  // namespace xgrad

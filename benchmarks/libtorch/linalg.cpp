#include "libtorch.hpp"

namespace bench {

using V = const Tensors&;
using torch::Tensor;

namespace {

Tensor well_conditioned(const Tensor& a) {
  return a + 16 * torch::eye(a.size(-1), torch::TensorOptions().dtype(a.dtype()));
}
Tensor definite(const Tensor& a) { return well_conditioned(a.matmul(a.transpose(-2, -1))); }

}  // namespace

Works linalg_works() {
  const auto inverse = work_of([](V v) { return torch::linalg_inv(well_conditioned(v[0])); });
  return {{"inv 128x128", inverse},
          {"solve 128x128",
           work_of([](V v) { return torch::linalg_solve(well_conditioned(v[0]), v[1]); })},
          {"cholesky 128x128", work_of([](V v) { return torch::linalg_cholesky(definite(v[0])); })},
          {"det 128x128", work_of([](V v) { return torch::linalg_det(v[0] / 8); })},
          {"eigvalsh 128x128", work_of([](V v) { return torch::linalg_eigvalsh(definite(v[0])); })},
          {"svdvals 128x128", work_of([](V v) { return torch::linalg_svdvals(v[0]); })},
          {"qr 128x128", work_of([](V v) {
             return std::get<1>(torch::linalg_qr(well_conditioned(v[0]))).abs();
           })},
          {"inv 256 of 8x8", inverse}};
}

}  // namespace bench

#include "libtorch.hpp"

namespace bench {

using V = const Tensors&;
namespace F = torch::nn::functional;

Works row_works() {
  const auto last_softmax = [](V v) { return torch::softmax(v[0], 1); };
  return {{"softmax 4096x1024", work_of(last_softmax)},
          {"softmax 4096x1024, dim 0", work_of([](V v) { return torch::softmax(v[0], 0); })},
          {"softmax 65536x16", work_of(last_softmax)},
          {"softmax 1024x64x16, dim 1", work_of(last_softmax)},
          {"log_softmax 4096x1024", work_of([](V v) { return torch::log_softmax(v[0], 1); })},
          {"logsumexp 4096x1024", work_of([](V v) { return torch::logsumexp(v[0], 1); })},
          {"cross_entropy 4096x1024", work_of([](V v) { return F::cross_entropy(v[0], v[1]); })},
          {"nll_loss 4096x1024", work_of([](V v) { return torch::nll_loss(v[0], v[1]); })},
          {"mse_loss", work_of([](V v) { return torch::mse_loss(v[0], v[1]); })},
          {"smooth_l1_loss", work_of([](V v) { return torch::smooth_l1_loss(v[0], v[1]); })},
          {"binary_cross_entropy_with_logits",
           work_of([](V v) { return torch::binary_cross_entropy_with_logits(v[0], v[1]); })},
          {"layer_norm 4096x1024",
           work_of([](V v) { return torch::layer_norm(v[0], {1024}, v[1], v[2]); })},
          {"layer_norm 1024x128",
           work_of([](V v) { return torch::layer_norm(v[0], {128}, v[1], v[2]); })},
          {"rms_norm 4096x1024",  // by ops: this libtorch has no rms_norm
           work_of([](V v) {
             const auto mean = v[0].square().mean(1, true);
             return v[0] * torch::rsqrt(mean + 1.1920928955078125e-07) * v[1];
           })},
          {"batch_norm 64x32x28x28", work_of([](V v) {
             return torch::batch_norm(v[0], v[1], v[2], {}, {}, true, 0.1, 1e-5, false);
           })},
          {"group_norm 64x32x28x28, 8 groups",
           work_of([](V v) { return torch::group_norm(v[0], 8, v[1], v[2]); })},
          {"instance_norm 64x32x28x28", work_of([](V v) {
             return torch::instance_norm(v[0], v[1], v[2], {}, {}, true, 0.1, 1e-5, false);
           })},
          {"normalize 4096x1024",
           work_of([](V v) { return F::normalize(v[0], F::NormalizeFuncOptions().dim(1)); })}};
}

}  // namespace bench

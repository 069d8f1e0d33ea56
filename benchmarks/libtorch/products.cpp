#include "libtorch.hpp"

namespace bench {

using V = const Tensors&;

namespace {

// This libtorch has no scaled_dot_product_attention with a gradient: by ops, as models did it.
torch::Tensor attention(V v) {
  const auto scale = 1 / std::sqrt(static_cast<double>(v[0].size(-1)));
  const auto mask = torch::ones({v[0].size(-2), v[1].size(-2)}, torch::kBool).triu(1);
  const auto scores = (v[0].matmul(v[1].transpose(-2, -1)) * scale).masked_fill(mask, -INFINITY);
  return scores.softmax(-1).matmul(v[2]);
}

}  // namespace

Works product_works() {
  const auto product = work_of([](V v) { return v[0].matmul(v[1]); });
  const auto layer = work_of([](V v) { return torch::linear(v[0], v[1], v[2]); });
  return {{"matmul 64x784x128", product},
          {"matmul 256x1024x1024", product},
          {"matmul 32x100x100", product},
          {"matmul 1024x128x512", product},
          {"matmul 512x512x512", product},
          {"matmul 1024x1024x1024", product},
          {"linear 64x784x128", layer},
          {"linear 32x100x100", layer},
          {"linear 1024x128x512", layer},
          {"matmul 256x256x256, float64", product},
          {"bmm 64 of 64x32x64", work_of([](V v) { return v[0].bmm(v[1]); })},
          {"mv 1024x1024", work_of([](V v) { return v[0].mv(v[1]); })},
          {"outer 1024x1024", work_of([](V v) { return v[0].outer(v[1]); })},
          {"einsum bij,bkj->bik", work_of([](V v) {
             return torch::einsum("bij,bkj->bik", {v[0], v[1]});
           })},
          {"attention 16x4x64x32, causal", work_of(attention)}};
}

}  // namespace bench

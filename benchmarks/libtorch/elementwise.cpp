#include "libtorch.hpp"

namespace bench {

using V = const Tensors&;

Works elementwise_works() {
  const auto chain = [](V v) { return torch::tanh(v[0] * v[1] + v[2]) * torch::sigmoid(v[0]); };
  return {{"tanh(x w + b) sigmoid(x), 1 Mi", work_of(chain)},
          {"tanh(x w + b) sigmoid(x), 16 Mi", work_of(chain)},
          {"x + y", work_of([](V v) { return v[0] + v[1]; })},
          {"x * y", work_of([](V v) { return v[0] * v[1]; })},
          {"x / y", work_of([](V v) { return v[0] / v[1]; })},
          {"x + row", work_of([](V v) { return v[0] + v[1]; })},
          {"x * column", work_of([](V v) { return v[0] * v[1]; })},
          {"x * 2", work_of([](V v) { return v[0] * 2; })},
          {"tanh", work_of([](V v) { return v[0].tanh(); })},
          {"sigmoid", work_of([](V v) { return v[0].sigmoid(); })},
          {"exp", work_of([](V v) { return v[0].exp(); })},
          {"log", work_of([](V v) { return v[0].log(); })},
          {"sqrt", work_of([](V v) { return v[0].sqrt(); })},
          {"sin", work_of([](V v) { return v[0].sin(); })},
          {"erf", work_of([](V v) { return v[0].erf(); })},
          {"pow(x, y)", work_of([](V v) { return v[0].pow(v[1]); })},
          {"pow(x, 3)", work_of([](V v) { return v[0].pow(3); })},
          {"relu", work_of([](V v) { return v[0].relu(); })},
          {"gelu", work_of([](V v) { return torch::gelu(v[0]); })},
          {"silu", work_of([](V v) { return torch::silu(v[0]); })},
          {"softplus", work_of([](V v) { return torch::softplus(v[0]); })},
          {"elu", work_of([](V v) { return torch::elu(v[0]); })},
          {"clamp", work_of([](V v) { return v[0].clamp(-0.5, 0.5); })},
          {"abs", work_of([](V v) { return v[0].abs(); })},
          {"maximum", work_of([](V v) { return torch::maximum(v[0], v[1]); })},
          {"where", work_of([](V v) { return torch::where(v[0], v[1], v[2]); })},
          {"masked_fill", work_of([](V v) { return v[0].masked_fill(v[1], -1); })},
          {"lerp", work_of([](V v) { return torch::lerp(v[0], v[1], 0.25); })},
          {"x < y", work_of([](V v) { return v[0] < v[1]; })},
          {"x + y, int64", work_of([](V v) { return v[0] + v[1]; })},
          {"float32 to float64", work_of([](V v) { return v[0].to(torch::kFloat64); })},
          {"dropout", work_of([](V v) { return torch::dropout(v[0] + 2, 0.1, true); }, true)},
          {"rand", work_of([](V v) { return torch::rand(v[0].sizes()); }, true)},
          {"randn", work_of([](V v) { return torch::randn(v[0].sizes()) + 10; }, true)}};
}

}  // namespace bench

// Every layer: gradients with respect to inputs and parameters against central differences, of
// first and second order, and float32 beside float64.
#include <functional>
#include <string>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;

namespace {

using Call = std::function<Tensor(const std::vector<NamedTensor>&, const std::vector<Tensor>&)>;

// A weighted sum of what the call gives, of the inputs and then the parameters.
auto loss_of(const nn::Module& module, std::size_t inputs, const Call& call) {
  return [&module, inputs, &call](const std::vector<Tensor>& x) {
    std::vector<NamedTensor> parameters = module.named_parameters();
    for (std::size_t i = 0; i < parameters.size(); ++i) parameters[i].tensor = x[inputs + i];
    const Tensor y = call(parameters, x);
    return (y * sin(arange(y.numel(), {.dtype = y.dtype()}) + 1).reshape(y.shape())).sum();
  };
}

std::vector<Tensor> converted(std::vector<Tensor> tensors, DType dtype) {
  for (Tensor& t : tensors) t = t.detach().to(dtype).requires_grad_();
  return tensors;
}

struct Subject {
  nn::AnyModule module;
  std::function<Call(const nn::AnyModule&)> call;
};

void check(const Subject& subject, const std::vector<Tensor>& inputs, bool second_order) {
  const nn::AnyModule& module = subject.module;
  INFO(to_string(*module));
  const Call call = subject.call(module);
  const auto f = loss_of(*module, inputs.size(), call);
  std::vector<Tensor> all = inputs;
  for (const Tensor& p : module->parameters()) all.push_back(p.detach());
  all = converted(std::move(all), float64);
  CHECK(gradcheck(f, all));
  if (second_order) CHECK(gradgradcheck(f, all));

  const std::vector<Tensor> expected = grad(f(all), all, {.allow_unused = true});
  const nn::AnyModule single = module.clone();
  single->to(float32);
  const Call single_call = subject.call(single);
  const auto g = loss_of(*single, inputs.size(), single_call);
  const std::vector<Tensor> floats = converted(all, float32);
  const std::vector<Tensor> found = grad(g(floats), floats, {.allow_unused = true});
  for (std::size_t i = 0; i < found.size(); ++i) {
    REQUIRE(found[i].defined() == expected[i].defined());
    if (!found[i].defined()) continue;
    CHECK(found[i].dtype() == float32);
    CHECK(test::all_close(found[i].to(float64), expected[i], 2e-4, 2e-4));
  }
}

// Of one input.
template <class M>
void check(const M& module, const std::vector<Tensor>& inputs, bool second_order = true) {
  const auto call = [](const nn::AnyModule& m) -> Call {
    return [m](const std::vector<NamedTensor>& parameters, const std::vector<Tensor>& v) {
      return nn::functional_call(m, parameters, v[0]);
    };
  };
  check(Subject{nn::AnyModule(module), call}, inputs, second_order);
}
template <class M>
void check_two(const M& module, const Tensor& a, const Tensor& b, bool second_order = true) {
  const auto call = [](const nn::AnyModule& m) -> Call {
    return [m](const std::vector<NamedTensor>& parameters, const std::vector<Tensor>& v) {
      return nn::functional_call(*m.as<M>(), parameters, v[0], v[1]);
    };
  };
  check(Subject{nn::AnyModule(module), call}, {a, b}, second_order);
}
template <class M>
void check_three(const M& module, const Tensor& a, const Tensor& b, const Tensor& c) {
  const auto call = [](const nn::AnyModule& m) -> Call {
    return [m](const std::vector<NamedTensor>& parameters, const std::vector<Tensor>& v) {
      return nn::functional_call(*m.as<M>(), parameters, v[0], v[1], v[2]);
    };
  };
  check(Subject{nn::AnyModule(module), call}, {a, b, c}, true);
}

Tensor x(const Shape& shape, unsigned seed = 1, double low = -1, double high = 1) {
  return test::uniform(shape, low, high, seed);
}

}  // namespace

TEST_CASE("gradients of linear and bilinear layers", "[nn][grad]") {
  check(nn::Linear(3, 2, {.dtype = float64}), {x({4, 3})});
  check(nn::Linear(1, 1, {.bias = false, .dtype = float64}), {x({1})});
  check_two(nn::Bilinear(2, 3, 2, {.dtype = float64}), x({4, 2}), x({4, 3}, 2));
  check_two(nn::Bilinear(1, 1, 1, {.bias = false, .dtype = float64}), x({1}), x({1}, 2));
}

TEST_CASE("gradients of convolutions", "[nn][grad]") {
  check(nn::Conv1d(2, 3, 3, {.dtype = float64}), {x({2, 2, 5})});
  check(nn::Conv2d(2, 2, {2, 3}, {.stride = 2, .padding = 1, .dtype = float64}), {x({2, 4, 3})});
  check(nn::Conv3d(1, 2, 2, {.bias = false, .dtype = float64}), {x({1, 1, 3, 2, 2})});
  for (const char* mode : {"zeros", "reflect", "replicate", "circular"})
    check(nn::Conv2d(2, 2, 2, {.padding = 1, .groups = 2, .padding_mode = mode, .dtype = float64}),
          {x({1, 2, 3, 3})});
  for (const char* mode : {"zeros", "replicate"})
    check(nn::Conv1d(1, 2, 4,
                     {.padding = "same", .dilation = 2, .padding_mode = mode, .dtype = float64}),
          {x({1, 1, 5})});
  check(nn::ConvTranspose1d(2, 2, 3, {.stride = 2, .dtype = float64}), {x({2, 2, 3})});
  check(nn::ConvTranspose2d(
            2, 4, {2, 3},
            {.stride = 2, .padding = 1, .output_padding = 1, .groups = 2, .dtype = float64}),
        {x({1, 2, 2, 3})});
  check(nn::ConvTranspose3d(1, 1, 2, {.bias = false, .dtype = float64}), {x({1, 1, 2, 1, 2})});
}

TEST_CASE("gradients of normalization", "[nn][grad]") {
  check(nn::BatchNorm1d(3, {.dtype = float64}), {x({4, 3})});
  check(nn::BatchNorm1d(2, {.affine = false, .track_running_stats = false, .dtype = float64}),
        {x({3, 2, 2})});
  check(nn::BatchNorm2d(2, {.dtype = float64}), {x({2, 2, 2, 2})});
  check(nn::BatchNorm3d(1, {.dtype = float64}), {x({2, 1, 2, 1, 2})});
  nn::BatchNorm2d evaluated(2, {.dtype = float64});
  evaluated.eval();
  check(evaluated, {x({2, 2, 2, 1})});
  check(nn::InstanceNorm1d(2, {.dtype = float64}), {x({2, 2, 4})});
  check(nn::InstanceNorm2d(2, {.affine = true, .dtype = float64}), {x({2, 3, 2})});
  check(nn::InstanceNorm3d(1, {.affine = true, .track_running_stats = true, .dtype = float64}),
        {x({2, 1, 2, 2, 2})});
  check(nn::GroupNorm(2, 4, {.dtype = float64}), {x({2, 4, 3})});
  check(nn::LayerNorm(4, {.dtype = float64}), {x({3, 4})});
  check(nn::LayerNorm({2, 3}, {.bias = false, .dtype = float64}), {x({2, 2, 3})});
  check(nn::RMSNorm(4, {.dtype = float64}), {x({3, 4})});
  check(nn::LocalResponseNorm(3, 0.5), {x({1, 4, 2})});
}

TEST_CASE("gradients of pooling and padding", "[nn][grad]") {
  check(nn::MaxPool1d(2), {x({1, 2, 5})});
  check(nn::MaxPool2d({2, 3}, {.stride = 1, .padding = 1}), {x({2, 3, 4})});
  check(nn::MaxPool3d(2), {x({1, 1, 2, 4, 2})});
  check(nn::AvgPool1d(3, {.stride = 2, .padding = 1}), {x({1, 2, 5})});
  check(nn::AvgPool2d(2), {x({2, 4, 4})});
  check(nn::AvgPool3d(2, {.ceil_mode = true}), {x({1, 1, 3, 2, 2})});
  check(nn::AdaptiveAvgPool1d(3), {x({1, 1, 5})});
  check(nn::AdaptiveAvgPool2d({2, -1}), {x({1, 5, 3})});
  check(nn::AdaptiveAvgPool3d(1), {x({1, 2, 2, 2})});
  check(nn::AdaptiveMaxPool1d(2), {x({1, 1, 5})});
  check(nn::AdaptiveMaxPool2d(2), {x({1, 5, 3})});
  check(nn::AdaptiveMaxPool3d(1), {x({1, 2, 2, 2})});
  check(nn::LPPool1d(3, 2), {x({1, 1, 4}, 1, 0.3, 1)});
  check(nn::LPPool2d(2, 2), {x({1, 1, 2, 4}, 1, 0.3, 1)});
  check(nn::LPPool3d(2, 2), {x({1, 1, 2, 2, 2}, 1, 0.3, 1)});
  check(nn::ZeroPad1d(1), {x({2, 3})});
  check(nn::ZeroPad2d({1, 0, 2, -1}), {x({1, 2, 3, 3})});
  check(nn::ZeroPad3d(1), {x({1, 1, 2, 1, 2})});
  check(nn::ConstantPad1d({0, 2}, 3), {x({2, 3})});
  check(nn::ConstantPad2d(1, -1), {x({1, 2, 2})});
  check(nn::ConstantPad3d(1, 2), {x({1, 2, 1, 2})});
  check(nn::ReflectionPad1d(2), {x({1, 2, 4})});
  check(nn::ReflectionPad2d(1), {x({1, 1, 3, 2})});
  check(nn::ReflectionPad3d(1), {x({1, 1, 2, 3, 2})});
  check(nn::ReplicationPad1d(2), {x({1, 2, 3})});
  check(nn::ReplicationPad2d({1, 2, 0, 1}), {x({1, 1, 3, 2})});
  check(nn::ReplicationPad3d(1), {x({1, 1, 2, 1, 2})});
  check(nn::CircularPad1d(2), {x({1, 2, 3})});
  check(nn::CircularPad2d(1), {x({1, 1, 3, 2})});
  check(nn::CircularPad3d(1), {x({1, 1, 2, 1, 2})});
}

TEST_CASE("gradients of layers that rearrange", "[nn][grad]") {
  check(nn::Flatten(), {x({2, 2, 2})});
  check(nn::Unflatten(1, {2, 2}), {x({2, 4})});
  check(nn::Identity(), {x({3})});
  check(nn::PixelShuffle(2), {x({1, 4, 2, 1})});
  check(nn::PixelUnshuffle(2), {x({1, 1, 2, 4})});
  check(nn::ChannelShuffle(2), {x({1, 4, 2})});
  check(nn::Unfold(2, {.padding = 1}), {x({1, 1, 2, 2})});
  check(nn::Fold({3, 3}, 2), {x({1, 4, 4})});
  check(nn::Upsample({.scale_factor = 2, .mode = "bilinear", .align_corners = true}),
        {x({1, 1, 2, 3})});
  check(nn::Upsample({.size = 5}), {x({1, 2, 3})});
}

TEST_CASE("gradients of activations", "[nn][grad]") {
  const Tensor v = x({3, 4}, 7, 0.1, 0.45);
  const auto each = [&](const auto&... modules) { (check(modules, {v * 4 - 1}), ...); };
  each(nn::ReLU(), nn::Sigmoid(), nn::Tanh(), nn::SELU(), nn::SiLU(), nn::Mish(), nn::Softsign(),
       nn::LogSigmoid(), nn::Hardsigmoid(), nn::Hardswish(), nn::ReLU6(), nn::Tanhshrink());
  each(nn::LeakyReLU(0.2), nn::ELU(2), nn::CELU(0.5), nn::GELU(), nn::GELU("tanh"), nn::Softplus(2),
       nn::Hardtanh(-0.9, 0.9), nn::Hardshrink(0.05), nn::Softshrink(0.05), nn::Threshold(0.01, -3),
       nn::GLU(), nn::Softmin(1), nn::Softmax(0), nn::LogSoftmax(-1));
  check(nn::PReLU({.num_parameters = 4, .dtype = float64}), {x({3, 4})});
  nn::RReLU leaky;
  leaky.eval();
  check(leaky, {x({3, 4})});
  check(nn::Softmax2d(), {x({1, 2, 2, 2})});
}

TEST_CASE("gradients of attention", "[nn][grad]") {
  const auto check_attention = [](const nn::MultiheadAttentionOptions& o,
                                  const nn::MultiheadAttentionForwardOptions& masks, bool batched) {
    const auto call = [masks](const nn::AnyModule& m) -> Call {
      return [m, masks](const std::vector<NamedTensor>& parameters, const std::vector<Tensor>& v) {
        const auto [y, weights] = nn::functional_call(*m.as<nn::MultiheadAttention>(), parameters,
                                                      v[0], v[1], v[2], masks);
        return cat({y.flatten(), weights.flatten()});
      };
    };
    const std::int64_t kdim = o.kdim.value_or(2), vdim = o.vdim.value_or(2);
    const auto sized = [batched](std::int64_t length, std::int64_t features, unsigned seed) {
      return batched ? x({length, 2, features}, seed) : x({length, features}, seed);
    };
    check(Subject{nn::AnyModule(nn::MultiheadAttention(2, 2, o)), call},
          {sized(2, 2, 1), sized(3, kdim, 2), sized(3, vdim, 3)}, true);
  };
  check_attention({.dtype = float64}, {}, true);
  check_attention({.bias = false, .add_zero_attn = true, .kdim = 1, .vdim = 3, .dtype = float64},
                  {.is_causal = true}, false);
  check_attention({.add_bias_kv = true, .dtype = float64},
                  {.key_padding_mask = tensor({{false, true, false}, {true, true, false}}),
                   .attn_mask = x({2, 3}, 4).detach(),
                   .average_attn_weights = false},
                  true);
}

TEST_CASE("gradients of transformers and positions", "[nn][grad]") {
  const nn::TransformerLayerOptions o{
      .dim_feedforward = 3, .dropout = 0, .activation = "gelu", .dtype = float64};
  nn::TransformerLayerOptions norm_first = o;
  norm_first.norm_first = true;
  check(nn::TransformerEncoderLayer(2, 1, o), {x({3, 2, 2})});
  check(nn::TransformerEncoder(nn::TransformerEncoderLayer(2, 2, norm_first), 2,
                               nn::LayerNorm(2, {.dtype = float64})),
        {x({2, 2})}, false);
  check_two(nn::TransformerDecoderLayer(2, 2, o), x({2, 1, 2}), x({3, 1, 2}, 2), false);
  check_two(nn::TransformerDecoder(nn::TransformerDecoderLayer(2, 1, norm_first), 2), x({2, 2}),
            x({1, 2}, 2), false);
  check(nn::SinusoidalEmbedding(4), {x({3, 4})});
  check(nn::RotaryEmbedding(4), {x({2, 3, 4})});
  check(nn::RotaryEmbedding(2, {.base = 10, .interleaved = false}), {x({3, 2})});
}

TEST_CASE("gradients of losses and distances", "[nn][grad]") {
  const Tensor a = x({3, 4}), b = x({3, 4}, 2), c = x({3, 4}, 3);
  const Tensor p = x({3, 4}, 4, 0.1, 0.9), q = x({3, 4}, 5, 0.1, 0.9);
  for (const Reduction reduction : {Reduction::none, Reduction::mean, Reduction::sum}) {
    check_two(nn::MSELoss(reduction), a, b);
    check_two(nn::L1Loss(reduction), a, b);
    check_two(nn::SmoothL1Loss(reduction, 0.7), a, b);
    check_two(nn::HuberLoss(reduction, 0.7), a, b);
    check_three(nn::TripletMarginLoss({.margin = 3, .reduction = reduction}), a, b, c);
    check_three(
        nn::TripletMarginWithDistanceLoss({.margin = 3, .swap = true, .reduction = reduction}), a,
        b, c);
  }
  check_two(nn::BCELoss(), p, q);
  check_two(nn::BCEWithLogitsLoss({.weight = q.detach(), .pos_weight = p.detach()}), a, q, false);
  check_two(nn::KLDivLoss(Reduction::batchmean), log(p).detach(), q);
  check_two(nn::PoissonNLLLoss(), a, p);
  check_three(nn::GaussianNLLLoss(), a, b, q);
  check_three(nn::MarginRankingLoss(5), a, b, c);
  check_two(nn::SoftMarginLoss(), a, b);
  check_two(nn::CosineSimilarity(), a, b);
  check_two(nn::PairwiseDistance(3), a, b);
}

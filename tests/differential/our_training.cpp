#include <optional>

#include <xgrad/xgrad.hpp>

#include "differential/our_image_layers.hpp"
#include "differential/training.hpp"
#include "support/optimizers.hpp"

namespace xgrad::test {
namespace {

Array array_of(const Tensor& x) {
  const auto data = x.detach().to(float64);
  const auto all = data.span<double>();
  return {{x.shape().begin(), x.shape().end()}, "float64", {all.begin(), all.end()}};
}

nn::BatchNorm1d batch_norm(std::int64_t features, const Json& k) {
  nn::BatchNormOptions o{.eps = k.at("eps"),
                         .affine = k.at("affine"),
                         .track_running_stats = k.at("track_running_stats"),
                         .dtype = float64};
  if (k.at("momentum").is_null())
    o.momentum = {};
  else
    o.momentum = k.at("momentum").get<double>();
  return nn::BatchNorm1d(features, o);
}
nn::Embedding embedding(const Json& args, const Json& k) {
  nn::EmbeddingOptions o{.scale_grad_by_freq = k.at("scale_grad_by_freq"), .dtype = float64};
  if (k.contains("padding_idx")) o.padding_idx = k.at("padding_idx").get<std::int64_t>();
  return {args[0].get<std::int64_t>(), args[1].get<std::int64_t>(), o};
}

void append(nn::Sequential& net, const Json& layer) {
  const std::string name = layer.at("module");
  const Json &a = layer.at("args"), &k = layer.at("kwargs");
  const auto is = [&name](const char* other) { return name == other; };
  if (is("Linear"))
    net.append(nn::Linear(a[0].get<std::int64_t>(), a[1].get<std::int64_t>(),
                          {.bias = k.at("bias"), .dtype = float64}));
  if (is("LayerNorm"))
    net.append(nn::LayerNorm(
        a[0].get<std::int64_t>(),
        {.eps = k.at("eps"), .elementwise_affine = k.at("elementwise_affine"), .dtype = float64}));
  if (is("BatchNorm1d")) net.append(batch_norm(a[0].get<std::int64_t>(), k));
  if (is("Embedding")) net.append(embedding(a, k));
  if (is("TransformerEncoderLayer"))
    net.append(nn::TransformerEncoderLayer(a[0].get<std::int64_t>(), a[1].get<std::int64_t>(),
                                           {.dim_feedforward = k.at("dim_feedforward"),
                                            .dropout = 0,
                                            .activation = k.at("activation"),
                                            .dtype = float64}));
  if (is("Flatten")) net.append(nn::Flatten());
  if (is("ReLU")) net.append(nn::ReLU());
  if (is("Sigmoid")) net.append(nn::Sigmoid());
  if (is("Tanh")) net.append(nn::Tanh());
  if (is("SELU")) net.append(nn::SELU());
  if (is("SiLU")) net.append(nn::SiLU());
  if (is("Mish")) net.append(nn::Mish());
  if (is("Softsign")) net.append(nn::Softsign());
  if (is("LogSigmoid")) net.append(nn::LogSigmoid());
  if (is("Softmax")) net.append(nn::Softmax(-1));
  if (is("LogSoftmax")) net.append(nn::LogSoftmax(-1));
  if (is("LeakyReLU")) net.append(nn::LeakyReLU(k.at("negative_slope").get<double>()));
  if (is("ELU")) net.append(nn::ELU(k.at("alpha").get<double>()));
  if (is("GELU")) net.append(nn::GELU(k.at("approximate").get<std::string>()));
  if (is("Softplus"))
    net.append(nn::Softplus(k.at("beta").get<double>(), k.at("threshold").get<double>()));
  if (is("Hardtanh"))
    net.append(nn::Hardtanh(k.at("min_val").get<double>(), k.at("max_val").get<double>()));
}

void start(const std::vector<Tensor>& parameters) {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    Tensor p = parameters[i].detach();
    double* const x = p.mutable_data<double>();
    for (std::int64_t k = 0; k < p.numel(); ++k) x[k] = start_of(i, static_cast<std::size_t>(k));
  }
}

void clip(const Json& how, const std::vector<Tensor>& parameters) {
  if (how.contains("value")) optim::clip_grad_value_(parameters, how.at("value").get<double>());
  if (how.contains("norm"))
    optim::clip_grad_norm_(parameters, how.at("norm").get<double>(),
                           how.at("norm_type").get<double>());
}

}  // namespace

std::vector<Array> our_training(const Json& training) {
  nn::Sequential net;
  for (const Json& layer : training.at("layers")) {
    append_image_layer(net, layer);
    append(net, layer);
  }
  const std::vector<Tensor> parameters = net.parameters();
  start(parameters);
  const auto optimizer = make_optimizer(training.at("optimizer"), parameters);
  set_options(*optimizer, 0, training.at("options"));
  std::optional<optim::StepLR> schedule;
  if (training.contains("schedule"))
    schedule.emplace(*optimizer, training["schedule"]["step_size"].get<std::int64_t>(),
                     training["schedule"]["gamma"].get<double>());
  const Tensor x = tensor_from(training.at("input")), target = tensor_from(training.at("target"));
  Array losses{{training_steps}, "float64", {}};
  for (int step = 0; step < training_steps; ++step) {
    const Tensor loss = optimizer->step([&] {
      optimizer->zero_grad();
      const Tensor mse = mse_loss(net(x), target);
      mse.backward();
      clip(training.at("clip"), parameters);
      return mse;
    });
    losses.data.push_back(loss.item<double>());
    if (schedule) schedule->step();
  }
  std::vector<Array> all{losses};
  for (const Tensor& p : parameters) all.push_back(array_of(p));
  for (const NamedTensor& b : net.named_buffers()) all.push_back(array_of(b.tensor));
  net.eval();
  all.push_back(array_of(net(x)));
  return all;
}

}  // namespace xgrad::test

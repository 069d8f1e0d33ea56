#include <torch/torch.h>

#include "differential/their_image_layers.hpp"
#include "differential/training.hpp"

namespace xgrad::test {
namespace {

using at::Tensor;
namespace nn = torch::nn;

Array array_of(const Tensor& x) {
  const Tensor all = x.detach().to(at::kDouble).contiguous();
  return {
      x.sizes().vec(), "float64", {all.data_ptr<double>(), all.data_ptr<double>() + all.numel()}};
}
Tensor tensor_of(const Json& j) {
  auto data = j.at("data").get<std::vector<double>>();
  const auto dtype = j.at("dtype") == "int64" ? at::kLong : at::kDouble;
  return torch::from_blob(data.data(), j.at("shape").get<std::vector<int64_t>>(), at::kDouble)
      .to(dtype, false, true);
}

nn::BatchNorm1d batch_norm(int64_t features, const Json& k) {
  nn::BatchNormOptions o(features);
  o.eps(k.at("eps")).affine(k.at("affine")).track_running_stats(k.at("track_running_stats"));
  if (k.at("momentum").is_null())
    o.momentum(c10::nullopt);
  else
    o.momentum(k.at("momentum").get<double>());
  return nn::BatchNorm1d(o);
}
nn::Embedding embedding(const Json& a, const Json& k) {
  nn::EmbeddingOptions o(a[0].get<int64_t>(), a[1].get<int64_t>());
  o.scale_grad_by_freq(k.at("scale_grad_by_freq"));
  if (k.contains("padding_idx")) o.padding_idx(k.at("padding_idx").get<int64_t>());
  return nn::Embedding(o);
}

void append(nn::Sequential& net, const Json& layer) {
  const std::string name = layer.at("module");
  const Json &a = layer.at("args"), &k = layer.at("kwargs");
  const auto is = [&name](const char* other) { return name == other; };
  const auto number = [&k](const char* option) { return k.at(option).get<double>(); };
  if (is("Linear"))
    net->push_back(
        nn::Linear(nn::LinearOptions(a[0].get<int64_t>(), a[1].get<int64_t>()).bias(k.at("bias"))));
  if (is("LayerNorm"))
    net->push_back(nn::LayerNorm(nn::LayerNormOptions({a[0].get<int64_t>()})
                                     .eps(k.at("eps"))
                                     .elementwise_affine(k.at("elementwise_affine"))));
  if (is("BatchNorm1d")) net->push_back(batch_norm(a[0].get<int64_t>(), k));
  if (is("Embedding")) net->push_back(embedding(a, k));
  if (is("TransformerEncoderLayer")) {
    nn::TransformerEncoderLayerOptions o(a[0].get<int64_t>(), a[1].get<int64_t>());
    o.dim_feedforward(k.at("dim_feedforward").get<int64_t>()).dropout(0);
    if (k.at("activation") == "gelu") o.activation(torch::kGELU);
    net->push_back(nn::TransformerEncoderLayer(o));
  }
  if (is("Flatten")) net->push_back(nn::Flatten());
  if (is("ReLU")) net->push_back(nn::ReLU());
  if (is("Sigmoid")) net->push_back(nn::Sigmoid());
  if (is("Tanh")) net->push_back(nn::Tanh());
  if (is("SELU")) net->push_back(nn::SELU());
  if (is("SiLU")) net->push_back(nn::SiLU());
  if (is("Mish")) net->push_back(nn::Mish());
  if (is("Softsign")) net->push_back(nn::Softsign());
  if (is("LogSigmoid")) net->push_back(nn::LogSigmoid());
  if (is("Softmax")) net->push_back(nn::Softmax(-1));
  if (is("LogSoftmax")) net->push_back(nn::LogSoftmax(-1));
  if (is("LeakyReLU"))
    net->push_back(nn::LeakyReLU(nn::LeakyReLUOptions().negative_slope(number("negative_slope"))));
  if (is("ELU")) net->push_back(nn::ELU(nn::ELUOptions().alpha(number("alpha"))));
  if (is("GELU"))
    net->push_back(nn::GELU(nn::GELUOptions().approximate(k.at("approximate").get<std::string>())));
  if (is("Softplus"))
    net->push_back(
        nn::Softplus(nn::SoftplusOptions().beta(number("beta")).threshold(number("threshold"))));
  if (is("Hardtanh"))
    net->push_back(
        nn::Hardtanh(nn::HardtanhOptions().min_val(number("min_val")).max_val(number("max_val"))));
}

void start(const std::vector<Tensor>& parameters) {
  const torch::NoGradGuard none;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    double* const x = parameters[i].data_ptr<double>();
    for (int64_t k = 0; k < parameters[i].numel(); ++k)
      x[k] = start_of(i, static_cast<std::size_t>(k));
  }
}

std::tuple<double, double> betas_of(const Json& j) { return {j.at("betas")[0], j.at("betas")[1]}; }
std::unique_ptr<torch::optim::Optimizer> optimizer_of(const Json& training,
                                                      const std::vector<Tensor>& parameters) {
  using namespace torch::optim;
  const std::string name = training.at("optimizer");
  const Json& j = training.at("options");
  const auto number = [&j](const char* option) { return j.at(option).get<double>(); };
  const auto truth = [&j](const char* option) { return j.at(option).get<bool>(); };
  const double lr = number("lr");
  if (name == "LBFGS") {
    LBFGSOptions o(lr);
    o.max_iter(j.at("max_iter").get<int64_t>());
    o.history_size(j.at("history_size").get<int64_t>());
    if (j.contains("max_eval")) o.max_eval(j.at("max_eval").get<int64_t>());
    if (j.contains("line_search_fn")) o.line_search_fn(j.at("line_search_fn").get<std::string>());
    return std::make_unique<LBFGS>(parameters, o);
  }
  const double decay = number("weight_decay");
  if (name == "SGD")
    return std::make_unique<SGD>(parameters, SGDOptions(lr)
                                                 .weight_decay(decay)
                                                 .momentum(number("momentum"))
                                                 .dampening(number("dampening"))
                                                 .nesterov(truth("nesterov")));
  if (name == "Adam")
    return std::make_unique<Adam>(parameters, AdamOptions(lr)
                                                  .weight_decay(decay)
                                                  .betas(betas_of(j))
                                                  .eps(number("eps"))
                                                  .amsgrad(truth("amsgrad")));
  if (name == "AdamW")
    return std::make_unique<AdamW>(parameters, AdamWOptions(lr)
                                                   .weight_decay(decay)
                                                   .betas(betas_of(j))
                                                   .eps(number("eps"))
                                                   .amsgrad(truth("amsgrad")));
  if (name == "RMSprop")
    return std::make_unique<RMSprop>(parameters, RMSpropOptions(lr)
                                                     .weight_decay(decay)
                                                     .alpha(number("alpha"))
                                                     .eps(number("eps"))
                                                     .momentum(number("momentum"))
                                                     .centered(truth("centered")));
  return std::make_unique<Adagrad>(
      parameters, AdagradOptions(lr)
                      .weight_decay(decay)
                      .lr_decay(number("lr_decay"))
                      .initial_accumulator_value(number("initial_accumulator_value"))
                      .eps(number("eps")));
}

void clip(const Json& how, const std::vector<Tensor>& parameters) {
  if (how.contains("value")) nn::utils::clip_grad_value_(parameters, how.at("value").get<double>());
  if (how.contains("norm"))
    nn::utils::clip_grad_norm_(parameters, how.at("norm").get<double>(),
                               how.at("norm_type").get<double>());
}

}  // namespace

std::vector<Array> their_training(const Json& training) {
  nn::Sequential net;
  for (const Json& layer : training.at("layers")) {
    append_image_layer(net, layer);
    append(net, layer);
  }
  net->to(at::kDouble);
  const std::vector<Tensor> parameters = net->parameters();
  start(parameters);
  const auto optimizer = optimizer_of(training, parameters);
  std::unique_ptr<torch::optim::StepLR> schedule;
  if (training.contains("schedule")) {
    schedule = std::make_unique<torch::optim::StepLR>(
        *optimizer, training["schedule"]["step_size"].get<unsigned>(),
        training["schedule"]["gamma"].get<double>());
    schedule->step();  // libtorch's lags PyTorch's by a step, and this one changes nothing
  }
  const Tensor x = tensor_of(training.at("input")), target = tensor_of(training.at("target"));
  const Json& how = training.at("clip");
  Array losses{{training_steps}, "float64", {}};
  for (int step = 0; step < training_steps; ++step) {
    const Tensor loss = optimizer->step([&] {
      optimizer->zero_grad();
      const Tensor mse = at::mse_loss(net->forward(x), target);
      mse.backward();
      clip(how, parameters);
      return mse;
    });
    losses.data.push_back(loss.item<double>());
    if (schedule != nullptr) schedule->step();
  }
  std::vector<Array> all{losses};
  for (const Tensor& p : parameters) all.push_back(array_of(p));
  for (const Tensor& b : net->buffers()) all.push_back(array_of(b));
  net->eval();
  all.push_back(array_of(net->forward(x)));
  return all;
}

}  // namespace xgrad::test

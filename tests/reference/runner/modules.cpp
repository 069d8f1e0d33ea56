// PyTorch's own cases for the layers that exist: outputs, gradients of parameters and inputs, and
// what becomes of the buffers.
#include <functional>
#include <memory>

#include <xgrad/xgrad.hpp>

#include "reference/runner/not_built.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/reference.hpp"

using namespace xgrad;
using test::Json;

namespace {

// Their turn comes with an issue of its own; a Sequential of them likewise.
const std::vector<std::string> not_built{"Bilinear",
                                         "Conv1d",
                                         "Conv2d",
                                         "Conv3d",
                                         "ConvTranspose1d",
                                         "ConvTranspose2d",
                                         "BatchNorm2d",
                                         "BatchNorm3d",
                                         "GroupNorm",
                                         "InstanceNorm1d",
                                         "InstanceNorm2d",
                                         "RNN",
                                         "LSTM",
                                         "GRU",
                                         "RNNCell",
                                         "LSTMCell",
                                         "GRUCell",
                                         "MultiheadAttention",
                                         "TransformerEncoderLayer",
                                         "TransformerDecoderLayer",
                                         "TransformerEncoder"};

bool is_not_built(const Json& c) {
  if (test::is_listed(not_built, c.at("module").get<std::string>())) return true;
  for (const Json& inner : c.at("args"))
    if (inner.is_object() && is_not_built(inner)) return true;
  return false;
}

struct Built {
  std::shared_ptr<nn::Module> module;
  std::function<Tensor(const Tensor&)> forward;
};
template <class M>
Built built(M module) {
  auto shared = std::make_shared<M>(std::move(module));
  return {shared, [shared](const Tensor& x) { return shared->forward(x); }};
}

Shape shape_from(const Json& j) {
  return j.is_array() ? Shape(j.get<std::vector<std::int64_t>>()) : Shape{j.get<std::int64_t>()};
}

// A case's options; one that is not among the known ones would be dropped without a word.
Json options_of(const Json& c, const std::vector<std::string>& known) {
  for (const auto& [name, value] : c.at("kwargs").items())
    if (!test::is_listed(known, name))
      FAIL(c.at("module").get<std::string>() << "'s option '" << name << "' is not passed on");
  return c.at("kwargs");
}

nn::Linear linear_from(const Json& c) {
  const Json k = options_of(c, {"bias"});
  return {c.at("args")[0].get<std::int64_t>(),
          c.at("args")[1].get<std::int64_t>(),
          {.bias = k.value("bias", true), .dtype = float64}};
}
nn::BatchNorm1d batch_norm_from(const Json& c) {
  const Json k = options_of(c, {"eps", "momentum", "affine", "track_running_stats"});
  nn::BatchNormOptions o{.eps = k.value("eps", 1e-5),
                         .affine = k.value("affine", true),
                         .track_running_stats = k.value("track_running_stats", true),
                         .dtype = float64};
  if (k.contains("momentum"))
    o.momentum =
        k.at("momentum").is_null() ? std::optional<double>() : k.at("momentum").get<double>();
  return nn::BatchNorm1d(c.at("args")[0].get<std::int64_t>(), o);
}
nn::LayerNorm layer_norm_from(const Json& c) {
  const Json k = options_of(c, {"eps", "elementwise_affine"});
  return nn::LayerNorm(shape_from(c.at("args")[0]),
                       {.eps = k.value("eps", 1e-5),
                        .elementwise_affine = k.value("elementwise_affine", true),
                        .dtype = float64});
}
nn::Embedding embedding_from(const Json& c) {
  const Json k = options_of(c, {"padding_idx", "scale_grad_by_freq"});
  nn::EmbeddingOptions o{.scale_grad_by_freq = k.value("scale_grad_by_freq", false),
                         .dtype = float64};
  if (k.contains("padding_idx")) o.padding_idx = k.at("padding_idx").get<std::int64_t>();
  return {c.at("args")[0].get<std::int64_t>(), c.at("args")[1].get<std::int64_t>(), o};
}

nn::PReLU prelu_from(const Json& c) {
  const Json& args = c.at("args");
  return nn::PReLU(
      {.num_parameters = args.empty() ? 1 : args[0].get<std::int64_t>(), .dtype = float64});
}

nn::Sequential sequential_from(const Json& c);

// Calls f with the layer of a case.
template <class F>
void with_layer(const Json& c, const F& f) {
  const auto name = c.at("module").get<std::string>();
  if (name == "Linear") return f(linear_from(c));
  if (name == "BatchNorm1d") return f(batch_norm_from(c));
  if (name == "LayerNorm") return f(layer_norm_from(c));
  if (name == "Embedding") return f(embedding_from(c));
  if (name == "ReLU") return f(nn::ReLU());
  if (name == "SiLU") return f(nn::SiLU());
  if (name == "PReLU") return f(prelu_from(c));
  if (name == "LeakyReLU") return f(nn::LeakyReLU(c.at("args")[0].get<double>()));
  if (name == "Softmax") return f(nn::Softmax(options_of(c, {"dim"}).at("dim").get<int>()));
  if (name == "Sequential") return f(sequential_from(c));
  FAIL("there is no layer " << name);
}
nn::Sequential sequential_from(const Json& c) {
  nn::Sequential all;
  for (const Json& inner : c.at("args"))
    with_layer(inner, [&](const auto& layer) { all.append(layer); });
  return all;
}

Built build(const Json& c) {
  Built all;
  with_layer(c, [&](const auto& layer) { all = built(layer); });
  return all;
}

void check_named(const std::vector<NamedTensor>& ours, const Json& expected,
                 const std::function<Tensor(const Tensor&)>& of) {
  for (const NamedTensor& x : ours) {
    INFO(x.name);
    CHECK(test::all_close(of(x.tensor), test::tensor_from(expected.at(x.name)), 1e-11, 1e-9));
  }
}

void check_case(const Json& c) {
  const Built layer = build(c);
  layer.module->train(c.at("training").get<bool>());
  StateDict state;
  for (const auto& [name, value] : c.at("state_dict").items())
    state.set(name, test::tensor_from(value));
  layer.module->load_state_dict(state);

  const Tensor x = test::tensor_from(c.at("inputs")[0]);
  const Tensor y = layer.forward(x);
  CHECK(test::all_close(y.detach(), test::tensor_from(c.at("outputs")[0]), 1e-11, 1e-9));
  check_named(layer.module->named_buffers(), c.at("buffers_after"),
              [](const Tensor& t) { return t; });
  if (!y.requires_grad()) return;
  y.backward(test::tensor_from(c.at("upstreams")[0]));
  check_named(layer.module->named_parameters(), c.at("param_grads"),
              [](const Tensor& t) { return t.grad(); });
  if (!c.at("input_grads")[0].is_null())
    CHECK(test::all_close(x.grad(), test::tensor_from(c.at("input_grads")[0]), 1e-11, 1e-9));
}

}  // namespace

TEST_CASE("layers agree with PyTorch's", "[pytorch][nn]") {
  const Json data = test::read_reference("modules.json");
  int number = 0;
  test::tell_not_built("modules.json", "Sequential of these", not_built);
  for (const Json& c : data.at("cases")) {
    if (is_not_built(c)) continue;
    DYNAMIC_SECTION(++number << " " << c.at("module").get<std::string>() << " "
                             << c.at("kwargs").dump()) {
      check_case(c);
    }
  }
}

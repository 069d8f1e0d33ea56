// PyTorch's own cases for the layers that exist: outputs, gradients of parameters and inputs, and
// what becomes of the buffers. The layers that are compared were loaded from files.
#include <functional>
#include <memory>
#include <vector>

#include <xgrad/xgrad.hpp>

#include "reference/runner/module_case.hpp"

using namespace xgrad;
using test::check_named;
using test::Json;
using test::options_of;

namespace {

// Those of recurrent.cpp.
const std::vector<std::string> recurrent{"RNN", "LSTM", "GRU", "RNNCell", "LSTMCell", "GRUCell"};

using Tensors = std::vector<Tensor>;

// Options of a call; one that is not among the known ones would be dropped without a word.
class CallOptions {
 public:
  CallOptions(const Json& options, const std::vector<std::string>& known) : options_(options) {
    for (const auto& [name, value] : options.items())
      if (!test::is_listed(known, name))
        FAIL("the call's option '" << name << "' is not passed on");
  }
  Tensor tensor(const char* name) const {
    return options_.contains(name) ? test::tensor_from(options_.at(name)) : Tensor();
  }
  bool flag(const char* name, bool otherwise) const { return options_.value(name, otherwise); }

 private:
  const Json& options_;
};

// Calls with the inputs and options of a case.
template <class M>
auto call(M& module, const Tensors& x, const Json& options) {
  const CallOptions none(options, {});
  return module(x.at(0));
}
Tensor call(nn::Bilinear& module, const Tensors& x, const Json&) {
  return module(x.at(0), x.at(1));
}
Attention call(nn::MultiheadAttention& module, const Tensors& x, const Json& options) {
  const CallOptions o(options,
                      {"key_padding_mask", "need_weights", "attn_mask", "average_attn_weights"});
  return module(x.at(0), x.at(1), x.at(2),
                {.key_padding_mask = o.tensor("key_padding_mask"),
                 .need_weights = o.flag("need_weights", true),
                 .attn_mask = o.tensor("attn_mask"),
                 .average_attn_weights = o.flag("average_attn_weights", true)});
}
Tensor call(nn::TransformerEncoderLayer& module, const Tensors& x, const Json& options) {
  const CallOptions o(options, {"src_mask", "src_key_padding_mask"});
  return module(x.at(0), {.src_mask = o.tensor("src_mask"),
                          .src_key_padding_mask = o.tensor("src_key_padding_mask")});
}
Tensor call(nn::TransformerDecoderLayer& module, const Tensors& x, const Json& options) {
  const CallOptions o(options, {"tgt_mask"});
  return module(x.at(0), x.at(1), {.tgt_mask = o.tensor("tgt_mask")});
}

// What a call gives, in the order of PyTorch's tuple; undefined for its None.
Tensors listed(const Tensor& y) { return {y}; }
Tensors listed(const Attention& y) { return {y.output, y.weights}; }

struct Built {
  std::shared_ptr<nn::Module> module;
  std::function<Tensors(const Tensors&, const Json&)> forward;
};
template <class M>
Built built(M module) {
  auto shared = std::make_shared<M>(std::move(module));
  return {shared, [shared](const Tensors& x, const Json& options) {
            return listed(call(*shared, x, options));
          }};
}

Shape shape_from(const Json& j) {
  return j.is_array() ? Shape(j.get<std::vector<std::int64_t>>()) : Shape{j.get<std::int64_t>()};
}

nn::Linear linear_from(const Json& c) {
  const Json k = options_of(c, {"bias"});
  return {c.at("args")[0].get<std::int64_t>(),
          c.at("args")[1].get<std::int64_t>(),
          {.bias = k.value("bias", true), .dtype = float64}};
}
std::int64_t argument(const Json& c, int i) { return c.at("args").at(i).get<std::int64_t>(); }

Extent extent_from(const Json& j) {
  return j.is_array() ? Extent(j.get<std::vector<std::int64_t>>()) : Extent(j.get<std::int64_t>());
}
Extent option(const Json& k, const char* name, std::int64_t otherwise) {
  return k.contains(name) ? extent_from(k.at(name)) : Extent(otherwise);
}
nn::Bilinear bilinear_from(const Json& c) {
  options_of(c, {});
  return {argument(c, 0), argument(c, 1), argument(c, 2), {.dtype = float64}};
}
template <class Conv>
Conv conv_from(const Json& c) {
  const Json k = options_of(c, {"stride", "padding", "dilation", "groups", "bias", "padding_mode"});
  nn::ConvOptions o{.stride = option(k, "stride", 1),
                    .dilation = option(k, "dilation", 1),
                    .groups = k.value("groups", std::int64_t{1}),
                    .bias = k.value("bias", true),
                    .padding_mode = k.value("padding_mode", "zeros"),
                    .dtype = float64};
  if (k.contains("padding"))
    o.padding = k.at("padding").is_string() ? Padding(k.at("padding").get<std::string>().c_str())
                                            : Padding(k.at("padding").get<std::int64_t>());
  return Conv(argument(c, 0), argument(c, 1), extent_from(c.at("args")[2]), o);
}
template <class Conv>
Conv conv_transpose_from(const Json& c) {
  const Json k = options_of(c, {"stride", "padding", "output_padding"});
  return Conv(argument(c, 0), argument(c, 1), extent_from(c.at("args")[2]),
              {.stride = option(k, "stride", 1),
               .padding = option(k, "padding", 0),
               .output_padding = option(k, "output_padding", 0),
               .dtype = float64});
}
template <class Norm, class Options>
Norm norm_from(const Json& c, Options o) {
  const Json k = options_of(c, {"eps", "momentum", "affine", "track_running_stats"});
  o.eps = k.value("eps", o.eps);
  o.affine = k.value("affine", o.affine);
  o.track_running_stats = k.value("track_running_stats", o.track_running_stats);
  o.dtype = float64;
  if (k.contains("momentum"))
    o.momentum =
        k.at("momentum").is_null() ? std::optional<double>() : k.at("momentum").get<double>();
  return Norm(argument(c, 0), o);
}
nn::GroupNorm group_norm_from(const Json& c) {
  options_of(c, {});
  return {argument(c, 0), argument(c, 1), {.dtype = float64}};
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

nn::MultiheadAttention attention_from(const Json& c) {
  const Json k = options_of(c, {"kdim", "vdim", "batch_first"});
  nn::MultiheadAttentionOptions o{.batch_first = k.value("batch_first", false), .dtype = float64};
  if (k.contains("kdim")) o.kdim = k.at("kdim").get<std::int64_t>();
  if (k.contains("vdim")) o.vdim = k.at("vdim").get<std::int64_t>();
  return {argument(c, 0), argument(c, 1), o};
}
template <class Each>
Each transformer_layer_from(const Json& c) {
  const Json k =
      options_of(c, {"dropout", "activation", "layer_norm_eps", "batch_first", "norm_first"});
  return Each(argument(c, 0), argument(c, 1),
              {.dim_feedforward = argument(c, 2),
               .dropout = k.value("dropout", 0.1),
               .activation = k.value("activation", "relu"),
               .layer_norm_eps = k.value("layer_norm_eps", 1e-5),
               .batch_first = k.value("batch_first", false),
               .norm_first = k.value("norm_first", false),
               .dtype = float64});
}
nn::TransformerEncoder transformer_encoder_from(const Json& c) {
  options_of(c, {});
  return {transformer_layer_from<nn::TransformerEncoderLayer>(c.at("args")[0]), argument(c, 1)};
}

nn::Sequential sequential_from(const Json& c);

// Calls f with the layer of a case.
template <class F>
void with_layer(const Json& c, const F& f) {
  const auto name = c.at("module").get<std::string>();
  if (name == "Linear") return f(linear_from(c));
  if (name == "Bilinear") return f(bilinear_from(c));
  if (name == "Conv1d") return f(conv_from<nn::Conv1d>(c));
  if (name == "Conv2d") return f(conv_from<nn::Conv2d>(c));
  if (name == "Conv3d") return f(conv_from<nn::Conv3d>(c));
  if (name == "ConvTranspose1d") return f(conv_transpose_from<nn::ConvTranspose1d>(c));
  if (name == "ConvTranspose2d") return f(conv_transpose_from<nn::ConvTranspose2d>(c));
  if (name == "BatchNorm1d") return f(norm_from<nn::BatchNorm1d>(c, nn::BatchNormOptions()));
  if (name == "BatchNorm2d") return f(norm_from<nn::BatchNorm2d>(c, nn::BatchNormOptions()));
  if (name == "BatchNorm3d") return f(norm_from<nn::BatchNorm3d>(c, nn::BatchNormOptions()));
  if (name == "InstanceNorm1d")
    return f(norm_from<nn::InstanceNorm1d>(c, nn::InstanceNormOptions()));
  if (name == "InstanceNorm2d")
    return f(norm_from<nn::InstanceNorm2d>(c, nn::InstanceNormOptions()));
  if (name == "GroupNorm") return f(group_norm_from(c));
  if (name == "MaxPool2d") return f(nn::MaxPool2d(argument(c, 0)));
  if (name == "Flatten") return f(nn::Flatten());
  if (name == "LayerNorm") return f(layer_norm_from(c));
  if (name == "Embedding") return f(embedding_from(c));
  if (name == "ReLU") return f(nn::ReLU());
  if (name == "SiLU") return f(nn::SiLU());
  if (name == "PReLU") return f(prelu_from(c));
  if (name == "LeakyReLU") return f(nn::LeakyReLU(c.at("args")[0].get<double>()));
  if (name == "Softmax") return f(nn::Softmax(options_of(c, {"dim"}).at("dim").get<int>()));
  if (name == "MultiheadAttention") return f(attention_from(c));
  if (name == "TransformerEncoderLayer")
    return f(transformer_layer_from<nn::TransformerEncoderLayer>(c));
  if (name == "TransformerDecoderLayer")
    return f(transformer_layer_from<nn::TransformerDecoderLayer>(c));
  if (name == "TransformerEncoder") return f(transformer_encoder_from(c));
  if (name == "Sequential") return f(sequential_from(c));
  FAIL("there is no layer " << name);
}
nn::Sequential sequential_from(const Json& c) {
  nn::Sequential all;
  for (const Json& inner : c.at("args"))
    with_layer(inner, [&](const auto& layer) { all.append(nn::AnyModule(layer)); });
  return all;
}

Built build(const Json& c) {
  Built all;
  with_layer(c, [&](const auto& layer) { all = built(layer); });
  return all;
}

void check_outputs(const Tensors& y, const Json& expected) {
  REQUIRE(y.size() == expected.size());
  for (std::size_t i = 0; i < y.size(); ++i) {
    REQUIRE(y[i].defined() == !expected[i].is_null());
    if (y[i].defined())
      CHECK(test::all_close(y[i].detach(), test::tensor_from(expected[i]), 1e-11, 1e-9));
  }
}
// Its gradients are those of the results with their upstream gradients.
Tensor weighted_sum(const Tensors& y, const Json& upstreams) {
  Tensor sum = zeros({}, {.dtype = float64});
  for (std::size_t i = 0; i < y.size(); ++i)
    if (y[i].defined() && y[i].requires_grad())
      sum = sum + (y[i] * test::tensor_from(upstreams[i])).sum();
  return sum;
}

void check_case(const Json& c, const std::string& file) {
  INFO("loaded from a file of " << file);
  const Built layer = build(c);
  test::load_by_file(*build(c).module, *layer.module, c, file);
  layer.module->train(c.at("training").get<bool>());

  Tensors x;
  for (const Json& input : c.at("inputs")) x.push_back(test::tensor_from(input));
  const Tensors y = layer.forward(x, c.value("input_kwargs", Json::object()));
  check_outputs(y, c.at("outputs"));
  check_named(layer.module->named_buffers(), c.at("buffers_after"),
              [](const Tensor& t) { return t; });
  const Tensor swept = weighted_sum(y, c.at("upstreams"));
  if (!swept.requires_grad()) return;
  swept.backward();
  check_named(layer.module->named_parameters(), c.at("param_grads"),
              [](const Tensor& t) { return t.grad(); });
  for (std::size_t i = 0; i < x.size(); ++i)
    if (const Json& expected = c.at("input_grads")[i]; !expected.is_null())
      CHECK(test::all_close(x[i].grad(), test::tensor_from(expected), 1e-11, 1e-9));
}

}  // namespace

TEST_CASE("layers agree with PyTorch's", "[pytorch][nn]") {
  const Json data = test::read_reference("modules.json");
  int number = 0;
  for (const Json& c : data.at("cases")) {
    if (test::is_listed(recurrent, c.at("module").get<std::string>())) continue;
    DYNAMIC_SECTION(++number << " " << c.at("module").get<std::string>() << " "
                             << c.at("kwargs").dump()) {
      check_case(c, "safetensors");
      check_case(c, "checkpoint");
    }
  }
}

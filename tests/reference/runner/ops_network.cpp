#include "reference/runner/call.hpp"

namespace xgrad::test {
namespace {

Padding padding_from(const Call& c) {
  if (!c.has("padding")) return {};
  const Json& j = c.options.at("padding");
  if (j.is_string()) return j == "same" ? "same" : "valid";
  return Padding(Call::numbers<std::int64_t>(j));
}
template <Tensor (*f)(Operand, Operand, const ConvOptions&)>
Results conv_case(const Call& c) {
  return {f(c.operand(0), c.operand(1),
            {.bias = c.option_tensor("bias"),
             .stride = c.extent("stride", 1),
             .padding = padding_from(c),
             .dilation = c.extent("dilation", 1),
             .groups = c.option<std::int64_t>("groups", 1)})};
}
template <Tensor (*f)(Operand, Operand, const ConvTransposeOptions&)>
Results conv_transpose_case(const Call& c) {
  return {f(c.operand(0), c.operand(1),
            {.bias = c.option_tensor("bias"),
             .stride = c.extent("stride", 1),
             .padding = c.extent("padding", 0),
             .output_padding = c.extent("output_padding", 0),
             .groups = c.option<std::int64_t>("groups", 1),
             .dilation = c.extent("dilation", 1)})};
}
template <ValuesIndices (*f)(Operand, const Extent&, const MaxPoolOptions&)>
Results max_pool_case(const Call& c) {
  const Results y = both(f(c.operand(0), c.extent(1),
                           {.stride = c.extent("stride", Extent()),
                            .padding = c.extent("padding", 0),
                            .dilation = c.extent("dilation", 1),
                            .ceil_mode = c.option("ceil_mode", false)}));
  return c.option("return_indices", false) ? y : Results{y[0]};
}
template <ValuesIndices (*f)(Operand, const Extent&)>
Results adaptive_max_pool_case(const Call& c) {
  const Results y = both(f(c.operand(0), c.extent(1)));
  return c.option("return_indices", false) ? y : Results{y[0]};
}
template <Tensor (*f)(Operand, const Extent&, const AvgPoolOptions&)>
Results avg_pool_case(const Call& c) {
  AvgPoolOptions o{.stride = c.extent("stride", Extent()),
                   .padding = c.extent("padding", 0),
                   .ceil_mode = c.option("ceil_mode", false),
                   .count_include_pad = c.option("count_include_pad", true)};
  if (c.has("divisor_override")) o.divisor_override = c.option("divisor_override", 1.0);
  return {f(c.operand(0), c.extent(1), o)};
}
WindowOptions window_options(const Call& c) {
  return {.dilation = c.extent("dilation", 1),
          .padding = c.extent("padding", 0),
          .stride = c.extent("stride", 1)};
}
Results interpolate_case(const Call& c) {
  InterpolateOptions o{.size = c.extent("size", Extent()),
                       .align_corners = c.option("align_corners", false),
                       .recompute_scale_factor = c.option("recompute_scale_factor", false),
                       .antialias = c.option("antialias", false)};
  const std::string mode = c.word("mode", "nearest");
  o.mode = mode;
  if (c.has("scale_factor"))
    o.scale_factor = PerAxis<double>(Call::numbers<double>(c.options.at("scale_factor")));
  return {interpolate(c.operand(0), o)};
}
Results grid_sample_case(const Call& c) {
  const std::string mode = c.word("mode", "bilinear"), padding = c.word("padding_mode", "zeros");
  return {grid_sample(
      c.operand(0), c.operand(1),
      {.mode = mode, .padding_mode = padding, .align_corners = c.option("align_corners", false)})};
}
Results attention_case(const Call& c) {
  const Attention y = scaled_dot_product_attention_with_weights(
      c.operand(0), c.operand(1), c.operand(2),
      {.attn_mask = c.option_tensor("attn_mask"), .is_causal = c.option("is_causal", false)});
  return {y.output, y.weights};
}

}  // namespace

void add_network(Table& table) {
  table.insert({
      {"nn.functional._scaled_dot_product_attention", attention_case},
      {"nn.functional.adaptive_avg_pool1d", ONE(adaptive_avg_pool1d(c.operand(0), c.extent(1)))},
      {"nn.functional.adaptive_avg_pool2d", ONE(adaptive_avg_pool2d(c.operand(0), c.extent(1)))},
      {"nn.functional.adaptive_max_pool1d",
       adaptive_max_pool_case<adaptive_max_pool1d_with_indices>},
      {"nn.functional.adaptive_max_pool2d",
       adaptive_max_pool_case<adaptive_max_pool2d_with_indices>},
      {"nn.functional.avg_pool1d", avg_pool_case<avg_pool1d>},
      {"nn.functional.avg_pool2d", avg_pool_case<avg_pool2d>},
      {"nn.functional.avg_pool3d", avg_pool_case<avg_pool3d>},
      {"nn.functional.batch_norm", ONE(batch_norm(c.operand(0), c.tensor(1), c.tensor(2),
                                                  {.weight = c.option_tensor("weight"),
                                                   .bias = c.option_tensor("bias"),
                                                   .training = c.option("training", false),
                                                   .momentum = c.option("momentum", 0.1),
                                                   .eps = c.option("eps", 1e-5)}))},
      {"nn.functional.conv1d", conv_case<conv1d>},
      {"nn.functional.conv2d", conv_case<conv2d>},
      {"nn.functional.conv3d", conv_case<conv3d>},
      {"nn.functional.conv_transpose1d", conv_transpose_case<conv_transpose1d>},
      {"nn.functional.conv_transpose2d", conv_transpose_case<conv_transpose2d>},
      {"nn.functional.conv_transpose3d", conv_transpose_case<conv_transpose3d>},
      {"nn.functional.embedding",
       ONE(embedding(c.tensor(0), c.operand(1),
                     c.has("padding_idx") ? c.option("padding_idx", std::int64_t{0})
                                          : std::optional<std::int64_t>(),
                     c.option("scale_grad_by_freq", false)))},
      {"nn.functional.fold", ONE(fold(c.operand(0), c.extent(1), c.extent(2), window_options(c)))},
      {"nn.functional.grid_sample", grid_sample_case},
      {"nn.functional.group_norm",
       ONE(group_norm(c.operand(0), c.whole(1), c.option_tensor("weight"), c.option_tensor("bias"),
                      c.option("eps", 1e-5)))},
      {"nn.functional.instance_norm",
       ONE(instance_norm(c.operand(0), {.running_mean = c.option_tensor("running_mean"),
                                        .running_var = c.option_tensor("running_var"),
                                        .weight = c.option_tensor("weight"),
                                        .bias = c.option_tensor("bias"),
                                        .use_input_stats = c.option("use_input_stats", true),
                                        .momentum = c.option("momentum", 0.1),
                                        .eps = c.option("eps", 1e-5)}))},
      {"nn.functional.interpolate", interpolate_case},
      {"nn.functional.layer_norm",
       ONE(layer_norm(c.operand(0), c.shape(1), c.option_tensor("weight"), c.option_tensor("bias"),
                      c.option("eps", 1e-5)))},
      {"nn.functional.local_response_norm",
       ONE(local_response_norm(c.operand(0), c.whole(1),
                               {.alpha = c.option("alpha", 1e-4),
                                .beta = c.option("beta", 0.75),
                                .k = c.option("k", 1.0)}))},
      {"nn.functional.lp_pool2d", ONE(lp_pool2d(c.operand(0), c.real(1), c.extent(2),
                                                {.stride = c.extent("stride", Extent()),
                                                 .ceil_mode = c.option("ceil_mode", false)}))},
      {"nn.functional.max_pool1d", max_pool_case<max_pool1d_with_indices>},
      {"nn.functional.max_pool2d", max_pool_case<max_pool2d_with_indices>},
      {"nn.functional.max_pool3d", max_pool_case<max_pool3d_with_indices>},
      {"nn.functional.pad",
       ONE(pad(c.operand(0), c.wholes(1), c.word("mode", "constant"), c.option("value", 0.0)))},
      {"nn.functional.pixel_shuffle", ONE(pixel_shuffle(c.operand(0), c.whole(1)))},
      {"nn.functional.pixel_unshuffle", ONE(pixel_unshuffle(c.operand(0), c.whole(1)))},
      {"nn.functional.unfold", ONE(unfold(c.operand(0), c.extent(1), window_options(c)))},
  });
}

}  // namespace xgrad::test

#include "calls/call.hpp"

namespace xgrad::test {
namespace {

Padding padding_from(const Call& c) {
  if (!c.has("padding")) return {};
  const Json& j = c.options.at("padding");
  if (j.is_string()) return j.get_ref<const std::string&>().c_str();
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
  add(table,
      {
          {"nn.functional._scaled_dot_product_attention",
           "f[*A,L,E] f[*A,S,E] f[*A,S,V] | attn_mask=b[L,S]/f[L,S]/[*A,L,S] "
           "need_attn_weights!={true} // "
           "f[*A,L,E] f[*A,L,E] f[*A,L,V] | is_causal!={true} need_attn_weights!={true}",
           attention_case},
          {"nn.functional.adaptive_avg_pool1d", "f[N?,C,L(1..9)] size1(1..5)",
           ONE(adaptive_avg_pool1d(c.operand(0), c.extent(1)))},
          {"nn.functional.adaptive_avg_pool2d", "f[N?,C,H(1..9),W(1..9)] size2(1..5)",
           ONE(adaptive_avg_pool2d(c.operand(0), c.extent(1)))},
          {"nn.functional.adaptive_max_pool1d", "f[N?,C,L(1..9)] size1(1..5) | return_indices=bool",
           adaptive_max_pool_case<adaptive_max_pool1d_with_indices>},
          {"nn.functional.adaptive_max_pool2d",
           "f[N?,C,H(1..9),W(1..9)] size2(1..5) | return_indices=bool",
           adaptive_max_pool_case<adaptive_max_pool2d_with_indices>},
          {"nn.functional.avg_pool1d",
           "f[N?,C,L(3..9)] each1(1..4) | stride=each1(1..3) padding=each1(0..2) ceil_mode=bool "
           "count_include_pad=bool",
           avg_pool_case<avg_pool1d>},
          {"nn.functional.avg_pool2d",
           "f[N?,C,H(3..9),W(3..9)] each2(1..4) | stride=each2(1..3) padding=each2(0..2) "
           "ceil_mode=bool count_include_pad=bool divisor_override=int(-3..5)",
           avg_pool_case<avg_pool2d>},
          {"nn.functional.avg_pool3d",
           "f[N?,C,D(2..5),H(2..5),W(2..5)] each3(1..3) | stride=each3(1..3) padding=each3(0..1) "
           "ceil_mode=bool count_include_pad=bool divisor_override=int(-3..5)",
           avg_pool_case<avg_pool3d>},
          {"nn.functional.batch_norm",
           "f[N,C,*] w[C] w(0.2..3)[C] | weight=f[C] bias=f[C] training=bool momentum=real(0..1) "
           "eps=real(0.00001..0.5) // "
           "f[N,C,*] none none | weight=f[C] bias=f[C] training!={true} eps=real(0.00001..0.5)",
           ONE(batch_norm(c.operand(0), c.tensor(1), c.tensor(2),
                          {.weight = c.option_tensor("weight"),
                           .bias = c.option_tensor("bias"),
                           .training = c.option("training", false),
                           .momentum = c.option("momentum", 0.1),
                           .eps = c.option("eps", 1e-5)}))},
          {"nn.functional.conv1d",
           "f[N?,G*P,L(3..9)] f[G*Q,P,K(1..3)] | bias=f[G*Q] stride=each1(1..3) "
           "padding=each1(0..2)/{valid} dilation=each1(1..2) groups!=size(G) // "
           "f[N?,G*P,L(3..9)] f[G*Q,P,K(1..3)] | bias=f[G*Q] padding!={same} dilation=each1(1..2) "
           "groups!=size(G)",
           conv_case<conv1d>},
          {"nn.functional.conv2d",
           "f[N?,G*P,H(3..7),W(3..7)] f[G*Q,P,K(1..3),J(1..3)] | bias=f[G*Q] stride=each2(1..3) "
           "padding=each2(0..2)/{valid} dilation=each2(1..2) groups!=size(G) // "
           "f[N?,G*P,H(3..7),W(3..7)] f[G*Q,P,K(1..3),J(1..3)] | bias=f[G*Q] padding!={same} "
           "dilation=each2(1..2) groups!=size(G)",
           conv_case<conv2d>},
          {"nn.functional.conv3d",
           "f[N?,G*P,D(2..4),H(2..4),W(2..4)] f[G*Q,P,I(1..2),K(1..2),J(1..2)] | bias=f[G*Q] "
           "stride=each3(1..2) padding=each3(0..1)/{valid} dilation=each3(1..2) groups!=size(G) // "
           "f[N?,G*P,D(2..4),H(2..4),W(2..4)] f[G*Q,P,I(1..3),K(1..2),J(1..3)] | bias=f[G*Q] "
           "padding!={same} dilation=each3(1..2) groups!=size(G)",
           conv_case<conv3d>},
          {"nn.functional.conv_transpose1d",
           "f[N?,G*P,L(1..5)] f[G*P,Q,K(1..3)] | bias=f[G*Q] stride=each1(1..3) "
           "padding=each1(0..1) output_padding=each1(0..1) groups!=size(G) dilation=each1(1..2)",
           conv_transpose_case<conv_transpose1d>},
          {"nn.functional.conv_transpose2d",
           "f[N?,G*P,H(1..4),W(1..4)] f[G*P,Q,K(1..3),J(1..3)] | bias=f[G*Q] stride=each2(1..3) "
           "padding=each2(0..1) output_padding=each2(0..1) groups!=size(G) dilation=each2(1..2)",
           conv_transpose_case<conv_transpose2d>},
          {"nn.functional.conv_transpose3d",
           "f[N?,G*P,D(1..3),H(1..3),W(1..3)] f[G*P,Q,I(1..2),K(1..2),J(1..2)] | bias=f[G*Q] "
           "stride=each3(1..2) padding=each3(0..1) output_padding=each3(0..1) groups!=size(G) "
           "dilation=each3(1..2)",
           conv_transpose_case<conv_transpose3d>},
          {"nn.functional.embedding",
           "i(0..N-1)[*] f[N(1..5),M] | padding_idx=int(-N..N-1) scale_grad_by_freq=bool",
           ONE(embedding(c.tensor(0), c.operand(1),
                         c.has("padding_idx") ? c.option("padding_idx", std::int64_t{0})
                                              : std::optional<std::int64_t>(),
                         c.option("scale_grad_by_freq", false)))},
          {"nn.functional.fold", "fold2",
           ONE(fold(c.operand(0), c.extent(1), c.extent(2), window_options(c)))},
          {"nn.functional.grid_sample",
           "f[N,C,H,W] f(-1.5..1.5)[N,P,Q,2] | mode={bilinear,nearest,bicubic} "
           "padding_mode={zeros,border,reflection} align_corners!=bool // "
           "f[N,C,D,H,W] f(-1.5..1.5)[N,O,P,Q,3] | mode={bilinear,nearest} "
           "padding_mode={zeros,border,reflection} align_corners!=bool",
           grid_sample_case},
          {"nn.functional.group_norm",
           "f[N,G*P,*] size(G) | weight=f[G*P] bias=f[G*P] eps=real(0.00001..0.5)",
           ONE(group_norm(c.operand(0), c.whole(1), c.option_tensor("weight"),
                          c.option_tensor("bias"), c.option("eps", 1e-5)))},
          {"nn.functional.instance_norm",
           "f[N,C,L,*] | weight=f[C] bias=f[C] running_mean!=w[C] running_var!=w(0.2..3)[C] "
           "use_input_stats=bool momentum=real(0..1) eps=real(0.00001..0.5) // "
           "f[N,C,L,*] | weight=f[C] bias=f[C] eps=real(0.00001..0.5)",
           ONE(instance_norm(c.operand(0), {.running_mean = c.option_tensor("running_mean"),
                                            .running_var = c.option_tensor("running_var"),
                                            .weight = c.option_tensor("weight"),
                                            .bias = c.option_tensor("bias"),
                                            .use_input_stats = c.option("use_input_stats", true),
                                            .momentum = c.option("momentum", 0.1),
                                            .eps = c.option("eps", 1e-5)}))},
          {"nn.functional.interpolate",
           "f[N,C,L(1..7)] | size!=each1(1..9) mode={nearest,nearest-exact,area} // "
           "f[N,C,L(1..7)] | size!=each1(1..9) mode!={linear} align_corners=bool // "
           "f[N,C,L(1..7)] | scale_factor!=scales1(0.3..3) mode={nearest,nearest-exact,area} "
           "recompute_scale_factor=bool // "
           "f[N,C,L(1..7)] | scale_factor!=scales1(0.3..3) mode!={linear} align_corners=bool "
           "recompute_scale_factor=bool // "
           "f[N,C,H(1..6),W(1..6)] | size!=each2(1..9) mode={nearest,nearest-exact,area} // "
           "f[N,C,H(1..6),W(1..6)] | size!=each2(1..9) mode!={bilinear,bicubic} align_corners=bool "
           "antialias=bool // "
           "f[N,C,H(1..6),W(1..6)] | scale_factor!=scales2(0.3..3) mode!={bilinear,bicubic} "
           "align_corners=bool recompute_scale_factor=bool antialias=bool // "
           "f[N,C,H(1..6),W(1..6)] | scale_factor!=scales2(0.3..3) "
           "mode={nearest,nearest-exact,area} recompute_scale_factor=bool // "
           "f[N,C,D(1..4),H(1..4),W(1..4)] | size!=each3(1..5) "
           "mode={nearest,nearest-exact,area,trilinear} // "
           "f[N,C,D(1..4),H(1..4),W(1..4)] | scale_factor!=scales3(0.3..2) mode!={trilinear} "
           "align_corners=bool recompute_scale_factor=bool",
           interpolate_case},
          {"nn.functional.layer_norm",
           "f[*A,*B] sizes(B) | weight=f[*B] bias=f[*B] eps=real(0.00001..0.5)",
           ONE(layer_norm(c.operand(0), c.shape(1), c.option_tensor("weight"),
                          c.option_tensor("bias"), c.option("eps", 1e-5)))},
          {"nn.functional.local_response_norm",
           "f[N,C,L,*] int(1..6) | alpha=real(0.0001..1) beta=real(0..2) k=real(0.5..2)",
           ONE(local_response_norm(c.operand(0), c.whole(1),
                                   {.alpha = c.option("alpha", 1e-4),
                                    .beta = c.option("beta", 0.75),
                                    .k = c.option("k", 1.0)}))},
          {"nn.functional.lp_pool2d",
           "f(0.1..3)[N?,C,H(3..9),W(3..9)] {2,1,3,1.5} each2(1..4) | stride=each2(1..3) "
           "ceil_mode=bool // "
           "f[N?,C,H(3..9),W(3..9)] {2,1,3,1.5,inf} each2(1..4) | stride=each2(1..3) "
           "ceil_mode=bool",
           ONE(lp_pool2d(c.operand(0), c.real(1), c.extent(2),
                         {.stride = c.extent("stride", Extent()),
                          .ceil_mode = c.option("ceil_mode", false)}))},
          {"nn.functional.max_pool1d",
           "f[N?,C,L(3..9)] each1(1..4) | stride=each1(1..3) padding=each1(0..2) "
           "dilation=each1(1..2) ceil_mode=bool return_indices=bool",
           max_pool_case<max_pool1d_with_indices>},
          {"nn.functional.max_pool2d",
           "f[N?,C,H(3..9),W(3..9)] each2(1..4) | stride=each2(1..3) padding=each2(0..2) "
           "dilation=each2(1..2) ceil_mode=bool return_indices=bool",
           max_pool_case<max_pool2d_with_indices>},
          {"nn.functional.max_pool3d",
           "f[N?,C,D(2..5),H(2..5),W(2..5)] each3(1..3) | stride=each3(1..3) padding=each3(0..1) "
           "dilation=each3(1..2) ceil_mode=bool return_indices=bool",
           max_pool_case<max_pool3d_with_indices>},
          {"nn.functional.pad",
           "x[*] margins(-1..3) | value=num mode={constant} // "
           "f[N?,C,L(1..5)] ints2(-1..4) | mode!={reflect,replicate,circular} // "
           "f[N?,C,H(1..4),W(1..4)] ints4(-1..3) | mode!={reflect,replicate,circular} // "
           "f[N?,C,D(1..3),H(1..3),W(1..3)] ints6(-1..2) | mode!={reflect,replicate,circular}",
           ONE(pad(c.operand(0), c.wholes(1), c.word("mode", "constant"), c.option("value", 0.0)))},
          {"nn.functional.pixel_shuffle",
           "x[*,C*4,H,W] {2} // "
           "x[*,C*9,H,W] {3} // "
           "x[*,C,H,W] {1}",
           ONE(pixel_shuffle(c.operand(0), c.whole(1)))},
          {"nn.functional.pixel_unshuffle",
           "x[*,C,H*2,W*2] {2} // "
           "x[*,C,H*3,W*3] {3} // "
           "x[*,C,H,W] {1}",
           ONE(pixel_unshuffle(c.operand(0), c.whole(1)))},
          {"nn.functional.unfold",
           "f[N?,C,H(3..6),W(3..6)] each2(1..3) | dilation=each2(1..2) padding=each2(0..2) "
           "stride=each2(1..3)",
           ONE(unfold(c.operand(0), c.extent(1), window_options(c)))},
      });
}

}  // namespace xgrad::test

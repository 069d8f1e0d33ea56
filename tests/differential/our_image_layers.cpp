#include "differential/our_image_layers.hpp"

namespace xgrad::test {
namespace {

std::int64_t integer(const Json& j) { return j.get<std::int64_t>(); }

nn::Conv2d conv(const Json& a, const Json& k) {
  const Json& padding = k.at("padding");
  return nn::Conv2d(integer(a[0]), integer(a[1]), integer(a[2]),
                    {.stride = integer(k.at("stride")),
                     .padding = padding.is_string() ? Padding("same") : Padding(integer(padding)),
                     .dilation = integer(k.at("dilation")),
                     .groups = integer(k.at("groups")),
                     .bias = k.at("bias"),
                     .padding_mode = k.at("padding_mode"),
                     .dtype = float64});
}
nn::ConvTranspose2d conv_transpose(const Json& a, const Json& k) {
  return nn::ConvTranspose2d(integer(a[0]), integer(a[1]), integer(a[2]),
                             {.stride = integer(k.at("stride")),
                              .output_padding = integer(k.at("output_padding")),
                              .groups = integer(k.at("groups")),
                              .bias = k.at("bias"),
                              .dtype = float64});
}
template <class Norm, class Options>
Norm norm(const Json& a, const Json& k, Options o) {
  o.eps = k.at("eps"), o.momentum = k.at("momentum"), o.affine = k.at("affine");
  o.track_running_stats = k.at("track_running_stats"), o.dtype = float64;
  return Norm(integer(a[0]), o);
}

}  // namespace

void append_image_layer(nn::Sequential& net, const Json& layer) {
  const std::string name = layer.at("module");
  const Json &a = layer.at("args"), &k = layer.at("kwargs");
  const auto is = [&name](const char* other) { return name == other; };
  if (is("Conv2d")) net.append(conv(a, k));
  if (is("ConvTranspose2d")) net.append(conv_transpose(a, k));
  if (is("MaxPool2d"))
    net.append(nn::MaxPool2d(integer(a[0]), {.stride = integer(k.at("stride"))}));
  if (is("AvgPool2d"))
    net.append(nn::AvgPool2d(integer(a[0]), {.stride = integer(k.at("stride"))}));
  if (is("AdaptiveAvgPool2d")) net.append(nn::AdaptiveAvgPool2d(integer(a[0])));
  if (is("AdaptiveMaxPool2d")) net.append(nn::AdaptiveMaxPool2d(integer(a[0])));
  if (is("ZeroPad2d")) net.append(nn::ZeroPad2d(integer(a[0])));
  if (is("ReplicationPad2d")) net.append(nn::ReplicationPad2d(integer(a[0])));
  if (is("ReflectionPad2d")) net.append(nn::ReflectionPad2d(integer(a[0])));
  if (is("Upsample"))
    net.append(nn::Upsample({.scale_factor = a[0].get<double>(), .mode = k.at("mode")}));
  if (is("GroupNorm"))
    net.append(nn::GroupNorm(integer(a[0]), integer(a[1]),
                             {.eps = k.at("eps"), .affine = k.at("affine"), .dtype = float64}));
  if (is("BatchNorm2d")) net.append(norm<nn::BatchNorm2d>(a, k, nn::BatchNormOptions()));
  if (is("InstanceNorm2d")) net.append(norm<nn::InstanceNorm2d>(a, k, nn::InstanceNormOptions()));
}

}  // namespace xgrad::test

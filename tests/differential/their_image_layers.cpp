#include "differential/their_image_layers.hpp"

namespace xgrad::test {
namespace {

namespace nn = torch::nn;

std::int64_t integer(const Json& j) { return j.get<std::int64_t>(); }

nn::Conv2d conv(const Json& a, const Json& k) {
  nn::Conv2dOptions o(integer(a[0]), integer(a[1]), integer(a[2]));
  o.stride(integer(k.at("stride"))).dilation(integer(k.at("dilation")));
  o.groups(integer(k.at("groups"))).bias(k.at("bias"));
  if (k.at("padding").is_string())
    o.padding(torch::kSame);
  else
    o.padding(integer(k.at("padding")));
  const std::string mode = k.at("padding_mode");
  if (mode == "reflect") o.padding_mode(torch::kReflect);
  if (mode == "replicate") o.padding_mode(torch::kReplicate);
  if (mode == "circular") o.padding_mode(torch::kCircular);
  return nn::Conv2d(o);
}
nn::ConvTranspose2d conv_transpose(const Json& a, const Json& k) {
  nn::ConvTranspose2dOptions o(integer(a[0]), integer(a[1]), integer(a[2]));
  o.stride(integer(k.at("stride"))).output_padding(integer(k.at("output_padding")));
  o.groups(integer(k.at("groups"))).bias(k.at("bias"));
  return nn::ConvTranspose2d(o);
}
template <class Options>
Options norm(const Json& a, const Json& k) {
  Options o(integer(a[0]));
  o.eps(k.at("eps")).momentum(k.at("momentum").get<double>()).affine(k.at("affine"));
  o.track_running_stats(k.at("track_running_stats"));
  return o;
}
nn::Upsample upsample(const Json& a, const Json& k) {
  nn::UpsampleOptions o;
  o.scale_factor(std::vector<double>(2, a[0].get<double>()));
  if (k.at("mode") == "bilinear")
    o.mode(torch::kBilinear).align_corners(false);
  else
    o.mode(torch::kNearest);
  return nn::Upsample(o);
}

}  // namespace

void append_image_layer(nn::Sequential& net, const Json& layer) {
  const std::string name = layer.at("module");
  const Json &a = layer.at("args"), &k = layer.at("kwargs");
  const auto is = [&name](const char* other) { return name == other; };
  if (is("Conv2d")) net->push_back(conv(a, k));
  if (is("ConvTranspose2d")) net->push_back(conv_transpose(a, k));
  if (is("MaxPool2d"))
    net->push_back(
        nn::MaxPool2d(nn::MaxPool2dOptions(integer(a[0])).stride(integer(k.at("stride")))));
  if (is("AvgPool2d"))
    net->push_back(
        nn::AvgPool2d(nn::AvgPool2dOptions(integer(a[0])).stride(integer(k.at("stride")))));
  if (is("AdaptiveAvgPool2d")) net->push_back(nn::AdaptiveAvgPool2d(integer(a[0])));
  if (is("AdaptiveMaxPool2d")) net->push_back(nn::AdaptiveMaxPool2d(integer(a[0])));
  if (is("ZeroPad2d")) net->push_back(nn::ZeroPad2d(nn::ZeroPad2dOptions(integer(a[0]))));
  if (is("ReplicationPad2d"))
    net->push_back(nn::ReplicationPad2d(nn::ReplicationPad2dOptions(integer(a[0]))));
  if (is("ReflectionPad2d"))
    net->push_back(nn::ReflectionPad2d(nn::ReflectionPad2dOptions(integer(a[0]))));
  if (is("Upsample")) net->push_back(upsample(a, k));
  if (is("GroupNorm"))
    net->push_back(nn::GroupNorm(nn::GroupNormOptions(integer(a[0]), integer(a[1]))
                                     .eps(k.at("eps"))
                                     .affine(k.at("affine"))));
  if (is("BatchNorm2d")) net->push_back(nn::BatchNorm2d(norm<nn::BatchNorm2dOptions>(a, k)));
  if (is("InstanceNorm2d"))
    net->push_back(nn::InstanceNorm2d(norm<nn::InstanceNorm2dOptions>(a, k)));
}

}  // namespace xgrad::test

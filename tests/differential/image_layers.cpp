#include "differential/image_layers.hpp"

namespace xgrad::test {
namespace {

class ImageDrawing {
 public:
  ImageDrawing(Choices& choices, ImageSize& size) : choices_(choices), size_(size) {}

  Json operator()() {
    Json layers = Json::array();
    for (std::int64_t count = number(1, 3); count > 0; --count) layers.push_back(any());
    return layers;
  }

 private:
  std::int64_t number(std::int64_t low, std::int64_t high) {
    return low +
           static_cast<std::int64_t>(choices_.below(static_cast<std::uint64_t>(high - low + 1)));
  }
  bool truth() { return choices_.below(2) == 1; }
  static Json layer(const char* module, const Json& args = Json::array(),
                    const Json& options = Json::object()) {
    return {{"module", module}, {"args", args}, {"kwargs", options}};
  }

  Json any() {
    switch (choices_.below(8)) {
      case 0:
      case 1:
        return conv();
      case 2:
        return conv_transpose();
      case 3:
        return pool();
      case 4:
        return padding();
      case 5:
        return upsample();
      default:
        return norm();
    }
  }

  std::int64_t common_divisor(std::int64_t out) const {
    return size_.channels % 2 == 0 && out % 2 == 0 ? 2 : 1;
  }
  Json conv() {
    const std::int64_t out = number(1, 4), groups = truth() ? common_divisor(out) : 1;
    const std::int64_t kernel = number(1, 3), dilation = number(1, 2), stride = number(1, 2);
    const std::int64_t reach = dilation * (kernel - 1);
    Json options{{"stride", stride}, {"dilation", dilation}, {"groups", groups}, {"bias", truth()}};
    const auto after = [&](std::int64_t n, std::int64_t padding) {
      return (n + 2 * padding - reach - 1) / stride + 1;
    };
    std::int64_t padding = number(0, 1);
    if (std::min(size_.height, size_.width) + 2 * padding <= reach) padding = reach;
    const bool same = stride == 1 && choices_.one_in(4);
    static const std::vector<const char*> modes{"zeros", "reflect", "replicate", "circular"};
    const bool small = std::min(size_.height, size_.width) <= std::max(padding, reach);
    options["padding_mode"] = small ? "zeros" : modes[choices_.below(modes.size())];
    options["padding"] = same ? Json("same") : Json(padding);
    const Json args{size_.channels, out, kernel};
    size_.channels = out;
    if (!same)
      size_.height = after(size_.height, padding), size_.width = after(size_.width, padding);
    return layer("Conv2d", args, options);
  }
  Json conv_transpose() {
    const std::int64_t out = number(1, 4), groups = truth() ? common_divisor(out) : 1;
    const std::int64_t kernel = number(1, 3), stride = number(1, 2);
    const std::int64_t added = stride == 2 && truth() ? 1 : 0;
    const Json options{
        {"stride", stride}, {"output_padding", added}, {"groups", groups}, {"bias", truth()}};
    const Json args{size_.channels, out, kernel};
    size_.channels = out;
    for (std::int64_t* n : {&size_.height, &size_.width}) *n = (*n - 1) * stride + kernel + added;
    return layer("ConvTranspose2d", args, options);
  }
  Json pool() {
    const std::int64_t least = std::min(size_.height, size_.width);
    if (choices_.one_in(4)) {
      size_.height = size_.width = number(1, 3);
      return layer(truth() ? "AdaptiveAvgPool2d" : "AdaptiveMaxPool2d", {size_.height});
    }
    const std::int64_t kernel = std::min(number(1, 3), least), stride = number(1, 2);
    for (std::int64_t* n : {&size_.height, &size_.width}) *n = (*n - kernel) / stride + 1;
    return layer(truth() ? "MaxPool2d" : "AvgPool2d", {kernel}, {{"stride", stride}});
  }
  Json padding() {
    const bool reflects = std::min(size_.height, size_.width) > 1;
    static const std::vector<const char*> all{"ZeroPad2d", "ReplicationPad2d", "ReflectionPad2d"};
    const char* const module = all[choices_.below(reflects ? 3 : 2)];
    size_.height += 2, size_.width += 2;
    return layer(module, {1});
  }
  Json upsample() {
    size_.height *= 2, size_.width *= 2;
    return layer("Upsample", {2}, {{"mode", truth() ? "bilinear" : "nearest"}});
  }
  Json norm() {
    const Json eps = truth() ? 1e-5 : 0.5;
    if (choices_.one_in(3))
      return layer("GroupNorm", {size_.channels % 2 == 0 && truth() ? 2 : 1, size_.channels},
                   {{"eps", eps}, {"affine", truth()}});
    const bool batch = truth() || size_.height * size_.width == 1;
    return layer(batch ? "BatchNorm2d" : "InstanceNorm2d", {size_.channels},
                 {{"eps", eps},
                  {"momentum", truth() ? 0.1 : 0.7},
                  {"affine", truth()},
                  {"track_running_stats", truth()}});
  }

  Choices& choices_;
  ImageSize& size_;
};

}  // namespace

Json draw_image_layers(Choices& choices, ImageSize& size) { return ImageDrawing(choices, size)(); }

}  // namespace xgrad::test

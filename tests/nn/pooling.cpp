#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;

TEST_CASE("pooling layers call their ops with their options", "[nn][pool]") {
  const Tensor x = test::uniform({2, 3, 6, 7}, 0.1, 1, 1);
  CHECK(test::same_bits(nn::MaxPool2d({2, 3}, {.stride = 1, .padding = 1})(x),
                        max_pool2d(x, {2, 3}, {.stride = 1, .padding = 1})));
  CHECK(test::same_bits(nn::AvgPool2d(2, {.count_include_pad = false})(x),
                        avg_pool2d(x, 2, {.count_include_pad = false})));
  CHECK(test::same_bits(nn::AdaptiveAvgPool2d({1, -1})(x), adaptive_avg_pool2d(x, {1, -1})));
  CHECK(test::same_bits(nn::AdaptiveMaxPool2d(2)(x), adaptive_max_pool2d(x, 2)));
  CHECK(test::same_bits(nn::LPPool2d(3, 2)(x), lp_pool2d(x, 3, 2)));
  const auto [values, indices] = nn::AdaptiveMaxPool2d(2).forward_with_indices(x);
  CHECK(test::same_bits(values, adaptive_max_pool2d(x, 2)));
  CHECK(indices.dtype() == int64);
}

TEST_CASE("pooling layers print as PyTorch's", "[nn][pool]") {
  CHECK(to_string(nn::MaxPool2d(2)) ==
        "MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)");
  CHECK(to_string(nn::MaxPool1d(3, {.stride = 1, .ceil_mode = true})) ==
        "MaxPool1d(kernel_size=3, stride=1, padding=0, dilation=1, ceil_mode=True)");
  CHECK(to_string(nn::AvgPool3d({1, 2, 3})) ==
        "AvgPool3d(kernel_size=(1, 2, 3), stride=(1, 2, 3), padding=0)");
  CHECK(to_string(nn::AdaptiveAvgPool2d({1, 2})) == "AdaptiveAvgPool2d(output_size=(1, 2))");
  CHECK(to_string(nn::LPPool1d(2, 3)) ==
        "LPPool1d(norm_type=2, kernel_size=3, stride=3, ceil_mode=False)");
  CHECK(to_string(nn::MaxUnpool2d(2)) == "MaxUnpool2d(kernel_size=2, stride=2, padding=0)");
}

TEST_CASE("unpooling puts the largest elements back", "[nn][pool]") {
  const Tensor x = test::uniform({2, 3, 4, 6}, 0.1, 1, 1);
  const nn::MaxPool2d pool(2);
  const nn::MaxUnpool2d unpool(2);
  const auto [values, indices] = pool.forward_with_indices(x);
  const Tensor y = unpool(values, indices);
  CHECK(y.shape() == x.shape());
  CHECK(test::same_bits(pool(y), values));
  CHECK(test::all_close(y.sum(), values.sum(), 1e-12));
  CHECK(unpool(values, indices, Extent{5, 7}).shape() == Shape{2, 3, 5, 7});
  const auto [v, i] = nn::MaxPool1d(3, {.stride = 2}).forward_with_indices(ones({1, 7}));
  CHECK(nn::MaxUnpool1d(3, {.stride = 2})(v, i).shape() == Shape{1, 7});
  CHECK(test::throws<ShapeError>([&] { unpool(ones({3}), zeros({3}, {.dtype = int64})); },
                                 {"MaxUnpool2d", "[3]"}));
}

TEST_CASE("three-dimensional p-norm pooling of ones", "[nn][pool]") {
  const Tensor y = nn::LPPool3d(2, 2)(full({1, 2, 4, 2, 2}, 3., {.dtype = float64}));
  CHECK(y.shape() == Shape{1, 2, 2, 1, 1});
  CHECK(test::all_close(y, full({1, 2, 2, 1, 1}, 3 * std::sqrt(8.), {.dtype = float64}), 1e-12));
}

TEST_CASE("padding layers pad as the op does", "[nn][pad]") {
  const Tensor x = test::uniform({1, 2, 3, 4}, -1, 1, 1);
  CHECK(test::same_bits(nn::ZeroPad2d(1)(x), pad(x, {1, 1, 1, 1})));
  CHECK(
      test::same_bits(nn::ConstantPad2d({1, 2, 0, 1}, 7)(x), pad(x, {1, 2, 0, 1}, "constant", 7)));
  CHECK(test::same_bits(nn::ReflectionPad2d({1, 2, 0, 1})(x), pad(x, {1, 2, 0, 1}, "reflect")));
  CHECK(test::same_bits(nn::ReplicationPad2d(2)(x), pad(x, {2, 2, 2, 2}, "replicate")));
  CHECK(test::same_bits(nn::CircularPad1d({0, 3})(x[0]), pad(x[0], {0, 3}, "circular")));
  CHECK(to_string(nn::ReflectionPad2d({1, 2, 0, 1})) == "ReflectionPad2d((1, 2, 0, 1))");
  CHECK(to_string(nn::ConstantPad1d(2, 3.5)) == "ConstantPad1d(padding=(2, 2), value=3.5)");
  CHECK(test::throws<ShapeError>([&] { nn::ReflectionPad1d(1)(x); },
                                 {"ReflectionPad1d", "[1, 2, 3, 4]", "1 size"}));
  CHECK(test::throws<ShapeError>([&] { nn::ZeroPad2d(1)(ones({2})); }, {"ZeroPad2d", "[2]"}));
  CHECK(test::throws<ShapeError>([&] { nn::ZeroPad2d({1, 2, 3})(x); }, {"ZeroPad2d", "padding"}));
}

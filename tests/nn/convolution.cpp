#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;

TEST_CASE("convolutions print as PyTorch's", "[nn][conv]") {
  CHECK(to_string(nn::Conv2d(1, 6, 5)) == "Conv2d(1, 6, kernel_size=(5, 5), stride=(1, 1))");
  CHECK(
      to_string(nn::Conv2d(4, 8, {1, 3},
                           {.stride = {2, 1},
                            .padding = 1,
                            .dilation = 2,
                            .groups = 2,
                            .bias = false,
                            .padding_mode = "reflect"})) ==
      "Conv2d(4, 8, kernel_size=(1, 3), stride=(2, 1), padding=(1, 1), dilation=(2, 2), groups=2, "
      "bias=False, padding_mode=reflect)");
  CHECK(to_string(nn::Conv1d(2, 3, 3, {.padding = "same"})) ==
        "Conv1d(2, 3, kernel_size=(3,), stride=(1,), padding=same)");
  CHECK(to_string(nn::ConvTranspose2d(3, 4, 2, {.stride = 2, .output_padding = 1})) ==
        "ConvTranspose2d(3, 4, kernel_size=(2, 2), stride=(2, 2), output_padding=(1, 1))");
}

TEST_CASE("convolutions start within PyTorch's bounds", "[nn][conv]") {
  manual_seed(3);
  const nn::Conv2d layer(8, 64, 3);
  const nn::ConvTranspose1d back(16, 8, 5);
  const auto largest = [](const Tensor& t) { return amax(abs(t.detach())).item<double>(); };
  for (const Tensor& t : {layer.weight, layer.bias}) {
    CHECK(largest(t) <= 1 / std::sqrt(72.));
    CHECK(largest(t) > 0.9 / std::sqrt(72.));
  }
  CHECK(largest(back.weight) <= 1 / std::sqrt(40.));
  CHECK(largest(back.weight) > 0.95 / std::sqrt(40.));
  CHECK(layer.weight.shape() == Shape{64, 8, 3, 3});
  CHECK(back.weight.shape() == Shape{16, 8, 5});
  CHECK(!nn::Conv1d(1, 1, 1, {.bias = false}).bias.defined());
}

TEST_CASE("'same' keeps sizes in every padding mode", "[nn][conv]") {
  for (const char* mode : {"zeros", "reflect", "replicate", "circular"})
    for (const std::int64_t kernel : {1, 2, 3, 4})
      for (const std::int64_t dilation : {1, 2}) {
        const nn::Conv2d layer(1, 1, {kernel, 3},
                               {.padding = "same", .dilation = dilation, .padding_mode = mode});
        CHECK(layer(ones({2, 1, 7, 8})).shape() == Shape{2, 1, 7, 8});
      }
  CHECK(nn::Conv1d(1, 2, 3, {.padding = "valid"})(ones({1, 5})).shape() == Shape{2, 3});
}

TEST_CASE("a padding mode pads as the op pad does", "[nn][conv]") {
  const Tensor x = test::uniform({2, 2, 4, 5}, -1, 1, 1);
  for (const char* mode : {"reflect", "replicate", "circular"}) {
    const nn::Conv2d layer(2, 3, 3, {.padding = {1, 2}, .padding_mode = mode, .dtype = float64});
    const Tensor padded = pad(x, {2, 2, 1, 1}, mode);
    CHECK(test::same_bits(layer(x).detach(),
                          conv2d(padded, layer.weight, {.bias = layer.bias}).detach()));
  }
}

TEST_CASE("a transposed convolution has any size that its strides reach", "[nn][conv]") {
  const nn::Conv1d down(1, 1, 3, {.stride = 3, .padding = 1});
  const nn::ConvTranspose1d up(1, 1, 3, {.stride = 3, .padding = 1});
  for (const std::int64_t n : {4, 5, 6, 7}) {
    const Tensor x = ones({1, 1, n});
    const Tensor y = up(down(x), Extent(n));
    CHECK(y.shape() == x.shape());
  }
  CHECK(test::throws<ShapeError>(
      [&] {
        up(ones({1, 1, 2}), Extent(7));
      },
      {"ConvTranspose1d", "output_size 7", "4 to 6"}));
  CHECK(test::throws<ShapeError>(
      [&] {
        up(ones({1, 1, 2}), Extent{4, 4});
      },
      {"ConvTranspose1d", "output_size"}));
  CHECK(test::throws<ShapeError>([&] { up(ones({2}), Extent(4)); }, {"ConvTranspose1d", "[2]"}));
}

TEST_CASE("a transposed convolution is the adjoint of the convolution", "[nn][conv]") {
  nn::Conv2d layer(2, 4, {3, 2}, {.stride = 2, .groups = 2, .bias = false, .dtype = float64});
  nn::ConvTranspose2d back(4, 2, {3, 2},
                           {.stride = 2, .groups = 2, .bias = false, .dtype = float64});
  back.weight.assign(layer.weight.detach());
  const Tensor x = test::uniform({1, 2, 7, 6}, -1, 1, 1), y = test::uniform({1, 4, 3, 3}, -1, 1, 2);
  CHECK(test::all_close((layer(x) * y).sum().detach(), (x * back(y)).sum().detach(), 1e-12));
}

TEST_CASE("convolutions refuse settings that cannot be", "[nn][conv]") {
  CHECK(test::throws<ValueError>([] { nn::Conv2d(3, 4, 3, {.groups = 2}); },
                                 {"Conv2d", "3 to 4", "2 groups", "convolution.cpp"}));
  CHECK(test::throws<ValueError>([] { nn::Conv2d(0, 4, 3); }, {"Conv2d", "positive"}));
  CHECK(test::throws<ValueError>([] { nn::Conv1d(1, 1, 0); }, {"Conv1d", "kernel_size"}));
  CHECK(test::throws<ValueError>([] { nn::Conv1d(1, 1, 1, {.stride = 0}); }, {"stride", "(0,)"}));
  CHECK(test::throws<ValueError>([] { nn::Conv1d(1, 1, 1, {.padding = -1}); }, {"padding"}));
  CHECK(test::throws<ValueError>([] { nn::Conv1d(1, 1, 1, {.padding_mode = "mirror"}); },
                                 {"padding_mode", "'mirror'", "'reflect'"}));
  CHECK(test::throws<ShapeError>([] { nn::Conv3d(1, 1, {2, 2}); }, {"Conv3d", "kernel_size"}));
  CHECK(test::throws<ShapeError>([] { nn::Conv2d(2, 1, 1)(ones({1, 3, 2, 2})); }, {"conv2d"}));
  CHECK(test::throws<ValueError>([] { nn::ConvTranspose2d(2, 3, 1, {.groups = 2}); },
                                 {"ConvTranspose2d", "groups"}));
}

TEST_CASE("the cost of a convolution", "[nn][conv]") {
  nn::Sequential net(nn::Conv2d(4, 8, 3, {.padding = 1, .groups = 2}),
                     nn::ConvTranspose2d(8, 2, 2, {.stride = 2}));
  const nn::ModelSummary s = nn::summary(net, {{1, 4, 5, 6}});
  CHECK(s.layers[1].multiply_adds == 8 * 5 * 6 * 2 * 9);
  CHECK(s.layers[2].multiply_adds == 8 * 5 * 6 * 2 * 4);
  CHECK(s.layers[2].outputs[0] == Shape{1, 2, 10, 12});
}

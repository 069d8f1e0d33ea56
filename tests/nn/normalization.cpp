#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;

TEST_CASE("batch norm takes the axes of its name", "[nn][norm]") {
  const nn::BatchNorm2d layer(3);
  CHECK(layer(ones({2, 3, 4, 5})).shape() == Shape{2, 3, 4, 5});
  CHECK(test::throws<ShapeError>(
      [&] {
        layer(ones({2, 3, 4}));
      },
      {"BatchNorm2d", "[2, 3, 4]", "(N, 3, H, W)"}));
  CHECK(test::throws<ShapeError>([&] { layer(ones({2, 4, 4, 4})); }, {"(N, 3, H, W)"}));
  CHECK(test::throws<ShapeError>(
      [] {
        nn::BatchNorm3d(2)(ones({1, 2, 3, 3}));
      },
      {"BatchNorm3d", "(N, 2, D, H, W)"}));
  CHECK(test::throws<ValueError>([] { nn::BatchNorm2d(-1); }, {"BatchNorm2d", "-1"}));
  CHECK(to_string(layer) ==
        "BatchNorm2d(3, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)");
}

TEST_CASE("batch norm of images is batch norm of their pixels", "[nn][norm]") {
  nn::BatchNorm2d images(2, {.dtype = float64});
  nn::BatchNorm1d pixels(2, {.dtype = float64});
  const Tensor x = test::uniform({3, 2, 4, 5}, -1, 3, 1);
  const Tensor flat = x.permute({0, 2, 3, 1}).reshape({60, 2});
  CHECK(test::all_close(images(x).detach().permute({0, 2, 3, 1}).reshape({60, 2}),
                        pixels(flat).detach(), 1e-12));
  CHECK(test::all_close(images.running_var, pixels.running_var, 1e-12));
}

TEST_CASE("instance norm gives each channel of each sample mean 0 and variance 1", "[nn][norm]") {
  const nn::InstanceNorm2d layer(3, {.dtype = float64});
  const Tensor x = test::uniform({2, 3, 4, 5}, -3, 9, 1);
  const Tensor y = layer(x).detach();
  CHECK(test::all_close(y.mean({2, 3}), zeros({2, 3}), 1e-12));
  CHECK(test::all_close(var(y, {2, 3}, false, 0), ones({2, 3}), 1e-4));
  CHECK(layer.parameters().empty());
  CHECK(layer.buffers().empty());
  CHECK(test::all_close(layer(x[1]).detach(), y[1], 1e-12));  // without a batch
  CHECK(test::throws<ShapeError>(
      [&] {
        layer(ones({2, 2, 4, 4}));
      },
      {"InstanceNorm2d", "(N, 3, H, W) or (3, H, W)"}));
  CHECK(test::throws<ShapeError>([&] { layer(ones({3, 4})); }, {"InstanceNorm2d"}));
  nn::InstanceNorm1d tracked(2, {.track_running_stats = true});
  tracked(ones({1, 2, 5}) * 3);
  CHECK(test::all_close(tracked.running_mean, full({2}, 0.3), 1e-6));
  tracked.eval();
  CHECK(test::all_close(tracked(zeros({1, 2, 5})).detach(),
                        full({1, 2, 5}, -0.3 / std::sqrt(0.9 + 1e-5)), 1e-5));
}

TEST_CASE("group norm lies between layer norm and instance norm", "[nn][norm]") {
  const Tensor x = test::uniform({2, 4, 3, 2}, -3, 9, 1);
  const nn::GroupNorm all(1, 4, {.affine = false}), each(4, 4, {.affine = false});
  CHECK(test::all_close(all(x), layer_norm(x, {4, 3, 2}), 1e-10));
  CHECK(test::all_close(each(x), instance_norm(x), 1e-10));
  CHECK(to_string(nn::GroupNorm(2, 4)) == "GroupNorm(2, 4, eps=1e-05, affine=True)");
  CHECK(test::throws<ValueError>([] { nn::GroupNorm(3, 4); }, {"GroupNorm", "4", "3"}));
  CHECK(test::throws<ShapeError>([&] { each(ones({2, 3, 1})); }, {"GroupNorm", "(N, 4, ...)"}));
}

TEST_CASE("RMS norm, and layer norm without a bias", "[nn][norm]") {
  nn::RMSNorm layer(4, {.dtype = float64});
  const Tensor x = test::uniform({3, 4}, -3, 9, 1);
  CHECK(test::all_close(square(layer(x).detach()).mean(-1), ones({3}), 1e-12));
  CHECK(test::all_close(layer(x * 5).detach(), layer(x).detach(), 1e-12));
  CHECK(to_string(layer) == "RMSNorm([4], eps=None, elementwise_affine=True)");
  CHECK(nn::RMSNorm({2, 3}, {.elementwise_affine = false}).parameters().empty());
  const nn::LayerNorm plain(4, {.bias = false});
  CHECK(plain.parameters().size() == 1);
  CHECK(!plain.bias.defined());
  CHECK(to_string(nn::LocalResponseNorm(2)) ==
        "LocalResponseNorm(2, alpha=0.0001, beta=0.75, k=1)");
  CHECK(test::same_bits(nn::LocalResponseNorm(2, 0.1)(x.reshape({1, 3, 4})),
                        local_response_norm(x.reshape({1, 3, 4}), 2, {.alpha = 0.1})));
}

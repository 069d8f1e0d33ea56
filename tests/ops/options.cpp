// Options and arguments beyond the usual ones, with libtorch's answers.
#include <cmath>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using test::all_close;

TEST_CASE("lp_pool takes a window behind the end for a whole one", "[ops][pooling]") {
  // torch.nn.functional.lp_pool2d(img, 2, 2, 2, ceil_mode=True), lp_pool1d(x, 2, 3, ceil_mode=True)
  const Tensor img = arange(1, 26).to(float64).reshape({1, 1, 5, 5});
  CHECK(all_close(
      lp_pool2d(img, 2, 2, {.stride = 2, .ceil_mode = true}).reshape({3, 3}),
      tensor({{9.4868, 13.0384, 15.8114}, {28.4605, 32.4037, 35.3553}, {43.0116, 47.0106, 50.}},
             {.dtype = float64}),
      1e-4));
  CHECK(all_close(lp_pool1d(arange(1, 6).to(float64).reshape({1, 1, 5}), 2, 3, {.ceil_mode = true}),
                  tensor({{{3.7417, 7.8422}}}, {.dtype = float64}), 1e-4));
  const Tensor x = zeros({1, 1, 2}, {.dtype = float64, .requires_grad = true});
  lp_pool1d(x, 2, 2).sum().backward();
  CHECK(test::same_bits(x.grad(), zeros({1, 1, 2}, {.dtype = float64})));
}

TEST_CASE("circular padding repeats what remains", "[ops][pad]") {
  // torch.nn.functional.pad(x, ..., mode="circular")
  const Tensor x = tensor({{{1., 2., 3., 4., 5.}}});
  CHECK(test::same_bits(pad(x, {-1, 2}, "circular"), tensor({{{2., 3., 4., 5., 2., 3.}}})));
  CHECK(test::same_bits(pad(x, {2, -3}, "circular"), tensor({{{1., 2., 1., 2.}}})));
  CHECK(pad(x, {5, 5}, "circular").shape() == Shape{1, 1, 15});
  CHECK(pad(x, {-5, 0}, "circular").shape() == Shape{1, 1, 0});
  CHECK(test::throws<ShapeError>([&] { pad(x, {3, -3}, "circular"); }, {"pad", "3", "[1, 1, 2]"}));
  CHECK(test::throws<ShapeError>([&] { pad(x, {6, 0}, "circular"); }, {"pad", "6"}));
  CHECK(test::throws<ShapeError>([] { pad(ones({3}), {1, 1}, "replicate"); }, {"pad", "[3]"}));
  CHECK(test::throws<ShapeError>([&] { pad(x, {}, "circular"); }, {"pad", "0 dims"}));
  CHECK(test::same_bits(pad(x, {-3, 4}, "reflect"), tensor({{{4., 5., 4., 3., 2., 1.}}})));
}

TEST_CASE("multi_margin_loss is shaped as its targets", "[ops][loss]") {
  // torch.nn.functional.multi_margin_loss(x, t, reduction="none")
  const Tensor x = tensor({1., 2., 3., 4., 5.}, {.dtype = float64});
  const MultiMarginOptions each{.reduction = Reduction::none};
  const auto f64 = [](const Tensor& t) { return t.to(float64); };
  CHECK(all_close(multi_margin_loss(x, tensor(1), each), f64(tensor(1.8)), 1e-6));
  CHECK(all_close(multi_margin_loss(x, tensor({1}), each), f64(tensor({1.8})), 1e-6));
  CHECK(all_close(multi_margin_loss(x.reshape({1, 5}), tensor(1), each), f64(tensor(1.8)), 1e-6));
  CHECK(all_close(multi_margin_loss(x, tensor(1), {.weight = ones({5}, {.dtype = float64}) * 2}),
                  f64(tensor(3.6)), 1e-6));
  CHECK(multi_margin_loss(tensor(2.), tensor(0), each).item<float>() == 0);
  using test::throws;
  CHECK(throws<ShapeError>([&] { multi_margin_loss(x, tensor({{1}})); }, {"[1, 1]"}));
  CHECK(throws<ShapeError>([&] { multi_margin_loss(x, tensor(1), {.weight = ones({4})}); },
                           {"weight", "[4]"}));
}

TEST_CASE("orders of norms as words have the dims that PyTorch takes", "[ops][norm]") {
  const Tensor x = tensor({{3., -4.}, {0., 1.}});
  CHECK(norm(x, "fro").item<float>() == Approx(5.0990195));
  CHECK(all_close(norm(x, "fro", 1), tensor({5., 1.}), 1e-6));
  CHECK(norm(x, INFINITY).item<float>() == 4);
  CHECK(linalg::matrix_norm(x, -INFINITY).item<float>() == 1);
  CHECK(norm(x, "nuc").item<float>() == linalg::matrix_norm(x, "nuc").item<float>());
  using test::throws;
  CHECK(throws<ValueError>([&] { norm(x, "inf"); }, {"'inf'"}));
  CHECK(throws<ValueError>([&] { norm(ones({2, 2, 2}), "nuc"); }, {"'nuc'", "[2, 2, 2]"}));
  CHECK(throws<ValueError>([&] { norm(ones({2, 2, 2}), "fro", {0, 1, 2}); }, {"'fro'", "3 dims"}));
}

#include <cmath>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
namespace init = nn::init;

namespace {

double deviation(const Tensor& x) { return xgrad::std(x.detach().to(float64)).item<double>(); }
double largest(const Tensor& x) { return amax(abs(x.detach())).item<double>(); }
Tensor weight() { return empty({300, 200}, {.requires_grad = true}); }

}  // namespace

TEST_CASE("starting values have the deviation of their formula", "[nn][init]") {
  manual_seed(3);
  const double xavier = std::sqrt(2.0 / 500), in = 1 / std::sqrt(200.0), out = 1 / std::sqrt(300.0);
  const double relu = std::sqrt(2.0);
  CHECK(deviation(init::xavier_normal_(weight())) == Approx(xavier).epsilon(0.01));
  CHECK(deviation(init::xavier_uniform_(weight(), 2)) == Approx(2 * xavier).epsilon(0.01));
  CHECK(largest(init::xavier_uniform_(weight())) <= std::sqrt(6.0 / 500));
  CHECK(deviation(init::kaiming_normal_(weight())) == Approx(relu * in).epsilon(0.01));
  CHECK(deviation(init::kaiming_normal_(weight(), 0, init::FanMode::fan_out, "tanh")) ==
        Approx(5.0 / 3 * out).epsilon(0.01));
  CHECK(deviation(init::kaiming_uniform_(weight(), 0, init::FanMode::fan_in, "relu")) ==
        Approx(relu * in).epsilon(0.01));
  CHECK(largest(init::kaiming_uniform_(weight(), 1)) <= std::sqrt(3.0) * in);
  CHECK(deviation(init::normal_(weight(), 5, 0.1)) == Approx(0.1).epsilon(0.01));
  CHECK(init::normal_(weight(), 5, 0.1).detach().mean().item<double>() == Approx(5).epsilon(0.001));
  // a convolution's weight: fan_in is 5 * 3 * 3
  const Tensor kernel = empty({64, 5, 3, 3}, {.requires_grad = true});
  CHECK(deviation(init::kaiming_normal_(kernel)) == Approx(std::sqrt(2.0 / 45)).epsilon(0.05));
}

TEST_CASE("an orthogonal start has orthonormal rows or columns", "[nn][init]") {
  manual_seed(4);
  for (const Shape& shape : std::vector<Shape>{{5, 5}, {7, 3}, {3, 7}, {4, 3, 2}, {1, 1}}) {
    const Tensor x = init::orthogonal_(empty(shape, {.dtype = float64, .requires_grad = true}), 2);
    const std::int64_t rows = shape[0], columns = shape.numel() / rows;
    const Tensor m = reshape(x.detach(), {rows, columns});
    const Tensor product = rows < columns ? matmul(m, m.t()) : matmul(m.t(), m);
    CHECK(test::all_close(product, eye(std::min(rows, columns)) * 4, 1e-12));
  }
}

TEST_CASE("constants fill, and a start without fans is refused", "[nn][init]") {
  CHECK(test::all_close(init::constant_(weight(), 3).detach(), full({300, 200}, 3.0), 0));
  CHECK(test::all_close(init::ones_(weight()).detach(), ones({300, 200}), 0));
  CHECK(test::all_close(init::eye_(weight()).detach(), eye(300, 200), 0));
  const Tensor bias = empty({3}, {.requires_grad = true});
  CHECK(test::throws<ShapeError>([&] { init::xavier_normal_(bias); }, {"xavier_normal_", "[3]"}));
  CHECK(test::throws<ShapeError>([&] { init::kaiming_normal_(bias); }, {"kaiming_normal_"}));
  CHECK(test::throws<ShapeError>([&] { init::orthogonal_(bias); }, {"orthogonal_"}));
  CHECK(test::throws<ValueError>(
      [&] { init::kaiming_normal_(weight(), 0, init::FanMode::fan_in, "swish"); }, {"'swish'"}));
}

TEST_CASE("the same seed gives the same start", "[nn][init]") {
  Generator a(5), b(5);
  CHECK(test::same_bits(init::orthogonal_(weight(), 1, &a).detach(),
                        init::orthogonal_(weight(), 1, &b).detach()));
  CHECK(test::same_bits(init::xavier_normal_(weight(), 1, &a).detach(),
                        init::xavier_normal_(weight(), 1, &b).detach()));
}

// gradcheck and gradgradcheck: what they find, and how their messages name it.
#include <cmath>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using test::throws;

namespace {

const TensorOptions f64{.dtype = float64};

// 3 x, whose gradient is wrong: dx = dy.
Tensor careless(const Tensor& x) {
  return record("careless", {x}, x.detach() * 3, save_nothing,
                [](const Tensor& dy, Inputs, InputGradients dx) { dx.add(0, dy); });
}
// 3 x with a correct gradient, which has a wrong gradient itself.
Tensor careless_later(const Tensor& x) {
  return record("careless_later", {x}, x.detach() * 3, save_nothing,
                [](const Tensor& dy, Inputs, InputGradients dx) { dx.add(0, careless(dy)); });
}
bool says(const GradcheckResult& r, const char* part) {
  return r.message.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("gradgradcheck names the upstream gradient whose derivative is wrong", "[gradcheck]") {
  const Tensor x = ones({2}, f64);
  CHECK(gradcheck(careless_later, {x}));
  const GradcheckResult r = gradgradcheck(careless_later, {x});
  CHECK_FALSE(r);
  CHECK(r.input == 1);
  CHECK(r.analytic == 1);
  CHECK(std::abs(r.numeric - 3) < 1e-6);
  CHECK(says(r, "gradgradcheck failed"));
  CHECK(says(r, "[0] of the upstream gradient of output 0"));
}

TEST_CASE("gradgradcheck names inputs by their number", "[gradcheck]") {
  // x^3, whose second derivative lacks one of its two terms.
  const auto cube = [](const Tensor& x) {
    return record("cube", {x}, x.detach() * x.detach() * x.detach(), save_inputs,
                  [](const Tensor& dy, Inputs in, InputGradients dx) {
                    dx.add(0, dy * 3 * in[0] * in[0].detach());
                  });
  };
  const GradcheckResult r = gradgradcheck(cube, {full({1}, 2, f64)});
  CHECK_FALSE(r);
  CHECK(r.input == 0);
  CHECK(says(r, "[0] of input 0"));
}

TEST_CASE("gradcheck tells by how much an element is within the tolerance", "[gradcheck]") {
  const GradcheckResult r = gradcheck([](const Tensor& x) { return square(x); }, {ones({1}, f64)});
  CHECK(r);
  CHECK(says(r, "gradcheck passed: the largest error is at [0] of input 0, for output element 0"));
  CHECK(says(r, "times the tolerance"));
  CHECK(gradcheck([](const Tensor& x) { return square(x); }, {ones({0}, f64)}).message ==
        "gradcheck passed: no elements to compare");
}

TEST_CASE("gradcheck and gradgradcheck refuse inputs that are not float64", "[gradcheck]") {
  const auto f = [](const Tensor& x) { return square(x); };
  CHECK(throws<DTypeError>([&] { gradcheck(f, {ones({2})}); },
                           {"gradcheck: input 0 is [2] float32", "float64"}));
  CHECK(throws<DTypeError>([&] { gradgradcheck(f, {ones({2})}); },
                           {"gradgradcheck: input 0 is [2] float32"}));
}

// gradient_check: is a gradient right? Compare it with how the loss changes when a weight does.
//
// The central difference (L(w + eps) - L(w - eps)) / (2 eps) approximates the derivative. Its error
// is about eps^2 / 6 times the third derivative, plus a rounding error of about 1e-16 / eps. With
// eps = 1e-6, both are small in float64.
#include <algorithm>
#include <cmath>
#include <functional>
#include <string>

#include <fmt/core.h>

#include <xgrad/xgrad.hpp>

#include "pictures.hpp"

using xgrad::Tensor;
namespace viz = xgrad::viz;

Tensor loss_of(const Tensor& x, const Tensor& w1, const Tensor& b1, const Tensor& w2,
               const Tensor& b2, const Tensor& y) {
  return mse_loss(sigmoid(matmul(sigmoid(matmul(x, w1) + b1), w2) + b2), y);
}

struct Comparison {
  double analytic, numeric;
  double difference() const {
    return std::abs(analytic - numeric) / std::max(1e-12, std::abs(analytic) + std::abs(numeric));
  }
};

// The gradient of one element of a parameter, by backward and by moving the element up and down.
Comparison compare(const std::function<Tensor()>& loss, Tensor parameter, std::int64_t element,
                   double eps = 1e-6) {
  parameter.zero_grad();
  loss().backward();
  const double analytic = parameter.grad().data<double>()[element];
  const xgrad::NoGrad guard;
  double& weight = parameter.mutable_data<double>()[element];
  const double before = weight;
  weight = before + eps;
  const double up = loss().item<double>();
  weight = before - eps;
  const double down = loss().item<double>();
  weight = before;
  return {analytic, (up - down) / (2 * eps)};
}

// A sigmoid whose local gradient forgets a factor.
Tensor wrong_sigmoid(xgrad::Operand x) {
  const Tensor y = sigmoid(x.tensor().detach());
  return xgrad::record("wrong_sigmoid", {x}, y, xgrad::save_output,
                       [](const Tensor& dy, xgrad::Inputs in, xgrad::InputGradients dx) {
                         dx.add(0, dy * in.output());  // should be dy * y * (1 - y)
                       });
}

const xgrad::TensorOptions exact{.dtype = xgrad::float64};
const Tensor input = xgrad::tensor({{0.5, 0.8}}, exact), target = xgrad::tensor({{1.0}}, exact);
const Tensor w1 = xgrad::tensor({{0.24835707650561634, -0.06913215058559233},
                                 {0.32384426905034625, 0.7615149282040127}},
                                exact)
                      .requires_grad_();
const Tensor b1 = xgrad::zeros({1, 2}, exact).requires_grad_();
const Tensor w2 =
    xgrad::tensor({{-0.11707668736166799}, {-0.11706847847459027}}, exact).requires_grad_();
const Tensor b2 = xgrad::zeros({1, 1}, exact).requires_grad_();

Tensor loss() { return loss_of(input, w1, b1, w2, b2, target); }

void draw(const Pictures& pictures) {
  std::vector<double> steps, differences;
  for (double exponent = -14; exponent <= 0; exponent += 0.25) {
    steps.push_back(std::pow(10, exponent));
    differences.push_back(compare(loss, w2, 0, steps.back()).difference());
  }
  viz::Figure figure;
  figure.axes().plot(steps, differences, {.label = "W2[0]", .marker = viz::Marker::circle});
  figure.axes().axvline(
      1e-6, {.label = "the eps of the table", .color = "#444444", .dash = viz::Dash::dotted});
  figure.axes().set_xscale(viz::Scale::log).set_yscale(viz::Scale::log);
  figure.axes().set_title("Too small an eps rounds, too large an eps bends");
  figure.axes()
      .set_xlabel("eps")
      .set_ylabel("relative difference")
      .legend(viz::Legend::bottom_left);
  pictures.save("gradient_check.svg", figure);
}

int main(int argc, char** argv) {
  fmt::print("{:<10} {:>16} {:>16} {:>12}\n", "weight", "analytic", "numeric", "difference");
  const auto show = [&](const std::string& name, const Tensor& parameter) {
    for (std::int64_t i = 0; i < parameter.numel(); ++i) {
      const Comparison c = compare(loss, parameter, i);
      fmt::print("{:<10} {:16.12f} {:16.12f} {:12.1e}\n", fmt::format("{}[{}]", name, i),
                 c.analytic, c.numeric, c.difference());
    }
  };
  show("W1", w1);
  show("b1", b1);
  show("W2", w2);
  show("b2", b2);

  // gradcheck does the same for all inputs and outputs of any function.
  fmt::print("\nsigmoid:       {}\n",
             xgrad::gradcheck([](const Tensor& v) { return sigmoid(v); }, {input}).message);
  fmt::print("wrong_sigmoid: {}\n",
             xgrad::gradcheck([](const Tensor& v) { return wrong_sigmoid(v); }, {input}).message);
  return draw_pictures(argc, argv, draw);
}

// pinn: a network solves a differential equation (Raissi et al., 2019). The loss is how far
// u'' + pi^2 sin(pi x) = 0 and u(0) = u(1) = 0 are from true, so that it contains second
// derivatives.
#include <numbers>

#include <fmt/format.h>

#include <xgrad/xgrad.hpp>

#include "arguments.hpp"

using namespace xgrad;

constexpr double pi = std::numbers::pi;

nn::Sequential network() {
  const nn::LinearOptions doubles{.dtype = float64};
  return nn::Sequential(nn::Linear(1, 32, doubles), nn::Tanh(), nn::Linear(32, 32, doubles),
                        nn::Tanh(), nn::Linear(32, 1, doubles));
}

Tensor equation_loss(const nn::Sequential& u, const Tensor& x) {
  const Tensor slope = grad(u(x).sum(), x, {.create_graph = true})[0];
  const Tensor curvature = grad(slope.sum(), x, {.create_graph = true})[0];
  return square(curvature + pi * pi * sin(pi * x)).mean();
}
Tensor boundary_loss(const nn::Sequential& u) {
  return square(u(tensor({{0.0}, {1.0}}, {.dtype = float64}))).mean();
}

// |u - exact| / |exact| over the interval.
double relative_error(const nn::Sequential& u) {
  const NoGrad guard;
  const Tensor x = linspace(0, 1, 1001, {.dtype = float64}).unsqueeze(1), exact = sin(pi * x);
  return (norm(u(x) - exact) / norm(exact)).item<double>();
}

int main(int argc, char** argv) {
  Arguments arguments(argc, argv, "Solves u'' = -pi^2 sin(pi x) by a network.");
  const int steps = arguments.integer("--steps", 3000, "steps of Adam");
  const double at_most = arguments.number("--at-most", 1e30, "fail above this relative error");
  arguments.check();

  manual_seed(1);
  const nn::Sequential u = network();
  optim::Adam optimizer(u.parameters(), {.lr = 3e-3});
  optim::PolynomialLR schedule(optimizer, steps);  // falls linearly to 0
  for (int step = 0; step < steps; ++step) {
    const Tensor x = rand({64, 1}, {.dtype = float64, .requires_grad = true});
    optimizer.zero_grad();
    const Tensor loss = equation_loss(u, x) + 100 * boundary_loss(u);
    loss.backward();
    optimizer.step();
    schedule.step();
    if (step % (steps / 10) == 0) fmt::print("step {:5}: loss {:.2e}\n", step, loss.item<double>());
  }
  const double error = relative_error(u);
  fmt::print("relative error {:.1e}\n", error);
  return !(error <= at_most);
}

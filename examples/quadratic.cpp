// quadratic: the gradient of a function of one number, and gradient descent on it.
//
//     y = x^2 + 3x + 1, so dy/dx = 2x + 3: 7 at x = 2, and 0 at the minimum, x = -1.5.
#include <fmt/core.h>

#include <xgrad/xgrad.hpp>

#include "pictures.hpp"

using xgrad::Tensor;
namespace viz = xgrad::viz;

Tensor quadratic(const Tensor& x) { return x * x + 3 * x + 1; }

void draw(const Pictures& pictures) {
  viz::Figure figure;
  draw_tangent(figure.axes(), quadratic, 2, -5, 4);
  figure.axes().set_title("y = x² + 3x + 1").set_xlabel("x").set_ylabel("y");
  pictures.save("quadratic.svg", figure);
}

int main(int argc, char** argv) {
  Tensor x = xgrad::tensor(2.0, {.dtype = xgrad::float64, .requires_grad = true});

  // Calling the function records a graph; backward computes the gradient from it.
  const Tensor y = quadratic(x);
  y.backward();
  fmt::print("y = x^2 + 3x + 1 at x = 2: value {}, gradient {}\n", y.item<double>(),
             x.grad().item<double>());

  // The gradient points uphill, so a step against it leads down.
  fmt::print("\nGradient descent with lr = 0.3:\n{:>4} {:>12} {:>12}\n", "step", "x", "y");
  xgrad::optim::SGD optimizer({x}, {.lr = 0.3});
  for (int step = 0; step <= 10; ++step) {
    optimizer.zero_grad();
    const Tensor value = quadratic(x);
    value.backward();
    fmt::print("{:4} {:12.8f} {:12.8f}\n", step, x.item<double>(), value.item<double>());
    optimizer.step();
  }
  fmt::print("\nThe minimum is at x = -1.5, where y = -1.25.\n");
  return draw_pictures(argc, argv, draw);
}

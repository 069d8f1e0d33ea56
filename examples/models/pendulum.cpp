// pendulum: finds length and friction of a pendulum from how it swings, by differentiating through
// 1,000 steps of a Runge-Kutta integration.
#include <fmt/format.h>

#include <xgrad/xgrad.hpp>

#include "arguments.hpp"

using namespace xgrad;

// Angle and angular velocity, each 0-d.
struct State {
  Tensor angle, velocity;
};
State operator+(const State& a, const State& b) {
  return {a.angle + b.angle, a.velocity + b.velocity};
}
State operator*(double h, const State& s) { return {h * s.angle, h * s.velocity}; }

// d/dt of the state: angle'' = -g / length sin(angle) - friction angle'.
State change(const State& s, const Tensor& length, const Tensor& friction) {
  return {s.velocity, -9.81 / length * sin(s.angle) - friction * s.velocity};
}

State runge_kutta_step(const State& s, double h, const Tensor& length, const Tensor& friction) {
  const State a = change(s, length, friction);
  const State b = change(s + h / 2 * a, length, friction);
  const State c = change(s + h / 2 * b, length, friction);
  const State d = change(s + h * c, length, friction);
  return s + h / 6 * (a + 2 * b + 2 * c + d);
}

// The angles of ten seconds in 1,000 steps, every tenth of them.
Tensor swing(const Tensor& length, const Tensor& friction) {
  State s{tensor(1.5), tensor(0.0)};
  std::vector<Tensor> angles;
  for (int step = 1; step <= 1000; ++step) {
    s = runge_kutta_step(s, 0.01, length, friction);
    if (step % 10 == 0) angles.push_back(s.angle);
  }
  return stack(angles);
}

int main(int argc, char** argv) {
  Arguments arguments(argc, argv, "Finds a pendulum's length and friction from its swing.");
  const double at_most = arguments.number("--at-most", 1e30, "fail above this error");
  arguments.check();

  const Tensor observed = swing(tensor(1.3), tensor(0.2));
  Tensor length = tensor(1.25, {.requires_grad = true});
  Tensor friction = tensor(0.1, {.requires_grad = true});
  optim::LBFGS optimizer({length, friction}, {.max_iter = 30,
                                              .tolerance_grad = 1e-12,
                                              .tolerance_change = 1e-14,
                                              .line_search_fn = "strong_wolfe"});
  for (int round = 1; round <= 3; ++round) {
    const Tensor loss = optimizer.step([&] {
      optimizer.zero_grad();
      const Tensor difference = mse_loss(swing(length, friction), observed);
      difference.backward();
      return difference;
    });
    fmt::print("loss {:.2e}: length {:.7f}, friction {:.7f}\n", loss.item<double>(),
               length.item<double>(), friction.item<double>());
  }
  const double error =
      std::max(std::abs(length.item<double>() - 1.3), std::abs(friction.item<double>() - 0.2));
  fmt::print("error {:.1e}\n", error);
  return !(error <= at_most);
}

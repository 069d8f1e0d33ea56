// gradient_descent: a learning rate that is too small, one that is right, one that is too large.
//
// The loss (w - 3)^2 has its minimum at 3. Its gradient is 2 (w - 3), so a step with the learning
// rate lr multiplies the distance to the minimum by 1 - 2 lr. That is 0.98 for lr = 0.01, 0.4 for
// 0.3, and -2 for 1.5, which lands on the other side of the minimum, twice as far away.
#include <cmath>
#include <vector>

#include <fmt/core.h>

#include <xgrad/xgrad.hpp>

#include "pictures.hpp"

using xgrad::Tensor;
namespace viz = xgrad::viz;

struct Moment {
  double w, loss;
};

// w and the loss before each step and after the last one.
std::vector<Moment> descend(double lr, double start, int steps) {
  Tensor w = xgrad::tensor(start, {.dtype = xgrad::float64, .requires_grad = true});
  xgrad::optim::SGD optimizer({w}, {.lr = lr});
  std::vector<Moment> path;
  for (int step = 0; step <= steps; ++step) {
    optimizer.zero_grad();
    const Tensor loss = square(w - 3);
    loss.backward();
    path.push_back({w.item<double>(), loss.item<double>()});
    if (step < steps) optimizer.step();
  }
  return path;
}

void draw_loss(const Pictures& pictures) {
  const auto loss = [](const Tensor& w) { return square(w - 3); };
  const viz::Numbers w = between(-1, 7);
  viz::Figure figure(1, 2);
  figure.axes(0, 0).plot(w, values_of(loss, w)).set_title("The loss (w - 3)²");
  figure.axes(0, 0).set_xlabel("w").set_ylabel("loss");
  figure.axes(0, 1).plot(w, slopes_of(loss, w), {.label = "gradient 2 (w - 3)"});
  figure.axes(0, 1).axhline(0, {.label = "zero", .color = "#444444", .dash = viz::Dash::dashed});
  figure.axes(0, 1).axvline(3, {.label = "minimum", .color = "#009e73", .dash = viz::Dash::dotted});
  figure.axes(0, 1).set_title("Its gradient").set_xlabel("w").set_ylabel("gradient");
  figure.axes(0, 1).legend(viz::Legend::bottom_right);
  pictures.save("gradient_descent_loss.svg", figure);
}

void draw_walk(viz::Axes& axes, double lr, int steps) {
  std::vector<double> w, losses;
  double reach = 3;  // how far the walk goes from the minimum
  for (const Moment& m : descend(lr, 0.5, steps)) {
    w.push_back(m.w);
    losses.push_back(m.loss);
    reach = std::max(reach, 1.1 * std::abs(m.w - 3));
  }
  const viz::Numbers x = between(3 - reach, 3 + reach);
  const auto loss = [](const Tensor& at) { return square(at - 3); };
  axes.plot(x, values_of(loss, x), {.color = "#bbbbbb"});
  axes.plot(w, losses, {.label = "path", .color = "#0072b2", .marker = viz::Marker::circle});
  axes.scatter({3}, {0}, {.label = "minimum", .color = "#009e73", .size = 1.8});
  axes.scatter({w.front()}, {losses.front()},
               {.label = "start", .color = "#e69f00", .marker = viz::Marker::square, .size = 1.6});
  axes.scatter({w.back()}, {losses.back()},
               {.label = "end", .color = "#d55e00", .marker = viz::Marker::triangle, .size = 1.6});
  axes.set_title(fmt::format("lr = {}, {} steps", lr, steps)).set_xlabel("w").set_ylabel("loss");
}

void draw(const Pictures& pictures) {
  draw_loss(pictures);
  viz::Figure figure(1, 3, {.width = 960, .height = 340});
  draw_walk(figure.axes(0, 0), 0.01, 20);
  draw_walk(figure.axes(0, 1), 0.3, 20);
  draw_walk(figure.axes(0, 2), 1.5, 4);  // the next step would already leave the picture
  pictures.save("gradient_descent_walks.svg", figure);
}

int main(int argc, char** argv) {
  const double rates[] = {0.01, 0.3, 1.5};
  fmt::print("{:>4}", "step");
  for (const double lr : rates) fmt::print("   {:>12}", fmt::format("lr = {}", lr));
  fmt::print("\n");
  std::vector<std::vector<Moment>> paths;
  for (const double lr : rates) paths.push_back(descend(lr, 0.5, 20));
  for (std::size_t step = 0; step <= 20; ++step) {
    fmt::print("{:4}", step);
    for (const auto& path : paths) fmt::print("   {:12.6g}", path[step].w);
    fmt::print("\n");
  }
  fmt::print("\nAfter 20 steps, lr = 0.3 has converged and lr = 0.01 is still far away.\n");
  fmt::print("lr = 1.5 doubles the distance to 3 at each step: w = {:.0f}.\n", paths[2].back().w);
  fmt::print("On this loss, gradient descent converges for 0 < lr < 1.\n");
  return draw_pictures(argc, argv, draw);
}

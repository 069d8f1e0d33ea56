// momentum: four optimizers in a valley that is much steeper along y than along x.
//
// The loss (x^2 + 50 y^2) / 2 curves 50 times as much along y. Plain gradient descent needs steps
// that are short enough for y (lr below 2 / 50), and these are slow along x. Momentum adds up
// gradients that agree from step to step, and cancels those that alternate. Nesterov momentum also
// looks one step ahead. Adam scales the step of each element by the size of its own gradients.
#include <cmath>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <fmt/core.h>

#include <xgrad/xgrad.hpp>

#include "pictures.hpp"

using xgrad::Tensor;
namespace optim = xgrad::optim;
namespace viz = xgrad::viz;

Tensor valley(const Tensor& p) {
  const Tensor curvature = xgrad::tensor({1.0, 50.0}, {.dtype = xgrad::float64});
  return 0.5 * (curvature * square(p)).sum();
}

using MakeOptimizer = std::function<std::unique_ptr<optim::Optimizer>(const Tensor&)>;

struct Walk {
  std::vector<double> losses, x, y;  // before each step
  int steps_to(double loss) const {
    for (std::size_t i = 0; i < losses.size(); ++i)
      if (losses[i] < loss) return static_cast<int>(i);
    return -1;
  }
};

Walk walk(const MakeOptimizer& make, int steps) {
  Tensor p = xgrad::tensor({10.0, 1.0}, {.dtype = xgrad::float64, .requires_grad = true});
  const auto optimizer = make(p);
  Walk path;
  for (int step = 0; step < steps; ++step) {
    optimizer->zero_grad();
    const Tensor loss = valley(p);
    path.losses.push_back(loss.item<double>());
    path.x.push_back(p.data<double>()[0]);
    path.y.push_back(p.data<double>()[1]);
    loss.backward();
    optimizer->step();
  }
  return path;
}

struct Walker {
  std::string name;
  MakeOptimizer make;
};

std::vector<Walker> walkers() {
  const auto sgd = [](optim::SGDOptions o) {
    return [o](const Tensor& p) { return std::make_unique<optim::SGD>(std::vector<Tensor>{p}, o); };
  };
  return {{"plain, lr 0.02", sgd({.lr = 0.02})},
          {"momentum 0.9", sgd({.lr = 0.02, .momentum = 0.9})},
          {"nesterov 0.9", sgd({.lr = 0.02, .momentum = 0.9, .nesterov = true})},
          {"plain, lr 0.041", sgd({.lr = 0.041})},  // steps too long for y
          {"Adam, lr 0.5", [](const Tensor& p) {
             return std::make_unique<optim::Adam>(std::vector<Tensor>{p},
                                                  optim::AdamOptions{.lr = 0.5});
           }}};
}

// The valley from above: lines of equal loss, closer together towards the minimum.
void draw_valley(viz::Axes& axes) {
  const viz::Numbers x = between(-6, 11, 120), y = between(-1.2, 1.2, 120);
  std::vector<double> losses;
  for (const double v : y)
    for (const double u : x) losses.push_back(0.5 * (u * u + 50 * v * v));
  axes.contourf(x, y, xgrad::tensor(losses).reshape({120, 120}),
                {.levels = {0.1, 0.5, 2, 5, 10, 20, 35, 55, 80}, .color = "#8890a0", .width = 0.5});
  axes.scatter({0}, {0}, {.color = "#ffffff", .marker = viz::Marker::star, .size = 1.5});
  axes.set_xlabel("x").set_ylabel("y");
}

// The first steps of a walk, with a point at the last of them.
void draw_path(viz::Axes& axes, const Walk& path, std::size_t steps, const std::string& color,
               const std::string& label) {
  const std::vector<double> x(path.x.begin(), path.x.begin() + static_cast<std::ptrdiff_t>(steps)),
      y(path.y.begin(), path.y.begin() + static_cast<std::ptrdiff_t>(steps));
  axes.plot(x, y,
            {.label = label, .color = color, .marker = viz::Marker::circle, .marker_size = 0.5});
  axes.scatter({x.back()}, {y.back()}, {.color = color, .size = 1.5, .edge = "#ffffff"});
}

void draw(const Pictures& pictures) {
  const std::string colors[] = {"#d55e00", "#ffffff", "#56b4e9", "#000000"};
  std::vector<Walker> four = walkers();
  four.erase(four.begin() + 3);  // the one that never arrives
  std::vector<Walk> paths;
  for (const Walker& w : four) paths.push_back(walk(w.make, 121));

  viz::Figure figure(2, 2, {.width = 900, .height = 620, .title = "Sixty steps in the valley"});
  for (int i = 0; i < 4; ++i) {
    viz::Axes& axes = figure.axes(i / 2, i % 2);
    draw_valley(axes);
    draw_path(axes, paths[static_cast<std::size_t>(i)], 61, colors[i], "");
    axes.set_title(four[static_cast<std::size_t>(i)].name);
  }
  pictures.save("momentum.png", figure);

  viz::Animation animation({.seconds_per_frame = 0.15});
  for (std::size_t steps = 1; steps <= 121; steps += 3) {
    viz::Figure frame({.width = 760, .height = 360});
    draw_valley(frame.axes());
    for (std::size_t i = 0; i < 4; ++i)
      draw_path(frame.axes(), paths[i], steps, colors[i], four[i].name);
    frame.axes()
        .set_title(fmt::format("after {} steps", steps - 1))
        .set_xlim(-6, 11)
        .set_ylim(-1.2, 1.2);
    frame.axes().legend(viz::Legend::outside);
    animation.add(frame);
  }
  pictures.save("momentum.gif", animation);
}

int main(int argc, char** argv) {
  fmt::print("{:<18} {:>10} {:>10} {:>10} {:>10}   {}\n", "loss after", "10", "30", "100", "300",
             "steps to 1e-6");
  for (const Walker& w : walkers()) {
    const Walk path = walk(w.make, 1000);
    fmt::print("{:<18}", w.name);
    for (const std::size_t step : {10, 30, 100, 300}) fmt::print(" {:10.2e}", path.losses[step]);
    const int steps = path.steps_to(1e-6);
    fmt::print("   {}\n", steps < 0 ? "never" : std::to_string(steps));
  }
  return draw_pictures(argc, argv, draw);
}

// boundaries: a network bends the line between two classes until it fits, step by step.
//
// Three sets of points in the plane: two half moons, a circle in a circle, and two spirals. The
// same network learns each of them. A straight line could not tell the classes apart; the two
// hidden layers bend it, for the moons in a few steps, for the spirals in many.
#include <string>
#include <vector>

#include <fmt/core.h>

#include <xgrad/xgrad.hpp>

#include "pictures.hpp"

using xgrad::Tensor;
namespace nn = xgrad::nn;
namespace data = xgrad::data;
namespace viz = xgrad::viz;

struct Mlp : nn::Layer<Mlp> {
  nn::Linear first = child("first", nn::Linear(2, 32));
  nn::Linear second = child("second", nn::Linear(32, 32));
  nn::Linear output = child("output", nn::Linear(32, 2));
  Tensor forward(const Tensor& x) { return output(tanh(second(tanh(first(x))))); }
};

struct Task {
  std::string name;
  data::Batch points;
};

std::vector<Task> tasks() {
  return {{"moons", data::make_moons(200, {.noise = 0.1, .random_state = 1})},
          {"circles", data::make_circles(200, {.noise = 0.06, .random_state = 2, .factor = 0.5})},
          {"spirals", data::make_spirals(200, {.noise = 0.02, .random_state = 3, .turns = 1.25})}};
}

// A network and its optimizer, which learn the points of a task.
class Learner {
 public:
  explicit Learner(data::Batch points) : points_(std::move(points)) {}
  void train(int steps) {
    for (int step = 0; step < steps; ++step) {
      optimizer_.zero_grad();
      cross_entropy(net_(points_.inputs), points_.targets).backward();
      optimizer_.step();
    }
  }
  double accuracy() {
    const xgrad::NoGrad only_looking;
    xgrad::metrics::Accuracy right;
    right.update(net_(points_.inputs), points_.targets);
    return right.compute();
  }
  void draw(viz::Axes& axes, const std::string& title) const {
    viz::draw_decision_boundary(axes, net_, points_, {.title = title, .resolution = 64});
    axes.legend(viz::Legend::none);
  }

 private:
  data::Batch points_;
  Mlp net_;
  xgrad::optim::Adam optimizer_{net_.parameters(), {.lr = 0.01}};
};

std::vector<Learner> learners() {
  xgrad::manual_seed(4);
  std::vector<Learner> all;
  for (const Task& task : tasks()) all.emplace_back(task.points);
  return all;
}

void draw(const Pictures& pictures) {
  std::vector<Learner> all = learners();
  viz::Animation animation({.seconds_per_frame = 0.2});
  const auto frame = [&](int step) {
    viz::Figure figure(1, 3, {.width = 900, .height = 320});
    for (int i = 0; i < 3; ++i)
      all[static_cast<std::size_t>(i)].draw(
          figure.axes(0, i),
          fmt::format("{}, step {}", tasks()[static_cast<std::size_t>(i)].name, step));
    return figure;
  };
  for (int step = 0; step <= 400; step += 10) {
    animation.add(frame(step));
    for (Learner& learner : all) learner.train(10);
  }
  pictures.save("boundaries.gif", animation);
  pictures.save("boundaries.png", frame(410));
}

int main(int argc, char** argv) {
  std::vector<Learner> all = learners();
  fmt::print("Share of the points that are classified correctly\n\n{:>4}", "step");
  for (const Task& task : tasks()) fmt::print("{:>12}", task.name);
  fmt::print("\n");
  for (int step = 0; step <= 400; step += 50) {
    fmt::print("{:4}", step);
    for (Learner& learner : all) {
      fmt::print("{:10.1f} %", 100 * learner.accuracy());
      learner.train(50);
    }
    fmt::print("\n");
  }
  return draw_pictures(argc, argv, draw);
}

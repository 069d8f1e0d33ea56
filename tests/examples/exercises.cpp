// The examples' own functions, at full precision, against the exercises as NumPy worked them. Each
// example is taken in as it stands, into a namespace; what it includes comes first.
#include <cmath>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/core.h>

#include <xgrad/xgrad.hpp>

#include "../../examples/pictures.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/reference.hpp"

// Their `main`s, in a namespace and never called, are functions without a return.
#pragma GCC diagnostic ignored "-Wreturn-type"

namespace quadratic_example {
#include "../../examples/quadratic.cpp"
}
namespace chain_rule {
#include "../../examples/chain_rule.cpp"
}
namespace gradient_descent {
#include "../../examples/gradient_descent.cpp"
}
namespace worked_example {
#include "../../examples/worked_example.cpp"
}
namespace sigmoid_network {
#include "../../examples/sigmoid_network.cpp"
}
namespace xor_example {
#include "../../examples/xor.cpp"
}
namespace boundaries {
#include "../../examples/boundaries.cpp"
}
namespace gradient_check {
#include "../../examples/gradient_check.cpp"
}
namespace vanishing_gradients {
#include "../../examples/vanishing_gradients.cpp"
}
namespace initialisation {
#include "../../examples/initialisation.cpp"
}
namespace exploding_gradients {
#include "../../examples/exploding_gradients.cpp"
}
namespace dead_relu {
#include "../../examples/dead_relu.cpp"
}
namespace momentum {
#include "../../examples/momentum.cpp"
}

using namespace xgrad;
using test::all_close;
using test::Json;
using test::matrix_from;

namespace {

constexpr double tight = 1e-10;

const Json& reference() {
  static const Json data = test::read_reference("backprop_reference.json");
  return data;
}
double number(const Json& j) { return j.get<double>(); }
auto about(const Json& j) { return Approx(number(j)).epsilon(tight).margin(tight); }

}  // namespace

TEST_CASE("the derivative of a composition is the exercise's", "[examples]") {
  const Json& line = reference().at("chain_rule");
  const auto at = [](const Json& c) { return number(c.at("x")); };
  const chain_rule::Slope s = chain_rule::slope_at(chain_rule::square_of_line, at(line));
  CHECK(s.value == about(line.at("value")));
  CHECK(s.derivative == about(line.at("grad")));

  const Json& trip = reference().at("trip_cost");
  const chain_rule::Slope t = chain_rule::slope_at(chain_rule::trip_cost, at(trip));
  CHECK(t.value == about(trip.at("value")));
  CHECK(t.derivative == about(trip.at("grad")));

  const Json& parabola = reference().at("quadratic");
  const chain_rule::Slope q = chain_rule::slope_at(quadratic_example::quadratic, at(parabola));
  CHECK(q.value == about(parabola.at("value")));
  CHECK(q.derivative == about(parabola.at("grad")));
}

TEST_CASE("gradient descent walks as in the exercise, at each learning rate", "[examples]") {
  const Json& c = reference().at("gradient_descent_1d");
  for (const auto& [lr, run] : c.at("runs").items()) {
    DYNAMIC_SECTION("lr " << lr) {
      const auto path =
          gradient_descent::descend(std::stod(lr), number(c.at("start")), c.at("steps").get<int>());
      for (std::size_t i = 0; i < run.at("history").size(); ++i) {
        CHECK(path[i].w == about(run.at("history")[i][0]));
        CHECK(path[i].loss == about(run.at("history")[i][1]));
      }
      CHECK(path.back().w == about(run.at("final")));
    }
  }
}

TEST_CASE("the worked example has every number of the exercise", "[examples]") {
  const Json& c = reference().at("worked_example_2_2_1");
  const worked_example::Network net;
  const Tensor x = matrix_from(c.at("X")), target = matrix_from(c.at("target"));
  CHECK(all_close(net.w1.detach(), matrix_from(c.at("W1")), 0));
  CHECK(all_close(net.w2.detach(), matrix_from(c.at("W2")), 0));
  auto v = net.forward(x, target);
  for (Tensor* t : {&v.z1, &v.h, &v.z2, &v.prediction}) t->retain_grad();
  v.loss.backward();
  const auto check = [&](const Tensor& ours, const char* name) {
    INFO(name);
    CHECK(all_close(ours.detach(), matrix_from(c.at(name)), tight));
  };
  check(v.z1, "z1");
  check(v.h, "h");
  check(v.z2, "z2");
  check(v.prediction, "prediction");
  check(v.loss, "loss");
  check(v.prediction.grad(), "dL_dprediction");
  check(v.z2.grad(), "dL_dz2");
  check(net.w2.grad(), "dW2");
  check(net.b2.grad(), "db2");
  check(v.h.grad(), "dL_dh");
  check(v.z1.grad(), "dL_dz1");
  check(net.w1.grad(), "dW1");
  check(net.b1.grad(), "db1");
  optim::SGD({net.w1, net.b1, net.w2, net.b2}, {.lr = number(c.at("lr"))}).step();
  v = net.forward(x, target);
  check(v.prediction, "prediction_after");
  check(v.loss, "loss_after");
}

TEST_CASE("the sigmoid network learns as in the exercise", "[examples]") {
  const Json& c = reference().at("sigmoid_2_2_1_training");
  sigmoid_network::SigmoidNet net;
  sigmoid_network::start_from(net, matrix_from(c.at("W1")), matrix_from(c.at("W2")));
  const Tensor x = matrix_from(c.at("X")), y = matrix_from(c.at("y"));
  const auto epochs = c.at("epochs").get<int>();
  // last_prediction belongs to the last loss, before the last step.
  const auto first = sigmoid_network::train(net, x, y, number(c.at("lr")), epochs - 1);
  const Tensor last = net.forward(x).detach();
  const auto rest = sigmoid_network::train(net, x, y, number(c.at("lr")), 1);
  CHECK(all_close(last, matrix_from(c.at("last_prediction")), tight));
  for (std::size_t i = 0; i < first.size(); ++i) CHECK(first[i] == about(c.at("losses")[i]));
  CHECK(rest[0] == about(c.at("losses").back()));
  const Json& end = c.at("final");
  CHECK(all_close(net.hidden.weight.detach().t(), matrix_from(end.at("W1")), tight));
  CHECK(all_close(net.hidden.bias.detach(), matrix_from(end.at("b1")).flatten(), tight));
  CHECK(all_close(net.output.weight.detach().t(), matrix_from(end.at("W2")), tight));
  CHECK(all_close(net.output.bias.detach(), matrix_from(end.at("b2")).flatten(), tight));
}

TEST_CASE("a step of the 2-2-1 network is the exercise's", "[examples]") {
  const Json& c = reference().at("sigmoid_2_2_1_step");
  sigmoid_network::SigmoidNet net;
  sigmoid_network::start_from(net, matrix_from(c.at("W1")), matrix_from(c.at("W2")));
  const Tensor x = matrix_from(c.at("X")), y = matrix_from(c.at("y"));
  CHECK(all_close(net.forward(x).detach(), matrix_from(c.at("prediction")), tight));
  CHECK(sigmoid_network::train(net, x, y, number(c.at("lr")), 1)[0] == about(c.at("loss")));
  CHECK(all_close(net.hidden.weight.grad().t(), matrix_from(c.at("dW1")), tight));
  CHECK(all_close(net.hidden.bias.grad(), matrix_from(c.at("db1")).flatten(), tight));
  CHECK(all_close(net.output.weight.grad().t(), matrix_from(c.at("dW2")), tight));
  CHECK(all_close(net.output.bias.grad(), matrix_from(c.at("db2")).flatten(), tight));
  CHECK(all_close(net.forward(x).detach(), matrix_from(c.at("prediction_after")), tight));
  CHECK(mse_loss(net.forward(x), y).item<double>() == about(c.at("loss_after")));
}

namespace {

void check_xor(const Json& c, double scale) {
  xor_example::XorNet net;
  xor_example::start_from(net, scale);
  CHECK(all_close(net.hidden.weight.detach().t(), matrix_from(c.at("W1")), 1e-15));
  CHECK(all_close(net.output.weight.detach().t(), matrix_from(c.at("W2")), 1e-15));
  const auto losses = xor_example::train(net, number(c.at("lr")), c.at("iterations").get<int>());
  const Json& every_100 = c.at("loss_every_100");
  for (std::size_t i = 0; i < every_100.size(); ++i) CHECK(losses[100 * i] == about(every_100[i]));
  CHECK(losses.back() == about(c.at("final_loss_before_last_step")));
  const Tensor predictions = net.forward(xor_example::inputs).detach();
  CHECK(all_close(predictions, matrix_from(c.at("predictions")), tight));
  if (c.contains("accuracy")) CHECK(xor_example::accuracy(predictions) == number(c.at("accuracy")));
}

}  // namespace

TEST_CASE("XOR is learned, or not, as in the exercise", "[examples]") {
  const std::pair<const char*, double> variants[] = {{"xor_2_4_1_lr0.1_10000", 1},
                                                     {"xor_2_4_1_scaled0.1_lr0.5_5000", 0.1},
                                                     {"xor_2_4_1_scaled0.5_lr0.5_5000", 0.5}};
  for (const auto& [name, scale] : variants) {
    DYNAMIC_SECTION(name) { check_xor(reference().at(name), scale); }
  }
  // the saddle: the smaller the start, the flatter
  CHECK(xor_example::gradient_norm(0.1) < 0.2 * xor_example::gradient_norm(0.5));
  CHECK(xor_example::gradient_norm(0.01) < 0.2 * xor_example::gradient_norm(0.1));
}

TEST_CASE("XOR at four learning rates ends as in the exercise", "[examples]") {
  for (const auto& [lr, c] : reference().at("xor_learning_rates_3000").items()) {
    DYNAMIC_SECTION("lr " << lr) { check_xor(c, 0.5); }
  }
}

TEST_CASE("central differences agree with the exercise's gradients, and find a wrong one",
          "[examples]") {
  const Json& c = reference().at("sigmoid_2_2_1_step");
  const Tensor w1 = matrix_from(c.at("W1")).requires_grad_(),
               b1 = matrix_from(c.at("b1")).requires_grad_(),
               w2 = matrix_from(c.at("W2")).requires_grad_(),
               b2 = matrix_from(c.at("b2")).requires_grad_();
  const Tensor x = matrix_from(c.at("X")), y = matrix_from(c.at("y"));
  const auto loss = [&] { return gradient_check::loss_of(x, w1, b1, w2, b2, y); };
  const std::pair<Tensor, const char*> parameters[] = {
      {w1, "dW1"}, {b1, "db1"}, {w2, "dW2"}, {b2, "db2"}};
  for (const auto& [parameter, name] : parameters) {
    const Tensor expected = matrix_from(c.at(name));
    for (std::int64_t i = 0; i < parameter.numel(); ++i) {
      const gradient_check::Comparison compared = gradient_check::compare(loss, parameter, i);
      CHECK(compared.analytic == Approx(expected.data<double>()[i]).epsilon(tight));
      CHECK(compared.difference() < 1e-7);
    }
  }
  CHECK(!gradcheck([](const Tensor& v) { return gradient_check::wrong_sigmoid(v); }, {x}));
}

TEST_CASE("gradients vanish through sigmoids, and each cure brings them back", "[examples]") {
  const Json& bound = reference().at("vanishing_bound");
  CHECK(vanishing_gradients::sigmoid_bound(1) == number(bound.at("per_layer_max")));
  CHECK(vanishing_gradients::sigmoid_bound(5) == about(bound.at("five_layers")));
  CHECK(vanishing_gradients::sigmoid_bound(10) ==
        Approx(number(bound.at("ten_layers"))).epsilon(tight));
  double sigmoid_ratio = 0;
  for (const auto& cure : vanishing_gradients::cures()) {
    INFO(cure.name);
    manual_seed(1);
    vanishing_gradients::Deep net = cure.make();
    const std::vector<double> sizes = vanishing_gradients::gradient_sizes(net);
    const double ratio = sizes.front() / sizes.back();
    if (cure.name == "sigmoid") {
      sigmoid_ratio = ratio;
      CHECK(ratio < 1e-6);
      CHECK(gradient_report(net).find("layer0.weight") != std::string::npos);
      CHECK(gradient_report(net).find("vanishing") != std::string::npos);
    } else {
      CHECK(ratio > 1000 * sigmoid_ratio);
      CHECK(gradient_report(net).find("vanishing") == std::string::npos);
    }
  }
}

TEST_CASE("without clipping the loss explodes, clipped it falls", "[examples]") {
  const auto free = exploding_gradients::train({}, 20),
             clipped = exploding_gradients::train(1.0, 300);
  CHECK(free[1].loss > 1000 * free[0].loss);
  CHECK(!std::isfinite(free.back().loss));
  CHECK(clipped.back().loss < 0.01 * clipped.front().loss);
  CHECK(free[0].gradient_norm == clipped[0].gradient_norm);
}

TEST_CASE("dead units stay dead under relu and find back under leaky_relu", "[examples]") {
  dead_relu::Net dead([](const Tensor& x) { return relu(x); });
  CHECK(dead_relu::dead_units(dead) == 8);
  CHECK(gradient_report(dead).find("8 of 8 units dead: 0, 1") != std::string::npos);
  dead_relu::train(dead, 2000);
  CHECK(dead_relu::dead_units(dead) == 8);
  dead_relu::Net leaky([](const Tensor& x) { return leaky_relu(x, 0.1); });
  CHECK(dead_relu::dead_units(leaky) == 0);
  dead_relu::train(leaky, 2000);
  CHECK(dead_relu::loss(leaky).item<double>() < 0.05 * dead_relu::loss(dead).item<double>());
}

TEST_CASE("momentum gets down a narrow valley sooner", "[examples]") {
  std::vector<int> steps;
  for (const auto& w : momentum::walkers())
    steps.push_back(momentum::walk(w.make, 1000).steps_to(1e-6));
  const int plain = steps[0], rolling = steps[1], nesterov = steps[2], too_long = steps[3];
  CHECK(plain > 2 * rolling);
  CHECK(nesterov > 0);
  CHECK(nesterov < rolling);
  CHECK(too_long == -1);
  // plain descent is two geometric sequences: 10 (1 - lr)^t along x, (1 - 50 lr)^t along y
  const auto path = momentum::walk(momentum::walkers()[0].make, 50).losses;
  for (std::size_t t = 0; t < path.size(); ++t) {
    const double x = 10 * std::pow(1 - 0.02, t), y = t == 0 ? 1 : 0;
    CHECK(path[t] == Approx(0.5 * (x * x + 50 * y * y)).epsilon(1e-9));
  }
}

TEST_CASE("zero and small weights do not learn, Xavier's and He's do", "[examples]") {
  std::vector<std::vector<double>> sizes, losses;
  for (const auto& start : initialisation::starts()) {
    initialisation::Deep net = initialisation::started(start);
    sizes.push_back(initialisation::sizes(net));
    losses.push_back(initialisation::train(net, 400));
  }
  const double guess = std::log(2);
  for (const double size : sizes[0]) CHECK(size == 0);
  CHECK(losses[0].back() == Approx(guess).epsilon(1e-3));
  CHECK(sizes[1].back() < 1e-6 * sizes[1].front());
  CHECK(losses[1].back() == Approx(guess).epsilon(1e-3));
  CHECK(sizes[2].back() < 0.5 * sizes[2].front());  // a ReLU takes half of the signal's square
  CHECK(losses[2].back() < 0.1);
  CHECK(sizes[3].back() > 0.5 * sizes[3].front());
  CHECK(sizes[3].back() < 2 * sizes[3].front());
  CHECK(losses[3].back() < 0.1);
}

TEST_CASE("the boundaries bend until they fit", "[examples]") {
  auto learners = boundaries::learners();
  for (auto& learner : learners) {
    CHECK(learner.accuracy() < 0.9);
    learner.train(400);
    CHECK(learner.accuracy() > 0.98);
  }
}

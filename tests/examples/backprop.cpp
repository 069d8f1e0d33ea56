// The numbers that the examples print, against the exercises worked in NumPy.
#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/reference.hpp"

using namespace xgrad;
using test::Json;
using test::matrix_from;

namespace {

const Json& reference() {
  static const Json data = test::read_reference("backprop_reference.json");
  return data;
}

Tensor leaf(double x) { return tensor(x, {.dtype = float64, .requires_grad = true}); }

// inputs -> hidden -> outputs, sigmoid after both, started from a case's weights, which NumPy has
// as (in, out).
struct Net : nn::Module {
  explicit Net(const Json& c)
      : hidden(child("hidden", layer_from(c.at("W1"), c.at("b1")))),
        output(child("output", layer_from(c.at("W2"), c.at("b2")))) {}
  Tensor forward(const Tensor& x) const { return sigmoid(output(sigmoid(hidden(x)))); }

  nn::Linear hidden, output;

 private:
  static nn::Linear layer_from(const Json& weight, const Json& bias) {
    const Tensor w = matrix_from(weight);
    nn::Linear layer(w.size(0), w.size(1), {.dtype = float64});
    layer.weight.assign(w.t());
    layer.bias.assign(matrix_from(bias).flatten());
    return layer;
  }
};

}  // namespace

TEST_CASE("the quadratic's value and gradient are the exercise's", "[examples]") {
  const Json& c = reference().at("quadratic");
  Tensor x = leaf(c.at("x").get<double>());
  const Tensor y = x * x + 3 * x + 1;
  y.backward();
  CHECK(y.item<double>() == Approx(c.at("value").get<double>()).margin(1e-10));
  CHECK(x.grad().item<double>() == Approx(c.at("grad").get<double>()).margin(1e-10));
}

TEST_CASE("gradient descent takes the exercise's path, diverging too", "[examples]") {
  const Json& c = reference().at("gradient_descent_1d");
  for (const auto& [lr, run] : c.at("runs").items()) {
    DYNAMIC_SECTION("lr " << lr) {
      Tensor w = leaf(c.at("start").get<double>());
      optim::SGD optimizer({w}, {.lr = std::stod(lr)});
      for (const Json& entry : run.at("history")) {
        optimizer.zero_grad();
        const Tensor loss = square(w - 3);
        CHECK(w.item<double>() == Approx(entry[0].get<double>()).epsilon(1e-10));
        CHECK(loss.item<double>() == Approx(entry[1].get<double>()).epsilon(1e-10));
        loss.backward();
        optimizer.step();
      }
    }
  }
}

namespace {

// Trains as the exercise did and compares the losses on the way and the predictions at the end.
void check_xor(const Json& c) {
  const Tensor x = matrix_from(reference().at("xor_inputs").at("X")),
               y = matrix_from(reference().at("xor_inputs").at("y"));
  Net net(c);
  optim::SGD optimizer(net.parameters(), {.lr = c.at("lr").get<double>()});
  const int iterations = c.at("iterations").get<int>();
  double loss_value = 0;
  for (int i = 0; i < iterations; ++i) {
    optimizer.zero_grad();
    const Tensor loss = mse_loss(net.forward(x), y);
    loss_value = loss.item<double>();
    if (i % 100 == 0)
      CHECK(loss_value ==
            Approx(c.at("loss_every_100")[static_cast<std::size_t>(i / 100)].get<double>())
                .margin(1e-10));
    loss.backward();
    optimizer.step();
  }
  CHECK(loss_value == Approx(c.at("final_loss_before_last_step").get<double>()).margin(1e-10));
  const Tensor predictions = net.forward(x).detach();
  CHECK(test::all_close(predictions, matrix_from(c.at("predictions")), 1e-10));
  const double right = ((predictions > 0.5).to(float64) == y).to(float64).mean().item<double>();
  CHECK(right == c.at("accuracy").get<double>());
}

}  // namespace

TEST_CASE("XOR is learned, or not, as in the exercise", "[examples]") {
  for (const char* const name : {"xor_2_4_1_lr0.1_10000", "xor_2_4_1_scaled0.1_lr0.5_5000",
                                 "xor_2_4_1_scaled0.5_lr0.5_5000"}) {
    DYNAMIC_SECTION(name) { check_xor(reference().at(name)); }
  }
}

TEST_CASE("XOR at four learning rates ends as in the exercise", "[examples]") {
  for (const auto& [lr, c] : reference().at("xor_learning_rates_3000").items()) {
    DYNAMIC_SECTION("lr " << lr) {
      Json run = c;
      if (!run.contains("accuracy")) {
        int right = 0;
        for (std::size_t i = 0; i < 4; ++i)
          right += (run.at("predictions")[i][0].get<double>() > 0.5) ==
                   (reference().at("xor_inputs").at("y")[i][0].get<double>() > 0.5);
        run["accuracy"] = right / 4.0;
      }
      check_xor(run);
    }
  }
}

TEST_CASE("a 2-2-1 network takes the exercise's step", "[examples]") {
  const Json& c = reference().at("sigmoid_2_2_1_step");
  Net net(c);
  const Tensor x = matrix_from(c.at("X")), y = matrix_from(c.at("y"));
  const Tensor prediction = net.forward(x), loss = mse_loss(prediction, y);
  CHECK(test::all_close(prediction.detach(), matrix_from(c.at("prediction")), 1e-10));
  CHECK(loss.item<double>() == Approx(c.at("loss").get<double>()).margin(1e-10));
  loss.backward();
  CHECK(test::all_close(net.hidden.weight.grad().t(), matrix_from(c.at("dW1")), 1e-10));
  CHECK(test::all_close(net.hidden.bias.grad(), matrix_from(c.at("db1")).flatten(), 1e-10));
  CHECK(test::all_close(net.output.weight.grad().t(), matrix_from(c.at("dW2")), 1e-10));
  CHECK(test::all_close(net.output.bias.grad(), matrix_from(c.at("db2")).flatten(), 1e-10));
  optim::SGD(net.parameters(), {.lr = c.at("lr").get<double>()}).step();
  CHECK(test::all_close(net.forward(x).detach(), matrix_from(c.at("prediction_after")), 1e-10));
  CHECK(mse_loss(net.forward(x), y).item<double>() ==
        Approx(c.at("loss_after").get<double>()).margin(1e-10));
}

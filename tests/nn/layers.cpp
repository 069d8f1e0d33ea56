#include <fmt/format.h>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;

TEST_CASE("dropout keeps the mean, drops its share, and passes on in evaluation", "[nn][dropout]") {
  nn::Dropout layer(0.3);
  manual_seed(1);
  const Tensor x = ones({100, 1000}, {.requires_grad = true});
  const Tensor y = layer(x);
  const double zeros = (y.detach() == 0).to(float64).mean().item<double>();
  CHECK(std::abs(zeros - 0.3) < 0.005);
  CHECK(std::abs(y.detach().mean().item<double>() - 1) < 0.01);
  y.sum().backward();
  CHECK(test::same_bits(x.grad(), y.detach()));  // dropped and scaled in the same places
  layer.eval();
  CHECK(test::same_bits(layer(x).detach(), x.detach()));
  CHECK(to_string(layer) == "Dropout(p=0.3)");
  CHECK(test::throws<ValueError>([] { nn::Dropout(1.5); }, {"Dropout", "1.5"}));
}

TEST_CASE("dropout draws the same bits for any number of threads, and anew each time",
          "[nn][dropout]") {
  const Tensor x = ones({123457});
  const auto draw = [&](int threads) {
    const int before = num_threads();
    set_num_threads(threads);
    Generator generator(9);
    const Tensor first = dropout(x, 0.5, true, &generator);
    const Tensor second = dropout(x, 0.5, true, &generator);
    set_num_threads(before);
    CHECK(!test::same_bits(first, second));
    return first;
  };
  const Tensor one = draw(1);
  CHECK(test::same_bits(one, draw(2)));
  CHECK(test::same_bits(one, draw(7)));
}

TEST_CASE("batch norm gives mean 0 and variance 1, and follows the batches", "[nn][norm]") {
  nn::BatchNorm1d layer(3, {.dtype = float64});
  const Tensor x = test::uniform({50, 3, 4}, -3, 9, 1);
  for (int i = 0; i < 200; ++i) layer(x);
  const Tensor y = layer(x).detach();
  CHECK(test::all_close(y.mean({0, 2}), zeros({3}), 1e-12));
  CHECK(test::all_close(var(y, {0, 2}, false, 0), ones({3}), 1e-5));
  CHECK(test::all_close(layer.running_mean, x.mean({0, 2}), 1e-7));
  CHECK(layer.num_batches_tracked.item<int>() == 201);
  layer.eval();
  CHECK(test::all_close(layer(x).detach(), y, 0.02));  // by the running statistics: n - 1
  CHECK(layer.num_batches_tracked.item<int>() == 201);
  CHECK(to_string(layer) ==
        "BatchNorm1d(3, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)");
  CHECK(test::throws<ShapeError>(
      [&] {
        layer(ones({2, 4}, {.dtype = float64}));
      },
      {"BatchNorm1d", "[2, 4]", "(N, 3)"}));
  layer.train();
  CHECK(test::throws<ValueError>(
      [&] {
        layer(ones({1, 3}, {.dtype = float64}));
      },
      {"batch_norm", "eval()"}));
}

TEST_CASE("layer norm gives each row mean 0 and variance 1", "[nn][norm]") {
  const nn::LayerNorm layer(5);
  const Tensor y = layer(test::uniform({4, 5}, -3, 9, 2, float32)).detach();
  CHECK(test::all_close(y.mean(-1), zeros({4}), 1e-6));
  CHECK(test::all_close(var(y, -1, false, 0), ones({4}), 1e-4));
  CHECK(to_string(layer) == "LayerNorm([5], eps=1e-05, elementwise_affine=True)");
  CHECK(test::throws<ShapeError>([&] { layer(ones({5, 4})); }, {"layer_norm", "[5, 4]", "[5]"}));
}

TEST_CASE("an embedding trains the rows that it was asked for", "[nn][embedding]") {
  const nn::Embedding table(5, 2, {.padding_idx = -1});
  CHECK(test::all_close(table.weight[4].detach(), zeros({2}), 0));
  table(tensor({{1, 1}, {3, 4}})).sum().backward();
  CHECK(test::all_close(table.weight.grad().sum(1), tensor({0., 4., 0., 2., 0.}), 0));
  CHECK(to_string(table) == "Embedding(5, 2, padding_idx=4)");
  CHECK(test::throws<ValueError>([&] { table(tensor({5})); }, {"embedding", "5", "[0, 5)"}));
  CHECK(test::throws<DTypeError>([&] { table(tensor({1.0})); }, {"embedding", "int64"}));
  CHECK(test::throws<ValueError>([] { nn::Embedding(5, 2, {.padding_idx = 7}); }, {"7"}));
}

TEST_CASE("activations print their options and compute their ops", "[nn][activation]") {
  const Tensor x = test::uniform({3, 4}, -2, 2, 3);
  CHECK(test::same_bits(nn::LeakyReLU(0.2)(x), leaky_relu(x, 0.2)));
  CHECK(test::same_bits(nn::ELU(2)(x), elu(x, 2)));
  CHECK(test::same_bits(nn::GELU("tanh")(x), gelu(x, "tanh")));
  CHECK(test::same_bits(nn::Softplus(2)(x), softplus(x, 2)));
  CHECK(test::same_bits(nn::Hardtanh(-1, 0.5)(x), hardtanh(x, -1, 0.5)));
  CHECK(test::same_bits(nn::Softmax(1)(x), softmax(x, 1)));
  CHECK(test::same_bits(nn::LogSoftmax(1)(x), log_softmax(x, 1)));
  CHECK(test::same_bits(nn::SELU()(x), selu(x)));
  CHECK(test::same_bits(nn::SiLU()(x), silu(x)));
  CHECK(test::same_bits(nn::Mish()(x), mish(x)));
  CHECK(test::same_bits(nn::Softsign()(x), softsign(x)));
  CHECK(test::same_bits(nn::LogSigmoid()(x), logsigmoid(x)));
  CHECK(test::same_bits(nn::Hardsigmoid()(x), hardsigmoid(x)));
  CHECK(test::same_bits(nn::Hardswish()(x), hardswish(x)));
  CHECK(nn::Flatten()(ones({2, 3, 4})).shape() == Shape{2, 12});
  CHECK(test::same_bits(nn::Identity()(x), x));
  CHECK(to_string(nn::LeakyReLU()) == "LeakyReLU(negative_slope=0.01)");
  CHECK(to_string(nn::Sequential(nn::GELU(), nn::Hardtanh())) ==
        "Sequential(\n  (0): GELU(approximate='none')\n  (1): Hardtanh(min_val=-1, max_val=1)\n)");
}

TEST_CASE("a PReLU trains its slopes, one for all or one for each channel", "[nn][activation]") {
  const Tensor x = tensor({{-2., 4.}, {-6., -8.}});
  const nn::PReLU one, both({.num_parameters = 2, .init = 0.5});
  CHECK(test::same_bits(one(x).detach(), tensor({{-0.5, 4.}, {-1.5, -2.}})));
  CHECK(test::same_bits(both(x).detach(), tensor({{-1., 4.}, {-3., -4.}})));
  both(x).sum().backward();
  CHECK(test::same_bits(both.weight.grad(), tensor({-8., -8.})));
  CHECK(to_string(both) == "PReLU(num_parameters=2)");
  CHECK(both.state_dict().contains("weight"));
  CHECK(test::throws<ValueError>([] { nn::PReLU({.num_parameters = 0}); },
                                 {"PReLU", "num_parameters is 0", "layers.cpp"}));
}

TEST_CASE("a model goes on from another's state, running statistics included", "[nn][state]") {
  const auto make = [] {
    return nn::Sequential(nn::Linear(3, 4), nn::BatchNorm1d(4), nn::Linear(4, 2));
  };
  nn::Sequential a = make(), b = make();
  const Tensor x = test::uniform({5, 3}, -1, 1, 4, float32);
  a(x);  // moves the running statistics
  const StateDict state = a.state_dict();
  std::vector<std::string> names;
  for (const auto& entry : state) names.push_back(entry.name);
  CHECK(names == std::vector<std::string>{"0.weight", "0.bias", "1.weight", "1.bias",
                                          "1.running_mean", "1.running_var",
                                          "1.num_batches_tracked", "2.weight", "2.bias"});
  b.load_state_dict(state);
  a.eval();
  b.eval();
  CHECK(test::same_bits(a(x).detach(), b(x).detach()));
}

// Batch norm's statistics over a loader.
#include <stdexcept>
#include <tuple>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using test::all_close;
using test::same_bits;
using test::throws;

namespace {

struct Net : nn::Layer<Net> {
  explicit Net(std::optional<double> momentum = 0.1)
      : first(child("first", nn::BatchNorm1d(3, {.momentum = momentum, .dtype = float64}))),
        linear(child("linear", nn::Linear(3, 2, {.dtype = float64}))),
        second(child("second", nn::BatchNorm1d(2, {.momentum = momentum, .dtype = float64}))) {}
  Tensor forward(const Tensor& x) {
    if (x.size(0) == 5) throw std::runtime_error("five");
    return second(linear(first(x)));
  }

  nn::BatchNorm1d first;
  nn::Linear linear;
  nn::BatchNorm1d second;
};

std::vector<Tensor> batches() {
  return {test::uniform({4, 3}, -1, 2, 1), test::uniform({4, 3}, 0, 5, 2),
          test::uniform({8, 3}, -7, 1, 3)};
}

}  // namespace

TEST_CASE("update_bn sets plain averages of the batches' statistics", "[nn][update_bn]") {
  for (const std::optional<double> momentum : {std::optional<double>(), {0.1}, {0.7}, {1.0}}) {
    Net net(momentum);
    net.first.running_mean.assign(full({3}, 5.0, {.dtype = float64}));
    net.second.eval();
    Tensor mean = zeros({3}, {.dtype = float64}), variance = mean;
    for (const Tensor& x : batches())
      mean = mean + x.mean({0}) / 3, variance = variance + var(x, {0}) / 3;
    nn::update_bn(batches(), net);
    CHECK(all_close(net.first.running_mean, mean, 1e-12));
    CHECK(all_close(net.first.running_var, variance, 1e-12));
    CHECK(net.first.num_batches_tracked.item<std::int64_t>() == 3);
    CHECK(net.second.num_batches_tracked.item<std::int64_t>() == 3);
    CHECK(net.is_training());
    CHECK(net.first.is_training());
    CHECK(!net.second.is_training());
    const StateDict once = net.state_dict().clone();
    net.eval();
    nn::update_bn(batches(), net);  // what was there does not count
    CHECK(!net.is_training());
    CHECK(same_bits(net.state_dict(), once));
  }
}

TEST_CASE("update_bn takes batches of every kind", "[nn][update_bn]") {
  const auto result = [](auto&& loader) {
    nn::Sequential net(nn::BatchNorm1d(2));
    nn::update_bn(loader, net);
    return net.state_dict();
  };
  const Tensor x = test::uniform({6, 2}, -1, 1, 4, float32), y = zeros({6});
  const StateDict expected = result(std::vector<Tensor>{x});
  CHECK(same_bits(result(std::vector<std::pair<Tensor, Tensor>>{{x, y}}), expected));
  CHECK(same_bits(result(std::vector<std::tuple<Tensor, int>>{{x, 1}}), expected));
  CHECK(same_bits(result(std::vector<std::vector<Tensor>>{{x, y}}), expected));
  data::DataLoader loader(data::TensorDataset(x, y), {.batch_size = 6});
  CHECK(same_bits(result(loader), expected));
}

TEST_CASE("update_bn that fails changes nothing, and without batch norm reads nothing",
          "[nn][update_bn]") {
  Net net;
  net.eval();
  const StateDict before = net.state_dict().clone();
  auto wrong = batches();
  wrong.push_back(zeros({5, 3}, {.dtype = float64}));
  CHECK_THROWS_AS(nn::update_bn(wrong, net), std::runtime_error);
  CHECK(same_bits(net.state_dict(), before));
  CHECK(!net.is_training());
  Net still(0.0);
  CHECK(throws<ValueError>([&] { nn::update_bn(batches(), still); },
                           {"update_bn", "momentum 0", "update_bn.cpp:"}));
  nn::Linear plain(3, 2);
  nn::update_bn(std::vector<Tensor>{Tensor()}, plain);
  nn::Sequential untracked(nn::BatchNorm1d(2, {.track_running_stats = false}));
  nn::update_bn(std::vector<Tensor>{Tensor()}, untracked);
}

TEST_CASE("averaged weights with statistics of their own", "[nn][update_bn]") {
  Net net;
  nn::SWA swa(net);
  for (unsigned i = 0; i < 2; ++i) {
    net.linear.weight.assign(test::uniform({2, 3}, -1, 1, 20 + i));
    swa.update_parameters(net);
  }
  Net averaged = net.clone();
  swa.copy_to(averaged);
  nn::update_bn(batches(), averaged);
  {
    auto guard = swa.swap_in(net);
    nn::update_bn(batches(), net);
    CHECK(same_bits(net.state_dict(), averaged.state_dict()));
  }
  CHECK(same_bits(swa.state_dict().below("module"), averaged.state_dict()));
}

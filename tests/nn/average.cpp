// EMA and SWA: averages of a module.
#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using test::all_close;
using test::same_bits;
using test::throws;

namespace {

struct Net : nn::Module {
  explicit Net(DType dtype = float64) : norm(child("norm", nn::BatchNorm1d(3, {.dtype = dtype}))) {
    weight = parameter("weight", test::uniform({2, 3}, -1, 1, 1, dtype));
    bias = parameter("bias", test::uniform({}, -1, 1, 2, dtype));
    empty = parameter("empty", zeros({0, 2}, {.dtype = dtype}));
  }
  Tensor forward(const Tensor& x) { return matmul(norm(x), weight.t()) + bias; }

  nn::BatchNorm1d norm;
  Tensor weight, bias, empty;
};

// Another value for everything but integers.
void change(nn::Module& module, unsigned seed) {
  for (const auto& [name, value] : module.state_dict()) {
    Tensor t = std::get<Tensor>(value);
    t.assign(t.dtype() == int64 ? t + 1 : test::uniform(t.shape(), -1, 1, ++seed, t.dtype()));
  }
}

Tensor tensor_of(const StateDict& state, const std::string& name) {
  return state.get<Tensor>("module." + name);
}

}  // namespace

TEST_CASE("EMA and SWA are the averages that they are called", "[nn][average]") {
  for (const DType dtype : {float32, float64})
    for (const bool use_buffers : {false, true}) {
      const double close = dtype == float32 ? 1e-6 : 1e-14;
      Net net(dtype);
      nn::EMA ema(net, 0.75, use_buffers);
      nn::SWA swa(net, use_buffers);
      CHECK(same_bits(tensor_of(ema.state_dict(), "weight"), net.weight.detach()));
      std::vector<StateDict> seen;
      for (unsigned i = 0; i < 5; ++i) {
        change(net, 10 * i);
        ema.update_parameters(net);
        swa.update_parameters(net);
        seen.push_back(net.state_dict().clone());
      }
      CHECK(ema.n_averaged() == 5);
      for (const auto& [name, value] : net.state_dict()) {
        INFO(name);
        const Tensor& last = std::get<Tensor>(value);
        const bool copied =
            last.dtype() == int64 || (!use_buffers && name.find("running") != std::string::npos);
        Tensor moving = seen[0].get<Tensor>(name), sum = moving;
        for (std::size_t i = 1; i < seen.size(); ++i) {
          moving = moving * 0.75 + seen[i].get<Tensor>(name) * 0.25;
          sum = sum + seen[i].get<Tensor>(name);
        }
        CHECK(all_close(tensor_of(ema.state_dict(), name), copied ? last : moving, close));
        CHECK(all_close(tensor_of(swa.state_dict(), name), copied ? last : sum / 5, close));
      }
    }
}

TEST_CASE("a module has the averages for a scope", "[nn][average]") {
  Net net;
  nn::EMA ema(net, 0.5);
  for (unsigned i = 0; i < 3; ++i) change(net, 10 * i), ema.update_parameters(net);
  const StateDict own = net.state_dict().clone(), averages = ema.state_dict().clone();
  {
    auto guard = ema.swap_in(net);
    auto moved = std::move(guard);
    CHECK(same_bits(net.weight.detach(), tensor_of(averages, "weight")));
    CHECK(same_bits(net.norm.running_mean, tensor_of(averages, "norm.running_mean")));
    const auto refused = [](const std::function<void()>& f) {
      CHECK(throws<GraphError>(f, {"EMA.", "swapped in"}));
    };
    refused([&] { ema.update_parameters(net); });
    refused([&] { ema.copy_to(net); });
    refused([&] { auto again = ema.swap_in(net); });
    refused([&] { ema.load_state_dict(averages); });
    net.norm.running_mean.assign(full({3}, 7.0, {.dtype = float64}));  // as update_bn does
  }
  CHECK(same_bits(net.state_dict(), own));
  CHECK(same_bits(tensor_of(ema.state_dict(), "weight"), tensor_of(averages, "weight")));
  CHECK(tensor_of(ema.state_dict(), "norm.running_mean").data<double>()[0] == 7);
  ema.update_parameters(net);
}

TEST_CASE("a swap is a change in place, which a later sweep notices", "[nn][average]") {
  Net net;
  nn::SWA swa(net);
  const Tensor loss = (net.weight * net.weight).sum();
  auto guard = swa.swap_in(net);
  CHECK(throws<GraphError>([&] { loss.backward(); }, {"mul", "'weight'", "average.cpp:"}));
}

TEST_CASE("the guard outlives its averages", "[nn][average]") {
  Net net;
  auto swa = std::make_unique<nn::SWA>(net);
  change(net, 3);
  const StateDict own = net.state_dict().clone();
  {
    auto guard = swa->swap_in(net);
    swa.reset();
    CHECK(!same_bits(net.state_dict(), own));
  }
  CHECK(same_bits(net.state_dict(), own));
}

TEST_CASE("averages are copied to another module, and share nothing with it", "[nn][average]") {
  Net net, other;
  nn::SWA swa(net);
  change(net, 1);
  swa.update_parameters(net);
  change(net, 2);
  swa.update_parameters(net);
  change(other, 5);
  const Tensor held = other.weight;
  swa.copy_to(other);
  CHECK(&held.node() == &other.weight.node());
  CHECK(same_bits(held.detach(), tensor_of(swa.state_dict(), "weight")));
  CHECK(same_bits(other.norm.running_var, net.norm.running_var));
  change(other, 6);
  CHECK(!same_bits(other.weight.detach(), tensor_of(swa.state_dict(), "weight")));
}

TEST_CASE("averages resumed in the middle are those of a whole run", "[nn][average]") {
  Net net;
  nn::EMA whole(net, 0.9), first(net, 0.9), second(net, 0.9);
  for (unsigned i = 0; i < 6; ++i) {
    change(net, 10 * i);
    whole.update_parameters(net);
    (i < 3 ? first : second).update_parameters(net);
    if (i == 2) {
      second.load_state_dict(first.state_dict());
      CHECK(same_bits(second.state_dict(), first.state_dict()));
    }
  }
  CHECK(same_bits(whole.state_dict(), second.state_dict()));
  CHECK(whole.state_dict().get<std::int64_t>("n_averaged") == 6);
  CHECK(!same_bits(second.state_dict(), first.state_dict()));
}

TEST_CASE("a parameter with two names is one", "[nn][average]") {
  struct Tied : nn::Module {
    Tensor a = parameter("a", ones({2})), b = parameter("b", a);
  };
  Tied net;
  nn::SWA swa(net);
  net.a.assign(full({2}, 3.0));
  {
    auto guard = swa.swap_in(net);
    CHECK(net.a.data<float>()[0] == 1);
  }
  CHECK(net.a.data<float>()[0] == 3);
  swa.update_parameters(net);
  CHECK(swa.state_dict().get<Tensor>("module.b").data<float>()[0] == 3);
}

TEST_CASE("modules and states that do not fit change nothing", "[nn][average]") {
  Net net, narrow(float32);
  nn::EMA ema(net);
  change(net, 4);
  nn::Linear other(2, 3);
  const StateDict before = ema.state_dict().clone();
  for (nn::Module* module : {static_cast<nn::Module*>(&narrow), static_cast<nn::Module*>(&other)}) {
    const StateDict theirs = module->state_dict().clone();
    CHECK(throws<ValueError>([&] { ema.update_parameters(*module); },
                             {"does not fit EMA", "like the averaged one"}));
    CHECK(throws<ValueError>([&] { ema.copy_to(*module); }, {"does not fit EMA"}));
    CHECK(throws<ValueError>([&] { auto guard = ema.swap_in(*module); }, {"does not fit EMA"}));
    CHECK(same_bits(module->state_dict(), theirs));
  }
  StateDict wrong = before;
  wrong.set("n_averaged", -1);
  wrong.erase("module.bias");
  CHECK(throws<ValueError>(
      [&] { ema.load_state_dict(wrong); },
      {"n_averaged: expected a number from 0, found -1", "missing: module.bias"}));
  CHECK(same_bits(ema.state_dict(), before));
  for (const double decay : {-0.1, 1.1, double(NAN)})
    CHECK(throws<ValueError>([&] { nn::EMA(net, decay); }, {"EMA: decay is", "[0, 1]"}));
}

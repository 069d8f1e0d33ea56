// Memory runs out at any place: nothing leaks, nothing is half-changed, and the same work succeeds
// when there is memory again.
#include <memory>
#include <sstream>

#include <xgrad/xgrad.hpp>

#include "failing.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using test::fail_each_allocation;
using test::same_bits;
using Tensors = std::vector<Tensor>;

namespace {

Tensors copies(const Tensors& list) {
  const NoGrad guard;
  Tensors all;
  for (const Tensor& t : list) all.push_back(t.defined() ? t.detach().clone() : Tensor());
  return all;
}

Tensors gradients(const Tensors& leaves) {
  Tensors all;
  for (const Tensor& leaf : leaves) all.push_back(leaf.grad());
  return all;
}

void assign(const Tensors& to, const Tensors& from) {
  for (std::size_t i = 0; i < to.size(); ++i) Tensor(to[i]).assign(from[i]);
}

bool same(const Tensors& a, const Tensors& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i].defined() != b[i].defined() || (a[i].defined() && !same_bits(a[i], b[i])))
      return false;
  return true;
}

bool all_undefined(const Tensors& list) {
  return std::none_of(list.begin(), list.end(), [](const Tensor& t) { return t.defined(); });
}

void clear_gradients(const Tensors& leaves) {
  for (const Tensor& leaf : leaves) Tensor(leaf).zero_grad();
}

}  // namespace

TEMPLATE_TEST_CASE("a training step without memory changes nothing and can be taken again",
                   "[allocation]", optim::SGD, optim::Adam) {
  nn::Sequential net(nn::Linear(6, 8), nn::BatchNorm1d(8), nn::Tanh(), nn::Linear(8, 3));
  const Tensor x = rand({5, 6}), labels = tensor({0, 2, 1, 1, 0});
  const Tensors parameters = net.parameters(), begun = copies(parameters);
  std::unique_ptr<TestType> optimizer;
  Tensors stepped, swept;
  const auto done = [&] {
    if (stepped.empty()) {
      stepped = copies(parameters);
      swept = copies(gradients(parameters));
    }
    REQUIRE(same(parameters, stepped));
  };
  const long failed =
      fail_each_allocation({[&] {
                              assign(parameters, begun);
                              clear_gradients(parameters);
                              optimizer = std::make_unique<TestType>(parameters);
                              optimizer->groups()[0].options.clip_norm = 1.0;
                              optimizer->groups()[0].options.weight_decay = 0.01;
                            },
                            [&] {
                              optimizer->zero_grad();
                              cross_entropy(net(x), labels).backward();
                              optimizer->step();
                            },
                            [&] {
                              REQUIRE(same(parameters, begun));
                              const Tensors now = gradients(parameters);
                              REQUIRE((all_undefined(now) || same(now, swept)));
                              REQUIRE(optimizer->state_dict().below("state").empty());
                            },
                            done, [&] { clear_gradients(parameters); }});
  CHECK(failed > 100);
}

namespace {

// A sweep that meets ops with several results, hooks, a checkpoint, views and products.
Tensor everything(const Tensor& x, const Tensor& w) {
  const Tensor h = tanh(matmul(x, w));
  const Tensors parts = split(h, 2, 1);
  const Tensor c = checkpoint([&](const Tensor& t) { return exp(t) * t; }, parts[0]);
  return (c * parts[1]).sum() + (h.transpose(0, 1) * 0.5).sum() + softmax(h, 1)[0].sum() +
         (w * w).sum();
}

struct Leaves {
  Tensor x = test::leaf({3, 4}, -1, 1, 1, float32), w = test::leaf({4, 4}, -1, 1, 2, float32);
  Tensors all{x, w};
};

}  // namespace

TEST_CASE("a graph that is kept gives the same gradients after a sweep without memory",
          "[allocation]") {
  const Leaves leaves;
  const Tensor loss = everything(leaves.x, leaves.w);
  const HookHandle hook = register_hook(leaves.w, [](const Tensor& g) { return g * 2; });
  Tensors expected;
  const bool accumulates = GENERATE(false, true);
  const Tensors before = accumulates ? Tensors{ones({3, 4}), ones({4, 4})} : Tensors(2);
  const auto reset = [&] {
    for (std::size_t i = 0; i < 2; ++i) Tensor(leaves.all[i]).set_grad(before[i]);
  };
  const long failed =
      fail_each_allocation({reset, [&] { loss.backward({}, {.retain_graph = true}); },
                            [&] { REQUIRE(same(gradients(leaves.all), before)); },
                            [&] {
                              if (expected.empty()) expected = copies(gradients(leaves.all));
                              REQUIRE(same(gradients(leaves.all), expected));
                            },
                            reset});
  CHECK(failed > 50);
}

TEST_CASE("recording and sweeping without memory leaves the leaves alone", "[allocation]") {
  const Leaves leaves;
  Tensors expected;
  int calls = 0;
  const HookHandle hook =
      register_post_accumulate_grad_hook(leaves.x, [&](const Tensor&) { ++calls; });
  const long failed = fail_each_allocation({[&] { clear_gradients(leaves.all); },
                                            [&] { everything(leaves.x, leaves.w).backward(); },
                                            [&] { REQUIRE(all_undefined(gradients(leaves.all))); },
                                            [&] {
                                              if (expected.empty())
                                                expected = copies(gradients(leaves.all));
                                              REQUIRE(same(gradients(leaves.all), expected));
                                            },
                                            [&] { clear_gradients(leaves.all); }});
  CHECK(failed > 100);
}

TEST_CASE("second derivatives without memory throw, and come when there is some", "[allocation]") {
  const Leaves leaves;
  const Tensor loss = everything(leaves.x, leaves.w);
  Tensors expected, found;
  const long failed =
      fail_each_allocation({[&] { found.clear(); },
                            [&] {
                              const Tensor slope = grad(loss, leaves.w, {.create_graph = true})[0];
                              found =
                                  grad((slope * slope).sum(), leaves.all, {.retain_graph = true});
                            },
                            [&] {
                              REQUIRE(found.empty());
                              REQUIRE(all_undefined(gradients(leaves.all)));
                            },
                            [&] {
                              if (expected.empty()) expected = copies(found);
                              REQUIRE(same(found, expected));
                            },
                            [&] { found = Tensors(); }});
  CHECK(failed > 100);
}

TEST_CASE("gradients that have a history are given all or none", "[allocation]") {
  const Leaves leaves;
  const Tensor loss = (leaves.x * leaves.x).sum() + (leaves.w * leaves.w * 3).sum();
  const Tensors before{ones({3, 4}), ones({4, 4})};
  const auto reset = [&] {
    for (std::size_t i = 0; i < 2; ++i) Tensor(leaves.all[i]).set_grad(before[i]);
  };
  Tensors expected;
  fail_each_allocation({reset, [&] { loss.backward({}, {.create_graph = true}); },
                        [&] { REQUIRE(same(gradients(leaves.all), before)); },
                        [&] {
                          if (expected.empty()) expected = copies(gradients(leaves.all));
                          REQUIRE(same(gradients(leaves.all), expected));
                        },
                        reset});
}

TEST_CASE("a model's state is loaded whole or not at all", "[allocation]") {
  nn::Sequential net(nn::Linear(3, 4), nn::BatchNorm1d(4), nn::Linear(4, 2));
  const auto tensors = [&] {
    Tensors all = net.parameters();
    for (const Tensor& b : net.buffers()) all.push_back(b);
    return all;
  };
  const Tensors begun = copies(tensors());
  StateDict state;
  for (const auto& [name, value] : net.state_dict()) {
    const Tensor own = std::get<Tensor>(value);
    state.set(name, (own + 1).to(own.dtype()));
  }
  const auto reset = [&] { assign(tensors(), begun); };
  Tensors expected;
  const long failed = fail_each_allocation({reset, [&] { net.load_state_dict(state); },
                                            [&] { REQUIRE(same(tensors(), begun)); },
                                            [&] {
                                              if (expected.empty()) expected = copies(tensors());
                                              REQUIRE(same(tensors(), expected));
                                              REQUIRE(!same(tensors(), begun));
                                            },
                                            reset});
  CHECK(failed > 10);
}

TEST_CASE("a state finds its entries, also after one could not be added", "[allocation]") {
  const StateDict begun{{"a", ones({3})}, {"b", 2.0}};
  StateDict state;
  const auto grown = [&] {
    state.set("a name that does not fit into a string itself", "a value that does not either");
    state.set("c", 3);
  };
  const auto check = [&] {
    REQUIRE(state.contains("c") == (state.size() == 4));
    for (auto at = state.begin(); at != state.end(); ++at) REQUIRE(state.find(at->name) == at);
  };
  const auto reset = [&] { state = StateDict(begun); };
  const long failed = fail_each_allocation({reset, grown, check, check, reset});
  CHECK(failed > 3);
}

TEST_CASE("an optimizer's state is loaded whole or not at all", "[allocation]") {
  const Leaves leaves;
  const auto step = [&](optim::Adam& optimizer) {
    (leaves.x.sum() + (leaves.w * leaves.w).sum()).backward();
    optimizer.step();
    optimizer.zero_grad();
  };
  optim::Adam from(leaves.all, {.lr = 0.5}), to(leaves.all, {.lr = 0.25});
  step(from);
  step(from);
  step(to);
  const StateDict loaded = from.state_dict(), begun = to.state_dict().clone();
  const auto is = [&](const StateDict& state) { REQUIRE(same_bits(to.state_dict(), state)); };
  const auto reset = [&] { to.load_state_dict(begun); };
  const long failed = fail_each_allocation(
      {reset, [&] { to.load_state_dict(loaded); }, [&] { is(begun); }, [&] { is(loaded); }, reset});
  CHECK(failed > 5);
}

TEST_CASE("a module that cannot be made leaves nothing", "[allocation]") {
  struct Net : nn::Module {
    nn::Linear hidden = child("hidden", nn::Linear(3, 4));
    Tensor scale = parameter("scale", ones({4}));
    Tensor seen = buffer("seen", zeros({4}));
  };
  std::unique_ptr<Net> net;
  const long failed = fail_each_allocation(
      {[] {}, [&] { net = std::make_unique<Net>(); }, [&] { REQUIRE(net == nullptr); },
       [&] { REQUIRE(net->parameters().size() == 3); }, [&] { net.reset(); }});
  CHECK(failed > 20);
}

TEST_CASE("an operand that was given up is undefined, also where its op failed", "[allocation]") {
  Tensor x;
  fail_each_allocation({[] {}, [&] { static_cast<void>(exp(std::move(x = ones({100})))); },
                        [&] {
                          if (x.defined()) REQUIRE(x.data<float>()[0] > 0);
                        },
                        [] {}, [&] { x = Tensor(); }});
}

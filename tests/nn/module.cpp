#include <sstream>

#include <fmt/format.h>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;

namespace {

struct Block : nn::Module {
  nn::Linear inner = child("inner", nn::Linear(3, 3));
  Tensor scale = parameter("scale", ones({3}));
  Tensor seen = buffer("seen", zeros({}, {.dtype = int64}));
  Tensor forward(const Tensor& x) { return inner(x) * scale; }
};

struct Net : nn::Module {
  Block block = child("block", Block());
  nn::Sequential head = child("head", nn::Sequential(nn::Linear(3, 4), nn::ReLU(),
                                                     nn::Sequential(nn::Linear(4, 2), nn::Tanh())));
  Tensor forward(const Tensor& x) { return head(block.forward(x)); }
};

std::vector<std::string> names(const std::vector<NamedTensor>& list) {
  std::vector<std::string> all;
  for (const auto& x : list) all.push_back(x.name);
  return all;
}

}  // namespace

TEST_CASE("parameters have full names, in order", "[nn]") {
  const Net net;
  CHECK(names(net.named_parameters()) ==
        std::vector<std::string>{"block.scale", "block.inner.weight", "block.inner.bias",
                                 "head.0.weight", "head.0.bias", "head.2.0.weight",
                                 "head.2.0.bias"});
  CHECK(names(net.named_buffers()) == std::vector<std::string>{"block.seen"});
  CHECK(net.parameters().size() == 7);
  for (const Tensor& p : net.parameters()) CHECK(p.requires_grad());
}

TEST_CASE("a model prints as in PyTorch", "[nn]") {
  const Net net;
  const std::string expected =
      "Net(\n"
      "  (block): Block(\n"
      "    (inner): Linear(in_features=3, out_features=3, bias=True)\n"
      "  )\n"
      "  (head): Sequential(\n"
      "    (0): Linear(in_features=3, out_features=4, bias=True)\n"
      "    (1): ReLU()\n"
      "    (2): Sequential(\n"
      "      (0): Linear(in_features=4, out_features=2, bias=True)\n"
      "      (1): Tanh()\n"
      "    )\n"
      "  )\n"
      ")";
  CHECK(to_string(net) == expected);
  CHECK(fmt::format("{}", net) == expected);
  std::ostringstream out;
  out << nn::Linear(2, 1, {.bias = false});
  CHECK(out.str() == "Linear(in_features=2, out_features=1, bias=False)");
}

TEST_CASE("copies of a module share its parameters and its mode", "[nn]") {
  Net net;
  Net copy = net;
  net.block.scale.assign(zeros({3}));
  CHECK(copy.block.scale.data<float>()[0] == 0);
  net.eval();
  CHECK(!copy.block.inner.is_training());
  copy.train();
  CHECK(net.head.is_training());
  CHECK(test::same_bits(net.forward(ones({1, 3})).detach(), copy.forward(ones({1, 3})).detach()));
}

TEST_CASE("a parameter under two names comes once", "[nn]") {
  struct Tied : nn::Module {
    nn::Linear a = child("a", nn::Linear(2, 2));
    nn::Linear b = child("b", a);
  };
  CHECK(Tied().parameters().size() == 2);
}

TEST_CASE("names that cannot be are refused", "[nn]") {
  struct Twice : nn::Module {
    Tensor a = parameter("w", ones({1}));
    Tensor b = parameter("w", ones({1}));
  };
  struct Dotted : nn::Module {
    nn::Linear a = child("a.b", nn::Linear(1, 1));
  };
  struct BufferToo : nn::Module {
    Tensor a = parameter("w", ones({1}));
    Tensor b = buffer("w", ones({1}));
  };
  struct ChildToo : nn::Module {
    Tensor a = buffer("w", ones({1}));
    nn::ReLU b = child("w", nn::ReLU());
  };
  CHECK(test::throws<ValueError>([] { Twice(); }, {"'w'", "taken"}));
  CHECK(test::throws<ValueError>([] { BufferToo(); }, {"'w'", "taken"}));
  CHECK(test::throws<ValueError>([] { ChildToo(); }, {"'w'", "taken"}));
  CHECK(test::throws<ValueError>([] { Dotted(); }, {"'a.b'", "dot"}));
  CHECK(test::throws<ValueError>([] { nn::Linear(-1, 2); }, {"Linear", "-1"}));
}

TEST_CASE("zero_grad drops all gradients", "[nn]") {
  Net net;
  net.forward(ones({2, 3})).sum().backward();
  for (const Tensor& p : net.parameters()) CHECK(p.grad().defined());
  net.zero_grad();
  for (const Tensor& p : net.parameters()) CHECK(!p.grad().defined());
}

TEST_CASE("a linear layer starts within PyTorch's bounds, the same for the same seed", "[nn]") {
  manual_seed(7);
  const nn::Linear a(100, 50);
  manual_seed(7);
  const nn::Linear b(100, 50);
  CHECK(test::same_bits(a.weight.detach(), b.weight.detach()));
  for (const Tensor& p : {a.weight.detach(), a.bias.detach()}) {
    CHECK(amax(abs(p)).item<double>() <= 0.1);
    CHECK(amax(abs(p)).item<double>() > 0.09);
  }
  CHECK(std::abs(square(a.weight.detach()).mean().item<double>() - 0.01 / 3) < 2e-4);
  CHECK(nn::Linear(3, 2, {.dtype = float64}).weight.dtype() == float64);
  CHECK(nn::Linear(0, 2)(zeros({4, 0})).shape() == Shape{4, 2});
}

TEST_CASE("a sequential is callable, nests, grows and takes modules with forward", "[nn]") {
  struct Doubled : nn::Module {
    Tensor forward(const Tensor& x) { return x * 2; }
  };
  nn::Sequential net(Doubled{}, nn::Sigmoid());
  net.append(Doubled{});
  CHECK(net.size() == 3);
  const Tensor x = test::uniform({2, 2}, -1, 1, 1);
  CHECK(test::all_close(net(x), sigmoid(x * 2) * 2, 1e-15));
  CHECK(test::all_close(nn::Sequential()(x), x, 0));
  const nn::Linear layer(2, 3, {.dtype = float64});
  CHECK(gradcheck([&](const Tensor& v) { return nn::Sequential(layer, nn::Tanh())(v); }, {x}));
}

TEST_CASE("a linear layer's gradients match central differences", "[nn]") {
  const nn::Linear layer(3, 4, {.dtype = float64});
  const Tensor x = test::uniform({5, 3}, -1, 1, 2);
  CHECK(gradcheck(
      [](const Tensor& v, const Tensor& w, const Tensor& b) { return sigmoid(linear(v, w, b)); },
      {x, layer.weight.detach(), layer.bias.detach()}));
}

namespace {
// Names that a model's author may want.
struct State {
  int steps = 3;
};
struct IncompatibleKeys {
  int count = 4;
};
struct Recurrent : nn::Module {
  int own() const { return State().steps + IncompatibleKeys().count; }
};
}  // namespace

TEST_CASE("a module hides no type of the model's author", "[nn][module]") {
  CHECK(Recurrent().own() == 7);
}

namespace {

// Tensors of every kind: nested, 0-d, empty, int64 and bool.
struct Odd : nn::Module {
  Net net = child("net", Net());
  Tensor temperature = parameter("temperature", tensor(0.7));
  Tensor none = parameter("none", zeros({0, 3}));
  Tensor mask = buffer("mask", tensor({1, 0, 1}) == 1);
};

StateDict halved(const StateDict& state) {
  StateDict half;
  for (const auto& [name, value] : state) {
    const Tensor x = std::get<Tensor>(value);
    half.set(name, (x * 0.5).to(x.dtype()));
  }
  return half;
}

}  // namespace

TEST_CASE("a module's state comes back bit for bit", "[nn][state]") {
  Odd a, b;
  const StateDict state = a.state_dict();
  CHECK(state.size() == 11);
  CHECK(state.begin()->name == "temperature");
  CHECK(state.contains("net.head.2.0.weight"));
  CHECK(state.get<Tensor>("mask").dtype() == DType::bool_);
  CHECK(!test::same_bits(b.state_dict(), state));
  const nn::IncompatibleKeys keys = b.load_state_dict(state);
  CHECK(keys.missing_keys.empty());
  CHECK(keys.unexpected_keys.empty());
  CHECK(test::same_bits(b.state_dict(), state));
  nn::Sequential empty;
  CHECK(empty.state_dict().empty());
  CHECK_NOTHROW(empty.load_state_dict({}));
}

TEST_CASE("a state shares storage with its module, a loaded module does not with the state",
          "[nn][state]") {
  Net a, b;
  const StateDict state = a.state_dict(), kept = state.clone();
  CHECK(!state.get<Tensor>("block.scale").requires_grad());
  b.load_state_dict(state);
  a.block.scale.assign(zeros({3}));
  CHECK(test::same_bits(state.get<Tensor>("block.scale"), zeros({3})));
  CHECK(test::same_bits(b.state_dict(), kept));
  a.load_state_dict(a.state_dict());  // its own
  CHECK(test::same_bits(a.state_dict(), state));
}

TEST_CASE("loading keeps the tensors, what they want and who holds them", "[nn][state]") {
  Net net;
  net.block.scale.requires_grad_(false);
  const std::vector<Tensor> before = net.parameters();
  optim::SGD optimizer({net.block.inner.weight}, {.lr = 1});
  net.load_state_dict(halved(net.state_dict()));
  const std::vector<Tensor> after = net.parameters();
  for (std::size_t i = 0; i < after.size(); ++i) CHECK(&before[i].node() == &after[i].node());
  CHECK(!net.block.scale.requires_grad());
  CHECK(net.block.inner.weight.requires_grad());
  const Tensor loaded = net.block.inner.weight.detach().clone();
  net.block.inner.weight.set_grad(ones({3, 3}));
  optimizer.step();
  CHECK(test::same_bits(net.block.inner.weight.detach(), loaded - 1));
}

TEST_CASE("a graph made before loading tells that its values have changed", "[nn][state]") {
  Net net;
  const Tensor loss = net.forward(ones({2, 3})).sum();
  net.load_state_dict(halved(net.state_dict()));
  const int line = __LINE__ - 1;
  CHECK(test::throws<GraphError>([&] { loss.backward(); }, {"module.cpp:" + std::to_string(line)}));
  CHECK_NOTHROW(net.forward(ones({2, 3})).sum().backward());

  // A state may have a history itself; its values are loaded.
  StateDict state = net.state_dict();
  const Tensor computed = tensor({1., 2., 3.}, {.requires_grad = true}) * 2;
  state.set("block.scale", computed);
  net.load_state_dict(state);
  CHECK(net.block.scale.is_leaf());
  CHECK(test::same_bits(net.block.scale.detach(), computed.detach()));
}

TEST_CASE("a state with names swapped swaps the values", "[nn][state]") {
  nn::Sequential net(nn::Linear(2, 2), nn::Linear(2, 2));
  const StateDict before = net.state_dict().clone(), own = net.state_dict();
  StateDict swapped;
  swapped.set_below("0", own.below("1"));
  swapped.set_below("1", own.below("0"));
  net.load_state_dict(swapped);
  CHECK(test::same_bits(net.state_dict().below("0"), before.below("1")));
  CHECK(test::same_bits(net.state_dict().below("1"), before.below("0")));
}

TEST_CASE("shared parameters are saved under each name, and the later one counts", "[nn][state]") {
  struct Tied : nn::Module {
    nn::Linear a = child("a", nn::Linear(2, 2));
    nn::Linear b = child("b", a);
  };
  Tied from, to;
  StateDict state = from.state_dict().clone();
  CHECK(state.size() == 4);
  to.load_state_dict(state);
  CHECK(test::same_bits(to.state_dict(), state));
  state.set("b.bias", tensor({5., 6.}));
  to.load_state_dict(state);
  CHECK(test::same_bits(to.a.bias.detach(), tensor({5., 6.})));
}

TEST_CASE("one error lists everything that does not fit, and nothing is loaded", "[nn][state]") {
  Net net;
  const StateDict before = net.state_dict().clone();
  StateDict wrong = halved(before);
  wrong.set("block.scale", ones({4}));
  wrong.set("block.seen", zeros({}));
  wrong.set("head.0.bias", 0.5);
  wrong.erase("head.0.weight");
  wrong.erase("block.inner.bias");
  wrong.set("tail.weight", ones({1}));
  wrong.set("epoch", 3);
  const std::string scale =
      "\n  block.scale: expected Tensor [3] float32, found Tensor [4] float32";
  const std::string seen =
      "\n  block.seen: expected Tensor [] int64, found Tensor [] float32; convert it by .to(int64)";
  const std::string bias = "\n  head.0.bias: expected Tensor [4] float32, found double 0.5";
  const int line = __LINE__ + 1;
  CHECK(test::throws<ValueError>(
      [&] { net.load_state_dict(wrong); },
      {"load_state_dict: the state does not fit Net", scale, seen, bias,
       "\n  missing: block.inner.bias, head.0.weight", "\n  unexpected: tail.weight, epoch",
       "module.cpp:" + std::to_string(line)}));
  CHECK(test::same_bits(net.state_dict(), before));
  // Without strict, names may differ, shapes and dtypes may not.
  try {
    net.load_state_dict(wrong, false);
    FAIL("loaded");
  } catch (const ValueError& e) {
    const std::string text = e.what();
    CHECK(text.find(scale) != std::string::npos);
    CHECK(text.find("unexpected") == std::string::npos);
  }
  CHECK(test::same_bits(net.state_dict(), before));
  CHECK(test::throws<ValueError>([&] { net.load_state_dict({}); }, {"missing: block.scale"}));
}

TEST_CASE("without strict the common names are loaded, the others returned", "[nn][state]") {
  Net net;
  const StateDict before = net.state_dict().clone();
  StateDict part{{"epoch", 3}};
  part.set("block.scale", full({3}, 2.0));
  part.set("tail.weight", ones({1}));
  const auto [missing, unexpected] = net.load_state_dict(part, false);
  CHECK(unexpected == std::vector<std::string>{"epoch", "tail.weight"});
  CHECK(missing.size() == before.size() - 1);
  StateDict expected = before;
  expected.set("block.scale", full({3}, 2.0));
  CHECK(test::same_bits(net.state_dict(), expected));
}

TEST_CASE("a part of a model goes on from a part of a state", "[nn][state]") {
  Net a, b;
  StateDict checkpoint{{"epoch", 1}};
  checkpoint.set_below("model", a.state_dict());
  b.block.load_state_dict(checkpoint.below("model.block"));
  CHECK(test::same_bits(b.block.state_dict(), a.block.state_dict()));
  CHECK(!test::same_bits(b.head.state_dict(), a.head.state_dict()));
}

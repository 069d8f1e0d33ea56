#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using test::throws;

namespace {
Tensor leaf(double x) { return tensor(x, {.dtype = float64, .requires_grad = true}); }
}  // namespace

TEST_CASE("micrograd's README expression has PyTorch's gradients", "[backward]") {
  Tensor a = leaf(-4), b = leaf(2);
  Tensor c = a + b, d = a * b + b * b * b;
  c = c + (c + 1);
  c = c + (1 + c + (-a));
  d = d + (d * 2 + relu(b + a));
  d = d + (3 * d + relu(b - a));
  const Tensor e = c - d, f = e * e;
  Tensor g = f / 2.0;
  g = g + 10.0 / f;
  g.backward();
  CHECK(g.item<double>() == Approx(24.704081632653061).epsilon(1e-14));
  CHECK(a.grad().item<double>() == Approx(138.83381924198252).epsilon(1e-13));
  CHECK(b.grad().item<double>() == Approx(645.5772594752186).epsilon(1e-13));
}

TEST_CASE("gradients add up over uses, sweeps and outputs", "[backward]") {
  Tensor x = leaf(3);
  (x * x).backward();
  CHECK(x.grad().item<double>() == 6);
  (x + x).backward();
  CHECK(x.grad().item<double>() == 8);
  const Tensor kept = x.grad();
  x.backward(tensor(2.0, {.dtype = float64}));  // a leaf is its own output
  CHECK(x.grad().item<double>() == 10);
  CHECK(kept.item<double>() == 8);  // a gradient that somebody holds does not change
}

TEST_CASE("an upstream gradient weighs the outputs", "[backward]") {
  Tensor x = tensor({1., 2., 3.}, {.dtype = float64, .requires_grad = true});
  const Tensor up = tensor({1., 10., 100.}, {.dtype = float64});
  (x * x).backward(up);
  CHECK(test::same_bits(x.grad(), tensor({2., 40., 600.}, {.dtype = float64})));
  CHECK(throws<ShapeError>([&] { (x * x).backward(); }, {"backward", "[3]", "sum or mean"}));
  CHECK(throws<ShapeError>([&] { (x * x).backward(ones({2})); }, {"backward", "[2]", "[3]"}));
  CHECK(throws<GraphError>([] { ones({}).backward(); }, {"backward", "requires_grad = true"}));
}

TEST_CASE("leaves that share an upstream gradient do not share memory", "[backward]") {
  Tensor a = ones({2}, {.requires_grad = true}), b = ones({2}, {.requires_grad = true});
  const Tensor up = ones({2});
  (a + b).backward(up);
  a.grad().mutable_data<float>()[0] = 7;
  CHECK(b.grad().data<float>()[0] == 1);
  CHECK(up.data<float>()[0] == 1);
}

TEST_CASE("a second sweep through a graph throws and says what to do", "[backward]") {
  Tensor x = leaf(2);
  const Tensor y = x * x;
  y.backward({}, {.retain_graph = true});
  y.backward();
  CHECK(x.grad().item<double>() == 8);
  CHECK(throws<GraphError>([&] { y.backward(); }, {"a second time", "mul", "retain_graph"}));
  // a branch onto a graph that was swept: nothing is added to any leaf
  Tensor w = leaf(5);
  const Tensor z = y * w;
  CHECK(throws<GraphError>([&] { z.backward(); }, {"a second time"}));
  CHECK(!w.grad().defined());
  CHECK(x.grad().item<double>() == 8);
}

TEST_CASE("grad leaves every .grad alone and sweeps only what lies between", "[backward]") {
  Tensor x = leaf(2), w = leaf(3);
  const Tensor h = x * w, y = h * h;
  const auto g = grad(y, {x, h}, {.retain_graph = true});
  CHECK(g[0].item<double>() == 36);
  CHECK(g[1].item<double>() == 12);
  CHECK(!x.grad().defined());
  CHECK(!w.grad().defined());
  CHECK(grad({y, h}, w)[0].item<double>() == 24 + 2);
  Tensor other = leaf(1);
  const Tensor z = x * x;
  CHECK(throws<GraphError>([&] { grad(z, other, {.retain_graph = true}); },
                           {"grad", "no output depends", "allow_unused"}));
  CHECK(!grad(z, other, {.allow_unused = true})[0].defined());
  CHECK(throws<GraphError>([&] { grad(x * x, ones({})); }, {"does not require"}));
  CHECK(throws<ValueError>(
      [&] {
        grad({x * x}, x, {.grad_outputs = {ones({}), ones({})}});
      },
      {"grad_outputs"}));
  CHECK(grad(x, x)[0].item<double>() == 1);
  CHECK(grad(x * x, {x, x})[1].item<double>() == 4);
}

TEST_CASE("gradients of gradients come in any order", "[backward]") {
  Tensor x = leaf(1.5);
  Tensor y = x * x * x * x * x;
  double expected[] = {5 * std::pow(1.5, 4), 20 * std::pow(1.5, 3), 60 * std::pow(1.5, 2),
                       120 * 1.5, 120};
  for (const double e : expected) {
    y = grad(y, x, {.create_graph = true})[0];
    CHECK(y.item<double>() == Approx(e).epsilon(1e-12));
  }
  // through .grad as well
  Tensor u = leaf(2);
  (u * u * u).backward({}, {.create_graph = true});
  const Tensor first = u.grad();
  u.zero_grad();
  first.backward();
  CHECK(u.grad().item<double>() == 12);
}

TEST_CASE("nothing is recorded under NoGrad", "[backward]") {
  Tensor x = leaf(2);
  {
    const NoGrad off;
    CHECK(!is_grad_enabled());
    CHECK(!(x * x).requires_grad());
    const EnableGrad on;
    CHECK((x * x).requires_grad());
  }
  CHECK(is_grad_enabled());
}

TEST_CASE("an interior value keeps its gradient if told so", "[backward]") {
  Tensor x = leaf(2);
  Tensor h = x * 3;
  h.retain_grad();
  (h * h).backward();
  CHECK(h.grad().item<double>() == 12);
  CHECK(throws<GraphError>([] { ones({2}).retain_grad(); }, {"retain_grad"}));
}

TEST_CASE("a value that is changed after it was read is noticed", "[backward]") {
  Tensor w = ones({2}, {.requires_grad = true}), x = full({2}, 3.0);
  w.set_name("weight");
  const Tensor y = (w * w * x).sum();
  w.assign(zeros({2}));
  CHECK(throws<GraphError>([&] { y.backward(); }, {"mul", "[2] float32 'weight'", "backward.cpp",
                                                   "changed in place", "clone()"}));
  CHECK(!w.grad().defined());
  // a sum reads nothing, so it may change
  const Tensor z = w.sum();
  w.assign(ones({2}));
  z.backward();
  CHECK(test::same_bits(w.grad(), ones({2})));
}

TEST_CASE("a result that is changed through an alias is noticed", "[backward]") {
  Tensor x = ones({2}, {.requires_grad = true});
  const Tensor y = sigmoid(x);
  Tensor alias = y.detach();
  alias.mutable_data<float>()[0] = 7;
  CHECK(throws<GraphError>([&] { y.sum().backward(); },
                           {"sigmoid", "the op's result", "changed in place", "backward.cpp"}));
}

TEST_CASE("a target of grad is not swept through", "[backward]") {
  Tensor x = leaf(2);
  const Tensor h = x * x, y = h * h;
  CHECK(grad(y, h)[0].item<double>() == 8);
  h.backward();  // the graph above x is as it was
  CHECK(x.grad().item<double>() == 4);
}

TEST_CASE("a value that only its name keeps goes with it", "[backward]") {
  Tensor x = rand({1 << 16}, {.requires_grad = true});
  Tensor h = x + 1;
  const std::size_t with = memory_stats().current;
  Tensor y = h + 1;
  h = Tensor();  // add reads nothing: the value of h is gone, its node is not
  CHECK(memory_stats().current < with + (1U << 18) / 2 + 65536);
  y.sum().backward();
  CHECK(test::same_bits(x.grad(), ones({1 << 16})));
}

TEST_CASE("gradients are summed back and converted for operands that broadcast", "[backward]") {
  Tensor a = test::uniform({4, 1, 3}, -1, 1, 1).requires_grad_(),
         b = test::uniform({5, 1}, -1, 1, 2, float32).requires_grad_();
  (a * b).sum().backward();
  CHECK(a.grad().shape() == a.shape());
  CHECK(b.grad().shape() == b.shape());
  CHECK(b.grad().dtype() == float32);
  double sum_a = 0, sum_b = 0;
  for (const double v : a.span<double>()) sum_a += v;
  for (const float v : b.span<float>()) sum_b += static_cast<double>(v);
  CHECK(a.grad().data<double>()[7] == Approx(sum_b).epsilon(1e-6));
  CHECK(b.grad().data<float>()[2] == Approx(sum_a).epsilon(1e-6));
}

TEST_CASE("a local gradient of a wrong shape is refused by name", "[record]") {
  Tensor x = ones({2, 3}, {.requires_grad = true});
  const Tensor y = record("careless", {x}, ones({2, 3}), save_nothing,
                          [](const Tensor&, Inputs, InputGradients dx) {
                            dx.add(0, ones({3, 2}));
                          });
  CHECK(throws<ShapeError>([&] { y.sum().backward(); }, {"careless", "[3, 2]", "[2, 3]"}));
}

TEST_CASE("a local gradient reads only what it was kept", "[record]") {
  Tensor x = ones({2}, {.requires_grad = true});
  const Tensor y = record("greedy", {x}, ones({2}), save_nothing,
                          [](const Tensor&, Inputs in, InputGradients dx) { dx.add(0, in[0]); });
  CHECK(throws<GraphError>([&] { y.sum().backward(); },
                           {"greedy", "reads input 0", "save_input(0)"}));
  const Tensor z =
      record("greedy", {x}, ones({2}), save_nothing,
             [](const Tensor&, Inputs in, InputGradients dx) { dx.add(0, in.output()); });
  CHECK(throws<GraphError>([&] { z.sum().backward(); }, {"greedy", "the output", "save_output"}));
  const Tensor u = record("greedy", {x}, ones({2}), save_nothing,
                          [](const Tensor& dy, Inputs, InputGradients dx) { dx.add(3, dy); });
  CHECK(throws<GraphError>([&] { u.sum().backward(); }, {"greedy", "input 3"}));
}

TEST_CASE("a gradient that is not made of ops has no second one", "[record]") {
  Tensor x = ones({2}, {.requires_grad = true});
  const auto doubled = [&] {
    return record("raw_double", {x}, x.detach() * 2, save_nothing,
                  once_differentiable([](const Tensor& dy, Inputs, InputGradients dx) {
                    const InputGradients::Buffer to = dx.buffer(0);
                    for (int i = 0; i < 2; ++i)
                      static_cast<float*>(to.data)[i] =
                          (to.accumulate ? static_cast<float*>(to.data)[i] : 0) +
                          2 * dy.data<float>()[i];
                  }));
  };
  (doubled() + doubled()).sum().backward();
  CHECK(test::same_bits(x.grad(), full({2}, 4.0)));
  CHECK(throws<GraphError>([&] { doubled().sum().backward({}, {.create_graph = true}); },
                           {"raw_double", "no second derivative"}));
}

TEST_CASE("a second derivative is not lost in silence", "[record]") {
  Tensor x = ones({2}, {.requires_grad = true});
  const auto careless = [](const Tensor& v) {
    return record("careless", {v}, v.detach() * v.detach(), save_inputs,
                  [](const Tensor& dy, Inputs in, InputGradients dx) {
                    const NoGrad guard;
                    dx.add(0, dy * in[0] * 2);
                  });
  };
  careless(x * x).sum().backward();
  CHECK(test::same_bits(x.grad(), full({2}, 4.0)));
  CHECK(throws<GraphError>([&] { square(careless(x)).sum().backward({}, {.create_graph = true}); },
                           {"careless", "without history", "once_differentiable"}));
}

namespace {
// sin and cos in one op: each reads the other's value.
std::vector<Tensor> sine_and_cosine(const Tensor& x) {
  Tensor s = x.detach().clone(), c = x.detach().clone();
  for (std::int64_t i = 0; i < x.numel(); ++i) {
    s.mutable_data<double>()[i] = std::sin(x.data<double>()[i]);
    c.mutable_data<double>()[i] = std::cos(x.data<double>()[i]);
  }
  return record("sine_and_cosine", {x}, std::vector<Tensor>{s, c}, save_output,
                [](std::span<const Tensor> dy, Inputs in, InputGradients dx) {
                  if (dy[0].defined()) dx.add(0, dy[0] * in.output(1));
                  if (dy[1].defined()) dx.add(0, -(dy[1] * in.output(0)));
                });
}
}  // namespace

TEST_CASE("an op with several results runs its local gradient once", "[record][tuple]") {
  const Tensor x = test::uniform({3, 2}, -2, 2, 4);
  const auto both = [](const Tensor& v) { return sine_and_cosine(v); };
  CHECK(gradcheck(both, {x}));
  CHECK(gradgradcheck(both, {x}));
  // one result unused, one used twice
  CHECK(gradcheck(
      [](const Tensor& v) {
        const auto y = sine_and_cosine(v);
        return y[1] * y[1];
      },
      {x}));
  CHECK(gradcheck(
      [](const Tensor& v) {
        const auto y = sine_and_cosine(v);
        return y[0] * y[1] + y[0];
      },
      {x}));
  Tensor leaf_x = x.clone().requires_grad_();
  const auto y = sine_and_cosine(leaf_x);
  y[0].sum().backward();
  CHECK(throws<GraphError>([&] { y[1].sum().backward(); }, {"a second time"}));
}

TEST_CASE("a local gradient may sweep graphs of its own", "[backward]") {
  Tensor w = leaf(3);
  const Tensor inner = w * w;
  Tensor x = leaf(2);
  const Tensor y = record("nested", {x, inner}, x.detach() * inner.detach(), save_inputs,
                          [](const Tensor& dy, Inputs in, InputGradients dx) {
                            const EnableGrad on;
                            Tensor v = in[0].detach().requires_grad_();
                            const Tensor g = grad(v * in[1].detach(), v)[0];
                            dx.add(0, dy * g);
                            dx.add(1, dy * in[0]);
                          });
  y.backward();
  CHECK(x.grad().item<double>() == 9);
  CHECK(w.grad().item<double>() == 12);
}

TEST_CASE("inputs that are no tensors are read as such", "[record]") {
  Tensor x = ones({2}, {.dtype = float64, .requires_grad = true});
  const Tensor y =
      record("scaled", {x, 2.5}, x.detach() * 2.5, save_input(1),
             [](const Tensor& dy, Inputs in, InputGradients dx) { dx.add(0, dy * in[1]); });
  y.sum().backward();
  CHECK(x.grad().data<double>()[1] == 2.5);
}

TEST_CASE("grad does not pass over a used-up function that its inputs may lie behind",
          "[backward]") {
  const Tensor x = tensor(2.0, {.requires_grad = true}),
               early = tensor(3.0, {.requires_grad = true});
  const Tensor h = x * x;
  h.backward();
  CHECK(throws<GraphError>([&] { grad(h * x + x, x); }, {"grad", "a second time", "mul"}));
  CHECK(grad(h.detach() * x + x, x)[0].item<double>() == 5);
  const Tensor late = tensor(3.0, {.requires_grad = true});
  CHECK(grad(h * late, late)[0].item<double>() == 4);  // nothing behind h is as young
}

TEST_CASE("a second derivative without create_graph says what was missing", "[backward]") {
  const Tensor x = tensor(2.0, {.requires_grad = true});
  const Tensor slope = grad(x * x * x, x)[0];
  CHECK(throws<GraphError>([&] { grad(slope, x); }, {"grad", "create_graph = true"}));
  CHECK(throws<GraphError>([&] { slope.backward(); }, {"backward", "create_graph = true"}));
}

TEST_CASE("a leaf that an operator has bound to a new value is named as that", "[backward]") {
  Tensor v = tensor({1.0}, {.requires_grad = true});
  (v * v).sum().backward();
  v -= 0.1 * v.grad();
  CHECK(throws<GraphError>([&] { v.assign(zeros({1})); },
                           {"assign", "computed by sub", "backward.cpp", "x -= y", "x.assign"}));
  CHECK(throws<GraphError>([&] { v.grad() * 2; }, {"undefined", "x -= y"}));
  Tensor w = tensor({1.0}, {.requires_grad = true});
  {
    const NoGrad guard;
    w -= 0.1;
  }
  CHECK(
      throws<GraphError>([&] { (w * w).sum().backward(); }, {"backward", "w -= ...", "w.assign"}));
}

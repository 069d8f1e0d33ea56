#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using test::all_close;
using test::throws;

TEST_CASE("a hook sees a gradient once, whole, and may replace it", "[graph][hooks]") {
  Tensor x = tensor({1.0, 2.0}, {.requires_grad = true});
  const Tensor h = x * 3;
  int calls = 0;
  Tensor seen;
  const HookHandle look = register_hook(h, [&](const Tensor& g) {
    ++calls;
    seen = g;
  });
  const HookHandle halve = h.register_hook([](const Tensor& g) { return g / 2; });
  const HookHandle add = register_hook(x, [](const Tensor& g) { return g + 1; });
  (h * h + h).sum().backward();  // dh = 2 h + 1
  CHECK(calls == 1);
  CHECK(all_close(seen, tensor({7.0, 13.0}), 1e-6));
  CHECK(all_close(x.grad(), tensor({7.0, 13.0}) * 1.5 + 1, 1e-6));
  CHECK(all_close(grad((x * 2).sum(), x)[0], tensor({3.0, 3.0}), 1e-6));
}

TEST_CASE("a hook goes with its handle, and outlives it if released", "[graph][hooks]") {
  Tensor x = tensor({1.0}, {.requires_grad = true});
  const auto slope = [&] { return grad((x * 1).sum(), x)[0].item<double>(); };
  {
    const HookHandle doubled = register_hook(x, [](const Tensor& g) { return g * 2; });
    CHECK(slope() == 2);
  }
  CHECK(slope() == 1);
  HookHandle first = register_hook(x, [](const Tensor& g) { return g * 2; });
  HookHandle second = register_hook(x, [](const Tensor& g) { return g * 5; });
  first.remove();
  first.remove();
  CHECK(slope() == 5);
  second = HookHandle();
  CHECK(slope() == 1);
  register_hook(x, [](const Tensor& g) { return g * 7; }).release();
  CHECK(slope() == 7);
  HookHandle left;
  {
    const Tensor gone = tensor({1.0}, {.requires_grad = true});
    left = register_hook(gone, [](const Tensor&) {});
  }
  left.remove();  // the tensor is no more
}

TEST_CASE("a hook may take itself away", "[graph][hooks]") {
  Tensor x = tensor({1.0}, {.requires_grad = true});
  HookHandle once;
  int calls = 0;
  once = register_hook(x, [&](const Tensor&) {
    ++calls;
    once.remove();
  });
  x.sum().backward();
  (x * 1).sum().backward();
  CHECK(calls == 1);
}

TEST_CASE("after accumulation a leaf's hook sees .grad", "[graph][hooks]") {
  Tensor w = tensor({1.0, 2.0}, {.requires_grad = true});
  std::vector<double> totals;
  const HookHandle hook = register_post_accumulate_grad_hook(
      w, [&](const Tensor& leaf) { totals.push_back(leaf.grad().sum().item<double>()); });
  (w * 2).sum().backward();
  (w * 3).sum().backward();
  CHECK(totals == std::vector<double>{4, 10});
  static_cast<void>(grad((w * w).sum(), w));  // adds to no .grad
  CHECK(totals.size() == 2);
}

TEST_CASE("hooks are part of the graph with create_graph", "[graph][hooks]") {
  const Tensor x = tensor({0.5, 2.0}, {.dtype = float64, .requires_grad = true});
  const Tensor h = x * x;
  HookHandle squared = register_hook(h, [](const Tensor& g) { return g * g; });
  const Tensor g = grad((h * h).sum(), x, {.create_graph = true})[0];  // (2 h)^2 2 x = 8 x^5
  CHECK(all_close(g.detach(), 8 * pow(x.detach(), 5), 1e-12));
  squared.remove();  // or it would see the second sweep pass, too
  CHECK(all_close(grad(g.sum(), x)[0], 40 * pow(x.detach(), 4), 1e-12));
}

TEST_CASE("hooks that cannot be are refused", "[graph][hooks]") {
  const Tensor x = tensor({1.0, 2.0}, {.requires_grad = true}), c = tensor({1.0});
  CHECK(throws<GraphError>([&] { register_hook(c, [](const Tensor&) {}).release(); },
                           {"register_hook", "[1]"}));
  const Tensor y = x * 2;
  CHECK(throws<GraphError>(
      [&] { register_post_accumulate_grad_hook(y, [](const Tensor&) {}).release(); }, {"leaf"}));
  const HookHandle bad = register_hook(x, [](const Tensor&) { return ones({3}); });
  CHECK(throws<GraphError>([&] { y.sum().backward(); }, {"hook", "[3]", "[2]"}));
  CHECK(!x.grad().defined());
}

TEST_CASE("a hook keeps its state from sweep to sweep", "[graph][hooks]") {
  const Tensor x = tensor({1.0}, {.requires_grad = true});
  double last = 0;
  const HookHandle hook =
      register_hook(x, [&last, calls = 0](const Tensor&) mutable { last = ++calls; });
  for (int i = 0; i < 3; ++i) (x * 1).sum().backward();
  CHECK(last == 3);
}

TEST_CASE("a hook may own its handle", "[graph][hooks]") {
  const Tensor x = tensor({1.0}, {.requires_grad = true});
  const auto handle = std::make_shared<HookHandle>();
  std::weak_ptr<int> alive;
  {
    auto token = std::make_shared<int>(0);
    alive = token;
    *handle = register_hook(x, [handle, token](const Tensor&) { handle->remove(); });
  }
  SECTION("and end with it in its own call") { (x * 1).sum().backward(); }
  SECTION("and end with it from outside") { handle->remove(); }
  CHECK(alive.expired());
  (x * 1).sum().backward();
}

TEST_CASE("a hook that owns nothing but its handle goes with it once", "[graph][hooks]") {
  Tensor x = tensor({1.0}, {.requires_grad = true});
  struct Owner {
    HookHandle handle;
  };
  auto* const owner = new Owner;
  owner->handle = register_hook(x, [kept = std::shared_ptr<Owner>(owner)](const Tensor&) {});
  owner->handle.remove();  // frees the hook, the owner and the handle that it is called on
  x = Tensor();
}

TEST_CASE("a hook that throws after accumulation leaves every .grad as it was", "[graph][hooks]") {
  const Tensor a = tensor({1.0}, {.requires_grad = true});
  const Tensor b = tensor({1.0}, {.requires_grad = true});
  (a * 2).sum().backward();
  int calls = 0;
  const HookHandle good = register_post_accumulate_grad_hook(b, [&](const Tensor&) { ++calls; });
  const HookHandle bad =
      register_post_accumulate_grad_hook(a, [](const Tensor&) { throw std::runtime_error("no"); });
  CHECK_THROWS_AS((a * b).sum().backward(), std::runtime_error);
  CHECK(a.grad().item<double>() == 2);
  CHECK(!b.grad().defined());
}

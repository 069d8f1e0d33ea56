#include <xgrad/graph/grad_fn.hpp>

#include <memory>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;

TEST_CASE("leaves and constants have no grad_fn", "[grad_fn]") {
  const Tensor x = ones({2}, {.requires_grad = true});
  CHECK(!x.grad_fn());
  CHECK(!(ones({2}) + 1).grad_fn().defined());
  CHECK(!GradFn().defined());
  CHECK(GradFn() == x.grad_fn());
  CHECK(test::throws<GraphError>([&] { x.grad_fn().name(); }, {"grad_fn", "leaves"}));
  CHECK(test::throws<GraphError>([] { GradFn().next_functions(); }, {"grad_fn"}));
  CHECK(test::throws<GraphError>([] { GradFn().site(); }, {"grad_fn"}));
  CHECK(test::throws<GraphError>([] { Tensor().grad_fn(); }, {"undefined"}));
}

TEST_CASE("a grad_fn names its op and leads to its inputs", "[grad_fn]") {
  const Tensor x = ones({2}, {.requires_grad = true}), c = ones({2});
  const Tensor y = exp(x) * c;
  const GradFn f = y.grad_fn();
  CHECK(f.name() == "mul");
  CHECK(f.site().line == y.site().line);
  const std::vector<GradFn> next = f.next_functions();
  REQUIRE(next.size() == 2);
  CHECK(next[0].name() == "exp");
  CHECK(!next[1]);
  const std::vector<GradFn> leaves = next[0].next_functions();
  REQUIRE(leaves.size() == 1);
  CHECK(leaves[0].name() == "AccumulateGrad");
  CHECK(leaves[0].next_functions().empty());
}

TEST_CASE("results of one call have one grad_fn", "[grad_fn]") {
  const Tensor x = test::leaf({3, 3}, -1, 1, 1);
  const auto [u, s, vh] = linalg::svd(x);
  CHECK(u.grad_fn() == s.grad_fn());
  CHECK(u.grad_fn().name() == "linalg.svd");
  CHECK(u.grad_fn() != exp(x).grad_fn());
  const Tensor y = s + 1;
  CHECK(y.grad_fn().next_functions()[0] == s.grad_fn());
}

TEST_CASE("a grad_fn keeps what the graph has saved", "[grad_fn]") {
  const Tensor x = ones({2}, {.requires_grad = true});
  std::weak_ptr<int> seen;
  GradFn f;
  {
    const auto kept = std::make_shared<int>(0);
    seen = kept;
    float memory[] = {1, 2};
    f = (x * from_blob(memory, {2}, [kept](void*) {})).grad_fn();
  }
  CHECK(!seen.expired());
  f = GradFn();
  CHECK(seen.expired());
}

TEST_CASE("a grad_fn keeps the graph, but not the result of its op", "[grad_fn]") {
  Tensor x = ones({1000}, {.requires_grad = true});
  const std::size_t before = memory_stats().current;
  GradFn f = (x + 1).grad_fn();
  CHECK(memory_stats().current < before + 4000);
  x = Tensor();
  CHECK(f.next_functions()[0].name() == "AccumulateGrad");
  GradFn copy = f, moved = std::move(f);
  f = copy;
  copy = GradFn();
  CHECK(f == moved);
  CHECK(f.name() == "add");
}

TEST_CASE("a graph that is used up leads nowhere", "[grad_fn]") {
  const Tensor x = ones({2}, {.requires_grad = true});
  const Tensor y = (x * x).sum();
  y.backward();
  CHECK(y.grad_fn().name() == "sum");
  CHECK(y.grad_fn().next_functions().empty());
}

#include <xgrad/ops/pointwise.hpp>
#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using test::throws;

TEST_CASE("a tensor tells its shape, dtype and name", "[tensor]") {
  Tensor t = zeros({2, 3}, {.dtype = float64});
  CHECK(t.dim() == 2);
  CHECK(t.numel() == 6);
  CHECK(t.size(0) == 2);
  CHECK(t.size(-1) == 3);
  CHECK(throws<ShapeError>([&] { t.size(2); }, {"size", "dim 2", "[-2, 1]"}));
  CHECK(t.name().empty());
  CHECK(t.set_name("weight").name() == "weight");
}

TEST_CASE("elements are reached by their type alone", "[tensor]") {
  const Tensor t = tensor({1.0, 2.0});
  CHECK(t.span<float>().size() == 2);
  CHECK(throws<DTypeError>([&] { t.data<double>(); }, {"[2] float32", "float64", ".to("}));
  CHECK(throws<ShapeError>([&] { t.item<double>(); }, {"item", "[2]"}));
  CHECK(tensor({{{3}}}).item<double>() == 3);
  CHECK(tensor(2.9).item<unsigned>() == 2);
  CHECK(tensor(true).item<long long>() == 1);
  static_assert(!Element<int>);
}

TEST_CASE("an undefined tensor throws instead of crashing", "[tensor]") {
  const Tensor none;
  CHECK(!none.defined());
  CHECK(throws<GraphError>([&] { none.shape(); }, {"undefined"}));
  CHECK(throws<GraphError>([&] { none.backward(); }, {"undefined"}));
  CHECK(throws<GraphError>([&] { none + 1; }, {"undefined"}));
  CHECK(throws<GraphError>([&] { relu(none); }, {"undefined"}));
  CHECK(throws<GraphError>([&] { matmul(none, none); }, {"undefined"}));
}

TEST_CASE("conversion keeps values and passes gradients between the floats", "[tensor]") {
  Tensor x = tensor({1.5, -2.5}, {.requires_grad = true});
  const Tensor y = x.to(float64);
  CHECK(y.dtype() == float64);
  (y * tensor({2., 3.}, {.dtype = float64})).sum().backward();
  CHECK(x.grad().dtype() == float32);
  CHECK(test::same_bits(x.grad(), tensor({2., 3.})));
  CHECK(test::same_bits(tensor({0., 2., double(NAN)}).to(bool_), tensor({false, true, true})));
  CHECK(test::same_bits(tensor({-1.9, 1.9}).to(int64), tensor({-1, 1})));
  CHECK(!x.to(int64).requires_grad());
}

TEST_CASE("detach shares the storage, clone copies it", "[tensor]") {
  Tensor x = ones({2}, {.requires_grad = true});
  const Tensor d = x.detach(), c = x.clone();
  CHECK(!d.requires_grad());
  CHECK(c.requires_grad());
  x.mutable_data<float>()[0] = 9;
  CHECK(d.data<float>()[0] == 9);
  CHECK(c.data<float>()[0] == 1);
  c.sum().backward();
  CHECK(test::same_bits(x.grad(), ones({2})));
}

TEST_CASE("assign overwrites a leaf and refuses what does not fit", "[tensor]") {
  Tensor w = zeros({2, 3}, {.requires_grad = true});
  w.assign(tensor({1., 2., 3.}));
  CHECK(test::same_bits(w.detach(), tensor({{1., 2., 3.}, {1., 2., 3.}})));
  w.assign(tensor(4, {.dtype = float64}));
  CHECK(w.data<float>()[5] == 4);
  CHECK(throws<ShapeError>([&] { w.assign(zeros({2})); }, {"assign", "[2]", "[2, 3]"}));
  CHECK(throws<ShapeError>([&] { w.assign(zeros({4, 2, 3})); }, {"assign"}));
  Tensor y = w * 2;
  CHECK(throws<GraphError>([&] { y.assign(w); }, {"assign", "leaves"}));
  CHECK(throws<GraphError>([&] { y.mutable_data<float>(); }, {"mutable_data"}));
}

TEST_CASE("only leaves of a float type choose to want gradients", "[tensor]") {
  Tensor x = ones({2});
  CHECK(!x.requires_grad());
  CHECK(x.requires_grad_().requires_grad());
  CHECK(x.is_leaf());
  Tensor y = x * 2;
  CHECK(!y.is_leaf());
  CHECK(throws<GraphError>([&] { y.requires_grad_(false); }, {"leaves", "detach"}));
  CHECK(throws<DTypeError>([] { ones({2}, {.dtype = int64, .requires_grad = true}); },
                           {"int64", "float32"}));
  CHECK(!x.requires_grad_(false).requires_grad());
}

TEST_CASE("a gradient can be set, and has to fit", "[tensor]") {
  Tensor x = ones({2}, {.requires_grad = true});
  CHECK(!x.grad().defined());
  x.set_grad(full({2}, 3.0));
  x.sum().backward();
  CHECK(x.grad().data<float>()[0] == 4);
  x.zero_grad();
  CHECK(!x.grad().defined());
  CHECK(throws<ShapeError>([&] { x.set_grad(ones({3})); }, {"set_grad", "[3]", "[2]"}));
  CHECK(throws<ShapeError>([&] { x.set_grad(ones({2}, {.dtype = float64})); }, {"set_grad"}));
}

TEST_CASE("an operator with assignment binds a new value", "[tensor]") {
  const Tensor a = tensor({1., 2.});
  Tensor x = a;
  x += 1;
  x *= x;
  x -= a;
  x /= 2;
  CHECK(test::same_bits(a, tensor({1., 2.})));
  CHECK(test::same_bits(x, tensor({1.5, 3.5})));
}

TEST_CASE("a tensor that was moved into an op is undefined, not broken", "[tensor]") {
  Tensor x = ones({1000});
  const Tensor y = std::move(x) + 1;
  CHECK(y.data<float>()[999] == 2);
  CHECK(!x.defined());
}

TEST_CASE("a tensor may be moved into an op and read by it at once", "[tensor]") {
  const auto f = pointwise("f", [](auto a, auto b) { return a + b * b; });
  Tensor leaf = full({5}, 3.0, {.requires_grad = true});
  Tensor x = leaf * 1;
  f(std::move(x), x).sum().backward();
  CHECK(test::same_bits(leaf.grad(), full({5}, 7.0)));
}

#include <xgrad/graph/from_blob.hpp>

#include <memory>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using test::throws;

TEST_CASE("a tensor lies over the user's memory", "[from_blob]") {
  std::vector<float> memory{1, 2, 3, 4, 5, 6};
  Tensor x = from_blob(memory.data(), {2, 3});
  CHECK(x.dtype() == float32);
  CHECK(x.data<float>() == memory.data());
  CHECK(test::same_bits(x, tensor({{1., 2., 3.}, {4., 5., 6.}})));
  memory[0] = 9;
  CHECK(x.data<float>()[0] == 9);
  CHECK(x.reshape({6}).data<float>() == memory.data());
  CHECK(x.clone().data<float>() != memory.data());
}

TEST_CASE("changes in place write to the user's memory", "[from_blob]") {
  std::vector<double> memory{1, 2};
  Tensor x = from_blob(memory.data(), 2, {.requires_grad = true});
  x.assign(tensor({5., 6.}));
  CHECK(memory == std::vector<double>{5, 6});
  x.assign(x.detach() * 2);
  CHECK(memory == std::vector<double>{10, 12});
  optim::SGD optimizer({x}, {.lr = 1});
  (x * x).sum().backward();
  optimizer.step();
  CHECK(memory == std::vector<double>{-10, -12});
}

TEST_CASE("no op writes its result to the user's memory", "[from_blob]") {
  std::vector<float> memory{1, 2, 3};
  const auto x = [&] { return from_blob(memory.data(), {3}); };
  const Tensor y = x() + 1, z = exp(x()), w = mul(x(), 2), v = relu(x().reshape({3, 1}));
  CHECK(memory == std::vector<float>{1, 2, 3});
  CHECK(test::same_bits(y, tensor({2., 3., 4.})));
  Tensor a = ones({3}, {.requires_grad = true});
  const Tensor b = a + a;  // two contributions to one gradient
  b.backward(x());
  CHECK(memory == std::vector<float>{1, 2, 3});
  CHECK(test::same_bits(a.grad(), tensor({2., 4., 6.})));
  Tensor c = ones({3}, {.requires_grad = true});
  c.set_grad(x());
  c.sum().backward();
  CHECK(memory == std::vector<float>{1, 2, 3});
  CHECK(test::same_bits(c.grad(), tensor({2., 3., 4.})));
}

TEST_CASE("the deleter runs once, when nothing uses the memory any more", "[from_blob]") {
  auto* const memory = new std::int64_t[2]{1, 2};
  int deleted = 0;
  Tensor other;
  {
    const Tensor x = from_blob(memory, {2}, [&](void* p) {
      ++deleted;
      delete[] static_cast<std::int64_t*>(p);
    });
    other = x.detach().reshape({1, 2});
    const Tensor copy = x;
  }
  CHECK(deleted == 0);
  CHECK(other.data<std::int64_t>() == memory);
  other = Tensor();
  CHECK(deleted == 1);
}

TEST_CASE("a graph keeps the user's memory that it has saved", "[from_blob]") {
  std::weak_ptr<std::vector<float>> seen;
  Tensor w = ones({2}, {.requires_grad = true}), y;
  {
    const auto memory = std::make_shared<std::vector<float>>(2, 3.0F);
    seen = memory;
    y = w * from_blob(memory->data(), {2}, [memory](void*) {});
  }
  CHECK(!seen.expired());
  y.sum().backward();
  CHECK(test::same_bits(w.grad(), tensor({3., 3.})));
  y = Tensor();
  CHECK(seen.expired());
}

TEST_CASE("memory without a type has the dtype that is told", "[from_blob]") {
  double memory[] = {1.5, 2.5};
  void* const plain = memory;
  CHECK(test::same_bits(from_blob(plain, {2}, {.dtype = float64}), tensor(memory)));
  CHECK(from_blob(plain, {4}).dtype() == float32);
  int deleted = 0;
  from_blob(plain, {2}, [&](void*) { ++deleted; }, {.dtype = int64});
  CHECK(deleted == 1);
}

TEST_CASE("an empty tensor needs no memory", "[from_blob]") {
  CHECK(from_blob(static_cast<float*>(nullptr), {0, 3}).numel() == 0);
  CHECK(throws<ValueError>([] { from_blob(static_cast<float*>(nullptr), {}); },
                           {"from_blob", "null", "[]", "from_blob.cpp"}));
}

TEST_CASE("what cannot be a tensor is refused, and stays the user's", "[from_blob]") {
  alignas(8) char memory[64] = {};
  int deleted = 0;
  const auto deleter = [&](void*) { ++deleted; };
  auto* const odd = reinterpret_cast<float*>(memory + 1);
  auto* const even = reinterpret_cast<float*>(memory);
  auto* const ints = reinterpret_cast<std::int64_t*>(memory);
  CHECK(throws<ValueError>([&] { from_blob(odd, {2}, deleter); }, {"aligned", "float32", "4"}));
  CHECK(throws<ShapeError>([&] { from_blob(even, {-2}, deleter); }, {"from_blob", "[-2]"}));
  CHECK(throws<DTypeError>([&] { from_blob(even, {2}, deleter, {.dtype = float64}); },
                           {"float32", "float64", ".to("}));
  CHECK(throws<DTypeError>([&] { from_blob(ints, {2}, deleter, {.requires_grad = true}); },
                           {"int64", "gradient"}));
  CHECK(deleted == 0);
}

// The programs of the README and of the design, compiled as written and checked.
#include <functional>
#include <sstream>

#include <xgrad/xgrad.hpp>
#include <xgrad/xtensor.hpp>
#if __has_include(<xtensor/xrandom.hpp>)
#include <xtensor/xrandom.hpp>
#else
#include <xtensor/generators/xrandom.hpp>
#endif
#include <xgrad/ops/pointwise.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using xgrad::Tensor;
namespace test = xgrad::test;

TEST_CASE("a scalar function has the gradient that calculus gives", "[public_api]") {
  Tensor x = xgrad::tensor(2.0, {.requires_grad = true});
  Tensor y = x * x + 3 * x + 1;
  y.backward();
  CHECK(x.grad().item<double>() == 7);
  CHECK(y.item<float>() == 11);
}

struct Mlp : xgrad::nn::Module {
  xgrad::nn::Linear hidden = child("hidden", xgrad::nn::Linear(784, 128));
  xgrad::nn::Linear output = child("output", xgrad::nn::Linear(128, 10));
  Tensor forward(const Tensor& x) { return output(relu(hidden(x))); }
};

TEST_CASE("the model of the README trains", "[public_api]") {
  xgrad::manual_seed(5);
  const xgrad::data::TensorDataset noise(xgrad::rand({192, 784}), xgrad::randint(0, 10, {192}));
  xgrad::data::DataLoader loader(noise, {.batch_size = 64, .shuffle = true, .seed = 3});
  Mlp model;
  xgrad::optim::SGD optimizer(model.parameters(), {.lr = 0.1, .momentum = 0.9});
  double first = 0, last = 0;
  for (int epoch = 0; epoch < 30; ++epoch)
    for (auto [images, labels] : loader) {
      optimizer.zero_grad();
      Tensor loss = cross_entropy(model.forward(images), labels);
      loss.backward();
      xgrad::optim::clip_grad_norm_(model.parameters(), 1.0);
      optimizer.step();
      last = loss.item<double>();
      if (first == 0) first = last;
    }
  CHECK(last < first / 2);
}

TEST_CASE("xtensor comes in and goes out", "[public_api]") {
  Tensor t = xgrad::tensor(xt::random::randn<float>({64, 784}));
  CHECK(t.shape() == xgrad::Shape{64, 784});
  CHECK(t.dtype() == xgrad::float32);
  const float m = xt::mean(t.array<float>())();
  CHECK(std::abs(m) < 0.05F);
  auto view = t.array<float>();
  CHECK(static_cast<const void*>(view.data()) == t.data<float>());  // zero-copy
  const float corner = t.data<float>()[0];
  t = Tensor();
  CHECK(view(0, 0) == corner);  // the view keeps the storage alive
}

TEST_CASE("a leaf changes through an array, and its version with it", "[public_api]") {
  Tensor w = xgrad::ones({2, 2}, {.requires_grad = true});
  Tensor y = (w * w).sum();
  w.mutable_array<float>()(0, 1) = 5;
  CHECK(w.data<float>()[1] == 5);
  CHECK(test::throws<xgrad::GraphError>([&] { y.backward(); }, {"mul", "changed in place"}));
}

TEST_CASE("an array of a leaf is assigned expressions, which write through", "[public_api]") {
  Tensor w = xgrad::ones({2, 2}), v = xgrad::full({2, 2}, 3.0);
  w.mutable_array<float>() = 2 * v.array<float>() + 1;
  CHECK(test::same_bits(w, xgrad::full({2, 2}, 7.0)));
  w.mutable_array<float>() = v.mutable_array<float>();  // the elements, not where they lie
  v.mutable_array<float>() += 1;
  CHECK(test::same_bits(w, xgrad::full({2, 2}, 3.0)));
  w.mutable_array<float>() = v.array<float>();
  CHECK(test::same_bits(w, xgrad::full({2, 2}, 4.0)));
  CHECK(test::throws<xgrad::ShapeError>(
      [&] { w.mutable_array<float>() = xt::xarray<float>::from_shape({5}); }, {"array"}));
}

TEST_CASE("an elementwise op is its formula", "[public_api]") {
  auto softsign = xgrad::pointwise("softsign", [](auto x) { return x / (1 + abs(x)); });
  const Tensor t = test::uniform({4, 3}, -2, 2, 1);
  CHECK(test::all_close(softsign(t), t / (1 + abs(t)), 1e-15));
  CHECK(xgrad::gradcheck([&](const Tensor& x) { return softsign(x); }, {t}));
  CHECK(xgrad::gradgradcheck([&](const Tensor& x) { return softsign(x); }, {t}));
}

// A running sum along one axis.
Tensor running_sum(const Tensor& x, int dim);
Tensor reversed_running_sum(const Tensor& x, int dim, bool reverse) {
  const xgrad::NoGrad guard;
  const Tensor y = x.detach().clone();
  const std::int64_t n = x.size(dim), inner = x.numel() / x.size(0) / (dim == 0 ? 1 : n);
  Tensor result = y;
  double* p = result.mutable_data<double>();
  for (std::int64_t i = 0; i < x.numel(); ++i) {
    const std::int64_t at = reverse ? x.numel() - 1 - i : i;
    const std::int64_t along = at / inner % n;
    if (along != (reverse ? n - 1 : 0)) p[at] += p[at + (reverse ? inner : -inner)];
  }
  return result;
}
Tensor record_running_sum(const Tensor& x, int dim, bool reverse) {
  return xgrad::record("running_sum", {x}, reversed_running_sum(x, dim, reverse),
                       xgrad::save_nothing,
                       [dim, reverse](const Tensor& dy, xgrad::Inputs, xgrad::InputGradients dx) {
                         dx.add(0, record_running_sum(dy, dim, !reverse));
                       });
}
Tensor running_sum(const Tensor& x, int dim) { return record_running_sum(x, dim, false); }

TEST_CASE("an op of any kind is its value and its local gradient", "[public_api]") {
  const auto f = [](const Tensor& x) { return running_sum(x, 0); };
  CHECK(xgrad::gradcheck(f, {xgrad::rand({4, 3}, {.dtype = xgrad::float64})}));
  CHECK(xgrad::gradgradcheck(f, {xgrad::rand({4, 3}, {.dtype = xgrad::float64})}));
}

TEST_CASE("a function of tensors is a function object", "[public_api]") {
  const std::function<Tensor(const Tensor&)> f = xgrad::relu;
  CHECK(f(xgrad::tensor({-1.0, 2.0})).data<float>()[1] == 2);
}

template <class T>
concept AssignsToGradient = requires(T x, T v) {
  x.grad() = v;
};
template <class T>
concept AssignsToOpResult = requires(T x, T v) {
  (x + v) = v;
};
static_assert(!AssignsToGradient<Tensor>, "an assignment to a temporary would be lost");
static_assert(!AssignsToOpResult<Tensor>);

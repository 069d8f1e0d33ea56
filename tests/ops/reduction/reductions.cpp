// Laws and edges of reductions, products, softmax and losses.
#include <cmath>
#include <limits>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;

namespace {
constexpr double inf = std::numeric_limits<double>::infinity();
}

TEST_CASE("a float32 sum of ten million values is within 1e-6", "[ops][sum]") {
  Generator g(1);
  const Tensor x = rand({10'000'019}, {.generator = &g});
  double exact = 0, rest = 0;  // compensated
  for (const float v : x.span<float>()) {
    const double y = static_cast<double>(v) - rest, t = exact + y;
    rest = (t - exact) - y;
    exact = t;
  }
  CHECK(std::abs(sum(x).item<double>() - exact) / exact < 1e-6);
  const Tensor columns = reshape(x.detach() * 1, {10'000'019, 1});
  CHECK(std::abs(sum(columns, 0).item<double>() - exact) / exact < 1e-6);
  const Tensor many = full({1'000'000, 3}, 0.1);
  CHECK(std::abs(sum(many, 0).data<float>()[1] / 1e5 - 1) < 1e-6);
}

TEST_CASE("sums agree with plain loops on every layout", "[ops][sum]") {
  for (const Shape& s :
       std::vector<Shape>{{3, 5, 7}, {1, 300, 2}, {70, 1, 65}, {2, 3, 400}, {130, 70, 1}}) {
    const Tensor x = test::uniform(s, -1, 1, 1);
    for (int dim = 0; dim < 3; ++dim) {
      const Tensor y = sum(x, dim, true);
      Tensor expected = zeros(y.shape(), {.dtype = float64});
      double* e = expected.mutable_data<double>();
      for (std::int64_t i = 0; i < x.numel(); ++i) {
        std::int64_t index[3] = {i / (s[1] * s[2]), i / s[2] % s[1], i % s[2]};
        index[dim] = 0;
        e[(index[0] * y.size(1) + index[1]) * y.size(2) + index[2]] += x.data<double>()[i];
      }
      CHECK(test::all_close(y, expected, 1e-12));
    }
  }
  CHECK(test::same_bits(sum(tensor({true, true, false})), tensor(2)));
  CHECK(test::same_bits(sum(tensor({{1, 2}, {3, 4}}), 0), tensor({4, 6})));
  CHECK(sum(zeros({0})).item<double>() == 0);
  CHECK(std::isnan(mean(zeros({0})).item<double>()));
  CHECK(test::same_bits(sum(zeros({0, 3}), 0), zeros({3})));
  CHECK(std::isnan(sum(tensor({inf, -inf})).item<double>()));
}

TEST_CASE("extremes share ties and pass NaN on", "[ops][amax]") {
  Tensor x = tensor({{1., 3., 3.}, {2., 2., 2.}}, {.dtype = float64, .requires_grad = true});
  amax(x, 1).sum().backward();
  CHECK(test::all_close(
      x.grad(), tensor({{0., 0.5, 0.5}, {1 / 3., 1 / 3., 1 / 3.}}, {.dtype = float64}), 1e-15));
  CHECK(std::isnan(amax(tensor({1., double(NAN), 3.})).item<double>()));
  CHECK(std::isnan(amin(tensor({double(NAN), 1.})).item<double>()));
  CHECK(amax(tensor({-inf, -inf})).item<double>() == -inf);
  CHECK(test::same_bits(amax(tensor({{1, 5}, {7, 2}}), 0), tensor({7, 5})));
  CHECK(amin(tensor({true, false})).item<bool>() == false);
}

TEST_CASE("argmax gives the first of equals, and NaN before all", "[ops][argmax]") {
  const Tensor x = tensor({{1., 4., 4.}, {9., 2., 9.}});
  CHECK(test::same_bits(argmax(x), tensor(3)));
  CHECK(test::same_bits(argmax(x, 1), tensor({1, 0})));
  CHECK(test::same_bits(argmax(x, 0, true), tensor({{1, 0, 1}})));
  CHECK(test::same_bits(argmin(x, -1), tensor({0, 1})));
  CHECK(argmax(tensor({1., double(NAN), 3., double(NAN)})).item<int>() == 1);
  CHECK(argmax(tensor(5.0)).item<int>() == 0);
  CHECK(x.argmax(1).dtype() == int64);
}

TEST_CASE("products agree with plain loops at every size and flag", "[ops][matmul]") {
  const DType dtype = GENERATE(float32, float64);
  const double tolerance = dtype == float32 ? 2e-4 : 1e-11;
  for (const std::array<std::int64_t, 3>& s : {std::array<std::int64_t, 3>{1, 1, 1},
                                               {3, 5, 7},
                                               {2, 4, 1},
                                               {33, 31, 300},
                                               {64, 128, 784},
                                               {100, 1, 200},
                                               {1, 257, 511},
                                               {129, 65, 33}}) {
    const auto [m, n, k] = s;
    Tensor a = test::uniform({m, k}, -1, 1, 1, dtype).requires_grad_(),
           b = test::uniform({k, n}, -1, 1, 2, dtype).requires_grad_();
    const Tensor x = a.detach().to(float64), y = b.detach().to(float64);
    Tensor expected = zeros({m, n}, {.dtype = float64});
    double* e = expected.mutable_data<double>();
    for (std::int64_t i = 0; i < m; ++i)
      for (std::int64_t p = 0; p < k; ++p)
        for (std::int64_t j = 0; j < n; ++j)
          e[i * n + j] += x.data<double>()[i * k + p] * y.data<double>()[p * n + j];
    const Tensor c = matmul(a, b);
    CHECK(test::all_close(c.detach(), expected, tolerance));
    CHECK(test::all_close(linear(a, t(b)).detach(), expected, tolerance));
    // the gradients are products with transposed operands
    const Tensor up = test::uniform({m, n}, -1, 1, 3, dtype);
    const auto g = grad(c, {a, b}, {.grad_outputs = up});
    CHECK(test::all_close(g[0], matmul(up, t(b.detach())), tolerance));
    CHECK(test::all_close(g[1], matmul(t(a.detach()), up), tolerance));
  }
}

TEST_CASE("gradients of products accumulate into what is there", "[ops][matmul]") {
  const Shape big{40, 50};
  Tensor w = test::uniform(big, -1, 1, 1).requires_grad_();
  const Tensor x = test::uniform({30, 40}, -1, 1, 2);
  (matmul(x, w) + matmul(x * 2, w)).sum().backward();
  const Tensor single = grad(matmul(x, w).sum(), w)[0];
  CHECK(test::all_close(w.grad(), single * 3, 1e-10));
}

TEST_CASE("integers multiply exactly", "[ops][matmul]") {
  CHECK(test::same_bits(matmul(tensor({{1, 2}, {3, 4}}), tensor({5, 6})), tensor({17, 39})));
  const Tensor big = arange(2000).reshape({40, 50});
  CHECK(matmul(big, t(big)).data<std::int64_t>()[0] == 49 * 50 * 99 / 6);
}

TEST_CASE("softmax sums to one and ignores a shift", "[ops][softmax]") {
  const DType dtype = GENERATE(float32, float64);
  const double tolerance = dtype == float32 ? 1e-6 : 1e-14;
  const Tensor x = test::uniform({4, 37}, -3, 3, 7, dtype);
  CHECK(test::all_close(sum(softmax(x, 1), 1), ones({4}), tolerance));
  CHECK(test::all_close(sum(softmax(x, 0), 0), ones({37}), tolerance));
  const auto shift = GENERATE(-64.0, 64.0, 1e4);
  const double rounding = dtype == float32 ? 1e-3 : 1e-11;
  CHECK(test::all_close(log_softmax(x + shift, 1), log_softmax(x, 1), rounding));
  CHECK(test::all_close(exp(log_softmax(x, 1)), softmax(x, 1), tolerance));
}

TEST_CASE("log_softmax reproduces SciPy", "[ops][softmax]") {
  // scipy.special.log_softmax([1, 2, 3])
  CHECK(test::all_close(log_softmax(tensor({1.0, 2.0, 3.0}, {.dtype = float64}), 0),
                        tensor({-2.4076059644, -1.4076059644, -0.4076059644}, {.dtype = float64}),
                        1e-9));
}

TEST_CASE("softmax stays finite where scores are extreme", "[ops][softmax]") {
  const Tensor x = tensor({{1e30, 0., -1e30}, {-inf, 0., 0.}});
  CHECK(test::all_close(softmax(x, 1), tensor({{1., 0., 0.}, {0., 0.5, 0.5}}), 1e-7));
  CHECK(log_softmax(x, 1).data<float>()[3] == -INFINITY);
  CHECK(std::isnan(softmax(tensor({-inf, -inf}), 0).data<float>()[0]));
  CHECK(softmax(tensor(5.0), 0).item<float>() == 1);
}

TEST_CASE("cross entropy of ignored samples alone is NaN, as in PyTorch", "[ops][loss]") {
  const Tensor x = test::uniform({2, 3}, -1, 1, 1);
  const Tensor none = tensor({-100, -100});
  CHECK(std::isnan(cross_entropy(x, none).item<double>()));
  CHECK(cross_entropy(x, none, {.reduction = Reduction::sum}).item<double>() == 0);
}

TEST_CASE("reshaping shares memory, transposing copies", "[ops][reshape]") {
  const Tensor x = arange(6);
  CHECK(x.reshape({2, 3}).data<std::int64_t>() == x.data<std::int64_t>());
  const Tensor y = x.reshape({2, 3}).t();
  CHECK(test::same_bits(y, tensor({{0, 3}, {1, 4}, {2, 5}})));
  CHECK(test::same_bits(transpose(transpose(y, 0, 1), 0, 1), y));
  const Tensor big = arange(100 * 70).reshape({100, 70});
  CHECK(big.transpose(0, 1).data<std::int64_t>()[3 * 100 + 7] == 7 * 70 + 3);
  CHECK(x.flatten().shape() == Shape{6});
  CHECK(zeros({2, 3, 4}).flatten(1).shape() == Shape{2, 12});
}

TEST_CASE("gradcheck finds a wrong gradient and says where", "[gradcheck]") {
  const auto wrong = [](const Tensor& x) {
    return record("wrong", {x}, x.detach() * x.detach(), save_inputs,
                  [](const Tensor& dy, Inputs in, InputGradients dx) {
                    const Tensor mask = eq(arange(6).reshape({2, 3}), 4).to(float64);
                    dx.add(0, dy * in[0] * (2 + mask));
                  });
  };
  const GradcheckResult r = gradcheck(wrong, {test::uniform({2, 3}, 1, 2, 1)});
  CHECK(!r);
  CHECK(r.input == 0);
  CHECK(r.index == std::vector<std::int64_t>{1, 1});
  CHECK(std::abs(r.analytic / r.numeric - 1.5) < 1e-6);
  CHECK(r.message.find("failed") != std::string::npos);
  CHECK(r.message.find("[1, 1]") != std::string::npos);
  CHECK(test::throws<DTypeError>(
      [&] {
        gradcheck(wrong, {ones({2, 3})});
      },
      {"gradcheck", "float64"}));
}

#include <cmath>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using test::throws;

TEST_CASE("the first op that makes a NaN or an infinity is named", "[graph][anomaly]") {
  Tensor x = tensor({1.0, -2.0, 0.0}, {.requires_grad = true});
  x.set_name("x");
  const AnomalyMode guard;
  const int line = __LINE__ + 1;
  const auto root = [&] { return sqrt(x * 1); };
  CHECK(throws<AnomalyError>(
      root, {"sqrt", "1 NaN", "[1]", "[-2, 1]", "anomaly.cpp:" + std::to_string(line)}));
  CHECK(throws<AnomalyError>([&] { exp(x * 1) / x; }, {"div", "1 infinities", "[2]", "'x'"}));
  CHECK(throws<AnomalyError>([&] { log(tensor({0.0})); }, {"log"}));  // nothing recorded
}

TEST_CASE("what went in already is no anomaly", "[graph][anomaly]") {
  const AnomalyMode guard;
  const Tensor scores = tensor({{1.0, 2.0}, {3.0, 4.0}}, {.requires_grad = true});
  const Tensor mask = tril(ones({2, 2}, {.dtype = bool_}));
  const Tensor y = softmax(where(mask, scores, -INFINITY), 1).sum();
  y.backward();
  const Tensor nan = tensor({double(NAN), 1.0});
  CHECK_NOTHROW(nan * 2);
  CHECK_NOTHROW(relu(nan) + 1);
  CHECK(throws<AnomalyError>([&] { return tensor({double(INFINITY)}) * 0; }, {"mul", "1 NaN"}));
  const Tensor x = tensor({double(NAN), 1.0}, {.requires_grad = true});
  CHECK_NOTHROW((x * x).sum().backward());
}

TEST_CASE("a local gradient that makes one is named with the line of its op", "[graph][anomaly]") {
  const Tensor x = tensor({4.0, 0.0}, {.requires_grad = true});
  const AnomalyMode guard;
  const int line = __LINE__ + 1;
  const Tensor y = sqrt(x);
  CHECK(throws<AnomalyError>([&] { y.sum().backward(); },
                             {"the gradient of sqrt", "1 infinities", "[1]", "upstream", "[0, 4]",
                              "anomaly.cpp:" + std::to_string(line)}));
  CHECK(!x.grad().defined());
}

TEST_CASE("gradients are the same while anomalies are looked for", "[graph][anomaly]") {
  const auto gradients = [] {
    Tensor x = test::leaf({3, 4}, -1, 1, 1), w = test::leaf({4, 2}, -1, 1, 2);
    const Tensor y = tanh(matmul(x, w));
    const auto [top, at] = max(y, 1);
    (top * y.sum() + linalg::svdvals(y).sum()).sum().backward();
    return std::vector<Tensor>{x.grad(), w.grad()};
  };
  const std::vector<Tensor> plain = gradients();
  const AnomalyMode guard;
  const std::vector<Tensor> checked = gradients();
  for (std::size_t i = 0; i < 2; ++i) CHECK(test::all_close(checked[i], plain[i], 1e-14));
}

TEST_CASE("anomalies pass when nobody looks", "[graph][anomaly]") {
  { const AnomalyMode guard; }
  CHECK(std::isnan(sqrt(tensor(-1.0)).item<double>()));
}

#include <xgrad/graph/default_dtype.hpp>

#include <thread>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;

namespace {
struct DefaultDType {
  explicit DefaultDType(DType d) { set_default_dtype(d); }
  ~DefaultDType() { set_default_dtype(float32); }
};
}  // namespace

TEST_CASE("the default dtype is float32, and is set to a float alone", "[default_dtype]") {
  CHECK(get_default_dtype() == float32);
  CHECK(test::throws<DTypeError>([] { set_default_dtype(int64); },
                                 {"set_default_dtype", "int64", "default_dtype.cpp"}));
  CHECK(test::throws<DTypeError>([] { set_default_dtype(bool_); }, {"bool"}));
  CHECK(get_default_dtype() == float32);
}

TEST_CASE("new tensors have the default dtype", "[default_dtype]") {
  const DefaultDType guard(float64);
  for (const Tensor& x :
       {zeros(2), ones(2), empty(2), rand(2), randn(2), eye(2), linspace(0, 1, 2), tensor(2.5),
        tensor({1, 2.5}), tensor({}), full(2, 0.5), arange(0, 1, 0.5), normal(0.0, 1.0, {2})})
    CHECK(x.dtype() == float64);
  CHECK(tensor({0.1}).item<double>() == 0.1);
  CHECK(tensor(1).dtype() == int64);
  CHECK(arange(3).dtype() == int64);
  CHECK(full(2, true).dtype() == bool_);
  CHECK(tensor(std::vector<float>{1}).dtype() == float32);
  CHECK(zeros(2, {.dtype = float32}).dtype() == float32);
  CHECK(zeros_like(zeros(2, {.dtype = float32})).dtype() == float32);
  CHECK(to_string(tensor(2.5)) == "tensor(2.5000)");
  CHECK(to_string(tensor(2.5, {.dtype = float32})) == "tensor(2.5000, dtype=float32)");
}

TEST_CASE("integers become the default dtype where they have to", "[default_dtype]") {
  const Tensor i = tensor({1, 2}), f = tensor({1., 2.});
  const DefaultDType guard(float64);
  for (const Tensor& x : {i / 2, i * 0.5, 0.5 + i, sqrt(i), pow(i, 0.5), sigmoid(i), atan2(i, i),
                          logsumexp(i, 0), normal(i, 1)})
    CHECK(x.dtype() == float64);
  CHECK((i * 0.1)[0].item<double>() == 0.1);
  CHECK((i * 2).dtype() == int64);
  CHECK((f * 0.5).dtype() == float32);
  CHECK((f + i).dtype() == float32);
  CHECK((f + tensor(0.5)).dtype() == float32);  // 0-d counts by kind only
  CHECK(isnan(i).dtype() == bool_);
  CHECK(dropout(1, 0.0).dtype() == float64);
}

TEST_CASE("ops on float32 differentiate under another default", "[default_dtype]") {
  Tensor x = tensor({0.5, 1.5}, {.requires_grad = true});
  const DefaultDType guard(float64);
  (where(x > 1, x, 0.5) * 2 + exp(x)).sum().backward();
  CHECK(x.grad().dtype() == float32);
  const Tensor slope = grad((x * x * x).sum(), x, {.create_graph = true})[0];
  CHECK(slope.dtype() == float32);
  CHECK(grad(slope.sum(), x)[0].dtype() == float32);
}

TEST_CASE("the default dtype is the process's", "[default_dtype]") {
  const DefaultDType guard(float64);
  DType seen = float32;
  std::thread([&] { seen = zeros(1).dtype(); }).join();
  CHECK(seen == float64);
}

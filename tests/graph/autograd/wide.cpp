// Ops with many inputs and results, and with inputs that are not there.
#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using test::throws;

TEST_CASE("an op may have more inputs than sixteen bits count", "[record][wide]") {
  const Tensor x = tensor(1.0, {.requires_grad = true});
  stack(std::vector<Tensor>(70000, x)).sum().backward();
  CHECK(x.grad().item<double>() == 70000);
}

TEST_CASE("an op may have more results than sixteen bits count", "[record][wide]") {
  const Tensor x = ones({70000}, {.requires_grad = true});
  const std::vector<Tensor> parts = unbind(x);
  REQUIRE(parts.size() == 70000);
  (parts[69999] * 3 + parts[1] * 2).backward();
  CHECK(x.grad().sum().item<double>() == 5);
  CHECK(x.grad().data<float>()[69999] == 3);
}

namespace {

// The sum of its inputs, whose local gradient reads one of them.
Tensor total(const std::vector<Tensor>& parts, Saved saved, int read) {
  const std::vector<Operand> inputs(parts.begin(), parts.end());
  return record(
      "total", std::span<const Operand>(inputs), detail::value_of(ones({}) * 1), saved,
      [read, n = static_cast<int>(parts.size())](const Tensor& dy, Inputs in, InputGradients dx) {
        for (int i = 0; i < n; ++i)
          if (dx.wants(i)) dx.add(i, dy * in[read]);
      });
}

}  // namespace

TEST_CASE("all inputs are read, also those behind the 32nd", "[record][wide]") {
  std::vector<Tensor> parts(40, tensor(2.0, {.requires_grad = true}));
  parts.back() = tensor(3.0, {.requires_grad = true});
  total(parts, save_inputs, 39).backward();
  CHECK(parts.front().grad().item<double>() == 39 * 3);
  CHECK(throws<ValueError>([] { static_cast<void>(save_input(32)); },
                           {"save_input", "32", "save_inputs"}));
  CHECK(throws<ValueError>([] { static_cast<void>(save_input(-1)); }, {"save_input", "-1"}));
}

TEST_CASE("an input behind the 32nd is not read unless told", "[record][wide]") {
  const std::vector<Tensor> parts(40, tensor(2.0, {.requires_grad = true}));
  CHECK(throws<GraphError>([&] { total(parts, save_input(0), 39).backward(); },
                           {"total", "input 39", "save_inputs"}));
}

TEST_CASE("an optional input may be undefined", "[record]") {
  const Tensor x = tensor({1.0, 2.0}, {.requires_grad = true}), none;
  const auto scaled = [](const Tensor& t, const Tensor& weight) {
    const NoGrad guard;
    const Tensor value = weight.defined() ? t * weight : t * 1;
    const EnableGrad again;
    return record("scaled", {t, weight}, value, save_inputs,
                  [](const Tensor& dy, Inputs in, InputGradients dx) {
                    if (dx.wants(0)) dx.add(0, in[1].defined() ? dy * in[1] : dy);
                    if (dx.wants(1)) dx.add(1, dy * in[0]);
                  });
  };
  scaled(x, none).sum().backward();
  CHECK(test::same_bits(x.grad(), ones({2})));
  const AnomalyMode guard;
  scaled(x, tensor({3.0, 3.0})).sum().backward();
  scaled(x, none).sum().backward();
  CHECK(test::same_bits(x.grad(), full({2}, 5.0)));
  CHECK(!scaled(x.detach(), none).requires_grad());
}

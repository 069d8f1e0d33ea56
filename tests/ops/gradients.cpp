// Every op's gradients, first and second order, and float32 against float64.
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include <xgrad/xgrad.hpp>

#include "ops/op_cases.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/trial.hpp"

using namespace xgrad;
using test::OpCase;
using test::trial;

namespace {

std::vector<Tensor> as(DType dtype, const std::vector<Tensor>& inputs) {
  std::vector<Tensor> leaves;
  for (const Tensor& x : inputs) leaves.push_back(x.detach().to(dtype).clone().requires_grad_());
  return leaves;
}

// Gradients of the sum of squares of the op's result.
std::vector<Tensor> gradients(const OpCase& c, DType dtype, bool create_graph) {
  const std::vector<Tensor> x = as(dtype, c.inputs);
  const Tensor y = c.op(x);
  return grad(square(y).sum(), x, {.create_graph = create_graph, .allow_unused = true});
}

}  // namespace

TEST_CASE("every op with a gradient tells a case of it", "[ops][grad]") {
  for (const std::string& op : test::unchecked_ops())
    FAIL_CHECK(op << " has no @check in its header");
}

TEST_CASE("every gradient matches central differences", "[ops][grad]") {
  for (const OpCase& c : test::all_op_cases()) {
    trial(c.name, [&] { CHECK(gradcheck(c.op, c.inputs)); });
  }
}

TEST_CASE("every gradient's gradient matches central differences", "[ops][grad]") {
  for (const OpCase& c : test::all_op_cases()) {
    trial(c.name, [&] {
      if (c.once)
        CHECK(test::throws<GraphError>([&] { gradgradcheck(c.op, c.inputs); }, {"no second"}));
      else
        CHECK(gradgradcheck(c.op, c.inputs));
    });
  }
}

TEST_CASE("fused gradients agree with those made of ops", "[ops][grad]") {
  for (const OpCase& c : test::all_op_cases()) {
    if (c.once) continue;  // there is one form only
    trial(c.name, [&] {
      const auto fused = gradients(c, float64, false), composed = gradients(c, float64, true);
      for (std::size_t i = 0; i < fused.size(); ++i)
        CHECK(test::all_close(fused[i], composed[i], 1e-12, 1e-12));
    });
  }
}

namespace {

// The inputs with their first element replaced.
OpCase poisoned(const OpCase& c, double number) {
  OpCase p = c;
  for (Tensor& x : p.inputs) {
    x = x.detach().clone();
    if (x.numel() > 0) x.mutable_data<double>()[0] = number;
  }
  return p;
}
// What the op makes of it; nothing if it refuses such a value, as losses of probabilities do.
std::optional<Tensor> value_of(const OpCase& c, DType dtype) {
  try {
    return c.op(as(dtype, c.inputs)).detach();
  } catch (const ValueError&) {
    return {};
  }
}

}  // namespace

TEST_CASE("NaN and infinities go the same way in both types and both forms of the gradient",
          "[ops][grad][special]") {
  for (const OpCase& c : test::all_op_cases()) {
    for (const double number : {double(NAN), double(INFINITY), -double(INFINITY)})
      trial(fmt::format("{} with {}", c.name, number), [&] {
        const OpCase p = poisoned(c, number);
        const std::optional<Tensor> y = value_of(p, float64);
        if (!y) return;
        CHECK(test::all_close(*value_of(p, float32), *y, 3e-6, 3e-6));
        if (c.once) return;
        const auto fused = gradients(p, float64, false), composed = gradients(p, float64, true);
        for (std::size_t i = 0; i < fused.size(); ++i)
          CHECK(test::all_close(fused[i], composed[i], 1e-12, 1e-12));
      });
  }
}

TEST_CASE("float32 agrees with float64 to its own precision", "[ops][grad]") {
  for (const OpCase& c : test::all_op_cases()) {
    trial(c.name, [&] {
      const Tensor y = c.op(as(float32, c.inputs));
      CHECK(y.dtype() == float32);
      CHECK(test::all_close(y.detach(), c.op(as(float64, c.inputs)).detach(), 3e-6, 3e-6));
      const auto single = gradients(c, float32, false), both = gradients(c, float64, false);
      for (std::size_t i = 0; i < single.size(); ++i)
        CHECK(test::all_close(single[i], both[i], 2e-5, 2e-5));
    });
  }
}

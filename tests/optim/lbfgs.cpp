// LBFGS: what it finds, in how many steps, and what is left as it was. PyTorch's iterates are in
// tests/reference.
#include <cmath>
#include <limits>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using test::same_bits;
using test::throws;

namespace {

// A step on a function of one parameter.
template <class F>
Tensor step(optim::Optimizer& optimizer, const Tensor& x, F f) {
  return optimizer.step([&] {
    optimizer.zero_grad();
    const Tensor loss = f(x);
    loss.backward();
    return loss;
  });
}
Tensor rosenbrock(const Tensor& x) {
  const Tensor a = x[0], b = x[1], off = b - a * a;
  return 100 * off * off + (1 - a) * (1 - a);
}
std::int64_t count(const optim::LBFGS& optimizer, const char* name) {
  return optimizer.state_dict().get<std::int64_t>(std::string("state.0.") + name);
}

}  // namespace

TEST_CASE("LBFGS finds the minimum of Rosenbrock's function in a few dozen calls",
          "[optim][lbfgs]") {
  Tensor x = tensor({-1.2, 1.0}, {.dtype = float64}).requires_grad_();
  optim::LBFGS optimizer({x}, {.max_iter = 100, .line_search_fn = "strong_wolfe"});
  CHECK(step(optimizer, x, rosenbrock).item<double>() == Approx(24.2));
  CHECK(test::all_close(x.detach(), tensor({1.0, 1.0}, {.dtype = float64}), 1e-4));
  CHECK(count(optimizer, "func_evals") < 60);
}

TEST_CASE("LBFGS solves a quadratic form of n variables in about n iterations", "[optim][lbfgs]") {
  const std::int64_t n = 6;
  const Tensor r = test::uniform({n, n}, -1, 1, 1), a = matmul(r, r.t()) + eye(n).to(float64);
  const Tensor b = test::uniform({n}, -1, 1, 2);
  Tensor x = zeros({n}, {.dtype = float64, .requires_grad = true});
  optim::LBFGS optimizer({x}, {.max_iter = 3 * n, .line_search_fn = "strong_wolfe"});
  step(optimizer, x, [&](const Tensor& y) { return 0.5 * dot(y, mv(a, y)) - dot(b, y); });
  CHECK(test::all_close(x.detach(), linalg::solve(a, b), 1e-4));
}

TEST_CASE("LBFGS does not depend on how parameters are cut into tensors", "[optim][lbfgs]") {
  const Tensor start = test::uniform({6}, -1, 1, 1), weights = test::uniform({6}, 1, 3, 2);
  const auto f = [&](const Tensor& y) { return (weights * y * y).sum() + cos(y).sum(); };
  Tensor whole = start.clone().requires_grad_();
  Tensor a = narrow(start, 0, 0, 4).reshape({2, 2}).clone().requires_grad_(),
         none = zeros({0}, {.dtype = float64, .requires_grad = true}),
         b = narrow(start, 0, 4, 2).clone().requires_grad_(),
         unused = ones({3}, {.dtype = float64, .requires_grad = true});
  optim::LBFGS one({whole}, {.max_iter = 4, .line_search_fn = "strong_wolfe"});
  optim::LBFGS other({a, none, b, unused}, {.max_iter = 4, .line_search_fn = "strong_wolfe"});
  for (int k = 0; k < 3; ++k) {
    step(one, whole, f);
    other.step([&] {
      other.zero_grad();
      const Tensor loss = f(cat({a.reshape({4}), b}));
      loss.backward();
      return loss;
    });
    CHECK(test::all_close(cat({a.detach().reshape({4}), b.detach()}), whole.detach(), 1e-12));
  }
  CHECK(test::all_close(unused.detach(), ones({3}), 0));
}

TEST_CASE("with a line search no step of LBFGS raises the loss", "[optim][lbfgs]") {
  Tensor x = test::leaf({5}, -2, 2, 1);
  const auto f = [](const Tensor& y) { return (sin(3 * y) + 0.1 * y * y).sum(); };
  optim::LBFGS optimizer({x}, {.max_iter = 2, .line_search_fn = "strong_wolfe"});
  double before = std::numeric_limits<double>::infinity();
  for (int k = 0; k < 15; ++k) {
    const auto loss = step(optimizer, x, f).item<double>();
    CHECK(loss <= before);
    before = loss;
  }
}

TEST_CASE("a line search turns back where the function is not defined", "[optim][lbfgs]") {
  Tensor x =
      tensor({3.0}, {.dtype = float64}).requires_grad_();  // the minimum is at 2; NaN from 10
  optim::LBFGS optimizer({x}, {.lr = 1000, .line_search_fn = "strong_wolfe"});
  const auto f = [](const Tensor& y) { return (-y - 8 * log(10 - y)).sum(); };
  step(optimizer, x, f);
  CHECK(test::all_close(x.detach(), tensor({2.0}, {.dtype = float64}), 1e-5));
}

TEST_CASE("LBFGS keeps to its limits", "[optim][lbfgs]") {
  const auto run = [](optim::LBFGSOptions o) {
    Tensor x = tensor({-1.2, 1.0}, {.dtype = float64}).requires_grad_();
    optim::LBFGS optimizer({x}, o);
    step(optimizer, x, rosenbrock);
    return std::pair(count(optimizer, "n_iter"), count(optimizer, "func_evals"));
  };
  CHECK(run({.lr = 1e-3, .max_iter = 7}) == std::pair<std::int64_t, std::int64_t>(7, 7));
  CHECK(run({.lr = 1e-3, .max_iter = 7, .max_eval = 3}).second == 3);
  CHECK(run({.tolerance_grad = 1e9}) == std::pair<std::int64_t, std::int64_t>(0, 1));
  CHECK(run({.lr = 1e-3, .tolerance_change = 1e9}).first == 1);
  Tensor x = tensor({-1.2, 1.0}, {.dtype = float64}).requires_grad_();
  optim::LBFGS optimizer({x}, {.lr = 1e-3, .max_iter = 10, .history_size = 3});
  step(optimizer, x, rosenbrock);
  CHECK(optimizer.state_dict().contains("state.0.old_dirs.2"));
  CHECK(!optimizer.state_dict().contains("state.0.old_dirs.3"));
}

TEST_CASE("a closure that throws leaves parameters and state of LBFGS as they were",
          "[optim][lbfgs]") {
  Tensor x = tensor({-1.2, 1.0}, {.dtype = float64}).requires_grad_();
  optim::LBFGS optimizer({x}, {.line_search_fn = "strong_wolfe"});
  optimizer.groups()[0].options.max_iter = 2;
  step(optimizer, x, rosenbrock);
  const StateDict state = optimizer.state_dict().clone();
  const Tensor before = x.detach().clone();
  int calls = 0;
  CHECK_THROWS_AS(step(optimizer, x,
                       [&](const Tensor& y) {
                         if (++calls == 2) throw std::runtime_error("enough");
                         return rosenbrock(y);
                       }),
                  std::runtime_error);
  CHECK(same_bits(x.detach(), before));
  CHECK(same_bits(optimizer.state_dict(), state));
}

TEST_CASE("LBFGS resumes from its state bit for bit, in both types", "[optim][lbfgs]") {
  const DType dtype = GENERATE(float32, float64);
  const bool searches = GENERATE(false, true);
  Tensor x = tensor({-1.2, 1.0}).to(dtype).requires_grad_();
  optim::LBFGSOptions o{.lr = searches ? 1 : 1e-3, .max_iter = 3, .max_eval = 9, .history_size = 2};
  if (searches) o.line_search_fn = "strong_wolfe";
  optim::LBFGS one({x}, o);
  step(one, x, rosenbrock);
  step(one, x, rosenbrock);
  Tensor y = x.detach().clone().requires_grad_();
  optim::LBFGS other({y});
  other.load_state_dict(one.state_dict());
  CHECK(same_bits(other.state_dict(), one.state_dict()));
  for (int k = 0; k < 2; ++k) {
    step(one, x, rosenbrock);
    step(other, y, rosenbrock);
    CHECK(same_bits(x.detach(), y.detach()));
  }
  CHECK(same_bits(other.state_dict(), one.state_dict()));
}

TEST_CASE("a state that does not fit LBFGS changes nothing", "[optim][lbfgs]") {
  Tensor x = tensor({-1.2, 1.0}, {.dtype = float64}).requires_grad_();
  optim::LBFGS optimizer({x}, {.lr = 1e-3, .max_iter = 3});
  step(optimizer, x, rosenbrock);
  const StateDict state = optimizer.state_dict().clone();
  const auto refused = [&](const char* name, std::optional<StateDict::Value> value,
                           std::initializer_list<std::string> parts) {
    StateDict wrong = state;
    if (value)
      wrong.set(name, *value);
    else
      wrong.erase(name);
    CHECK(throws<ValueError>([&] { optimizer.load_state_dict(wrong); }, parts));
    CHECK(same_bits(optimizer.state_dict(), state));
  };
  refused("state.0.d", ones({3}, {.dtype = float64}), {"state.0.d: expected", "[2]"});
  refused("state.0.old_stps.0", std::nullopt, {"missing: state.0.old_stps.0"});
  refused("state.0.ro.0", std::nullopt, {"missing: state.0.ro.0"});
  refused("state.0.n_iter", std::int64_t{-1}, {"n_iter", "at least 0"});
  refused("state.0.n_iter", std::nullopt, {"missing: state.0.n_iter"});
  refused("optimizer", std::string("Adam"), {"not saved by LBFGS"});
  refused("param_groups.0.max_iter", std::int64_t{0}, {"max_iter is 0"});
  refused("param_groups.0.line_search_fn", std::string("armijo"), {"'armijo'", "strong_wolfe"});
  refused("param_groups.0.momentum", 0.9, {"unexpected: param_groups.0.momentum"});
}

TEST_CASE("what LBFGS cannot do it refuses", "[optim][lbfgs]") {
  const Tensor x = ones({2}, {.requires_grad = true});
  CHECK(throws<GraphError>([&] { optim::LBFGS({x}).step(); }, {"LBFGS", "step(closure)"}));
  CHECK(throws<ValueError>([&] { optim::LBFGS({x}, {.lr = -1}); }, {"LBFGS: lr is -1"}));
  CHECK(throws<ValueError>([&] { optim::LBFGS({x}, {.max_iter = 0}); }, {"max_iter"}));
  CHECK(throws<ValueError>([&] { optim::LBFGS({x}, {.max_eval = 0}); }, {"max_eval"}));
  CHECK(
      throws<ValueError>([&] { optim::LBFGS({x}, {.tolerance_grad = NAN}); }, {"tolerance_grad"}));
  CHECK(throws<ValueError>([&] { optim::LBFGS({x}, {.tolerance_change = -1}); },
                           {"tolerance_change"}));
  CHECK(throws<ValueError>([&] { optim::LBFGS({x}, {.history_size = 0}); }, {"history_size"}));
  CHECK(throws<ValueError>([&] { optim::LBFGS({x}, {.line_search_fn = "armijo"}); }, {"'armijo'"}));
  CHECK(throws<ValueError>([&] { optim::LBFGS({x, x}); }, {"twice"}));
  CHECK(throws<ValueError>([&] { optim::LBFGS(std::vector<Tensor>{}); }, {"no parameters"}));
  CHECK(throws<GraphError>([&] { optim::LBFGS({x * 2}); }, {"leaves"}));
}

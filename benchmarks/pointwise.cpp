// pointwise: elementwise ops. A formula in a file like any user's, compiled without -march, against
// plain loops compiled for this machine, against libtorch, and against the op built in.
#include "pointwise.hpp"

#include <memory>

#include <fmt/format.h>

#include <xgrad/ops/pointwise.hpp>
#include <xgrad/xgrad.hpp>

#include "bench.hpp"

using xgrad::Tensor;

namespace {

const auto chain_op =
    xgrad::pointwise("chain", [](auto x, auto w, auto b) { return tanh(x * w + b) * sigmoid(x); });

Tensor input(int i, std::int64_t n) {
  Tensor t = xgrad::empty({n});
  float* const to = t.mutable_data<float>();
  for (std::int64_t k = 0; k < n; ++k) to[k] = chain_input(i, k);
  return t;
}
double head(const Tensor& t) {
  return t.detach().index({xgrad::Slice(0, 100)}).sum().item<double>();
}

Work ours(std::int64_t n, bool both) {
  struct State {
    Tensor x, w, b, ones, y;
  };
  auto s =
      std::make_shared<State>(State{input(0, n), input(1, n), input(2, n), xgrad::ones({n}), {}});
  for (Tensor* t : {&s->x, &s->w, &s->b}) t->requires_grad_(both);
  return {[s, both] {
            for (Tensor* t : {&s->x, &s->w, &s->b}) t->zero_grad();
            s->y = Tensor();
            s->y = chain_op(s->x, s->w, s->b);
            if (both) s->y.backward(s->ones);
          },
          [s, both] {
            double total = head(s->y);
            if (both)
              for (const Tensor* t : {&s->x, &s->w, &s->b}) total += head(t->grad());
            return total;
          }};
}

void chain_case(const std::string& name, std::int64_t n, bool both) {
  const Work us = ours(n, both), floor = plain_loop::chain(n, both);
  floor.run();
  const double expected = floor.result();
  bench::Case c(name, "ns/elem", static_cast<double>(n));
  c.contender("xgrad", us.run, us.result, expected, 1e-4);
  c.contender("loops", floor.run, floor.result, expected, 1e-4);
#ifdef XGRAD_BENCH_TORCH
  const Work torch = rival::chain(n, both);
  c.contender("libtorch", torch.run, torch.result, expected, 1e-4);
#endif
  c.run(9, n > (1 << 22) ? 0.3 : 0.05);
}

Work unary(const std::function<Tensor(const Tensor&)>& op, std::int64_t n) {
  struct State {
    Tensor x, ones, y;
  };
  auto s = std::make_shared<State>(State{input(0, n).requires_grad_(), xgrad::ones({n}), {}});
  return {[s, op] {
            s->x.zero_grad();
            s->y = Tensor();
            s->y = op(s->x);
            s->y.backward(s->ones);
          },
          [s] { return head(s->y) + head(s->x.grad()); }};
}

// The same formula here and in the library: the first is timed as ours.
void user_case(const std::string& name, const std::function<Tensor(const Tensor&)>& built_in,
               const std::function<Tensor(const Tensor&)>& here) {
  constexpr std::int64_t n = 1 << 20;
  const Work library = unary(built_in, n), user = unary(here, n);
  library.run();
  bench::Case c(name, "ns/elem", static_cast<double>(n));
  c.contender("built in", library.run, library.result, library.result(), 0);
  c.contender("formula", user.run, user.result, library.result(), 1e-6);
  c.run();
}

}  // namespace

int main() {
  bench::require_fitting_blas();
  xgrad::set_num_threads(1);
  bench::print_head();
  chain_case("formula 1M, forward", 1 << 20, false);
  chain_case("formula 1M, both", 1 << 20, true);
  chain_case("formula 16M, forward", 1 << 24, false);
  chain_case("formula 16M, both", 1 << 24, true);
  const auto softsign = xgrad::pointwise("softsign", [](auto x) { return x / (1 + abs(x)); });
  user_case(
      "softsign 1M, both", [](const Tensor& x) { return xgrad::softsign(x); },
      [softsign](const Tensor& x) { return softsign(x); });
  const auto silu = xgrad::pointwise("silu", [](auto x) { return x * sigmoid(x); });
  user_case(
      "silu 1M, both", [](const Tensor& x) { return xgrad::silu(x); },
      [silu](const Tensor& x) { return silu(x); });
  const auto mish = xgrad::pointwise("mish", [](auto x) { return x * tanh(softplus(x)); });
  user_case(
      "mish 1M, both", [](const Tensor& x) { return xgrad::mish(x); },
      [mish](const Tensor& x) { return mish(x); });
}

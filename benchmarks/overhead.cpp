// overhead: what an op costs beyond its arithmetic: recorded, swept, freed.
#include "overhead.hpp"

#include <cmath>
#include <memory>

#include <fmt/format.h>

#include <xgrad/xgrad.hpp>

#include "bench.hpp"

using xgrad::Tensor;

namespace {

namespace ours {

Work chain(const xgrad::Shape& shape, xgrad::DType dtype, bool leaf) {
  struct State {
    Tensor x, w, b, seed;
    double result = 0;
  };
  auto s = std::make_shared<State>();
  s->x = xgrad::full(shape, 0.5, {.dtype = dtype, .requires_grad = true});
  s->w = xgrad::full(shape, 0.999, {.dtype = dtype, .requires_grad = leaf});
  s->b = xgrad::full(shape, 0.001, {.dtype = dtype, .requires_grad = leaf});
  s->seed = xgrad::ones(shape, {.dtype = dtype});
  return {[s] {
            Tensor y = s->x;
            for (int i = 0; i < 1000; ++i) y = y * s->w + s->b;
            y.backward(s->seed);
            s->result = xgrad::amax(s->x.grad()).item<double>();
            y = Tensor();
            for (Tensor* t : {&s->x, &s->w, &s->b}) t->zero_grad();
          },
          [s] { return s->result; }};
}

Work xor_step(xgrad::DType dtype) {
  struct State {
    Tensor x, t, loss;
    xgrad::nn::Linear first, second;
    xgrad::optim::SGD optimizer;
  };
  const xgrad::TensorOptions o{.dtype = dtype};
  xgrad::nn::Linear first(2, 4, {.dtype = dtype}), second(4, 1, {.dtype = dtype});
  const std::vector<Tensor> parameters{first.weight, first.bias, second.weight, second.bias};
  for (Tensor p : parameters) {
    const int n = static_cast<int>(p.numel());
    xgrad::dispatch_floating(dtype, [&]<class T>() {
      T* const elements = p.mutable_data<T>();
      for (int k = 0; k < n; ++k) elements[k] = static_cast<T>(xor_start(k, n));
    });
  }
  auto s = std::make_shared<State>(State{xgrad::tensor({{0., 0.}, {0., 1.}, {1., 0.}, {1., 1.}}, o),
                                         xgrad::tensor({{0.}, {1.}, {1.}, {0.}}, o),
                                         {},
                                         first,
                                         second,
                                         xgrad::optim::SGD(parameters, {.lr = 0.5})});
  return {[s] {
            s->optimizer.zero_grad();
            s->loss = mse_loss(sigmoid(s->second(sigmoid(s->first(s->x)))), s->t);
            s->loss.backward();
            s->optimizer.step();
          },
          [s] { return s->loss.item<double>(); }};
}

Work micrograd() {
  auto result = std::make_shared<double>(0);
  return {[result] {
            const xgrad::TensorOptions o{.dtype = xgrad::float64, .requires_grad = true};
            Tensor a = xgrad::tensor(-4.0, o), b = xgrad::tensor(2.0, o);
            Tensor c = a + b, d = a * b + b * b * b;
            c = c + (c + 1);
            c = c + (1 + c + (-a));
            d = d + (d * 2 + relu(b + a));
            d = d + (3 * d + relu(b - a));
            Tensor e = c - d, f = e * e, g = f / 2.0;
            g = g + 10.0 / f;
            g.backward();
            *result = a.grad().item<double>();
          },
          [result] { return *result; }};
}

}  // namespace ours

// The loss of the first step, by plain arithmetic.
double first_xor_loss() {
  double loss = 0;
  const auto sigmoid = [](double v) { return 1 / (1 + std::exp(-v)); };
  for (int i = 0; i < 4; ++i) {
    const double x[] = {static_cast<double>(i / 2), static_cast<double>(i % 2)};
    double out = xor_start(0, 1);
    for (int h = 0; h < 4; ++h)
      out += xor_start(h, 4) *
             sigmoid(xor_start(2 * h, 8) * x[0] + xor_start(2 * h + 1, 8) * x[1] + xor_start(h, 4));
    const double off = sigmoid(out) - ((i == 1 || i == 2) ? 1 : 0);
    loss += off * off / 4;
  }
  return loss;
}

void run(const std::string& name, const char* unit, double per_call, const Work& mine,
         [[maybe_unused]] const std::function<Work()>& theirs, double expected, double tolerance) {
  bench::Case c(name, unit, per_call);
  c.contender("xgrad", mine.run, mine.result, expected, tolerance);
#ifdef XGRAD_BENCH_TORCH
  const Work other = theirs();
  c.contender("libtorch", other.run, other.result, expected, tolerance);
#endif
  c.run();
}

#ifndef XGRAD_BENCH_TORCH
}  // namespace
namespace rival {  // never called
Work chain(int, int, bool, bool) { return {}; }
Work xor_step(bool) { return {}; }
Work micrograd() { return {}; }
}  // namespace rival
namespace {
#endif

void run_chains(int rows, int columns) {
  const xgrad::Shape shape = rows == 0 ? xgrad::Shape{columns} : xgrad::Shape{rows, columns};
  for (const bool leaf : {false, true})
    for (const xgrad::DType dtype : {xgrad::float32, xgrad::float64})
      run(
          fmt::format("chain {} {} {}", to_string(shape), name(dtype), leaf ? "leaf" : "const"),
          "ns/op", 2000, ours::chain(shape, dtype, leaf),
          [=] { return rival::chain(rows, columns, dtype == xgrad::float64, leaf); },
          std::pow(0.999, 1000), dtype == xgrad::float32 ? 1e-3 : 1e-10);
}

}  // namespace

int main() {
  bench::require_fitting_blas();
  xgrad::set_num_threads(1);
  bench::print_head();
  run_chains(0, 1);
  run_chains(16, 16);
  for (const xgrad::DType dtype : {xgrad::float32, xgrad::float64})
    run(
        fmt::format("xor step {}", name(dtype)), "ns/step", 1, ours::xor_step(dtype),
        [=] { return rival::xor_step(dtype == xgrad::float64); }, first_xor_loss(),
        dtype == xgrad::float32 ? 1e-5 : 1e-12);
  run(
      "micrograd README", "ns/eval", 1, ours::micrograd(), [] { return rival::micrograd(); },
      138.83381924198252, 1e-12);
}

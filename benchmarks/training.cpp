// training: whole steps, forward, backward and optimizer, one thread.
#include "training.hpp"

#include <memory>

#include <fmt/format.h>

#include <xgrad/xgrad.hpp>

#include "bench.hpp"

using xgrad::Tensor;
namespace nn = xgrad::nn;

namespace {

void set_start(const std::vector<Tensor>& parameters) {
  for (Tensor p : parameters) {
    const std::int64_t fan_in = p.dim() == 2 ? p.size(1) : 100;
    xgrad::dispatch_floating(p.dtype(), [&]<class T>() {
      T* const elements = p.mutable_data<T>();
      for (std::int64_t k = 0; k < p.numel(); ++k) elements[k] = static_cast<T>(start(k, fan_in));
    });
  }
}

nn::Sequential mlp128_net(xgrad::DType dtype) {
  return nn::Sequential(nn::Linear(784, 128, {.dtype = dtype}), nn::ReLU(),
                        nn::Linear(128, 10, {.dtype = dtype}));
}
nn::Sequential deep_net(xgrad::DType dtype) {
  nn::Sequential net;
  for (int i = 0; i < 10; ++i)
    net.append(nn::Linear(100, 100, {.dtype = dtype})).append(nn::Sigmoid());
  return net;
}

struct State {
  nn::Sequential net;
  std::shared_ptr<xgrad::optim::Optimizer> optimizer;
  std::vector<Tensor> inputs, targets;
  std::size_t at = 0;
  double first_loss = 0;
};

std::shared_ptr<xgrad::optim::Optimizer> optimizer_of(const nn::Sequential& net, Method method) {
  if (method == Method::adam) return std::make_shared<xgrad::optim::Adam>(net.parameters());
  xgrad::optim::SGDOptions o{.lr = 0.1};
  if (method == Method::momentum) o.momentum = 0.9, o.clip_norm = 1.0;
  return std::make_shared<xgrad::optim::SGD>(net.parameters(), o);
}

template <class Loss>
Work work(nn::Sequential net, Method method, std::vector<Tensor> inputs,
          std::vector<Tensor> targets, Loss loss_of) {
  set_start(net.parameters());
  auto s = std::make_shared<State>(
      State{net, optimizer_of(net, method), std::move(inputs), std::move(targets)});
  return {[s, loss_of] {
            s->optimizer->zero_grad();
            const Tensor loss = loss_of(s->net(s->inputs[s->at]), s->targets[s->at]);
            loss.backward();
            s->optimizer->step();
            if (s->first_loss == 0) s->first_loss = loss.item<double>();
            s->at = (s->at + 1) % s->inputs.size();
          },
          [s] { return s->first_loss; }};
}

Tensor entropy(const Tensor& y, const Tensor& t) { return cross_entropy(y, t); }
Tensor squares(const Tensor& y, const Tensor& t) { return mse_loss(y, t); }

// The loss of the first step in float64, where other kernels do the work.
template <class Loss>
double exact_loss(nn::Sequential net, const Tensor& x, const Tensor& t, Loss loss_of) {
  set_start(net.parameters());
  return loss_of(net(x.to(xgrad::float64)), is_floating(t.dtype()) ? t.to(xgrad::float64) : t)
      .template item<double>();
}

Digits made_up_digits() {
  xgrad::Generator g(7);
  Digits d;
  const auto count = std::int64_t{Digits::batches} * Digits::batch;
  const Tensor grey = xgrad::rand({count * Digits::pixels}, {.generator = &g}),
               lit = xgrad::rand({count * Digits::pixels}, {.generator = &g}),
               label = xgrad::randint(0, 10, {count}, {.generator = &g});
  for (std::int64_t i = 0; i < grey.numel(); ++i)
    d.images.push_back(lit.data<float>()[i] < 0.8F ? 0.0F : grey.data<float>()[i]);
  d.labels.assign(label.data<std::int64_t>(), label.data<std::int64_t>() + count);
  return d;
}

void run(bench::Case& c, const Work& mine, [[maybe_unused]] const std::function<Work()>& theirs,
         double expected) {
  c.contender("xgrad", mine.run, mine.result, expected, 1e-4);
#ifdef XGRAD_BENCH_TORCH
  const Work other = theirs();
  c.contender("libtorch", other.run, other.result, expected, 1e-4);
#endif
  c.run(9, 0.3);
}

}  // namespace

#ifndef XGRAD_BENCH_TORCH
namespace rival {  // never called
Work mlp128(const Digits&, Method) { return {}; }
Work deep(const std::vector<float>&, const std::vector<float>&) { return {}; }
}  // namespace rival
#endif

int main() {
  bench::require_fitting_blas();
  xgrad::set_num_threads(1);
  bench::print_head();
  const Digits digits = made_up_digits();
  std::vector<Tensor> images, labels;
  for (int i = 0; i < Digits::batches; ++i) {
    const std::int64_t size = std::int64_t{Digits::batch} * Digits::pixels;
    images.push_back(xgrad::tensor(std::span(digits.images)
                                       .subspan(static_cast<std::size_t>(i * size),
                                                static_cast<std::size_t>(size)))
                         .reshape({Digits::batch, Digits::pixels}));
    labels.push_back(
        xgrad::tensor(std::span(digits.labels)
                          .subspan(static_cast<std::size_t>(i) * Digits::batch, Digits::batch)));
  }
  const double entropy_at_start =
      exact_loss(mlp128_net(xgrad::float64), images[0], labels[0], entropy);
  const std::pair<const char*, Method> methods[] = {{"mlp128 sgd", Method::sgd},
                                                    {"mlp128 momentum, clipped", Method::momentum},
                                                    {"mlp128 adam", Method::adam}};
  for (const auto& [name, method] : methods) {
    bench::Case c(name, "us/step", 1000);
    const Work mine = work(mlp128_net(xgrad::float32), method, images, labels, entropy);
    run(
        c, mine, [&, how = method] { return rival::mlp128(digits, how); }, entropy_at_start);
  }
  xgrad::Generator g(21);
  const Tensor x = xgrad::rand({32, 100}, {.generator = &g}) * 2 - 1,
               t = xgrad::rand({32, 100}, {.generator = &g});
  bench::Case c("deep sigmoid", "us/step", 1000);
  run(
      c, work(deep_net(xgrad::float32), Method::sgd, {x}, {t}, squares),
      [&] {
        return rival::deep({x.data<float>(), x.data<float>() + x.numel()},
                           {t.data<float>(), t.data<float>() + t.numel()});
      },
      exact_loss(deep_net(xgrad::float64), x, t, squares));
}

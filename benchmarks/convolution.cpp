// convolution: forward and backward against libtorch; then each of the three maps, by columns and
// products against oneDNN.
#include "convolution.hpp"

#include <algorithm>
#include <memory>
#include <vector>

#include <fmt/format.h>

#include <xgrad/xgrad.hpp>

#include "bench.hpp"
#include "kernels/conv.hpp"

using xgrad::Tensor;
using xgrad::detail::ConvMap;
using xgrad::detail::ConvSize;

namespace {

const ConvCase cases[] = {{"64x1x28x28, 6 of 5x5", 64, 1, 1, 6, 28, 5, 1, 0},
                          {"64x6x12x12, 16 of 5x5", 64, 1, 6, 16, 12, 5, 1, 0},
                          {"64x1x28x28, 32 of 3x3", 64, 1, 1, 32, 28, 3, 1, 0},
                          {"64x32x26x26, 64 of 3x3", 64, 1, 32, 64, 26, 3, 1, 0},
                          {"8x64x56x56, 64 of 3x3", 8, 1, 64, 64, 56, 3, 1, 1},
                          {"8x64x28x28, 128 of 1x1", 8, 1, 64, 128, 28, 1, 1, 0},
                          {"64x128x7x7, 256 of 4x4", 64, 1, 128, 256, 7, 4, 1, 0},
                          {"8x32x28x28, by channel", 8, 32, 1, 1, 28, 3, 1, 1},
                          {"1x2x4x4, 3 of 3x3", 1, 1, 2, 3, 4, 3, 1, 0}};

Tensor input(int i, const xgrad::Shape& shape) {
  Tensor t = xgrad::empty(shape);
  float* const to = t.mutable_data<float>();
  for (std::int64_t k = 0; k < t.numel(); ++k) to[k] = conv_input(i, k);
  return t;
}
double head(const Tensor& t) {
  const Tensor flat = t.detach().flatten();
  return flat.index({xgrad::Slice(0, 100)}).sum().item<double>();
}
std::int64_t results(const ConvCase& c) {
  return (c.side + 2 * c.padding - c.window) / c.stride + 1;
}

Work ours(const ConvCase& c) {
  struct State {
    Tensor x, w, up, y;
    ConvCase c;
  };
  auto s =
      std::make_shared<State>(State{input(0, {c.batch, c.groups * c.in, c.side, c.side}),
                                    input(1, {c.groups * c.out, c.in, c.window, c.window}),
                                    input(2, {c.batch, c.groups * c.out, results(c), results(c)}),
                                    {},
                                    c});
  s->x.requires_grad_();
  s->w.requires_grad_();
  return {[s] {
            s->x.zero_grad();
            s->w.zero_grad();
            s->y = conv2d(s->x, s->w,
                          {.stride = s->c.stride, .padding = s->c.padding, .groups = s->c.groups});
            s->y.backward(s->up);
          },
          [s] { return head(s->y) + head(s->x.grad()) + head(s->w.grad()); }};
}

void against_libtorch(const ConvCase& c) {
  const Work us = ours(c);
  us.run();
  const double expected = us.result();
  bench::Case timed(fmt::format("conv2d {}", c.name), "us", 1e3);
  timed.contender("xgrad", us.run, us.result, expected, 1e-4);
#ifdef XGRAD_BENCH_TORCH
  const Work torch = rival::conv(c);
  timed.contender("libtorch", torch.run, torch.result, expected, 1e-3);
#endif
  timed.run();
}

#ifdef XGRAD_ONEDNN
ConvSize size_of(const ConvCase& c) {
  const std::int64_t to = results(c);
  return {c.batch,
          c.groups,
          c.in,
          c.out,
          {1, c.side, c.side},
          {1, c.window, c.window},
          {1, to, to},
          {1, c.stride, c.stride},
          {0, c.padding, c.padding},
          {1, 1, 1}};
}

void map_case(const ConvCase& c, ConvMap map, const char* what) {
  const ConvSize s = size_of(c);
  const std::int64_t image = s.batch * s.groups * s.in * s.from_numel(),
                     result = s.batch * s.groups * s.out * s.to_numel(),
                     weight = s.groups * s.out * s.in * s.window_numel();
  const std::int64_t sizes[3][3] = {
      {image, weight, result}, {result, weight, image}, {image, result, weight}};
  const auto& n = sizes[static_cast<int>(map)];
  struct State {
    Tensor a, b, by_columns, by_onednn;
  };
  auto t = std::make_shared<State>(
      State{input(0, {n[0]}), input(1, {n[1]}), xgrad::zeros({n[2]}), xgrad::zeros({n[2]})});
  const auto columns = [=] {
    xgrad::detail::convolve_plain<float>(s, map, t->a.data<float>(), t->b.data<float>(), nullptr,
                                         t->by_columns.mutable_data<float>());
  };
  const auto onednn = [=] {
    xgrad::detail::convolve_onednn(s, map, t->a.data<float>(), t->b.data<float>(), nullptr,
                                   t->by_onednn.mutable_data<float>());
  };
  columns();
  const double expected = head(t->by_columns);
  bench::Case timed(fmt::format("{} {}", what, c.name), "us", 1e3);
  timed.contender(
      "columns", columns, [t] { return head(t->by_columns); }, expected, 1e-3);
  timed.contender(
      "oneDNN", onednn, [t] { return head(t->by_onednn); }, expected, 1e-3);
  timed.run(5, 0.02);
}
#endif

}  // namespace

int main() {
  bench::require_fitting_blas();
  xgrad::set_num_threads(1);
  bench::print_head();
  for (const ConvCase& c : cases) against_libtorch(c);
#ifdef XGRAD_ONEDNN
  for (const ConvCase& c : cases) {
    map_case(c, ConvMap::forward, "image");
    map_case(c, ConvMap::backward_data, "for the image");
    map_case(c, ConvMap::backward_weights, "for the weight");
  }
#endif
}

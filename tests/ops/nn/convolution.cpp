// Convolutions: oneDNN's against the plain kernels, one number of threads against another, and
// laws.
#include <xgrad/xgrad.hpp>

#include "kernels/conv.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using detail::ConvMap;
using detail::ConvSize;
using test::all_close;
using test::uniform;

namespace {

ConvSize flat(std::int64_t batch, std::int64_t groups, std::int64_t in, std::int64_t out,
              std::int64_t side, std::int64_t window, std::int64_t stride, std::int64_t padding,
              std::int64_t dilation) {
  const std::int64_t to = (side + 2 * padding - dilation * (window - 1) - 1) / stride + 1;
  return {batch,
          groups,
          in,
          out,
          {1, side, side + 1},
          {1, window, window},
          {1, to, (side + 1 + 2 * padding - dilation * (window - 1) - 1) / stride + 1},
          {1, stride, stride},
          {0, padding, padding},
          {1, dilation, dilation}};
}

}  // namespace

#ifdef XGRAD_ONEDNN
TEST_CASE("oneDNN's three maps are the plain ones", "[ops][convolution]") {
  const ConvSize sizes[] = {flat(3, 1, 4, 8, 9, 3, 1, 1, 1), flat(2, 2, 3, 5, 8, 3, 2, 0, 1),
                            flat(1, 1, 16, 16, 7, 2, 1, 0, 2), flat(5, 1, 1, 3, 6, 5, 1, 2, 1),
                            flat(2, 4, 1, 1, 6, 3, 1, 1, 1), flat(2, 1, 20, 24, 6, 3, 1, 1, 1),
                            // Weights' gradients in parts of the channels, of the batch, of both.
                            flat(16, 1, 8, 130, 9, 3, 1, 1, 1), flat(40, 1, 16, 16, 16, 3, 1, 1, 1),
                            flat(12, 1, 8, 140, 20, 3, 1, 1, 1)};
  for (const ConvSize& s : sizes) {
    const std::int64_t image = s.batch * s.groups * s.in * s.from_numel(),
                       weight = s.groups * s.out * s.in * s.window_numel(),
                       result = s.batch * s.groups * s.out * s.to_numel();
    const Tensor x = uniform({image}, -1, 1, 1, float32), w = uniform({weight}, -1, 1, 2, float32),
                 y = uniform({result}, -1, 1, 3, float32);
    const auto compare = [&](ConvMap map, const Tensor& a, const Tensor& b, std::int64_t n) {
      Tensor ours = zeros({n}), theirs = zeros({n});
      detail::convolve_plain<float>(s, map, a.data<float>(), b.data<float>(), nullptr,
                                    ours.mutable_data<float>());
      const bool done = detail::convolve_onednn(s, map, a.data<float>(), b.data<float>(), nullptr,
                                                theirs.mutable_data<float>());
      // Not every version has a layout for channels that do not fill its blocks.
      if (s.in % 16 == 0 && s.out % 16 == 0) CHECK(done);
      if (done) CHECK(all_close(theirs, ours, 1e-3, 1e-5));
    };
    compare(ConvMap::forward, x, w, result);
    compare(ConvMap::backward_data, y, w, image);
    compare(ConvMap::backward_weights, x, y, weight);
  }
}
#endif

TEST_CASE("convolutions have the same bits for any number of threads", "[ops][convolution]") {
  const auto all = [](int threads, const Shape& image, const Shape& window) {
    const int before = num_threads();
    set_num_threads(threads);
    const Tensor x = test::leaf(image, -1, 1, 4, float32),
                 w = test::leaf(window, -1, 1, 5, float32);
    const Tensor y = conv2d(x, w, {.padding = 1});
    square(y).sum().backward();
    set_num_threads(before);
    return std::vector<Tensor>{y.detach(), x.grad(), w.grad()};
  };
  for (const Shape& image : {Shape{6, 16, 24, 24}, Shape{1, 16, 40, 40}}) {
    const std::vector<Tensor> one = all(1, image, {16, 16, 3, 3});
    for (const int threads : {2, 3}) {
      const std::vector<Tensor> more = all(threads, image, {16, 16, 3, 3});
      for (std::size_t i = 0; i < one.size(); ++i) CHECK(test::same_bits(more[i], one[i]));
    }
  }
}

TEST_CASE("a convolution is the same as its columns times the weight", "[ops][convolution]") {
  const Tensor x = uniform({2, 3, 6, 5}, -1, 1, 6), w = uniform({4, 3, 3, 2}, -1, 1, 7);
  const Tensor columns = unfold(x, {3, 2}, {.padding = 1, .stride = 2});
  const Tensor y = conv2d(x, w, {.stride = 2, .padding = 1});
  CHECK(all_close(reshape(y, {2, 4, -1}), matmul(reshape(w, {4, -1}), columns), 1e-12));
}

TEST_CASE("a transposed convolution is the adjoint of the convolution", "[ops][convolution]") {
  const Tensor x = uniform({2, 4, 7}, -1, 1, 8), w = uniform({6, 2, 3}, -1, 1, 9);
  const Tensor y = conv1d(x, w, {.stride = 2, .padding = 1, .groups = 2});
  const Tensor u = uniform(y.shape(), -1, 1, 10);
  const Tensor back = conv_transpose1d(u, w, {.stride = 2, .padding = 1, .groups = 2});
  CHECK(all_close((y * u).sum(), (x * back).sum(), 1e-12));
}

TEST_CASE("convolutions of nothing are nothing", "[ops][convolution]") {
  CHECK(conv2d(zeros({0, 2, 4, 4}), ones({3, 2, 3, 3})).shape() == Shape{0, 3, 2, 2});
  const Tensor w = test::leaf({3, 2, 3, 3}, -1, 1, 11, float32);
  conv2d(zeros({0, 2, 4, 4}), w).sum().backward();
  CHECK(test::same_bits(w.grad(), zeros({3, 2, 3, 3})));
}

TEST_CASE("images that output_padding makes larger end in zeros", "[ops][convolution]") {
  const Tensor y =
      conv_transpose1d(ones({1, 1, 2}), ones({1, 2, 1}), {.output_padding = 1, .dilation = 2});
  CHECK(test::same_bits(y, tensor({{{1.F, 1.F, 0.F}, {1.F, 1.F, 0.F}}})));
  // Of a size that oneDNN would be asked for.
  const Tensor x = uniform({1, 17, 30, 16}, -1, 1, 12), w = uniform({17, 7, 3, 3}, -1, 1, 13);
  const ConvTransposeOptions options{.output_padding = {1, 0}, .dilation = 2};
  const Tensor small = x.to(float32).requires_grad_(), large = x.clone().requires_grad_();
  const Tensor v = w.to(float32).requires_grad_(), u = w.clone().requires_grad_();
  const Tensor ours = conv_transpose2d(small, v, options),
               exact = conv_transpose2d(large, u, options);
  CHECK(ours.shape() == Shape{1, 7, 35, 20});
  CHECK(all_close(ours.to(float64), exact, 1e-4));
  square(ours).sum().backward();
  square(exact).sum().backward();
  CHECK(all_close(small.grad().to(float64), large.grad(), 1e-3));
  CHECK(all_close(v.grad().to(float64), u.grad(), 1e-2));
}

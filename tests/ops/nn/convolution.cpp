// Laws of convolutions.
#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using test::all_close;
using test::uniform;

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

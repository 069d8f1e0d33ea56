// Results that are written past the caches have the bits of small ones.
#include <cstring>
#include <functional>

#include <xgrad/graph/streaming.hpp>
#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"

using namespace xgrad;

namespace {

constexpr std::int64_t rows = 4100, columns = 1025;  // more than 16 MiB of floats, no whole lanes

Tensor numbers(double shift) {
  Generator g(7);
  return rand({rows, columns}, {.generator = &g}) * 2 - 1 + shift;
}
bool same_bits(const Tensor& a, const Tensor& b) {
  return a.shape() == b.shape() &&
         std::memcmp(a.data<float>(), b.data<float>(),
                     static_cast<std::size_t>(a.numel()) * sizeof(float)) == 0;
}

// f of whole tensors, and of blocks of their rows; likewise the gradients.
void check(const std::function<Tensor(const Tensor&, const Tensor&)>& f) {
  const Tensor x = numbers(0).requires_grad_(), y = numbers(0.5).requires_grad_();
  const Tensor z = f(x, y), up = numbers(0.25);
  REQUIRE(detail::is_streamed(z.numel(), float32));
  z.backward(up);
  for (std::int64_t begin = 0; begin < rows; begin += 1000) {
    const std::int64_t n = std::min<std::int64_t>(1000, rows - begin);
    const auto part = [&](const Tensor& t) { return narrow(t.detach(), 0, begin, n); };
    const Tensor px = part(x).requires_grad_(), py = part(y).requires_grad_();
    const Tensor pz = f(px, py);
    pz.backward(part(up));
    CHECK(same_bits(part(z), pz.detach()));
    CHECK(same_bits(part(x.grad()), px.grad()));
    if (py.grad().defined()) CHECK(same_bits(part(y.grad()), py.grad()));
  }
}

}  // namespace

TEST_CASE("large results of elementwise ops have the bits of small ones", "[ops][large]") {
  check([](const Tensor& x, const Tensor& y) { return x * y; });
  check([](const Tensor& x, const Tensor& y) { return tanh(x) + exp(y); });
  check([](const Tensor& x, const Tensor& y) { return where(x < y, x, 2 * y); });
}

TEST_CASE("large results that are added up have the bits of small ones", "[ops][large]") {
  check([](const Tensor& x, const Tensor& y) { return x * y + x + y * y; });
}

TEST_CASE("large results of rows have the bits of small ones", "[ops][large]") {
  check([](const Tensor& x, const Tensor&) { return softmax(x, 1); });
  check([](const Tensor& x, const Tensor&) { return log_softmax(x, 1); });
  check([](const Tensor& x, const Tensor&) { return layer_norm(x, {columns}); });
}

TEST_CASE("a large tensor transposed twice is the same", "[ops][large]") {
  const Tensor x = numbers(0);
  const Tensor t = transpose(x, 0, 1);
  REQUIRE(detail::is_streamed(t.numel(), float32));
  for (std::int64_t i = 0; i < rows; i += 37)
    for (std::int64_t k = 0; k < columns; k += 3)
      REQUIRE(t.data<float>()[k * rows + i] == x.data<float>()[i * columns + k]);
  CHECK(same_bits(transpose(t, 0, 1), x));
  CHECK(same_bits(permute(reshape(t, {25, 41, rows}), {2, 0, 1}).reshape({rows, columns}), x));
}

TEST_CASE("large tensors are filled with one number", "[ops][large]") {
  const Tensor x = full({rows, columns}, 0.1);
  CHECK(x.min().item<float>() == 0.1F);
  CHECK(x.max().item<float>() == 0.1F);
  const Tensor y = numbers(0).requires_grad_();
  y.sum().backward();
  CHECK(y.grad().min().item<float>() == 1);
  CHECK(y.grad().max().item<float>() == 1);
}

TEST_CASE("stream_copy copies any number of bytes to any address", "[ops][large]") {
  std::vector<char> from(5000), to(5100, 'x');
  for (std::size_t i = 0; i < from.size(); ++i) from[i] = static_cast<char>(i * 31);
  for (const std::size_t offset : {0, 1, 16, 33})
    for (const std::size_t bytes : {0, 1, 63, 64, 65, 4097}) {
      std::fill(to.begin(), to.end(), 'x');
      detail::stream_copy(to.data() + offset, from.data() + 3, bytes);
      detail::stream_fence();
      CHECK(std::memcmp(to.data() + offset, from.data() + 3, bytes) == 0);
      CHECK(to[offset + bytes] == 'x');
    }
}

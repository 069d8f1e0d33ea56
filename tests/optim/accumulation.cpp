// Gradients of micro-batches, added up, are those of the large batch.
#include <cmath>
#include <utility>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;

namespace {

struct Net : nn::Layer<Net> {
  nn::Linear hidden = child("hidden", nn::Linear(5, 7, {.dtype = float64}));
  nn::Linear output = child("output", nn::Linear(7, 3, {.dtype = float64}));
  Tensor forward(const Tensor& x) { return output(tanh(hidden(x))); }
};

}  // namespace

TEST_CASE("steps by accumulated micro-batches are those by the large batch",
          "[optim][accumulation]") {
  const Tensor x = test::uniform({24, 5}, -1, 1, 1), labels = randint(0, 3, {24});
  Net large, small = large.clone();
  optim::AdamW by_large(large.parameters(), {.lr = 0.1, .clip_norm = 0.5});
  optim::AdamW by_small(small.parameters(), {.lr = 0.1, .clip_norm = 0.5});
  const int micro_batches = GENERATE(1, 3, 8);
  for (int step = 0; step < 4; ++step) {
    by_large.zero_grad();
    cross_entropy(large(x), labels).backward();
    by_large.step();
    by_small.zero_grad();
    const auto inputs = chunk(x, micro_batches), targets = chunk(labels, micro_batches);
    for (std::size_t i = 0; i < inputs.size(); ++i)
      (cross_entropy(small(inputs[i]), targets[i]) / micro_batches).backward();
    for (std::size_t i = 0; i < 4; ++i)
      CHECK(test::all_close(small.parameters()[i].grad(), large.parameters()[i].grad(), 1e-14));
    by_small.step();
    for (std::size_t i = 0; i < 4; ++i)
      CHECK(test::all_close(small.parameters()[i].detach(), large.parameters()[i].detach(), 1e-10));
  }
}

TEST_CASE("micro-batches of several sizes weigh by their size", "[optim][accumulation]") {
  const Tensor x = test::uniform({10, 5}, -1, 1, 1), labels = randint(0, 3, {10});
  Net large, small = large.clone();
  cross_entropy(large(x), labels).backward();
  for (const auto& [begin, size] : {std::pair(0, 4), std::pair(4, 4), std::pair(8, 2)})
    (cross_entropy(small(narrow(x, 0, begin, size)), narrow(labels, 0, begin, size)) * size / 10)
        .backward();
  for (std::size_t i = 0; i < 4; ++i)
    CHECK(test::all_close(small.parameters()[i].grad(), large.parameters()[i].grad(), 1e-14));
}

TEST_CASE("nn::utils has PyTorch's names of clipping", "[optim][clip]") {
  Tensor w = ones({2}, {.requires_grad = true});
  w.set_grad(full({2}, 3.0));
  nn::utils::clip_grad_value_(w, 2);
  CHECK(w.grad().data<float>()[0] == 2);
  CHECK(nn::utils::clip_grad_norm_(w, 1).item<double>() == Approx(std::sqrt(8.0)));
}

// Lion against algorithm 2 of Chen et al. (2023), by hand.
#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;

TEST_CASE("Lion takes the steps of its paper", "[optim][lion]") {
  // beta1 = 0.5, beta2 = 0.75, lr = 0.1, decay 0.5; p = 1, m = 0.
  // g = 2:  c = 1, p = 1 - 0.1 (1 + 0.5) = 0.85, m = 0.5
  // g = -1: c = -0.25, p = 0.85 - 0.1 (-1 + 0.425) = 0.9075, m = 0.125
  // g = -0.125: c = 0, p = 0.9075 - 0.1 (0.45375) = 0.862125, m = 0.0625
  Tensor p = tensor({1.0}, {.dtype = float64}).requires_grad_();
  optim::Lion optimizer({p}, {.lr = 0.1, .betas = {0.5, 0.75}, .weight_decay = 0.5});
  const double gradients[] = {2, -1, -0.125}, steps[] = {0.85, 0.9075, 0.862125},
               means[] = {0.5, 0.125, 0.0625};
  for (int k = 0; k < 3; ++k) {
    p.set_grad(tensor({gradients[k]}, {.dtype = float64}));
    optimizer.step();
    CHECK(test::all_close(p.detach(), tensor({steps[k]}, {.dtype = float64}), 1e-15));
    CHECK(test::all_close(optimizer.state(p, "exp_avg"), tensor({means[k]}, {.dtype = float64}),
                          1e-15));
  }
}

TEST_CASE("Lion's steps have the size of lr, and those of no gradient are none", "[optim][lion]") {
  Tensor p = test::leaf({40}, -1, 1, 1);
  const Tensor before = p.detach().clone();
  optim::Lion optimizer({p}, 0.01);
  p.set_grad(zeros({40}, {.dtype = float64}));
  optimizer.step();
  CHECK(test::same_bits(p.detach(), before));
  for (const double size : {1e-30, 1.0, 1e30}) {
    const Tensor start = p.detach().clone();
    p.set_grad(test::uniform({40}, -1, 1, 2) * size);
    optimizer.step();
    CHECK(test::all_close(abs(p.detach() - start), full({40}, 0.01, {.dtype = float64}), 1e-15));
  }
  p.set_grad(full({40}, NAN, {.dtype = float64}));
  optimizer.step();
  CHECK(std::isnan(p.detach().data<double>()[0]));
}

// overhead.hpp: the same small work, by us and by libtorch.
//
// chain: y = x, then 1000 times y = y * w + b; backward from ones; graph and gradients freed. 2000
// ops.
//        w and b want gradients too ("leaf") or not ("const"). All elements are alike.
// xor:   one step of the 2-4-1 network: sigmoid twice, mean squared error, SGD with lr 0.5, 4
// samples;
//        all weights start at values given by a formula, so both sides compute the same.
// micrograd: the expression of micrograd's README, leaves made anew, forward and backward.
#pragma once

#include <functional>

struct Work {
  std::function<void()> run;
  std::function<double()> result;  // after run: a number to compare
};

namespace rival {
Work chain(int rows, int columns, bool float64, bool leaf);
Work xor_step(bool float64);
Work micrograd();
}  // namespace rival

/// The start of weight k of n.
inline double xor_start(int k, int n) { return 0.9 - 1.7 * k / n; }

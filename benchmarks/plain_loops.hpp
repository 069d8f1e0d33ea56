// plain_loops.hpp: a formula and its gradients as loops by hand, without a graph, over memory that
// is allocated once; compiled with -O3 -march=native -ffast-math and the compiler's vector
// functions.
#pragma once

#include "work.hpp"

namespace plain_loops {

/// y = tanh(x w + b) sigmoid(x) over n elements, and, if `both`, the gradients from ones.
bench::Work chain(std::int64_t n, bool both);

}  // namespace plain_loops

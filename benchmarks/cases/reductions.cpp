// Sums, extremes and moments of 4096x4096, and running sums.
#include <xgrad/xgrad.hpp>

#include "../suite.hpp"

namespace bench {
namespace {

using xgrad::Tensor;
using V = const Tensors&;

const Input square{{4096, 4096}};
const Input matrix{{4096, 1024}};
const Input near_one{{4096, 1024}, 0.999, 1.001};
const Input flags{{4096, 4096}, 0, 2, Input::Type::boolean};

}  // namespace

Cases reduction_cases() {
  Cases all;
  const auto op = [&](OpCase c) { add(all, "reductions", c); };
  op({.name = "sum",
      .inputs = {square},
      .op = [](V v) { return v[0].sum(); },
      .reads_again = false});
  op({.name = "sum, dim 0",
      .inputs = {square},
      .op = [](V v) { return v[0].sum(0); },
      .aim_forward = 1.2,
      .aim_both = 1.2,
      .reads_again = false});
  op({.name = "sum, dim 1",
      .inputs = {square},
      .op = [](V v) { return v[0].sum(1); },
      .reads_again = false});
  op({.name = "mean, dim 1",
      .inputs = {square},
      .op = [](V v) { return v[0].mean(1); },
      .reads_again = false});
  op({.name = "amax, dim 1",
      .inputs = {square},
      .op = [](V v) { return amax(v[0], 1); },
      .aim_both = 3});
  op({.name = "amax, dim 0", .inputs = {square}, .op = [](V v) { return amax(v[0], 0); }});
  op({.name = "max with indices, dim 1", .inputs = {square}, .op = [](V v) {
        return max(v[0], 1).values;
      }});
  op({.name = "argmax, dim 1",
      .inputs = {square},
      .op = [](V v) { return argmax(v[0], 1); },
      .differentiable = false});
  op({.name = "var, dim 1",
      .inputs = {square},
      .op = [](V v) { return var(v[0], 1); },
      .tolerance = 1e-4});
  op({.name = "std, dim 0",
      .inputs = {square},
      .op = [](V v) { return xgrad::std(v[0], 0); },
      .tolerance = 1e-4});
  op({.name = "norm, dim 1", .inputs = {square}, .op = [](V v) { return norm(v[0], 2, 1); }});
  op({.name = "norm of all",  // libtorch's sum of 16 Mi squares is off by 5e-4
      .inputs = {square},
      .op = [](V v) { return norm(v[0]); },
      .tolerance = 2e-3});
  op({.name = "prod, dim 1",
      .inputs = {near_one},
      .op = [](V v) { return prod(v[0], 1); },
      .tolerance = 1e-4});
  op({.name = "any, dim 1",
      .inputs = {flags},
      .op = [](V v) { return any(v[0], 1); },
      .differentiable = false});
  op({.name = "all, dim 1",
      .inputs = {flags},
      .op = [](V v) { return xgrad::all(v[0], 1); },
      .differentiable = false});
  op({.name = "cumsum, dim 1",
      .inputs = {matrix},
      .op = [](V v) { return cumsum(v[0], 1); },
      .aim_forward = 1.5,
      .aim_both = 1.5,
      .reads_again = false});
  op({.name = "cumsum, dim 0",
      .inputs = {matrix},
      .op = [](V v) { return cumsum(v[0], 0); },
      .reads_again = false});
  op({.name = "cumprod, dim 1",
      .inputs = {near_one},
      .op = [](V v) { return cumprod(v[0], 1); },
      .tolerance = 1e-4});
  return all;
}

}  // namespace bench

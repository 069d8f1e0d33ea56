// Mistakes that the compiler is to refuse, one at a time, in words of ours.
#include <cmath>

#include <xgrad/graph/record.hpp>
#include <xgrad/ops/pointwise.hpp>

using xgrad::Tensor;

#ifdef REFUSED_missing_function
const auto op = xgrad::pointwise("op", [](auto x) { return nextafter(x, 1); });
#endif
#ifdef REFUSED_branch
const auto op = xgrad::pointwise("op", [](auto x) {
  if (x > 0) return x;
  return -x;
});
#endif
#ifdef REFUSED_captured_tensor
const Tensor t;
const auto op = xgrad::pointwise("op", [t = t](auto x) { return x; });
#endif
#ifdef REFUSED_inputs
const auto op = xgrad::pointwise("op", [](auto x, auto y) { return x + y; });
#endif
#ifdef REFUSED_condition
const auto op = xgrad::pointwise("op", [](auto x) { return x > 0; });
#endif
#ifdef REFUSED_recorded_tensor
Tensor use(const Tensor& x) {
  return xgrad::record("op", {x}, x, xgrad::reads_nothing,
                       [x](const Tensor& dy, xgrad::Inputs, xgrad::Sinks dx) { dx.add(0, dy); });
}
#else
Tensor use(const Tensor& x) { return op(x); }
#endif

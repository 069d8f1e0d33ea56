// Mistakes that the compiler is to refuse, one at a time, in words of ours.
#include <cmath>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/from_blob.hpp>
#include <xgrad/graph/record.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/logic.hpp>
#include <xgrad/ops/pointwise.hpp>
#include <xgrad/ops/reduction.hpp>
#include <xgrad/ops/sorting.hpp>

using xgrad::Tensor;

#ifdef COMPILE_FAIL_missing_function
const auto op = xgrad::pointwise("op", [](auto x) { return nextafter(x, 1); });
#endif
#ifdef COMPILE_FAIL_branch
const auto op = xgrad::pointwise("op", [](auto x) {
  if (x > 0) return x;
  return -x;
});
#endif
#ifdef COMPILE_FAIL_captured_tensor
const Tensor t;
const auto op = xgrad::pointwise("op", [t = t](auto x) { return x; });
#endif
#ifdef COMPILE_FAIL_inputs
const auto op = xgrad::pointwise("op", [](auto x, auto y) { return x + y; });
#endif
#ifdef COMPILE_FAIL_condition
const auto op = xgrad::pointwise("op", [](auto x) { return x > 0; });
#endif
// Numbers of another kind than the argument: each of these would mean something else.
#ifdef COMPILE_FAIL_axis_of_float
Tensor op(const Tensor& x) { return max(x, 0.0).values; }
#endif
#ifdef COMPILE_FAIL_axis_of_bool
Tensor op(const Tensor& x) { return sum(x, true); }
#endif
#ifdef COMPILE_FAIL_flag_of_integer
Tensor op(const Tensor& x) { return x.sum(0, 1); }
#endif
#ifdef COMPILE_FAIL_flag_of_axes
Tensor op(const Tensor& x) { return mean(x, 0, -1); }
#endif
#ifdef COMPILE_FAIL_descending_of_integer
Tensor op(const Tensor& x) { return sort(x, 0, 1).values; }
#endif
#ifdef COMPILE_FAIL_count_of_float
Tensor op(const Tensor&) { return xgrad::eye(2.5); }
#endif
#ifdef COMPILE_FAIL_size_of_float
Tensor op(const Tensor&) { return xgrad::zeros(2.5); }
#endif
// A part is a copy: what is written to it would be lost.
#ifdef COMPILE_FAIL_part_assigned
Tensor op(const Tensor& x) {
  x[0] = 3.0;
  return x;
}
#endif
#ifdef COMPILE_FAIL_part_added_to
Tensor op(const Tensor& x) {
  x[0] += x[1];
  return x;
}
#endif
#ifdef COMPILE_FAIL_part_masked
Tensor op(const Tensor& x) {
  x[0] &= x[1];
  return x;
}
#endif
// Memory of a type that no tensor has.
#ifdef COMPILE_FAIL_blob_of_int
Tensor op(const Tensor&) {
  static int memory[] = {1, 2};
  return xgrad::from_blob(memory, {2});
}
#endif
#ifdef COMPILE_FAIL_size_of_character
Tensor op(const Tensor&) { return xgrad::zeros('a'); }
#endif
#ifdef COMPILE_FAIL_span_of_temporary
Tensor op(const Tensor& x) { return xgrad::tensor(x.detach().span<float>()[0]); }
#endif
#ifdef COMPILE_FAIL_discarded_guard
Tensor op(const Tensor& x) {
  xgrad::NoGrad();
  return x;
}
#endif
#ifdef COMPILE_FAIL_recorded_tensor
Tensor use(const Tensor& x) {
  return xgrad::record(
      "op", {x}, x, xgrad::save_nothing,
      [x](const Tensor& dy, xgrad::Inputs, xgrad::InputGradients dx) { dx.add(0, dy); });
}
#else
Tensor use(const Tensor& x) { return op(x); }
#endif

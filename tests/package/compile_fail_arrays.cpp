// Mistakes with xtensor's arrays that the compiler is to refuse, one at a time, in words of ours.
#include <complex>

#include <xgrad/xtensor.hpp>

using xgrad::Tensor;

[[maybe_unused]] constexpr auto same = [](const auto& a) { return a; };

// Lazy expressions over what the function leaves behind.
#ifdef COMPILE_FAIL_array_op_local
Tensor use(const Tensor& x) {
  return xgrad::array_op(
      "op", {x},
      [](const auto& a) {
        const auto b = xt::exp(a);
        return 2 * b;
      },
      same);
}
#endif
#ifdef COMPILE_FAIL_array_op_container
Tensor use(const Tensor& x) {
  return xgrad::array_op(
      "op", {x},
      [](const auto& a) {
        const xt::xarray<double> b = xt::exp(a);
        return xt::view(b, 0);
      },
      same);
}
#endif
#ifdef COMPILE_FAIL_array_op_number
Tensor use(const Tensor& x, double k) {
  return xgrad::array_op(
      "op", {x}, [k](const auto& a) { return k * a; }, same);
}
#endif
#ifdef COMPILE_FAIL_array_op_memory
Tensor use(const Tensor& x) {
  return xgrad::array_op(
      "op", {x},
      [](const auto& a) {
        double memory[2] = {a(0), a(1)};
        return xt::adapt(&memory[0], 2, xt::no_ownership(), xt::dynamic_shape<std::size_t>{2});
      },
      same);
}
#endif
#ifdef COMPILE_FAIL_array_op_gradient
Tensor use(const Tensor& x) {
  return xgrad::array_op("op", {x}, same, [](const auto& dy) {
    const xt::xarray<double> b = 2 * dy;
    return b + dy;
  });
}
#endif
#ifdef COMPILE_FAIL_array_op_gradients
Tensor use(const Tensor& x, const Tensor& y) {
  return xgrad::array_op(
      "op", {x, y}, [](const auto& a, const auto& b) { return a * b; },
      [](const auto& dy, const auto& a, const auto& b) {
        const auto da = dy * b, db = dy * a;
        return std::tie(da, db);
      });
}
#endif
#ifdef COMPILE_FAIL_array_op_vectorized
Tensor use(const Tensor& x, double k) {
  return xgrad::array_op(
      "op", {x},
      [k](const auto& a) {
        const auto f = [&k](double v) { return k * v; };
        return xt::make_lambda_xfunction(f, a);
      },
      same);
}
#endif
// Functions of another kind than the op has.
#ifdef COMPILE_FAIL_array_op_inputs
Tensor use(const Tensor& x) { return xgrad::array_op("op", {x, x}, same, same, same); }
#endif
#ifdef COMPILE_FAIL_array_op_one_gradient
Tensor use(const Tensor& x) {
  return xgrad::array_op(
      "op", {x, x}, [](const auto& a, const auto& b) { return a + b; }, same);
}
#endif
#ifdef COMPILE_FAIL_array_op_three_gradients
Tensor use(const Tensor& x) {
  return xgrad::array_op(
      "op", {x, x}, [](const auto& a, const auto& b) { return a + b; }, same, same, same);
}
#endif
#ifdef COMPILE_FAIL_array_op_arguments
Tensor use(const Tensor& x) {
  return xgrad::array_op("op", {x}, same,
                         [](const auto& a, const auto&, const auto&, const auto&) { return a; });
}
#endif
#ifdef COMPILE_FAIL_array_op_captured
Tensor use(const Tensor& x, const xt::xarray<double>& table) {
  return xgrad::array_op("op", {x}, same, [table](const auto& dy) { return xt::eval(table * dy); });
}
#endif
// Wrong numbers by xtensor.
#ifdef COMPILE_FAIL_array_op_keep_dims
Tensor use(const Tensor& x) {
  return xgrad::array_op(
      "op", {x}, [](const auto& a) { return a - xt::mean(a, {0}, xt::keep_dims); }, same);
}
#endif
#ifdef COMPILE_FAIL_array_op_complex
Tensor use(const xt::xarray<std::complex<double>>& a) { return xgrad::tensor(a); }
#endif

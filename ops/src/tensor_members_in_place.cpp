// The ops that change a leaf.
// Made by the target xgrad_members from the headers that are named below; do not edit.
// clang-format off
#include <xgrad/graph/tensor_members.hpp>

#include <xgrad/ops/activation.hpp>
#include <xgrad/ops/aliases.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/comparison.hpp>
#include <xgrad/ops/diagonal.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/formulas.hpp>
#include <xgrad/ops/index_slices.hpp>
#include <xgrad/ops/logic.hpp>
#include <xgrad/ops/products.hpp>
#include <xgrad/ops/scan.hpp>
#include <xgrad/ops/scatter.hpp>
#include <xgrad/ops/scatter_reduce.hpp>
#include <xgrad/ops/special.hpp>

#include "in_place.hpp"

namespace xgrad {
namespace {

Operand operand(const InPlace& change, Site site) { return {change.tensor(), site}; }

}  // namespace

Tensor& TensorMembers::relu_(Site site) {
  const InPlace change("relu_", *this, {}, site);
  return change.write(xgrad::relu(operand(change, site)));
}
Tensor& TensorMembers::absolute_(Site site) {
  const InPlace change("absolute_", *this, {}, site);
  return change.write(xgrad::absolute(operand(change, site)));
}
Tensor& TensorMembers::arccos_(Site site) {
  const InPlace change("arccos_", *this, {}, site);
  return change.write(xgrad::arccos(operand(change, site)));
}
Tensor& TensorMembers::arccosh_(Site site) {
  const InPlace change("arccosh_", *this, {}, site);
  return change.write(xgrad::arccosh(operand(change, site)));
}
Tensor& TensorMembers::arcsin_(Site site) {
  const InPlace change("arcsin_", *this, {}, site);
  return change.write(xgrad::arcsin(operand(change, site)));
}
Tensor& TensorMembers::arcsinh_(Site site) {
  const InPlace change("arcsinh_", *this, {}, site);
  return change.write(xgrad::arcsinh(operand(change, site)));
}
Tensor& TensorMembers::arctan_(Site site) {
  const InPlace change("arctan_", *this, {}, site);
  return change.write(xgrad::arctan(operand(change, site)));
}
Tensor& TensorMembers::arctan2_(Operand x, Site site) {
  const InPlace change("arctan2_", *this, {x}, site);
  return change.write(xgrad::arctan2(operand(change, site), x));
}
Tensor& TensorMembers::arctanh_(Site site) {
  const InPlace change("arctanh_", *this, {}, site);
  return change.write(xgrad::arctanh(operand(change, site)));
}
Tensor& TensorMembers::clip_(Operand min, Operand max, Site site) {
  const InPlace change("clip_", *this, {min, max}, site);
  return change.write(xgrad::clip(operand(change, site), min, max));
}
Tensor& TensorMembers::divide_(Operand b, Site site) {
  const InPlace change("divide_", *this, {b}, site);
  return change.write(xgrad::divide(operand(change, site), b));
}
Tensor& TensorMembers::true_divide_(Operand b, Site site) {
  const InPlace change("true_divide_", *this, {b}, site);
  return change.write(xgrad::true_divide(operand(change, site), b));
}
Tensor& TensorMembers::fix_(Site site) {
  const InPlace change("fix_", *this, {}, site);
  return change.write(xgrad::fix(operand(change, site)));
}
Tensor& TensorMembers::multiply_(Operand b, Site site) {
  const InPlace change("multiply_", *this, {b}, site);
  return change.write(xgrad::multiply(operand(change, site), b));
}
Tensor& TensorMembers::negative_(Site site) {
  const InPlace change("negative_", *this, {}, site);
  return change.write(xgrad::negative(operand(change, site)));
}
Tensor& TensorMembers::sgn_(Site site) {
  const InPlace change("sgn_", *this, {}, site);
  return change.write(xgrad::sgn(operand(change, site)));
}
Tensor& TensorMembers::subtract_(Operand b, Site site) {
  const InPlace change("subtract_", *this, {b}, site);
  return change.write(xgrad::subtract(operand(change, site), b));
}
Tensor& TensorMembers::greater_(Operand b, Site site) {
  const InPlace change("greater_", *this, {b}, site);
  return change.write(xgrad::greater(operand(change, site), b));
}
Tensor& TensorMembers::greater_equal_(Operand b, Site site) {
  const InPlace change("greater_equal_", *this, {b}, site);
  return change.write(xgrad::greater_equal(operand(change, site), b));
}
Tensor& TensorMembers::less_(Operand b, Site site) {
  const InPlace change("less_", *this, {b}, site);
  return change.write(xgrad::less(operand(change, site), b));
}
Tensor& TensorMembers::less_equal_(Operand b, Site site) {
  const InPlace change("less_equal_", *this, {b}, site);
  return change.write(xgrad::less_equal(operand(change, site), b));
}
Tensor& TensorMembers::not_equal_(Operand b, Site site) {
  const InPlace change("not_equal_", *this, {b}, site);
  return change.write(xgrad::not_equal(operand(change, site), b));
}
Tensor& TensorMembers::add_(Operand b, Site site) {
  const InPlace change("add_", *this, {b}, site);
  return change.write(xgrad::add(operand(change, site), b));
}
Tensor& TensorMembers::add_(Operand b, Operand alpha, Site site) {
  const InPlace change("add_", *this, {b, alpha}, site);
  return change.write(xgrad::add(operand(change, site), b, alpha));
}
Tensor& TensorMembers::sub_(Operand b, Site site) {
  const InPlace change("sub_", *this, {b}, site);
  return change.write(xgrad::sub(operand(change, site), b));
}
Tensor& TensorMembers::sub_(Operand b, Operand alpha, Site site) {
  const InPlace change("sub_", *this, {b, alpha}, site);
  return change.write(xgrad::sub(operand(change, site), b, alpha));
}
Tensor& TensorMembers::mul_(Operand b, Site site) {
  const InPlace change("mul_", *this, {b}, site);
  return change.write(xgrad::mul(operand(change, site), b));
}
Tensor& TensorMembers::div_(Operand b, Site site) {
  const InPlace change("div_", *this, {b}, site);
  return change.write(xgrad::div(operand(change, site), b));
}
Tensor& TensorMembers::div_(Operand b, std::string_view rounding_mode, Site site) {
  const InPlace change("div_", *this, {b}, site);
  return change.write(xgrad::div(operand(change, site), b, rounding_mode));
}
Tensor& TensorMembers::floor_divide_(Operand b, Site site) {
  const InPlace change("floor_divide_", *this, {b}, site);
  return change.write(xgrad::floor_divide(operand(change, site), b));
}
Tensor& TensorMembers::neg_(Site site) {
  const InPlace change("neg_", *this, {}, site);
  return change.write(xgrad::neg(operand(change, site)));
}
Tensor& TensorMembers::eq_(Operand b, Site site) {
  const InPlace change("eq_", *this, {b}, site);
  return change.write(xgrad::eq(operand(change, site), b));
}
Tensor& TensorMembers::ne_(Operand b, Site site) {
  const InPlace change("ne_", *this, {b}, site);
  return change.write(xgrad::ne(operand(change, site), b));
}
Tensor& TensorMembers::lt_(Operand b, Site site) {
  const InPlace change("lt_", *this, {b}, site);
  return change.write(xgrad::lt(operand(change, site), b));
}
Tensor& TensorMembers::le_(Operand b, Site site) {
  const InPlace change("le_", *this, {b}, site);
  return change.write(xgrad::le(operand(change, site), b));
}
Tensor& TensorMembers::gt_(Operand b, Site site) {
  const InPlace change("gt_", *this, {b}, site);
  return change.write(xgrad::gt(operand(change, site), b));
}
Tensor& TensorMembers::ge_(Operand b, Site site) {
  const InPlace change("ge_", *this, {b}, site);
  return change.write(xgrad::ge(operand(change, site), b));
}
Tensor& TensorMembers::logical_and_(Operand b, Site site) {
  const InPlace change("logical_and_", *this, {b}, site);
  return change.write(xgrad::logical_and(operand(change, site), b));
}
Tensor& TensorMembers::logical_or_(Operand b, Site site) {
  const InPlace change("logical_or_", *this, {b}, site);
  return change.write(xgrad::logical_or(operand(change, site), b));
}
Tensor& TensorMembers::logical_not_(Site site) {
  const InPlace change("logical_not_", *this, {}, site);
  return change.write(xgrad::logical_not(operand(change, site)));
}
Tensor& TensorMembers::tril_(int diagonal, Site site) {
  const InPlace change("tril_", *this, {}, site);
  return change.write(xgrad::tril(operand(change, site), diagonal));
}
Tensor& TensorMembers::triu_(int diagonal, Site site) {
  const InPlace change("triu_", *this, {}, site);
  return change.write(xgrad::triu(operand(change, site), diagonal));
}
Tensor& TensorMembers::abs_(Site site) {
  const InPlace change("abs_", *this, {}, site);
  return change.write(xgrad::abs(operand(change, site)));
}
Tensor& TensorMembers::sign_(Site site) {
  const InPlace change("sign_", *this, {}, site);
  return change.write(xgrad::sign(operand(change, site)));
}
Tensor& TensorMembers::exp_(Site site) {
  const InPlace change("exp_", *this, {}, site);
  return change.write(xgrad::exp(operand(change, site)));
}
Tensor& TensorMembers::exp2_(Site site) {
  const InPlace change("exp2_", *this, {}, site);
  return change.write(xgrad::exp2(operand(change, site)));
}
Tensor& TensorMembers::expm1_(Site site) {
  const InPlace change("expm1_", *this, {}, site);
  return change.write(xgrad::expm1(operand(change, site)));
}
Tensor& TensorMembers::log_(Site site) {
  const InPlace change("log_", *this, {}, site);
  return change.write(xgrad::log(operand(change, site)));
}
Tensor& TensorMembers::log1p_(Site site) {
  const InPlace change("log1p_", *this, {}, site);
  return change.write(xgrad::log1p(operand(change, site)));
}
Tensor& TensorMembers::log2_(Site site) {
  const InPlace change("log2_", *this, {}, site);
  return change.write(xgrad::log2(operand(change, site)));
}
Tensor& TensorMembers::log10_(Site site) {
  const InPlace change("log10_", *this, {}, site);
  return change.write(xgrad::log10(operand(change, site)));
}
Tensor& TensorMembers::sigmoid_(Site site) {
  const InPlace change("sigmoid_", *this, {}, site);
  return change.write(xgrad::sigmoid(operand(change, site)));
}
Tensor& TensorMembers::sqrt_(Site site) {
  const InPlace change("sqrt_", *this, {}, site);
  return change.write(xgrad::sqrt(operand(change, site)));
}
Tensor& TensorMembers::rsqrt_(Site site) {
  const InPlace change("rsqrt_", *this, {}, site);
  return change.write(xgrad::rsqrt(operand(change, site)));
}
Tensor& TensorMembers::square_(Site site) {
  const InPlace change("square_", *this, {}, site);
  return change.write(xgrad::square(operand(change, site)));
}
Tensor& TensorMembers::reciprocal_(Site site) {
  const InPlace change("reciprocal_", *this, {}, site);
  return change.write(xgrad::reciprocal(operand(change, site)));
}
Tensor& TensorMembers::pow_(Operand exponent, Site site) {
  const InPlace change("pow_", *this, {exponent}, site);
  return change.write(xgrad::pow(operand(change, site), exponent));
}
Tensor& TensorMembers::hypot_(Operand b, Site site) {
  const InPlace change("hypot_", *this, {b}, site);
  return change.write(xgrad::hypot(operand(change, site), b));
}
Tensor& TensorMembers::float_power_(Operand exponent, Site site) {
  const InPlace change("float_power_", *this, {exponent}, site);
  return change.write(xgrad::float_power(operand(change, site), exponent));
}
Tensor& TensorMembers::sin_(Site site) {
  const InPlace change("sin_", *this, {}, site);
  return change.write(xgrad::sin(operand(change, site)));
}
Tensor& TensorMembers::cos_(Site site) {
  const InPlace change("cos_", *this, {}, site);
  return change.write(xgrad::cos(operand(change, site)));
}
Tensor& TensorMembers::tan_(Site site) {
  const InPlace change("tan_", *this, {}, site);
  return change.write(xgrad::tan(operand(change, site)));
}
Tensor& TensorMembers::asin_(Site site) {
  const InPlace change("asin_", *this, {}, site);
  return change.write(xgrad::asin(operand(change, site)));
}
Tensor& TensorMembers::acos_(Site site) {
  const InPlace change("acos_", *this, {}, site);
  return change.write(xgrad::acos(operand(change, site)));
}
Tensor& TensorMembers::atan_(Site site) {
  const InPlace change("atan_", *this, {}, site);
  return change.write(xgrad::atan(operand(change, site)));
}
Tensor& TensorMembers::atan2_(Operand x, Site site) {
  const InPlace change("atan2_", *this, {x}, site);
  return change.write(xgrad::atan2(operand(change, site), x));
}
Tensor& TensorMembers::sinh_(Site site) {
  const InPlace change("sinh_", *this, {}, site);
  return change.write(xgrad::sinh(operand(change, site)));
}
Tensor& TensorMembers::cosh_(Site site) {
  const InPlace change("cosh_", *this, {}, site);
  return change.write(xgrad::cosh(operand(change, site)));
}
Tensor& TensorMembers::tanh_(Site site) {
  const InPlace change("tanh_", *this, {}, site);
  return change.write(xgrad::tanh(operand(change, site)));
}
Tensor& TensorMembers::asinh_(Site site) {
  const InPlace change("asinh_", *this, {}, site);
  return change.write(xgrad::asinh(operand(change, site)));
}
Tensor& TensorMembers::acosh_(Site site) {
  const InPlace change("acosh_", *this, {}, site);
  return change.write(xgrad::acosh(operand(change, site)));
}
Tensor& TensorMembers::atanh_(Site site) {
  const InPlace change("atanh_", *this, {}, site);
  return change.write(xgrad::atanh(operand(change, site)));
}
Tensor& TensorMembers::erf_(Site site) {
  const InPlace change("erf_", *this, {}, site);
  return change.write(xgrad::erf(operand(change, site)));
}
Tensor& TensorMembers::erfc_(Site site) {
  const InPlace change("erfc_", *this, {}, site);
  return change.write(xgrad::erfc(operand(change, site)));
}
Tensor& TensorMembers::erfinv_(Site site) {
  const InPlace change("erfinv_", *this, {}, site);
  return change.write(xgrad::erfinv(operand(change, site)));
}
Tensor& TensorMembers::lgamma_(Site site) {
  const InPlace change("lgamma_", *this, {}, site);
  return change.write(xgrad::lgamma(operand(change, site)));
}
Tensor& TensorMembers::digamma_(Site site) {
  const InPlace change("digamma_", *this, {}, site);
  return change.write(xgrad::digamma(operand(change, site)));
}
Tensor& TensorMembers::polygamma_(int n, Site site) {
  const InPlace change("polygamma_", *this, {}, site);
  return change.write(xgrad::polygamma(n, operand(change, site)));
}
Tensor& TensorMembers::i0_(Site site) {
  const InPlace change("i0_", *this, {}, site);
  return change.write(xgrad::i0(operand(change, site)));
}
Tensor& TensorMembers::floor_(Site site) {
  const InPlace change("floor_", *this, {}, site);
  return change.write(xgrad::floor(operand(change, site)));
}
Tensor& TensorMembers::ceil_(Site site) {
  const InPlace change("ceil_", *this, {}, site);
  return change.write(xgrad::ceil(operand(change, site)));
}
Tensor& TensorMembers::trunc_(Site site) {
  const InPlace change("trunc_", *this, {}, site);
  return change.write(xgrad::trunc(operand(change, site)));
}
Tensor& TensorMembers::round_(Site site) {
  const InPlace change("round_", *this, {}, site);
  return change.write(xgrad::round(operand(change, site)));
}
Tensor& TensorMembers::fmod_(Operand b, Site site) {
  const InPlace change("fmod_", *this, {b}, site);
  return change.write(xgrad::fmod(operand(change, site), b));
}
Tensor& TensorMembers::remainder_(Operand b, Site site) {
  const InPlace change("remainder_", *this, {b}, site);
  return change.write(xgrad::remainder(operand(change, site), b));
}
Tensor& TensorMembers::copysign_(Operand b, Site site) {
  const InPlace change("copysign_", *this, {b}, site);
  return change.write(xgrad::copysign(operand(change, site), b));
}
Tensor& TensorMembers::clamp_(Operand min, Operand max, Site site) {
  const InPlace change("clamp_", *this, {min, max}, site);
  return change.write(xgrad::clamp(operand(change, site), min, max));
}
Tensor& TensorMembers::clamp_min_(Operand min, Site site) {
  const InPlace change("clamp_min_", *this, {min}, site);
  return change.write(xgrad::clamp_min(operand(change, site), min));
}
Tensor& TensorMembers::clamp_max_(Operand max, Site site) {
  const InPlace change("clamp_max_", *this, {max}, site);
  return change.write(xgrad::clamp_max(operand(change, site), max));
}
Tensor& TensorMembers::nan_to_num_(double nan, std::optional<double> posinf,
    std::optional<double> neginf, Site site) {
  const InPlace change("nan_to_num_", *this, {}, site);
  return change.write(xgrad::nan_to_num(operand(change, site), nan, posinf, neginf));
}
Tensor& TensorMembers::lerp_(Operand end, Operand weight, Site site) {
  const InPlace change("lerp_", *this, {end, weight}, site);
  return change.write(xgrad::lerp(operand(change, site), end, weight));
}
Tensor& TensorMembers::addcmul_(Operand a, Operand b, Site site) {
  const InPlace change("addcmul_", *this, {a, b}, site);
  return change.write(xgrad::addcmul(operand(change, site), a, b));
}
Tensor& TensorMembers::addcmul_(Operand a, Operand b, Operand value, Site site) {
  const InPlace change("addcmul_", *this, {a, b, value}, site);
  return change.write(xgrad::addcmul(operand(change, site), a, b, value));
}
Tensor& TensorMembers::addcdiv_(Operand a, Operand b, Site site) {
  const InPlace change("addcdiv_", *this, {a, b}, site);
  return change.write(xgrad::addcdiv(operand(change, site), a, b));
}
Tensor& TensorMembers::addcdiv_(Operand a, Operand b, Operand value, Site site) {
  const InPlace change("addcdiv_", *this, {a, b, value}, site);
  return change.write(xgrad::addcdiv(operand(change, site), a, b, value));
}
Tensor& TensorMembers::deg2rad_(Site site) {
  const InPlace change("deg2rad_", *this, {}, site);
  return change.write(xgrad::deg2rad(operand(change, site)));
}
Tensor& TensorMembers::rad2deg_(Site site) {
  const InPlace change("rad2deg_", *this, {}, site);
  return change.write(xgrad::rad2deg(operand(change, site)));
}
Tensor& TensorMembers::frac_(Site site) {
  const InPlace change("frac_", *this, {}, site);
  return change.write(xgrad::frac(operand(change, site)));
}
Tensor& TensorMembers::ldexp_(Operand b, Site site) {
  const InPlace change("ldexp_", *this, {b}, site);
  return change.write(xgrad::ldexp(operand(change, site), b));
}
Tensor& TensorMembers::index_add_(Dim dim, const Tensor& index, Operand source, Site site) {
  const InPlace change("index_add_", *this, {{index, site}, source}, site);
  return change.write(xgrad::index_add(operand(change, site), dim, index, source));
}
Tensor& TensorMembers::index_add_(Dim dim, const Tensor& index, Operand source, Operand alpha,
    Site site) {
  const InPlace change("index_add_", *this, {{index, site}, source, alpha}, site);
  return change.write(xgrad::index_add(operand(change, site), dim, index, source, alpha));
}
Tensor& TensorMembers::index_copy_(Dim dim, const Tensor& index, Operand source, Site site) {
  const InPlace change("index_copy_", *this, {{index, site}, source}, site);
  return change.write(xgrad::index_copy(operand(change, site), dim, index, source));
}
Tensor& TensorMembers::index_fill_(Dim dim, const Tensor& index, Operand value, Site site) {
  const InPlace change("index_fill_", *this, {{index, site}, value}, site);
  return change.write(xgrad::index_fill(operand(change, site), dim, index, value));
}
Tensor& TensorMembers::logical_xor_(Operand b, Site site) {
  const InPlace change("logical_xor_", *this, {b}, site);
  return change.write(xgrad::logical_xor(operand(change, site), b));
}
Tensor& TensorMembers::bitwise_and_(Operand b, Site site) {
  const InPlace change("bitwise_and_", *this, {b}, site);
  return change.write(xgrad::bitwise_and(operand(change, site), b));
}
Tensor& TensorMembers::bitwise_or_(Operand b, Site site) {
  const InPlace change("bitwise_or_", *this, {b}, site);
  return change.write(xgrad::bitwise_or(operand(change, site), b));
}
Tensor& TensorMembers::bitwise_xor_(Operand b, Site site) {
  const InPlace change("bitwise_xor_", *this, {b}, site);
  return change.write(xgrad::bitwise_xor(operand(change, site), b));
}
Tensor& TensorMembers::bitwise_not_(Site site) {
  const InPlace change("bitwise_not_", *this, {}, site);
  return change.write(xgrad::bitwise_not(operand(change, site)));
}
Tensor& TensorMembers::heaviside_(Operand values, Site site) {
  const InPlace change("heaviside_", *this, {values}, site);
  return change.write(xgrad::heaviside(operand(change, site), values));
}
Tensor& TensorMembers::addmm_(Operand a, Operand b, double beta, double alpha, Site site) {
  const InPlace change("addmm_", *this, {a, b}, site);
  return change.write(xgrad::addmm(operand(change, site), a, b, beta, alpha));
}
Tensor& TensorMembers::addmv_(Operand a, Operand b, double beta, double alpha, Site site) {
  const InPlace change("addmv_", *this, {a, b}, site);
  return change.write(xgrad::addmv(operand(change, site), a, b, beta, alpha));
}
Tensor& TensorMembers::addr_(Operand a, Operand b, double beta, double alpha, Site site) {
  const InPlace change("addr_", *this, {a, b}, site);
  return change.write(xgrad::addr(operand(change, site), a, b, beta, alpha));
}
Tensor& TensorMembers::addbmm_(Operand a, Operand b, double beta, double alpha, Site site) {
  const InPlace change("addbmm_", *this, {a, b}, site);
  return change.write(xgrad::addbmm(operand(change, site), a, b, beta, alpha));
}
Tensor& TensorMembers::baddbmm_(Operand a, Operand b, double beta, double alpha, Site site) {
  const InPlace change("baddbmm_", *this, {a, b}, site);
  return change.write(xgrad::baddbmm(operand(change, site), a, b, beta, alpha));
}
Tensor& TensorMembers::cumsum_(Dim dim, Site site) {
  const InPlace change("cumsum_", *this, {}, site);
  return change.write(xgrad::cumsum(operand(change, site), dim));
}
Tensor& TensorMembers::cumprod_(Dim dim, Site site) {
  const InPlace change("cumprod_", *this, {}, site);
  return change.write(xgrad::cumprod(operand(change, site), dim));
}
Tensor& TensorMembers::scatter_add_(Dim dim, const Tensor& index, Operand src, Site site) {
  const InPlace change("scatter_add_", *this, {{index, site}, src}, site);
  return change.write(xgrad::scatter_add(operand(change, site), dim, index, src));
}
Tensor& TensorMembers::scatter_(Dim dim, const Tensor& index, Operand src, Site site) {
  const InPlace change("scatter_", *this, {{index, site}, src}, site);
  return change.write(xgrad::scatter(operand(change, site), dim, index, src));
}
Tensor& TensorMembers::index_put_(const std::vector<Index>& indices, Operand values,
    Flag accumulate, Site site) {
  const InPlace change("index_put_", *this, {values}, site);
  return change.write(xgrad::index_put(operand(change, site), indices, values, accumulate));
}
Tensor& TensorMembers::masked_fill_(const Tensor& mask, Operand value, Site site) {
  const InPlace change("masked_fill_", *this, {{mask, site}, value}, site);
  return change.write(xgrad::masked_fill(operand(change, site), mask, value));
}
Tensor& TensorMembers::masked_scatter_(const Tensor& mask, Operand source, Site site) {
  const InPlace change("masked_scatter_", *this, {{mask, site}, source}, site);
  return change.write(xgrad::masked_scatter(operand(change, site), mask, source));
}
Tensor& TensorMembers::scatter_reduce_(Dim dim, const Tensor& index, Operand src,
    std::string_view reduce, Flag include_self, Site site) {
  const InPlace change("scatter_reduce_", *this, {{index, site}, src}, site);
  return change.write(xgrad::scatter_reduce(operand(change, site), dim, index, src, reduce,
      include_self));
}
Tensor& TensorMembers::scatter_(Dim dim, const Tensor& index, Operand src, std::string_view reduce,
    Site site) {
  const InPlace change("scatter_", *this, {{index, site}, src}, site);
  return change.write(xgrad::scatter(operand(change, site), dim, index, src, reduce));
}
Tensor& TensorMembers::sinc_(Site site) {
  const InPlace change("sinc_", *this, {}, site);
  return change.write(xgrad::sinc(operand(change, site)));
}
Tensor& TensorMembers::logit_(std::optional<double> eps, Site site) {
  const InPlace change("logit_", *this, {}, site);
  return change.write(xgrad::logit(operand(change, site), eps));
}
Tensor& TensorMembers::xlogy_(Operand b, Site site) {
  const InPlace change("xlogy_", *this, {b}, site);
  return change.write(xgrad::xlogy(operand(change, site), b));
}
Tensor& TensorMembers::mvlgamma_(int p, Site site) {
  const InPlace change("mvlgamma_", *this, {}, site);
  return change.write(xgrad::mvlgamma(operand(change, site), p));
}

}  // namespace xgrad

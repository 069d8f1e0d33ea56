// The ops as members of Tensor.
// Made by the target xgrad_members from the headers that are named below; do not edit.
// clang-format off
#include <xgrad/graph/tensor_members.hpp>

#include <xgrad/ops/activation.hpp>
#include <xgrad/ops/aliases.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/comparison.hpp>
#include <xgrad/ops/counting.hpp>
#include <xgrad/ops/diagonal.hpp>
#include <xgrad/ops/distance.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/formulas.hpp>
#include <xgrad/ops/index_slices.hpp>
#include <xgrad/ops/indexing.hpp>
#include <xgrad/ops/join.hpp>
#include <xgrad/ops/linalg.hpp>
#include <xgrad/ops/logic.hpp>
#include <xgrad/ops/matmul.hpp>
#include <xgrad/ops/products.hpp>
#include <xgrad/ops/quantile.hpp>
#include <xgrad/ops/rearrange.hpp>
#include <xgrad/ops/reduction.hpp>
#include <xgrad/ops/reshape.hpp>
#include <xgrad/ops/sampling.hpp>
#include <xgrad/ops/scan.hpp>
#include <xgrad/ops/scatter.hpp>
#include <xgrad/ops/scatter_reduce.hpp>
#include <xgrad/ops/softmax.hpp>
#include <xgrad/ops/sorting.hpp>
#include <xgrad/ops/special.hpp>
#include <xgrad/ops/statistics.hpp>

namespace xgrad {
namespace {

const Tensor& tensor(const TensorMembers& x) { return static_cast<const Tensor&>(x); }
Operand operand(const TensorMembers& x, Site site) { return {tensor(x), site}; }
Operand operand(TensorMembers&& x, Site site) { return {static_cast<Tensor&&>(x), site}; }

}  // namespace

Tensor TensorMembers::relu(Site site) const& { return xgrad::relu(operand(*this, site)); }
Tensor TensorMembers::relu(Site site) && { return xgrad::relu(operand(std::move(*this), site)); }
Tensor TensorMembers::hardshrink(double lambd, Site site) const& {
  return xgrad::hardshrink(operand(*this, site), lambd);
}
Tensor TensorMembers::hardshrink(double lambd, Site site) && {
  return xgrad::hardshrink(operand(std::move(*this), site), lambd);
}
Tensor TensorMembers::prelu(Operand weight, Site site) const& {
  return xgrad::prelu(operand(*this, site), weight);
}
Tensor TensorMembers::prelu(Operand weight, Site site) && {
  return xgrad::prelu(operand(std::move(*this), site), weight);
}
Tensor TensorMembers::absolute(Site site) const& { return xgrad::absolute(operand(*this, site)); }
Tensor TensorMembers::absolute(Site site) && {
  return xgrad::absolute(operand(std::move(*this), site));
}
Tensor TensorMembers::arccos(Site site) const& { return xgrad::arccos(operand(*this, site)); }
Tensor TensorMembers::arccos(Site site) && {
  return xgrad::arccos(operand(std::move(*this), site));
}
Tensor TensorMembers::arccosh(Site site) const& { return xgrad::arccosh(operand(*this, site)); }
Tensor TensorMembers::arccosh(Site site) && {
  return xgrad::arccosh(operand(std::move(*this), site));
}
Tensor TensorMembers::arcsin(Site site) const& { return xgrad::arcsin(operand(*this, site)); }
Tensor TensorMembers::arcsin(Site site) && {
  return xgrad::arcsin(operand(std::move(*this), site));
}
Tensor TensorMembers::arcsinh(Site site) const& { return xgrad::arcsinh(operand(*this, site)); }
Tensor TensorMembers::arcsinh(Site site) && {
  return xgrad::arcsinh(operand(std::move(*this), site));
}
Tensor TensorMembers::arctan(Site site) const& { return xgrad::arctan(operand(*this, site)); }
Tensor TensorMembers::arctan(Site site) && {
  return xgrad::arctan(operand(std::move(*this), site));
}
Tensor TensorMembers::arctan2(Operand x, Site site) const& {
  return xgrad::arctan2(operand(*this, site), x);
}
Tensor TensorMembers::arctan2(Operand x, Site site) && {
  return xgrad::arctan2(operand(std::move(*this), site), x);
}
Tensor TensorMembers::arctanh(Site site) const& { return xgrad::arctanh(operand(*this, site)); }
Tensor TensorMembers::arctanh(Site site) && {
  return xgrad::arctanh(operand(std::move(*this), site));
}
Tensor TensorMembers::clip(Operand min, Operand max, Site site) const& {
  return xgrad::clip(operand(*this, site), min, max);
}
Tensor TensorMembers::clip(Operand min, Operand max, Site site) && {
  return xgrad::clip(operand(std::move(*this), site), min, max);
}
Tensor TensorMembers::divide(Operand b, Site site) const& {
  return xgrad::divide(operand(*this, site), b);
}
Tensor TensorMembers::divide(Operand b, Site site) && {
  return xgrad::divide(operand(std::move(*this), site), b);
}
Tensor TensorMembers::true_divide(Operand b, Site site) const& {
  return xgrad::true_divide(operand(*this, site), b);
}
Tensor TensorMembers::true_divide(Operand b, Site site) && {
  return xgrad::true_divide(operand(std::move(*this), site), b);
}
Tensor TensorMembers::fix(Site site) const& { return xgrad::fix(operand(*this, site)); }
Tensor TensorMembers::fix(Site site) && { return xgrad::fix(operand(std::move(*this), site)); }
Tensor TensorMembers::multiply(Operand b, Site site) const& {
  return xgrad::multiply(operand(*this, site), b);
}
Tensor TensorMembers::multiply(Operand b, Site site) && {
  return xgrad::multiply(operand(std::move(*this), site), b);
}
Tensor TensorMembers::negative(Site site) const& { return xgrad::negative(operand(*this, site)); }
Tensor TensorMembers::negative(Site site) && {
  return xgrad::negative(operand(std::move(*this), site));
}
Tensor TensorMembers::sgn(Site site) const& { return xgrad::sgn(operand(*this, site)); }
Tensor TensorMembers::sgn(Site site) && { return xgrad::sgn(operand(std::move(*this), site)); }
Tensor TensorMembers::subtract(Operand b, Site site) const& {
  return xgrad::subtract(operand(*this, site), b);
}
Tensor TensorMembers::subtract(Operand b, Site site) && {
  return xgrad::subtract(operand(std::move(*this), site), b);
}
Tensor TensorMembers::greater(Operand b, Site site) const& {
  return xgrad::greater(operand(*this, site), b);
}
Tensor TensorMembers::greater(Operand b, Site site) && {
  return xgrad::greater(operand(std::move(*this), site), b);
}
Tensor TensorMembers::greater_equal(Operand b, Site site) const& {
  return xgrad::greater_equal(operand(*this, site), b);
}
Tensor TensorMembers::greater_equal(Operand b, Site site) && {
  return xgrad::greater_equal(operand(std::move(*this), site), b);
}
Tensor TensorMembers::less(Operand b, Site site) const& {
  return xgrad::less(operand(*this, site), b);
}
Tensor TensorMembers::less(Operand b, Site site) && {
  return xgrad::less(operand(std::move(*this), site), b);
}
Tensor TensorMembers::less_equal(Operand b, Site site) const& {
  return xgrad::less_equal(operand(*this, site), b);
}
Tensor TensorMembers::less_equal(Operand b, Site site) && {
  return xgrad::less_equal(operand(std::move(*this), site), b);
}
Tensor TensorMembers::not_equal(Operand b, Site site) const& {
  return xgrad::not_equal(operand(*this, site), b);
}
Tensor TensorMembers::not_equal(Operand b, Site site) && {
  return xgrad::not_equal(operand(std::move(*this), site), b);
}
Tensor TensorMembers::ger(Operand b, Site site) const& {
  return xgrad::ger(operand(*this, site), b);
}
Tensor TensorMembers::ger(Operand b, Site site) && {
  return xgrad::ger(operand(std::move(*this), site), b);
}
Tensor TensorMembers::add(Operand b, Site site) const& {
  return xgrad::add(operand(*this, site), b);
}
Tensor TensorMembers::add(Operand b, Site site) && {
  return xgrad::add(operand(std::move(*this), site), b);
}
Tensor TensorMembers::add(Operand b, Operand alpha, Site site) const& {
  return xgrad::add(operand(*this, site), b, alpha);
}
Tensor TensorMembers::add(Operand b, Operand alpha, Site site) && {
  return xgrad::add(operand(std::move(*this), site), b, alpha);
}
Tensor TensorMembers::sub(Operand b, Site site) const& {
  return xgrad::sub(operand(*this, site), b);
}
Tensor TensorMembers::sub(Operand b, Site site) && {
  return xgrad::sub(operand(std::move(*this), site), b);
}
Tensor TensorMembers::sub(Operand b, Operand alpha, Site site) const& {
  return xgrad::sub(operand(*this, site), b, alpha);
}
Tensor TensorMembers::sub(Operand b, Operand alpha, Site site) && {
  return xgrad::sub(operand(std::move(*this), site), b, alpha);
}
Tensor TensorMembers::mul(Operand b, Site site) const& {
  return xgrad::mul(operand(*this, site), b);
}
Tensor TensorMembers::mul(Operand b, Site site) && {
  return xgrad::mul(operand(std::move(*this), site), b);
}
Tensor TensorMembers::div(Operand b, Site site) const& {
  return xgrad::div(operand(*this, site), b);
}
Tensor TensorMembers::div(Operand b, Site site) && {
  return xgrad::div(operand(std::move(*this), site), b);
}
Tensor TensorMembers::div(Operand b, std::string_view rounding_mode, Site site) const& {
  return xgrad::div(operand(*this, site), b, rounding_mode);
}
Tensor TensorMembers::div(Operand b, std::string_view rounding_mode, Site site) && {
  return xgrad::div(operand(std::move(*this), site), b, rounding_mode);
}
Tensor TensorMembers::floor_divide(Operand b, Site site) const& {
  return xgrad::floor_divide(operand(*this, site), b);
}
Tensor TensorMembers::floor_divide(Operand b, Site site) && {
  return xgrad::floor_divide(operand(std::move(*this), site), b);
}
Tensor TensorMembers::neg(Site site) const& { return xgrad::neg(operand(*this, site)); }
Tensor TensorMembers::neg(Site site) && { return xgrad::neg(operand(std::move(*this), site)); }
Tensor TensorMembers::positive(Site site) const& { return xgrad::positive(operand(*this, site)); }
Tensor TensorMembers::positive(Site site) && {
  return xgrad::positive(operand(std::move(*this), site));
}
Tensor TensorMembers::eq(Operand b, Site site) const { return xgrad::eq(operand(*this, site), b); }
Tensor TensorMembers::ne(Operand b, Site site) const { return xgrad::ne(operand(*this, site), b); }
Tensor TensorMembers::lt(Operand b, Site site) const { return xgrad::lt(operand(*this, site), b); }
Tensor TensorMembers::le(Operand b, Site site) const { return xgrad::le(operand(*this, site), b); }
Tensor TensorMembers::gt(Operand b, Site site) const { return xgrad::gt(operand(*this, site), b); }
Tensor TensorMembers::ge(Operand b, Site site) const { return xgrad::ge(operand(*this, site), b); }
Tensor TensorMembers::logical_and(Operand b, Site site) const {
  return xgrad::logical_and(operand(*this, site), b);
}
Tensor TensorMembers::logical_or(Operand b, Site site) const {
  return xgrad::logical_or(operand(*this, site), b);
}
Tensor TensorMembers::logical_not(Site site) const {
  return xgrad::logical_not(operand(*this, site));
}
Tensor TensorMembers::where(const Tensor& condition, Operand b, Site site) const {
  return xgrad::where(condition, operand(*this, site), b);
}
Tensor TensorMembers::unique(Site site) const { return xgrad::unique(tensor(*this), site); }
Tensor TensorMembers::bincount(Site site) const {
  return xgrad::bincount(tensor(*this), {}, 0, site);
}
Tensor TensorMembers::bincount(const Tensor& weights, std::int64_t minlength, Site site) const {
  return xgrad::bincount(tensor(*this), weights, minlength, site);
}
Tensor TensorMembers::histc(std::int64_t bins, double min, double max, Site site) const {
  return xgrad::histc(tensor(*this), bins, min, max, site);
}
Tensor TensorMembers::diagonal(int offset, Dim dim1, Dim dim2, Site site) const {
  return xgrad::diagonal(operand(*this, site), offset, dim1, dim2);
}
Tensor TensorMembers::diag_embed(int offset, Dim dim1, Dim dim2, Site site) const {
  return xgrad::diag_embed(operand(*this, site), offset, dim1, dim2);
}
Tensor TensorMembers::diag(int diagonal, Site site) const {
  return xgrad::diag(operand(*this, site), diagonal);
}
Tensor TensorMembers::diagflat(int offset, Site site) const {
  return xgrad::diagflat(operand(*this, site), offset);
}
Tensor TensorMembers::tril(int diagonal, Site site) const {
  return xgrad::tril(operand(*this, site), diagonal);
}
Tensor TensorMembers::triu(int diagonal, Site site) const {
  return xgrad::triu(operand(*this, site), diagonal);
}
Tensor TensorMembers::norm(double p, const Dims& dim, Flag keepdim, Site site) const {
  return xgrad::norm(operand(*this, site), p, dim, keepdim);
}
Tensor TensorMembers::norm(std::string_view p, const Dims& dim, Flag keepdim, Site site) const {
  return xgrad::norm(operand(*this, site), p, dim, keepdim);
}
Tensor TensorMembers::dist(Operand b, double p, Site site) const {
  return xgrad::dist(operand(*this, site), b, p);
}
Tensor TensorMembers::abs(Site site) const& { return xgrad::abs(operand(*this, site)); }
Tensor TensorMembers::abs(Site site) && { return xgrad::abs(operand(std::move(*this), site)); }
Tensor TensorMembers::sign(Site site) const& { return xgrad::sign(operand(*this, site)); }
Tensor TensorMembers::sign(Site site) && { return xgrad::sign(operand(std::move(*this), site)); }
Tensor TensorMembers::exp(Site site) const& { return xgrad::exp(operand(*this, site)); }
Tensor TensorMembers::exp(Site site) && { return xgrad::exp(operand(std::move(*this), site)); }
Tensor TensorMembers::exp2(Site site) const& { return xgrad::exp2(operand(*this, site)); }
Tensor TensorMembers::exp2(Site site) && { return xgrad::exp2(operand(std::move(*this), site)); }
Tensor TensorMembers::expm1(Site site) const& { return xgrad::expm1(operand(*this, site)); }
Tensor TensorMembers::expm1(Site site) && { return xgrad::expm1(operand(std::move(*this), site)); }
Tensor TensorMembers::log(Site site) const& { return xgrad::log(operand(*this, site)); }
Tensor TensorMembers::log(Site site) && { return xgrad::log(operand(std::move(*this), site)); }
Tensor TensorMembers::log1p(Site site) const& { return xgrad::log1p(operand(*this, site)); }
Tensor TensorMembers::log1p(Site site) && { return xgrad::log1p(operand(std::move(*this), site)); }
Tensor TensorMembers::log2(Site site) const& { return xgrad::log2(operand(*this, site)); }
Tensor TensorMembers::log2(Site site) && { return xgrad::log2(operand(std::move(*this), site)); }
Tensor TensorMembers::log10(Site site) const& { return xgrad::log10(operand(*this, site)); }
Tensor TensorMembers::log10(Site site) && { return xgrad::log10(operand(std::move(*this), site)); }
Tensor TensorMembers::sigmoid(Site site) const& { return xgrad::sigmoid(operand(*this, site)); }
Tensor TensorMembers::sigmoid(Site site) && {
  return xgrad::sigmoid(operand(std::move(*this), site));
}
Tensor TensorMembers::sqrt(Site site) const& { return xgrad::sqrt(operand(*this, site)); }
Tensor TensorMembers::sqrt(Site site) && { return xgrad::sqrt(operand(std::move(*this), site)); }
Tensor TensorMembers::rsqrt(Site site) const& { return xgrad::rsqrt(operand(*this, site)); }
Tensor TensorMembers::rsqrt(Site site) && { return xgrad::rsqrt(operand(std::move(*this), site)); }
Tensor TensorMembers::square(Site site) const& { return xgrad::square(operand(*this, site)); }
Tensor TensorMembers::square(Site site) && {
  return xgrad::square(operand(std::move(*this), site));
}
Tensor TensorMembers::reciprocal(Site site) const& {
  return xgrad::reciprocal(operand(*this, site));
}
Tensor TensorMembers::reciprocal(Site site) && {
  return xgrad::reciprocal(operand(std::move(*this), site));
}
Tensor TensorMembers::pow(Operand exponent, Site site) const& {
  return xgrad::pow(operand(*this, site), exponent);
}
Tensor TensorMembers::pow(Operand exponent, Site site) && {
  return xgrad::pow(operand(std::move(*this), site), exponent);
}
Tensor TensorMembers::hypot(Operand b, Site site) const& {
  return xgrad::hypot(operand(*this, site), b);
}
Tensor TensorMembers::hypot(Operand b, Site site) && {
  return xgrad::hypot(operand(std::move(*this), site), b);
}
Tensor TensorMembers::float_power(Operand exponent, Site site) const& {
  return xgrad::float_power(operand(*this, site), exponent);
}
Tensor TensorMembers::float_power(Operand exponent, Site site) && {
  return xgrad::float_power(operand(std::move(*this), site), exponent);
}
Tensor TensorMembers::sin(Site site) const& { return xgrad::sin(operand(*this, site)); }
Tensor TensorMembers::sin(Site site) && { return xgrad::sin(operand(std::move(*this), site)); }
Tensor TensorMembers::cos(Site site) const& { return xgrad::cos(operand(*this, site)); }
Tensor TensorMembers::cos(Site site) && { return xgrad::cos(operand(std::move(*this), site)); }
Tensor TensorMembers::tan(Site site) const& { return xgrad::tan(operand(*this, site)); }
Tensor TensorMembers::tan(Site site) && { return xgrad::tan(operand(std::move(*this), site)); }
Tensor TensorMembers::asin(Site site) const& { return xgrad::asin(operand(*this, site)); }
Tensor TensorMembers::asin(Site site) && { return xgrad::asin(operand(std::move(*this), site)); }
Tensor TensorMembers::acos(Site site) const& { return xgrad::acos(operand(*this, site)); }
Tensor TensorMembers::acos(Site site) && { return xgrad::acos(operand(std::move(*this), site)); }
Tensor TensorMembers::atan(Site site) const& { return xgrad::atan(operand(*this, site)); }
Tensor TensorMembers::atan(Site site) && { return xgrad::atan(operand(std::move(*this), site)); }
Tensor TensorMembers::atan2(Operand x, Site site) const& {
  return xgrad::atan2(operand(*this, site), x);
}
Tensor TensorMembers::atan2(Operand x, Site site) && {
  return xgrad::atan2(operand(std::move(*this), site), x);
}
Tensor TensorMembers::sinh(Site site) const& { return xgrad::sinh(operand(*this, site)); }
Tensor TensorMembers::sinh(Site site) && { return xgrad::sinh(operand(std::move(*this), site)); }
Tensor TensorMembers::cosh(Site site) const& { return xgrad::cosh(operand(*this, site)); }
Tensor TensorMembers::cosh(Site site) && { return xgrad::cosh(operand(std::move(*this), site)); }
Tensor TensorMembers::tanh(Site site) const& { return xgrad::tanh(operand(*this, site)); }
Tensor TensorMembers::tanh(Site site) && { return xgrad::tanh(operand(std::move(*this), site)); }
Tensor TensorMembers::asinh(Site site) const& { return xgrad::asinh(operand(*this, site)); }
Tensor TensorMembers::asinh(Site site) && { return xgrad::asinh(operand(std::move(*this), site)); }
Tensor TensorMembers::acosh(Site site) const& { return xgrad::acosh(operand(*this, site)); }
Tensor TensorMembers::acosh(Site site) && { return xgrad::acosh(operand(std::move(*this), site)); }
Tensor TensorMembers::atanh(Site site) const& { return xgrad::atanh(operand(*this, site)); }
Tensor TensorMembers::atanh(Site site) && { return xgrad::atanh(operand(std::move(*this), site)); }
Tensor TensorMembers::erf(Site site) const& { return xgrad::erf(operand(*this, site)); }
Tensor TensorMembers::erf(Site site) && { return xgrad::erf(operand(std::move(*this), site)); }
Tensor TensorMembers::erfc(Site site) const& { return xgrad::erfc(operand(*this, site)); }
Tensor TensorMembers::erfc(Site site) && { return xgrad::erfc(operand(std::move(*this), site)); }
Tensor TensorMembers::erfinv(Site site) const& { return xgrad::erfinv(operand(*this, site)); }
Tensor TensorMembers::erfinv(Site site) && {
  return xgrad::erfinv(operand(std::move(*this), site));
}
Tensor TensorMembers::lgamma(Site site) const& { return xgrad::lgamma(operand(*this, site)); }
Tensor TensorMembers::lgamma(Site site) && {
  return xgrad::lgamma(operand(std::move(*this), site));
}
Tensor TensorMembers::digamma(Site site) const& { return xgrad::digamma(operand(*this, site)); }
Tensor TensorMembers::digamma(Site site) && {
  return xgrad::digamma(operand(std::move(*this), site));
}
Tensor TensorMembers::polygamma(int n, Site site) const& {
  return xgrad::polygamma(n, operand(*this, site));
}
Tensor TensorMembers::polygamma(int n, Site site) && {
  return xgrad::polygamma(n, operand(std::move(*this), site));
}
Tensor TensorMembers::i0(Site site) const& { return xgrad::i0(operand(*this, site)); }
Tensor TensorMembers::i0(Site site) && { return xgrad::i0(operand(std::move(*this), site)); }
Tensor TensorMembers::floor(Site site) const& { return xgrad::floor(operand(*this, site)); }
Tensor TensorMembers::floor(Site site) && { return xgrad::floor(operand(std::move(*this), site)); }
Tensor TensorMembers::ceil(Site site) const& { return xgrad::ceil(operand(*this, site)); }
Tensor TensorMembers::ceil(Site site) && { return xgrad::ceil(operand(std::move(*this), site)); }
Tensor TensorMembers::trunc(Site site) const& { return xgrad::trunc(operand(*this, site)); }
Tensor TensorMembers::trunc(Site site) && { return xgrad::trunc(operand(std::move(*this), site)); }
Tensor TensorMembers::round(Site site) const& { return xgrad::round(operand(*this, site)); }
Tensor TensorMembers::round(Site site) && { return xgrad::round(operand(std::move(*this), site)); }
Tensor TensorMembers::fmod(Operand b, Site site) const& {
  return xgrad::fmod(operand(*this, site), b);
}
Tensor TensorMembers::fmod(Operand b, Site site) && {
  return xgrad::fmod(operand(std::move(*this), site), b);
}
Tensor TensorMembers::remainder(Operand b, Site site) const& {
  return xgrad::remainder(operand(*this, site), b);
}
Tensor TensorMembers::remainder(Operand b, Site site) && {
  return xgrad::remainder(operand(std::move(*this), site), b);
}
Tensor TensorMembers::copysign(Operand b, Site site) const& {
  return xgrad::copysign(operand(*this, site), b);
}
Tensor TensorMembers::copysign(Operand b, Site site) && {
  return xgrad::copysign(operand(std::move(*this), site), b);
}
Tensor TensorMembers::maximum(Operand b, Site site) const& {
  return xgrad::maximum(operand(*this, site), b);
}
Tensor TensorMembers::maximum(Operand b, Site site) && {
  return xgrad::maximum(operand(std::move(*this), site), b);
}
Tensor TensorMembers::minimum(Operand b, Site site) const& {
  return xgrad::minimum(operand(*this, site), b);
}
Tensor TensorMembers::minimum(Operand b, Site site) && {
  return xgrad::minimum(operand(std::move(*this), site), b);
}
Tensor TensorMembers::fmax(Operand b, Site site) const& {
  return xgrad::fmax(operand(*this, site), b);
}
Tensor TensorMembers::fmax(Operand b, Site site) && {
  return xgrad::fmax(operand(std::move(*this), site), b);
}
Tensor TensorMembers::fmin(Operand b, Site site) const& {
  return xgrad::fmin(operand(*this, site), b);
}
Tensor TensorMembers::fmin(Operand b, Site site) && {
  return xgrad::fmin(operand(std::move(*this), site), b);
}
Tensor TensorMembers::clamp(Operand min, Operand max, Site site) const& {
  return xgrad::clamp(operand(*this, site), min, max);
}
Tensor TensorMembers::clamp(Operand min, Operand max, Site site) && {
  return xgrad::clamp(operand(std::move(*this), site), min, max);
}
Tensor TensorMembers::clamp_min(Operand min, Site site) const& {
  return xgrad::clamp_min(operand(*this, site), min);
}
Tensor TensorMembers::clamp_min(Operand min, Site site) && {
  return xgrad::clamp_min(operand(std::move(*this), site), min);
}
Tensor TensorMembers::clamp_max(Operand max, Site site) const& {
  return xgrad::clamp_max(operand(*this, site), max);
}
Tensor TensorMembers::clamp_max(Operand max, Site site) && {
  return xgrad::clamp_max(operand(std::move(*this), site), max);
}
Tensor TensorMembers::nan_to_num(double nan, std::optional<double> posinf,
    std::optional<double> neginf, Site site) const& {
  return xgrad::nan_to_num(operand(*this, site), nan, posinf, neginf);
}
Tensor TensorMembers::nan_to_num(double nan, std::optional<double> posinf,
    std::optional<double> neginf, Site site) && {
  return xgrad::nan_to_num(operand(std::move(*this), site), nan, posinf, neginf);
}
Tensor TensorMembers::lerp(Operand end, Operand weight, Site site) const& {
  return xgrad::lerp(operand(*this, site), end, weight);
}
Tensor TensorMembers::lerp(Operand end, Operand weight, Site site) && {
  return xgrad::lerp(operand(std::move(*this), site), end, weight);
}
Tensor TensorMembers::addcmul(Operand a, Operand b, Site site) const& {
  return xgrad::addcmul(operand(*this, site), a, b);
}
Tensor TensorMembers::addcmul(Operand a, Operand b, Site site) && {
  return xgrad::addcmul(operand(std::move(*this), site), a, b);
}
Tensor TensorMembers::addcmul(Operand a, Operand b, Operand value, Site site) const& {
  return xgrad::addcmul(operand(*this, site), a, b, value);
}
Tensor TensorMembers::addcmul(Operand a, Operand b, Operand value, Site site) && {
  return xgrad::addcmul(operand(std::move(*this), site), a, b, value);
}
Tensor TensorMembers::addcdiv(Operand a, Operand b, Site site) const& {
  return xgrad::addcdiv(operand(*this, site), a, b);
}
Tensor TensorMembers::addcdiv(Operand a, Operand b, Site site) && {
  return xgrad::addcdiv(operand(std::move(*this), site), a, b);
}
Tensor TensorMembers::addcdiv(Operand a, Operand b, Operand value, Site site) const& {
  return xgrad::addcdiv(operand(*this, site), a, b, value);
}
Tensor TensorMembers::addcdiv(Operand a, Operand b, Operand value, Site site) && {
  return xgrad::addcdiv(operand(std::move(*this), site), a, b, value);
}
Tensor TensorMembers::deg2rad(Site site) const& { return xgrad::deg2rad(operand(*this, site)); }
Tensor TensorMembers::deg2rad(Site site) && {
  return xgrad::deg2rad(operand(std::move(*this), site));
}
Tensor TensorMembers::rad2deg(Site site) const& { return xgrad::rad2deg(operand(*this, site)); }
Tensor TensorMembers::rad2deg(Site site) && {
  return xgrad::rad2deg(operand(std::move(*this), site));
}
Tensor TensorMembers::frac(Site site) const& { return xgrad::frac(operand(*this, site)); }
Tensor TensorMembers::frac(Site site) && { return xgrad::frac(operand(std::move(*this), site)); }
Tensor TensorMembers::ldexp(Operand b, Site site) const& {
  return xgrad::ldexp(operand(*this, site), b);
}
Tensor TensorMembers::ldexp(Operand b, Site site) && {
  return xgrad::ldexp(operand(std::move(*this), site), b);
}
Tensor TensorMembers::index_select(Dim dim, const Tensor& index, Site site) const {
  return xgrad::index_select(operand(*this, site), dim, index);
}
Tensor TensorMembers::index_add(Dim dim, const Tensor& index, Operand source, Site site) const {
  return xgrad::index_add(operand(*this, site), dim, index, source);
}
Tensor TensorMembers::index_add(Dim dim, const Tensor& index, Operand source, Operand alpha,
    Site site) const {
  return xgrad::index_add(operand(*this, site), dim, index, source, alpha);
}
Tensor TensorMembers::index_copy(Dim dim, const Tensor& index, Operand source, Site site) const {
  return xgrad::index_copy(operand(*this, site), dim, index, source);
}
Tensor TensorMembers::index_fill(Dim dim, const Tensor& index, Operand value, Site site) const {
  return xgrad::index_fill(operand(*this, site), dim, index, value);
}
Tensor TensorMembers::repeat_interleave(std::int64_t repeats, std::optional<Dim> dim,
    Site site) const {
  return xgrad::repeat_interleave(operand(*this, site), repeats, dim);
}
Tensor TensorMembers::repeat_interleave(const Tensor& repeats, std::optional<Dim> dim,
    Site site) const {
  return xgrad::repeat_interleave(operand(*this, site), repeats, dim);
}
Tensor TensorMembers::index(const std::vector<Index>& indices, Site site) const {
  return xgrad::index(operand(*this, site), indices);
}
Tensor TensorMembers::select(Dim dim, std::int64_t i, Site site) const {
  return xgrad::select(operand(*this, site), dim, i);
}
Tensor TensorMembers::narrow(Dim dim, std::int64_t start, std::int64_t length, Site site) const {
  return xgrad::narrow(operand(*this, site), dim, start, length);
}
std::vector<Tensor> TensorMembers::split(std::int64_t size, Dim dim, Site site) const {
  return xgrad::split(operand(*this, site), size, dim);
}
std::vector<Tensor> TensorMembers::split(const std::vector<std::int64_t>& sizes, Dim dim,
    Site site) const {
  return xgrad::split(operand(*this, site), sizes, dim);
}
std::vector<Tensor> TensorMembers::chunk(std::int64_t chunks, Dim dim, Site site) const {
  return xgrad::chunk(operand(*this, site), chunks, dim);
}
std::vector<Tensor> TensorMembers::tensor_split(std::int64_t sections, Dim dim, Site site) const {
  return xgrad::tensor_split(operand(*this, site), sections, dim);
}
std::vector<Tensor> TensorMembers::tensor_split(const std::vector<std::int64_t>& indices, Dim dim,
    Site site) const {
  return xgrad::tensor_split(operand(*this, site), indices, dim);
}
std::vector<Tensor> TensorMembers::unbind(Dim dim, Site site) const {
  return xgrad::unbind(operand(*this, site), dim);
}
Tensor TensorMembers::inverse(Site site) const { return xgrad::inverse(operand(*this, site)); }
Tensor TensorMembers::det(Site site) const { return xgrad::det(operand(*this, site)); }
linalg::SignLogabsdet TensorMembers::slogdet(Site site) const {
  return xgrad::slogdet(operand(*this, site));
}
Tensor TensorMembers::logdet(Site site) const { return xgrad::logdet(operand(*this, site)); }
Tensor TensorMembers::matrix_power(std::int64_t n, Site site) const {
  return xgrad::matrix_power(operand(*this, site), n);
}
Tensor TensorMembers::matrix_exp(Site site) const {
  return xgrad::matrix_exp(operand(*this, site));
}
Tensor TensorMembers::pinverse(Site site) const { return xgrad::pinverse(operand(*this, site)); }
Tensor TensorMembers::cholesky(Flag upper, Site site) const {
  return xgrad::cholesky(operand(*this, site), upper);
}
Tensor TensorMembers::cholesky_solve(Operand l, Flag upper, Site site) const {
  return xgrad::cholesky_solve(operand(*this, site), l, upper);
}
Tensor TensorMembers::isnan(Site site) const { return xgrad::isnan(operand(*this, site)); }
Tensor TensorMembers::isinf(Site site) const { return xgrad::isinf(operand(*this, site)); }
Tensor TensorMembers::isposinf(Site site) const { return xgrad::isposinf(operand(*this, site)); }
Tensor TensorMembers::isneginf(Site site) const { return xgrad::isneginf(operand(*this, site)); }
Tensor TensorMembers::isfinite(Site site) const { return xgrad::isfinite(operand(*this, site)); }
Tensor TensorMembers::signbit(Site site) const { return xgrad::signbit(operand(*this, site)); }
Tensor TensorMembers::logical_xor(Operand b, Site site) const {
  return xgrad::logical_xor(operand(*this, site), b);
}
Tensor TensorMembers::bitwise_and(Operand b, Site site) const {
  return xgrad::bitwise_and(operand(*this, site), b);
}
Tensor TensorMembers::bitwise_or(Operand b, Site site) const {
  return xgrad::bitwise_or(operand(*this, site), b);
}
Tensor TensorMembers::bitwise_xor(Operand b, Site site) const {
  return xgrad::bitwise_xor(operand(*this, site), b);
}
Tensor TensorMembers::bitwise_not(Site site) const {
  return xgrad::bitwise_not(operand(*this, site));
}
Tensor TensorMembers::heaviside(Operand values, Site site) const {
  return xgrad::heaviside(operand(*this, site), values);
}
Tensor TensorMembers::isclose(Operand b, double rtol, double atol, Flag equal_nan,
    Site site) const {
  return xgrad::isclose(operand(*this, site), b, rtol, atol, equal_nan);
}
bool TensorMembers::allclose(Operand b, double rtol, double atol, Flag equal_nan, Site site) const {
  return xgrad::allclose(operand(*this, site), b, rtol, atol, equal_nan);
}
bool TensorMembers::equal(const Tensor& b, Site site) const {
  return xgrad::equal(tensor(*this), b, site);
}
Tensor TensorMembers::matmul(Operand b, Site site) const {
  return xgrad::matmul(operand(*this, site), b);
}
Tensor TensorMembers::mm(Operand b, Site site) const { return xgrad::mm(operand(*this, site), b); }
Tensor TensorMembers::bmm(Operand b, Site site) const {
  return xgrad::bmm(operand(*this, site), b);
}
Tensor TensorMembers::mv(Operand b, Site site) const { return xgrad::mv(operand(*this, site), b); }
Tensor TensorMembers::dot(Operand b, Site site) const {
  return xgrad::dot(operand(*this, site), b);
}
Tensor TensorMembers::addmm(Operand a, Operand b, double beta, double alpha, Site site) const {
  return xgrad::addmm(operand(*this, site), a, b, beta, alpha);
}
Tensor TensorMembers::addmv(Operand a, Operand b, double beta, double alpha, Site site) const {
  return xgrad::addmv(operand(*this, site), a, b, beta, alpha);
}
Tensor TensorMembers::addr(Operand a, Operand b, double beta, double alpha, Site site) const {
  return xgrad::addr(operand(*this, site), a, b, beta, alpha);
}
Tensor TensorMembers::addbmm(Operand a, Operand b, double beta, double alpha, Site site) const {
  return xgrad::addbmm(operand(*this, site), a, b, beta, alpha);
}
Tensor TensorMembers::baddbmm(Operand a, Operand b, double beta, double alpha, Site site) const {
  return xgrad::baddbmm(operand(*this, site), a, b, beta, alpha);
}
Tensor TensorMembers::inner(Operand b, Site site) const {
  return xgrad::inner(operand(*this, site), b);
}
Tensor TensorMembers::outer(Operand b, Site site) const {
  return xgrad::outer(operand(*this, site), b);
}
Tensor TensorMembers::kron(Operand b, Site site) const {
  return xgrad::kron(operand(*this, site), b);
}
Tensor TensorMembers::cross(Operand b, std::optional<Dim> dim, Site site) const {
  return xgrad::cross(operand(*this, site), b, dim);
}
Tensor TensorMembers::trace(Site site) const { return xgrad::trace(operand(*this, site)); }
Tensor TensorMembers::quantile(Operand q, std::optional<Dim> dim, Flag keepdim,
    std::string_view interpolation, Site site) const {
  return xgrad::quantile(operand(*this, site), q, dim, keepdim, interpolation);
}
Tensor TensorMembers::nanquantile(Operand q, std::optional<Dim> dim, Flag keepdim,
    std::string_view interpolation, Site site) const {
  return xgrad::nanquantile(operand(*this, site), q, dim, keepdim, interpolation);
}
Tensor TensorMembers::flip(const std::vector<int>& dims, Site site) const {
  return xgrad::flip(operand(*this, site), dims);
}
Tensor TensorMembers::fliplr(Site site) const { return xgrad::fliplr(operand(*this, site)); }
Tensor TensorMembers::flipud(Site site) const { return xgrad::flipud(operand(*this, site)); }
Tensor TensorMembers::rot90(int k, const std::vector<int>& dims, Site site) const {
  return xgrad::rot90(operand(*this, site), k, dims);
}
Tensor TensorMembers::roll(const std::vector<std::int64_t>& shifts, const std::vector<int>& dims,
    Site site) const {
  return xgrad::roll(operand(*this, site), shifts, dims);
}
Tensor TensorMembers::repeat(const std::vector<std::int64_t>& repeats, Site site) const {
  return xgrad::repeat(operand(*this, site), repeats);
}
Tensor TensorMembers::repeat(Count a, Count b, Site site) const {
  return xgrad::repeat(operand(*this, site), {a, b});
}
Tensor TensorMembers::repeat(Count a, Count b, Count c, Site site) const {
  return xgrad::repeat(operand(*this, site), {a, b, c});
}
Tensor TensorMembers::repeat(Count a, Count b, Count c, Count d, Site site) const {
  return xgrad::repeat(operand(*this, site), {a, b, c, d});
}
Tensor TensorMembers::tile(const std::vector<std::int64_t>& dims, Site site) const {
  return xgrad::tile(operand(*this, site), dims);
}
Tensor TensorMembers::unfold(Dim dim, std::int64_t size, std::int64_t step, Site site) const {
  return xgrad::unfold(operand(*this, site), dim, size, step);
}
Tensor TensorMembers::sum(const Dims& dims, Flag keepdim, Site site) const {
  return xgrad::sum(operand(*this, site), dims, keepdim);
}
Tensor TensorMembers::mean(const Dims& dims, Flag keepdim, Site site) const {
  return xgrad::mean(operand(*this, site), dims, keepdim);
}
Tensor TensorMembers::prod(const Dims& dims, Flag keepdim, Site site) const {
  return xgrad::prod(operand(*this, site), dims, keepdim);
}
Tensor TensorMembers::nansum(const Dims& dims, Flag keepdim, Site site) const {
  return xgrad::nansum(operand(*this, site), dims, keepdim);
}
Tensor TensorMembers::nanmean(const Dims& dims, Flag keepdim, Site site) const {
  return xgrad::nanmean(operand(*this, site), dims, keepdim);
}
Tensor TensorMembers::logsumexp(const Dims& dims, Flag keepdim, Site site) const {
  return xgrad::logsumexp(operand(*this, site), dims, keepdim);
}
Tensor TensorMembers::amax(const Dims& dims, Flag keepdim, Site site) const {
  return xgrad::amax(operand(*this, site), dims, keepdim);
}
Tensor TensorMembers::amin(const Dims& dims, Flag keepdim, Site site) const {
  return xgrad::amin(operand(*this, site), dims, keepdim);
}
Tensor TensorMembers::argmax(Site site) const { return xgrad::argmax(operand(*this, site)); }
Tensor TensorMembers::argmax(Dim dim, Flag keepdim, Site site) const {
  return xgrad::argmax(operand(*this, site), dim, keepdim);
}
Tensor TensorMembers::argmin(Site site) const { return xgrad::argmin(operand(*this, site)); }
Tensor TensorMembers::argmin(Dim dim, Flag keepdim, Site site) const {
  return xgrad::argmin(operand(*this, site), dim, keepdim);
}
Tensor TensorMembers::all(const Dims& dims, Flag keepdim, Site site) const {
  return xgrad::all(operand(*this, site), dims, keepdim);
}
Tensor TensorMembers::any(const Dims& dims, Flag keepdim, Site site) const {
  return xgrad::any(operand(*this, site), dims, keepdim);
}
Tensor TensorMembers::count_nonzero(const Dims& dims, Site site) const {
  return xgrad::count_nonzero(operand(*this, site), dims);
}
MinMax TensorMembers::aminmax(const Dims& dims, Flag keepdim, Site site) const {
  return xgrad::aminmax(operand(*this, site), dims, keepdim);
}
Tensor TensorMembers::reshape(const Shape& shape, Site site) const {
  return xgrad::reshape(operand(*this, site), shape);
}
Tensor TensorMembers::reshape(Count a, Count b, Site site) const {
  return xgrad::reshape(operand(*this, site), {a, b});
}
Tensor TensorMembers::reshape(Count a, Count b, Count c, Site site) const {
  return xgrad::reshape(operand(*this, site), {a, b, c});
}
Tensor TensorMembers::reshape(Count a, Count b, Count c, Count d, Site site) const {
  return xgrad::reshape(operand(*this, site), {a, b, c, d});
}
Tensor TensorMembers::flatten(Dim start_dim, Dim end_dim, Site site) const {
  return xgrad::flatten(operand(*this, site), start_dim, end_dim);
}
Tensor TensorMembers::transpose(Dim dim0, Dim dim1, Site site) const {
  return xgrad::transpose(operand(*this, site), dim0, dim1);
}
Tensor TensorMembers::t(Site site) const { return xgrad::t(operand(*this, site)); }
Tensor TensorMembers::expand(const Shape& shape, Site site) const {
  return xgrad::expand(operand(*this, site), shape);
}
Tensor TensorMembers::expand(Count a, Count b, Site site) const {
  return xgrad::expand(operand(*this, site), {a, b});
}
Tensor TensorMembers::expand(Count a, Count b, Count c, Site site) const {
  return xgrad::expand(operand(*this, site), {a, b, c});
}
Tensor TensorMembers::expand(Count a, Count b, Count c, Count d, Site site) const {
  return xgrad::expand(operand(*this, site), {a, b, c, d});
}
Tensor TensorMembers::permute(const std::vector<int>& dims, Site site) const {
  return xgrad::permute(operand(*this, site), dims);
}
Tensor TensorMembers::permute(Dim a, Dim b, Site site) const {
  return xgrad::permute(operand(*this, site), {a, b});
}
Tensor TensorMembers::permute(Dim a, Dim b, Dim c, Site site) const {
  return xgrad::permute(operand(*this, site), {a, b, c});
}
Tensor TensorMembers::permute(Dim a, Dim b, Dim c, Dim d, Site site) const {
  return xgrad::permute(operand(*this, site), {a, b, c, d});
}
Tensor TensorMembers::squeeze(const Dims& dims, Site site) const {
  return xgrad::squeeze(operand(*this, site), dims);
}
Tensor TensorMembers::unsqueeze(Dim dim, Site site) const {
  return xgrad::unsqueeze(operand(*this, site), dim);
}
Tensor TensorMembers::ravel(Site site) const { return xgrad::ravel(operand(*this, site)); }
Tensor TensorMembers::view(const Shape& shape, Site site) const {
  return xgrad::view(operand(*this, site), shape);
}
Tensor TensorMembers::view(Count a, Count b, Site site) const {
  return xgrad::view(operand(*this, site), {a, b});
}
Tensor TensorMembers::view(Count a, Count b, Count c, Site site) const {
  return xgrad::view(operand(*this, site), {a, b, c});
}
Tensor TensorMembers::view(Count a, Count b, Count c, Count d, Site site) const {
  return xgrad::view(operand(*this, site), {a, b, c, d});
}
Tensor TensorMembers::unflatten(Dim dim, const Shape& sizes, Site site) const {
  return xgrad::unflatten(operand(*this, site), dim, sizes);
}
Tensor TensorMembers::broadcast_to(const Shape& shape, Site site) const {
  return xgrad::broadcast_to(operand(*this, site), shape);
}
Tensor TensorMembers::expand_as(const Tensor& other, Site site) const {
  return xgrad::expand_as(operand(*this, site), other);
}
Tensor TensorMembers::swapaxes(Dim dim0, Dim dim1, Site site) const {
  return xgrad::swapaxes(operand(*this, site), dim0, dim1);
}
Tensor TensorMembers::swapdims(Dim dim0, Dim dim1, Site site) const {
  return xgrad::swapdims(operand(*this, site), dim0, dim1);
}
Tensor TensorMembers::movedim(const Dims& source, const Dims& destination, Site site) const {
  return xgrad::movedim(operand(*this, site), source, destination);
}
Tensor TensorMembers::moveaxis(const Dims& source, const Dims& destination, Site site) const {
  return xgrad::moveaxis(operand(*this, site), source, destination);
}
Tensor TensorMembers::bernoulli(Generator* generator, Site site) const {
  return xgrad::bernoulli(tensor(*this), generator, site);
}
Tensor TensorMembers::multinomial(std::int64_t n, Flag replacement, Generator* generator,
    Site site) const {
  return xgrad::multinomial(tensor(*this), n, replacement, generator, site);
}
Tensor TensorMembers::cumsum(Dim dim, Site site) const {
  return xgrad::cumsum(operand(*this, site), dim);
}
Tensor TensorMembers::cumprod(Dim dim, Site site) const {
  return xgrad::cumprod(operand(*this, site), dim);
}
Tensor TensorMembers::logcumsumexp(Dim dim, Site site) const {
  return xgrad::logcumsumexp(operand(*this, site), dim);
}
ValuesIndices TensorMembers::cummax(Dim dim, Site site) const {
  return xgrad::cummax(operand(*this, site), dim);
}
ValuesIndices TensorMembers::cummin(Dim dim, Site site) const {
  return xgrad::cummin(operand(*this, site), dim);
}
Tensor TensorMembers::diff(int n, Dim dim, Site site) const {
  return xgrad::diff(operand(*this, site), n, dim);
}
Tensor TensorMembers::diff(int n, Dim dim, const Tensor& prepend, Site site) const {
  return xgrad::diff(operand(*this, site), n, dim, prepend);
}
Tensor TensorMembers::diff(int n, Dim dim, const Tensor& prepend, const Tensor& append,
    Site site) const {
  return xgrad::diff(operand(*this, site), n, dim, prepend, append);
}
Tensor TensorMembers::gather(Dim dim, const Tensor& index, Site site) const {
  return xgrad::gather(operand(*this, site), dim, index);
}
Tensor TensorMembers::scatter_add(Dim dim, const Tensor& index, Operand src, Site site) const {
  return xgrad::scatter_add(operand(*this, site), dim, index, src);
}
Tensor TensorMembers::scatter(Dim dim, const Tensor& index, Operand src, Site site) const {
  return xgrad::scatter(operand(*this, site), dim, index, src);
}
Tensor TensorMembers::take_along_dim(const Tensor& indices, std::optional<Dim> dim,
    Site site) const {
  return xgrad::take_along_dim(operand(*this, site), indices, dim);
}
Tensor TensorMembers::take(const Tensor& index, Site site) const {
  return xgrad::take(operand(*this, site), index);
}
Tensor TensorMembers::index_put(const std::vector<Index>& indices, Operand values, Flag accumulate,
    Site site) const {
  return xgrad::index_put(operand(*this, site), indices, values, accumulate);
}
Tensor TensorMembers::select_scatter(Operand src, Dim dim, std::int64_t i, Site site) const {
  return xgrad::select_scatter(operand(*this, site), src, dim, i);
}
Tensor TensorMembers::slice_scatter(Operand src, Dim dim, Site site) const {
  return xgrad::slice_scatter(operand(*this, site), src, dim);
}
Tensor TensorMembers::slice_scatter(Operand src, Dim dim, Slice slice, Site site) const {
  return xgrad::slice_scatter(operand(*this, site), src, dim, slice);
}
Tensor TensorMembers::diagonal_scatter(Operand src, int offset, Dim dim1, Dim dim2,
    Site site) const {
  return xgrad::diagonal_scatter(operand(*this, site), src, offset, dim1, dim2);
}
Tensor TensorMembers::masked_fill(const Tensor& mask, Operand value, Site site) const {
  return xgrad::masked_fill(operand(*this, site), mask, value);
}
Tensor TensorMembers::masked_select(const Tensor& mask, Site site) const {
  return xgrad::masked_select(operand(*this, site), mask);
}
Tensor TensorMembers::masked_scatter(const Tensor& mask, Operand source, Site site) const {
  return xgrad::masked_scatter(operand(*this, site), mask, source);
}
Tensor TensorMembers::nonzero(Site site) const { return xgrad::nonzero(tensor(*this), site); }
Tensor TensorMembers::argwhere(Site site) const { return xgrad::argwhere(tensor(*this), site); }
Tensor TensorMembers::scatter_reduce(Dim dim, const Tensor& index, Operand src,
    std::string_view reduce, Flag include_self, Site site) const {
  return xgrad::scatter_reduce(operand(*this, site), dim, index, src, reduce, include_self);
}
Tensor TensorMembers::scatter(Dim dim, const Tensor& index, Operand src, std::string_view reduce,
    Site site) const {
  return xgrad::scatter(operand(*this, site), dim, index, src, reduce);
}
Tensor TensorMembers::softmax(Dim dim, Site site) const {
  return xgrad::softmax(operand(*this, site), dim);
}
Tensor TensorMembers::log_softmax(Dim dim, Site site) const {
  return xgrad::log_softmax(operand(*this, site), dim);
}
ValuesIndices TensorMembers::sort(Dim dim, Flag descending, Site site) const {
  return xgrad::sort(operand(*this, site), dim, descending);
}
Tensor TensorMembers::argsort(Dim dim, Flag descending, Site site) const {
  return xgrad::argsort(operand(*this, site), dim, descending);
}
Tensor TensorMembers::msort(Site site) const { return xgrad::msort(operand(*this, site)); }
ValuesIndices TensorMembers::topk(std::int64_t k, Dim dim, Flag largest, Site site) const {
  return xgrad::topk(operand(*this, site), k, dim, largest);
}
ValuesIndices TensorMembers::kthvalue(std::int64_t k, Dim dim, Flag keepdim, Site site) const {
  return xgrad::kthvalue(operand(*this, site), k, dim, keepdim);
}
ValuesIndices TensorMembers::median(Dim dim, Flag keepdim, Site site) const {
  return xgrad::median(operand(*this, site), dim, keepdim);
}
Tensor TensorMembers::median(Site site) const { return xgrad::median(operand(*this, site)); }
ValuesIndices TensorMembers::nanmedian(Dim dim, Flag keepdim, Site site) const {
  return xgrad::nanmedian(operand(*this, site), dim, keepdim);
}
Tensor TensorMembers::nanmedian(Site site) const { return xgrad::nanmedian(operand(*this, site)); }
ValuesIndices TensorMembers::mode(Dim dim, Flag keepdim, Site site) const {
  return xgrad::mode(operand(*this, site), dim, keepdim);
}
ValuesIndices TensorMembers::max(Dim dim, Flag keepdim, Site site) const {
  return xgrad::max(operand(*this, site), dim, keepdim);
}
ValuesIndices TensorMembers::min(Dim dim, Flag keepdim, Site site) const {
  return xgrad::min(operand(*this, site), dim, keepdim);
}
Tensor TensorMembers::max(Site site) const { return xgrad::max(operand(*this, site)); }
Tensor TensorMembers::min(Site site) const { return xgrad::min(operand(*this, site)); }
Tensor TensorMembers::max(const Tensor& b, Site site) const {
  return xgrad::max(operand(*this, site), b);
}
Tensor TensorMembers::min(const Tensor& b, Site site) const {
  return xgrad::min(operand(*this, site), b);
}
Tensor TensorMembers::sinc(Site site) const& { return xgrad::sinc(operand(*this, site)); }
Tensor TensorMembers::sinc(Site site) && { return xgrad::sinc(operand(std::move(*this), site)); }
Tensor TensorMembers::logit(std::optional<double> eps, Site site) const& {
  return xgrad::logit(operand(*this, site), eps);
}
Tensor TensorMembers::logit(std::optional<double> eps, Site site) && {
  return xgrad::logit(operand(std::move(*this), site), eps);
}
Tensor TensorMembers::logaddexp(Operand b, Site site) const& {
  return xgrad::logaddexp(operand(*this, site), b);
}
Tensor TensorMembers::logaddexp(Operand b, Site site) && {
  return xgrad::logaddexp(operand(std::move(*this), site), b);
}
Tensor TensorMembers::logaddexp2(Operand b, Site site) const& {
  return xgrad::logaddexp2(operand(*this, site), b);
}
Tensor TensorMembers::logaddexp2(Operand b, Site site) && {
  return xgrad::logaddexp2(operand(std::move(*this), site), b);
}
Tensor TensorMembers::xlogy(Operand b, Site site) const& {
  return xgrad::xlogy(operand(*this, site), b);
}
Tensor TensorMembers::xlogy(Operand b, Site site) && {
  return xgrad::xlogy(operand(std::move(*this), site), b);
}
Tensor TensorMembers::mvlgamma(int p, Site site) const& {
  return xgrad::mvlgamma(operand(*this, site), p);
}
Tensor TensorMembers::mvlgamma(int p, Site site) && {
  return xgrad::mvlgamma(operand(std::move(*this), site), p);
}
Tensor TensorMembers::var(const Dims& dims, Flag keepdim, double correction, Site site) const {
  return xgrad::var(operand(*this, site), dims, keepdim, correction);
}
Tensor TensorMembers::std(const Dims& dims, Flag keepdim, double correction, Site site) const {
  return xgrad::std(operand(*this, site), dims, keepdim, correction);
}

}  // namespace xgrad

// tensor_members.hpp: the ops that are members of Tensor.
// Made by the target xgrad_members from the headers that are named below; do not edit.
// clang-format off
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <xgrad/graph/shape.hpp>
#include <xgrad/graph/site.hpp>
#include <xgrad/graph/strict.hpp>

namespace xgrad {

class Generator;
class Index;
class Operand;
class Tensor;
struct MinMax;
struct Slice;
struct ValuesIndices;
namespace linalg {
struct SignLogabsdet;
}

/// The base class of Tensor: a member for each op that is a method of PyTorch's Tensor.
///
/// `x.clamp(0, 1)` is `clamp(x, 0, 1)`. The header named above each group documents the functions.
/// Two to four sizes or dims of view, reshape, expand, repeat and permute need no braces:
/// `x.view(2, -1)`. The module `ops` defines the members.
///
/// A member whose name ends with an underscore writes the result into the tensor, which must be a
/// leaf: `w.mul_(0.5)`. It records nothing: w stays a leaf, and operands must not require a gradient,
/// except under NoGrad.
/// @throws GraphError  if the tensor is not a leaf, or an operand requires a gradient.
/// @throws ShapeError  if the result has another shape.
/// @throws DTypeError  if the tensor cannot hold the result, as integers cannot hold fractions.
class TensorMembers {
 public:
  // <xgrad/ops/activation.hpp>
  Tensor relu(Site site = Site::here()) const&;
  Tensor relu(Site site = Site::here()) &&;
  Tensor& relu_(Site site = Site::here());
  Tensor hardshrink(double lambd = 0.5, Site site = Site::here()) const&;
  Tensor hardshrink(double lambd = 0.5, Site site = Site::here()) &&;
  Tensor prelu(Operand weight, Site site = Site::here()) const&;
  Tensor prelu(Operand weight, Site site = Site::here()) &&;

  // <xgrad/ops/aliases.hpp>
  Tensor absolute(Site site = Site::here()) const&;
  Tensor absolute(Site site = Site::here()) &&;
  Tensor& absolute_(Site site = Site::here());
  Tensor arccos(Site site = Site::here()) const&;
  Tensor arccos(Site site = Site::here()) &&;
  Tensor& arccos_(Site site = Site::here());
  Tensor arccosh(Site site = Site::here()) const&;
  Tensor arccosh(Site site = Site::here()) &&;
  Tensor& arccosh_(Site site = Site::here());
  Tensor arcsin(Site site = Site::here()) const&;
  Tensor arcsin(Site site = Site::here()) &&;
  Tensor& arcsin_(Site site = Site::here());
  Tensor arcsinh(Site site = Site::here()) const&;
  Tensor arcsinh(Site site = Site::here()) &&;
  Tensor& arcsinh_(Site site = Site::here());
  Tensor arctan(Site site = Site::here()) const&;
  Tensor arctan(Site site = Site::here()) &&;
  Tensor& arctan_(Site site = Site::here());
  Tensor arctan2(Operand x, Site site = Site::here()) const&;
  Tensor arctan2(Operand x, Site site = Site::here()) &&;
  Tensor& arctan2_(Operand x, Site site = Site::here());
  Tensor arctanh(Site site = Site::here()) const&;
  Tensor arctanh(Site site = Site::here()) &&;
  Tensor& arctanh_(Site site = Site::here());
  Tensor clip(Operand min, Operand max, Site site = Site::here()) const&;
  Tensor clip(Operand min, Operand max, Site site = Site::here()) &&;
  Tensor& clip_(Operand min, Operand max, Site site = Site::here());
  Tensor divide(Operand b, Site site = Site::here()) const&;
  Tensor divide(Operand b, Site site = Site::here()) &&;
  Tensor& divide_(Operand b, Site site = Site::here());
  Tensor true_divide(Operand b, Site site = Site::here()) const&;
  Tensor true_divide(Operand b, Site site = Site::here()) &&;
  Tensor& true_divide_(Operand b, Site site = Site::here());
  Tensor fix(Site site = Site::here()) const&;
  Tensor fix(Site site = Site::here()) &&;
  Tensor& fix_(Site site = Site::here());
  Tensor multiply(Operand b, Site site = Site::here()) const&;
  Tensor multiply(Operand b, Site site = Site::here()) &&;
  Tensor& multiply_(Operand b, Site site = Site::here());
  Tensor negative(Site site = Site::here()) const&;
  Tensor negative(Site site = Site::here()) &&;
  Tensor& negative_(Site site = Site::here());
  Tensor sgn(Site site = Site::here()) const&;
  Tensor sgn(Site site = Site::here()) &&;
  Tensor& sgn_(Site site = Site::here());
  Tensor subtract(Operand b, Site site = Site::here()) const&;
  Tensor subtract(Operand b, Site site = Site::here()) &&;
  Tensor& subtract_(Operand b, Site site = Site::here());
  Tensor greater(Operand b, Site site = Site::here()) const&;
  Tensor greater(Operand b, Site site = Site::here()) &&;
  Tensor& greater_(Operand b, Site site = Site::here());
  Tensor greater_equal(Operand b, Site site = Site::here()) const&;
  Tensor greater_equal(Operand b, Site site = Site::here()) &&;
  Tensor& greater_equal_(Operand b, Site site = Site::here());
  Tensor less(Operand b, Site site = Site::here()) const&;
  Tensor less(Operand b, Site site = Site::here()) &&;
  Tensor& less_(Operand b, Site site = Site::here());
  Tensor less_equal(Operand b, Site site = Site::here()) const&;
  Tensor less_equal(Operand b, Site site = Site::here()) &&;
  Tensor& less_equal_(Operand b, Site site = Site::here());
  Tensor not_equal(Operand b, Site site = Site::here()) const&;
  Tensor not_equal(Operand b, Site site = Site::here()) &&;
  Tensor& not_equal_(Operand b, Site site = Site::here());
  Tensor ger(Operand b, Site site = Site::here()) const&;
  Tensor ger(Operand b, Site site = Site::here()) &&;

  // <xgrad/ops/arithmetic.hpp>
  Tensor add(Operand b, Site site = Site::here()) const&;
  Tensor add(Operand b, Site site = Site::here()) &&;
  Tensor add(Operand b, Operand alpha, Site site = Site::here()) const&;
  Tensor add(Operand b, Operand alpha, Site site = Site::here()) &&;
  Tensor& add_(Operand b, Site site = Site::here());
  Tensor& add_(Operand b, Operand alpha, Site site = Site::here());
  Tensor sub(Operand b, Site site = Site::here()) const&;
  Tensor sub(Operand b, Site site = Site::here()) &&;
  Tensor sub(Operand b, Operand alpha, Site site = Site::here()) const&;
  Tensor sub(Operand b, Operand alpha, Site site = Site::here()) &&;
  Tensor& sub_(Operand b, Site site = Site::here());
  Tensor& sub_(Operand b, Operand alpha, Site site = Site::here());
  Tensor mul(Operand b, Site site = Site::here()) const&;
  Tensor mul(Operand b, Site site = Site::here()) &&;
  Tensor& mul_(Operand b, Site site = Site::here());
  Tensor div(Operand b, Site site = Site::here()) const&;
  Tensor div(Operand b, Site site = Site::here()) &&;
  Tensor& div_(Operand b, Site site = Site::here());
  Tensor div(Operand b, std::string_view rounding_mode, Site site = Site::here()) const&;
  Tensor div(Operand b, std::string_view rounding_mode, Site site = Site::here()) &&;
  Tensor& div_(Operand b, std::string_view rounding_mode, Site site = Site::here());
  Tensor floor_divide(Operand b, Site site = Site::here()) const&;
  Tensor floor_divide(Operand b, Site site = Site::here()) &&;
  Tensor& floor_divide_(Operand b, Site site = Site::here());
  Tensor neg(Site site = Site::here()) const&;
  Tensor neg(Site site = Site::here()) &&;
  Tensor& neg_(Site site = Site::here());
  Tensor positive(Site site = Site::here()) const&;
  Tensor positive(Site site = Site::here()) &&;

  // <xgrad/ops/comparison.hpp>
  Tensor eq(Operand b, Site site = Site::here()) const;
  Tensor& eq_(Operand b, Site site = Site::here());
  Tensor ne(Operand b, Site site = Site::here()) const;
  Tensor& ne_(Operand b, Site site = Site::here());
  Tensor lt(Operand b, Site site = Site::here()) const;
  Tensor& lt_(Operand b, Site site = Site::here());
  Tensor le(Operand b, Site site = Site::here()) const;
  Tensor& le_(Operand b, Site site = Site::here());
  Tensor gt(Operand b, Site site = Site::here()) const;
  Tensor& gt_(Operand b, Site site = Site::here());
  Tensor ge(Operand b, Site site = Site::here()) const;
  Tensor& ge_(Operand b, Site site = Site::here());
  Tensor logical_and(Operand b, Site site = Site::here()) const;
  Tensor& logical_and_(Operand b, Site site = Site::here());
  Tensor logical_or(Operand b, Site site = Site::here()) const;
  Tensor& logical_or_(Operand b, Site site = Site::here());
  Tensor logical_not(Site site = Site::here()) const;
  Tensor& logical_not_(Site site = Site::here());
  Tensor where(const Tensor& condition, Operand b, Site site = Site::here()) const;

  // <xgrad/ops/counting.hpp>
  Tensor unique(Site site = Site::here()) const;
  Tensor bincount(Site site = Site::here()) const;
  Tensor bincount(const Tensor& weights, std::int64_t minlength = 0,
      Site site = Site::here()) const;
  Tensor histc(std::int64_t bins = 100, double min = 0, double max = 0,
      Site site = Site::here()) const;

  // <xgrad/ops/diagonal.hpp>
  Tensor diagonal(int offset = 0, Dim dim1 = 0, Dim dim2 = 1, Site site = Site::here()) const;
  Tensor diag_embed(int offset = 0, Dim dim1 = -2, Dim dim2 = -1, Site site = Site::here()) const;
  Tensor diag(int diagonal = 0, Site site = Site::here()) const;
  Tensor diagflat(int offset = 0, Site site = Site::here()) const;
  Tensor tril(int diagonal = 0, Site site = Site::here()) const;
  Tensor& tril_(int diagonal = 0, Site site = Site::here());
  Tensor triu(int diagonal = 0, Site site = Site::here()) const;
  Tensor& triu_(int diagonal = 0, Site site = Site::here());

  // <xgrad/ops/distance.hpp>
  Tensor norm(double p = 2, const Dims& dim = {}, Flag keepdim = false,
      Site site = Site::here()) const;
  Tensor norm(std::string_view p, const Dims& dim = {}, Flag keepdim = false,
      Site site = Site::here()) const;
  Tensor dist(Operand b, double p = 2, Site site = Site::here()) const;

  // <xgrad/ops/elementwise.hpp>
  Tensor abs(Site site = Site::here()) const&;
  Tensor abs(Site site = Site::here()) &&;
  Tensor& abs_(Site site = Site::here());
  Tensor sign(Site site = Site::here()) const&;
  Tensor sign(Site site = Site::here()) &&;
  Tensor& sign_(Site site = Site::here());
  Tensor exp(Site site = Site::here()) const&;
  Tensor exp(Site site = Site::here()) &&;
  Tensor& exp_(Site site = Site::here());
  Tensor exp2(Site site = Site::here()) const&;
  Tensor exp2(Site site = Site::here()) &&;
  Tensor& exp2_(Site site = Site::here());
  Tensor expm1(Site site = Site::here()) const&;
  Tensor expm1(Site site = Site::here()) &&;
  Tensor& expm1_(Site site = Site::here());
  Tensor log(Site site = Site::here()) const&;
  Tensor log(Site site = Site::here()) &&;
  Tensor& log_(Site site = Site::here());
  Tensor log1p(Site site = Site::here()) const&;
  Tensor log1p(Site site = Site::here()) &&;
  Tensor& log1p_(Site site = Site::here());
  Tensor log2(Site site = Site::here()) const&;
  Tensor log2(Site site = Site::here()) &&;
  Tensor& log2_(Site site = Site::here());
  Tensor log10(Site site = Site::here()) const&;
  Tensor log10(Site site = Site::here()) &&;
  Tensor& log10_(Site site = Site::here());
  Tensor sigmoid(Site site = Site::here()) const&;
  Tensor sigmoid(Site site = Site::here()) &&;
  Tensor& sigmoid_(Site site = Site::here());
  Tensor sqrt(Site site = Site::here()) const&;
  Tensor sqrt(Site site = Site::here()) &&;
  Tensor& sqrt_(Site site = Site::here());
  Tensor rsqrt(Site site = Site::here()) const&;
  Tensor rsqrt(Site site = Site::here()) &&;
  Tensor& rsqrt_(Site site = Site::here());
  Tensor square(Site site = Site::here()) const&;
  Tensor square(Site site = Site::here()) &&;
  Tensor& square_(Site site = Site::here());
  Tensor reciprocal(Site site = Site::here()) const&;
  Tensor reciprocal(Site site = Site::here()) &&;
  Tensor& reciprocal_(Site site = Site::here());
  Tensor pow(Operand exponent, Site site = Site::here()) const&;
  Tensor pow(Operand exponent, Site site = Site::here()) &&;
  Tensor& pow_(Operand exponent, Site site = Site::here());
  Tensor hypot(Operand b, Site site = Site::here()) const&;
  Tensor hypot(Operand b, Site site = Site::here()) &&;
  Tensor& hypot_(Operand b, Site site = Site::here());
  Tensor float_power(Operand exponent, Site site = Site::here()) const&;
  Tensor float_power(Operand exponent, Site site = Site::here()) &&;
  Tensor& float_power_(Operand exponent, Site site = Site::here());
  Tensor sin(Site site = Site::here()) const&;
  Tensor sin(Site site = Site::here()) &&;
  Tensor& sin_(Site site = Site::here());
  Tensor cos(Site site = Site::here()) const&;
  Tensor cos(Site site = Site::here()) &&;
  Tensor& cos_(Site site = Site::here());
  Tensor tan(Site site = Site::here()) const&;
  Tensor tan(Site site = Site::here()) &&;
  Tensor& tan_(Site site = Site::here());
  Tensor asin(Site site = Site::here()) const&;
  Tensor asin(Site site = Site::here()) &&;
  Tensor& asin_(Site site = Site::here());
  Tensor acos(Site site = Site::here()) const&;
  Tensor acos(Site site = Site::here()) &&;
  Tensor& acos_(Site site = Site::here());
  Tensor atan(Site site = Site::here()) const&;
  Tensor atan(Site site = Site::here()) &&;
  Tensor& atan_(Site site = Site::here());
  Tensor atan2(Operand x, Site site = Site::here()) const&;
  Tensor atan2(Operand x, Site site = Site::here()) &&;
  Tensor& atan2_(Operand x, Site site = Site::here());
  Tensor sinh(Site site = Site::here()) const&;
  Tensor sinh(Site site = Site::here()) &&;
  Tensor& sinh_(Site site = Site::here());
  Tensor cosh(Site site = Site::here()) const&;
  Tensor cosh(Site site = Site::here()) &&;
  Tensor& cosh_(Site site = Site::here());
  Tensor tanh(Site site = Site::here()) const&;
  Tensor tanh(Site site = Site::here()) &&;
  Tensor& tanh_(Site site = Site::here());
  Tensor asinh(Site site = Site::here()) const&;
  Tensor asinh(Site site = Site::here()) &&;
  Tensor& asinh_(Site site = Site::here());
  Tensor acosh(Site site = Site::here()) const&;
  Tensor acosh(Site site = Site::here()) &&;
  Tensor& acosh_(Site site = Site::here());
  Tensor atanh(Site site = Site::here()) const&;
  Tensor atanh(Site site = Site::here()) &&;
  Tensor& atanh_(Site site = Site::here());
  Tensor erf(Site site = Site::here()) const&;
  Tensor erf(Site site = Site::here()) &&;
  Tensor& erf_(Site site = Site::here());
  Tensor erfc(Site site = Site::here()) const&;
  Tensor erfc(Site site = Site::here()) &&;
  Tensor& erfc_(Site site = Site::here());
  Tensor erfinv(Site site = Site::here()) const&;
  Tensor erfinv(Site site = Site::here()) &&;
  Tensor& erfinv_(Site site = Site::here());
  Tensor lgamma(Site site = Site::here()) const&;
  Tensor lgamma(Site site = Site::here()) &&;
  Tensor& lgamma_(Site site = Site::here());
  Tensor digamma(Site site = Site::here()) const&;
  Tensor digamma(Site site = Site::here()) &&;
  Tensor& digamma_(Site site = Site::here());
  Tensor polygamma(int n, Site site = Site::here()) const&;
  Tensor polygamma(int n, Site site = Site::here()) &&;
  Tensor& polygamma_(int n, Site site = Site::here());
  Tensor i0(Site site = Site::here()) const&;
  Tensor i0(Site site = Site::here()) &&;
  Tensor& i0_(Site site = Site::here());
  Tensor floor(Site site = Site::here()) const&;
  Tensor floor(Site site = Site::here()) &&;
  Tensor& floor_(Site site = Site::here());
  Tensor ceil(Site site = Site::here()) const&;
  Tensor ceil(Site site = Site::here()) &&;
  Tensor& ceil_(Site site = Site::here());
  Tensor trunc(Site site = Site::here()) const&;
  Tensor trunc(Site site = Site::here()) &&;
  Tensor& trunc_(Site site = Site::here());
  Tensor round(Site site = Site::here()) const&;
  Tensor round(Site site = Site::here()) &&;
  Tensor& round_(Site site = Site::here());
  Tensor fmod(Operand b, Site site = Site::here()) const&;
  Tensor fmod(Operand b, Site site = Site::here()) &&;
  Tensor& fmod_(Operand b, Site site = Site::here());
  Tensor remainder(Operand b, Site site = Site::here()) const&;
  Tensor remainder(Operand b, Site site = Site::here()) &&;
  Tensor& remainder_(Operand b, Site site = Site::here());
  Tensor copysign(Operand b, Site site = Site::here()) const&;
  Tensor copysign(Operand b, Site site = Site::here()) &&;
  Tensor& copysign_(Operand b, Site site = Site::here());
  Tensor maximum(Operand b, Site site = Site::here()) const&;
  Tensor maximum(Operand b, Site site = Site::here()) &&;
  Tensor minimum(Operand b, Site site = Site::here()) const&;
  Tensor minimum(Operand b, Site site = Site::here()) &&;
  Tensor fmax(Operand b, Site site = Site::here()) const&;
  Tensor fmax(Operand b, Site site = Site::here()) &&;
  Tensor fmin(Operand b, Site site = Site::here()) const&;
  Tensor fmin(Operand b, Site site = Site::here()) &&;
  Tensor clamp(Operand min, Operand max, Site site = Site::here()) const&;
  Tensor clamp(Operand min, Operand max, Site site = Site::here()) &&;
  Tensor& clamp_(Operand min, Operand max, Site site = Site::here());
  Tensor clamp_min(Operand min, Site site = Site::here()) const&;
  Tensor clamp_min(Operand min, Site site = Site::here()) &&;
  Tensor& clamp_min_(Operand min, Site site = Site::here());
  Tensor clamp_max(Operand max, Site site = Site::here()) const&;
  Tensor clamp_max(Operand max, Site site = Site::here()) &&;
  Tensor& clamp_max_(Operand max, Site site = Site::here());
  Tensor nan_to_num(double nan = 0, std::optional<double> posinf = {},
      std::optional<double> neginf = {}, Site site = Site::here()) const&;
  Tensor nan_to_num(double nan = 0, std::optional<double> posinf = {},
      std::optional<double> neginf = {}, Site site = Site::here()) &&;
  Tensor& nan_to_num_(double nan = 0, std::optional<double> posinf = {},
      std::optional<double> neginf = {}, Site site = Site::here());
  Tensor lerp(Operand end, Operand weight, Site site = Site::here()) const&;
  Tensor lerp(Operand end, Operand weight, Site site = Site::here()) &&;
  Tensor& lerp_(Operand end, Operand weight, Site site = Site::here());
  Tensor addcmul(Operand a, Operand b, Site site = Site::here()) const&;
  Tensor addcmul(Operand a, Operand b, Site site = Site::here()) &&;
  Tensor addcmul(Operand a, Operand b, Operand value, Site site = Site::here()) const&;
  Tensor addcmul(Operand a, Operand b, Operand value, Site site = Site::here()) &&;
  Tensor& addcmul_(Operand a, Operand b, Site site = Site::here());
  Tensor& addcmul_(Operand a, Operand b, Operand value, Site site = Site::here());
  Tensor addcdiv(Operand a, Operand b, Site site = Site::here()) const&;
  Tensor addcdiv(Operand a, Operand b, Site site = Site::here()) &&;
  Tensor addcdiv(Operand a, Operand b, Operand value, Site site = Site::here()) const&;
  Tensor addcdiv(Operand a, Operand b, Operand value, Site site = Site::here()) &&;
  Tensor& addcdiv_(Operand a, Operand b, Site site = Site::here());
  Tensor& addcdiv_(Operand a, Operand b, Operand value, Site site = Site::here());

  // <xgrad/ops/formulas.hpp>
  Tensor deg2rad(Site site = Site::here()) const&;
  Tensor deg2rad(Site site = Site::here()) &&;
  Tensor& deg2rad_(Site site = Site::here());
  Tensor rad2deg(Site site = Site::here()) const&;
  Tensor rad2deg(Site site = Site::here()) &&;
  Tensor& rad2deg_(Site site = Site::here());
  Tensor frac(Site site = Site::here()) const&;
  Tensor frac(Site site = Site::here()) &&;
  Tensor& frac_(Site site = Site::here());
  Tensor ldexp(Operand b, Site site = Site::here()) const&;
  Tensor ldexp(Operand b, Site site = Site::here()) &&;
  Tensor& ldexp_(Operand b, Site site = Site::here());

  // <xgrad/ops/index_slices.hpp>
  Tensor index_select(Dim dim, const Tensor& index, Site site = Site::here()) const;
  Tensor index_add(Dim dim, const Tensor& index, Operand source, Site site = Site::here()) const;
  Tensor index_add(Dim dim, const Tensor& index, Operand source, Operand alpha,
      Site site = Site::here()) const;
  Tensor& index_add_(Dim dim, const Tensor& index, Operand source, Site site = Site::here());
  Tensor& index_add_(Dim dim, const Tensor& index, Operand source, Operand alpha,
      Site site = Site::here());
  Tensor index_copy(Dim dim, const Tensor& index, Operand source, Site site = Site::here()) const;
  Tensor& index_copy_(Dim dim, const Tensor& index, Operand source, Site site = Site::here());
  Tensor index_fill(Dim dim, const Tensor& index, Operand value, Site site = Site::here()) const;
  Tensor& index_fill_(Dim dim, const Tensor& index, Operand value, Site site = Site::here());
  Tensor repeat_interleave(std::int64_t repeats, std::optional<Dim> dim = {},
      Site site = Site::here()) const;
  Tensor repeat_interleave(const Tensor& repeats, std::optional<Dim> dim = {},
      Site site = Site::here()) const;

  // <xgrad/ops/indexing.hpp>
  Tensor index(const std::vector<Index>& indices, Site site = Site::here()) const;
  Tensor select(Dim dim, std::int64_t i, Site site = Site::here()) const;
  Tensor narrow(Dim dim, std::int64_t start, std::int64_t length, Site site = Site::here()) const;

  // <xgrad/ops/join.hpp>
  std::vector<Tensor> split(std::int64_t size, Dim dim = 0, Site site = Site::here()) const;
  std::vector<Tensor> split(const std::vector<std::int64_t>& sizes, Dim dim = 0,
      Site site = Site::here()) const;
  std::vector<Tensor> chunk(std::int64_t chunks, Dim dim = 0, Site site = Site::here()) const;
  std::vector<Tensor> tensor_split(std::int64_t sections, Dim dim = 0,
      Site site = Site::here()) const;
  std::vector<Tensor> tensor_split(const std::vector<std::int64_t>& indices, Dim dim = 0,
      Site site = Site::here()) const;
  std::vector<Tensor> unbind(Dim dim = 0, Site site = Site::here()) const;

  // <xgrad/ops/linalg.hpp>
  Tensor inverse(Site site = Site::here()) const;
  Tensor det(Site site = Site::here()) const;
  linalg::SignLogabsdet slogdet(Site site = Site::here()) const;
  Tensor logdet(Site site = Site::here()) const;
  Tensor matrix_power(std::int64_t n, Site site = Site::here()) const;
  Tensor matrix_exp(Site site = Site::here()) const;
  Tensor pinverse(Site site = Site::here()) const;
  Tensor cholesky(Flag upper = false, Site site = Site::here()) const;
  Tensor cholesky_solve(Operand l, Flag upper = false, Site site = Site::here()) const;

  // <xgrad/ops/logic.hpp>
  Tensor isnan(Site site = Site::here()) const;
  Tensor isinf(Site site = Site::here()) const;
  Tensor isposinf(Site site = Site::here()) const;
  Tensor isneginf(Site site = Site::here()) const;
  Tensor isfinite(Site site = Site::here()) const;
  Tensor signbit(Site site = Site::here()) const;
  Tensor logical_xor(Operand b, Site site = Site::here()) const;
  Tensor& logical_xor_(Operand b, Site site = Site::here());
  Tensor bitwise_and(Operand b, Site site = Site::here()) const;
  Tensor& bitwise_and_(Operand b, Site site = Site::here());
  Tensor bitwise_or(Operand b, Site site = Site::here()) const;
  Tensor& bitwise_or_(Operand b, Site site = Site::here());
  Tensor bitwise_xor(Operand b, Site site = Site::here()) const;
  Tensor& bitwise_xor_(Operand b, Site site = Site::here());
  Tensor bitwise_not(Site site = Site::here()) const;
  Tensor& bitwise_not_(Site site = Site::here());
  Tensor heaviside(Operand values, Site site = Site::here()) const;
  Tensor& heaviside_(Operand values, Site site = Site::here());
  Tensor isclose(Operand b, double rtol = 1e-5, double atol = 1e-8, Flag equal_nan = false,
      Site site = Site::here()) const;
  bool allclose(Operand b, double rtol = 1e-5, double atol = 1e-8, Flag equal_nan = false,
      Site site = Site::here()) const;
  bool equal(const Tensor& b, Site site = Site::here()) const;

  // <xgrad/ops/matmul.hpp>
  Tensor matmul(Operand b, Site site = Site::here()) const;

  // <xgrad/ops/products.hpp>
  Tensor mm(Operand b, Site site = Site::here()) const;
  Tensor bmm(Operand b, Site site = Site::here()) const;
  Tensor mv(Operand b, Site site = Site::here()) const;
  Tensor dot(Operand b, Site site = Site::here()) const;
  Tensor addmm(Operand a, Operand b, double beta = 1, double alpha = 1,
      Site site = Site::here()) const;
  Tensor& addmm_(Operand a, Operand b, double beta = 1, double alpha = 1, Site site = Site::here());
  Tensor addmv(Operand a, Operand b, double beta = 1, double alpha = 1,
      Site site = Site::here()) const;
  Tensor& addmv_(Operand a, Operand b, double beta = 1, double alpha = 1, Site site = Site::here());
  Tensor addr(Operand a, Operand b, double beta = 1, double alpha = 1,
      Site site = Site::here()) const;
  Tensor& addr_(Operand a, Operand b, double beta = 1, double alpha = 1, Site site = Site::here());
  Tensor addbmm(Operand a, Operand b, double beta = 1, double alpha = 1,
      Site site = Site::here()) const;
  Tensor& addbmm_(Operand a, Operand b, double beta = 1, double alpha = 1,
      Site site = Site::here());
  Tensor baddbmm(Operand a, Operand b, double beta = 1, double alpha = 1,
      Site site = Site::here()) const;
  Tensor& baddbmm_(Operand a, Operand b, double beta = 1, double alpha = 1,
      Site site = Site::here());
  Tensor inner(Operand b, Site site = Site::here()) const;
  Tensor outer(Operand b, Site site = Site::here()) const;
  Tensor kron(Operand b, Site site = Site::here()) const;
  Tensor cross(Operand b, std::optional<Dim> dim = {}, Site site = Site::here()) const;
  Tensor trace(Site site = Site::here()) const;

  // <xgrad/ops/quantile.hpp>
  Tensor quantile(Operand q, std::optional<Dim> dim = {}, Flag keepdim = false,
      std::string_view interpolation = "linear", Site site = Site::here()) const;
  Tensor nanquantile(Operand q, std::optional<Dim> dim = {}, Flag keepdim = false,
      std::string_view interpolation = "linear", Site site = Site::here()) const;

  // <xgrad/ops/rearrange.hpp>
  Tensor flip(const std::vector<int>& dims, Site site = Site::here()) const;
  Tensor fliplr(Site site = Site::here()) const;
  Tensor flipud(Site site = Site::here()) const;
  Tensor rot90(int k = 1, const std::vector<int>& dims = {0, 1}, Site site = Site::here()) const;
  Tensor roll(const std::vector<std::int64_t>& shifts, const std::vector<int>& dims = {},
      Site site = Site::here()) const;
  Tensor repeat(const std::vector<std::int64_t>& repeats, Site site = Site::here()) const;
  Tensor repeat(Count a, Count b, Site site = Site::here()) const;
  Tensor repeat(Count a, Count b, Count c, Site site = Site::here()) const;
  Tensor repeat(Count a, Count b, Count c, Count d, Site site = Site::here()) const;
  Tensor tile(const std::vector<std::int64_t>& dims, Site site = Site::here()) const;
  Tensor unfold(Dim dim, std::int64_t size, std::int64_t step, Site site = Site::here()) const;

  // <xgrad/ops/reduction.hpp>
  Tensor sum(const Dims& dims = {}, Flag keepdim = false, Site site = Site::here()) const;
  Tensor mean(const Dims& dims = {}, Flag keepdim = false, Site site = Site::here()) const;
  Tensor prod(const Dims& dims = {}, Flag keepdim = false, Site site = Site::here()) const;
  Tensor nansum(const Dims& dims = {}, Flag keepdim = false, Site site = Site::here()) const;
  Tensor nanmean(const Dims& dims = {}, Flag keepdim = false, Site site = Site::here()) const;
  Tensor logsumexp(const Dims& dims, Flag keepdim = false, Site site = Site::here()) const;
  Tensor amax(const Dims& dims = {}, Flag keepdim = false, Site site = Site::here()) const;
  Tensor amin(const Dims& dims = {}, Flag keepdim = false, Site site = Site::here()) const;
  Tensor argmax(Site site = Site::here()) const;
  Tensor argmax(Dim dim, Flag keepdim = false, Site site = Site::here()) const;
  Tensor argmin(Site site = Site::here()) const;
  Tensor argmin(Dim dim, Flag keepdim = false, Site site = Site::here()) const;
  Tensor all(const Dims& dims = {}, Flag keepdim = false, Site site = Site::here()) const;
  Tensor any(const Dims& dims = {}, Flag keepdim = false, Site site = Site::here()) const;
  Tensor count_nonzero(const Dims& dims = {}, Site site = Site::here()) const;
  MinMax aminmax(const Dims& dims = {}, Flag keepdim = false, Site site = Site::here()) const;

  // <xgrad/ops/reshape.hpp>
  Tensor reshape(const Shape& shape, Site site = Site::here()) const;
  Tensor reshape(Count a, Count b, Site site = Site::here()) const;
  Tensor reshape(Count a, Count b, Count c, Site site = Site::here()) const;
  Tensor reshape(Count a, Count b, Count c, Count d, Site site = Site::here()) const;
  Tensor flatten(Dim start_dim = 0, Dim end_dim = -1, Site site = Site::here()) const;
  Tensor transpose(Dim dim0, Dim dim1, Site site = Site::here()) const;
  Tensor t(Site site = Site::here()) const;
  Tensor expand(const Shape& shape, Site site = Site::here()) const;
  Tensor expand(Count a, Count b, Site site = Site::here()) const;
  Tensor expand(Count a, Count b, Count c, Site site = Site::here()) const;
  Tensor expand(Count a, Count b, Count c, Count d, Site site = Site::here()) const;
  Tensor permute(const std::vector<int>& dims, Site site = Site::here()) const;
  Tensor permute(Dim a, Dim b, Site site = Site::here()) const;
  Tensor permute(Dim a, Dim b, Dim c, Site site = Site::here()) const;
  Tensor permute(Dim a, Dim b, Dim c, Dim d, Site site = Site::here()) const;
  Tensor squeeze(const Dims& dims = {}, Site site = Site::here()) const;
  Tensor unsqueeze(Dim dim, Site site = Site::here()) const;
  Tensor ravel(Site site = Site::here()) const;
  Tensor view(const Shape& shape, Site site = Site::here()) const;
  Tensor view(Count a, Count b, Site site = Site::here()) const;
  Tensor view(Count a, Count b, Count c, Site site = Site::here()) const;
  Tensor view(Count a, Count b, Count c, Count d, Site site = Site::here()) const;
  Tensor unflatten(Dim dim, const Shape& sizes, Site site = Site::here()) const;
  Tensor broadcast_to(const Shape& shape, Site site = Site::here()) const;
  Tensor expand_as(const Tensor& other, Site site = Site::here()) const;
  Tensor swapaxes(Dim dim0, Dim dim1, Site site = Site::here()) const;
  Tensor swapdims(Dim dim0, Dim dim1, Site site = Site::here()) const;
  Tensor movedim(const Dims& source, const Dims& destination, Site site = Site::here()) const;
  Tensor moveaxis(const Dims& source, const Dims& destination, Site site = Site::here()) const;

  // <xgrad/ops/sampling.hpp>
  Tensor bernoulli(Generator* generator = nullptr, Site site = Site::here()) const;
  Tensor multinomial(std::int64_t n, Flag replacement = false, Generator* generator = nullptr,
      Site site = Site::here()) const;

  // <xgrad/ops/scan.hpp>
  Tensor cumsum(Dim dim, Site site = Site::here()) const;
  Tensor& cumsum_(Dim dim, Site site = Site::here());
  Tensor cumprod(Dim dim, Site site = Site::here()) const;
  Tensor& cumprod_(Dim dim, Site site = Site::here());
  Tensor logcumsumexp(Dim dim, Site site = Site::here()) const;
  ValuesIndices cummax(Dim dim, Site site = Site::here()) const;
  ValuesIndices cummin(Dim dim, Site site = Site::here()) const;
  Tensor diff(int n = 1, Dim dim = -1, Site site = Site::here()) const;
  Tensor diff(int n, Dim dim, const Tensor& prepend, Site site = Site::here()) const;
  Tensor diff(int n, Dim dim, const Tensor& prepend, const Tensor& append,
      Site site = Site::here()) const;

  // <xgrad/ops/scatter.hpp>
  Tensor gather(Dim dim, const Tensor& index, Site site = Site::here()) const;
  Tensor scatter_add(Dim dim, const Tensor& index, Operand src, Site site = Site::here()) const;
  Tensor& scatter_add_(Dim dim, const Tensor& index, Operand src, Site site = Site::here());
  Tensor scatter(Dim dim, const Tensor& index, Operand src, Site site = Site::here()) const;
  Tensor& scatter_(Dim dim, const Tensor& index, Operand src, Site site = Site::here());
  Tensor take_along_dim(const Tensor& indices, std::optional<Dim> dim = {},
      Site site = Site::here()) const;
  Tensor take(const Tensor& index, Site site = Site::here()) const;
  Tensor index_put(const std::vector<Index>& indices, Operand values, Flag accumulate = false,
      Site site = Site::here()) const;
  Tensor& index_put_(const std::vector<Index>& indices, Operand values, Flag accumulate = false,
      Site site = Site::here());
  Tensor select_scatter(Operand src, Dim dim, std::int64_t i, Site site = Site::here()) const;
  Tensor slice_scatter(Operand src, Dim dim = 0, Site site = Site::here()) const;
  Tensor slice_scatter(Operand src, Dim dim, Slice slice, Site site = Site::here()) const;
  Tensor diagonal_scatter(Operand src, int offset = 0, Dim dim1 = 0, Dim dim2 = 1,
      Site site = Site::here()) const;
  Tensor masked_fill(const Tensor& mask, Operand value, Site site = Site::here()) const;
  Tensor& masked_fill_(const Tensor& mask, Operand value, Site site = Site::here());
  Tensor masked_select(const Tensor& mask, Site site = Site::here()) const;
  Tensor masked_scatter(const Tensor& mask, Operand source, Site site = Site::here()) const;
  Tensor& masked_scatter_(const Tensor& mask, Operand source, Site site = Site::here());
  Tensor nonzero(Site site = Site::here()) const;
  Tensor argwhere(Site site = Site::here()) const;

  // <xgrad/ops/scatter_reduce.hpp>
  Tensor scatter_reduce(Dim dim, const Tensor& index, Operand src, std::string_view reduce,
      Flag include_self = true, Site site = Site::here()) const;
  Tensor& scatter_reduce_(Dim dim, const Tensor& index, Operand src, std::string_view reduce,
      Flag include_self = true, Site site = Site::here());
  Tensor scatter(Dim dim, const Tensor& index, Operand src, std::string_view reduce,
      Site site = Site::here()) const;
  Tensor& scatter_(Dim dim, const Tensor& index, Operand src, std::string_view reduce,
      Site site = Site::here());

  // <xgrad/ops/softmax.hpp>
  Tensor softmax(Dim dim, Site site = Site::here()) const;
  Tensor log_softmax(Dim dim, Site site = Site::here()) const;

  // <xgrad/ops/sorting.hpp>
  ValuesIndices sort(Dim dim = -1, Flag descending = false, Site site = Site::here()) const;
  Tensor argsort(Dim dim = -1, Flag descending = false, Site site = Site::here()) const;
  Tensor msort(Site site = Site::here()) const;
  ValuesIndices topk(std::int64_t k, Dim dim = -1, Flag largest = true,
      Site site = Site::here()) const;
  ValuesIndices kthvalue(std::int64_t k, Dim dim = -1, Flag keepdim = false,
      Site site = Site::here()) const;
  ValuesIndices median(Dim dim, Flag keepdim = false, Site site = Site::here()) const;
  Tensor median(Site site = Site::here()) const;
  ValuesIndices nanmedian(Dim dim, Flag keepdim = false, Site site = Site::here()) const;
  Tensor nanmedian(Site site = Site::here()) const;
  ValuesIndices mode(Dim dim = -1, Flag keepdim = false, Site site = Site::here()) const;
  ValuesIndices max(Dim dim, Flag keepdim = false, Site site = Site::here()) const;
  ValuesIndices min(Dim dim, Flag keepdim = false, Site site = Site::here()) const;
  Tensor max(Site site = Site::here()) const;
  Tensor min(Site site = Site::here()) const;
  Tensor max(const Tensor& b, Site site = Site::here()) const;
  Tensor min(const Tensor& b, Site site = Site::here()) const;

  // <xgrad/ops/special.hpp>
  Tensor sinc(Site site = Site::here()) const&;
  Tensor sinc(Site site = Site::here()) &&;
  Tensor& sinc_(Site site = Site::here());
  Tensor logit(std::optional<double> eps = {}, Site site = Site::here()) const&;
  Tensor logit(std::optional<double> eps = {}, Site site = Site::here()) &&;
  Tensor& logit_(std::optional<double> eps = {}, Site site = Site::here());
  Tensor logaddexp(Operand b, Site site = Site::here()) const&;
  Tensor logaddexp(Operand b, Site site = Site::here()) &&;
  Tensor logaddexp2(Operand b, Site site = Site::here()) const&;
  Tensor logaddexp2(Operand b, Site site = Site::here()) &&;
  Tensor xlogy(Operand b, Site site = Site::here()) const&;
  Tensor xlogy(Operand b, Site site = Site::here()) &&;
  Tensor& xlogy_(Operand b, Site site = Site::here());
  Tensor mvlgamma(int p, Site site = Site::here()) const&;
  Tensor mvlgamma(int p, Site site = Site::here()) &&;
  Tensor& mvlgamma_(int p, Site site = Site::here());

  // <xgrad/ops/statistics.hpp>
  Tensor var(const Dims& dims = {}, Flag keepdim = false, double correction = 1,
      Site site = Site::here()) const;
  Tensor std(const Dims& dims = {}, Flag keepdim = false, double correction = 1,
      Site site = Site::here()) const;

 protected:
  TensorMembers() = default;
};

}  // namespace xgrad

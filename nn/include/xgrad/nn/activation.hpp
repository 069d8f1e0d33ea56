// activation.hpp: activations as modules, for Sequential and for printing. Each module applies the
// op of the same name, which documents the formula.
#pragma once

#include <string>

#include <xgrad/nn/layer.hpp>
#include <xgrad/ops/activation.hpp>
#include <xgrad/ops/formulas.hpp>
#include <xgrad/ops/softmax.hpp>

namespace xgrad::nn {

struct ReLU : Layer<ReLU> {
  Tensor forward(Operand x) const { return relu(x); }
};
struct Sigmoid : Layer<Sigmoid> {
  Tensor forward(Operand x) const { return sigmoid(x); }
};
struct Tanh : Layer<Tanh> {
  Tensor forward(Operand x) const { return tanh(x); }
};
struct SELU : Layer<SELU> {
  Tensor forward(Operand x) const { return selu(x); }
};
struct SiLU : Layer<SiLU> {
  Tensor forward(Operand x) const { return silu(x); }
};
struct Mish : Layer<Mish> {
  Tensor forward(Operand x) const { return mish(x); }
};
struct Softsign : Layer<Softsign> {
  Tensor forward(Operand x) const { return softsign(x); }
};
struct LogSigmoid : Layer<LogSigmoid> {
  Tensor forward(Operand x) const { return logsigmoid(x); }
};
struct Hardsigmoid : Layer<Hardsigmoid> {
  Tensor forward(Operand x) const { return hardsigmoid(x); }
};
struct Hardswish : Layer<Hardswish> {
  Tensor forward(Operand x) const { return hardswish(x); }
};

struct ReLU6 : Layer<ReLU6> {
  Tensor forward(Operand x) const { return relu6(x); }
};
struct Tanhshrink : Layer<Tanhshrink> {
  Tensor forward(Operand x) const { return tanhshrink(x); }
};

class LeakyReLU : public Layer<LeakyReLU> {
 public:
  explicit LeakyReLU(double negative_slope = 0.01) : negative_slope_(negative_slope) {}
  Tensor forward(Operand x) const { return leaky_relu(x, negative_slope_); }
  std::string details() const override;

 private:
  double negative_slope_;
};

struct PReLUOptions {
  std::int64_t num_parameters = 1;  ///< 1, or the number of channels for one slope per channel
  double init = 0.25;
  DType dtype = get_default_dtype();
};

/// ReLU with a learned slope for negative inputs. The slopes are the parameter `weight`, of shape
/// (num_parameters), which starts as `init`. @throws ValueError if num_parameters is less than 1.
class PReLU : public Layer<PReLU> {
 public:
  explicit PReLU(PReLUOptions options = {}, Site site = {__builtin_FILE(), __builtin_LINE()});
  Tensor forward(Operand x) const { return prelu(x, weight); }
  std::string details() const override;

  Tensor weight;
};

class ELU : public Layer<ELU> {
 public:
  explicit ELU(double alpha = 1) : alpha_(alpha) {}
  Tensor forward(Operand x) const { return elu(x, alpha_); }
  std::string details() const override;

 private:
  double alpha_;
};

class GELU : public Layer<GELU> {
 public:
  explicit GELU(std::string approximate = "none") : approximate_(std::move(approximate)) {}
  Tensor forward(Operand x) const { return gelu(x, approximate_); }
  std::string details() const override;

 private:
  std::string approximate_;
};

class Softplus : public Layer<Softplus> {
 public:
  explicit Softplus(double beta = 1, double threshold = 20) : beta_(beta), threshold_(threshold) {}
  Tensor forward(Operand x) const { return softplus(x, beta_, threshold_); }
  std::string details() const override;

 private:
  double beta_, threshold_;
};

class Hardtanh : public Layer<Hardtanh> {
 public:
  explicit Hardtanh(double min_val = -1, double max_val = 1) : min_(min_val), max_(max_val) {}
  Tensor forward(Operand x) const { return hardtanh(x, min_, max_); }
  std::string details() const override;

 private:
  double min_, max_;
};

class CELU : public Layer<CELU> {
 public:
  explicit CELU(double alpha = 1) : alpha_(alpha) {}
  Tensor forward(Operand x) const { return celu(x, alpha_); }
  std::string details() const override;

 private:
  double alpha_;
};

class Hardshrink : public Layer<Hardshrink> {
 public:
  explicit Hardshrink(double lambd = 0.5) : lambd_(lambd) {}
  Tensor forward(Operand x) const { return hardshrink(x, lambd_); }
  std::string details() const override;

 private:
  double lambd_;
};

class Softshrink : public Layer<Softshrink> {
 public:
  explicit Softshrink(double lambd = 0.5) : lambd_(lambd) {}
  Tensor forward(Operand x) const { return softshrink(x, lambd_); }
  std::string details() const override;

 private:
  double lambd_;
};

/// x where x > threshold, else value.
class Threshold : public Layer<Threshold> {
 public:
  Threshold(double threshold, double value) : threshold_(threshold), value_(value) {}
  Tensor forward(Operand x) const { return threshold(x, threshold_, value_); }
  std::string details() const override;

 private:
  double threshold_, value_;
};

/// Leaky ReLU with a slope drawn for each element in training, and the mean slope in evaluation.
class RReLU : public Layer<RReLU> {
 public:
  explicit RReLU(double lower = 1.0 / 8, double upper = 1.0 / 3) : lower_(lower), upper_(upper) {}
  Tensor forward(Operand x) const { return rrelu(x, lower_, upper_, is_training()); }
  std::string details() const override;

 private:
  double lower_, upper_;
};

/// The first half along dim, times the sigmoid of the second.
class GLU : public Layer<GLU> {
 public:
  explicit GLU(int dim = -1) : dim_(dim) {}
  Tensor forward(Operand x) const { return glu(x, dim_); }
  std::string details() const override;

 private:
  int dim_;
};

class Softmin : public Layer<Softmin> {
 public:
  explicit Softmin(int dim) : dim_(dim) {}
  Tensor forward(Operand x) const { return softmin(x, dim_); }
  std::string details() const override;

 private:
  int dim_;
};
/// Softmax over the channels of (N, C, H, W) or (C, H, W). @throws ShapeError for other shapes.
struct Softmax2d : Layer<Softmax2d> {
  Tensor forward(Operand x) const;
};

class Softmax : public Layer<Softmax> {
 public:
  explicit Softmax(int dim) : dim_(dim) {}
  Tensor forward(Operand x) const { return softmax(x, dim_); }
  std::string details() const override;

 private:
  int dim_;
};

class LogSoftmax : public Layer<LogSoftmax> {
 public:
  explicit LogSoftmax(int dim) : dim_(dim) {}
  Tensor forward(Operand x) const { return log_softmax(x, dim_); }
  std::string details() const override;

 private:
  int dim_;
};

// Compiled in the library, for AnyModule.
namespace detail {
extern template const ModuleType* module_type<ReLU>();
extern template const ModuleType* module_type<Sigmoid>();
extern template const ModuleType* module_type<Tanh>();
extern template const ModuleType* module_type<SELU>();
extern template const ModuleType* module_type<SiLU>();
extern template const ModuleType* module_type<Mish>();
extern template const ModuleType* module_type<Softsign>();
extern template const ModuleType* module_type<LogSigmoid>();
extern template const ModuleType* module_type<Hardsigmoid>();
extern template const ModuleType* module_type<Hardswish>();
extern template const ModuleType* module_type<ReLU6>();
extern template const ModuleType* module_type<Tanhshrink>();
extern template const ModuleType* module_type<LeakyReLU>();
extern template const ModuleType* module_type<PReLU>();
extern template const ModuleType* module_type<ELU>();
extern template const ModuleType* module_type<GELU>();
extern template const ModuleType* module_type<Softplus>();
extern template const ModuleType* module_type<Hardtanh>();
extern template const ModuleType* module_type<CELU>();
extern template const ModuleType* module_type<Hardshrink>();
extern template const ModuleType* module_type<Softshrink>();
extern template const ModuleType* module_type<Threshold>();
extern template const ModuleType* module_type<RReLU>();
extern template const ModuleType* module_type<GLU>();
extern template const ModuleType* module_type<Softmin>();
extern template const ModuleType* module_type<Softmax2d>();
extern template const ModuleType* module_type<Softmax>();
extern template const ModuleType* module_type<LogSoftmax>();
}  // namespace detail

}  // namespace xgrad::nn

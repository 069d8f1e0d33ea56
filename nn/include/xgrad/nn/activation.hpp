// activation.hpp: activations as modules, for Sequential and for printing; the ops of the same
// names say what they compute.
#pragma once

#include <string>

#include <xgrad/nn/module.hpp>
#include <xgrad/ops/activation.hpp>
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

class LeakyReLU : public Layer<LeakyReLU> {
 public:
  explicit LeakyReLU(double negative_slope = 0.01) : negative_slope_(negative_slope) {}
  Tensor forward(Operand x) const { return leaky_relu(x, negative_slope_); }
  std::string details() const override;

 private:
  double negative_slope_;
};

struct PReLUOptions {
  std::int64_t num_parameters = 1;  ///< one slope for all, or one for each channel
  double init = 0.25;
  DType dtype = float32;
};

/// The slopes are the parameter `weight`, (num_parameters).
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

}  // namespace xgrad::nn

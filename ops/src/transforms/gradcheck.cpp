#include <xgrad/ops/gradcheck.hpp>

#include <cmath>
#include <ostream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <xgrad/graph/backward.hpp>
#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/graph/random.hpp>
#include <xgrad/ops/comparison.hpp>
#include <xgrad/ops/reshape.hpp>

namespace xgrad {

std::ostream& operator<<(std::ostream& out, const GradcheckResult& result) {
  return out << result.message;
}

namespace detail {
namespace {

std::vector<Tensor> leaves_of(const char* op, const TensorList& inputs) {
  std::vector<Tensor> leaves;
  for (const Tensor& x : inputs) {
    if (x.dtype() != float64)
      throw DTypeError(
          fmt::format("{}: input {} is {}; it must be float64, because float32 is too inaccurate "
                      "for central differences",
                      op, leaves.size(), describe(x)));
    const NoGrad guard;
    leaves.push_back(x.detach().clone().requires_grad_());
  }
  return leaves;
}

std::vector<std::int64_t> index_of(std::int64_t flat, const Shape& shape) {
  std::vector<std::int64_t> index(static_cast<std::size_t>(shape.dim()));
  for (std::size_t i = index.size(); i-- > 0;) {
    index[i] = flat % shape[static_cast<int>(i)];
    flat /= shape[static_cast<int>(i)];
  }
  return index;
}

// Reads elements: those of the outputs, one after the other, with one element of an input moved.
std::vector<double> moved(const VectorFunction& f, std::vector<Tensor>& x, std::size_t input,
                          std::int64_t element, double by) {
  double& number = x[input].mutable_data<double>()[element];
  const double before = number;
  number = before + by;
  std::vector<double> all;
  {
    const EnableGrad guard;  // f may itself call grad
    for (const Tensor& y : f(x)) {
      const Tensor typed = y.detach().to(float64);
      const auto elements = typed.span<double>();
      all.insert(all.end(), elements.begin(), elements.end());
    }
  }
  x[input].mutable_data<double>()[element] = before;
  return all;
}

// Row k: the gradient of output element k with respect to all elements of an input.
class Jacobian {
 public:
  Jacobian(const VectorFunction& f, const std::vector<Tensor>& x) {
    for (const Tensor& y : f(x))
      for (std::int64_t k = 0; k < y.numel(); ++k) add_row(y, k, x);
  }
  double at(std::size_t row, std::size_t input, std::int64_t element) const {
    const Tensor& g = rows_[row][input];
    return g.defined() ? g.data<double>()[element] : 0;
  }
  std::size_t rows() const { return rows_.size(); }

 private:
  void add_row(const Tensor& y, std::int64_t k, const std::vector<Tensor>& x) {
    if (!y.requires_grad()) {
      rows_.emplace_back(x.size());
      return;
    }
    const Tensor one = reshape(eq(arange(y.numel()), k), y.shape()).to(y.dtype());
    rows_.push_back(grad(y, x, {.grad_outputs = one, .retain_graph = true, .allow_unused = true}));
  }
  std::vector<std::vector<Tensor>> rows_;
};

// What is checked: a function of inputs, and behind them of upstream gradients of outputs.
struct Check {
  const char* op;
  std::size_t inputs;
  std::string name(std::size_t i) const {
    return i < inputs ? fmt::format("input {}", i)
                      : fmt::format("the upstream gradient of output {}", i - inputs);
  }
};

// Keeps the element with the largest error; NaN on one side only counts as infinitely large.
struct Worst {
  double ratio = -1;
  void see(GradcheckResult& result, const Check& check, const GradcheckOptions& o, std::size_t row,
           std::size_t input, std::int64_t element, const Tensor& x, double analytic,
           double numeric) {
    const double allowed = o.atol + o.rtol * std::abs(numeric);
    double now = std::abs(analytic - numeric) / allowed;
    if (analytic == numeric || (std::isnan(analytic) && std::isnan(numeric))) now = 0;
    if (std::isnan(now)) now = INFINITY;
    if (now <= ratio) return;
    ratio = now;
    result = {now <= 1, input, index_of(element, x.shape()), analytic, numeric, {}};
    result.message = fmt::format(
        "{} {}: the largest error is at [{}] of {}, for output element {}: analytic {:.10g}, "
        "numeric {:.10g}, {:.3g} times the tolerance",
        check.op, now <= 1 ? "passed" : "failed", fmt::join(result.index, ", "), check.name(input),
        row, analytic, numeric, now);
  }
};

GradcheckResult compared(const Check& check, const VectorFunction& f, const TensorList& inputs,
                         const GradcheckOptions& o) {
  std::vector<Tensor> x = leaves_of(check.op, inputs);
  const Jacobian jacobian(f, x);
  GradcheckResult result;
  result.message = fmt::format("{} passed: no elements to compare", check.op);
  Worst worst;
  for (std::size_t input = 0; input < x.size(); ++input)
    for (std::int64_t e = 0; e < x[input].numel(); ++e) {
      const std::vector<double> up = moved(f, x, input, e, o.eps);
      const std::vector<double> down = moved(f, x, input, e, -o.eps);
      for (std::size_t row = 0; row < jacobian.rows(); ++row)
        worst.see(result, check, o, row, input, e, x[input], jacobian.at(row, input, e),
                  (up[row] - down[row]) / (2 * o.eps));
    }
  return result;
}

}  // namespace

GradcheckResult gradcheck(const VectorFunction& f, const TensorList& inputs,
                          const GradcheckOptions& o, Site site) {
  const OpScope scope("gradcheck", site);
  return compared({"gradcheck", inputs.size()}, f, inputs, o);
}

GradcheckResult gradgradcheck(const VectorFunction& f, const TensorList& inputs,
                              const GradcheckOptions& o, Site site) {
  const OpScope scope("gradgradcheck", site);
  Generator generator(20);
  std::vector<Tensor> all(inputs.begin(), inputs.end());
  for (const Tensor& y : f(leaves_of("gradgradcheck", inputs)))
    all.push_back(randn(y.shape(), {.dtype = float64, .generator = &generator}));
  const std::size_t count = inputs.size();
  // The gradients of f, as a function of its inputs and the upstream gradients.
  return compared(
      {"gradgradcheck", count},
      [&f, count](const std::vector<Tensor>& x) {
        const EnableGrad guard;
        const auto middle = x.begin() + static_cast<std::ptrdiff_t>(count);
        std::vector<Tensor> leaves;  // under NoGrad the inputs have no history to differentiate
        for (auto at = x.begin(); at != middle; ++at)
          leaves.push_back(at->requires_grad() ? *at : at->detach().requires_grad_());
        std::vector<Tensor> outputs = f(leaves), upstream(middle, x.end()), used, weights;
        for (std::size_t k = 0; k < outputs.size(); ++k)
          if (outputs[k].requires_grad())
            used.push_back(outputs[k]), weights.push_back(upstream[k]);
        std::vector<Tensor> gradients = grad(
            used, leaves, {.grad_outputs = weights, .create_graph = true, .allow_unused = true});
        for (std::size_t i = 0; i < gradients.size(); ++i)
          if (!gradients[i].defined()) gradients[i] = zeros_like(leaves[i]);
        return gradients;
      },
      all, o);
}

}  // namespace detail
}  // namespace xgrad

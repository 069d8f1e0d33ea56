#include <xgrad/ops/functional.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <xgrad/graph/backward.hpp>
#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/comparison.hpp>
#include <xgrad/ops/indexing.hpp>
#include <xgrad/ops/join.hpp>
#include <xgrad/ops/reduction.hpp>
#include <xgrad/ops/reshape.hpp>

namespace xgrad::detail {
namespace {

// A function's one call: its inputs as nodes of their own, so that only what hangs on them is
// swept.
class Evaluation {
 public:
  Evaluation(const char* caller, const VectorFunction& f, const TensorList& inputs,
             const FunctionalOptions& options)
      : caller_(caller), given_(inputs.begin(), inputs.end()) {
    const bool any = std::any_of(given_.begin(), given_.end(),
                                 [](const Tensor& x) { return x.requires_grad(); });
    keeps_history_ = options.create_graph.value_or(any);
    const EnableGrad guard;
    for (const Tensor& x : given_) {
      if (!is_floating(x.dtype()))
        throw DTypeError(
            fmt::format("{}: the input {} must be float32 or float64", caller_, describe(x)));
      const bool connected = keeps_history_ && x.requires_grad();
      x_.push_back(connected ? reshape(x, x.shape()) : x.detach().requires_grad_());
    }
    y_ = f(x_);
  }

  const std::vector<Tensor>& inputs() const { return x_; }
  const std::vector<Tensor>& outputs() const { return y_; }
  bool keeps_history() const { return keeps_history_; }
  /// The only output, of one element.
  const Tensor& number() const {
    if (y_.size() != 1 || y_[0].numel() != 1)
      throw ShapeError(
          fmt::format("{}: the function returns {}; it must return a tensor with one element",
                      caller_, y_.size() == 1 ? describe(y_[0]) : "several tensors"),
          {});
    return y_[0];
  }
  /// As they are given back: without the history that nobody asked for.
  std::vector<Tensor> given_back(std::vector<Tensor> tensors) const {
    if (!keeps_history_)
      for (Tensor& t : tensors) t = t.detach();
    return tensors;
  }

  /// Gradients of outputs, each with its weights, for the inputs; zeros where there are none.
  std::vector<Tensor> gradients(const std::vector<Tensor>& outputs,
                                const std::vector<Tensor>& weights, bool create_graph) const {
    const EnableGrad guard;
    std::vector<Tensor> used, weighed, g(x_.size());
    for (std::size_t k = 0; k < outputs.size(); ++k)
      if (outputs[k].defined() && outputs[k].requires_grad()) {
        used.push_back(outputs[k]);
        if (!weights.empty()) weighed.push_back(weights[k]);
      }
    if (!used.empty())
      g = grad(used, x_,
               {.grad_outputs = weighed,
                .retain_graph = true,
                .create_graph = create_graph,
                .allow_unused = true});
    for (std::size_t i = 0; i < g.size(); ++i)
      if (!g[i].defined()) g[i] = zeros_like(x_[i].detach());
    return g;
  }
  /// `what`: "inputs" or "outputs", whose shapes v must have.
  void check(const std::vector<Tensor>& like, const TensorList& v, const char* what) const {
    if (v.size() != like.size())
      throw ShapeError(fmt::format("{}: v has {} tensors for {} {}; there must be one for each",
                                   caller_, v.size(), like.size(), what),
                       {});
    for (std::size_t i = 0; i < v.size(); ++i)
      if (v[i].shape() != like[i].shape())
        throw ShapeError(
            fmt::format("{}: tensor {} of v is {}; it must have the shape of the {}, {}", caller_,
                        i, describe(v[i]), what, to_string(like[i].shape())),
            {});
  }

 private:
  const char* caller_;
  const std::vector<Tensor> given_;
  bool keeps_history_;
  std::vector<Tensor> x_, y_;
};

std::vector<Tensor> listed(const TensorList& list) { return {list.begin(), list.end()}; }

// A one in place k.
Tensor unit(const Tensor& like, std::int64_t k) {
  return reshape(eq(arange(like.numel()), k), like.shape()).to(like.dtype());
}

Shape joined(const Shape& a, const Shape& b) {
  std::vector<std::int64_t> sizes(a.begin(), a.end());
  sizes.insert(sizes.end(), b.begin(), b.end());
  return sizes;
}

// The derivatives of all elements of y for each input, a sweep each.
std::vector<Tensor> rows_of(const Evaluation& e, const Tensor& y, bool create_graph) {
  const std::vector<Tensor>& x = e.inputs();
  std::vector<std::vector<Tensor>> rows(x.size());
  for (std::int64_t k = 0; k < y.numel(); ++k) {
    const std::vector<Tensor> g = e.gradients({y}, {unit(y, k)}, create_graph);
    for (std::size_t i = 0; i < x.size(); ++i) rows[i].push_back(g[i]);
  }
  std::vector<Tensor> all;
  const GradModeGuard mode(create_graph);
  for (std::size_t i = 0; i < x.size(); ++i)
    all.push_back(reshape(rows[i].empty()
                              ? zeros(joined(y.shape(), x[i].shape()), {.dtype = x[i].dtype()})
                              : stack(rows[i]),
                          joined(y.shape(), x[i].shape())));
  return all;
}

}  // namespace

ValueAndGradients value_and_grad(const VectorFunction& f, const TensorList& inputs,
                                 const FunctionalOptions& options, Site site) {
  const OpScope scope("value_and_grad", site);
  const Evaluation e("value_and_grad", f, inputs, options);
  const Tensor y = e.number();
  return {e.given_back({y})[0], e.gradients({y}, {}, e.keeps_history())};
}

ValuesAndProducts vjp(const VectorFunction& f, const TensorList& inputs, const TensorList& v,
                      const FunctionalOptions& options, Site site) {
  const OpScope scope("vjp", site);
  const Evaluation e("vjp", f, inputs, options);
  e.check(e.outputs(), v, "outputs");
  return {e.given_back(e.outputs()), e.gradients(e.outputs(), listed(v), e.keeps_history())};
}

// The gradients for weights u are linear in u, so their derivative for u, times v, is J v.
ValuesAndProducts jvp(const VectorFunction& f, const TensorList& inputs, const TensorList& v,
                      const FunctionalOptions& options, Site site) {
  const OpScope scope("jvp", site);
  const Evaluation e("jvp", f, inputs, options);
  e.check(e.inputs(), v, "inputs");
  std::vector<Tensor> weights;
  for (const Tensor& y : e.outputs()) weights.push_back(zeros_like(y.detach()).requires_grad_());
  const std::vector<Tensor> g = e.gradients(e.outputs(), weights, true);
  const EnableGrad guard;
  std::vector<Tensor> used, moves, products(weights.size());
  for (std::size_t i = 0; i < g.size(); ++i)
    if (g[i].requires_grad()) {
      used.push_back(g[i]);
      moves.push_back(v[i]);
    }
  if (!used.empty())
    products =
        grad(used, weights,
             {.grad_outputs = moves, .create_graph = e.keeps_history(), .allow_unused = true});
  for (std::size_t k = 0; k < products.size(); ++k)
    if (!products[k].defined()) products[k] = zeros_like(e.outputs()[k].detach());
  return {e.given_back(e.outputs()), products};
}

ValuesAndProducts hvp(const VectorFunction& f, const TensorList& inputs, const TensorList& v,
                      const FunctionalOptions& options, Site site) {
  const OpScope scope("hvp", site);
  const Evaluation e("hvp", f, inputs, options);
  e.check(e.inputs(), v, "inputs");
  const Tensor y = e.number();
  const std::vector<Tensor> g = e.gradients({y}, {}, true);
  return {e.given_back({y}), e.gradients(g, listed(v), e.keeps_history())};
}

std::vector<std::vector<Tensor>> jacobians(const VectorFunction& f, const TensorList& inputs,
                                           const FunctionalOptions& options, Site site) {
  const OpScope scope("jacobian", site);
  const Evaluation e("jacobian", f, inputs, options);
  std::vector<std::vector<Tensor>> all;
  for (const Tensor& y : e.outputs()) all.push_back(rows_of(e, y, e.keeps_history()));
  return all;
}

std::vector<std::vector<Tensor>> hessians(const VectorFunction& f, const TensorList& inputs,
                                          const FunctionalOptions& options, Site site) {
  const OpScope scope("hessian", site);
  const Evaluation e("hessian", f, inputs, options);
  std::vector<std::vector<Tensor>> all;
  for (const Tensor& g : e.gradients({e.number()}, {}, true))
    all.push_back(rows_of(e, g, e.keeps_history()));
  return all;
}

Tensor batch_jacobian(const VectorFunction& f, const Tensor& x, const FunctionalOptions& options,
                      Site site) {
  const OpScope scope("batch_jacobian", site);
  const Evaluation e("batch_jacobian", f, {x}, options);
  const std::vector<Tensor>& y = e.outputs();
  if (y.size() != 1 || y[0].dim() == 0 || x.dim() == 0 || y[0].size(0) != x.size(0))
    throw ShapeError(
        fmt::format("batch_jacobian: the input is {}, and the function returns {}; it must return "
                    "one tensor with the same first size",
                    describe(x), y.size() == 1 ? describe(y[0]) : "several tensors"));
  const std::int64_t rows = x.size(0), each = rows == 0 ? 0 : y[0].numel() / rows;
  const Shape of_row(y[0].shape().begin() + 1, static_cast<std::size_t>(y[0].dim() - 1));
  std::vector<Tensor> columns;
  for (std::int64_t k = 0; k < each; ++k) {
    const Tensor row = reshape(unit(zeros({each}, {.dtype = y[0].dtype()}), k), of_row);
    columns.push_back(e.gradients({y[0]}, {expand(row, y[0].shape())}, e.keeps_history())[0]);
  }
  const Shape shape =
      joined(y[0].shape(), Shape(x.shape().begin() + 1, static_cast<std::size_t>(x.dim() - 1)));
  const GradModeGuard mode(e.keeps_history());
  return columns.empty() ? zeros(shape, {.dtype = x.dtype()}) : reshape(stack(columns, 1), shape);
}

}  // namespace xgrad::detail

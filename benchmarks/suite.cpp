#include "suite.hpp"

#include <memory>

#include <xgrad/xgrad.hpp>

namespace bench {
namespace {

using xgrad::Tensor;

xgrad::DType dtype_of(Input::Type type) {
  switch (type) {
    case Input::Type::float32:
    case Input::Type::permutation:
      return xgrad::float32;
    case Input::Type::float64:
      return xgrad::float64;
    case Input::Type::int64:
      return xgrad::int64;
    case Input::Type::boolean:
      return xgrad::bool_;
  }
  throw xgrad::ValueError("there is no such type of input");
}

template <class F>
void on_elements(const Tensor& t, F f) {
  if (t.dtype() == xgrad::float32) return f(t.data<float>());
  if (t.dtype() == xgrad::float64) return f(t.data<double>());
  if (t.dtype() == xgrad::int64) return f(t.data<std::int64_t>());
  f(t.data<bool>());
}

double bytes_of(const Tensor& t) {
  return static_cast<double>(t.numel()) * static_cast<double>(size_of(t.dtype()));
}

struct State {
  OpCase op;
  Tensors inputs;
  Tensor gradient, result;

  void forward() {
    const xgrad::NoGrad guard;
    result = Tensor();
    result = op.op(inputs);
  }
  void both() {
    for (Tensor& x : inputs)
      if (x.requires_grad()) x.zero_grad();
    result = Tensor();
    result = op.op(inputs);
    result.backward(gradient);
  }
  Answer answer() const {
    if (op.random) return {Digest::of(mean(result.detach()).item<double>())};
    Answer all{digest(result.detach())};
    for (const Tensor& x : inputs)
      if (x.requires_grad()) all.push_back(digest(x.grad()));
    return all;
  }
};

std::shared_ptr<State> state_of(const OpCase& op, bool backward) {
  auto s = std::make_shared<State>(State{op, {}, {}, {}});
  for (std::size_t i = 0; i < op.inputs.size(); ++i) {
    s->inputs.push_back(filled(op.inputs[i], i));
    if (backward && op.inputs[i].differentiable && op.inputs[i].is_floating())
      s->inputs.back().requires_grad_();
  }
  return s;
}

Made made(const OpCase& op, bool backward) {
  const auto s = state_of(op, backward);
  if (backward) {
    s->forward();
    s->gradient = filled(upstream({s->result.shape().begin(), s->result.shape().end()},
                                  s->result.dtype() == xgrad::float64),
                         upstream_index);
  }
  return {{[s, backward] { backward ? s->both() : s->forward(); }, [s] { return s->answer(); }},
          {op.inputs, backward, {}, {}}};
}

// The least that has to be moved: each input and result once, and in the reverse direction the
// gradient of the result, the gradients of the inputs and, for most ops, the inputs again.
Traffic traffic_of(const OpCase& op, bool backward) {
  const auto s = state_of(op, backward);
  s->forward();
  Traffic t;
  double gradients = 0;
  for (const Tensor& x : s->inputs) {
    t.read += bytes_of(x);
    if (x.requires_grad()) gradients += bytes_of(x);
  }
  t.written = bytes_of(s->result);
  if (backward) {
    t.read += t.written + (op.reads_again ? t.read : 0);
    t.written += gradients;
  }
  return t;
}

}  // namespace

Digest digest(const Tensor& t) {
  Digest d;
  on_elements(t, [&](const auto* elements) { d = Digest::of(elements, t.numel()); });
  return d;
}

Tensor filled(const Input& input, std::size_t i) {
  Tensor t = xgrad::empty(xgrad::Shape(input.shape), {.dtype = dtype_of(input.type)});
  on_elements(t, [&](const auto* elements) {
    using T = std::remove_const_t<std::remove_pointer_t<decltype(elements)>>;
    input.fill(t.mutable_data<T>(), i);
  });
  return t;
}

void add(Cases& to, const std::string& group, const OpCase& op) {
  const double elements =
      op.elements > 0 ? op.elements : static_cast<double>(op.inputs.at(0).numel());
  for (const bool backward : {false, true}) {
    if (backward && !op.differentiable) continue;
    Case c;
    c.group = group;
    c.name = op.name + (backward ? ", both" : "");
    c.unit = op.unit;
    c.per_call = elements;
    c.tolerance = op.random ? 0.01 : op.tolerance;
    c.aim = backward ? op.aim_both : op.aim_forward;
    c.peer = op.name;
    c.traffic = [op, backward] { return traffic_of(op, backward); };
    c.make = [op, backward] { return made(op, backward); };
    to.push_back(std::move(c));
  }
}

Work training(std::function<double()> step, int verified) {
  const auto losses = std::make_shared<std::vector<double>>();
  return {[losses, step = std::move(step), verified] {
            const double loss = step();
            if (static_cast<int>(losses->size()) < verified) losses->push_back(loss);
          },
          [losses] {
            Answer all;
            for (const double loss : *losses) all.push_back(Digest::of(loss));
            return all;
          }};
}

Cases all_cases() {
  Cases all;
  for (const auto& group :
       {overhead_cases, mlp_cases, sequence_cases, cnn_cases, elementwise_cases, row_cases,
        reduction_cases, rearrangement_cases, window_cases, convolution_map_cases, sorting_cases,
        product_cases, linalg_cases, optimizer_cases, data_cases, worker_cases, process_cases})
    for (Case& c : group()) all.push_back(std::move(c));
  return all;
}

}  // namespace bench

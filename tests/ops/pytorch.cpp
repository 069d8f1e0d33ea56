// The cases of PyTorch's own tests for the ops that exist: values, first and second gradients.
#include <fstream>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/reference.hpp"

using namespace xgrad;
using test::Json;

namespace {

struct Call {
  const Json& arguments;
  const Json& options;
  std::vector<Tensor>& tensors;  // all tensors in the arguments, then in the options by name

  Tensor tensor(std::size_t i) const { return tensors.at(i); }
  Operand operand(std::size_t i) const {
    return arguments.at(i).is_object() ? Operand(tensors.at(i), Site{})
                                       : Operand(arguments.at(i).get<double>());
  }
  int integer(std::size_t i) const { return arguments.at(i).get<int>(); }
  Shape shape(std::size_t i) const {
    return Shape(arguments.at(i).get<std::vector<std::int64_t>>());
  }
  bool has(const char* name) const { return options.contains(name); }
  template <class T>
  T option(const char* name, T otherwise) const {
    return has(name) ? options.at(name).get<T>() : otherwise;
  }
  Dims dims() const {
    if (!has("dim") || options.at("dim").is_null()) return {};
    const Json& d = options.at("dim");
    return d.is_array() ? Dims(d.get<std::vector<int>>()) : Dims(d.get<int>());
  }
  Reduction reduction() const {
    const auto name = option<std::string>("reduction", "mean");
    return name == "none" ? Reduction::none : name == "sum" ? Reduction::sum : Reduction::mean;
  }
  CrossEntropyOptions cross_entropy_options() const {
    return {.weight = has("weight") ? tensors.back() : Tensor(),
            .ignore_index = option<std::int64_t>("ignore_index", -100),
            .reduction = reduction(),
            .label_smoothing = option("label_smoothing", 0.0)};
  }
};

using Op = Tensor (*)(const Call&);
template <Tensor (*f)(Operand)>
Tensor unary(const Call& c) {
  return f(c.operand(0));
}
template <Tensor (*f)(Operand, const Dims&, bool)>
Tensor reduce(const Call& c) {
  return f(c.operand(0), c.dims(), c.option("keepdim", false));
}

const std::map<std::string, Op> ops{
    {"abs", unary<abs>},
    {"add", [](const Call& c) { return add(c.operand(0), c.operand(1), c.option("alpha", 1.0)); }},
    {"amax", reduce<amax>},
    {"amin", reduce<amin>},
    {"bmm", [](const Call& c) { return matmul(c.operand(0), c.operand(1)); }},
    {"clone", [](const Call& c) { return c.tensor(0).clone(); }},
    {"div", [](const Call& c) { return div(c.operand(0), c.operand(1)); }},
    {"dot", [](const Call& c) { return matmul(c.operand(0), c.operand(1)); }},
    {"exp", unary<exp>},
    {"expand", [](const Call& c) { return expand(c.operand(0), c.shape(1)); }},
    {"flatten",
     [](const Call& c) {
       return flatten(c.operand(0), c.option("start_dim", 0), c.option("end_dim", -1));
     }},
    {"log", unary<log>},
    {"matmul", [](const Call& c) { return matmul(c.operand(0), c.operand(1)); }},
    {"mean", reduce<mean>},
    {"mm", [](const Call& c) { return matmul(c.operand(0), c.operand(1)); }},
    {"mul", [](const Call& c) { return mul(c.operand(0), c.operand(1)); }},
    {"mv", [](const Call& c) { return matmul(c.operand(0), c.operand(1)); }},
    {"neg", unary<neg>},
    {"nn.functional.cross_entropy",
     [](const Call& c) {
       return cross_entropy(c.operand(0), c.tensor(1), c.cross_entropy_options());
     }},
    {"nn.functional.linear",
     [](const Call& c) {
       return linear(c.operand(0), c.tensor(1), c.has("bias") ? c.tensor(2) : Tensor());
     }},
    {"nn.functional.log_softmax",
     [](const Call& c) { return log_softmax(c.operand(0), c.option("dim", 0)); }},
    {"nn.functional.mse_loss",
     [](const Call& c) { return mse_loss(c.operand(0), c.operand(1), c.reduction()); }},
    {"nn.functional.nll_loss",
     [](const Call& c) { return nll_loss(c.operand(0), c.tensor(1), c.cross_entropy_options()); }},
    {"nn.functional.relu", unary<relu>},
    {"nn.functional.softmax",
     [](const Call& c) { return softmax(c.operand(0), c.option("dim", 0)); }},
    {"reshape", [](const Call& c) { return reshape(c.operand(0), c.shape(1)); }},
    {"sigmoid", unary<sigmoid>},
    {"sqrt", unary<sqrt>},
    {"square", unary<square>},
    {"sub", [](const Call& c) { return sub(c.operand(0), c.operand(1), c.option("alpha", 1.0)); }},
    {"sum", reduce<sum>},
    {"t", unary<t>},
    {"tanh", unary<tanh>},
    {"transpose",
     [](const Call& c) { return transpose(c.operand(0), c.integer(1), c.integer(2)); }},
    {"view", [](const Call& c) { return reshape(c.operand(0), c.shape(1)); }},
    {"where", [](const Call& c) { return where(c.tensor(0), c.operand(1), c.operand(2)); }},
};

void collect(const Json& j, std::vector<Tensor>& tensors) {
  if (j.is_object() && j.contains("data")) tensors.push_back(test::tensor_from(j));
  if (j.is_array())
    for (const Json& inner : j) collect(inner, tensors);
}

// Expected gradients against ours, for the inputs that have one.
void check_gradients(const Json& expected, const std::vector<Tensor>& inputs,
                     const std::vector<Tensor>& ours, const std::vector<std::size_t>& which) {
  for (std::size_t k = 0; k < which.size(); ++k) {
    const Tensor want = test::tensor_from(expected.at(which[k]));
    const Tensor got = ours[k].defined() ? ours[k].detach() : zeros_like(inputs[which[k]].detach());
    CHECK(test::all_close(got, want, 1e-11, 1e-9));
  }
}

void check_case(const Json& c) {
  std::vector<Tensor> tensors;
  collect(c.at("args"), tensors);
  for (const auto& [name, value] : c.at("kwargs").items()) collect(value, tensors);
  const Call call{c.at("args"), c.at("kwargs"), tensors};
  const Tensor y = ops.at(c.at("op").get<std::string>())(call);
  CHECK(test::all_close(y.detach(), test::tensor_from(c.at("output")), 1e-11, 1e-9));
  if (!c.contains("upstream") || c.at("upstream").is_null()) return;

  std::vector<std::size_t> which;
  std::vector<Tensor> leaves;
  for (std::size_t i = 0; i < tensors.size(); ++i)
    if (tensors[i].requires_grad()) which.push_back(i), leaves.push_back(tensors[i]);
  const Tensor upstream = test::tensor_from(c.at("upstream"));
  check_gradients(
      c.at("grads"), tensors,
      grad(y, leaves, {.grad_outputs = upstream, .retain_graph = true, .allow_unused = true}),
      which);
  if (!c.contains("second_grads") || c.at("second_grads").is_null()) return;

  const auto first =
      grad(y, leaves, {.grad_outputs = upstream, .create_graph = true, .allow_unused = true});
  std::vector<Tensor> outputs, weights;
  for (std::size_t k = 0; k < which.size(); ++k)
    if (first[k].defined() && first[k].requires_grad()) {
      outputs.push_back(first[k]);
      weights.push_back(test::tensor_from(c.at("grad_grad_upstream").at(which[k])));
    }
  std::vector<Tensor> second(leaves.size());
  if (!outputs.empty())
    second = grad(outputs, leaves, {.grad_outputs = weights, .allow_unused = true});
  check_gradients(c.at("second_grads"), tensors, second, which);
}

}  // namespace

TEST_CASE("PyTorch's own cases agree: values, gradients, second gradients", "[ops][pytorch]") {
  const Json data = test::read_reference("ops.json");
  int number = 0;
  for (const Json& c : data.at("cases")) {
    DYNAMIC_SECTION(++number << " " << c.at("op").get<std::string>() << " "
                             << c.value("note", std::string())) {
      check_case(c);
    }
  }
}

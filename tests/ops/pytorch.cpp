// The cases of PyTorch's own tests for the ops that exist: values, first and second gradients.
#include <fstream>
#include <map>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/reference.hpp"
#include "support/trial.hpp"

using namespace xgrad;
using test::Json;

namespace {

bool is_tensor(const Json& j) { return j.is_object() && j.contains("data"); }

void collect(const Json& j, std::vector<Tensor>& tensors) {
  if (is_tensor(j)) tensors.push_back(test::tensor_from(j));
  if (j.is_array())
    for (const Json& inner : j) collect(inner, tensors);
}
std::size_t count_tensors(const Json& j) {
  std::size_t count = is_tensor(j);
  if (j.is_array())
    for (const Json& inner : j) count += count_tensors(inner);
  return count;
}

struct Call {
  const Json& arguments;
  const Json& options;
  std::vector<Tensor>& tensors;  // all tensors in the arguments, then in the options by name

  std::size_t place(std::size_t i) const {
    std::size_t before = 0;
    for (std::size_t k = 0; k < i; ++k) before += count_tensors(arguments.at(k));
    return before;
  }
  Tensor tensor(std::size_t i) const {
    return is_tensor(arguments.at(i)) ? tensors.at(place(i)) : Tensor();
  }
  std::vector<Tensor> list(std::size_t i) const {
    const auto first = tensors.begin() + static_cast<std::ptrdiff_t>(place(i));
    return {first, first + static_cast<std::ptrdiff_t>(count_tensors(arguments.at(i)))};
  }
  Operand operand(std::size_t i) const {
    if (is_tensor(arguments.at(i))) return Operand(tensors.at(place(i)), Site{});
    return number(arguments.at(i));
  }
  int integer(std::size_t i) const { return arguments.at(i).get<int>(); }
  std::int64_t whole(std::size_t i) const {
    return is_tensor(arguments.at(i)) ? tensor(i).item<std::int64_t>()
                                      : arguments.at(i).get<std::int64_t>();
  }
  template <class T>
  std::vector<T> numbers(const Json& j) const {
    return j.is_array() ? j.get<std::vector<T>>() : std::vector<T>{j.get<T>()};
  }
  Shape shape(std::size_t i) const { return Shape(numbers<std::int64_t>(arguments.at(i))); }
  bool has(const char* name) const { return options.contains(name) && !options.at(name).is_null(); }
  template <class T>
  T option(const char* name, T otherwise) const {
    return has(name) ? options.at(name).get<T>() : otherwise;
  }
  Tensor option_tensor(const char* name) const {
    if (!has(name)) return {};
    std::size_t at = place(arguments.size());
    for (const auto& [key, value] : options.items()) {
      if (key == name) return tensors.at(at);
      at += count_tensors(value);
    }
    return {};
  }
  Operand option_operand(const char* name) const {
    if (!is_tensor(options.at(name))) return number(options.at(name));
    for (const Tensor& t : tensors)
      if (&t.node() == &option_tensor(name).node()) return Operand(t, Site{});
    throw std::out_of_range(name);
  }
  static Operand number(const Json& j) {
    if (j.is_number_integer()) return Operand(j.get<std::int64_t>());
    return Operand(test::number_from(j));
  }
  Dims dims_from(const Json& j) const { return Dims(numbers<int>(j)); }
  Dims dims() const { return has("dim") ? dims_from(options.at("dim")) : Dims(); }
  double correction() const {
    return has("correction") ? option("correction", 1.0) : option("unbiased", true) ? 1 : 0;
  }
  Reduction reduction() const {
    const auto name = option<std::string>("reduction", "mean");
    return name == "none"   ? Reduction::none
           : name == "sum"  ? Reduction::sum
           : name == "mean" ? Reduction::mean
                            : Reduction::batchmean;
  }
  CrossEntropyOptions cross_entropy_options() const {
    return {.weight = option_tensor("weight"),
            .ignore_index = option<std::int64_t>("ignore_index", -100),
            .reduction = reduction(),
            .label_smoothing = option("label_smoothing", 0.0)};
  }
};

std::optional<std::int64_t> bound(const Json& j) {
  return j.is_null() ? std::optional<std::int64_t>() : j.get<std::int64_t>();
}
std::vector<Index> indices_from(const Json& list) {
  std::vector<Index> indices;
  for (const Json& j : list) {
    if (j.is_null())
      indices.emplace_back(None);
    else if (j.is_number())
      indices.emplace_back(j.get<std::int64_t>());
    else if (j.contains("ellipsis"))
      indices.emplace_back(Ellipsis);
    else
      indices.emplace_back(Slice(bound(j.at("slice")[0]), bound(j.at("slice")[1]),
                                 bound(j.at("slice")[2]).value_or(1)));
  }
  return indices;
}

using Results = std::vector<Tensor>;
using Op = Results (*)(const Call&);
template <Tensor (*f)(Operand)>
Results unary(const Call& c) {
  return {f(c.operand(0))};
}
template <Tensor (*f)(Operand, Operand)>
Results binary(const Call& c) {
  return {f(c.operand(0), c.operand(1))};
}
template <Tensor (*f)(Operand, const Dims&, bool)>
Results reduce(const Call& c) {
  return {f(c.operand(0), c.dims(), c.option("keepdim", false))};
}
template <Tensor (*f)(Operand, const Dims&, bool, double)>
Results spread(const Call& c) {
  return {f(c.operand(0), c.dims(), c.option("keepdim", false), c.correction())};
}
template <Tensor (*f)(Operand, Operand, Reduction)>
Results loss(const Call& c) {
  return {f(c.operand(0), c.operand(1), c.reduction())};
}
Results clamp_case(const Call& c) {
  if (!c.has("max")) return {clamp_min(c.operand(0), c.option_operand("min"))};
  if (!c.has("min")) return {clamp_max(c.operand(0), c.option_operand("max"))};
  return {clamp(c.operand(0), c.option_operand("min"), c.option_operand("max"))};
}

#define ONE(expression) [](const Call& c) -> Results { return {expression}; }
#define MANY(expression) [](const Call& c) -> Results { return expression; }

const std::map<std::string, Op> ops{
    {"__getitem__", ONE(index(c.operand(0), indices_from(c.arguments.at(1))))},
    {"abs", unary<abs>},
    {"acos", unary<acos>},
    {"acosh", unary<acosh>},
    {"add", ONE(add(c.operand(0), c.operand(1), c.option("alpha", 1.0)))},
    {"addcdiv", ONE(addcdiv(c.operand(0), c.operand(1), c.operand(2), c.option("value", 1.0)))},
    {"addcmul", ONE(addcmul(c.operand(0), c.operand(1), c.operand(2), c.option("value", 1.0)))},
    {"amax", reduce<amax>},
    {"amin", reduce<amin>},
    {"asin", unary<asin>},
    {"asinh", unary<asinh>},
    {"atan", unary<atan>},
    {"atan2", binary<atan2>},
    {"atanh", unary<atanh>},
    {"bmm", ONE(matmul(c.operand(0), c.operand(1)))},
    {"broadcast_to", ONE(expand(c.operand(0), c.shape(1)))},
    {"cat", ONE(cat(c.list(0), c.option("dim", 0)))},
    {"ceil", unary<ceil>},
    {"chunk", MANY(chunk(c.operand(0), c.whole(1), c.option("dim", 0)))},
    {"clamp", clamp_case},
    {"clamp_max", binary<clamp_max>},
    {"clamp_min", binary<clamp_min>},
    {"clone", ONE(c.tensor(0).clone())},
    {"copysign", binary<copysign>},
    {"cos", unary<cos>},
    {"cosh", unary<cosh>},
    {"cumsum", ONE(cumsum(c.operand(0), c.integer(1)))},
    {"div", binary<div>},
    {"dot", ONE(matmul(c.operand(0), c.operand(1)))},
    {"erf", unary<erf>},
    {"erfc", unary<erfc>},
    {"exp", unary<exp>},
    {"exp2", unary<exp2>},
    {"expand", ONE(expand(c.operand(0), c.shape(1)))},
    {"expm1", unary<expm1>},
    {"flatten", ONE(flatten(c.operand(0), c.option("start_dim", 0), c.option("end_dim", -1)))},
    {"flip", ONE(flip(c.operand(0), c.numbers<int>(c.arguments.at(1))))},
    {"floor", unary<floor>},
    {"fmax", binary<fmax>},
    {"fmin", binary<fmin>},
    {"fmod", binary<fmod>},
    {"gather", ONE(gather(c.operand(0), c.integer(1), c.tensor(2)))},
    {"hypot", binary<hypot>},
    {"lerp", ONE(lerp(c.operand(0), c.operand(1), c.operand(2)))},
    {"log", unary<log>},
    {"log10", unary<log10>},
    {"log1p", unary<log1p>},
    {"log2", unary<log2>},
    {"logsumexp",
     ONE(logsumexp(c.operand(0), c.dims_from(c.arguments.at(1)), c.option("keepdim", false)))},
    {"matmul", ONE(matmul(c.operand(0), c.operand(1)))},
    {"maximum", binary<maximum>},
    {"mean", reduce<mean>},
    {"minimum", binary<minimum>},
    {"mm", ONE(matmul(c.operand(0), c.operand(1)))},
    {"mul", binary<mul>},
    {"mv", ONE(matmul(c.operand(0), c.operand(1)))},
    {"narrow", ONE(narrow(c.operand(0), c.integer(1), c.whole(2), c.whole(3)))},
    {"neg", unary<neg>},
    {"nn.functional.batch_norm", ONE(batch_norm(c.operand(0), c.tensor(1), c.tensor(2),
                                                {.weight = c.option_tensor("weight"),
                                                 .bias = c.option_tensor("bias"),
                                                 .training = c.option("training", false),
                                                 .momentum = c.option("momentum", 0.1),
                                                 .eps = c.option("eps", 1e-5)}))},
    {"nn.functional.binary_cross_entropy",
     ONE(binary_cross_entropy(c.operand(0), c.operand(1), c.option_tensor("weight"),
                              c.reduction()))},
    {"nn.functional.binary_cross_entropy_with_logits",
     ONE(binary_cross_entropy_with_logits(c.operand(0), c.operand(1),
                                          {.weight = c.option_tensor("weight"),
                                           .reduction = c.reduction(),
                                           .pos_weight = c.option_tensor("pos_weight")}))},
    {"nn.functional.cross_entropy",
     ONE(cross_entropy(c.operand(0), c.tensor(1), c.cross_entropy_options()))},
    {"nn.functional.dropout",
     ONE(dropout(c.operand(0), c.option("p", 0.5), c.option("training", true)))},
    {"nn.functional.elu", ONE(elu(c.operand(0), c.option("alpha", 1.0)))},
    {"nn.functional.embedding",
     ONE(embedding(c.tensor(0), c.operand(1),
                   c.has("padding_idx") ? c.option("padding_idx", std::int64_t{0})
                                        : std::optional<std::int64_t>(),
                   c.option("scale_grad_by_freq", false)))},
    {"nn.functional.gelu", ONE(gelu(c.operand(0), c.option<std::string>("approximate", "none")))},
    {"nn.functional.hardsigmoid", unary<hardsigmoid>},
    {"nn.functional.hardswish", unary<hardswish>},
    {"nn.functional.hardtanh",
     ONE(hardtanh(c.operand(0), c.option("min_val", -1.0), c.option("max_val", 1.0)))},
    {"nn.functional.huber_loss",
     ONE(huber_loss(c.operand(0), c.operand(1), c.reduction(), c.option("delta", 1.0)))},
    {"nn.functional.kl_div",
     ONE(kl_div(c.operand(0), c.operand(1), c.reduction(), c.option("log_target", false)))},
    {"nn.functional.l1_loss", loss<l1_loss>},
    {"nn.functional.layer_norm", ONE(layer_norm(c.operand(0), c.shape(1), c.option_tensor("weight"),
                                                c.option_tensor("bias"), c.option("eps", 1e-5)))},
    {"nn.functional.leaky_relu", ONE(leaky_relu(c.operand(0), c.option("negative_slope", 0.01)))},
    {"nn.functional.linear", ONE(linear(c.operand(0), c.tensor(1), c.option_tensor("bias")))},
    {"nn.functional.log_softmax", ONE(log_softmax(c.operand(0), c.option("dim", 0)))},
    {"nn.functional.logsigmoid", unary<logsigmoid>},
    {"nn.functional.mish", unary<mish>},
    {"nn.functional.mse_loss", loss<mse_loss>},
    {"nn.functional.nll_loss", ONE(nll_loss(c.operand(0), c.tensor(1), c.cross_entropy_options()))},
    {"nn.functional.relu", unary<relu>},
    {"nn.functional.selu", unary<selu>},
    {"nn.functional.silu", unary<silu>},
    {"nn.functional.smooth_l1_loss",
     ONE(smooth_l1_loss(c.operand(0), c.operand(1), c.reduction(), c.option("beta", 1.0)))},
    {"nn.functional.softmax", ONE(softmax(c.operand(0), c.option("dim", 0)))},
    {"nn.functional.softplus",
     ONE(softplus(c.operand(0), c.option("beta", 1.0), c.option("threshold", 20.0)))},
    {"nn.functional.softsign", unary<softsign>},
    {"permute", ONE(permute(c.operand(0), c.numbers<int>(c.arguments.at(1))))},
    {"pow", binary<pow>},
    {"prod", reduce<prod>},
    {"reciprocal", unary<reciprocal>},
    {"reshape", ONE(reshape(c.operand(0), c.shape(1)))},
    {"roll", ONE(roll(c.operand(0), c.numbers<std::int64_t>(c.arguments.at(1)),
                      c.has("dims") ? c.numbers<int>(c.options.at("dims")) : std::vector<int>()))},
    {"round", unary<round>},
    {"rsqrt", unary<rsqrt>},
    {"scatter_add", ONE(scatter_add(c.operand(0), c.integer(1), c.tensor(2), c.operand(3)))},
    {"select", ONE(select(c.operand(0), c.integer(1), c.whole(2)))},
    {"sigmoid", unary<sigmoid>},
    {"sign", unary<sign>},
    {"sin", unary<sin>},
    {"sinh", unary<sinh>},
    {"split",
     MANY(c.arguments.at(1).is_array()
              ? split(c.operand(0), c.numbers<std::int64_t>(c.arguments.at(1)), c.option("dim", 0))
              : split(c.operand(0), c.whole(1), c.option("dim", 0)))},
    {"sqrt", unary<sqrt>},
    {"square", unary<square>},
    {"squeeze", ONE(squeeze(c.operand(0), c.dims()))},
    {"stack", ONE(stack(c.list(0), c.option("dim", 0)))},
    {"std", spread<xgrad::std>},
    {"sub", ONE(sub(c.operand(0), c.operand(1), c.option("alpha", 1.0)))},
    {"sum", reduce<sum>},
    {"t", unary<t>},
    {"tan", unary<tan>},
    {"tanh", unary<tanh>},
    {"transpose", ONE(transpose(c.operand(0), c.integer(1), c.integer(2)))},
    {"trunc", unary<trunc>},
    {"unbind", MANY(unbind(c.operand(0), c.option("dim", 0)))},
    {"unsqueeze", ONE(unsqueeze(c.operand(0), c.integer(1)))},
    {"var", spread<var>},
    {"view", ONE(reshape(c.operand(0), c.shape(1)))},
    {"where", ONE(where(c.tensor(0), c.operand(1), c.operand(2)))},
};
#undef MANY
#undef ONE

// What PyTorch's single-precision constants allow.
double tolerance(const Json& c) { return c.value("note", std::string()) == "coarse" ? 1e-7 : 1e-9; }

// Expected gradients against ours, for the inputs that have one.
void check_gradients(const Json& expected, const std::vector<Tensor>& inputs,
                     const std::vector<Tensor>& ours, const std::vector<std::size_t>& which,
                     double rtol) {
  for (std::size_t k = 0; k < which.size(); ++k) {
    const Tensor want = test::tensor_from(expected.at(which[k]));
    const Tensor got = ours[k].defined() ? ours[k].detach() : zeros_like(inputs[which[k]].detach());
    CHECK(test::all_close(got, want, 1e-2 * rtol, rtol));
  }
}

// One tensor or several.
std::vector<Json> listed(const Json& j) {
  return j.is_array() ? j.get<std::vector<Json>>() : std::vector<Json>{j};
}

void check_case(const Json& c) {
  const double rtol = tolerance(c);
  std::vector<Tensor> tensors;
  collect(c.at("args"), tensors);
  for (const auto& [name, value] : c.at("kwargs").items()) collect(value, tensors);
  const Call call{c.at("args"), c.at("kwargs"), tensors};
  const Results y = ops.at(c.at("op").get<std::string>())(call);
  const std::vector<Json> values = listed(c.at("output"));
  REQUIRE(y.size() == values.size());
  for (std::size_t k = 0; k < y.size(); ++k)
    CHECK(test::all_close(y[k].detach(), test::tensor_from(values[k]), 1e-2 * rtol, rtol));
  if (!c.contains("upstream") || c.at("upstream").is_null()) return;

  std::vector<std::size_t> which;
  std::vector<Tensor> leaves, upstream;
  for (std::size_t i = 0; i < tensors.size(); ++i)
    if (tensors[i].requires_grad()) which.push_back(i), leaves.push_back(tensors[i]);
  for (const Json& j : listed(c.at("upstream"))) upstream.push_back(test::tensor_from(j));
  check_gradients(
      c.at("grads"), tensors,
      grad(y, leaves, {.grad_outputs = upstream, .retain_graph = true, .allow_unused = true}),
      which, rtol);
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
  check_gradients(c.at("second_grads"), tensors, second, which, rtol);
}

}  // namespace

TEST_CASE("PyTorch's own cases agree: values, gradients, second gradients", "[ops][pytorch]") {
  const Json data = test::read_reference("ops.json");
  int number = 0;
  for (const Json& c : data.at("cases")) {
    test::trial(fmt::format("{} {} {}", ++number, c.at("op").get<std::string>(),
                            c.value("note", std::string())),
                [&] { check_case(c); });
  }
}

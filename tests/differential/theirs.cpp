#include "differential/theirs.hpp"

#include <torch/torch.h>

#include <ATen/core/dispatch/Dispatcher.h>
#include <algorithm>
#include <functional>
#include <map>
#include <optional>

namespace xgrad::test {
namespace {

using at::Tensor;
using c10::IValue;
using Tensors = std::vector<Tensor>;

// JSON with its tensors made; an argument, or all of a list.
struct Argument {
  Json json;
  Tensor tensor;
  std::vector<Argument> items;

  bool is_none() const { return json.is_null(); }
  bool is_number() const {
    return json.is_number() || json == "inf" || json == "-inf" || json == "nan";
  }
  double real() const { return number_from(json); }
  std::vector<int64_t> ints() const {
    return json.is_array() ? json.get<std::vector<int64_t>>()
                           : std::vector<int64_t>{json.get<int64_t>()};
  }
  c10::Scalar scalar() const {
    if (json.is_boolean()) return json.get<bool>();
    if (json.is_number_integer()) return json.get<int64_t>();
    return real();
  }
};
using Named = std::map<std::string, Argument>;

struct Call {
  std::vector<Argument> arguments;
  Named options;
  Tensors tensors;

  bool has(const std::string& name) const {
    return options.count(name) && !options.at(name).is_none();
  }
  template <class T>
  T option(const std::string& name, T otherwise) const {
    if (!has(name)) return otherwise;
    if constexpr (std::is_same_v<T, double>)
      return options.at(name).real();
    else
      return options.at(name).json.template get<T>();
  }
  const Tensor& tensor(std::size_t i) const {
    TORCH_CHECK(arguments.at(i).tensor.defined(), "a tensor is missing");
    return arguments[i].tensor;
  }
  Tensor option_tensor(const std::string& name) const {
    return has(name) ? options.at(name).tensor : Tensor();
  }
};

at::ScalarType dtype_from(const std::string& name) {
  return name == "bool"      ? at::kBool
         : name == "int64"   ? at::kLong
         : name == "float32" ? at::kFloat
                             : at::kDouble;
}
const char* name_of(at::ScalarType dtype) {
  return dtype == at::kBool     ? "bool"
         : dtype == at::kLong   ? "int64"
         : dtype == at::kFloat  ? "float32"
         : dtype == at::kDouble ? "float64"
                                : "another dtype";
}

Tensor make_tensor(const Json& j) {
  const auto shape = j.at("shape").get<std::vector<int64_t>>();
  const auto dtype = dtype_from(j.at("dtype"));
  Tensor t;
  if (dtype == at::kLong) {
    auto data = j.at("data").get<std::vector<int64_t>>();
    t = torch::from_blob(data.data(), shape, at::kLong).clone();
  } else {
    std::vector<double> data;
    for (const Json& x : j.at("data"))
      data.push_back(x.is_boolean() ? x.get<bool>() : number_from(x));
    t = torch::from_blob(data.data(), shape, at::kDouble).to(dtype, false, true);
  }
  if (j.value("requires_grad", false)) t.requires_grad_();
  return t;
}

Argument make_argument(const Json& j, Tensors& made) {
  Argument a{j, {}, {}};
  if (j.is_object() && j.contains("data")) {
    a.tensor = j.contains("same") ? made.at(j.at("same").get<std::size_t>()) : make_tensor(j);
    made.push_back(a.tensor);
  } else if (j.is_array()) {
    for (const Json& inner : j) a.items.push_back(make_argument(inner, made));
  }
  return a;
}

Call make_call(const Json& j) {
  Call call;
  for (const Json& a : j.at("args")) call.arguments.push_back(make_argument(a, call.tensors));
  for (const auto& [name, a] : j.at("kwargs").items())
    call.options[name] = make_argument(a, call.tensors);
  return call;
}

// Operators of the dispatcher, by name; the overload is the first whose schema takes the arguments.

std::optional<IValue> to_ivalue(const Argument& a, const c10::TypePtr& type,
                                c10::optional<int32_t> size);

template <class T, class F>
std::optional<IValue> to_list(const Argument& a, F element) {
  c10::List<T> list;
  for (const Argument& item : a.items) {
    const auto x = element(item);
    if (!x) return std::nullopt;
    list.push_back(*x);
  }
  return IValue(list);
}
std::optional<int64_t> as_int(const Argument& a) {
  if (!a.json.is_number_integer()) return std::nullopt;
  return a.json.get<int64_t>();
}
std::optional<double> as_real(const Argument& a) {
  if (!a.is_number()) return std::nullopt;
  return a.real();
}
std::optional<Tensor> as_tensor(const Argument& a) {
  if (!a.tensor.defined()) return std::nullopt;
  return a.tensor;
}
std::optional<IValue> list_value(const Argument& a, const c10::TypePtr& element,
                                 c10::optional<int32_t> size) {
  Argument all = a;
  if (!a.json.is_array()) {  // one number for each of a known count
    if (!size) return std::nullopt;
    all.items.assign(static_cast<std::size_t>(*size), a);
  }
  switch (element->kind()) {
    case c10::TypeKind::SymIntType:
    case c10::TypeKind::IntType:
      return to_list<int64_t>(all, as_int);
    case c10::TypeKind::FloatType:
      return to_list<double>(all, as_real);
    case c10::TypeKind::TensorType:
      return to_list<Tensor>(all, as_tensor);
    default:
      return std::nullopt;
  }
}
std::optional<IValue> to_ivalue(const Argument& a, const c10::TypePtr& type,
                                c10::optional<int32_t> size) {
  switch (type->kind()) {
    case c10::TypeKind::OptionalType:
      if (a.is_none()) return IValue();
      return to_ivalue(a, type->castRaw<c10::OptionalType>()->getElementType(), size);
    case c10::TypeKind::ListType:
      return list_value(a, type->castRaw<c10::ListType>()->getElementType(), size);
    case c10::TypeKind::TensorType:
      if (a.tensor.defined()) return IValue(a.tensor);
      return std::nullopt;
    case c10::TypeKind::NumberType:
      if (a.is_number() || a.json.is_boolean()) return IValue(a.scalar());
      return std::nullopt;
    case c10::TypeKind::SymIntType:
    case c10::TypeKind::IntType:
      if (const auto n = as_int(a)) return IValue(*n);
      return std::nullopt;
    case c10::TypeKind::FloatType:
      if (const auto x = as_real(a)) return IValue(*x);
      return std::nullopt;
    case c10::TypeKind::BoolType:
      if (a.json.is_boolean()) return IValue(a.json.get<bool>());
      return std::nullopt;
    case c10::TypeKind::StringType:
      if (a.json.is_string() && !a.is_number()) return IValue(a.json.get<std::string>());
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

int64_t reduction_from(const std::string& word) {
  TORCH_CHECK(word == "none" || word == "mean" || word == "sum", word, " is not a reduction");
  return word == "none"   ? at::Reduction::None
         : word == "mean" ? at::Reduction::Mean
                          : at::Reduction::Sum;
}
std::optional<torch::jit::Stack> stack_for(const c10::FunctionSchema& schema, const Call& call) {
  torch::jit::Stack stack;
  std::size_t taken = 0;
  for (std::size_t i = 0; i < schema.arguments().size(); ++i) {
    const c10::Argument& formal = schema.arguments()[i];
    const Argument* actual = nullptr;
    if (i < call.arguments.size() && !formal.kwarg_only())
      actual = &call.arguments[i];
    else if (const auto named = call.options.find(formal.name()); named != call.options.end())
      actual = &named->second, ++taken;
    std::optional<IValue> value;
    if (actual != nullptr && !(actual->is_none() && formal.default_value())) {
      const bool is_word = formal.name() == "reduction" && actual->json.is_string();
      value = is_word ? IValue(reduction_from(actual->json))
                      : to_ivalue(*actual, formal.type(), formal.N());
      if (!value) return std::nullopt;
    } else if (formal.default_value()) {
      value = *formal.default_value();
    } else if (formal.type()->kind() == c10::TypeKind::OptionalType) {
      value = IValue();
    } else {
      return std::nullopt;
    }
    stack.push_back(*value);
  }
  const bool fits =
      call.arguments.size() <= schema.arguments().size() && taken == call.options.size();
  return fits ? std::optional(stack) : std::nullopt;
}

std::vector<c10::OperatorHandle> overloads_of(const std::string& name) {
  static const auto all = [] {
    std::map<std::string, std::map<std::string, c10::OperatorHandle>> by_name;
    for (const c10::OperatorName& each : c10::Dispatcher::singleton().getAllOpNames())
      if (const auto handle = c10::Dispatcher::singleton().findSchema(each))
        by_name[each.name].emplace(each.overload_name, *handle);
    return by_name;
  }();
  std::vector<c10::OperatorHandle> found;
  if (const auto those = all.find("aten::" + name); those != all.end())
    for (const auto& [overload, handle] : those->second) found.push_back(handle);
  // repeat_interleave.Tensor has no self: a method is meant if there is one.
  std::stable_partition(found.begin(), found.end(), [](const c10::OperatorHandle& op) {
    const auto& formals = op.schema().arguments();
    return !formals.empty() && (formals[0].name() == "self" || formals[0].name() == "input");
  });
  return found;
}

void flatten(const IValue& value, Tensors& all) {
  if (value.isTensor()) return all.push_back(value.toTensor());
  if (value.isTensorList()) {
    for (const Tensor& t : value.toTensorVector()) all.push_back(t);
  } else if (value.isTuple()) {
    for (const IValue& each : value.toTupleRef().elements()) flatten(each, all);
  }
}

Tensors dispatch(const std::string& name, const Call& call) {
  for (const c10::OperatorHandle& op : overloads_of(name))
    if (auto stack = stack_for(op.schema(), call)) {
      op.callBoxed(*stack);
      Tensors results;
      for (const IValue& value : *stack) flatten(value, results);
      return results;
    }
  TORCH_CHECK(false, "no overload of ", name, " takes these arguments");
}

// What torch.nn.functional does before it calls an operator.

Tensor reduced(const Tensor& x, const Call& c) {
  const auto way = reduction_from(c.option<std::string>("reduction", "mean"));
  return way == at::Reduction::None ? x : way == at::Reduction::Mean ? x.mean() : x.sum();
}
using Custom = std::function<Tensors(const Call&)>;
Argument argument(const Json& j) {
  Tensors none;
  return make_argument(j, none);
}
// Options that have a default there only, words that are numbers in the operator.
Call with(Call call, const Json& defaults, const std::vector<std::string>& positional = {}) {
  for (std::size_t i = 0; i < positional.size() && i < call.arguments.size(); ++i)
    call.options[positional[i]] = call.arguments[i];
  if (!positional.empty()) call.arguments.clear();
  for (const auto& [name, value] : defaults.items())
    if (!call.has(name)) call.options[name] = argument(value);
  return call;
}
int64_t place_in(const std::vector<std::string>& words, const std::string& word) {
  const auto at = std::find(words.begin(), words.end(), word);
  TORCH_CHECK(at != words.end(), word, " is not one of the words");
  return at - words.begin();
}

// torch.nn.functional's losses broadcast before they call the operator.
Custom broadcasting(const std::string& name) {
  return [name](Call c) {
    const Tensors both = at::broadcast_tensors({c.tensor(0), c.tensor(1)});
    c.arguments[0].tensor = both[0], c.arguments[1].tensor = both[1];
    return dispatch(name, c);
  };
}

Tensors norm(const Call& c) {
  const Tensor x = c.tensor(0);
  const bool keep = c.option("keepdim", false);
  std::vector<int64_t> all(static_cast<std::size_t>(x.dim()));
  for (std::size_t k = 0; k < all.size(); ++k) all[k] = static_cast<int64_t>(k);
  const auto dims = c.has("dim") ? c.options.at("dim").ints() : all;
  const std::string word = c.has("p") && !c.options.at("p").is_number()
                               ? c.option<std::string>("p", "")
                           : c.has("p") ? ""
                                        : "fro";
  if (word == "fro")
    return {c.has("dim") ? at::frobenius_norm(x, dims, keep)
                         : at::frobenius_norm(x, at::IntArrayRef{}, keep)};
  if (word == "nuc")
    return {c.has("dim") ? at::nuclear_norm(x, dims, keep) : at::nuclear_norm(x, keep)};
  TORCH_CHECK(word.empty(), word, " is not a norm");
  return {at::norm(x, c.options.at("p").scalar(), dims, keep)};
}
Tensors tensordot(const Call& c) {
  const Json& dims = c.options.at("dims").json;
  std::vector<int64_t> left, right;
  if (dims.is_number()) {
    const auto n = dims.get<int64_t>();
    TORCH_CHECK(n >= 0, "tensordot expects dims >= 0");
    for (int64_t k = 0; k < n; ++k) left.push_back(k - n), right.push_back(k);
  } else {
    left = dims.at(0).get<std::vector<int64_t>>(), right = dims.at(1).get<std::vector<int64_t>>();
  }
  return {at::tensordot(c.tensor(0), c.tensor(1), left, right)};
}

std::vector<at::indexing::TensorIndex> indices_from(const Argument& list) {
  using namespace at::indexing;
  std::vector<TensorIndex> all;
  const auto bound = [](const Json& j) {
    return j.is_null() ? c10::optional<int64_t>() : c10::optional<int64_t>(j.get<int64_t>());
  };
  for (const Argument& a : list.items) {
    if (a.is_none())
      all.emplace_back(None);
    else if (a.tensor.defined())
      all.emplace_back(a.tensor);
    else if (a.json.is_number())
      all.emplace_back(a.json.get<int64_t>());
    else if (a.json.contains("ellipsis"))
      all.emplace_back(Ellipsis);
    else {
      const Json& s = a.json.at("slice");
      all.emplace_back(at::indexing::Slice(bound(s[0]), bound(s[1]), bound(s[2])));
    }
  }
  return all;
}
Tensors get_item(const Call& c) { return {c.tensor(0).index(indices_from(c.arguments.at(1)))}; }
Tensors index_put(const Call& c) {
  const Argument& list = c.arguments.at(1);
  const Argument& given = c.arguments.at(2);
  const Tensor x = c.tensor(0);
  const Tensor value = given.tensor.defined()
                           ? given.tensor
                           : at::scalar_tensor(given.scalar(), x.options().requires_grad(false));
  const bool plain =
      !list.items.empty() && std::all_of(list.items.begin(), list.items.end(),
                                         [](const Argument& a) { return a.tensor.defined(); });
  if (plain) {
    c10::List<c10::optional<Tensor>> indices;
    for (const Argument& a : list.items) indices.push_back(a.tensor);
    return {at::index_put(x, indices, value, c.option("accumulate", false))};
  }
  Tensor y = x.clone();
  y.index_put_(indices_from(list), value);
  return {y};
}

Tensors normalize(const Call& c) {
  const Tensor x = c.tensor(0);
  const Tensor size = at::norm(x, c.has("p") ? c.options.at("p").scalar() : c10::Scalar(2.0),
                               {c.option<int64_t>("dim", 1)}, true);
  return {x / size.clamp_min(c.option("eps", 1e-12)).expand_as(x)};
}
Tensors multilabel_soft_margin_loss(const Call& c) {
  const Tensor x = c.tensor(0), y = c.tensor(1);
  Tensor loss = -(y * at::log_sigmoid(x) + (1 - y) * at::log_sigmoid(-x));
  if (c.has("weight")) loss = loss * c.option_tensor("weight");
  return {reduced(loss.sum(-1) / x.size(-1), c)};
}
Tensors gaussian_nll_loss(const Call& c) {
  const Tensor x = c.tensor(0), y = c.tensor(1);
  Tensor var = c.tensor(2);
  if (var.sizes() != x.sizes()) {
    if (x.dim() > 0 && x.sizes().slice(0, x.sizes().size() - 1) == var.sizes())
      var = var.unsqueeze(-1);
    else
      TORCH_CHECK(x.dim() == var.dim() &&
                      x.sizes().slice(0, x.sizes().size() - 1) ==
                          var.sizes().slice(0, var.sizes().size() - 1) &&
                      var.size(-1) == 1,
                  "var is of incorrect size");
  }
  TORCH_CHECK(!at::any(var < 0).item<bool>(), "var has negative entry/entries");
  const double eps = c.option("eps", 1e-6);
  var = var + (var.clamp_min(eps) - var).detach();
  Tensor loss = 0.5 * (at::log(var) + (x - y).pow(2) / var);
  if (c.option("full", false)) loss = loss + 0.5 * std::log(2 * M_PI);
  return {reduced(loss, c)};
}
Tensors kl_div(const Call& c) {
  if (c.option<std::string>("reduction", "") != "batchmean") return dispatch("kl_div", c);
  const Tensor sum =
      at::kl_div(c.tensor(0), c.tensor(1), at::Reduction::Sum, c.option("log_target", false));
  return {c.tensor(0).dim() == 0 ? sum : sum / c.tensor(0).size(0)};
}
Tensors embedding(const Call& c) {
  const Tensor weight = c.tensor(1);
  int64_t padding = c.option<int64_t>("padding_idx", -1);
  if (c.has("padding_idx")) {
    TORCH_CHECK(padding < weight.size(0) && padding >= -weight.size(0),
                "padding_idx must be within num_embeddings");
    if (padding < 0) padding += weight.size(0);
  }
  return {at::embedding(weight, c.tensor(0), padding, c.option("scale_grad_by_freq", false))};
}
void check_same_size(const Call& c) {
  TORCH_CHECK(c.tensor(0).sizes() == c.tensor(1).sizes(), "target and input sizes differ");
}
Tensors binary_cross_entropy(Call c) {
  check_same_size(c);
  if (Argument* w = c.has("weight") ? &c.options["weight"] : nullptr)
    w->tensor = w->tensor.expand(at::infer_size(w->tensor.sizes(), c.tensor(1).sizes()));
  return dispatch("binary_cross_entropy", c);
}
Tensors binary_cross_entropy_with_logits(const Call& c) {
  check_same_size(c);
  return dispatch("binary_cross_entropy_with_logits", c);
}
// _verify_batch_size and _verify_spatial_size.
Custom checking_values(bool trains, bool of_sample, const Custom& norm) {
  return [=](const Call& c) {
    const Tensor x = c.tensor(0);
    if (c.option(of_sample ? "use_input_stats" : "training", trains)) {
      int64_t values = of_sample ? 1 : x.size(0);
      for (int64_t k = 2; k < x.dim(); ++k) values *= x.size(k);
      TORCH_CHECK(values != 1, "more than 1 value per channel is wanted");
    }
    return norm(c);
  };
}
Tensors lp_pool2d(const Call& c) {
  const auto pair = [](const Argument& a) {
    return a.json.is_array() ? a.ints() : std::vector<int64_t>(2, a.json.get<int64_t>());
  };
  const auto kernel = pair(c.arguments.at(2));
  TORCH_CHECK(kernel.size() == 2, "kernel_size must be one number or two");
  const auto stride = c.has("stride") ? pair(c.options.at("stride")) : kernel;
  TORCH_CHECK(stride.size() == 2, "stride must be one number or two");
  const double p = c.arguments.at(1).real();
  auto options = torch::nn::functional::LPPool2dFuncOptions(p, {kernel[0], kernel[1]})
                     .stride(torch::ExpandingArray<2>({stride[0], stride[1]}))
                     .ceil_mode(c.option("ceil_mode", false));
  return {torch::nn::functional::lp_pool2d(c.tensor(0), options)};
}
Tensors local_response_norm(const Call& c) {
  return {torch::nn::functional::local_response_norm(
      c.tensor(0),
      torch::nn::functional::LocalResponseNormFuncOptions(c.arguments.at(1).json.get<int64_t>())
          .alpha(c.option("alpha", 1e-4))
          .beta(c.option("beta", 0.75))
          .k(c.option("k", 1.0)))};
}
// torch.nn.functional.interpolate of 1.13.
Tensors interpolate(const Call& c) {
  const Tensor x = c.tensor(0);
  const auto dims = x.dim() - 2;
  TORCH_CHECK(dims >= 1 && dims <= 3, "input has to have 1, 2 or 3 spatial dimensions");
  const auto mode = c.option<std::string>("mode", "nearest");
  const bool smooth = mode != "nearest" && mode != "area" && mode != "nearest-exact";
  TORCH_CHECK(smooth || !c.has("align_corners"), "align_corners only with linear modes");
  const bool align = c.option("align_corners", false), antialias = c.option("antialias", false);
  TORCH_CHECK(c.has("size") != c.has("scale_factor"), "size or scale_factor");
  c10::optional<std::vector<int64_t>> size;
  std::vector<double> scale;  // for each axis, or empty
  if (c.has("size")) {
    const Argument& a = c.options.at("size");
    size = a.json.is_array()
               ? a.ints()
               : std::vector<int64_t>(static_cast<std::size_t>(dims), a.json.get<int64_t>());
    TORCH_CHECK(static_cast<int64_t>(size->size()) == dims, "one size for each axis");
    TORCH_CHECK(!c.option("recompute_scale_factor", false),
                "recompute_scale_factor without scale_factor");
  } else {
    const Argument& a = c.options.at("scale_factor");
    for (int64_t k = 0; k < dims; ++k) {
      TORCH_CHECK(!a.json.is_array() || static_cast<int64_t>(a.items.size()) == dims,
                  "one scale_factor for each axis");
      scale.push_back(a.json.is_array() ? a.items[static_cast<std::size_t>(k)].real() : a.real());
    }
  }
  if (!scale.empty() && (c.option("recompute_scale_factor", false) || mode == "area")) {
    size.emplace();
    for (int64_t k = 0; k < dims; ++k)
      size->push_back(static_cast<int64_t>(
          std::floor(static_cast<double>(x.size(k + 2)) * scale[static_cast<std::size_t>(k)])));
    scale.clear();
  }
  TORCH_CHECK(!antialias || ((mode == "bilinear" || mode == "bicubic") && dims == 2),
              "antialias only for bilinear and bicubic");
  if (mode == "area")
    return dims == 1   ? Tensors{at::adaptive_avg_pool1d(x, *size)}
           : dims == 2 ? Tensors{at::adaptive_avg_pool2d(x, *size)}
                       : Tensors{at::adaptive_avg_pool3d(x, *size)};
  const std::vector<std::string> linear{"linear", "bilinear", "trilinear"};
  std::string name;
  if (mode == "nearest") name = "upsample_nearest";
  if (mode == "nearest-exact") name = "_upsample_nearest_exact";
  if (mode == linear[static_cast<std::size_t>(dims - 1)]) name = "upsample_" + mode;
  if (mode == "bicubic" && dims == 2) name = "upsample_bicubic";
  TORCH_CHECK(!name.empty(), mode, " is not a mode for this input");
  name += std::to_string(dims) + "d";
  if (antialias) name = "_" + name + "_aa";
  Call call;
  call.arguments = {c.arguments[0], argument(size ? Json(*size) : Json())};
  if (smooth) call.arguments.push_back(argument(align));
  call.arguments.push_back(argument(scale.empty() ? Json() : Json(scale)));
  return dispatch(name, call);
}
template <int dims>
Tensors max_pool(const Call& c) {
  Call call = c;
  call.options.erase("return_indices");
  Tensors y = dispatch("max_pool" + std::to_string(dims) + "d_with_indices", call);
  if (!c.option("return_indices", false)) y.resize(1);
  return y;
}
// output_size may leave out a size, which stays as it is.
Tensors adaptive_pool(const std::string& name, const Call& c, std::size_t dims) {
  Call call = c;
  call.options.erase("return_indices");
  Json& size = call.arguments.at(1).json;
  if (size.is_array()) {
    TORCH_CHECK(size.size() == dims || size.size() == 1, "one size for each axis");
    for (std::size_t k = 0; k < size.size(); ++k)
      if (size[k].is_null())
        size[k] = c.tensor(0).size(static_cast<int64_t>(k) - static_cast<int64_t>(dims));
    call.arguments[1] = argument(size);
  }
  Tensors y = dispatch(name, call);
  if (!c.option("return_indices", false)) y.resize(1);
  return y;
}

const std::map<std::string, Custom>& customs() {
  static const auto to = [](std::string name, Json defaults, std::vector<std::string> positional) {
    return [=](const Call& c) { return dispatch(name, with(c, defaults, positional)); };
  };
  static const Json no_defaults = Json::object();
  static const std::map<std::string, Custom> all{
      {"__getitem__", get_item},
      {"index_put", index_put},
      {"norm", norm},
      {"tensordot", tensordot},
      {"nn.functional.adaptive_avg_pool1d",
       [](const Call& c) { return adaptive_pool("adaptive_avg_pool1d", c, 1); }},
      {"nn.functional.adaptive_avg_pool2d",
       [](const Call& c) { return adaptive_pool("adaptive_avg_pool2d", c, 2); }},
      {"nn.functional.adaptive_max_pool1d",
       [](const Call& c) { return adaptive_pool("adaptive_max_pool1d", c, 1); }},
      {"nn.functional.adaptive_max_pool2d",
       [](const Call& c) { return adaptive_pool("adaptive_max_pool2d", c, 2); }},
      {"nn.functional.batch_norm", checking_values(false, false,
                                                   to("batch_norm",
                                                      {{"weight", nullptr},
                                                       {"bias", nullptr},
                                                       {"training", false},
                                                       {"momentum", 0.1},
                                                       {"eps", 1e-5},
                                                       {"cudnn_enabled", false}},
                                                      {"input", "running_mean", "running_var"}))},
      {"nn.functional.binary_cross_entropy", binary_cross_entropy},
      {"nn.functional.binary_cross_entropy_with_logits", binary_cross_entropy_with_logits},
      {"nn.functional.cross_entropy", to("cross_entropy_loss", no_defaults, {})},
      {"nn.functional.dropout",
       [](const Call& c) {
         const double p = c.option("p", 0.5);
         return Tensors{at::dropout(c.tensor(0), p, c.option("training", true))};
       }},
      {"nn.functional.embedding", embedding},
      {"nn.functional.fold", to("col2im", {{"dilation", 1}, {"padding", 0}, {"stride", 1}},
                                {"self", "output_size", "kernel_size"})},
      {"nn.functional.gaussian_nll_loss", gaussian_nll_loss},
      {"nn.functional.grid_sample",
       [](const Call& c) {
         return Tensors{at::grid_sampler(c.tensor(0), c.tensor(1),
                                         place_in({"bilinear", "nearest", "bicubic"},
                                                  c.option<std::string>("mode", "bilinear")),
                                         place_in({"zeros", "border", "reflection"},
                                                  c.option<std::string>("padding_mode", "zeros")),
                                         c.option("align_corners", false))};
       }},
      {"nn.functional.instance_norm", checking_values(true, true,
                                                      to("instance_norm",
                                                         {{"weight", nullptr},
                                                          {"bias", nullptr},
                                                          {"running_mean", nullptr},
                                                          {"running_var", nullptr},
                                                          {"use_input_stats", true},
                                                          {"momentum", 0.1},
                                                          {"eps", 1e-5},
                                                          {"cudnn_enabled", false}},
                                                         {"input"}))},
      {"nn.functional.interpolate", interpolate},
      {"nn.functional.kl_div", kl_div},
      {"nn.functional.smooth_l1_loss", broadcasting("smooth_l1_loss")},
      {"nn.functional.mse_loss", broadcasting("mse_loss")},
      {"nn.functional.l1_loss", broadcasting("l1_loss")},
      {"nn.functional.huber_loss", broadcasting("huber_loss")},
      {"nn.functional.local_response_norm", local_response_norm},
      {"nn.functional.logsigmoid", to("log_sigmoid", no_defaults, {})},
      {"nn.functional.lp_pool2d", lp_pool2d},
      {"nn.functional.max_pool1d", max_pool<1>},
      {"nn.functional.max_pool2d", max_pool<2>},
      {"nn.functional.max_pool3d", max_pool<3>},
      {"nn.functional.multilabel_soft_margin_loss", multilabel_soft_margin_loss},
      {"nn.functional.nll_loss", to("nll_loss_nd", no_defaults, {})},
      {"nn.functional.normalize", normalize},
      {"nn.functional.poisson_nll_loss",
       to("poisson_nll_loss",
          {{"log_input", true}, {"full", false}, {"eps", 1e-8}, {"reduction", 1}}, {})},
      {"nn.functional.softmin",
       [](const Call& c) {
         return Tensors{at::softmax(-c.tensor(0), c.option<int64_t>("dim", 0))};
       }},
      {"nn.functional.softsign",
       [](const Call& c) { return Tensors{c.tensor(0) / (c.tensor(0).abs() + 1)}; }},
      {"nn.functional.tanhshrink",
       [](const Call& c) { return Tensors{c.tensor(0) - c.tensor(0).tanh()}; }},
      {"nn.functional.unfold",
       to("im2col", {{"dilation", 1}, {"padding", 0}, {"stride", 1}}, {"self", "kernel_size"})},
  };
  return all;
}

std::string operator_name(std::string op) {
  const std::string functional = "nn.functional.";
  if (op.rfind(functional, 0) == 0) return op.substr(functional.size());
  std::replace(op.begin(), op.end(), '.', '_');
  return op;
}
bool takes_many(const std::string& op) {
  return op == "block_diag" || op == "broadcast_tensors" || op == "cartesian_prod" ||
         op == "meshgrid";
}
Tensors evaluate(const std::string& op, Call call) {
  if (takes_many(op)) {
    Argument all{Json::array(), {}, call.arguments};
    call.arguments = {all};
  }
  const auto custom = customs().find(op);
  return custom != customs().end() ? custom->second(call) : dispatch(operator_name(op), call);
}

// Results as numbers, and their gradients.

Array array_of(const Tensor& x) {
  Array a{x.sizes().vec(), name_of(x.scalar_type()), {}};
  const Tensor held = x._is_zerotensor() ? at::zeros(x.sizes()) : x.detach();
  const Tensor all = held.to(at::kDouble).resolve_neg().contiguous();
  a.data.assign(all.data_ptr<double>(), all.data_ptr<double>() + all.numel());
  return a;
}
Tensor weights_like(const Tensor& x, std::size_t which) {
  std::vector<double> w(static_cast<std::size_t>(x.numel()));
  for (std::size_t k = 0; k < w.size(); ++k) w[k] = weight(which, k);
  return torch::from_blob(w.data(), x.sizes(), at::kDouble).to(x.scalar_type(), false, true);
}
// One for each leaf; zeros where nothing came.
Tensors gradients(const Tensors& results, const Tensors& leaves, bool create_graph) {
  Tensors outputs, upstream;
  for (std::size_t k = 0; k < results.size(); ++k)
    if (results[k].defined() && results[k].requires_grad()) {
      outputs.push_back(results[k]);
      upstream.push_back(weights_like(results[k], k));
    }
  Tensors found(leaves.size());
  if (!outputs.empty() && !leaves.empty())
    found = torch::autograd::grad(outputs, leaves, upstream, true, create_graph, true);
  for (std::size_t i = 0; i < leaves.size(); ++i)
    if (!found[i].defined()) found[i] = at::zeros_like(leaves[i]);
  return found;
}

std::string message_of(const std::exception& e) {
  const auto* own = dynamic_cast<const c10::Error*>(&e);
  const std::string text = own != nullptr ? own->what_without_backtrace() : e.what();
  return text.empty() ? "no message" : text.substr(0, text.find('\n'));
}

}  // namespace

Answer their_answer(const std::string& op, const Json& json) {
  Answer answer;
  const Call call = make_call(json);
  Tensors results, leaves, slopes;
  for (const Tensor& t : call.tensors)
    if (t.requires_grad() &&
        std::none_of(leaves.begin(), leaves.end(), [&](const Tensor& l) { return l.is_same(t); }))
      leaves.push_back(t);
  try {
    results = evaluate(op, call);
    for (const Tensor& y : results) answer.values.push_back(array_of(y));
  } catch (const std::exception& e) {
    answer.refused = message_of(e);
    return answer;
  }
  try {
    slopes = gradients(results, leaves, true);
  } catch (const std::exception& e) {
    answer.no_second = message_of(e);
  }
  try {
    if (!answer.no_second.empty()) slopes = gradients(results, leaves, false);
    for (const Tensor& g : slopes) answer.first.push_back(array_of(g));
  } catch (const std::exception& e) {
    answer.no_first = message_of(e);
  }
  if (!answer.no_second.empty()) return answer;
  try {
    for (const Tensor& g : gradients(slopes, leaves, false)) answer.second.push_back(array_of(g));
  } catch (const std::exception& e) {
    answer.no_second = message_of(e);
    answer.second.clear();
  }
  return answer;
}

std::string prepare_theirs() {
  at::set_num_threads(1);
  torch::manual_seed(0);
  // What is made once is made before any fork.
  their_answer(
      "add", {{"args",
               {{{"shape", {1}}, {"dtype", "float64"}, {"data", {1}}, {"requires_grad", true}}, 1}},
              {"kwargs", Json::object()}});
  return TORCH_VERSION;
}

}  // namespace xgrad::test

// call.hpp: one call of PyTorch's, as ops.json has it: positional and named arguments.
#pragma once

#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <xgrad/xgrad.hpp>

#include "support/reference.hpp"

namespace xgrad::test {

inline std::size_t count_tensors(const Json& j) {
  std::size_t count = is_tensor(j);
  if (j.is_array())
    for (const Json& inner : j) count += count_tensors(inner);
  return count;
}

/// C++ has no such call: an argument is of another type, or beyond the parameter's range.
struct NoSuchCall : std::invalid_argument {
  explicit NoSuchCall(const Json& j) : std::invalid_argument("not of this type: " + j.dump()) {}
};

/// The value as a T, whole: json itself would cut a number to the type that is asked for.
template <class T>
T value_from(const Json& j) {
  if constexpr (!std::is_integral_v<T> || std::is_same_v<T, bool>) {
    return j.get<T>();
  } else {
    if (!j.is_number_integer() || !std::in_range<T>(j.get<std::int64_t>())) throw NoSuchCall(j);
    return j.get<T>();
  }
}
template <class T>
std::vector<T> values_from(const Json& j) {
  std::vector<T> all;
  for (const Json& n : j) all.push_back(value_from<T>(n));
  return all;
}

/// The tensors of a call, arguments before options by name, made once; "same" is the k-th once
/// more.
inline void collect_tensors(const Json& j, std::vector<Tensor>& all) {
  if (is_tensor(j))
    all.push_back(j.contains("same") ? all.at(j.at("same").get<std::size_t>()) : tensor_from(j));
  if (j.is_array())
    for (const Json& inner : j) collect_tensors(inner, all);
}
inline std::vector<Tensor> tensors_of(const Json& call) {
  std::vector<Tensor> all;
  collect_tensors(call.at("args"), all);
  for (const auto& [name, value] : call.at("kwargs").items()) collect_tensors(value, all);
  return all;
}

struct Call {
  const Json& arguments;
  const Json& options;
  std::vector<Tensor>& tensors;  // all tensors in the arguments, then in the options by name
  bool are_temporaries = false;  // they are given away: each is to be used once

  std::size_t place(std::size_t i) const {
    std::size_t before = 0;
    for (std::size_t k = 0; k < i; ++k) before += count_tensors(arguments.at(k));
    return before;
  }
  // Positional arguments.
  Tensor tensor(std::size_t i) const {
    return is_tensor(arguments.at(i)) ? tensors.at(place(i)) : Tensor();
  }
  std::vector<Tensor> list(std::size_t i) const {
    const auto first = tensors.begin() + static_cast<std::ptrdiff_t>(place(i));
    return {first, first + static_cast<std::ptrdiff_t>(count_tensors(arguments.at(i)))};
  }
  std::vector<Tensor> all() const { return tensors; }
  Operand operand_of(Tensor& t) const {
    return are_temporaries ? Operand(std::move(t)) : Operand(t);
  }
  Operand operand(std::size_t i) const {
    if (is_tensor(arguments.at(i))) return operand_of(tensors.at(place(i)));
    return number(arguments.at(i));
  }
  int integer(std::size_t i) const { return value_from<int>(arguments.at(i)); }
  double real(std::size_t i) const { return number_from(arguments.at(i)); }
  std::int64_t whole(std::size_t i) const {
    if (!is_tensor(arguments.at(i))) return value_from<std::int64_t>(arguments.at(i));
    const Tensor t = tensor(i);
    if (!t.defined() || t.numel() != 1) throw NoSuchCall(arguments.at(i));
    return t.item<std::int64_t>();
  }
  std::string word(std::size_t i) const { return arguments.at(i).get<std::string>(); }
  template <class T>
  static std::vector<T> numbers(const Json& j) {
    return j.is_array() ? values_from<T>(j) : std::vector<T>{value_from<T>(j)};
  }
  std::vector<int> ints(std::size_t i) const { return numbers<int>(arguments.at(i)); }
  std::vector<std::int64_t> wholes(std::size_t i) const {
    return numbers<std::int64_t>(arguments.at(i));
  }
  Shape shape(std::size_t i) const { return Shape(wholes(i)); }
  Extent extent(std::size_t i) const { return extent_from(arguments.at(i)); }

  // Named arguments.
  bool has(const char* name) const { return options.contains(name) && !options.at(name).is_null(); }
  template <class T>
  T option(const char* name, T otherwise) const {
    if (!has(name)) return otherwise;
    if constexpr (std::is_same_v<T, double>)
      return number_from(options.at(name));
    else
      return value_from<T>(options.at(name));
  }
  std::string word(const char* name, const char* otherwise) const {
    return option<std::string>(name, otherwise);
  }
  int dim(int otherwise) const { return option("dim", otherwise); }
  bool keepdim() const { return option("keepdim", false); }
  std::size_t place(const char* name) const {
    std::size_t at = place(arguments.size());
    for (const auto& [key, value] : options.items()) {
      if (key == name) break;
      at += count_tensors(value);
    }
    return at;
  }
  Tensor option_tensor(const char* name) const {
    return has(name) && is_tensor(options.at(name)) ? tensors.at(place(name)) : Tensor();
  }
  Operand option_operand(const char* name) const {
    if (!is_tensor(options.at(name))) return number(options.at(name));
    return operand_of(tensors.at(place(name)));
  }
  Operand number(const char* name, std::int64_t otherwise) const {
    return has(name) ? number(options.at(name)) : Operand(otherwise);
  }
  Extent extent(const char* name, const Extent& otherwise) const {
    return has(name) ? extent_from(options.at(name)) : otherwise;
  }
  static Extent extent_from(const Json& j) {
    std::vector<std::int64_t> each;
    for (const Json& n : j.is_array() ? j : Json::array({j}))
      each.push_back(n.is_null() ? -1 : value_from<std::int64_t>(n));
    return each;
  }
  static Operand number(const Json& j) {
    if (j.is_number_integer()) return Operand(j.get<std::int64_t>());
    return Operand(number_from(j));
  }
  Dims dims_from(const Json& j) const { return Dims(numbers<int>(j)); }
  Dims dims() const { return has("dim") ? dims_from(options.at("dim")) : Dims(); }
  double correction() const {
    return has("correction") ? option("correction", 1.0) : option("unbiased", true) ? 1 : 0;
  }
  Reduction reduction() const {
    const std::string name = word("reduction", "mean");
    return name == "none"        ? Reduction::none
           : name == "sum"       ? Reduction::sum
           : name == "mean"      ? Reduction::mean
           : name == "batchmean" ? Reduction::batchmean
                                 : throw ValueError(name + " is not a reduction");
  }
};

using Results = std::vector<Tensor>;
using Function = Results (*)(const Call&);

/// A function by PyTorch's name, the calls that it takes (signature.hpp tells the notation), and
/// how it is called.
struct Op {
  const char* name;
  const char* signature;
  Function function;
};
using Table = std::map<std::string, Op>;
inline void add(Table& table, std::initializer_list<Op> ops) {
  for (const Op& op : ops) table.emplace(op.name, op);
}

// A function of one result, or of several, in a Call c.
#define ONE(...) [](const Call& c) -> Results { return {__VA_ARGS__}; }
#define MANY(...) [](const Call& c) -> Results { return __VA_ARGS__; }

template <Tensor (*f)(Operand)>
Results unary(const Call& c) {
  return {f(c.operand(0))};
}
template <Tensor (*f)(Operand, Operand)>
Results binary(const Call& c) {
  return {f(c.operand(0), c.operand(1))};
}
template <Tensor (*f)(Operand, const Dims&, Flag)>
Results reduce(const Call& c) {
  return {f(c.operand(0), c.dims(), c.keepdim())};
}
inline Results both(const ValuesIndices& y) { return {y.values, y.indices}; }

void add_elementwise(Table& table);
void add_arrangement(Table& table);
void add_reduction(Table& table);
void add_linear_algebra(Table& table);
void add_network(Table& table);
void add_loss(Table& table);
void add_recurrent(Table& table);

/// Every function of ops.json, and the recurrent ones, by PyTorch's name.
inline const Table& functions() {
  static const Table table = [] {
    Table t;
    add_elementwise(t);
    add_arrangement(t);
    add_reduction(t);
    add_linear_algebra(t);
    add_network(t);
    add_loss(t);
    add_recurrent(t);
    return t;
  }();
  return table;
}

/// What a call gives, told as in ops.json; its tensors too, if they are wanted.
///
///     call("cumsum", R"({"args":[{"shape":[2],"dtype":"float64","data":[1,2]},0],"kwargs":{}})");
inline Results call(const std::string& op, const Json& told, std::vector<Tensor>& tensors) {
  tensors = tensors_of(told);
  return functions().at(op).function({told.at("args"), told.at("kwargs"), tensors});
}
inline Results call(const std::string& op, const std::string& told) {
  std::vector<Tensor> tensors;
  return call(op, Json::parse(told), tensors);
}

}  // namespace xgrad::test

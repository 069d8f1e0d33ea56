#include "hostile/mutate.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "calls/draw.hpp"

namespace xgrad::test {
namespace {

// Tensors, numbers, words and lists: what a mutation replaces.
void collect(Json& j, std::vector<Json*>& nodes) {
  nodes.push_back(&j);
  if (is_tensor(j)) return;
  if (j.is_structured())
    for (Json& inner : j) collect(inner, nodes);
}
void collect_words(const Json& j, std::set<std::string>& words) {
  if (j.is_string()) words.insert(j.get<std::string>());
  if (j.is_structured())
    for (const Json& inner : j) collect_words(inner, words);
}

Json hostile_tensor(std::vector<std::int64_t> shape, const std::string& dtype, bool wild,
                    bool requires_grad) {
  return {{"data", nullptr},
          {"shape", std::move(shape)},
          {"dtype", dtype},
          {"wild", wild},
          {"requires_grad", requires_grad}};
}
std::vector<std::int64_t> sizes_of(const Shape& s) { return {s.begin(), s.end()}; }

const std::vector<std::string> dtype_names = {"float64", "float32", "int64", "bool"};

std::vector<std::int64_t> mutated_sizes(Draw& d, std::vector<std::int64_t> s) {
  const auto at = [&] { return s.begin() + std::ptrdiff_t(d.below(s.size() + 1)); };
  switch (d.below(s.empty() ? 2 : 6)) {
    case 0:
      return d.odd_shape();
    case 1:
      s.insert(at(), std::int64_t(d.below(3)));
      return s;
    case 2:
      s.erase(s.begin() + std::ptrdiff_t(d.below(s.size())));
      return s;
    case 3:
      std::rotate(s.begin(), s.begin() + std::ptrdiff_t(d.below(s.size())), s.end());
      return s;
    case 4:
      s[d.below(s.size())] = 0;
      return s;
    default:
      s[d.below(s.size())] = std::int64_t(d.below(4));
      return s;
  }
}

void mutate_tensor(Draw& d, Json& t) {
  const auto sizes = t.at("shape").get<std::vector<std::int64_t>>();
  const std::string dtype = t.at("dtype");
  const bool wants = t.value("requires_grad", false) && dtype.starts_with("float");
  switch (d.below(8)) {
    case 0:
      t = {{"data", nullptr}, {"shape", sizes}, {"dtype", "undefined"}};
      return;
    case 1: {
      const std::string& other = d.one_of(dtype_names);
      t = hostile_tensor(sizes, other, false, wants && other.starts_with("float"));
      return;
    }
    case 2:
    case 3:
      t = hostile_tensor(sizes, dtype, true, wants);
      return;
    default:
      t = hostile_tensor(mutated_sizes(d, sizes), dtype, d.chance(0.1), wants);
  }
}

Json hostile_number(Draw& d) {
  return d.chance(0.8) ? d.one_of(limits) : std::int64_t(d.below(9)) - 2;
}
Json hostile_real(Draw& d) {
  static const std::vector<Json> reals = {"nan", "inf", "-inf", 0.0,    -0.0,
                                          -1.0,  1e300, 1e-300, 0x1p40, 0.5};
  return d.one_of(reals);
}
Json hostile_index(Draw& d) {
  switch (d.below(5)) {
    case 0:
      return hostile_number(d);
    case 1:
      return nullptr;
    case 2:
      return {{"ellipsis", true}};
    case 3:
      return hostile_tensor(sizes_of(d.small_shape()), d.chance(0.6) ? "int64" : "bool",
                            d.chance(0.3), false);
    default:
      return {{"slice", Json::array({d.chance(0.3) ? Json() : hostile_number(d),
                                     d.chance(0.3) ? Json() : hostile_number(d),
                                     d.chance(0.5) ? Json(1) : hostile_number(d)})}};
  }
}

void mutate_list(Draw& d, Json& list) {
  const bool of_numbers =
      std::all_of(list.begin(), list.end(), [](const Json& j) { return j.is_number_integer(); });
  const auto at = [&] { return list.begin() + std::ptrdiff_t(d.below(list.size() + 1)); };
  switch (d.below(list.empty() ? 2 : 6)) {
    case 0:
      list = Json::array();
      return;
    case 1:
      list.insert(at(), of_numbers ? hostile_number(d) : hostile_index(d));
      return;
    case 2:
      list.erase(d.below(list.size()));
      return;
    case 3:
      list.insert(at(), Json(d.one_of(std::vector<Json>(list.begin(), list.end()))));
      return;
    case 4: {
      const Json repeated = list.at(d.below(list.size()));
      while (list.size() < 70) list.push_back(repeated);
      return;
    }
    default:
      if (of_numbers) list = hostile_number(d);
  }
}

void mutate(Draw& d, Json& j, const std::vector<std::string>& words) {
  if (is_tensor(j)) return mutate_tensor(d, j);
  if (j.is_number_integer())
    j = d.chance(0.9) ? hostile_number(d) : hostile_real(d);
  else if (j.is_number())
    j = hostile_real(d);
  else if (j.is_boolean())
    j = !j.get<bool>();
  else if (j.is_string())
    j = d.chance(0.3) ? "nonsense" : d.one_of(words);
  else if (j.is_null())
    j = hostile_number(d);
  else if (j.is_array())
    mutate_list(d, j);
}

DType dtype_from(const std::string& name) {
  return name == "float32" ? float32 : name == "int64" ? int64 : name == "bool" ? bool_ : float64;
}
Tensor made(const Json& j, Draw& d) {
  if (j.at("dtype") == "undefined") return {};
  if (j.at("data").is_array()) return tensor_from(j);
  Tensor t = d.filled(j.at("shape").get<std::vector<std::int64_t>>(), dtype_from(j.at("dtype")),
                      j.at("wild"));
  return t.requires_grad_(j.at("requires_grad").get<bool>());
}
void make_all(const Json& j, Draw& d, std::vector<Tensor>& tensors) {
  if (is_tensor(j))
    tensors.push_back(j.contains("same") && j.at("same") < tensors.size()
                          ? tensors[j.at("same").get<std::size_t>()]
                          : made(j, d));
  else if (j.is_structured())
    for (const Json& inner : j) make_all(inner, d, tensors);
}

// Tensors by dtype and shape alone.
Json shortened(const Json& j) {
  if (is_tensor(j))
    return fmt::format("{} {}{}", j.at("dtype").get<std::string>(), j.at("shape").dump(),
                       j.value("wild", false) ? " of limits" : "");
  if (!j.is_structured()) return j;
  Json all = j;
  for (Json& inner : all) inner = shortened(inner);
  return all;
}

}  // namespace

Mutation::Mutation(const std::string& op) {
  std::set<std::string> words;
  const Json reference = read_reference("ops.json");
  for (const Json& c : reference.at("cases")) {
    const std::string name = c.at("op");
    if (name.find(op) == std::string::npos || !functions().contains(name)) continue;
    cases_[name].push_back({name, c.at("args"), c.at("kwargs")});
    collect_words(c.at("args"), words);
    collect_words(c.at("kwargs"), words);
  }
  for (const auto& [name, cases] : cases_) names_.push_back(name);
  words_.assign(words.begin(), words.end());
  words_.insert(words_.end(), {"", "none", "mean", "sum", "inf"});
}

// A call of ops.json, or one that the function's signature allows.
Mutant Mutation::ordinary(Draw& d) const {
  const std::string& name = d.one_of(names_);
  if (d.chance(0.6)) {
    Choices choices(d.bits());
    const Json call = draw_call(functions().at(name).signature, choices);
    return {name, call.at("args"), call.at("kwargs")};
  }
  const std::vector<Mutant>& cases = cases_.at(name);
  Mutant m = d.one_of(cases);
  if (d.chance(0.3))  // options that other cases have
    for (const auto& [option, value] : d.one_of(cases).options.items()) m.options[option] = value;
  return m;
}

Mutant Mutation::draw(Draw& d) const {
  Mutant m = ordinary(d);
  for (std::size_t n = 1 + d.below(3); n > 0; --n) {
    std::vector<Json*> nodes;
    for (Json& j : m.arguments) collect(j, nodes);
    for (Json& j : m.options) collect(j, nodes);
    if (!nodes.empty()) mutate(d, *d.one_of(nodes), words_);
  }
  return m;
}

Results run(const Mutant& call, Draw& d) {
  std::vector<Tensor> tensors;
  make_all(call.arguments, d, tensors);
  make_all(call.options, d, tensors);
  return functions().at(call.op).function({call.arguments, call.options, tensors});
}

std::string told(const Mutant& call) {
  return fmt::format("{}({}, {})", call.op, shortened(call.arguments).dump(),
                     shortened(call.options).dump());
}

}  // namespace xgrad::test

#include "calls/spoil.hpp"

#include <algorithm>
#include <numeric>

namespace xgrad::test {
namespace {

// Every value of a call, in the order of its tensors. A slice has three numbers, always.
void collect(Json& j, std::vector<Json*>& all) {
  if (j.contains("slice")) {
    for (Json& end : j["slice"]) all.push_back(&end);
    return;
  }
  all.push_back(&j);
  if (is_tensor(j)) return;
  if (j.is_structured())
    for (Json& inner : j) collect(inner, all);
}
std::vector<Json*> values_of(Json& call) {
  std::vector<Json*> all;
  for (Json& argument : call["args"]) collect(argument, all);
  for (Json& option : call["kwargs"]) collect(option, all);
  return all;
}
std::vector<Json*> tensors_of(Json& call) {
  std::vector<Json*> all = values_of(call);
  all.erase(std::remove_if(all.begin(), all.end(), [](Json* j) { return !is_tensor(*j); }),
            all.end());
  return all;
}
bool is_float(const Json& tensor) {
  return tensor.at("dtype") == "float64" || tensor.at("dtype") == "float32";
}

void put_specials(Json& call, Choices& choices) {
  static const std::vector<Json> specials{0.0, "nan", "inf", "-inf", -0.0, 1e20, 1e-20};
  for (Json* t : tensors_of(call)) {
    if (!is_float(*t) || choices.below(2) == 0) continue;
    for (Json& x : t->at("data"))
      if (choices.one_in(4)) x = specials[choices.below(specials.size())];
  }
}

void put_same(Json& call, Choices& choices) {
  const std::vector<Json*> all = tensors_of(call);
  for (std::size_t k = 1; k < all.size(); ++k)
    for (std::size_t j = 0; j < k; ++j)
      if (!all[j]->contains("same") && all[j]->at("shape") == all[k]->at("shape") &&
          all[j]->at("dtype") == all[k]->at("dtype") && choices.below(2) == 1) {
        *all[k] = *all[j];
        (*all[k])["same"] = j;
        return;
      }
}

// The elements again and again, as many as the shape now has.
void refill(Json& tensor) {
  std::size_t count = 1;
  for (const Json& n : tensor.at("shape")) count *= n.get<std::size_t>();
  const Json old = tensor.at("data");
  const Json one = tensor.at("dtype") == "bool" ? Json(true) : Json(1);
  Json data = Json::array();
  const bool counts = tensor.at("dtype") == "int64" && !old.empty();
  for (std::size_t k = 0; k < count; ++k) {
    data.push_back(old.empty() ? one : old[k % old.size()]);
    // None comes twice: which of two equal ones wins is not told.
    if (counts && k >= old.size()) data[k] = old[0].get<std::int64_t>() + static_cast<int>(k);
    if (data[k].is_number_float() && k >= old.size())
      data[k] = data[k].get<double>() * (1 - 0.013 * static_cast<double>(k / old.size()));
  }
  tensor["data"] = data;
}
void retype(Json& tensor, const char* dtype) {
  const bool truth = std::string(dtype) == "bool", whole = std::string(dtype) == "int64";
  tensor["dtype"] = dtype;
  std::size_t k = 0;
  for (Json& x : tensor["data"]) {
    const double number = x.is_boolean() ? x.get<bool>() : number_from(x);
    // Integers and truths that become floats are all different.
    const double value = x.is_number_float() || truth || whole || x.is_string()
                             ? number
                             : number + 0.003 * static_cast<double>(k++);
    if (truth)
      x = value != 0;
    else if (whole)
      x = std::isfinite(value) && std::abs(value) < 1e6 ? static_cast<std::int64_t>(value) : 0;
    else
      x = value;
  }
  if (truth || whole) tensor.erase("requires_grad");
}

void spoil_tensor(Json& tensor, Choices& choices) {
  Json& shape = tensor["shape"];
  const std::size_t rank = shape.size(), at = choices.below(rank + 1);
  switch (choices.below(5)) {
    case 0:
      if (at < rank) shape[at] = choices.below(2) == 0 ? shape[at].get<int>() + 1 : 0;
      break;
    case 1:
      shape.insert(shape.begin() + static_cast<std::ptrdiff_t>(at), 1 + choices.below(2));
      break;
    case 2:
      if (at < rank) shape.erase(at);
      break;
    case 3:
      shape = Json::array();
      break;
    default: {
      static const char* const dtypes[] = {"int64", "bool", "float32", "float64"};
      return retype(tensor, dtypes[choices.below(4)]);
    }
  }
  refill(tensor);
}
void spoil_list(Json& list, Choices& choices) {
  if (list.empty()) return;
  if (choices.below(2) == 0)
    list.erase(list.size() - 1);
  else
    list.push_back(Json(list.back()));
}
void spoil_value(Json& j, Choices& choices) {
  static const std::vector<Json> numbers{-1.0, 0.0, "inf", "-inf", "nan", 20.0};
  if (is_tensor(j)) return spoil_tensor(j, choices);
  if (j.is_number_integer()) {
    const auto n = j.get<std::int64_t>();
    const std::int64_t others[] = {n + 1, n - 1, -n, 0, -1, 7, -8};
    j = others[choices.below(7)];
  } else if (j.is_number()) {
    j = numbers[choices.below(numbers.size())];
  } else if (j.is_string()) {
    if (j != "inf" && j != "-inf" && j != "nan") j = "nonsense";
  } else if (j.is_array()) {
    spoil_list(j, choices);
  }
}

}  // namespace

void spoil(Json& call, Choices& choices) {
  if (choices.one_in(8)) put_specials(call, choices);
  if (choices.one_in(8)) put_same(call, choices);
  if (!choices.one_in(6)) return;
  const std::vector<Json*> all = values_of(call);
  if (!all.empty()) spoil_value(*all[choices.below(all.size())], choices);
}

}  // namespace xgrad::test

// reference.hpp: the JSON files in tests/reference.
#pragma once

#include <cmath>
#include <fstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <xgrad/graph/creation.hpp>
#include <xgrad/ops/reshape.hpp>

namespace xgrad::test {

using Json = nlohmann::json;

inline Json read_reference(const std::string& name) {
  std::ifstream file(std::string(XGRAD_TEST_REFERENCE) + "/" + name);
  return Json::parse(file);
}

inline double number_from(const Json& j) {
  if (!j.is_string()) return j.get<double>();
  const auto text = j.get<std::string>();
  return text == "nan" ? NAN : text == "inf" ? INFINITY : -INFINITY;
}

/// {"shape", "dtype", "data", "requires_grad"} as a leaf.
inline Tensor tensor_from(const Json& j) {
  const auto dtype = j.at("dtype").get<std::string>();
  std::vector<double> elements;
  for (const Json& x : j.at("data"))
    elements.push_back(x.is_boolean() ? x.get<bool>() : number_from(x));
  Tensor t = reshape(tensor(elements), j.at("shape").get<std::vector<std::int64_t>>())
                 .to(dtype == "bool"    ? bool_
                     : dtype == "int64" ? int64
                                        : float64);
  return t.requires_grad_(j.value("requires_grad", false));
}

/// Nested arrays of numbers as a float64 matrix, vector or number.
inline Tensor matrix_from(const Json& j) {
  std::vector<std::int64_t> shape;
  std::vector<double> elements;
  const auto walk = [&](const auto& self, const Json& part, std::size_t depth) -> void {
    if (!part.is_array()) return elements.push_back(number_from(part));
    if (shape.size() == depth) shape.push_back(static_cast<std::int64_t>(part.size()));
    for (const Json& inner : part) self(self, inner, depth + 1);
  };
  walk(walk, j, 0);
  return reshape(tensor(elements), shape);
}

}  // namespace xgrad::test

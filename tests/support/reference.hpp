// reference.hpp: the JSON files in tests/reference.
#pragma once

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <xgrad/graph/creation.hpp>
#include <xgrad/ops/reshape.hpp>

namespace xgrad::test {

using Json = nlohmann::json;

inline Json read_json(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("there is no " + path);
  return Json::parse(file);
}

/// A file of the repository's, or of the folder that XGRAD_REFERENCE_DIR names, or the one above.
/// PyTorch's files have to be there; the others are taken from the repository if they are not.
inline Json read_reference(const std::string& name) {
  const std::string own = XGRAD_TEST_REFERENCE "/" + name;
  const char* const given = std::getenv("XGRAD_REFERENCE_DIR");
  const std::string folder = given != nullptr ? given : XGRAD_TEST_REFERENCE;
  for (const std::string& path : {folder + "/" + name, folder + "/../" + name})
    if (std::ifstream file(path); file) return Json::parse(file);
  if (std::ifstream file(own); file && name == "backprop_reference.json") return Json::parse(file);
  throw std::runtime_error("there is no " + name + " in " + folder);
}

inline double number_from(const Json& j) {
  if (!j.is_string()) return j.get<double>();
  const auto text = j.get<std::string>();
  return text == "nan" ? NAN : text == "inf" ? INFINITY : -INFINITY;
}

inline bool is_tensor(const Json& j) { return j.is_object() && j.contains("data"); }

/// {"shape", "dtype", "data", "requires_grad"} as a leaf.
inline Tensor tensor_from(const Json& j) {
  const auto dtype = j.at("dtype").get<std::string>();
  std::vector<double> elements;
  for (const Json& x : j.at("data"))
    elements.push_back(x.is_boolean() ? x.get<bool>() : number_from(x));
  Tensor t = reshape(tensor(elements), j.at("shape").get<std::vector<std::int64_t>>())
                 .to(dtype == "bool"      ? bool_
                     : dtype == "int64"   ? int64
                     : dtype == "float32" ? float32
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

// answer.hpp: what a call gives, as numbers, from either library.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace xgrad::test {

struct Array {
  std::vector<std::int64_t> shape;
  std::string dtype;
  std::vector<double> data;
};

/// Results, the gradients of the tensors that want one, and the gradients of those; or why not.
struct Answer {
  std::string refused;
  std::vector<Array> values, first, second;
  std::string no_first, no_second;  ///< why there are no gradients of that order
};

/// The upstream gradient of element k of the which-th result.
inline double weight(std::size_t which, std::size_t k) {
  return (static_cast<double>((k * 37 + which * 11 + 5) % 29) - 13.75) / 16;
}

}  // namespace xgrad::test

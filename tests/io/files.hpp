// files.hpp: the files that Python has written, by tests/io/files/make.py.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <xgrad/graph/creation.hpp>

namespace xgrad::test {

inline std::filesystem::path python_file(const std::string& name) {
  return std::filesystem::path(XGRAD_TEST_FILES) / name;
}

/// What `numbers` of make.py gives; `unsigned_` for its unsigned dtypes.
inline Tensor python_numbers(const Shape& shape, DType dtype, bool unsigned_ = false) {
  std::vector<double> all;
  for (std::int64_t i = 0; i < shape.numel(); ++i) {
    const std::int64_t x = i * 7 % 11;
    all.push_back(unsigned_            ? static_cast<double>(x)
                  : dtype == bool_     ? static_cast<double>(x > 5)
                  : is_floating(dtype) ? static_cast<double>(x - 5) / 4
                                       : static_cast<double>(x - 5));
  }
  return tensor(all, {.dtype = dtype}).reshape(shape);
}

}  // namespace xgrad::test

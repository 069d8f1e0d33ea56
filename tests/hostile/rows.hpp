// rows.hpp: the functions that ops.json does not have, each with arguments of its own.
#pragma once

#include <string>
#include <vector>

#include "hostile/draw.hpp"

namespace xgrad::test {

using Results = std::vector<Tensor>;

/// A function's name, and a call of it with arguments from a draw.
struct Row {
  const char* name;
  Results (*run)(Draw& d);
};
// A function of one result, or of several, with arguments from a Draw d.
#define ROW(name, ...)                                     \
  {                                                        \
    name, [](Draw& d) -> Results { return {__VA_ARGS__}; } \
  }
#define ROWS(name, ...)                                  \
  {                                                      \
    name, [](Draw& d) -> Results { return __VA_ARGS__; } \
  }

std::vector<Row> creation_rows();
std::vector<Row> op_rows();
std::vector<Row> module_rows();
std::vector<Row> data_rows();

}  // namespace xgrad::test

// rows.hpp: the functions that ops.json does not have, each with arguments of its own.
#pragma once

#include <string>
#include <vector>

#include "hostile/draw.hpp"

namespace xgrad::test {

/// A function's name, and a call of it with arguments from a draw.
struct Row {
  const char* name;
  std::vector<Tensor> (*run)(Draw& d);
};

std::vector<Row> creation_rows();
std::vector<Row> op_rows();
std::vector<Row> module_rows();

}  // namespace xgrad::test

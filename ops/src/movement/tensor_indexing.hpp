// tensor_indexing.hpp: what lies between the brackets where tensors are among it.
#pragma once

#include <xgrad/ops/indexing.hpp>

namespace xgrad::detail {

/// Any selection as positions of rows in x: for index_put, and for index with tensors.
struct PositionsOf {
  Tensor positions;
  std::int64_t inner;  // elements in a row
  Shape shape;         // of what is selected
};
PositionsOf select_positions(const char* op, const Operand& x, const std::vector<Index>& indices);

}  // namespace xgrad::detail

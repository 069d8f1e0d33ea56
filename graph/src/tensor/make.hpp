// make.hpp: memory for a new leaf, its shape checked.
#pragma once

#include <xgrad/graph/creation.hpp>

namespace xgrad::detail {

Tensor make(const char* op, const Shape& shape, DType dtype, const TensorOptions& options,
            Site site);

}  // namespace xgrad::detail

// strided.hpp: a dense tensor from elements that lie elsewhere in another order.
#pragma once

#include <cstdint>
#include <vector>

#include <xgrad/graph/tensor.hpp>

namespace xgrad::io::detail {

/// Copies the elements offset + sum(index[d] * strides[d]) of `from`, which must all exist.
Tensor strided_copy(const Tensor& from, std::int64_t offset, const Shape& shape,
                    const std::vector<std::int64_t>& strides);

}  // namespace xgrad::io::detail

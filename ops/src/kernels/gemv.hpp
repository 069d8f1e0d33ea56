// gemv.hpp: products of a matrix and a vector, and of two vectors.
#pragma once

#include "kernels/gemm.hpp"

namespace xgrad::detail {

/// gemm for m = 1 or n = 1, and a batch of one: as fast as the matrix can be read. The same bits
/// for any number of threads.
template <class T>
void gemv(const GemmShape& size, const T* a, const T* b, const T* bias, bool accumulate, T* c);

/// For k = 1.
template <class T>
void outer(const GemmShape& size, const T* a, const T* b, const T* bias, bool accumulate, T* c);

}  // namespace xgrad::detail

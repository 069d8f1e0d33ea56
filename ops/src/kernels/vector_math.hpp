// vector_math.hpp: the library's vector functions through pointers, for files whose compiler passes
// wide vectors otherwise. Included by files with flags of their own, so it holds no other code.
#pragma once

#include <xgrad/ops/formula/lane_library.hpp>

#define XGRAD_CALL_UNARY(symbol, T, bytes)                                               \
  typedef T symbol##_vector __attribute__((vector_size(bytes)));                         \
  extern "C" symbol##_vector symbol(symbol##_vector);                                    \
  extern "C" void xgrad_##symbol(const void* a, void* y) {                               \
    *static_cast<symbol##_vector*>(y) = symbol(*static_cast<const symbol##_vector*>(a)); \
  }
#define XGRAD_CALL_BINARY(symbol, T, bytes)                                                       \
  typedef T symbol##_vector __attribute__((vector_size(bytes)));                                  \
  extern "C" symbol##_vector symbol(symbol##_vector, symbol##_vector);                            \
  extern "C" void xgrad_##symbol(const void* a, const void* b, void* y) {                         \
    *static_cast<symbol##_vector*>(y) =                                                           \
        symbol(*static_cast<const symbol##_vector*>(a), *static_cast<const symbol##_vector*>(b)); \
  }

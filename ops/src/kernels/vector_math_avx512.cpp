// Compiled with -mavx512f.
#include "kernels/vector_math.hpp"

#if defined(__AVX512F__)
#define XGRAD_CALL(arity, fn, f4, d2, f8, d4, f16, d8) \
  XGRAD_CALL_##arity(f16, float, 64) XGRAD_CALL_##arity(d8, double, 64)
XGRAD_LANE_LIBRARY(XGRAD_CALL)
XGRAD_LANE_LIBRARY_MENDED(XGRAD_CALL)
#endif

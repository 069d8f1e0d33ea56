// Compiled with -mavx2.
#include "kernels/vector_math.hpp"

#if defined(__AVX2__)
#define XGRAD_CALL(arity, fn, f4, d2, f8, d4, f16, d8) \
  XGRAD_CALL_##arity(f8, float, 32) XGRAD_CALL_##arity(d4, double, 32)
XGRAD_LANE_LIBRARY(XGRAD_CALL)
XGRAD_LANE_LIBRARY_MENDED(XGRAD_CALL)
#endif

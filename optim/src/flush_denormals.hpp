// flush_denormals.hpp: arithmetic without denormal numbers, for a scope.
#pragma once

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

namespace xgrad::optim {

/// Numbers below the smallest normal one count as 0 on this thread. A momentum buffer whose
/// gradient stays 0 decays into them, and then each of its elements costs over a hundred cycles.
class FlushDenormals {
#if defined(__SSE2__)
 public:
  FlushDenormals() noexcept : before_(_mm_getcsr()) {
    constexpr unsigned flush_to_zero = 0x8000, denormals_are_zero = 0x0040;
    _mm_setcsr(before_ | flush_to_zero | denormals_are_zero);
  }
  ~FlushDenormals() { _mm_setcsr(before_); }
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;

 private:
  unsigned before_;
#endif
};

}  // namespace xgrad::optim

#include <xgrad/graph/isa.hpp>

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace xgrad {
namespace {

Isa of_machine() {
#ifdef XGRAD_X86
  __builtin_cpu_init();
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512cd"))
    return Isa::avx512;
  if (avx2) return Isa::avx2;
#endif
  return Isa::baseline;
}

Isa allowed() {
  const char* const wish = std::getenv("XGRAD_ISA");
  if (wish == nullptr) return Isa::avx512;
  if (std::string_view(wish) == "baseline") return Isa::baseline;
  return std::string_view(wish) == "avx2" ? Isa::avx2 : Isa::avx512;
}

}  // namespace

Isa best_isa() noexcept {
  static const Isa isa = std::min(of_machine(), allowed());
  return isa;
}

}  // namespace xgrad

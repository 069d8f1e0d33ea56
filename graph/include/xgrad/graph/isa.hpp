// isa.hpp: compiles kernels for several instruction sets in one file and selects one at run time.
#pragma once

namespace xgrad {

/// The instruction sets that kernels are compiled for.
enum class Isa { baseline, avx2, avx512 };

/// The best instruction set of this machine. The environment variable XGRAD_ISA (baseline, avx2 or
/// avx512) can limit it. Determined at the first call.
Isa best_isa() noexcept;

namespace detail {

// The widths of a lane in bytes. A kernel is a template over them.
struct Baseline {
  static constexpr int bytes = 16;
};
struct Avx2 {
  static constexpr int bytes = 32;
};
struct Avx512 {
  static constexpr int bytes = 64;
};

#if defined(__x86_64__)
#define XGRAD_X86 1
#define XGRAD_AVX2 __attribute__((target("avx,avx2,fma")))
#define XGRAD_AVX512 \
  __attribute__((target("avx,avx2,fma,avx512f,avx512bw,avx512dq,avx512vl,avx512cd")))

// `flatten` inlines the whole kernel, so that all of it is compiled for the target of the driver.
template <class Kernel, class... Args>
XGRAD_AVX2 __attribute__((flatten)) void run_avx2(Args... args) {
  Kernel::template run<Avx2>(args...);
}
template <class Kernel, class... Args>
XGRAD_AVX512 __attribute__((flatten)) void run_avx512(Args... args) {
  Kernel::template run<Avx512>(args...);
}
#endif
template <class Kernel, class... Args>
__attribute__((flatten)) void run_baseline(Args... args) {
  Kernel::template run<Baseline>(args...);
}

/// Kernel::run<Width> compiled for the best instruction set of this machine. Arguments must be
/// pointers and numbers; they are passed by value.
template <class Kernel, class... Args>
auto best() -> void (*)(Args...) {
#ifdef XGRAD_X86
  switch (best_isa()) {
    case Isa::avx512:
      return run_avx512<Kernel, Args...>;
    case Isa::avx2:
      return run_avx2<Kernel, Args...>;
    case Isa::baseline:
      break;
  }
#endif
  return run_baseline<Kernel, Args...>;
}
/// Calls the kernel that `best` returns.
template <class Kernel, class... Args>
void run_best(Args... args) {
  best<Kernel, Args...>()(args...);
}

}  // namespace detail
}  // namespace xgrad

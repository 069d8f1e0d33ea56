#include "machine.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

#include <dlfcn.h>
#include <fmt/format.h>
#include <gnu/libc-version.h>
#include <unistd.h>

#include <xgrad/graph/isa.hpp>
#include <xgrad/graph/parallel.hpp>
#ifdef XGRAD_ONEDNN
#include <oneapi/dnnl/dnnl.h>
#endif

extern "C" char* openblas_get_corename() __attribute__((weak));
extern "C" char* openblas_get_config() __attribute__((weak));
extern "C" void openblas_set_num_threads(int) __attribute__((weak));

namespace bench {
namespace {

constexpr const char* restarted = "XGRAD_BENCH_RESTARTED";
constexpr const char* tcmalloc = "libtcmalloc_minimal.so.4";

// The value of a line of /proc/cpuinfo.
std::string cpu_info(const std::string& key) {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with(key)) return line.substr(std::min(line.size(), line.find(':') + 2));
  return "unknown";
}
bool has_flag(const std::string& flag) {
  return (' ' + cpu_info("flags") + ' ').find(' ' + flag + ' ') != std::string::npos;
}

// In capitals; empty if the BLAS is another.
std::string blas_core() {
  if (openblas_get_corename == nullptr) return {};
  std::string name = openblas_get_corename();
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return std::toupper(c); });
  return name;
}

bool is_one_of(const std::string& name, std::initializer_list<const char*> all) {
  return std::any_of(all.begin(), all.end(), [&](const char* s) { return name.find(s) == 0; });
}

bool fits() {
  const std::string core = blas_core();
  if (core.empty()) return true;
  if (has_flag("avx512f")) return is_one_of(core, {"SKYLAKEX", "COOPERLAKE", "SAPPHIRERAPIDS"});
  if (has_flag("avx2")) return is_one_of(core, {"HASWELL", "ZEN", "SKYLAKEX", "EXCAVATOR"});
  return true;
}

bool loadable(const char* library) {
  void* const handle = dlopen(library, RTLD_LAZY | RTLD_LOCAL);
  if (handle != nullptr) dlclose(handle);
  return handle != nullptr;
}

}  // namespace

void restart_in_fair_environment(char** argv, bool peers) {
  if (std::getenv(restarted) != nullptr) return;
  setenv(restarted, "1", 1);
  unsetenv("OPENBLAS_CORETYPE");
  unsetenv("OPENBLAS_L2_SIZE");
  if (has_flag("avx512f")) {
    setenv("ATEN_CPU_CAPABILITY", "avx512", 1);
    setenv("OPENBLAS_CORETYPE", has_flag("avx512_bf16") ? "Cooperlake" : "SkylakeX", 1);
  }
  if (peers && loadable(tcmalloc)) setenv("LD_PRELOAD", tcmalloc, 1);
  execv("/proc/self/exe", argv);
  throw std::runtime_error(fmt::format("cannot start the program again: {}", std::strerror(errno)));
}

void require_fitting_blas() {
  if (fits()) return;
  throw std::runtime_error(fmt::format(
      "OpenBLAS runs its kernels for {} on {}, which can do more: set OPENBLAS_CORETYPE to a core "
      "that this release of OpenBLAS knows, and {}=1",
      blas_core(), cpu_info("model name"), restarted));
}

void set_threads(int threads) {
  xgrad::set_num_threads(threads);
  if (openblas_set_num_threads != nullptr) openblas_set_num_threads(threads);
}

std::vector<std::pair<std::string, std::string>> description() {
  constexpr std::array isas{"baseline", "AVX2", "AVX-512"};
  std::vector<std::pair<std::string, std::string>> all{
      {"processor", fmt::format("{}, family {}, model {}", cpu_info("model name"),
                                cpu_info("cpu family"), cpu_info("model\t"))},
      {"processors", std::to_string(std::thread::hardware_concurrency())},
      {"lanes", isas.at(static_cast<std::size_t>(xgrad::best_isa()))},
#ifdef __clang__
      {"compiler", fmt::format("clang {}.{}", __clang_major__, __clang_minor__)},
#else
      {"compiler", fmt::format("g++ {}.{}", __GNUC__, __GNUC_MINOR__)},
#endif
      {"libc", gnu_get_libc_version()}};
  if (openblas_get_config != nullptr)
    all.emplace_back("BLAS", fmt::format("{}, kernels for {}", openblas_get_config(), blas_core()));
#ifdef XGRAD_ONEDNN
  const dnnl_version_t* const v = dnnl_version();
  all.emplace_back("oneDNN", fmt::format("{}.{}.{}", v->major, v->minor, v->patch));
#endif
  const char* const preloaded = std::getenv("LD_PRELOAD");
  all.emplace_back("malloc of both sides", preloaded == nullptr ? "glibc" : preloaded);
  return all;
}

}  // namespace bench

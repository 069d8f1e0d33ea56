#include "bench.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <fstream>

#include <fmt/format.h>

#include <xgrad/graph/isa.hpp>
#include <xgrad/graph/parallel.hpp>

extern "C" char* openblas_get_corename() __attribute__((weak));

namespace bench {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double median(std::vector<double> v) {
  std::sort(v.begin(), v.end());
  return v[v.size() / 2];
}

std::string cpu_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  return "unknown";
}

// In capitals; empty if the BLAS is another.
std::string blas_core() {
  if (openblas_get_corename == nullptr) return {};
  std::string name = openblas_get_corename();
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return std::toupper(c); });
  return name;
}

double timed(const std::function<void()>& f, double seconds) {
  const auto start = Clock::now();
  int calls = 0;
  do {
    f();
    ++calls;
  } while (seconds_since(start) < seconds);
  return seconds_since(start) / calls;
}

}  // namespace

Case::Case(std::string name, std::string unit, double per_call)
    : name_(std::move(name)), unit_(std::move(unit)), per_call_(per_call) {}

void Case::contender(const std::string& who, const std::function<void()>& f,
                     const std::function<double()>& result, double expected, double tolerance) {
  f();
  const double got = result();
  if (!(std::abs(got - expected) <= tolerance * std::abs(expected))) {
    fmt::print(stderr, "{}, {}: the result is {}, expected {}\n", name_, who, got, expected);
    std::exit(EXIT_FAILURE);
  }
  contenders_.push_back({who, f, {}});
}

void Case::run(int rounds, double seconds) {
  for (Contender& c : contenders_) timed(c.f, seconds);  // warm
  for (int r = 0; r < rounds; ++r)
    for (Contender& c : contenders_) c.seconds_per_call.push_back(timed(c.f, seconds));
  const std::vector<double>& ours = contenders_.front().seconds_per_call;
  for (const Contender& c : contenders_) {
    const auto& times = c.seconds_per_call;
    std::vector<double> ratios;
    for (std::size_t r = 0; r < times.size(); ++r) ratios.push_back(times[r] / ours[r]);
    const auto [low, high] = std::minmax_element(ratios.begin(), ratios.end());
    fmt::print("{:<28} {:<9} {:>10.1f} {:>10.1f}  {:<10} {:>6.2f} [{:.2f}..{:.2f}]\n", name_, c.who,
               median(times) * 1e9 / per_call_,
               *std::min_element(times.begin(), times.end()) * 1e9 / per_call_, unit_,
               median(ratios), *low, *high);
  }
}

void require_fitting_blas() {
  const std::string core = blas_core();
  const bool wide = core.find("SKYLAKEX") == 0 || core.find("COOPERLAKE") == 0 ||
                    core.find("SAPPHIRERAPIDS") == 0 || core.find("ZEN") == 0;
  if (core.empty() || wide || xgrad::best_isa() != xgrad::Isa::avx512) return;
  fmt::print(
      stderr,
      "OpenBLAS runs its kernels for {} on a machine with AVX-512: unset OPENBLAS_CORETYPE, or, "
      "where OpenBLAS does not know the processor, set it to Cooperlake\n",
      core);
  std::exit(EXIT_FAILURE);
}

void print_head() {
  static constexpr const char* isas[] = {"baseline", "AVX2", "AVX-512"};
#ifdef __clang__
  const std::string compiler = fmt::format("clang {}.{}", __clang_major__, __clang_minor__);
#else
  const std::string compiler = fmt::format("g++ {}.{}", __GNUC__, __GNUC_MINOR__);
#endif
  fmt::print("{}; {}; lanes {}; BLAS {}; {} thread(s)\n\n", cpu_name(), compiler,
             isas[static_cast<int>(xgrad::best_isa())], blas_core(), xgrad::num_threads());
  fmt::print("{:<28} {:<9} {:>10} {:>10}  {:<10} {}\n", "case", "who", "median", "best", "unit",
             "time over ours, median [min..max]");
}

}  // namespace bench

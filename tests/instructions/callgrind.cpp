#include "instructions/callgrind.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include <fmt/format.h>

// The only part that callgrind counts: it finds the function by its name.
extern "C" [[gnu::noinline]] void xgrad_counted(const std::function<void()>& work, int times) {
  for (int i = 0; i < times; ++i) work();
  asm volatile("");  // not a tail call, which would leave the function too early
}

namespace xgrad::test {
namespace {

// Kernels for any x86-64, and glibc's functions too. What is left to the machine: Sleef's functions
// of 16 bytes use AVX2 where that is, and valgrind hides AVX-512.
constexpr std::array<std::array<const char*, 2>, 4> environment{
    {{"XGRAD_ISA", "baseline"},
     {"OMP_NUM_THREADS", "1"},
     {"OPENBLAS_NUM_THREADS", "1"},
     {"GLIBC_TUNABLES",
      "glibc.cpu.hwcaps=-AVX,-AVX2,-AVX_Fast_Unaligned_Load,-BMI1,-BMI2,-ERMS,-FMA,-FMA4,-FSRM,"
      "-LZCNT,-MOVBE,-POPCNT,-RTM,-SSSE3,-SSE4_1,-SSE4_2"}}};

std::string output_of(const std::string& command) {
  std::FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("cannot run " + command);
  std::string output;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe))
    output.push_back(static_cast<char>(c));
  if (pclose(pipe) != 0) throw std::runtime_error(command + " failed:\n" + output);
  return output;
}

}  // namespace

bool has_valgrind() { return std::system("command -v valgrind >/dev/null 2>&1") == 0; }

void repeat(const InstructionCase& c) {
  const std::function<void()> work = c.make();
  for (int i = 0; i < 3; ++i) work();  // caches fill, functions are linked
  xgrad_counted(work, c.repetitions);
}

std::int64_t instructions(const InstructionCase& c) {
  for (const auto& [name, value] : environment) setenv(name, value, 1);
  const std::string command = fmt::format(
      "valgrind --tool=callgrind --toggle-collect=xgrad_counted --callgrind-out-file=/dev/null "
      "'{}' {} 2>&1",
      std::filesystem::read_symlink("/proc/self/exe").string(), c.name);
  const std::string output = output_of(command), label = "Collected : ";
  const std::size_t at = output.find(label);
  if (at == std::string::npos) throw std::runtime_error(command + " counted nothing:\n" + output);
  return std::stoll(output.substr(at + label.size())) / c.repetitions;
}

}  // namespace xgrad::test

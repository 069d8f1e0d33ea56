#include "peak_memory.hpp"

#include <array>
#include <fstream>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

extern char** environ;

namespace bench {
namespace {

std::string all_of(int descriptor) {
  std::string text;
  std::array<char, 256> part;
  for (ssize_t n; (n = read(descriptor, part.data(), part.size())) > 0;)
    text.append(part.data(), static_cast<std::size_t>(n));
  return text;
}

// This program, with its standard output at `end` of a pipe; -1 if it does not start.
pid_t started(const char* const* arguments, int end) {
  posix_spawn_file_actions_t output;
  posix_spawn_file_actions_init(&output);
  posix_spawn_file_actions_adddup2(&output, end, STDOUT_FILENO);
  pid_t child = -1;
  if (posix_spawn(&child, "/proc/self/exe", &output, nullptr, const_cast<char**>(arguments),
                  environ) != 0)
    child = -1;
  posix_spawn_file_actions_destroy(&output);
  return child;
}

}  // namespace

void print_peak_memory() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) fmt::print("{}\n", line.substr(6));
}

std::optional<double> peak_memory(const std::string& name, bool of_peer) {
  const char* const arguments[] = {"xgrad_benchmark", "--once", name.c_str(),
                                   of_peer ? "--peers" : nullptr, nullptr};
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return std::nullopt;
  const pid_t child = started(arguments, ends[1]);
  close(ends[1]);
  const std::string printed = all_of(ends[0]);
  close(ends[0]);
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child || status != 0 || printed.empty())
    return std::nullopt;
  return std::stod(printed) * 1024 / 1e6;  // of kB
}

}  // namespace bench

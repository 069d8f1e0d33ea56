// Whole processes: the smallest program of each library, started and compiled.
#include <stdexcept>

#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>

#include "../suite.hpp"

extern char** environ;

namespace bench {
namespace {

// Through the shell, since compilers come with their options as one string.
void run_command(const std::string& command) {
  const char* arguments[] = {"sh", "-c", command.c_str(), nullptr};
  pid_t child = 0;
  if (posix_spawn(&child, "/bin/sh", nullptr, nullptr, const_cast<char**>(arguments), environ) != 0)
    throw std::runtime_error("cannot start " + command);
  int status = 0;
  waitpid(child, &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    throw std::runtime_error(fmt::format("failed: {}", command));
}

// That the command succeeded is the answer.
Work command(const std::string& line) {
  return {[line] { run_command(line); }, [] { return Answer{Digest::of(1)}; }};
}

Case process(const std::string& group, const std::string& name, const std::string& ours,
             const std::string& theirs) {
  Case c;
  c.group = group;
  c.name = name;
  c.unit = "ms";
  c.per_call = 1e6;
  c.seconds = 0;
  c.make = [ours] { return Made{command(ours), {}}; };
  if (!theirs.empty()) c.theirs = [theirs] { return command(theirs); };
  return c;
}

std::string if_there(const std::string& line) {
  return std::string(XGRAD_BENCH_PEER).empty() ? "" : line;
}

}  // namespace

Cases process_cases() {
  Cases all{process("start-up", "a program with one op and its gradient", XGRAD_BENCH_HELLO,
                    if_there(XGRAD_BENCH_HELLO "_torch")),
            process("compile time", "that program, -O2", XGRAD_BENCH_COMPILE_HELLO,
                    if_there(XGRAD_BENCH_COMPILE_HELLO_TORCH))};
  all.back().warm_up = false;  // it takes libtorch half a minute
  all.push_back(process("compile time", "a file with one pointwise formula, -O2",
                        XGRAD_BENCH_COMPILE_FORMULA, ""));
  return all;
}

}  // namespace bench

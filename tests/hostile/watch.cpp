#include "hostile/watch.hpp"

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <new>
#include <stdexcept>

#include <fmt/format.h>

namespace xgrad::test {
namespace {

// Calls that one process makes, so that it starts afresh now and then.
constexpr std::int64_t batch = 5000;

// What both processes see.
struct Board {
  std::atomic<std::int64_t> at{0};  // the call under way
  std::atomic<std::int64_t> values{0}, refused{0}, no_memory{0};
  std::atomic<bool> faulty{false};  // the call ended in a fault, which `verdict` tells
  Note call, verdict;
};

Board& new_board() {
  void* const memory =
      mmap(nullptr, sizeof(Board), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  return *new (memory) Board;
}

void limit_memory() {
  const rlimit four_gib{rlim_t{4} << 30, rlim_t{4} << 30};
  if (!XGRAD_TEST_SANITIZED)  // sanitizers need far more addresses than memory
    setrlimit(RLIMIT_AS, &four_gib);
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
}

// In the child: until the end of the batch or the first fault.
[[noreturn]] void run(Board& board, std::int64_t end, unsigned seconds,
                      const std::function<Verdict(std::int64_t, Note&)>& call) {
  limit_memory();
  set_num_threads(1);
  for (std::int64_t n = board.at; n < end; ++n) {
    board.at = n;
    board.call.clear();
    alarm(seconds);
    const Verdict v = call(n, board.call);
    alarm(0);
    switch (v.kind) {
      case Verdict::Kind::value:
        ++board.values;
        break;
      case Verdict::Kind::refused:
        ++board.refused;
        break;
      case Verdict::Kind::no_memory:
        ++board.no_memory;
        break;
      default:
        board.verdict.clear();
        board.verdict.append(v.text);
        board.faulty = true;
        _exit(0);
    }
  }
  board.at = end;
  _exit(0);
}

std::string ending(int status) {
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM) return "no end in time";
  if (WIFSIGNALED(status)) return fmt::format("a crash: {}", strsignal(WTERMSIG(status)));
  return fmt::format("a crash: exit {}", WEXITSTATUS(status));
}

}  // namespace

Tally watch(std::int64_t first, std::int64_t count, unsigned seconds,
            const std::function<Verdict(std::int64_t, Note&)>& call) {
  Board& board = new_board();
  Tally tally;
  for (board.at = first; board.at < first + count;) {
    const std::int64_t end = std::min(first + count, board.at + batch);
    board.faulty = false;
    const pid_t child = fork();
    if (child < 0) throw std::runtime_error("fork failed");
    if (child == 0) run(board, end, seconds, call);
    int status = 0;
    waitpid(child, &status, 0);
    if (!board.faulty && WIFEXITED(status) && WEXITSTATUS(status) == 0) continue;
    tally.faults.push_back(fmt::format("{}\n    call {}: {}",
                                       board.faulty ? board.verdict.text() : ending(status),
                                       board.at.load(), board.call.text()));
    ++board.at;
  }
  tally.values = board.values, tally.refused = board.refused, tally.no_memory = board.no_memory;
  munmap(&board, sizeof(Board));
  return tally;
}

}  // namespace xgrad::test

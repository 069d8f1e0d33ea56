#include "program.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <thread>

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>

extern char** environ;

namespace xgrad::viz {
namespace {

[[noreturn]] void fail(const char* caller, const Program& program, const std::string& why,
                       Site site) {
  throw IoError(fmt::format("{}: cannot run '{}': {}", caller, program.name, why), site);
}
[[noreturn]] void fail_with(const char* caller, const Program& program, int error, Site site) {
  fail(caller, program, std::strerror(error), site);
}

// A nameless file in memory. Files instead of pipes: no side waits for the other, and a program
// that does not read its input raises no SIGPIPE.
class MemoryFile {
 public:
  MemoryFile() : file_(memfd_create("xgrad", MFD_CLOEXEC)) { keep_off_standard_streams(); }
  ~MemoryFile() {
    if (file_ >= 0) close(file_);
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  bool opened() const noexcept { return file_ >= 0; }
  int descriptor() const noexcept { return file_; }

  // Leaves the position at the beginning, where the program starts to read. Whether it succeeds.
  bool fill(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t n = write(file_, bytes.data(), bytes.size());
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return lseek(file_, 0, SEEK_SET) == 0;
  }
  std::string content() const {
    struct stat about {};
    if (fstat(file_, &about) != 0) return {};
    std::string bytes(static_cast<std::size_t>(about.st_size), '\0');
    std::size_t got = 0;
    while (got < bytes.size()) {
      const ssize_t n =
          pread(file_, bytes.data() + got, bytes.size() - got, static_cast<off_t>(got));
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) break;
      got += static_cast<std::size_t>(n);
    }
    bytes.resize(got);
    return bytes;
  }

 private:
  // A process that has closed its standard streams gets their numbers here.
  void keep_off_standard_streams() {
    if (file_ < 0 || file_ > 2) return;
    const int higher = fcntl(file_, F_DUPFD_CLOEXEC, 3);
    close(file_);
    file_ = higher;
  }
  int file_;
};

// The arguments of posix_spawn that have to be destroyed.
struct SpawnActions {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  SpawnActions() {
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
  }
  ~SpawnActions() {
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
  }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;

  void redirect(const MemoryFile& file, int stream) {
    posix_spawn_file_actions_adddup2(&files, file.descriptor(), stream);
  }
  // Signals that this thread blocks, or this process ignores, are the program's to receive.
  void reset_signals() {
    sigset_t none, broken_pipe;
    sigemptyset(&none);
    sigemptyset(&broken_pipe);
    sigaddset(&broken_pipe, SIGPIPE);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &broken_pipe);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
};

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> all;
  for (std::string& s : strings) all.push_back(s.data());
  all.push_back(nullptr);
  return all;
}

// The environment, but numbers have points and text is UTF-8.
std::vector<std::string> environment() {
  std::vector<std::string> all;
  for (char** e = environ; e != nullptr && *e != nullptr; ++e)
    if (!std::string_view(*e).starts_with("LC_ALL=")) all.emplace_back(*e);
  all.emplace_back("LC_ALL=C.UTF-8");
  return all;
}

// The error of posix_spawn, or 0.
int start(pid_t& process, const Program& program, SpawnActions& actions) {
  std::vector<std::string> arguments{program.name};
  arguments.insert(arguments.end(), program.arguments.begin(), program.arguments.end());
  std::vector<std::string> variables = environment();
  return posix_spawnp(&process, program.name.c_str(), &actions.files, &actions.attributes,
                      pointers(arguments).data(), pointers(variables).data());
}

enum class End { exited, killed, too_late };
struct Ended {
  End how;
  int code = 0;  // its exit status, or the signal that killed it
};

Ended ended(int status) {
  if (WIFSIGNALED(status)) return {End::killed, WTERMSIG(status)};
  return {End::exited, WEXITSTATUS(status)};
}

// Where the process ignores SIGCHLD, nobody learns the status: ECHILD then says that it has ended.
Ended wait_for(pid_t process, double seconds) {
  using namespace std::chrono;
  const auto limit = steady_clock::now() + duration<double>(std::clamp(seconds, 0.0, 1e8));
  for (auto pause = microseconds(200);; pause = std::min(2 * pause, microseconds(20000))) {
    int status = 0;
    const pid_t got = waitpid(process, &status, WNOHANG);
    if (got == process) return ended(status);
    if (got < 0 && errno != EINTR) return {End::exited};
    if (steady_clock::now() >= limit) break;
    std::this_thread::sleep_for(pause);
  }
  kill(process, SIGKILL);
  while (waitpid(process, nullptr, 0) < 0 && errno == EINTR) {
  }
  return {End::too_late};
}

std::string missing(const Program& program) {
  return fmt::format("it is not on PATH; install the package {} (`sudo apt install {}`)",
                     program.package, program.package);
}

// The beginning of what the program complained about.
std::string what_it_said(const std::string& errors) {
  constexpr std::size_t enough = 400;
  std::string text = errors.substr(0, enough);
  while (!text.empty() && std::strchr(" \n\r\t", text.back()) != nullptr) text.pop_back();
  if (text.empty()) return "it wrote no error message";
  return fmt::format("it wrote: {}{}", text, errors.size() > enough ? " ..." : "");
}

void check_end(const char* caller, const Program& program, Ended end, const std::string& errors,
               Site site) {
  if (end.how == End::too_late)
    fail(caller, program,
         fmt::format("it took longer than {} s and was stopped; {}", program.seconds,
                     what_it_said(errors)),
         site);
  if (end.how == End::killed)
    fail(caller, program, fmt::format("signal {} ended it; {}", end.code, what_it_said(errors)),
         site);
  if (end.code != 0)
    fail(caller, program,
         fmt::format("it ended with status {}; {}", end.code, what_it_said(errors)), site);
}

}  // namespace

ProgramOutput run_program(const char* caller, const Program& program, std::string_view input,
                          Site site) {
  MemoryFile in, out, errors;
  if (!in.opened() || !out.opened() || !errors.opened() || !in.fill(input))
    fail_with(caller, program, errno, site);
  SpawnActions actions;
  actions.redirect(in, STDIN_FILENO);
  actions.redirect(out, STDOUT_FILENO);
  actions.redirect(errors, STDERR_FILENO);
  actions.reset_signals();
  pid_t process = 0;
  const int error = start(process, program, actions);
  if (error == ENOENT) fail(caller, program, missing(program), site);
  if (error != 0) fail_with(caller, program, error, site);
  const Ended end = wait_for(process, program.seconds);
  ProgramOutput result{out.content(), errors.content()};
  check_end(caller, program, end, result.errors, site);
  return result;
}

}  // namespace xgrad::viz

#include "differential/worker.hpp"

#include <csignal>
#include <cstring>

#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace xgrad::test {
namespace {

constexpr int patience_ms = 60'000;

// Lines of a pipe: "B libtorch" before a call, then "R end text" for each trial.
class Lines {
 public:
  explicit Lines(int file) : file_(file) {}
  /// The next line; false at the end, or if none comes.
  bool next(std::string& line) {
    for (std::size_t end; (end = pending_.find('\n')) == std::string::npos;)
      if (!read_more()) return false;
    const std::size_t end = pending_.find('\n');
    line = pending_.substr(0, end);
    pending_.erase(0, end + 1);
    return true;
  }
  bool timed_out() const { return timed_out_; }

 private:
  bool read_more() {
    pollfd waiting{file_, POLLIN, 0};
    timed_out_ = poll(&waiting, 1, patience_ms) == 0;
    if (timed_out_) return false;
    char buffer[4096];
    const ssize_t n = read(file_, buffer, sizeof buffer);
    if (n <= 0) return false;
    pending_.append(buffer, static_cast<std::size_t>(n));
    return true;
  }
  int file_;
  std::string pending_;
  bool timed_out_ = false;
};

void write_line(int file, std::string line) {
  for (char& c : line)
    if (c == '\n') c = ' ';
  line += '\n';
  for (std::size_t at = 0; at < line.size();) {
    const ssize_t n = write(file, line.data() + at, line.size() - at);
    if (n <= 0) _exit(2);
    at += static_cast<std::size_t>(n);
  }
}

void work(int file, std::size_t from, std::size_t count,
          const std::function<Trial(std::size_t)>& trial) {
  for (std::size_t i = from; i < count; ++i) {
    const Trial t = trial(i);
    const Judgement j = judge(t.op, t.call, [file](const char* library) {
      write_line(file, std::string("B") + library);
    });
    write_line(file, fmt::format("R{}{}", static_cast<int>(j.found), j.difference));
  }
}

std::string ending_of(pid_t child, bool timed_out) {
  if (timed_out) kill(child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  if (timed_out) return " hangs";
  return WIFSIGNALED(status) ? fmt::format(" crashes: {}", strsignal(WTERMSIG(status)))
                             : fmt::format(" ends the program: {}", WEXITSTATUS(status));
}

// A process that writes to a pipe, and the reader of that.
struct Child {
  explicit Child(const std::function<void(int file)>& f) {
    int ends[2];
    if (pipe(ends) != 0) throw std::runtime_error("there is no pipe");
    process = fork();
    if (process == 0) {
      close(ends[0]);
      f(ends[1]);
      _exit(0);
    }
    close(ends[1]);
    file = ends[0];
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() { close(file); }

  pid_t process = 0;
  int file = -1;
};

// From `from` on; gives the first that is not judged.
std::size_t run_some(std::size_t from, std::size_t count,
                     const std::function<Trial(std::size_t)>& trial,
                     const std::function<void(std::size_t, const TrialResult&)>& tell) {
  const Child child([&](int file) { work(file, from, count, trial); });
  Lines lines(child.file);
  std::string line, library = "xgrad";
  while (from < count && lines.next(line)) {
    if (line[0] == 'B')
      library = line.substr(1);
    else
      tell(from++, {static_cast<End>(line[1] - '0'), line.substr(2)});
  }
  const std::string ending = ending_of(child.process, lines.timed_out());
  if (from < count)
    tell(from++, {library == "libtorch" ? End::they_crash : End::different, library + ending});
  return from;
}

}  // namespace

void run_trials(std::size_t count, const std::function<Trial(std::size_t)>& trial,
                const std::function<void(std::size_t, const TrialResult&)>& tell) {
  for (std::size_t from = 0; from < count;) from = run_some(from, count, trial, tell);
}

bool is_ending(const std::string& difference) { return difference.rfind("xgrad ", 0) == 0; }

std::string run_apart(const std::function<std::string()>& f) {
  const Child child([&f](int file) { write_line(file, f()); });
  Lines lines(child.file);
  std::string line;
  if (!lines.next(line)) line.clear();
  ending_of(child.process, lines.timed_out());
  return line;
}

}  // namespace xgrad::test

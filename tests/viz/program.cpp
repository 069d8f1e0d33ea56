#include "program.hpp"

#include <csignal>
#include <cstdlib>
#include <thread>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

#include <xgrad/graph/error.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using viz::Program;
using viz::run_program;

namespace {

Program shell(const std::string& script) { return {"sh", {"-c", script}, "dash"}; }

bool has_children() { return waitpid(-1, nullptr, WNOHANG) != -1; }

class Signal {
 public:
  Signal(int number, void (*handler)(int)) : number_(number), old_(std::signal(number, handler)) {}
  ~Signal() { std::signal(number_, old_); }

 private:
  int number_;
  void (*old_)(int);
};

}  // namespace

TEST_CASE("a program gets its input and gives both of its outputs", "[viz][program]") {
  const viz::ProgramOutput got =
      run_program("test", shell("cat; echo \"it's done\" >&2"), "two\nlines");
  CHECK(got.output == "two\nlines");
  CHECK(got.errors == "it's done\n");
  CHECK(run_program("test", {"cat", {}, "coreutils"}, "").output.empty());
}

TEST_CASE("a program's input and output may be any bytes, and many", "[viz][program]") {
  std::string bytes(5 << 20, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 7 + i / 251);
  CHECK(run_program("test", {"cat", {}, "coreutils"}, bytes).output == bytes);
}

TEST_CASE("a program that does not read its input harms nobody", "[viz][program]") {
  const std::string much(4 << 20, 'x');
  CHECK(run_program("test", {"true", {}, "coreutils"}, much).output.empty());
  CHECK(run_program("test", shell("head -c 3"), much).output == "xxx");
}

TEST_CASE("arguments reach a program as they are", "[viz][program]") {
  const std::vector<std::string> hostile{"a b", "$(touch x)", "it's", "\"", "", "*", "-n", "é\n"};
  std::vector<std::string> arguments{"%s|"};
  arguments.insert(arguments.end(), hostile.begin(), hostile.end());
  std::string expected;
  for (const std::string& each : hostile) expected += each + "|";
  CHECK(run_program("test", {"printf", arguments, "coreutils"}, "").output == expected);
}

TEST_CASE("a program that is not installed says what to install", "[viz][program]") {
  const Program program{"xgrad-no-such-program", {}, "no-such-package"};
  CHECK(test::throws<IoError>([&] { run_program("viz::graph", program, "x"); },
                              {"viz::graph", "'xgrad-no-such-program'", "not on PATH",
                               "sudo apt install no-such-package"}));
}

TEST_CASE("a program's failure is an error that quotes it", "[viz][program]") {
  CHECK(test::throws<IoError>([] { run_program("test", shell("echo so sorry >&2; exit 3"), ""); },
                              {"test", "'sh'", "status 3", "so sorry"}));
  CHECK(test::throws<IoError>([] { run_program("test", shell("exit 1"), ""); },
                              {"status 1", "no error message"}));
  CHECK(test::throws<IoError>([] { run_program("test", shell("kill -TERM $$"), ""); },
                              {"signal 15"}));
  CHECK(test::throws<IoError>(
      [] {
        run_program("test", {"/dev", {}, "none"}, "");
      },
      {"'/dev'", "denied"}));
  const std::string long_error = "head -c 5000 /dev/zero | tr '\\0' e >&2; exit 1";
  CHECK(test::throws<IoError>([&] { run_program("test", shell(long_error), ""); }, {"eee ..."}));
}

TEST_CASE("a program that does not end is stopped", "[viz][program]") {
  Program endless{"sleep", {"1000"}, "coreutils"};
  endless.seconds = 0.05;
  CHECK(test::throws<IoError>([&] { run_program("test", endless, ""); }, {"longer than 0.05 s"}));
  CHECK(!has_children());
}

TEST_CASE("no program is left behind as a zombie", "[viz][program]") {
  for (int i = 0; i < 5; ++i) run_program("test", {"true", {}, "coreutils"}, "");
  CHECK_THROWS(run_program("test", {"false", {}, "coreutils"}, ""));
  CHECK(!has_children());
}

TEST_CASE("programs run where children and broken pipes are ignored", "[viz][program]") {
  const Signal children(SIGCHLD, SIG_IGN);
  const Signal pipes(SIGPIPE, SIG_IGN);
  CHECK(run_program("test", {"cat", {}, "coreutils"}, "seen").output == "seen");
  // In a program that inherits the ignored signal, yes would complain of a broken pipe.
  CHECK(run_program("test", shell("yes | head -n 1"), "").errors.empty());
}

TEST_CASE("programs run without standard streams", "[viz][program]") {
  const int kept = dup(0);
  close(0);
  const std::string got = run_program("test", {"cat", {}, "coreutils"}, "seen").output;
  dup2(kept, 0);
  close(kept);
  CHECK(got == "seen");
}

TEST_CASE("programs write numbers with points in any locale", "[viz][program]") {
  setenv("LC_ALL", "de_DE.UTF-8", 1);
  const std::string got = run_program("test", shell("echo $LC_ALL"), "").output;
  unsetenv("LC_ALL");
  CHECK(got == "C.UTF-8\n");
}

TEST_CASE("programs run on several threads", "[viz][program]") {
  std::vector<std::string> got(4);
  std::vector<std::thread> threads;
  for (std::size_t k = 0; k < got.size(); ++k)
    threads.emplace_back([&got, k] {
      for (int i = 0; i < 10; ++i)
        got[k] += run_program("test", {"cat", {}, "coreutils"}, std::to_string(k)).output;
    });
  for (std::thread& thread : threads) thread.join();
  for (std::size_t k = 0; k < got.size(); ++k)
    CHECK(got[k] == std::string(10, static_cast<char>('0' + k)));
}

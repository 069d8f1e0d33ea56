#include <algorithm>
#include <chrono>
#include <csignal>
#include <random>
#include <thread>

#include <fcntl.h>
#include <sys/wait.h>

#include <xgrad/io/checkpoint.hpp>
#include <xgrad/io/safetensors.hpp>

#include "io/folder.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"

namespace xgrad {
namespace {

using Clock = std::chrono::steady_clock;
using test::IoFolder;
using test::same_bits;

// tests/training/process.cpp, which trains in a folder.
pid_t start(const IoFolder& folder) {
  const pid_t child = fork();
  if (child != 0) return child;
  setenv("OMP_NUM_THREADS", "1", 1);
  execl(XGRAD_TEST_TRAINING, XGRAD_TEST_TRAINING, folder.path.c_str(), nullptr);
  _exit(127);
}

int wait_for(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

// Whether the process was still there to be killed.
bool kill_after(pid_t child, std::chrono::duration<double> delay) {
  std::this_thread::sleep_for(delay);
  kill(child, SIGKILL);
  return WIFSIGNALED(wait_for(child));
}

bool has_checkpoint(const IoFolder& folder) {
  return io::last_checkpoint(folder / "step-*.safetensors").has_value();
}

TEST_CASE("training that is killed and resumed gives the bits of training that was not",
          "[io][checkpoint][kill]") {
  const IoFolder whole;
  const auto began = Clock::now();
  REQUIRE(wait_for(start(whole)) == 0);
  const std::chrono::duration<double> time = Clock::now() - began;
  const io::SafetensorsFile expected(whole / "final.safetensors");
  CHECK(whole.names() == std::vector<std::string>{"final.safetensors", "step-112.safetensors",
                                                  "step-114.safetensors"});

  const auto seed = std::random_device{}();
  CAPTURE(seed);  // printed if a check fails
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> part(0.05, 0.95);
  int kills = 0, midway = 0;
  while (kills < 20) {
    const IoFolder folder;
    // Every second run is killed once more while it resumes.
    for (int times = kills % 2 + 1; times > 0 && kills < 20;)
      if (kill_after(start(folder), time * part(random) / times)) {
        ++kills;
        --times;
        midway += has_checkpoint(folder);
      } else {
        break;
      }
    REQUIRE(wait_for(start(folder)) == 0);
    const io::SafetensorsFile last(folder / "final.safetensors");
    CHECK(same_bits(last.state_dict(), expected.state_dict()));
    CHECK(last.metadata().at("xgrad_checkpoint") == expected.metadata().at("xgrad_checkpoint"));
    // What the killed process was writing is gone.
    const auto names = folder.names();
    CHECK(std::none_of(names.begin(), names.end(), [](const auto& x) { return x[0] == '.'; }));
  }
  CHECK(midway >= 4);  // the others were killed before their first checkpoint
}

}  // namespace
}  // namespace xgrad

// Models of examples/models as processes: what they save, and how they go on.
#ifdef XGRAD_TEST_MODELS

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>

#include <fmt/format.h>
#include <sys/wait.h>

#include <xgrad/xgrad.hpp>

#include "io/folder.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"

namespace xgrad {
namespace {

using test::IoFolder;

const std::string source = XGRAD_TEST_SOURCE;
const std::string mnist = " --data " + source + "/data/mnist_subset ";
const std::string text = " --text " + source + "/data/text/shakespeare.txt ";
const std::string pretrained = source + "/examples/models/pretrained";

struct Run {
  std::string output;
  int code;    // of the exit, or -1
  int signal;  // that ended it, or 0
};

// What a command prints, and how it ends.
Run run(const std::string& command) {
  const IoFolder folder;
  const std::string file = (folder / "output").string();
  const int status = std::system(("exec " + command + " >" + file + " 2>&1").c_str());
  return {io::read_file(file), WIFEXITED(status) ? WEXITSTATUS(status) : -1,
          WIFSIGNALED(status) ? WTERMSIG(status) : 0};
}

Run run_model(const std::string& name, const std::string& options) {
  return run("env OMP_NUM_THREADS=1 " XGRAD_TEST_MODELS "/xgrad_" + name + " " + options);
}

std::string last_line(const std::string& output) {
  return output.substr(output.rfind('\n', output.size() - 2) + 1);
}

bool has(const std::string& output, const std::string& part) {
  return output.find(part) != std::string::npos;
}

bool same_tensor(const Tensor& a, const Tensor& b) {
  return a.shape() == b.shape() && a.dtype() == b.dtype() && equal(a, b);
}

TEST_CASE("finetune changes the last layer and nothing else", "[examples][finetune]") {
  const IoFolder folder;
  const std::string file = (folder / "tuned.safetensors").string();
  const Run result = run_model(
      "finetune", mnist + "--epochs 2 --weights " + pretrained + "/digits.pth --save " + file);
  INFO(result.output);
  REQUIRE(result.code == 0);
  const StateDict before = io::load_torch(pretrained + "/digits.pth");
  const StateDict after = io::load_safetensors(file);
  CHECK(after.size() == before.size());
  for (const auto& [name, value] : before.below("features")) {
    INFO(name);
    CHECK(same_tensor(after.get<Tensor>("features." + name), std::get<Tensor>(value)));
  }
  CHECK(after.get<Tensor>("head.weight").shape() == Shape{4, 256});
}

TEST_CASE("finetune reaches more from few images than the same network without PyTorch's weights",
          "[examples][finetune]") {
  const auto accuracy = [](const std::string& weights) {
    const std::string line =
        last_line(run_model("finetune", mnist + "--weights " + weights).output);
    INFO(line);
    const std::size_t colon = line.find("accuracy ");
    REQUIRE(colon != std::string::npos);
    return std::stod(line.substr(colon + 9));
  };
  CHECK(accuracy(pretrained + "/digits.pth") > accuracy("none") + 2);
}

TEST_CASE("resume ends with the digest of a run that was not killed", "[examples][resume]") {
  const IoFolder folder;
  const auto start = [&](const std::string& name, const std::string& options) {
    return run_model("resume",
                     mnist + "--epochs 2 --run " + (folder / name).string() + " " + options);
  };
  const Run whole = start("whole", "--at-least 87");
  REQUIRE(whole.code == 0);
  REQUIRE(has(whole.output, "digest of the weights "));

  // Before the first checkpoint; between two; at the end of an epoch, which has 94 steps.
  for (const int step : {7, 94, 95, 133}) {
    const Run killed = start("killed", fmt::format("--kill-at {}", step));
    INFO(step << ": " << killed.output);
    CHECK(killed.signal == SIGKILL);
    CHECK_FALSE(has(killed.output, "digest"));
  }
  const Run resumed = start("killed", "");
  CHECK(resumed.code == 0);
  CHECK(has(resumed.output, "step-120.safetensors"));
  CHECK(last_line(resumed.output) == last_line(whole.output));

  // Another training has another digest.
  const Run other = run_model("resume", mnist + "--epochs 1 --run " + (folder / "other").string());
  CHECK(last_line(other.output) != last_line(whole.output));
}

TEST_CASE("gpt resumes to the same weights and writes from a file", "[examples][gpt]") {
  const IoFolder folder;
  const auto path = [&](const char* name) { return (folder / name).string(); };
  const std::string short_text = text + "--characters 30 ";
  const Run whole = run_model("gpt", short_text + "--steps 8 --save " + path("whole"));
  REQUIRE(whole.code == 0);

  const std::string resumable = short_text + "--resume " + path("checkpoint") + " ";
  CHECK(run_model("gpt", resumable + "--steps 5").code == 0);
  const Run resumed = run_model("gpt", resumable + "--steps 8 --save " + path("resumed"));
  CHECK(has(resumed.output, "going on after step 5"));
  CHECK(io::read_file(path("resumed")) == io::read_file(path("whole")));
  CHECK(last_line(resumed.output) == last_line(whole.output));

  const std::string generate = "--generate " + path("whole") + " --prompt JULIET: --characters 30";
  const Run written = run_model("gpt", generate);
  CHECK(written.code == 0);
  CHECK(written.output.rfind("JULIET:", 0) == 0);
  CHECK(written.output.size() == 7 + 30 + 1);
  CHECK(run_model("gpt", generate).output == written.output);
  CHECK(run_model("gpt", generate + " --seed 2").output != written.output);
}

// Python reads the weights that from_pytorch.cpp trained, and counts the same right answers.
TEST_CASE("weights trained here have the same accuracy in PyTorch", "[examples][from_pytorch]") {
  const IoFolder folder;
  const std::string file = (folder / "digits.safetensors").string();
  const Run ours =
      run_model("from_pytorch", mnist + "--pretrained " + pretrained + " --save " + file);
  INFO(ours.output);
  REQUIRE(ours.code == 0);
  const std::string python =
      std::filesystem::exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
  const Run theirs = run(python + " " + source + "/tests/examples/from_pytorch_check.py " + file +
                         " " + source + "/data/mnist_subset");
  if (theirs.code == 77 || theirs.code == 127) {
    WARN("there is no Python with PyTorch: install python3-torch");
    return;
  }
  INFO(theirs.output);
  CHECK(theirs.code == 0);
  CHECK(has(theirs.output, "test accuracy "));
  CHECK(ours.output.rfind(theirs.output, 0) == 0);
}

}  // namespace
}  // namespace xgrad

#endif

#include <sstream>

#include <xgrad/xgrad.hpp>

#include "data/folder.hpp"
#include "support/catch.hpp"

using namespace xgrad;
using data::Progress;
using data::ProgressOptions;

namespace {

// A clock that tests set.
struct Clock {
  double now = 100;
  std::function<double()> read() {
    return [this] { return now; };
  }
};

}  // namespace

TEST_CASE("in a terminal a line is redrawn in place", "[data][progress]") {
  Clock clock;
  std::ostringstream out;
  Progress progress(out, "epoch 1/5", 1000,
                    {.terminal = true, .width = 120, .clock = clock.read()});
  progress.add(50);
  CHECK(out.str().empty());  // too early to draw
  clock.now += 2;
  progress.set("loss", 0.25123);
  progress.add(450);
  CHECK(out.str() ==
        "\repoch 1/5 [###############               ]  50 %  250 samples/s, 2 s left, loss 0.2512");
  out.str("");
  clock.now += 2;
  progress.set("loss", 0.2);
  progress.set("accuracy", "97 %");
  progress.add(500);
  CHECK(out.str().find("] 100 %  250 samples/s, 0 s left, loss 0.2, accuracy 97 %") !=
        std::string::npos);
  out.str("");
  progress.finish();
  const std::string last = out.str();
  CHECK(last.starts_with("\repoch 1/5 loss 0.2, accuracy 97 % (250 samples/s, 4 s)"));
  CHECK(last.ends_with(" \n"));  // what stood there is overwritten
  out.str("");
  progress.finish();
  progress.add(5);
  CHECK(out.str().empty());
  CHECK(progress.done() == 1000);
}

TEST_CASE("elsewhere lines are written from time to time", "[data][progress]") {
  Clock clock;
  std::ostringstream out;
  Progress progress(out, "train", 200,
                    {.unit = "batches", .line_every = 10, .clock = clock.read()});
  for (int i = 0; i < 100; ++i) {
    clock.now += 0.25;
    progress.add();
  }
  progress.finish("loss 1.5");
  CHECK(out.str() ==
        "train  20 %  4 batches/s, 40 s left\n"
        "train  40 %  4 batches/s, 30 s left\n"
        "train loss 1.5 (4 batches/s, 25 s)\n");
}

TEST_CASE("an unknown total shows what was done", "[data][progress]") {
  Clock clock;
  std::ostringstream out;
  Progress progress(out, "read", 0, {.line_every = 0, .clock = clock.read()});
  clock.now += 4000;
  progress.add(8000000);
  CHECK(out.str() == "read 8000000 samples, 2000 samples/s, 1:06:40\n");
}

TEST_CASE("a time left is told in minutes and hours", "[data][progress]") {
  const auto line_after = [](double seconds, std::int64_t done) {
    Clock clock;
    std::ostringstream out;
    Progress progress(out, "x", 100, {.line_every = 0, .clock = clock.read()});
    clock.now += seconds;
    progress.add(done);
    return out.str();
  };
  CHECK(line_after(59, 50).find("59 s left") != std::string::npos);
  CHECK(line_after(125, 50).find("2:05 left") != std::string::npos);
  CHECK(line_after(3661, 50).find("1:01:01 left") != std::string::npos);
  CHECK(line_after(10, 0).find("left") == std::string::npos);
  CHECK(line_after(10, 150).find("100 %") != std::string::npos);  // more than was announced
}

TEST_CASE("a line is cut to the terminal's width, by characters", "[data][progress]") {
  Clock clock;
  std::ostringstream out;
  Progress progress(out, "\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9", 10,
                    {.terminal = true, .refresh = 0, .width = 4, .clock = clock.read()});
  progress.add();
  CHECK(out.str() == "\r\xC3\xA9\xC3\xA9\xC3\xA9");
}

TEST_CASE("a progress that is left early ends its line", "[data][progress]") {
  std::ostringstream out;
  {
    Progress progress(out, "x", 10, {.terminal = true, .refresh = 0});
    progress.add();
  }
  CHECK(out.str().ends_with("\n"));
  std::ostringstream silent;
  { const Progress progress(silent, "x", 10); }
  CHECK(silent.str().empty());
}

TEST_CASE("a file that is no terminal gets lines", "[data][progress]") {
  const test::Folder folder;
  std::FILE* const file = std::fopen(folder.at("log").c_str(), "w");
  {
    Progress progress(file, "x", 10);
    progress.add(10);
    progress.finish("done");
  }
  std::fclose(file);
  const std::string text = data::read_text(folder.at("log"));
  CHECK(text.starts_with("x done ("));
  CHECK(text.find('\r') == std::string::npos);
  CHECK(text.ends_with(")\n"));
}

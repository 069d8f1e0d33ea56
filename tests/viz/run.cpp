#include <atomic>
#include <csignal>
#include <limits>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <stdexcept>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"
#include "viz/run_folder.hpp"

using namespace xgrad;
using nlohmann::json;
using test::content;
using test::IoFolder;
using test::records;

namespace {

constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();
const viz::RunOptions quiet{.flush_every = 0};

json page_of(const viz::Run& run) { return test::data_in(content(run.report())); }

struct Small : nn::Layer<Small> {
  nn::Linear hidden = child("hidden", nn::Linear(3, 2));
  nn::Linear output = child("output", nn::Linear(2, 1));
  Tensor forward(const Tensor& x) { return output(tanh(hidden(x))); }
};

}  // namespace

TEST_CASE("the log has what was recorded, and so has the page", "[viz][run]") {
  const IoFolder folder;
  viz::Run run(folder / "a/lenet", quiet);
  run.hparams({{"lr", 0.1}, {"epochs", 5}, {"nesterov", true}, {"optimizer", "SGD"}});
  run.scalar("loss", 0, 2.5);
  run.scalar("loss", 1, tensor(1.25));
  run.text("note", 1, "first\nsecond");
  run.graph("net", "<svg/>");
  run.close();
  CHECK(run.folder() == folder / "a/lenet");
  const auto scalars = records(run.folder(), "scalar");
  REQUIRE(scalars.size() == 2);
  CHECK(scalars[1]["name"] == "loss");
  CHECK(scalars[1]["step"] == 1);
  CHECK(scalars[1]["value"] == 1.25);
  CHECK(records(run.folder(), "text")[0]["text"] == "first\nsecond");
  CHECK(records(run.folder(), "end")[0]["status"] == "finished");
  const json page = page_of(run)["runs"][0];
  CHECK(page["name"] == "lenet");
  CHECK(page["status"] == "finished");
  CHECK(page["scalars"][0]["points"]["value"] == json({2.5, 1.25}));
  CHECK(page["texts"][0]["entries"][0]["value"] == "first\nsecond");
  CHECK(page["graphs"][0]["value"] == "<svg/>");
  CHECK(page["hparams"] == json::parse(R"([{"name":"lr","value":0.1},{"name":"epochs","value":5},
      {"name":"nesterov","value":true},{"name":"optimizer","value":"SGD"}])"));
}

TEST_CASE("a record is in the log when the call returns", "[viz][run]") {
  const IoFolder folder;
  viz::Run run(folder / "run", quiet);
  for (int i = 0; i < 5; ++i) {
    run.scalar("x", i, i);
    CHECK(records(run.folder(), "scalar").size() == static_cast<std::size_t>(i + 1));
  }
}

TEST_CASE("numbers that are not finite are recorded as such", "[viz][run]") {
  const IoFolder folder;
  viz::Run run(folder / "run", quiet);
  run.scalar("x", 0, nan_value);
  run.scalar("x", 1, infinity);
  run.scalar("x", 2, -infinity);
  run.scalar("x", 3, std::numeric_limits<double>::denorm_min());
  run.scalar("x", 4, -std::numeric_limits<double>::max());
  run.flush();
  const json value = page_of(run)["runs"][0]["scalars"][0]["points"]["value"];
  CHECK(value[0] == "NaN");
  CHECK(value[1] == "Infinity");
  CHECK(value[2] == "-Infinity");
  CHECK(records(run.folder(), "scalar")[3]["value"] == std::numeric_limits<double>::denorm_min());
  CHECK(records(run.folder(), "scalar")[4]["value"] == -std::numeric_limits<double>::max());
}

TEST_CASE("hostile names and texts stay texts", "[viz][run]") {
  const IoFolder folder;
  const std::string hostile = GENERATE(
      "</script><script>alert(1)</script>", "<!-- <script>", "\"quotes\" 'and' \\ \n\t\x01",
      "ünï\xf0\x9f\x99\x82\xe2\x80\xa8", "@data@ @report.js@", "__proto__", "{}[],:");
  viz::Run run(folder / "run", {.name = hostile, .flush_every = 0});
  run.scalar(hostile, 1, 1);
  run.text(hostile, 1, hostile);
  run.hparams({{"p", hostile}});
  run.graph(hostile, "<svg>" + hostile + "</svg>");
  run.close();
  const std::string html = content(run.report());
  const json page = test::data_in(html)["runs"][0];
  CHECK(page["name"] == hostile);
  CHECK(page["scalars"][0]["name"] == hostile);
  CHECK(page["texts"][0]["entries"][0]["value"] == hostile);
  CHECK(page["hparams"][0]["value"] == hostile);
  CHECK(page["graphs"][0]["value"] == "<svg>" + hostile + "</svg>");
  CHECK(html.find("<script>alert") == html.npos);
  CHECK(html.substr(html.size() - 8) == "</html>\n");
}

TEST_CASE("bytes that are not UTF-8 are replaced", "[viz][run]") {
  const IoFolder folder;
  viz::Run run(folder / "run", quiet);
  run.scalar("a\xff\xc3", 1, 1);
  run.text("t", 1, std::string("zero \0 byte", 11));
  run.close();
  CHECK(page_of(run)["runs"][0]["scalars"][0]["name"] == "a\xef\xbf\xbd\xef\xbf\xbd");
  CHECK(page_of(run)["runs"][0]["texts"][0]["entries"][0]["value"] ==
        std::string("zero \0 byte", 11));
}

TEST_CASE("a run goes on where it stopped", "[viz][run]") {
  const IoFolder folder;
  const std::string torn = GENERATE("", "{\"kind\":\"scalar\",\"na", "{", "\0\0\0");
  {
    viz::Run run(folder / "run", quiet);
    for (int i = 0; i < 10; ++i) run.scalar("x", i, i);
  }
  const std::string before = content(folder / "run/log.jsonl");
  test::write(folder / "run/log.jsonl", before + torn);
  viz::Run run(folder / "run", quiet);
  run.scalar("x", 8, 80);
  run.close();
  CHECK(content(folder / "run/log.jsonl").starts_with(before + "{\"kind\":\"run\""));
  const json page = page_of(run)["runs"][0];
  CHECK(page["damaged"] == 0);
  CHECK(page["scalars"][0]["points"]["step"] == json({0, 1, 2, 3, 4, 5, 6, 7, 8}));
  CHECK(page["scalars"][0]["points"]["value"][8] == 80);
}

TEST_CASE("damaged lines are skipped and counted", "[viz][run]") {
  const IoFolder folder;
  viz::Run(folder / "run", quiet).scalar("x", 1, 1);
  const std::string line =
      GENERATE("not JSON", "", "[]", "null", "{\"kind\":\"scalar\"}", "{\"kind\":7}",
               R"({"kind":"scalar","name":"x","step":1.5,"time":1,"value":1})",
               R"({"kind":"scalar","name":"x","step":99999999999999999999,"time":1,"value":1})",
               R"({"kind":"scalar","name":"x","step":18446744073709551615,"time":1,"value":1})",
               R"({"kind":"scalar","name":"x","step":1,"time":1,"value":"<b>"})",
               R"({"kind":"scalar","name":"x","step":1,"time":1,"value":1e999})",
               R"({"kind":"scalar","name":{},"step":1,"time":1,"value":1})",
               R"({"kind":"hparam","name":"x","time":1,"value":[1]})",
               R"({"kind":"histogram","name":"x","step":1,"time":1,"low":0,"high":1,"mean":0,)"
               R"("std":0,"quantiles":[1],"counts":[1],"not_finite":0})");
  std::string log = content(folder / "run/log.jsonl");
  test::write(folder / "run/log.jsonl", log + line + "\n" + log);
  viz::Run run(folder / "run", quiet);
  CHECK(page_of(run)["runs"][0]["damaged"] == 1);
  CHECK(page_of(run)["runs"][0]["scalars"][0]["total"] == 2);
}

TEST_CASE("records of kinds that are not known yet are no damage", "[viz][run]") {
  const IoFolder folder;
  viz::Run(folder / "run", quiet).close();
  const std::string log = content(folder / "run/log.jsonl");
  test::write(folder / "run/log.jsonl", log + "{\"kind\":\"video\",\"name\":\"x\"}\n");
  CHECK(page_of(viz::Run(folder / "run", quiet))["runs"][0]["damaged"] == 0);
}

TEST_CASE("a log of a later format is refused and left alone", "[viz][run]") {
  const IoFolder folder;
  std::filesystem::create_directories(folder / "run");
  const std::string later = "{\"kind\":\"run\",\"name\":\"x\",\"time\":1.0,\"format\":2}\n";
  test::write(folder / "run/log.jsonl", later);
  CHECK(test::throws<IoError>([&] { viz::Run run(folder / "run"); },
                              {"log.jsonl", "format 2", "format 1"}));
  CHECK(content(folder / "run/log.jsonl") == later);
}

TEST_CASE("one Run at a time writes a folder", "[viz][run]") {
  const IoFolder folder;
  viz::Run run(folder / "run", quiet);
  CHECK(
      test::throws<IoError>([&] { viz::Run other(folder / "run"); }, {"log.jsonl", "another Run"}));
  run.close();
  viz::Run other(folder / "run", quiet);
  CHECK(records(other.folder(), "run").size() == 2);
}

TEST_CASE("wrong arguments are refused, and nothing is recorded", "[viz][run]") {
  const IoFolder folder;
  viz::Run run(folder / "run", quiet);
  constexpr std::int64_t beyond = (std::int64_t{1} << 53) + 1;
  CHECK(test::throws<ValueError>([&] { run.scalar("", 1, 1); }, {"Run.scalar", "empty"}));
  CHECK(test::throws<ValueError>([&] { run.scalar("x", beyond, 1); }, {"Run.scalar", "2^53"}));
  CHECK(test::throws<ShapeError>([&] { run.scalar("x", 1, ones(2)); }, {"[2]"}));
  CHECK(test::throws<ValueError>([&] { run.graph("x", "digraph {}"); }, {"Run.graph", "<svg>"}));
  CHECK(test::throws<ValueError>([&] { run.hparams({{"w", ones(2)}}); }, {"Run.hparams", "'w'"}));
  CHECK(test::throws<ShapeError>([&] { run.image("x", 1, ones(3)); }, {"Run.image", "[3]"}));
  CHECK(test::throws<ShapeError>([&] { run.image("x", 1, ones({2, 4, 4})); }, {"2 channels"}));
  CHECK(test::throws<ShapeError>([&] { run.image("x", 1, ones({0, 4})); }, {"not empty"}));
  CHECK(test::throws<ShapeError>([&] { run.image("x", 1, ones({4096, 2048})); }, {"2^22"}));
  CHECK(test::throws<ValueError>([&] { run.watch(Small(), {.every = 0}); }, {"every is 0"}));
  Small frozen;
  frozen.requires_grad_(false);
  CHECK(test::throws<ValueError>([&] { run.watch(frozen); }, {"Run.watch", "no parameter"}));
  CHECK(test::throws<ValueError>([&] { viz::Run("", quiet); }, {"folder"}));
  CHECK(test::throws<ValueError>([&] { viz::Run(folder / "n", {.flush_every = nan_value}); },
                                 {"flush_every"}));

  CHECK(records(run.folder(), "scalar").empty());
  run.close();
  CHECK(test::throws<GraphError>([&] { run.scalar("x", 1, 1); }, {"Run.scalar", "closed"}));
  CHECK(test::throws<GraphError>([&] { run.flush(); }, {"Run.flush", "closed"}));
  run.close();  // once more does nothing
  CHECK(records(run.folder(), "end").size() == 1);
}

TEST_CASE("folders that cannot be written are an IoError", "[viz][run]") {
  const IoFolder folder;
  test::write(folder / "file", "x");
  CHECK(test::throws<IoError>([&] { viz::Run(folder / "file/run", quiet); }, {"file/run"}));
  CHECK(test::throws<IoError>([&] { viz::Run(folder / "file", quiet); }, {"file"}));
  std::filesystem::create_directories(folder / "run/log.jsonl");
  CHECK(test::throws<IoError>([&] { viz::Run(folder / "run", quiet); }, {"log.jsonl"}));
}

TEST_CASE("a device is no log", "[viz][run]") {
  const IoFolder folder;
  std::filesystem::create_directories(folder / "run");
  std::filesystem::create_symlink("/dev/full", folder / "run/log.jsonl");
  CHECK(test::throws<IoError>([&] { viz::Run(folder / "run", quiet); }, {"log.jsonl"}));
}

TEST_CASE("an exception marks the run as failed", "[viz][run]") {
  const IoFolder folder;
  try {
    viz::Run run(folder / "run", quiet);
    run.scalar("x", 1, 1);
    throw std::runtime_error("training diverged");
  } catch (const std::runtime_error&) {
  }
  CHECK(records(folder / "run", "end")[0]["status"] == "failed");
}

TEST_CASE("a run can be moved; the one that is moved over is finished", "[viz][run]") {
  const IoFolder folder;
  viz::Run a(folder / "a", quiet), b(folder / "b", quiet);
  a = std::move(b);
  CHECK(records(folder / "a", "end").size() == 1);
  CHECK(records(folder / "b", "end").empty());
  a.scalar("x", 1, 1);
  CHECK(records(folder / "b", "scalar").size() == 1);
  CHECK(test::throws<GraphError>([&] { b.scalar("x", 1, 1); }, {"Run.scalar"}));  // NOLINT
}

TEST_CASE("records flush the page when it is old", "[viz][run]") {
  const IoFolder folder;
  viz::Run run(folder / "run", {.flush_every = 0.05});
  run.scalar("x", 1, 1);
  std::this_thread::sleep_for(std::chrono::milliseconds(80));
  run.scalar("x", 2, 2);
  CHECK(page_of(run)["runs"][0]["scalars"][0]["total"] == 2);
}

TEST_CASE("several threads record whole lines", "[viz][run]") {
  const IoFolder folder;
  viz::Run run(folder / "run", {.flush_every = 0.01, .tensorboard = true});
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&run, t] {
      for (int i = 0; i < 300; ++i) {
        run.scalar("shared", t * 300 + i, i);
        run.text(fmt::format("of {}", t), i, std::string(1000, static_cast<char>('a' + t)));
        if (i % 100 == 0) run.flush();
      }
    });
  for (std::thread& t : threads) t.join();
  run.close();
  std::set<std::int64_t> steps;
  for (const json& r : records(run.folder(), "scalar")) steps.insert(r["step"].get<std::int64_t>());
  CHECK(steps.size() == 1200);
  CHECK(records(run.folder(), "text").size() == 1200);
  CHECK(page_of(run)["runs"][0]["damaged"] == 0);
}

TEST_CASE("closing while others record gives them an error or nothing", "[viz][run]") {
  const IoFolder folder;
  viz::Run run(folder / "run", quiet);
  std::atomic<int> recorded = 0;
  std::thread other([&] {
    try {
      for (int i = 0; i < 1'000'000; ++i, ++recorded) run.scalar("x", i, i);
    } catch (const GraphError&) {
    }
  });
  while (recorded < 10) std::this_thread::yield();
  run.close();
  other.join();
  CHECK(records(run.folder(), "scalar").size() == static_cast<std::size_t>(recorded));
}

#if !XGRAD_TEST_SANITIZED
TEST_CASE("a run survives kill -9 at any moment", "[viz][run]") {
  const IoFolder folder;
  std::mt19937 bits(3);
  std::int64_t next = 0;
  for (int round = 0; round < 25; ++round) {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      viz::Run run(folder / "run", {.flush_every = 0.002});
      for (std::int64_t i = next;; ++i) {
        run.scalar("x", i, static_cast<double>(i));
        if (i % 7 == 0) run.text("long", i, std::string(20'000, 'x'));
      }
    }
    ::usleep(std::uniform_int_distribution<useconds_t>(500, 30'000)(bits));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    if (!std::filesystem::exists(folder / "run/log.jsonl")) continue;
    if (std::filesystem::exists(folder / "run/report.html")) {
      const std::string html = content(folder / "run/report.html");
      CHECK(html.ends_with("</html>\n"));
      CHECK(!test::data_in(html)["runs"].empty());
    }
    viz::Run run(folder / "run", quiet);  // goes on
    const json page = page_of(run)["runs"][0];
    CHECK(page["damaged"] == 0);
    if (page["scalars"].empty()) continue;
    CHECK(page["scalars"][0]["total"] >= next);  // nothing that was recorded is lost
    next = page["scalars"][0]["total"];
    const json steps = page["scalars"][0]["points"]["step"];
    CHECK(steps[steps.size() - 1] == next - 1);
  }
  CHECK(next > 100);
}
#endif

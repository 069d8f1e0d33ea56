#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"
#include "viz/run_folder.hpp"

using namespace xgrad;
using nlohmann::json;
using test::content;
using test::IoFolder;

namespace {

void write_run(const std::string& folder, double scale, const std::string& name = {}) {
  viz::Run run(folder, {.name = name, .flush_every = 0});
  for (int i = 0; i < 3000; ++i) run.scalar("loss", i, scale * i);
  run.histogram("w", 1, ones({3}));
  run.image("x", 1, ones({2, 2}));
  run.text("t", 1, "text");
  run.hparams({{"scale", scale}});
  run.close();
}

}  // namespace

TEST_CASE("a report made from the log is the run's own", "[viz][report]") {
  const IoFolder folder;
  write_run(folder / "run", 1);
  viz::write_report({folder / "run"}, folder / "made.html");
  CHECK(content(folder / "made.html") == content(folder / "run/report.html"));
}

TEST_CASE("a report has several runs, told apart by name or folder", "[viz][report]") {
  const IoFolder folder;
  write_run(folder / "a/one", 1);
  write_run(folder / "b/one", 2);
  write_run(folder / "two", 3);
  const std::string file = folder / "all.html";
  viz::write_report({folder / "a/one", folder / "b/one", folder / "two"}, file);
  const json page = test::data_in(content(file));
  REQUIRE(page["runs"].size() == 3);
  CHECK(page["title"] == "3 runs");
  CHECK(page["runs"][0]["name"] == "a/one");
  CHECK(page["runs"][1]["name"] == "b/one");
  CHECK(page["runs"][2]["name"] == "two");
  viz::write_report({folder / "two"}, file, {.title = "A <b>title</b> & more"});
  CHECK(content(file).find("<title>A &lt;b&gt;title&lt;/b&gt; &amp; more</title>") !=
        std::string::npos);
}

TEST_CASE("a run that is being written can be reported", "[viz][report]") {
  const IoFolder folder;
  viz::Run run(folder / "run", {.flush_every = 0});
  run.scalar("x", 1, 1);
  viz::write_report({folder / "run"}, folder / "now.html");
  const json page = test::data_in(content(folder / "now.html"))["runs"][0];
  CHECK(page["status"] == "open");
  CHECK(page["scalars"][0]["total"] == 1);
}

TEST_CASE("the page of a long series is small, and tells its rule", "[viz][report]") {
  const IoFolder folder;
  viz::Run run(folder / "run", {.flush_every = 0});
  for (int i = 0; i < 100'000; ++i) run.scalar("x", i, i % 1000);
  run.close();
  const json x = test::data_in(content(run.report()))["runs"][0]["scalars"][0];
  CHECK(x["total"] == 100'000);
  CHECK(x["width"] == 256);
  CHECK(x["points"]["step"].size() <= 4 * 512);
  CHECK(x["means"]["step"].size() == 391);
  CHECK(std::abs(x["means"]["value"][0].get<double>() - 127.5) < 1e-9);
  CHECK(content(run.report()).size() < 200'000);
}

TEST_CASE("a report needs runs", "[viz][report]") {
  const IoFolder folder;
  CHECK(test::throws<ValueError>([&] { viz::write_report({}, folder / "x.html"); },
                                 {"write_report", "no folders"}));
  CHECK(test::throws<IoError>([&] { viz::write_report({folder / "none"}, folder / "x.html"); },
                              {"none/log.jsonl"}));
  CHECK(!std::filesystem::exists(folder / "x.html"));
  write_run(folder / "run", 1);
  CHECK(test::throws<IoError>([&] { viz::write_report({folder / "run"}, folder / "no/x.html"); },
                              {"no/x.html"}));
}

TEST_CASE("a page loads nothing", "[viz][report]") {
  const IoFolder folder;
  write_run(folder / "run", 1);
  const std::string html = content(folder / "run/report.html");
  CHECK(html.find("default-src 'none'") != html.npos);
  for (const char* const part : {"src=\"http", "href=\"http", "url(", "@import", "fetch("})
    CHECK(html.find(part) == html.npos);
  CHECK(html.find("Permission is hereby granted") != html.npos);  // uPlot's license
}

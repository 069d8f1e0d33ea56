#include <cstdlib>
#include <filesystem>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <unistd.h>

#include <xgrad/io/file.hpp>
#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"
#include "text.hpp"
#include "viz/dot_file.hpp"

using namespace xgrad;
using test::DotFile;
namespace fs = std::filesystem;

namespace {

const TensorOptions leaf{.dtype = float64, .requires_grad = true};

// A folder that is removed with what is in it.
struct Folder {
  fs::path path = fs::temp_directory_path() / ("xgrad_graph_" + std::to_string(getpid()));
  Folder() { fs::create_directory(path); }
  ~Folder() { fs::remove_all(path); }
};

viz::GraphPicture example() {
  const KeepValues guard;
  static const Tensor w = tensor({{1.0, 2.0}, {3.0, 4.0}}, leaf), b = tensor({1.0, -1.0}, leaf);
  return viz::graph(tanh(w + b).sum(), {.names = {{"w", w}, {"b", b}}, .backward = true});
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++n;
  return n;
}

// Tags are closed in their order, attributes are quoted, "&" begins an entity.
bool is_well_formed(const std::string& xml) {
  static const std::regex tag("<(/?)([A-Za-z:]+)((?:[ \\n]+[A-Za-z:-]+=\"[^\"<]*\")*) ?(/?)>");
  std::vector<std::string> open;
  std::size_t at = xml.find("<svg");
  for (std::smatch m; (at = xml.find('<', at)) != std::string::npos;) {
    if (xml.compare(at, 4, "<!--") == 0) {
      at = xml.find("-->", at);
      continue;
    }
    const std::string rest = xml.substr(at, std::min(xml.find('>', at) + 1, xml.size()) - at);
    if (!std::regex_match(rest, m, tag)) return false;
    if (m[1] == "/") {
      if (open.empty() || open.back() != m[2]) return false;
      open.pop_back();
    } else if (m[4] != "/") {
      open.push_back(m[2]);
    }
    at += rest.size();
  }
  static const std::regex bare("&(?!(amp|lt|gt|quot|#[0-9]+|#x[0-9a-fA-F]+|[a-z]+);)");
  return open.empty() && !std::regex_search(xml, bare);
}

// The lines of a flowchart, as the language has them.
bool is_flowchart(const std::string& text) {
  static const std::string string = "\"[^\"]*\"";
  static const std::regex line(
      "flowchart (TB|LR)|subgraph c\\d+\\[" + string + "\\]|end|n\\d+(\\[" + string + "\\]|\\(\\(" +
      string + "\\)\\))|n\\d+ (-->|-\\.->|---)(\\|" + string +
      "\\|)? n\\d+|classDef [a-z]+ [a-z#0-9:, -]+|class n\\d+(,n\\d+)* [a-z]+|"
      "style n\\d+ fill:#[0-9a-f]{6}|linkStyle \\d+ stroke:#[0-9a-f]{6},stroke-width:[0-9.]+px");
  std::istringstream lines(text);
  int depth = 0;
  for (std::string each; std::getline(lines, each);) {
    each.erase(0, each.find_first_not_of(' '));
    if (!std::regex_match(each, line)) return false;
    depth += each.starts_with("subgraph") ? 1 : each == "end" ? -1 : 0;
    if (depth < 0) return false;
  }
  return depth == 0;
}

std::uint32_t big_endian(const std::string& bytes, std::size_t at) {
  std::uint32_t n = 0;
  for (std::size_t i = 0; i < 4; ++i) n = n << 8 | static_cast<unsigned char>(bytes.at(at + i));
  return n;
}

const std::vector<std::string> hostile{"a\"b",         "<b>bold</b>",
                                       "a & b",        "&lt;",
                                       "line\nbreak",  "tab\there",
                                       "back\\slash",  "\\N",
                                       "-->",          "]]>",
                                       "end",          "#quot;",
                                       "`code`",       "größe ∂L/∂w 重み",
                                       "\xff\xfe bad", "\x1b[31mred",
                                       "{a|b}",        "\xed\xa0\x80",
                                       "\u202egnp",    "   ",
                                       "%%{init}%%",   "'; DROP",
                                       "$(touch x)",   std::string("nul\0!", 5)};

}  // namespace

TEST_CASE("an SVG has an element for each box and arrow, and the texts", "[viz][graph]") {
  const std::string svg = example().svg();
  CHECK(is_well_formed(svg));
  const DotFile dot(example().dot());
  CHECK(count(svg, "class=\"node\"") == dot.boxes.size());
  CHECK(count(svg, "class=\"edge\"") == dot.arrows.size());
  for (const std::string text : {">w<", ">b<", ">tanh<", ">[1, 2]<", "1. arrives 1"})
    CHECK(svg.find(text) != std::string::npos);
  CHECK(count(svg, "text-anchor=\"start\"") == 0);
}

TEST_CASE("the titles of frames come after the arrows of an SVG", "[viz][graph]") {
  const nn::Sequential model(nn::Linear(2, 2), nn::Tanh());
  const viz::GraphPicture picture = viz::graph(model, [&] { return model(ones({1, 2})).sum(); });
  const std::string svg = picture.svg();
  CHECK(is_well_formed(svg));
  CHECK(count(svg, "class=\"cluster\"") == 3);
  CHECK(svg.find(">0: Linear<") > svg.rfind("class=\"edge\""));
}

TEST_CASE("a PNG has the size of its picture, and colours", "[viz][graph]") {
  const std::string png = example().png();
  REQUIRE(png.starts_with("\x89PNG\r\n\x1a\n"));
  const std::uint32_t width = big_endian(png, 16), height = big_endian(png, 20);
  CHECK(width > 200);
  CHECK(height > 300);
  CHECK(png.size() > 10'000);  // one colour would take a few hundred bytes
  const std::string large = example().png(288);
  CHECK(std::abs(static_cast<int>(big_endian(large, 16)) - 2 * static_cast<int>(width)) < 8);
  CHECK(test::throws<ValueError>([] { example().png(0); }, {"GraphPicture::png", "dpi is 0"}));
  CHECK(test::throws<ValueError>([] { example().png(NAN); }, {"GraphPicture::png", "nan"}));
}

TEST_CASE("a flowchart of Mermaid has every box and arrow", "[viz][graph]") {
  const std::string text = example().mermaid();
  CHECK(is_flowchart(text));
  const DotFile dot(example().dot());
  CHECK(count(text, "<b>") == dot.boxes.size());
  CHECK(count(text, "--> n") + count(text, "-.->|") == dot.arrows.size());
  CHECK(text.find("n0[\"<b>w</b><br/>[2, 2]") != std::string::npos);
  CHECK(text.find("<br/>1. arrives 1\"]") != std::string::npos);
}

TEST_CASE("a picture is the same bytes each time", "[viz][graph]") {
  const viz::GraphPicture a = example(), b = example();
  CHECK(a.dot() == b.dot());
  CHECK(a.mermaid() == b.mermaid());
  CHECK(a.svg() == b.svg());
  CHECK(a.png() == b.png());
}

TEST_CASE("names of any bytes are drawn in every format", "[viz][graph]") {
  const KeepValues guard;
  std::vector<NamedTensor> names;
  Tensor sum = tensor(0.0, leaf);
  for (const std::string& name : hostile) {
    names.push_back({name, tensor(1.0, leaf)});
    sum = sum + names.back().tensor;
  }
  const viz::GraphPicture picture =
      viz::graph(sum, {.names = names, .fold = 0, .title = "a \"<&>\" \\ b"});
  const DotFile dot(picture.dot());
  CHECK(dot.boxes.size() == 2 * hostile.size() + 1);
  const std::string svg = picture.svg();
  CHECK(is_well_formed(svg));
  CHECK(count(svg, "class=\"node\"") == dot.boxes.size());
  CHECK(svg.find(">größe ∂L/∂w 重み<") != std::string::npos);
  CHECK(svg.find(">&lt;b&gt;bold&lt;/b&gt;<") != std::string::npos);
  CHECK(svg.find(">line\\nbreak<") != std::string::npos);
  CHECK(svg.find(">back\\slash<") != std::string::npos);
  CHECK(svg.find(">&amp;lt;<") != std::string::npos);
  CHECK(is_flowchart(picture.mermaid()));
  CHECK(picture.mermaid().find("<b>a#34;b</b>") != std::string::npos);
  CHECK(picture.png().size() > 1000);
}

TEST_CASE("texts become one line of UTF-8", "[viz][graph]") {
  using viz::one_line;
  CHECK(one_line("plain") == "plain");
  CHECK(one_line("a\nb\r\t\x01") == "a\\nb\\r\\t\\x01");
  CHECK(one_line("\xff") == "\ufffd");
  CHECK(one_line("\xc0\x80") == "\ufffd\ufffd");            // overlong
  CHECK(one_line("\xed\xa0\x80") == "\ufffd\ufffd\ufffd");  // a surrogate
  CHECK(one_line("\xf4\x90\x80\x80") == "\ufffd\ufffd\ufffd\ufffd");
  CHECK(one_line("\xe2\x82") == "\ufffd\ufffd");  // cut off
  CHECK(one_line("\U0001f600 €") == "\U0001f600 €");
  CHECK(one_line("\u202ex\ufeff") == "\ufffdx\ufffd");
  CHECK(one_line("") == "''");
  CHECK(one_line("  ") == "'  '");
  CHECK(one_line("ääääää", 5) == "ää…ää");
  CHECK(one_line(std::string(200, 'x')).size() == 62);
  CHECK(viz::wrapped("a=(1, 2), bb=3, c=4", 10) ==
        std::vector<std::string>{"a=(1, 2),", "bb=3, c=4"});
}

TEST_CASE("a picture is saved in the format of the file's name", "[viz][graph]") {
  const Folder folder;
  const viz::GraphPicture picture = example();
  for (const std::string name : {"a.svg", "a.png", "a.dot", "a.gv", "a.mmd", "a.mermaid"})
    picture.save(folder.path / name);
  CHECK(io::read_file(folder.path / "a.svg") == picture.svg());
  CHECK(io::read_file(folder.path / "a.png") == picture.png());
  CHECK(io::read_file(folder.path / "a.gv") == picture.dot());
  CHECK(io::read_file(folder.path / "a.mmd") == picture.mermaid());
  CHECK(test::throws<ValueError>([&] { picture.save(folder.path / "a.pdf"); },
                                 {"GraphPicture::save", "a.pdf", ".svg"}));
  CHECK(test::throws<ValueError>([&] { picture.save(folder.path / "a"); }, {".svg"}));
  CHECK(test::throws<IoError>([&] { picture.save(folder.path / "none" / "a.dot"); }, {"none"}));
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder.path))
    names.insert(entry.path().filename().string());
  CHECK(names.size() == 6);
}

TEST_CASE("without Graphviz, DOT and Mermaid work, and SVG says what to install", "[viz][graph]") {
  const Folder folder;
  const std::string path = std::getenv("PATH");
  setenv("PATH", folder.path.c_str(), 1);
  const viz::GraphPicture picture = example();
  CHECK(!picture.dot().empty());
  CHECK(!picture.mermaid().empty());
  CHECK(test::throws<IoError>([&] { picture.svg(); },
                              {"GraphPicture::svg", "'dot'", "sudo apt install graphviz"}));
  CHECK(test::throws<IoError>([&] { picture.save(folder.path / "a.png"); }, {"graphviz"}));
  setenv("PATH", path.c_str(), 1);
  CHECK(fs::is_empty(folder.path));
}

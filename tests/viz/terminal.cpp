// Figures as text: where the dots are, and what is shown without gnuplot.
#include "figure/terminal.hpp"

#include <cstdlib>
#include <sstream>

#include <xgrad/graph/creation.hpp>

#include "viz/pictures.hpp"

using namespace xgrad;
using namespace xgrad::test;
using viz::Figure;

namespace {

const viz::TerminalOptions plain{.columns = 40, .lines = 14, .sixel = false, .color = false};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// The number of cells that have Braille dots.
int dotted(const std::string& text) {
  return count_of(text, "\xE2\xA0") + count_of(text, "\xE2\xA1") + count_of(text, "\xE2\xA2") +
         count_of(text, "\xE2\xA3");
}

}  // namespace

TEST_CASE("a rising line rises in the terminal", "[viz][terminal]") {
  Figure figure;
  figure.axes().plot({0, 1, 2, 3}, {.label = "rising"}).set_title("a title").set_xlabel("step");
  const auto lines = lines_of(figure.to_text(plain));
  REQUIRE(lines.size() == 14);
  CHECK(lines[0].find("a title") != std::string::npos);
  // one line of ten after the other, from the right to the left
  std::size_t before = std::string::npos;
  for (std::size_t i = 1; i <= 10; ++i) {
    const std::string inside = lines[i].substr(lines[i].find("│") + 3);
    const std::size_t blanks = inside.find_first_not_of(' ');
    CHECK(dotted(lines[i]) > 0);
    CHECK(blanks < before);
    before = blanks;
  }
  CHECK(lines[13].find("● rising") != std::string::npos);
  CHECK(lines[13].find("step") != std::string::npos);
}

TEST_CASE("text figures keep to their size and have no colours unless asked", "[viz][terminal]") {
  Figure figure(2, 2, {.title = "four"});
  for (int i = 0; i < 4; ++i) figure.axes(i / 2, i % 2).scatter({1, 2}, {2, 1});
  const std::string text = figure.to_text(plain);
  CHECK(lines_of(text).size() == 2 * 14 + 1);
  CHECK(text.find('\x1b') == std::string::npos);
  viz::TerminalOptions colored = plain;
  colored.color = true;
  CHECK(figure.to_text(colored).find("\x1b[38;2;0;114;178m") != std::string::npos);  // #0072b2
}

TEST_CASE("what lies far outside or is not finite draws nothing and ends", "[viz][terminal]") {
  const double infinity = std::numeric_limits<double>::infinity();
  Figure figure;
  figure.axes().set_xlim(0, 1).set_ylim(0, 1);
  figure.axes().plot({-1e300, 1e300}, {5, 5}).plot({0, 1}, {infinity, -infinity});
  figure.axes()
      .scatter({-1e18, 1e18}, {0.5, 0.5})
      .text(1e30, 1e30, "far")
      .bar({1e18, 2e18}, {1e18, 0});
  figure.axes().axhline(1e200).arrow(1e10, 1e10, 2e10, 2e10);
  CHECK(dotted(figure.to_text(plain)) == 0);
  Figure across;
  across.axes().set_xlim(0, 1).set_ylim(0, 1).plot({-1e15, 1e15}, {0.5, 0.5});
  CHECK(dotted(across.to_text(plain)) == 30);  // each column of the plot
}

TEST_CASE("nothing, one point, constant and logarithmic data are shown", "[viz][terminal]") {
  for (const viz::Scale scale : {viz::Scale::linear, viz::Scale::log}) {
    Figure figure;
    figure.axes().plot(viz::Numbers{}).set_yscale(scale).set_xscale(scale);
    CHECK(lines_of(figure.to_text(plain)).size() == 14);
    figure.axes().scatter({3}, {3});
    CHECK(dotted(figure.to_text(plain)) > 0);
  }
  Figure logarithmic;
  logarithmic.axes().plot({1, 10, 100, 1000}).set_yscale(viz::Scale::log);
  Figure linear;
  linear.axes().plot({0, 1, 2, 3});
  CHECK(dotted(logarithmic.to_text(plain)) == dotted(linear.to_text(plain)));
}

TEST_CASE("no text of a figure reaches the terminal as a command", "[viz][terminal]") {
  Figure figure({.title = "\x1b[31m \xC2\x9B"
                          "31m"});  // as ESC [ and as the C1 character CSI
  figure.axes()
      .plot({1, 2}, {.label = "\x9B"
                              "31m"})
      .set_title(
          "\xC2\x9B"
          "2J")
      .set_xlabel("\a\x7f");
  const std::string text = figure.to_text(plain);
  for (const char* command : {"\x1b", "\xC2\x9B", "\a", "\x7f"})
    CHECK(text.find(command) == std::string::npos);
  CHECK(text.find("\xEF\xBF\xBD"
                  "31m") != std::string::npos);  // U+FFFD
}

TEST_CASE("text in a plot is centred by its characters, not its bytes", "[viz][terminal]") {
  const auto column = [](const std::string& note) {
    Figure figure;
    figure.axes().set_xlim(0, 1).set_ylim(0, 1).text(0.5, 0.5, note, {.align = viz::Align::center});
    for (const std::string& line : lines_of(figure.to_text(plain)))
      if (const std::size_t at = line.find(note); at != std::string::npos) return at;
    return std::string::npos;
  };
  CHECK(column("aaaaaaaa") != std::string::npos);
  CHECK(column("ääääääää") == column("aaaaaaaa"));
}

TEST_CASE("an image is dark where its values are low", "[viz][terminal]") {
  Figure figure;
  figure.axes().imshow(tensor({{0., 1.}, {1., 0.}}));
  const auto lines = lines_of(figure.to_text(plain));
  CHECK(lines[1].find("█") != std::string::npos);
  CHECK(lines[1].substr(0, 20).find("█") == std::string::npos);   // dark on the left
  CHECK(lines[10].substr(0, 20).find("█") != std::string::npos);  // below, light
}

TEST_CASE("sixel is what the environment asks for", "[viz][terminal]") {
  setenv("XGRAD_SIXEL", "1", 1);
  CHECK(viz::plotting::terminal_has_sixel());
  if (has_gnuplot()) {
    Figure figure;
    figure.axes().plot({1, 2, 3});
    CHECK(figure.to_text().find("\x1bP") != std::string::npos);
    CHECK(figure.to_text({.sixel = false}).find("\x1bP") == std::string::npos);
  }
  setenv("XGRAD_SIXEL", "0", 1);
  CHECK(!viz::plotting::terminal_has_sixel());
  unsetenv("XGRAD_SIXEL");
}

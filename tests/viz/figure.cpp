// Figures: what arrives in the picture, what is refused, and the same bytes each time.
#include <xgrad/viz/figure.hpp>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/random.hpp>
#include <xgrad/io/file.hpp>
#include <xgrad/viz/animation.hpp>

#include "viz/pictures.hpp"

using namespace xgrad;
using namespace xgrad::test;
using viz::Figure;
using viz::Numbers;

namespace {

constexpr double no_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

Figure line(const Numbers& x, const Numbers& y) {
  Figure figure;
  figure.axes().plot(x, y, {.color = "#ff0000", .width = 3});
  return figure;
}

// A variable of the environment with another value, until the end of the scope.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) {
    if (const char* old = std::getenv(name)) old_ = old;
    setenv(name, value, 1);
  }
  ~Variable() { old_.empty() ? unsetenv(name_) : setenv(name_, old_.c_str(), 1); }

 private:
  const char* name_;
  std::string old_;
};

}  // namespace

TEST_CASE("a line is where its points are", "[viz][figure]") {
  SKIP_WITHOUT_GNUPLOT
  const Png png = read_png(line({0, 1}, {0, 1}).png());
  CHECK(png.width == 900);  // 600 points
  CHECK(png.height == 540);
  // from the lower left to the upper right: the reds of the left half are below those of the right
  double left = 0, right = 0, n_left = 0, n_right = 0;
  for (unsigned y = 0; y < png.height; ++y)
    for (unsigned x = 0; x < png.width; ++x) {
      if (png.color(x, y) != 0xff0000) continue;
      (x < png.width / 2 ? left : right) += y;
      (x < png.width / 2 ? n_left : n_right) += 1;
    }
  REQUIRE(n_left > 100);
  REQUIRE(n_right > 100);
  CHECK(left / n_left > right / n_right + 100);
}

TEST_CASE("NaN and infinities are gaps, and values at or below 0 on a log axis", "[viz][figure]") {
  SKIP_WITHOUT_GNUPLOT
  const std::size_t whole = read_png(line({0, 1, 2, 3}, {1, 1, 1, 1}).png()).count(0xff0000);
  for (const double hole : {no_number, infinity, -infinity, 1e305}) {
    INFO(hole);
    Figure figure = line({0, 1, 2, 3}, {1, 1, hole, 1});
    figure.axes().set_ylim(0.5, 1.5);
    const std::size_t drawn = read_png(figure.png()).count(0xff0000);
    CHECK(drawn > whole / 5);
    CHECK(drawn < whole / 2);
  }
  for (const double hole : {0.0, -1.0}) {
    Figure figure = line({0, 1, 2, 3}, {1, 1, hole, 1});
    figure.axes().set_yscale(viz::Scale::log).set_ylim(0.1, 10);
    CHECK(read_png(figure.png()).count(0xff0000) < whole / 2);
  }
}

TEST_CASE("nothing, one point and constant data make a picture", "[viz][figure]") {
  SKIP_WITHOUT_GNUPLOT
  const Numbers cases[] = {{},
                           {5},
                           {3, 3, 3},
                           {no_number, no_number},
                           {0, 0},
                           {-infinity},
                           {1e300, -1e300},
                           {1e-310, 2e-310},
                           {1, 1 + 1e-15}};
  for (const Numbers& y : cases)
    for (const viz::Scale scale : {viz::Scale::linear, viz::Scale::log}) {
      Figure figure;
      figure.axes().plot(y, {.label = "line"}).scatter(y, y, {.label = "points"});
      figure.axes().bar(y, y, {.label = "bars"}).hist(y, {.label = "counts"});
      figure.axes().set_yscale(scale).set_xscale(scale);
      const std::string svg = figure.svg();
      CHECK(texts_of(svg).count("line") == 1);
      CHECK(texts_of(svg).count("counts") == 1);
      CHECK(svg.find("</svg>") != std::string::npos);
    }
  CHECK(Figure().svg().find("</svg>") != std::string::npos);
}

TEST_CASE("a 0-d tensor is one number, and any dtype is read", "[viz][figure]") {
  CHECK(Numbers(tensor(2.5)).values() == std::vector<double>{2.5});
  CHECK(Numbers(tensor({{1, 2}, {3, 4}})).values() == std::vector<double>{1, 2, 3, 4});
  CHECK(Numbers(tensor({true, false})).values() == std::vector<double>{1, 0});
  CHECK(Numbers(std::vector<float>{0.5F}).values() == std::vector<double>{0.5});
  CHECK(Numbers(tensor({1.0}, {.requires_grad = true})).values() == std::vector<double>{1});
}

TEST_CASE("text is shown as it is", "[viz][figure]") {
  SKIP_WITHOUT_GNUPLOT
  const std::string texts[] = {"layer_0 ^2 {/Bold b} @x ~a{b}",
                               "it's \"quoted\" \\n \\\\ back",
                               "`touch /tmp/no` $(ls) %g %s",
                               "<b> & &amp; ]]> </text>",
                               "α → β, 数, 😀",
                               "a\ttab",
                               "'",
                               "\"",
                               "\\",
                               "''.system('id').''"};
  for (const std::string& text : texts) {
    INFO(text);
    Figure figure;
    viz::Axes& axes = figure.axes();
    axes.set_title("t" + text).set_xlabel("x" + text).set_ylabel("y" + text);
    axes.plot({1, 2}, {.label = "l" + text}).text(0.5, 1.5, "a" + text);
    axes.set_xticks({0, 1}, {"k" + text, "other"});
    const auto shown = texts_of(figure.svg());
    std::string expected = text;
    for (char& c : expected) c = c == '\t' ? ' ' : c;
    for (const char* first : {"t", "x", "y", "l", "a", "k"})
      CHECK(shown.count(first + expected) == 1);
    CHECK(read_png(figure.png()).colors().size() > 10);
  }
}

TEST_CASE("lines of text are lines, and bytes that are not UTF-8 are replaced", "[viz][figure]") {
  SKIP_WITHOUT_GNUPLOT
  Figure figure;
  figure.axes().set_title("first\nsecond 'x'");
  figure.axes().set_xlabel(std::string("bad \xff\xc3 \xed\xa0\x80 nul \0 end", 20));
  const auto shown = texts_of(figure.svg());
  CHECK(shown.count("first") == 1);
  CHECK(shown.count("second 'x'") == 1);
  CHECK(shown.count(
            "bad \xEF\xBF\xBD\xEF\xBF\xBD \xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD nul   end") == 1);
  figure.png();
}

TEST_CASE("each kind of artist leaves its mark", "[viz][figure]") {
  SKIP_WITHOUT_GNUPLOT
  const auto reds = [](const std::function<void(viz::Axes&)>& draw) {
    Figure figure;
    figure.axes().set_xlim(0, 4).set_ylim(0, 4);
    draw(figure.axes());
    return read_png(figure.png()).count(0xff0000);
  };
  const std::string red = "#ff0000";
  CHECK(reds([](viz::Axes&) {}) == 0);
  CHECK(reds([&](auto& a) { a.scatter({2}, {2}, {.color = red, .size = 3}); }) > 50);
  CHECK(reds([&](auto& a) { a.bar({1., 2., 3.}, {1, 2, 3}, {.color = red}); }) > 10000);
  CHECK(reds([&](auto& a) { a.bar({"a", "b"}, {1, 2}, {.color = red}); }) > 10000);
  CHECK(reds([&](auto& a) { a.arrow(1, 1, 3, 3, {.color = red}); }) > 100);
  CHECK(reds([&](auto& a) { a.text(2, 2, "red", {.color = red, .size = 3}); }) > 30);
  CHECK(reds([&](auto& a) { a.axhline(2, {.color = red}); }) > 500);
  CHECK(reds([&](auto& a) { a.axvline(2, {.color = red}); }) > 300);
  const Tensor z = tensor({{0., 0., 0.}, {0., 1., 0.}, {0., 0., 0.}});
  CHECK(reds([&](auto& a) {
          a.contour({0, 2, 4}, {0, 2, 4}, z, {.levels = {0.5}, .color = red, .width = 3});
        }) > 300);
  CHECK(reds([&](auto& a) {
          a.imshow(tensor({1., 0., 0.}).reshape({1, 1, 3})).set_xlim(-0.5, 0.5).set_ylim(-0.5, 0.5);
        }) > 50000);
}

TEST_CASE("an image has its pixels where they are in the tensor", "[viz][figure]") {
  SKIP_WITHOUT_GNUPLOT
  Figure figure({.width = 400, .height = 400});
  figure.axes().imshow(tensor({{0., 0., 1.}, {0., 0., 0.}}));  // white on the upper right
  const Png png = read_png(figure.png());
  double x_sum = 0, y_sum = 0, n = 0, blacks = 0;
  unsigned top = png.height, bottom = 0, left = png.width, right = 0;
  for (unsigned y = 0; y < png.height; ++y)
    for (unsigned x = 0; x < png.width; ++x)
      if (png.color(x, y) == 0) {
        ++blacks;
        top = std::min(top, y), bottom = std::max(bottom, y);
        left = std::min(left, x), right = std::max(right, x);
      }
  for (unsigned y = top; y <= bottom; ++y)
    for (unsigned x = left; x <= right; ++x)
      if (png.color(x, y) == 0xffffff) x_sum += x, y_sum += y, ++n;
  REQUIRE(blacks > 1000);
  CHECK(n == Approx(blacks / 5).epsilon(0.05));
  CHECK(x_sum / n > left + 0.75 * (right - left));
  CHECK(y_sum / n < top + 0.3 * (bottom - top));
}

TEST_CASE("contours of no number draw nothing", "[viz][figure]") {
  SKIP_WITHOUT_GNUPLOT
  Figure figure;
  const Tensor nothing = full({2, 2}, no_number);
  figure.axes().contourf({0, 1}, {0, 1}, nothing).contour({0, 1}, {0, 1}, nothing);
  CHECK(figure.svg().find("</svg>") != std::string::npos);
}

TEST_CASE("filled contours have the colours of their levels", "[viz][figure]") {
  SKIP_WITHOUT_GNUPLOT
  Figure figure;
  figure.axes().contourf({0, 1}, {0, 1}, tensor({{0., 3.}, {0., 3.}}),
                         {.levels = {1, 2}, .width = 0, .colorbar = false});
  const Png png = read_png(figure.png());
  const std::size_t low = png.count(0x433b83), middle = png.count(0x23908d),
                    high = png.count(0x92d741);
  REQUIRE(low > 10000);
  CHECK(static_cast<double>(high) == Approx(low).epsilon(0.05));
  CHECK(static_cast<double>(middle) == Approx(low).epsilon(0.05));
}

TEST_CASE("a grid has a plot at each place", "[viz][figure]") {
  SKIP_WITHOUT_GNUPLOT
  Figure figure(2, 3, {.title = "all of them"});
  for (int row = 0; row < 2; ++row)
    for (int column = 0; column < 3; ++column)
      figure.axes(row, column).set_title(std::to_string(10 * row + column)).plot({1, 2, 3});
  const auto shown = texts_of(figure.svg());
  for (const char* title : {"0", "1", "2", "10", "11", "12"}) CHECK(shown.count(title) >= 1);
  CHECK(shown.count("all of them") == 1);
  CHECK(count_of(figure.svg(), "<g id=\"gnuplot_plot_1") == 2 * 6);
}

TEST_CASE("each image has the colours of its own map, in a grid and in one plot", "[viz][figure]") {
  SKIP_WITHOUT_GNUPLOT
  const Tensor low = zeros({4, 4});
  const viz::HeatmapOptions gray{.colors = viz::ColorMap::gray, .low = 0, .high = 1};
  const viz::HeatmapOptions blue{.colors = viz::ColorMap::coolwarm, .low = 0, .high = 1};
  Figure grid(1, 2), plot;
  grid.axes(0, 0).heatmap(low, gray);
  grid.axes(0, 1).heatmap(low, blue);
  const Tensor slope = tensor({0.0, 1.0, 0.0, 1.0}).reshape({2, 2});
  plot.axes().heatmap(low, gray).contourf({5, 9}, {0, 3}, slope, {.colors = blue.colors});
  for (const Figure& figure : {grid, plot}) {
    const Png png = read_png(figure.png());
    CHECK(png.count(0x000000) > 20'000);
    CHECK(png.count(0x3b4cc0) > 5'000);
    CHECK(png.count(0x440154) == 0);  // of viridis
  }
}

TEST_CASE("logarithmic axes have powers of ten", "[viz][figure]") {
  SKIP_WITHOUT_GNUPLOT
  Figure figure = line({1, 10, 1000}, {1e-6, 1e-3, 1});
  figure.axes().set_xscale(viz::Scale::log).set_yscale(viz::Scale::log);
  const auto shown = texts_of(figure.svg());
  CHECK(shown.count("10-6") == 1);
  CHECK(shown.count("103") == 1);
}

TEST_CASE("a picture has the same bytes each time", "[viz][figure]") {
  SKIP_WITHOUT_GNUPLOT
  const auto draw = [] {
    Generator generator(3);
    Figure figure(1, 2);
    figure.axes(0, 0).plot(randn({5000}, {.generator = &generator}), {.label = "noise"});
    figure.axes(0, 1).heatmap(rand({9, 7}, {.generator = &generator}), {.digits = 2});
    return figure;
  };
  CHECK(draw().png() == draw().png());
  CHECK(draw().svg() == draw().svg());
  CHECK(draw().script() == draw().script());
  const Variable locale("LC_ALL", "de_DE.UTF-8"), terminal("GNUTERM", "dumb");
  CHECK(draw().svg() == draw().svg());
  for (const std::string& text : texts_of(draw().svg())) CHECK(text.find(',') == std::string::npos);
}

TEST_CASE("a million points are drawn", "[viz][figure]") {
  SKIP_WITHOUT_GNUPLOT
  Figure figure;
  figure.axes().plot(arange(1000000), arange(1000000), {.color = "#ff0000"});
  figure.axes().plot({0, 1e6}, {5e5, 5e5}, {.label = "short, after the long one"});
  const Png png = read_png(figure.png());
  CHECK(png.count(0xff0000) > 500);
  CHECK(png.count(0xd55e00) + png.count(0x0072b2) > 300);
}

TEST_CASE("files are written whole, by their endings", "[viz][figure]") {
  SKIP_WITHOUT_GNUPLOT
  const PictureFolder folder;
  Figure figure = line({0, 1}, {1, 0});
  figure.save(folder.at("a.png"));
  figure.save(folder.at("a.svg"));
  figure.save(folder.at("a.gp"));
  CHECK(io::read_file(folder.at("a.png")) == figure.png());
  CHECK(io::read_file(folder.at("a.svg")) == figure.svg());
  CHECK(io::read_file(folder.at("a.gp")) == figure.script());
  CHECK_THROWS_WITH(figure.save(folder.at("a.jpg")),
                    ContainsSubstring("a.jpg") && ContainsSubstring(".svg"));
  CHECK_THROWS_AS(figure.save(folder.at("a.jpg")), ValueError);
  CHECK_THROWS_AS(figure.save(folder.at("none/a.svg")), IoError);
  CHECK(folder.files() == std::set<std::string>{"a.png", "a.svg", "a.gp"});
}

TEST_CASE("without gnuplot the error says what to install, and the old file stays",
          "[viz][figure]") {
  const PictureFolder folder;
  std::ofstream(folder.at("a.svg")) << "old";
  const Variable path("PATH", folder.at("").c_str());
  Figure figure = line({0, 1}, {1, 0});
  CHECK_THROWS_AS(figure.svg(), IoError);
  CHECK_THROWS_WITH(figure.save(folder.at("a.svg")), ContainsSubstring("gnuplot-nox"));
  CHECK(io::read_file(folder.at("a.svg")) == "old");
  CHECK(figure.to_text({.sixel = false}).find("⠀") == std::string::npos);
  CHECK(figure.to_text({.sixel = false}).size() > 100);
}

TEST_CASE("what does not fit is refused by name", "[viz][figure]") {
  Figure figure;
  viz::Axes& a = figure.axes();
  CHECK_THROWS_WITH(a.plot({1, 2}, {1, 2, 3}), ContainsSubstring("Axes::plot") &&
                                                   ContainsSubstring("x has 2") &&
                                                   ContainsSubstring("figure.cpp"));
  CHECK_THROWS_AS(a.plot({1, 2}, {1, 2, 3}), ShapeError);
  CHECK_THROWS_AS(a.scatter({1}, {1, 2}), ShapeError);
  CHECK_THROWS_AS(a.bar({"a"}, {1, 2}), ShapeError);
  CHECK_THROWS_AS(a.imshow(zeros({3})), ShapeError);
  CHECK_THROWS_WITH(a.imshow(zeros({3, 3, 4})), ContainsSubstring("[3, 3, 4]"));
  CHECK_THROWS_AS(a.heatmap(zeros({2, 2, 2})), ShapeError);
  CHECK_THROWS_AS(a.heatmap(zeros({2, 2}), {.rows = {"a"}}), ShapeError);
  CHECK_THROWS_AS(a.contourf({0, 1}, {0, 1, 2}, zeros({2, 3})), ShapeError);
  CHECK_THROWS_AS(a.contour({0}, {0}, zeros({1, 1})), ShapeError);
  CHECK_THROWS_AS(a.contour({1, 0}, {0, 1}, zeros({2, 2})), ValueError);
  CHECK_THROWS_AS(a.contour({0, no_number}, {0, 1}, zeros({2, 2})), ValueError);
  CHECK_THROWS_AS(a.contourf({0, 1}, {0, 1}, zeros({2, 2}), {.count = 0}), ValueError);
  CHECK_THROWS_WITH(a.plot({1.}, {.color = "red"}),
                    ContainsSubstring("'red'") && ContainsSubstring("#rrggbb"));
  CHECK_THROWS_AS(a.plot({1.}, {.color = "#12345g"}), ValueError);
  CHECK_THROWS_AS(a.plot({1.}, {.width = -1}), ValueError);
  CHECK_THROWS_AS(a.plot({1.}, {.width = no_number}), ValueError);
  CHECK_THROWS_AS(a.hist({1.}, {.bins = 0}), ValueError);
  CHECK_THROWS_AS(a.hist({1.}, {.range = {{2, 1}}}), ValueError);
  CHECK_THROWS_AS(a.bar(Numbers{1}, {1}, {.width = 0}), ValueError);
  CHECK_THROWS_AS(a.arrow(0, 0, no_number, 1), ValueError);
  CHECK_THROWS_AS(a.set_xlim(1, 1), ValueError);
  CHECK_THROWS_AS(a.set_ylim(0, infinity), ValueError);
  CHECK_THROWS_AS(a.set_xticks({1, 2}, {"a"}), ShapeError);
  CHECK_THROWS_AS(Figure(0, 1), ValueError);
  CHECK_THROWS_AS(Figure({.width = 1}), ValueError);
  CHECK_THROWS_AS(figure.axes(1, 0), ValueError);
  CHECK_THROWS_AS(figure.to_text({.columns = 3}), ValueError);
  a.imshow(zeros({2, 2})).set_yscale(viz::Scale::log);
  CHECK_THROWS_AS(figure.svg(), ValueError);
}

TEST_CASE("what was refused is not in the picture", "[viz][figure]") {
  Figure figure;
  const std::string before = figure.script();
  CHECK_THROWS(figure.axes().plot({1.}, {.color = "red"}));
  CHECK_THROWS(figure.axes().contourf({0, 1}, {0, 1}, zeros({2, 2}), {.color = "no"}));
  CHECK_THROWS(figure.axes().heatmap(zeros({2, 2}), {.digits = 0}));
  CHECK(figure.script() == before);
}

TEST_CASE("a histogram counts what lies in each bin", "[viz][figure]") {
  Figure figure;
  figure.axes().hist({0, 0.5, 1, 1, 2, no_number, 7}, {.bins = 2, .range = {{0, 2}}});
  CHECK(figure.script().find("\n0.5 2 1\n1.5 3 1\n") != std::string::npos);
  Figure density;
  density.axes().hist({0, 1, 1, 1}, {.bins = 2, .range = {{0, 1}}, .density = true});
  CHECK(density.script().find("\n0.25 0.5 0.5\n0.75 1.5 0.5\n") != std::string::npos);
}

TEST_CASE("numbers keep their last digit on the way", "[viz][figure]") {
  Figure figure;
  figure.axes().plot({0.1}, {1.0 / 3});
  CHECK(figure.script().find("\n0.10000000000000001 0.33333333333333331\n") != std::string::npos);
}

TEST_CASE("an animation has its frames", "[viz][animation]") {
  SKIP_WITHOUT_GNUPLOT
  viz::Animation animation({.seconds_per_frame = 0.05});
  CHECK_THROWS_AS(animation.gif(), ValueError);
  for (int i = 0; i < 5; ++i) animation.add(line({0, 1}, {0, 1.0 * i}));
  CHECK(animation.size() == 5);
  CHECK(frames_of_gif(animation.gif()) == 5);
  CHECK(animation.gif() == animation.gif());
  CHECK_THROWS_AS(animation.add(Figure({.width = 300})), ShapeError);
  CHECK_THROWS_AS(animation.save("/tmp/a.png"), ValueError);
  CHECK_THROWS_AS(viz::Animation({.seconds_per_frame = 0}), ValueError);
  CHECK(frames_of_gif(animation.gif()) == 5);
}

TEST_CASE("an animation of filled contours has colours for all frames", "[viz][animation]") {
  SKIP_WITHOUT_GNUPLOT
  viz::Animation animation;
  for (int i = 0; i < 12; ++i) {
    Figure figure;
    figure.axes().contourf({0, 1}, {0, 1}, tensor({{0., 3.}, {1.0 * i, 3.}}));
    animation.add(figure);
  }
  CHECK(frames_of_gif(animation.gif()) == 12);
}

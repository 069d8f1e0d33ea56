#include <chrono>
#include <string>

#include <sys/resource.h>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "viz/dot_file.hpp"

using namespace xgrad;
using test::DotFile;

namespace {

constexpr int steps = XGRAD_TEST_SANITIZED ? 20'000 : 100'000;

Tensor chain(const Tensor& w) {
  Tensor x = tensor(1.0);
  for (int i = 0; i < steps; ++i) {
    x = x * w;
    x = sin(x);
  }
  return x;
}

double seconds_of(const std::function<void()>& f) {
  const auto start = std::chrono::steady_clock::now();
  f();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

TEST_CASE("chains of 200,000 nodes are drawn in seconds, without recursion", "[viz][graph]") {
  const Tensor w = tensor(0.999, {.requires_grad = true});
  const Tensor y = chain(w);
  const double limit = XGRAD_TEST_SANITIZED ? 120 : 20;
  SECTION("folded") {
    std::string dot;
    CHECK(seconds_of([&] { dot = viz::graph(y).dot(); }) < limit);
    CHECK(DotFile(dot).boxes.size() == 4);
    CHECK((dot.find("× 100,000") != std::string::npos || XGRAD_TEST_SANITIZED));
  }
  SECTION("summarised, with the backward pass") {
    std::string dot;
    CHECK(seconds_of([&] { dot = viz::graph(y, {.backward = true, .fold = 0}).dot(); }) < limit);
    CHECK(DotFile(dot).boxes.size() == 4);
  }
  SECTION("whole") {
    viz::GraphOptions options{.fold = 0};
    options.max_boxes = 1'000'000;
    std::string dot, mermaid;
    CHECK(seconds_of([&] {
            const viz::GraphPicture picture = viz::graph(y, options);
            dot = picture.dot();
            mermaid = picture.mermaid();
          }) < limit);
    std::size_t arrows = 0;
    for (std::size_t at = 0; (at = dot.find(" -> ", at)) != std::string::npos; ++at) ++arrows;
    CHECK(arrows == 3 * static_cast<std::size_t>(steps));  // x and w to mul, mul to sin
    CHECK(mermaid.size() > dot.size() / 4);
  }
}

TEST_CASE("a deep nesting of modules is drawn", "[viz][graph]") {
  nn::Sequential model(nn::Linear(2, 2));
  for (int i = 0; i < 300; ++i) model = nn::Sequential(model, nn::Tanh());
  const Tensor x = ones({1, 2});
  const viz::GraphPicture picture =
      viz::graph(model, [&] { return model(x).sum(); }, {.max_boxes = 1000});
  CHECK(DotFile(picture.dot()).boxes.size() == 305);
}

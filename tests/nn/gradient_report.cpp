#include <cmath>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;

namespace {

struct Given : nn::Module {
  Tensor add(const std::string& name, const Tensor& value, const Tensor& gradient) {
    Tensor p = parameter(name, value);
    p.set_grad(gradient);
    return p;
  }
};

// The row of a parameter.
std::string row(const std::string& report, const std::string& name) {
  const std::size_t begin = report.find("\n" + name);
  REQUIRE(begin != std::string::npos);
  return report.substr(begin + 1, report.find('\n', begin + 1) - begin - 1);
}
bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a gradient report has figures, and names what is wrong", "[nn][report]") {
  Given model;
  model.add("healthy", ones({2, 2}), tensor({{0.5, -1.}, {0., 2.}}));
  model.add("untouched", ones({2}), {});
  model.add("tiny", ones({2}), full({2}, 1e-9));
  model.add("huge", ones({2}), full({2}, 1e4));
  model.add("broken", ones({2}), tensor({1., double(NAN)}));
  model.add("partly", ones({12, 2}), cat({zeros({10, 2}), ones({2, 2})}));
  model.add("still", ones({2}), zeros({2}));
  const std::string report = gradient_report(model);
  CHECK(row(report, "healthy") == "healthy    8.750e-01  2.000e+00  2.291e+00   25.0 %");
  CHECK(has(row(report, "untouched"), "no gradient"));
  CHECK(has(row(report, "tiny"), "vanishing"));
  CHECK(has(row(report, "huge"), "exploding"));
  CHECK(has(row(report, "broken"), "not finite"));
  CHECK(has(row(report, "partly"), "10 of 12 units dead: 0, 1, 2, 3, 4, 5, 6, 7, ..."));
  CHECK(has(row(report, "still"), "100.0 %  zero"));
}

TEST_CASE("a large model's report has its first and last rows", "[nn][report]") {
  nn::Sequential net;
  for (int i = 0; i < 50; ++i) net.append(nn::Linear(2, 2));
  const std::string report = gradient_report(net, {.max_rows = 6});
  CHECK(has(report, "\n0.weight"));
  CHECK(has(report, "\n1.weight"));
  CHECK(!has(report, "\n2.weight"));
  CHECK(has(report, "\n... 94 more\n"));
  CHECK(has(report, "\n49.bias"));
  CHECK(has(gradient_report(nn::Sequential()), "parameter"));
}

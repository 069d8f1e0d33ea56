// Each error names the op, what arrived, what would do, and the user's line.
#include <fmt/format.h>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;

namespace {
std::string here(int line) { return fmt::format("errors.cpp:{})", line); }
}  // namespace

// Lines are taken outside of CHECK: compilers differ in the line that a macro's arguments have.

TEST_CASE("a ShapeError from a function and from an operator has its line", "[errors]") {
  const Tensor a = zeros({2, 3}), b = zeros({4, 5});
  const int line = __LINE__;
  const auto function = [&] { matmul(a, b); };
  CHECK(test::throws<ShapeError>(function,
                                 {"matmul", "[2, 3]", "[4, 5]", "second-to-last", here(line + 1)}));
  const auto binary = [&] { a + b; };
  CHECK(test::throws<ShapeError>(
      binary, {"add", "[2, 3] float32 and [4, 5] float32", "equal or 1", here(line + 4)}));
  const auto assigning = [&] {
    Tensor x = a;
    x *= b;
  };
  CHECK(test::throws<ShapeError>(assigning, {"mul", "[2, 3]", here(line + 9)}));
  CHECK(
      test::throws<std::invalid_argument>([] { throw ShapeError("ShapeError is one"); }, {"one"}));
}

TEST_CASE("a ShapeError names tensors that have names", "[errors]") {
  Tensor w = zeros({4, 5});
  w.set_name("weight");
  CHECK(test::throws<ShapeError>(
      [&] {
        linear(zeros({2, 3}), w);
      },
      {"linear", "[2, 3]", "'weight'", "(out, in)", "errors.cpp"}));
  CHECK(test::throws<ShapeError>(
      [&] {
        nn::Linear(3, 4)(zeros({2, 5}));
      },
      {"linear", "[2, 5]", "[4, 3]", "'weight'", "errors.cpp"}));
}

TEST_CASE("a DTypeError has its line", "[errors]") {
  const Tensor i = ones({2, 2}, {.dtype = int64});
  const int line = __LINE__;
  const auto products = [&] { matmul(i, ones({2, 2})); };
  const auto means = [&] { mean(i); };
  const auto softmaxes = [&] { softmax(i, 0); };
  const auto choices = [&] { where(i, 1, 2); };
  CHECK(test::throws<DTypeError>(products, {"matmul", "int64", "float32", ".to(", here(line + 1)}));
  CHECK(test::throws<DTypeError>(means, {"mean", "int64", here(line + 2)}));
  CHECK(test::throws<DTypeError>(softmaxes, {"softmax", "int64", here(line + 3)}));
  CHECK(test::throws<DTypeError>(choices, {"where", "bool", here(line + 4)}));
}

TEST_CASE("a GraphError has the line of the sweep and of the op", "[errors]") {
  Tensor x = ones({}, {.requires_grad = true});
  const int line = __LINE__;
  const Tensor y = x * x;
  const auto sweep = [&] { y.backward(); };
  sweep();
  CHECK(test::throws<GraphError>(
      sweep, {"mul", fmt::format("errors.cpp:{}", line + 1), "retain_graph", here(line + 2)}));
  CHECK(test::throws<std::logic_error>([] { throw GraphError("GraphError is one"); }, {"one"}));
}

TEST_CASE("members and files have the line too", "[errors]") {
  const Tensor x = zeros({2, 3});
  const int line = __LINE__;
  const auto member = [&] { x.reshape({4}); };
  const auto element = [&] { x.item<float>(); };
  const auto elements = [&] { x.data<double>(); };
  const auto file = [] { data::read_idx("/no/such/file"); };
  const auto none = [] { Tensor() + 1; };
  CHECK(test::throws<ShapeError>(member, {"reshape", "[2, 3]", "[4]", here(line + 1)}));
  CHECK(test::throws<ShapeError>(element, {"item", "[2, 3]", here(line + 2)}));
  CHECK(test::throws<DTypeError>(elements, {"data", "float32", here(line + 3)}));
  CHECK(test::throws<IoError>(file, {"read_idx", "/no/such/file", here(line + 4)}));
  CHECK(test::throws<GraphError>(none, {"undefined", here(line + 5)}));
}

TEST_CASE("an error knows its site", "[errors]") {
  try {
    zeros({2}) + zeros({3});
  } catch (const Error& e) {
    CHECK(e.site().line == __LINE__ - 2);
    CHECK(std::string(e.site().file).find("errors.cpp") != std::string::npos);
  }
}

TEST_CASE("reductions and shapes refuse what is not there", "[errors]") {
  const Tensor x = zeros({2, 3});
  const int line = __LINE__;
  const auto sums = [&] { sum(x, 2); };
  CHECK(test::throws<ShapeError>(sums, {"sum", "dim 2", "[-2, 1]", here(line + 1)}));
  CHECK(test::throws<ShapeError>([&] { sum(x, {0, -2}); }, {"sum", "twice"}));
  CHECK(test::throws<ShapeError>([&] { amax(zeros({2, 0}), 1); }, {"amax", "[2, 0]"}));
  CHECK(test::throws<ShapeError>([&] { argmax(zeros({0})); }, {"argmax", "[0]"}));
  CHECK(test::throws<ShapeError>([&] { reshape(x, {4}); }, {"reshape", "[2, 3]", "[4]"}));
  CHECK(test::throws<ShapeError>([&] { reshape(x, {-1, 4}); }, {"reshape"}));
  CHECK(test::throws<ShapeError>([&] { reshape(x, {-1, -1}); }, {"reshape"}));
  CHECK(test::throws<ShapeError>([&] { expand(x, {4, 3}); }, {"expand", "[2, 3]", "[4, 3]"}));
  CHECK(test::throws<ShapeError>([&] { expand(x, {3}); }, {"expand"}));
  CHECK(test::throws<ShapeError>([&] { t(zeros({1, 1, 1})); }, {"t:", "transpose"}));
  CHECK(test::throws<ShapeError>([&] { flatten(x, 1, 0); }, {"flatten"}));
  CHECK(test::throws<ShapeError>([&] { matmul(x, tensor(1.0)); }, {"matmul", "use *"}));
  CHECK(test::throws<ShapeError>(
      [&] {
        matmul(zeros({2, 1, 3}), zeros({3, 3, 1}));
      },
      {"matmul", "batch dims"}));
}

TEST_CASE("losses refuse targets that do not fit", "[errors]") {
  const Tensor x = zeros({2, 3});
  const int line = __LINE__;
  const auto entropy = [&] { cross_entropy(x, tensor({0, 3})); };
  CHECK(test::throws<ValueError>(entropy, {"cross_entropy", "target 3", "[0, 3)", here(line + 1)}));
  CHECK(test::throws<ShapeError>(
      [&] {
        cross_entropy(x, tensor({0, 1, 2}));
      },
      {"cross_entropy", "[2, 3]", "[3]", "[2]"}));
  CHECK(test::throws<DTypeError>([&] { cross_entropy(x, tensor({0., 1.})); }, {"int64"}));
  CHECK(test::throws<ShapeError>(
      [&] {
        cross_entropy(x, tensor({0, 1}), {.weight = ones({2})});
      },
      {"weight", "[2]", "3"}));
  CHECK(test::throws<ValueError>(
      [&] {
        cross_entropy(x, tensor({0, 1}), {.label_smoothing = 2});
      },
      {"label_smoothing"}));
  CHECK(test::throws<ShapeError>([&] { mse_loss(x, zeros({4})); }, {"mse_loss", "[2, 3]", "[4]"}));
}

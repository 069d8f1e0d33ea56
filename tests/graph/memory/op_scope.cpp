// Whose line nodes and errors have: that of the outermost op, but of each op in a user's function.
#include <string>
#include <string_view>

#include <xgrad/graph/op_scope.hpp>
#include <xgrad/graph/parallel.hpp>
#include <xgrad/graph/record.hpp>
#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;

namespace {

bool is_here(Site site, unsigned line) {
  return site.file != nullptr && site.line == line &&
         std::string_view(site.file).ends_with("memory/op_scope.cpp");
}

Tensor swish(Operand x) {
  const OpScope scope("swish", x);
  const Tensor source = x.materialize();
  return source * sigmoid(source);
}
Tensor doubly_swish(Operand x) {
  const OpScope scope("doubly_swish", x);
  return swish(swish(x));
}

// An op of the user whose local gradient is made of ops.
Tensor cubed(Operand x, unsigned* line) {
  const Tensor source = x.materialize();
  struct Line {
    unsigned* line;
  };
  return record("cubed", {x}, (source * source * source).detach(), save_inputs,
                [l = Line{line}](const Tensor& dy, Inputs in, InputGradients dx) {
                  *l.line = __LINE__ + 1;
                  dx.add(0, dy * (in[0] * in[0]) * 3);
                });
}

}  // namespace

TEST_CASE("the outermost scope gives nodes and errors their line", "[graph][sites]") {
  const Tensor x = ones({3}).requires_grad_();
  const unsigned line = __LINE__ + 1;
  const Tensor y = doubly_swish(x);
  CHECK(is_here(y.site(), line));
  const Tensor g = grad(y.sum(), x, {.create_graph = true})[0];
  CHECK(is_here(g.node().function()->edges()[0].node->site, line));
  try {
    doubly_swish(Tensor());
    FAIL("nothing was thrown");
  } catch (const GraphError& e) {
    CHECK(std::string_view(e.what()).starts_with("doubly_swish: undefined"));
    CHECK(is_here(e.site(), __LINE__ - 4));
  }
  const unsigned after = __LINE__ + 1;
  CHECK_NOTHROW(swish(x));
  const Tensor z = x * 2;
  CHECK(is_here(z.site(), after + 1));
}

TEST_CASE("an op in a user's local gradient has its own line", "[graph][sites]") {
  const Tensor x = full({2}, 2.0).requires_grad_();
  unsigned line = 0;
  const Tensor y = cubed(x, &line);
  const Tensor g = grad(y.sum(), x, {.create_graph = true})[0];
  CHECK(test::all_close(g.detach(), full({2}, 12.0), 1e-6));
  CHECK(is_here(g.site(), line));
  // Unless it is part of a composite, which answers for all of it.
  const OpScope scope("training", Site{"train.cpp", 7});
  const Tensor inner = grad(cubed(x, &line).sum(), x, {.create_graph = true})[0];
  CHECK(inner.site().line == 7);
}

TEST_CASE("ops in functions that the library calls have their own lines", "[graph][sites]") {
  const OpScope scope("training", Site{"train.cpp", 7});
  const Tensor x = ones({2}).requires_grad_();
  CHECK(std::string_view(x.site().file) == "train.cpp");
  unsigned line = 0;
  Site inside;
  const auto f = [&](const Tensor& v) {
    line = __LINE__ + 1;
    const Tensor y = exp(v);
    inside = y.site();
    return y.sum();
  };
  const Tensor y = checkpoint(f, x);
  CHECK(is_here(inside, line));
  inside = {};
  y.backward();
  CHECK(is_here(inside, line));
  inside = {};
  jacobian(f, x);
  CHECK(is_here(inside, line));
  inside = {};
  gradcheck(f, ones({2}, {.dtype = float64}));
  CHECK(is_here(inside, line));
  const Tensor z = ones({2}).requires_grad_();
  const HookHandle hook = register_hook(z, [&](const Tensor& g) {
    line = __LINE__ + 1;
    const Tensor twice = g * 2;
    inside = twice.site();
    return twice;
  });
  z.sum().backward();
  CHECK(is_here(inside, line));
  // Errors too.
  try {
    checkpoint([](const Tensor& v) { return matmul(v, v.reshape({1, 2})); }, x);
    FAIL("nothing was thrown");
  } catch (const ShapeError& e) {
    CHECK(is_here(e.site(), __LINE__ - 3));
    CHECK(std::string_view(e.what()).starts_with("matmul:"));
  }
}

TEST_CASE("a checkpoint and a derivative have the line of their call", "[graph][sites]") {
  const Tensor x = ones({2}).requires_grad_();
  const auto f = [](const Tensor& v) { return exp(v); };
  const unsigned line = __LINE__ + 1;
  const Tensor y = checkpoint(f, x);
  CHECK(is_here(y.site(), line));
  const auto refused = [&] { hessian(f, x); };
  CHECK(
      test::throws<ShapeError>(refused, {"hessian", fmt::format("op_scope.cpp:{}", __LINE__ - 2)}));
}

TEST_CASE("a worker thread has the scope of the call that it works for", "[graph][sites]") {
  const int before = num_threads();
  set_num_threads(2);
  const auto refused = [] {
    const OpScope scope("spoil", Site{"train.cpp", 7});
    detail::parallel_chunks(2, [](std::int64_t chunk) {
      if (chunk == 1) throw ValueError("no luck");
    });
  };
  CHECK(test::throws<ValueError>(refused, {"spoil: no luck (at train.cpp:7)"}));
  // Afterwards none is open in any of them.
  const auto plain = [] {
    detail::parallel_chunks(2, [](std::int64_t chunk) {
      if (chunk == 1) throw ValueError("no luck");
    });
  };
  CHECK(test::throws<ValueError>(plain, {"no luck"}));
  CHECK(!test::throws<ValueError>(plain, {"spoil"}));
  set_num_threads(before);
}

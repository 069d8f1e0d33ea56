// Muon against its formula, worked step by step, and what orthogonal steps have in common.
#include <cmath>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using test::throws;

namespace {

using Matrix = std::vector<std::vector<double>>;

Matrix matrix_of(const Tensor& x) {
  Matrix m;
  for (std::int64_t i = 0; i < x.size(0); ++i) {
    auto& row = m.emplace_back();
    for (std::int64_t j = 0; j < x.size(1); ++j) row.push_back(x.data<double>()[i * x.size(1) + j]);
  }
  return m;
}
Tensor tensor_of(const Matrix& m) {
  std::vector<double> all;
  for (const auto& row : m) all.insert(all.end(), row.begin(), row.end());
  return tensor(all).reshape(
      {static_cast<std::int64_t>(m.size()), static_cast<std::int64_t>(m[0].size())});
}
// c1 * a + c2 * b
Matrix mix(double c1, const Matrix& a, double c2, const Matrix& b) {
  Matrix m = a;
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t j = 0; j < a[0].size(); ++j) m[i][j] = c1 * a[i][j] + c2 * b[i][j];
  return m;
}
Matrix transposed(const Matrix& a) {
  Matrix m(a[0].size(), std::vector<double>(a.size()));
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t j = 0; j < a[0].size(); ++j) m[j][i] = a[i][j];
  return m;
}
Matrix product(const Matrix& a, const Matrix& b) {
  Matrix m(a.size(), std::vector<double>(b[0].size(), 0));
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t j = 0; j < b[0].size(); ++j)
      for (std::size_t k = 0; k < b.size(); ++k) m[i][j] += a[i][k] * b[k][j];
  return m;
}
// X = a X + (b A + c A A) X with A = X X^T, whatever the shape.
Matrix newton_schulz(Matrix x, const std::array<double, 3>& k, int steps, double eps) {
  double square = 0;
  for (const auto& row : x)
    for (const double e : row) square += e * e;
  x = mix(1 / std::max(std::sqrt(square), eps), x, 0, x);
  for (int step = 0; step < steps; ++step) {
    const Matrix gram = product(x, transposed(x));
    x = mix(k[0], x, 1, product(mix(k[1], gram, k[2], product(gram, gram)), x));
  }
  return x;
}

// Muon's steps, for some gradients, from p.
Matrix by_formula(Matrix p, const std::vector<Matrix>& gradients, const optim::MuonOptions& o) {
  Matrix b = mix(0, p, 0, p);
  const auto rows = static_cast<double>(p.size()), columns = static_cast<double>(p[0].size());
  const double adjusted = o.adjust_lr_fn == "original" ? std::sqrt(std::max(1.0, rows / columns))
                                                       : 0.2 * std::sqrt(std::max(rows, columns));
  for (const Matrix& g : gradients) {
    b = mix(o.momentum, b, 1 - o.momentum, g);
    const Matrix d = o.nesterov ? mix(o.momentum, b, 1 - o.momentum, g) : b;
    p = mix(1 - o.lr * o.weight_decay, p, -o.lr * adjusted,
            newton_schulz(d, o.ns_coefficients, static_cast<int>(o.ns_steps), o.eps));
  }
  return p;
}

// The direction of a first step: p goes from 0 to minus it.
Tensor direction(const Tensor& g, optim::MuonOptions o = {}) {
  Tensor p = zeros_like(g).requires_grad_();
  o.lr = 1, o.weight_decay = 0;
  optim::Muon optimizer({p}, o);
  p.set_grad(g);
  optimizer.step();
  return -p.detach() /
         std::sqrt(std::max(1.0, static_cast<double>(g.size(0)) / static_cast<double>(g.size(1))));
}

}  // namespace

TEST_CASE("Muon takes the steps of its formula", "[optim][muon]") {
  for (const Shape& shape : {Shape{2, 2}, Shape{3, 5}, Shape{5, 3}, Shape{1, 4}, Shape{4, 1}})
    for (const optim::MuonOptions& o :
         {optim::MuonOptions{.lr = 0.1}, optim::MuonOptions{.lr = 0.1, .nesterov = false},
          optim::MuonOptions{.lr = 0.2, .weight_decay = 0.5, .momentum = 0.5, .ns_steps = 3},
          optim::MuonOptions{.lr = 0.1,
          .momentum = 0,
          .ns_coefficients = {1.5, -0.5, 0},
          .eps = 10,
          .ns_steps = 2,
          .adjust_lr_fn = "match_rms_adamw"}}) {
      Tensor p = test::leaf(shape, -1, 1, 1);
      const Matrix begun = matrix_of(p.detach());
      optim::Muon optimizer({p}, o);
      std::vector<Matrix> gradients;
      for (unsigned step = 0; step < 4; ++step) {
        const Tensor g = test::uniform(shape, -1, 1, 10 + step);
        gradients.push_back(matrix_of(g));
        p.set_grad(g);
        optimizer.step();
        CHECK(test::all_close(p.detach(), tensor_of(by_formula(begun, gradients, o)), 1e-12));
      }
    }
}

TEST_CASE("a step's singular values are near 1, its singular vectors the gradient's",
          "[optim][muon]") {
  for (const Shape& shape : {Shape{6, 6}, Shape{4, 9}, Shape{9, 4}}) {
    const Tensor g = test::uniform(shape, -1, 1, 3), d = direction(g);
    const Tensor values = linalg::svdvals(d);
    CHECK(amin(values).item<double>() > 0.3);
    CHECK(amax(values).item<double>() < 1.3);
    // g d^T is then symmetric, and of positive trace.
    const Tensor both = matmul(g, d.t());
    CHECK(test::all_close(both, both.t(), 1e-12));
    CHECK(trace(both).item<double>() > 0);
    // The cubic iteration converges to the orthogonal factor, whose singular values are 1.
    const Tensor polar = direction(g, {.ns_coefficients = {1.5, -0.5, 0}, .ns_steps = 60});
    CHECK(test::all_close(linalg::svdvals(polar), ones_like(values), 1e-9));
  }
}

TEST_CASE("a step does not depend on the size of the gradient, and none is one of zeros",
          "[optim][muon]") {
  const Tensor g = test::uniform({4, 3}, -1, 1, 3);
  CHECK(test::all_close(direction(g * 1e6), direction(g), 1e-13));
  CHECK(test::all_close(direction(zeros({3, 2})), zeros({3, 2}), 0));
  CHECK(direction(zeros({0, 3})).shape() == Shape{0, 3});
  CHECK(test::all_close(direction(g.to(float32)).to(float64), direction(g), 1e-5));
}

TEST_CASE("Muon steps matrices only and says who takes the rest", "[optim][muon]") {
  const Tensor bias = zeros({3}, {.requires_grad = true}), w = ones({2, 3}).requires_grad_();
  CHECK(throws<ShapeError>(
      [&] {
        optim::Muon({w, bias});
      },
      {"Muon", "[3]", "not a matrix", "AdamW", "split_matrices"}));
  CHECK(throws<ValueError>([&] { optim::Muon({w}, {.ns_steps = 100}); }, {"ns_steps is 100"}));
  CHECK(throws<ValueError>([&] { optim::Muon({w}, {.ns_steps = -1}); }, {"ns_steps is -1"}));
  CHECK(throws<ValueError>([&] { optim::Muon({w}, {.momentum = -1}); }, {"momentum is -1"}));
  CHECK(throws<ValueError>([&] { optim::Muon({w}, {.eps = NAN}); }, {"eps is nan"}));
  CHECK(throws<ValueError>([&] { optim::Muon({w}, {.adjust_lr_fn = "none"}); },
                           {"adjust_lr_fn is none", "match_rms_adamw"}));
}

// Members of Tensor give what the functions give, and those with an underscore write it.
#include <string_view>

#include <xgrad/graph/node.hpp>
#include <xgrad/xgrad.hpp>

#include "ops/case_list.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/trial.hpp"

using namespace xgrad;
using test::throws;
using test::trial;

namespace {

struct Lists {
  test::Cases functions, members, in_place;
  Lists() { test::add_members(functions, members, in_place); }
  std::size_t size() const { return functions.list.size(); }
};

bool same_line(Site a, Site b) { return std::string_view(a.file) == b.file && a.line == b.line; }

}  // namespace

TEST_CASE("every member gives what its function gives", "[ops][members]") {
  const Lists all;
  REQUIRE(all.size() > 500);
  REQUIRE(all.members.list.size() == all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    const test::OpCase &f = all.functions.list[i], &m = all.members.list[i];
    trial(m.name, [&] { CHECK(test::same_bits(m.op(f.inputs), f.op(f.inputs))); });
  }
}

TEST_CASE("every member records and fails with the line of its call", "[ops][members]") {
  for (const test::OpCase& m : Lists().members.list)
    trial(m.name, [&] {
      std::vector<Tensor> x;
      for (const Tensor& input : m.inputs) x.push_back(input.detach().clone().requires_grad_());
      const Tensor y = m.op(x);
      if (y.node().has_function) CHECK(same_line(y.site(), m.site));
      x[0] = Tensor();
      try {
        static_cast<void>(m.op(x));
        FAIL_CHECK("an undefined tensor was taken");
      } catch (const Error& e) {
        if (e.site().file != nullptr) CHECK(same_line(e.site(), m.site));
      }
    });
}

TEST_CASE("every member with an underscore writes what its function gives", "[ops][members]") {
  const Lists all;
  std::size_t written = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const test::OpCase &f = all.functions.list[i], &change = all.in_place.list[i];
    if (change.expression.empty()) continue;
    trial(change.name, [&] {
      const Tensor expected = f.op(f.inputs);
      if (expected.shape() == f.inputs[0].shape()) {
        CHECK(test::same_bits(change.op(f.inputs), expected));
        ++written;
      } else {
        CHECK(throws<ShapeError>([&] { change.op(f.inputs); }, {"same shape"}));
      }
    });
  }
  CHECK(written > 300);
}

TEST_CASE("members chain", "[ops][members]") {
  const Tensor x = tensor({{1., 2.}, {3., 4.}});
  CHECK(x.exp().log().sqrt().pow(2).sum().item<double>() == Approx(10));
  CHECK(x.view(-1).max().item<int>() == 4);
  CHECK(test::same_bits(x.max(1).indices, tensor({1, 1})));
  CHECK(x.eq(2).any().item<bool>());
  CHECK(!x.gt(1).all().item<bool>());
  CHECK(x.clamp(2, 3).sum().item<int>() == 10);
  CHECK(x.norm().item<float>() == Approx(std::sqrt(30.0)));
  CHECK(x.std(0, false, 0).shape() == Shape{2});
  CHECK(x.softmax(1).sum(1).shape() == Shape{2});
  CHECK(x.split(1)[1].shape() == Shape{1, 2});
  CHECK(test::same_bits(x.where(x > 2, 0), where(x > 2, x, 0)));
  CHECK(test::same_bits(x.div(2, "floor"), div(x, 2, "floor")));
  CHECK(test::same_bits(x.add(x, 2), x * 3));
}

TEST_CASE("members that take sizes or dims need no braces either", "[ops][members]") {
  const Tensor x = arange(12);
  CHECK(x.view(-1).shape() == Shape{12});
  CHECK(x.view(3, -1).shape() == Shape{3, 4});
  CHECK(x.reshape(2, 3, 2).shape() == Shape{2, 3, 2});
  CHECK(x.view({1, 2, 3, 2}).shape() == Shape{1, 2, 3, 2});
  CHECK(x.view(1, 2, 3, 2).shape() == Shape{1, 2, 3, 2});
  CHECK(x.expand(2, 12).shape() == Shape{2, 12});
  CHECK(x.repeat(2, 2).shape() == Shape{2, 24});
  CHECK(x.repeat({3}).shape() == Shape{36});
  CHECK(test::same_bits(x.view(3, 4).permute(1, 0), x.view(3, 4).t()));
  CHECK(throws<ShapeError>([&] { x.view(5, -1); }, {"[5, -1]", "members.cpp"}));
}

TEST_CASE("a temporary gives its memory to an elementwise member's result", "[ops][members]") {
  const Tensor x = rand({1000});
  Tensor y = x + 1;
  const float* const memory = y.data<float>();
  const Tensor z = std::move(y).exp().mul(2).add(x);
  CHECK(z.data<float>() == memory);
  CHECK(!y.defined());
  const Tensor kept = z.exp();
  CHECK(z.defined());
  CHECK(kept.data<float>() != memory);
}

TEST_CASE("what a tensor is like is told as in PyTorch", "[ops][members]") {
  const Tensor x = zeros({2, 3}, {.dtype = float64});
  CHECK(x.sizes() == Shape{2, 3});
  CHECK(x.nelement() == 6);
  CHECK(x.element_size() == 8);
  CHECK(x.nbytes() == 48);
  CHECK(x.is_floating_point());
  CHECK(x.is_contiguous());
  CHECK(x.contiguous().data_ptr<double>() == x.data<double>());
  CHECK(x.view_as(zeros({3, 2})).shape() == Shape{3, 2});
  CHECK(x.reshape_as(zeros({6})).shape() == Shape{6});
  CHECK(x.type_as(tensor(1)).dtype() == int64);
  CHECK(test::same_bits(x.new_zeros({2, 3}), x));
  CHECK(test::same_bits(x.new_ones(2), ones(2, {.dtype = float64})));
  CHECK(test::same_bits(x.new_full(2, 7), full(2, 7.0, {.dtype = float64})));
  CHECK(x.new_empty({0, 2}).shape() == Shape{0, 2});
  CHECK(throws<ShapeError>([&] { x.view_as(zeros({4})); }, {"view_as", "members.cpp"}));
}

TEST_CASE("changes in place write to the leaf's memory", "[ops][members]") {
  Tensor w = tensor({1., 2.}, {.requires_grad = true});
  const float* const memory = w.data<float>();
  w.add_(1).mul_(tensor({2., 3.}));
  CHECK(w.data<float>() == memory);
  CHECK(w.is_leaf());
  CHECK(w.requires_grad());
  CHECK(test::same_bits(w.detach(), tensor({4., 9.})));
  w.sub_(w.detach(), 0.5).clamp_(0, 3);
  CHECK(test::same_bits(w.detach(), tensor({2., 3.})));
  w.index_put_({0}, 7);
  w.masked_fill_(w < 5, -1);
  CHECK(test::same_bits(w.detach(), tensor({7., -1.})));
  w.eq_(7);
  CHECK(test::same_bits(w.detach(), tensor({1., 0.})));
  (w * 3).sum().backward();
  w.grad().zero_();  // the gradient itself, as in PyTorch
  CHECK(test::same_bits(w.grad(), zeros(2)));
}

TEST_CASE("a change in place is noticed by graphs that read the value", "[ops][members]") {
  Tensor w = ones({2}, {.requires_grad = true});
  const Tensor y = (w * w).sum();
  w.add_(1);
  CHECK(throws<GraphError>([&] { y.backward(); }, {"mul", "changed in place", "members.cpp"}));
}

TEST_CASE("only leaves change in place, and only by what has no history", "[ops][members]") {
  Tensor w = tensor({1., 2.}, {.requires_grad = true}), y = w * 2, plain = ones(2);
  CHECK(throws<GraphError>([&] { y.add_(1); },
                           {"add_", "by mul", "x = x.add(...)", "detach", "members.cpp"}));
  CHECK(throws<GraphError>([&] { y.fill_(0); }, {"fill_", "leaves", "full_like"}));
  CHECK(throws<GraphError>([&] { plain.mul_(w); }, {"mul_", "[2] float32", "requires a gradient",
                                                    "x = x.mul(...)", "NoGrad", "members.cpp"}));
  CHECK(throws<GraphError>([&] { plain.copy_(y); }, {"copy_", "requires a gradient"}));
  CHECK(throws<GraphError>([&] { plain.index_put_({0}, w.sum()); }, {"index_put_"}));
  CHECK(test::same_bits(plain, ones(2)));
  const NoGrad guard;
  CHECK(test::same_bits(plain.mul_(w), tensor({1., 2.})));
  CHECK(!plain.requires_grad());
}

TEST_CASE("a result that does not fit is refused, and nothing changes", "[ops][members]") {
  Tensor x = ones(3), i = tensor({1, 2, 3});
  CHECK(throws<ShapeError>(
      [&] {
        x.add_(ones({2, 3}));
      },
      {"add_", "[2, 3]", "[3] float32", "members.cpp"}));
  CHECK(throws<DTypeError>([&] { i.div_(2); }, {"div_", "float32", "[3] int64", ".to(float32)"}));
  CHECK(throws<DTypeError>([&] { tensor({true}).add_(1); }, {"add_", "int64", "bool"}));
  CHECK(throws<ShapeError>([&] { x.fill_(ones(3)); }, {"fill_", "copy_"}));
  CHECK(throws<ShapeError>([&] { x.copy_(ones(2)); }, {"copy_"}));
  CHECK(throws<GraphError>([] { Tensor().zero_(); }, {"undefined"}));
  CHECK(test::same_bits(x, ones(3)));
  CHECK(test::same_bits(i, tensor({1, 2, 3})));
  x.add_(tensor({1., 1., 1.}, {.dtype = float64}));
  CHECK(test::same_bits(x, full(3, 2.0)));
  CHECK(test::same_bits(i.add_(true), tensor({2, 3, 4})));
}

TEST_CASE("leaves are filled in place", "[ops][members]") {
  Tensor x = ones({2, 2});
  CHECK(test::same_bits(x.fill_(3), full({2, 2}, 3.0)));
  CHECK(test::same_bits(x.fill_(tensor(4)), full({2, 2}, 4.0)));
  CHECK(test::same_bits(x.copy_(tensor({1, 2})), tensor({{1., 2.}, {1., 2.}})));
  CHECK(test::same_bits(x.zero_(), zeros({2, 2})));
  CHECK(test::same_bits(tensor({1, 2}).fill_(2.9), tensor({2, 2})));
  CHECK(test::same_bits(tensor({true}).zero_(), tensor({false})));
  CHECK(zeros({0}).fill_(1).numel() == 0);
}

TEST_CASE("leaves are drawn in place", "[ops][members]") {
  Generator g(3);
  Tensor x = empty(20000, {.dtype = float64});
  x.uniform_(2, 4, &g);
  CHECK(x.min().item<double>() >= 2);
  CHECK(x.max().item<double>() < 4);
  CHECK(x.mean().item<double>() == Approx(3).margin(0.03));
  x.normal_(1, 0.5, &g);
  CHECK(x.mean().item<double>() == Approx(1).margin(0.02));
  CHECK(x.std().item<double>() == Approx(0.5).margin(0.02));
  x.bernoulli_(0.25, &g);
  CHECK(x.mean().item<double>() == Approx(0.25).margin(0.02));
  CHECK((x.eq(0) | x.eq(1)).all().item<bool>());
  Tensor mask = empty(4, {.dtype = bool_});
  CHECK(mask.bernoulli_(1, &g).all().item<bool>());
  CHECK(throws<ValueError>([&] { x.uniform_(1, 0); }, {"uniform_", "members.cpp"}));
  CHECK(throws<ValueError>([&] { x.normal_(0, -1); }, {"normal_", "-1"}));
  CHECK(throws<ValueError>([&] { x.bernoulli_(2); }, {"bernoulli_", "2"}));
  CHECK(throws<ValueError>([&] { x.bernoulli_(1 + 1e-9); }, {"bernoulli"}));
  CHECK(throws<ValueError>([&] { x.uniform_(-INFINITY, 0); }, {"uniform_", "inf"}));
  CHECK(throws<DTypeError>([] { tensor({1}).uniform_(); }, {"uniform_", "int64"}));
}

TEST_CASE("a uniform number that is rounded to the upper end is the lower one", "[ops][members]") {
  Tensor x = empty(1000);
  CHECK(test::same_bits(x.uniform_(0x1p23, 0x1p23 + 1), full(1000, 0x1p23)));
}

TEST_CASE("detach_ makes a leaf of this handle", "[ops][members]") {
  const Tensor w = ones({2}, {.requires_grad = true});
  Tensor y = w * 2;
  const Tensor before = y;
  y.detach_();
  CHECK(y.is_leaf());
  CHECK(!y.requires_grad());
  CHECK(y.data<float>() == before.data<float>());
  CHECK(!before.is_leaf());
  Tensor leaf = ones({2}, {.requires_grad = true});
  CHECK(!leaf.detach_().requires_grad());
}

#include <array>
#include <limits>
#include <sstream>

#include <fmt/format.h>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using test::throws;

TEST_CASE("numbers and lists give the dtype of their elements", "[creation]") {
  CHECK(tensor(2.5).dtype() == float32);
  CHECK(tensor(2.5).shape() == Shape{});
  CHECK(tensor(2).dtype() == int64);
  CHECK(tensor(true).dtype() == bool_);
  CHECK(tensor({1, 2, 3}).dtype() == int64);
  CHECK(tensor({1, 2.5, 3}).dtype() == float32);
  CHECK(tensor({true, false}).dtype() == bool_);
  CHECK(tensor({1.0, 2.0}, {.dtype = float64}).dtype() == float64);
  CHECK(tensor({}).shape() == Shape{0});
}

TEST_CASE("braces nest from one to four deep", "[creation]") {
  CHECK(tensor({1.0}).shape() == Shape{1});
  CHECK(tensor({{0.}, {1.}}).shape() == Shape{2, 1});
  CHECK(tensor({{0., 1.}}).shape() == Shape{1, 2});
  CHECK(tensor({{1, 2}, {3, 4}, {5, 6}}).shape() == Shape{3, 2});
  CHECK(tensor({{{1, 2}}, {{3, 4}}}).shape() == Shape{2, 1, 2});
  CHECK(tensor({{{{1}, {2}}}, {{{3}, {4}}}}).shape() == Shape{2, 1, 2, 1});
  const Tensor t = tensor({{1, 2, 3}, {4, 5, 6}});
  CHECK(t.data<std::int64_t>()[4] == 5);
}

TEST_CASE("ragged and too deep lists are refused", "[creation]") {
  CHECK(throws<ShapeError>([] { tensor({{1, 2}, {3}}); }, {"tensor", "ragged", "[2, 2]"}));
  CHECK(throws<ShapeError>([] { tensor({{1, 2}, 3}); }, {"ragged", "number"}));
  CHECK(throws<ShapeError>([] { tensor({1, {2, 3}}); }, {"ragged"}));
  CHECK(throws<ShapeError>([] { tensor({{{{{1}}}}}); }, {"deep", "4"}));
}

TEST_CASE("memory is copied with its type", "[creation]") {
  const std::vector<double> v{1, 2, 3};
  CHECK(tensor(v).dtype() == float64);
  CHECK(tensor(std::span<const double>(v)).shape() == Shape{3});
  CHECK(tensor(std::array<float, 2>{1, 2}).dtype() == float32);
  CHECK(tensor(std::vector<std::int64_t>{4}).item<int>() == 4);
  CHECK(tensor(v, {.dtype = float32, .requires_grad = true}).requires_grad());
  CHECK(tensor(std::vector<float>{}).numel() == 0);
}

TEST_CASE("filled tensors hold what they say", "[creation]") {
  CHECK(test::same_bits(zeros({2, 2}), tensor({{0., 0.}, {0., 0.}})));
  CHECK(test::same_bits(ones({2}, {.dtype = int64}), tensor({1, 1})));
  CHECK(test::same_bits(full({2}, 7), tensor({7, 7})));
  CHECK(full({2}, 7.5).dtype() == float32);
  CHECK(test::same_bits(eye(2, 3), tensor({{1., 0., 0.}, {0., 1., 0.}})));
  CHECK(empty({3, 0}).numel() == 0);
  CHECK(zeros({}).numel() == 1);
  const Tensor like = ones({2, 3}, {.dtype = float64});
  CHECK(zeros_like(like).dtype() == float64);
  CHECK(ones_like(like, {.dtype = float32}).dtype() == float32);
  CHECK(test::same_bits(full_like(like, 3), ones_like(like) * 3));
  CHECK(empty_like(like).shape() == like.shape());
}

TEST_CASE("ranges count as PyTorch's do", "[creation]") {
  CHECK(test::same_bits(arange(4), tensor({0, 1, 2, 3})));
  CHECK(test::same_bits(arange(5, 1, -2), tensor({5, 3})));
  CHECK(test::all_close(arange(0, 1, 0.25), tensor({0., 0.25, 0.5, 0.75}), 0));
  CHECK(arange(3, 3).numel() == 0);
  CHECK(throws<ValueError>([] { arange(0, 3, -1); }, {"arange", "-1"}));
  CHECK(throws<ValueError>([] { arange(0, 3, 0); }, {"arange"}));
  CHECK(throws<ValueError>([] { full({2}, {1, 2}); }, {"full", "list of length 2"}));
  CHECK(throws<ValueError>([] { arange({3}, 4); }, {"arange", "list of length 1"}));
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  CHECK(test::same_bits(arange(most - 2, most), tensor({most - 2, most - 1})));
  CHECK(test::same_bits(arange(-most, most, most), tensor({-most, std::int64_t{0}})));
  CHECK(test::same_bits(arange(most, most - 3, -2), tensor({most, most - 2})));
  CHECK(throws<ValueError>([] { arange(most, most - 1); }, {"arange"}));
  CHECK(throws<ShapeError>([] { arange(-most, most); },
                           {"arange", "2^63 - 1 elements", "creation.cpp"}));
  CHECK(throws<ShapeError>([] { arange(0., INFINITY); }, {"arange", "inf"}));
  CHECK(throws<ShapeError>([] { arange(1e30); }, {"arange", "1e+30"}));
  CHECK(throws<ValueError>([] { arange(0., NAN); }, {"arange", "nan"}));
  CHECK(throws<MemoryError>([] { arange(1e18); }, {"arange", "bytes"}));
  CHECK(throws<ShapeError>([] { linspace(0, 1, -1); }, {"linspace", "[-1]"}));
  CHECK(throws<MemoryError>([] { linspace(0, 1, most / 8); }, {"linspace", "bytes"}));
  CHECK(throws<ShapeError>([] { randperm(most); }, {"randperm"}));
  const Tensor l = linspace(-1, 1, 5, {.dtype = float64});
  CHECK(test::same_bits(l, tensor({-1., -0.5, 0., 0.5, 1.}, {.dtype = float64})));
  CHECK(linspace(0, 0.3, 4).data<float>()[3] == 0.3F);
  CHECK(linspace(2, 3, 1).item<float>() == 2);
}

TEST_CASE("impossible shapes are refused", "[creation]") {
  CHECK(throws<ShapeError>([] { zeros({2, -1}); }, {"zeros", "[2, -1]"}));
  CHECK(throws<ShapeError>(
      [] {
        empty({std::int64_t{1} << 40, std::int64_t{1} << 40});
      },
      {"empty"}));
  CHECK(throws<ShapeError>([] { rand({-1}); }, {"rand"}));
}

TEST_CASE("a generator with the same seed gives the same numbers", "[random]") {
  manual_seed(3);
  const Tensor a = randn({100});
  manual_seed(3);
  CHECK(test::same_bits(a, randn({100})));
  Generator g(3);
  CHECK(test::same_bits(a, randn({100}, {.generator = &g})));
  CHECK(!test::same_bits(a, randn({100}, {.generator = &g})));
}

TEST_CASE("no number is below 0", "[random]") {
  Generator g;
  CHECK(test::throws<ValueError>([&] { g.below(0); }, {"below", "at least 1"}));
  CHECK(g.below(1) == 0);
}

TEST_CASE("Philox gives the numbers of its authors' test vectors", "[random]") {
  // Random123, kat_vectors: philox4x32 10, counter and key 0
  const Generator zero(0);
  const Generator::Bits bits = zero.at(0);
  CHECK(bits.word[0] == 0x6627e8d5);
  CHECK(bits.word[1] == 0xe169c58d);
  CHECK(bits.word[2] == 0xbc57ac4c);
  CHECK(bits.word[3] == 0x9b00dbd8);
}

TEST_CASE("random numbers have the moments of their distribution", "[random]") {
  Generator g(1);
  for (const DType d : {float32, float64}) {
    const Tensor u = rand({200001}, {.dtype = d, .generator = &g});
    CHECK(std::abs(u.mean().item<double>() - 0.5) < 0.003);
    CHECK(amin(u).item<double>() >= 0);
    CHECK(amax(u).item<double>() < 1);
    const Tensor n = randn({200001}, {.dtype = d, .generator = &g});
    CHECK(std::abs(n.mean().item<double>()) < 0.01);
    CHECK(std::abs(square(n).mean().item<double>() - 1) < 0.02);
  }
  const Tensor i = randint(-2, 3, {50000}, {.generator = &g});
  CHECK(amin(i).item<int>() == -2);
  CHECK(amax(i).item<int>() == 2);
  CHECK(std::abs(i.to(float64).mean().item<double>()) < 0.03);
  CHECK(throws<ValueError>([] { randint(2, 2, {3}); }, {"randint", "[2, 2)"}));
  CHECK(throws<DTypeError>([] { rand({2}, {.dtype = int64}); }, {"rand", "int64"}));
}

TEST_CASE("random tensors do not depend on the number of threads", "[random]") {
  Generator a(9), b(9);
  const int before = num_threads();
  set_num_threads(1);
  const Tensor one = randn({100003}, {.generator = &a});
  set_num_threads(2);
  CHECK(test::same_bits(one, randn({100003}, {.generator = &b})));
  set_num_threads(before);
}

TEST_CASE("tensors print like NumPy's arrays", "[format]") {
  CHECK(to_string(tensor(2.5)) == "tensor(2.5000)");
  CHECK(to_string(tensor({1.0, 2.0})) == "tensor([1., 2.])");
  CHECK(to_string(tensor({1, 20})) == "tensor([ 1, 20], dtype=int64)");
  CHECK(to_string(tensor({true, false})) == "tensor([ True, False], dtype=bool)");
  CHECK(to_string(tensor({{1.5, 2.0}, {-3.0, 4.0}})) ==
        "tensor([[ 1.5000,  2.0000],\n        [-3.0000,  4.0000]])");
  CHECK(to_string(zeros({2, 1, 2})) == "tensor([[[0., 0.]],\n\n        [[0., 0.]]])");
  CHECK(to_string(tensor({1.0}, {.dtype = float64, .requires_grad = true})) ==
        "tensor([1.], dtype=float64, requires_grad=True)");
  CHECK(to_string(zeros({2, 0})) == "tensor([], size=[2, 0])");
  CHECK(to_string(zeros({0})) == "tensor([])");
  CHECK(to_string(Tensor()) == "tensor(undefined)");
  CHECK(to_string(tensor({1e-6, 1.0})) == "tensor([1.0000e-06, 1.0000e+00])");
  CHECK(to_string(tensor({1.5, double(INFINITY), double(NAN)})) ==
        "tensor([1.5000,    inf,    nan])");
  CHECK(to_string(arange(2000)) ==
        "tensor([   0,    1,    2, ..., 1997, 1998, 1999], dtype=int64)");
  std::ostringstream out;
  out << tensor(1);
  CHECK(out.str() == "tensor(1, dtype=int64)");
  CHECK(fmt::format("{} {} {}", tensor(1), Shape{2, 3}, float64) ==
        "tensor(1, dtype=int64) [2, 3] float64");
}

TEST_CASE("a shape may have many axes", "[shape]") {
  const Shape s{1, 2, 1, 2, 1, 2, 1};
  Shape copy = s, moved = std::move(copy);
  CHECK(moved == s);
  CHECK(s.numel() == 8);
  CHECK(to_string(zeros(s).shape()) == "[1, 2, 1, 2, 1, 2, 1]");
  const Tensor x = ones(s) + ones({2});
  CHECK(x.shape() == Shape{1, 2, 1, 2, 1, 2, 2});
}

// Tensors from xtensor's arrays and expressions: right numbers from every layout, and no copy where
// none is needed.
#include <limits>
#include <sstream>

#include <xgrad/xgrad.hpp>
#include <xgrad/xtensor.hpp>
#include <xgrad/xtensor/xcsv.hpp>
#include <xgrad/xtensor/xnpy.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;

namespace {

const Tensor& numbers() {  // 0 to 5
  static const Tensor t = tensor({{0., 1., 2.}, {3., 4., 5.}});
  return t;
}
xt::xarray<float> row_major() { return {{0, 1, 2}, {3, 4, 5}}; }
using ColumnMajor = xt::xarray<float, xt::layout_type::column_major>;

template <class A>
bool shares(const Tensor& t, const A& array) {
  return static_cast<const void*>(t.data<typename A::value_type>()) == array.data();
}

}  // namespace

TEST_CASE("a temporary row-major array gives its memory to the tensor", "[graph][array]") {
  xt::xarray<float> a = row_major();
  const float* const memory = a.data();
  const Tensor t = tensor(std::move(a));
  CHECK(t.data<float>() == memory);
  CHECK(test::same_bits(t, numbers()));

  xt::xtensor<double, 2> fixed_rank{{1, 2}, {3, 4}};
  const double* const there = fixed_rank.data();
  const Tensor leaf = tensor(std::move(fixed_rank), {.requires_grad = true});
  CHECK(leaf.data<double>() == there);
  CHECK(leaf.requires_grad());

  xt::xarray<std::int64_t> integers{1, 2};
  const auto* const whole = integers.data();
  CHECK(tensor(std::move(integers)).data<std::int64_t>() == whole);
  xt::xarray<float> other = row_major();
  CHECK(tensor(std::move(other), {.dtype = float64}).dtype() == float64);
}

TEST_CASE("files that xtensor reads enter without a copy", "[graph][array]") {
  std::istringstream text("1,2,3\n4,5,6\n");
  auto table = xt::load_csv<double>(text);
  const double* const memory = table.data();
  const Tensor t = tensor(std::move(table));
  CHECK(t.data<double>() == memory);
  CHECK(test::same_bits(t, tensor({{1., 2., 3.}, {4., 5., 6.}}, {.dtype = float64})));

  std::stringstream file(xt::dump_npy(row_major()));
  auto array = xt::load_npy<float>(file);
  const float* const loaded = array.data();
  const Tensor from_file = tensor(std::move(array));
  CHECK(from_file.data<float>() == loaded);
  CHECK(test::same_bits(from_file, numbers()));
  std::stringstream fortran(xt::dump_npy(row_major()));
  CHECK(test::same_bits(tensor(xt::load_npy<float>(fortran)), numbers()));
}

TEST_CASE("an array that others can see is copied", "[graph][array]") {
  xt::xarray<float> a = row_major();
  const Tensor t = tensor(a), part = tensor(xt::view(a, 1));
  CHECK_FALSE(shares(t, a));
  a(1, 0) = 100;
  CHECK(test::same_bits(t, numbers()));
  CHECK(test::same_bits(part, numbers()[1]));
  CHECK(test::same_bits(tensor(static_cast<const xt::xarray<float>&>(a) - 0 * a),
                        tensor({{0., 1., 2.}, {100., 4., 5.}})));
}

TEST_CASE("every layout gives the same numbers", "[graph][array]") {
  ColumnMajor column = row_major();
  CHECK(column.data()[1] == 3);  // it is column-major
  CHECK(test::same_bits(tensor(column), numbers()));
  CHECK(test::same_bits(as_tensor(column), numbers()));
  CHECK(test::same_bits(tensor(ColumnMajor(row_major())), numbers()));
  CHECK(test::same_bits(as_tensor(ColumnMajor(row_major())), numbers()));
  using Dynamic = xt::xarray<float, xt::layout_type::dynamic>;
  Dynamic dynamic(xt::dynamic_shape<std::size_t>{2, 3}, xt::layout_type::column_major);
  dynamic = row_major();
  CHECK(test::same_bits(tensor(Dynamic(dynamic)), numbers()));
  CHECK(test::same_bits(as_tensor(dynamic), numbers()));

  xt::xarray<float> a = row_major();
  CHECK(test::same_bits(as_tensor(xt::transpose(a)), numbers().t()));
  CHECK(test::same_bits(tensor(xt::transpose(a)), numbers().t()));
  CHECK(test::same_bits(as_tensor(xt::flip(a, 1)), flip(numbers(), {1})));
  CHECK(test::same_bits(as_tensor(xt::view(a, xt::all(), xt::range(0, 3, 2))),
                        tensor({{0., 2.}, {3., 5.}})));
  CHECK(test::same_bits(as_tensor(xt::view(a, xt::all(), 1)), tensor({1., 4.})));
  CHECK(test::same_bits(as_tensor(xt::broadcast(xt::view(a, 0), {2, 3})),
                        stack({numbers()[0], numbers()[0]})));
}

TEST_CASE("as_tensor uses the memory of dense row-major arrays", "[graph][array]") {
  xt::xarray<float> a = row_major();
  Tensor t = as_tensor(a);
  CHECK(shares(t, a));
  t.mutable_data<float>()[0] = 7;
  CHECK(a(0, 0) == 7);
  a(1, 2) = 9;
  CHECK(t.data<float>()[5] == 9);

  const Tensor row = as_tensor(xt::view(a, 1));
  CHECK(row.data<float>() == a.data() + 3);
  CHECK(row.shape() == Shape{3});
  const Tensor block = as_tensor(xt::view(a, xt::newaxis(), xt::range(1, 2)));
  CHECK(block.data<float>() == a.data() + 3);
  CHECK(block.shape() == Shape{1, 1, 3});

  std::vector<double> memory{1, 2, 3, 4};
  auto adapted = xt::adapt(memory, {2, 2});
  CHECK(as_tensor(adapted).data<double>() == memory.data());
  CHECK(as_tensor(xt::adapt(memory, {4})).data<double>() == memory.data());
}

TEST_CASE("as_tensor keeps a temporary and copies what it may not share", "[graph][array]") {
  xt::xarray<float> a = row_major();
  const float* const memory = a.data();
  Tensor t = as_tensor(std::move(a));
  CHECK(t.data<float>() == memory);
  CHECK(test::same_bits(t, numbers()));
  t = as_tensor(xt::view(row_major(), 1));  // the view holds the array
  CHECK(test::same_bits(t, numbers()[1]));

  const xt::xarray<float> constant = row_major();
  CHECK_FALSE(shares(as_tensor(constant), constant));
  xt::xarray<int> integers{1, 2};
  CHECK(test::same_bits(as_tensor(integers), tensor({1, 2})));
  CHECK(test::same_bits(as_tensor(2 * integers), tensor({2, 4})));
  xt::xarray<float> b = row_major();
  CHECK(test::same_bits(as_tensor(b, {.dtype = float64}), numbers().to(float64)));
}

TEST_CASE("arrays without axes or elements make such tensors", "[graph][array]") {
  CHECK(test::same_bits(tensor(xt::xarray<float>(2.5F)), tensor(2.5)));
  CHECK(test::same_bits(tensor(xt::sum(row_major())), tensor(15.0)));
  xt::xarray<float> none = xt::zeros<float>({2, 0});
  CHECK(tensor(none).shape() == Shape{2, 0});
  CHECK(as_tensor(none).shape() == Shape{2, 0});
  CHECK(tensor(std::move(none)).shape() == Shape{2, 0});
}

TEST_CASE("elements of other types become those of the nearest dtype", "[graph][array]") {
  CHECK(tensor(xt::xarray<std::uint8_t>{1, 200}).dtype() == int64);
  CHECK(tensor(xt::xarray<long double>{1, 2}).dtype() == float64);
  CHECK(tensor(xt::xarray<bool>{true, false}).dtype() == bool_);
  CHECK(test::throws<ValueError>(
      [] {
        tensor(xt::xarray<std::uint64_t>{1, std::numeric_limits<std::uint64_t>::max()});
      },
      {"18446744073709551615"}));
}

TEST_CASE("expressions hold what t.array gave, and the elements", "[graph][array]") {
  const auto twice = [] {
    const Tensor local = numbers().clone();
    const auto array = local.array<float>();
    return 2 * array;
  }();
  CHECK(twice(1, 2) == 10);
  CHECK(test::same_bits(tensor(twice), 2 * numbers()));
}

TEST_CASE("a gradient flows to a leaf in xtensor's memory", "[graph][array]") {
  xt::xarray<float> a = row_major();
  const Tensor leaf = as_tensor(a, {.requires_grad = true});
  (leaf * leaf).sum().backward();
  CHECK(test::same_bits(leaf.grad(), 2 * numbers()));
  CHECK(shares(leaf, a));
  CHECK(test::same_bits(tensor(a), numbers()));
}

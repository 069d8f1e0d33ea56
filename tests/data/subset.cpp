#include <algorithm>
#include <numeric>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using data::ConcatDataset;
using data::random_split;
using data::Subset;
using data::TensorDataset;
using test::same_bits;
using Numbers = std::vector<std::int64_t>;

namespace {

// Samples from `begin` on; the target is the sample's number.
TensorDataset numbers(std::int64_t n, std::int64_t begin = 0) {
  const Tensor all = arange(begin, begin + n);
  return {all.to(float32), all};
}

template <class D>
Numbers targets_of(const D& set, Numbers indices) {
  const auto t = data::get_batch(set, indices).targets;
  return {t.template data<std::int64_t>(), t.template data<std::int64_t>() + t.numel()};
}

template <class D>
Numbers all_of(const D& set) {
  Numbers indices(static_cast<std::size_t>(set.size()));
  std::iota(indices.begin(), indices.end(), 0);
  return targets_of(set, indices);
}

struct Pair {
  Tensor left, right;
};
Pair cat(const std::vector<Pair>& parts) {
  std::vector<Tensor> left, right;
  for (const Pair& p : parts) left.push_back(p.left), right.push_back(p.right);
  return {xgrad::cat(left), xgrad::cat(right)};
}
struct PairSet {
  std::int64_t begin;
  std::int64_t size() const { return 3; }
  Pair get(std::span<const std::int64_t> indices) const {
    return {tensor(indices) + begin, -(tensor(indices) + begin)};
  }
};

}  // namespace

TEST_CASE("a subset has the samples of its indices, in their order", "[data][subset]") {
  const Subset set(numbers(10), {7, 2, 2});
  CHECK(set.size() == 3);
  CHECK(all_of(set) == Numbers{7, 2, 2});
  CHECK(targets_of(set, {2, 0}) == Numbers{2, 7});
  CHECK(all_of(Subset(set, {2, 0})) == Numbers{2, 7});
  CHECK(Subset(numbers(10), Numbers{}).size() == 0);
  CHECK(test::throws<ValueError>([&] { targets_of(set, {3}); },
                                 {"Subset", "3", "[0, 3)", "subset.cpp"}));
  CHECK(test::throws<ValueError>([] { Subset(numbers(4), {0, 4}); }, {"index 4", "subset.cpp"}));
  CHECK(test::throws<ValueError>([] { Subset(numbers(4), {-1}); }, {"index -1"}));
  CHECK(test::throws<DTypeError>([] { Subset(numbers(4), tensor({0.0})); }, {"float32"}));
  CHECK(test::throws<ShapeError>([] { Subset(numbers(4), tensor({{0}})); }, {"[1, 1]"}));
}

TEST_CASE("a random split divides all samples", "[data][subset]") {
  Generator generator(3);
  const auto parts = random_split(numbers(10), {7, 0, 3}, &generator);
  REQUIRE(parts.size() == 3);
  CHECK(parts[0].size() == 7);
  CHECK(parts[1].size() == 0);
  Numbers all = all_of(parts[0]);
  const Numbers rest = all_of(parts[2]);
  CHECK(!std::is_sorted(all.begin(), all.end()));
  all.insert(all.end(), rest.begin(), rest.end());
  std::sort(all.begin(), all.end());
  CHECK(all == Numbers{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  Generator same(3), other(4);
  CHECK(all_of(random_split(numbers(10), {7, 0, 3}, &same)[2]) == rest);
  CHECK(all_of(random_split(numbers(10), {7, 0, 3}, &other)[2]) != rest);
}

TEST_CASE("fractions give the leftover samples to the first parts", "[data][subset]") {
  // torch.utils.data.random_split(range(30), [0.3, 0.3, 0.4]), (range(10), [1/3, 1/3, 1/3])
  const auto sizes = [](std::int64_t n, data::SplitLengths lengths) { return lengths.of(n); };
  CHECK(sizes(30, {0.3, 0.3, 0.4}) == Numbers{9, 9, 12});
  CHECK(sizes(10, {1.0 / 3, 1.0 / 3, 1.0 / 3}) == Numbers{4, 3, 3});
  CHECK(sizes(11, {0.5, 0.5}) == Numbers{6, 5});
  CHECK(sizes(0, {0.5, 0.5}) == Numbers{0, 0});
  CHECK(sizes(5, {1.0}) == Numbers{5});
  const auto refused = [&](auto lengths) {
    return test::throws<ValueError>([&] { random_split(numbers(10), lengths); },
                                    {"random_split", "10 samples", "add up", "subset.cpp"});
  };
  CHECK(refused(data::SplitLengths{5, 4}));
  CHECK(refused(data::SplitLengths{-1, 11}));
  CHECK(refused(data::SplitLengths{0.5, 0.4}));
  CHECK(refused(data::SplitLengths{1.5, -0.5}));
}

TEST_CASE("concatenated datasets follow each other", "[data][subset]") {
  const ConcatDataset set(numbers(3), numbers(0), Subset(numbers(9, 50), {8, 0}), numbers(2, 90));
  CHECK(set.size() == 7);
  CHECK(all_of(set) == Numbers{0, 1, 2, 58, 50, 90, 91});
  CHECK(targets_of(set, {6, 0, 1, 3, 2}) == Numbers{91, 0, 1, 58, 2});
  CHECK(targets_of(set, {}).empty());
  CHECK(test::throws<ValueError>([&] { targets_of(set, {7}); }, {"ConcatDataset", "7", "[0, 7)"}));
  CHECK(test::throws<ValueError>([&] { targets_of(set, {-1}); }, {"-1"}));
  data::DataLoader loader(set, {.batch_size = 3, .shuffle = true});
  std::int64_t sum = 0;
  for (const auto& batch : loader) sum += batch.targets.sum().item<std::int64_t>();
  CHECK(sum == 292);
}

TEST_CASE("batches of the user's type are joined by the user's cat", "[data][subset]") {
  const ConcatDataset set(PairSet{0}, PairSet{10});
  const Pair batch = set.get(Numbers{5, 0});
  CHECK(same_bits(batch.left, tensor({12, 0})));
  CHECK(same_bits(batch.right, tensor({-12, 0})));
}

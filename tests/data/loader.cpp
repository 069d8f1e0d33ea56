#include <limits>
#include <memory>
#include <set>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using data::Batch;
using data::DataLoader;
using data::TensorDataset;

namespace {

std::vector<std::int64_t> order_of(DataLoader<>& loader) {
  std::vector<std::int64_t> order;
  for (const auto& [inputs, targets] : loader)
    for (const std::int64_t t : targets.span<std::int64_t>()) order.push_back(t);
  return order;
}

TensorDataset numbers(std::int64_t n) { return {arange(n).to(float32).reshape({n, 1}), arange(n)}; }

// As large a set as asked for; a sample is its index.
struct Counted {
  std::int64_t count;
  std::int64_t size() const { return count; }
  Batch get(std::span<const std::int64_t> indices) const {
    const Tensor i = tensor(std::vector<std::int64_t>(indices.begin(), indices.end()));
    return {i, i};
  }
};

}  // namespace

TEST_CASE("a loader goes through all samples once an epoch", "[data][loader]") {
  const int prefetch = GENERATE(0, 1, 3);
  DataLoader loader(numbers(10), {.batch_size = 4, .prefetch = prefetch});
  CHECK(loader.size() == 3);
  std::vector<std::int64_t> sizes;
  for (auto [inputs, targets] : loader) {
    sizes.push_back(inputs.size(0));
    CHECK(test::same_bits(inputs.reshape({-1}), targets.to(float32)));
  }
  CHECK(sizes == std::vector<std::int64_t>{4, 4, 2});
  CHECK(order_of(loader) == std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  DataLoader full_only(numbers(10), {.batch_size = 4, .drop_last = true, .prefetch = prefetch});
  CHECK(full_only.size() == 2);
  CHECK(order_of(full_only).size() == 8);
  DataLoader nothing(numbers(0), {.batch_size = 4, .prefetch = prefetch});
  CHECK(order_of(nothing).empty());
}

TEST_CASE("a set too large to shuffle is told with the loader's line", "[data][loader]") {
  DataLoader loader(Counted{std::int64_t{1} << 50}, {.batch_size = 4, .shuffle = true});
  CHECK(test::throws<MemoryError>([&] { loader.begin(); },
                                  {"DataLoader", "9007199254740992 bytes", "loader.cpp"}));
}

TEST_CASE("shuffling permutes, differs between epochs, and repeats with its seed",
          "[data][loader]") {
  DataLoader a(numbers(100), {.batch_size = 7, .shuffle = true, .seed = 5}),
      b(numbers(100), {.batch_size = 7, .shuffle = true, .seed = 5, .prefetch = 0}),
      c(numbers(100), {.batch_size = 7, .shuffle = true, .seed = 6});
  const auto first = order_of(a), second = order_of(a);
  CHECK(std::set<std::int64_t>(first.begin(), first.end()).size() == 100);
  CHECK(first != second);
  CHECK(first == order_of(b));
  CHECK(second == order_of(b));
  CHECK(first != order_of(c));
}

TEST_CASE("an exception in the dataset comes out of the loop", "[data][loader]") {
  struct Broken {
    std::int64_t size() const { return 10; }
    Batch get(std::span<const std::int64_t> indices) const {
      if (indices[0] == 4) throw IoError("the disk is gone");
      return {arange(2), arange(2)};
    }
  };
  const int prefetch = GENERATE(0, 2);
  DataLoader loader(Broken{}, {.batch_size = 2, .prefetch = prefetch});
  int seen = 0;
  CHECK(test::throws<IoError>(
      [&] {
        for ([[maybe_unused]] auto batch : loader) ++seen;
      },
      {"the disk is gone"}));
  CHECK(seen == 2);
}

TEST_CASE("batches are reached by reference", "[data][loader]") {
  DataLoader loader(numbers(5), {.batch_size = 2, .prefetch = GENERATE(0, 2)});
  std::int64_t seen = 0;
  for (auto& batch : loader) {
    batch.inputs = batch.inputs * 2;
    CHECK(test::same_bits(batch.inputs.reshape(-1), batch.targets.to(float32) * 2));
    const Batch taken = std::move(batch);
    seen += taken.targets.numel();
  }
  CHECK(seen == 5);
  for (const auto& [inputs, targets] : loader) seen -= targets.numel();
  CHECK(seen == 0);
}

TEST_CASE("a loop that is left early stops its thread", "[data][loader]") {
  DataLoader loader(numbers(100000), {.batch_size = 1, .prefetch = 2});
  for (int i = 0; i < 20; ++i)
    for ([[maybe_unused]] auto batch : loader) break;
  int outer = 0;
  for ([[maybe_unused]] auto batch : loader) {  // two at once
    for ([[maybe_unused]] auto inner : loader) break;
    if (++outer == 3) break;
  }
  CHECK(outer == 3);
}

TEST_CASE("options and sets that cannot be are refused", "[data][loader]") {
  CHECK(test::throws<ValueError>([] { DataLoader(numbers(3), {.batch_size = 0}); },
                                 {"batch_size is 0"}));
  CHECK(test::throws<ValueError>([] { DataLoader(numbers(3), {.prefetch = -1}); }, {"prefetch"}));
  CHECK(test::throws<ValueError>([] { DataLoader(Counted{-3}); }, {"-3", "loader.cpp"}));
  CHECK(test::throws<ShapeError>([] { TensorDataset(zeros({3}), zeros({4})); }, {"[3]", "[4]"}));
  CHECK(test::throws<ShapeError>([] { TensorDataset(zeros({}), zeros({})); }, {"TensorDataset"}));
}

TEST_CASE("a set without an end is read in its order, a batch at a time", "[data][loader]") {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  DataLoader loader(Counted{most}, {.batch_size = 2, .prefetch = GENERATE(0, 2)});
  CHECK(loader.size() == most / 2 + 1);
  std::int64_t seen = 0;
  for (auto [inputs, targets] : loader) {
    CHECK(test::same_bits(inputs, arange(seen, seen + 2)));
    if ((seen += 2) == 6) break;
  }
  DataLoader whole(numbers(5), {.batch_size = most});
  CHECK(whole.size() == 1);
  CHECK(order_of(whole) == std::vector<std::int64_t>{0, 1, 2, 3, 4});
}

namespace {

// Batches of types that the library does not know.
struct Named {
  Tensor x, y, weight;
  std::vector<std::string> names;
};
struct NamedSet {
  std::int64_t size() const { return 5; }
  Named get(std::span<const std::int64_t> indices) const {
    const Tensor i = tensor(indices);
    Named batch{i, 2 * i, ones({i.size(0)}), {}};
    for (const std::int64_t k : indices) batch.names.push_back(std::to_string(k));
    return batch;
  }
};
struct MoveOnlySet {
  std::int64_t size() const { return 4; }
  std::unique_ptr<std::int64_t> get(std::span<const std::int64_t> indices) const {
    return std::make_unique<std::int64_t>(indices[0]);
  }
};
struct EpochSet {
  std::int64_t size() const { return 2; }
  Tensor get(std::span<const std::int64_t> indices, std::uint64_t epoch) const {
    return tensor(indices) + static_cast<std::int64_t>(100 * epoch);
  }
};

}  // namespace

TEST_CASE("whatever get returns is the batch", "[data][loader]") {
  const int prefetch = GENERATE(0, 2);
  DataLoader named(NamedSet(), {.batch_size = 2, .prefetch = prefetch});
  std::vector<std::string> names;
  for (auto& [x, y, weight, of] : named) {
    CHECK(test::same_bits(y, 2 * x));
    CHECK(weight.size(0) == x.size(0));
    names.insert(names.end(), of.begin(), of.end());
  }
  CHECK(names == std::vector<std::string>{"0", "1", "2", "3", "4"});
  DataLoader moved(MoveOnlySet(), {.prefetch = prefetch});
  std::int64_t sum = 0;
  for (auto& batch : moved) {
    const std::unique_ptr<std::int64_t> mine = std::move(batch);
    sum += *mine;
  }
  CHECK(sum == 6);
}

TEST_CASE("a batch is the loop's own and may be changed", "[data][loader]") {
  DataLoader loader(numbers(4), {.batch_size = 2});
  for (auto& batch : loader) batch.inputs = batch.inputs * 2;
  for (const auto& batch : loader) CHECK(batch.inputs.size(0) == 2);
  for (auto at = loader.begin(); at != loader.end(); ++at) CHECK(at->targets.size(0) == 2);
  CHECK(order_of(loader) == std::vector<std::int64_t>{0, 1, 2, 3});
}

TEST_CASE("a dataset is told the epoch, which can be set", "[data][loader]") {
  DataLoader loader(EpochSet(), {.batch_size = 2, .prefetch = GENERATE(0, 2)});
  const auto first = [&] { return (*loader.begin()).data<std::int64_t>()[0]; };
  CHECK(first() == 0);
  CHECK(first() == 100);
  CHECK(loader.epoch() == 2);
  loader.set_epoch(7);
  CHECK(first() == 700);
  DataLoader a(numbers(50), {.batch_size = 50, .shuffle = true}),
      b(numbers(50), {.batch_size = 50, .shuffle = true});
  order_of(a);
  b.set_epoch(1);
  CHECK(order_of(a) == order_of(b));
}

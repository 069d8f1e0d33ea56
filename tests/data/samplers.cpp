#include <algorithm>
#include <map>
#include <set>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using data::BatchSampler;
using data::DataLoader;
using data::DistributedSampler;
using data::RandomSampler;
using data::Sampler;
using data::SequentialSampler;
using data::SubsetRandomSampler;
using data::WeightedRandomSampler;

namespace {

using Order = std::vector<std::int64_t>;

Order listed(const Tensor& indices) {
  const std::span<const std::int64_t> all = indices.span<std::int64_t>();
  return {all.begin(), all.end()};
}
Order sorted(Order order) {
  std::sort(order.begin(), order.end());
  return order;
}

struct Indices {  // a sample is its index
  std::int64_t count;
  std::int64_t size() const { return count; }
  Tensor get(std::span<const std::int64_t> indices) const { return tensor(indices); }
};

Order loaded(DataLoader<Tensor>& loader) {
  Order all;
  for (const Tensor& batch : loader)
    for (const std::int64_t i : batch.span<std::int64_t>()) all.push_back(i);
  return all;
}

}  // namespace

TEST_CASE("a sequential sampler counts", "[data][samplers]") {
  CHECK(listed(SequentialSampler(4).indices()) == Order{0, 1, 2, 3});
  CHECK(SequentialSampler(Indices{3}).size() == 3);
  CHECK(listed(SequentialSampler(0).indices(5)).empty());
  CHECK(test::throws<ValueError>([] { SequentialSampler s(-1); },
                                 {"SequentialSampler", "-1", "samplers.cpp"}));
}

TEST_CASE("a random sampler permutes, anew in each epoch", "[data][samplers]") {
  const RandomSampler sampler(50, {.seed = 3});
  const Order first = listed(sampler.indices(0)), second = listed(sampler.indices(1));
  CHECK(sorted(first) == listed(arange(50)));
  CHECK(first != second);
  CHECK(first == listed(RandomSampler(50, {.seed = 3}).indices(0)));
  CHECK(first != listed(RandomSampler(50, {.seed = 4}).indices(0)));
  CHECK(listed(RandomSampler(0).indices()).empty());
}

TEST_CASE("num_samples cuts or repeats permutations", "[data][samplers]") {
  const Order few = listed(RandomSampler(10, {.num_samples = 4}).indices());
  CHECK(few.size() == 4);
  CHECK(std::set<std::int64_t>(few.begin(), few.end()).size() == 4);
  const Order many = listed(RandomSampler(10, {.num_samples = 25}).indices());
  REQUIRE(many.size() == 25);
  CHECK(sorted({many.begin(), many.begin() + 10}) == listed(arange(10)));
  CHECK(sorted({many.begin() + 10, many.begin() + 20}) == listed(arange(10)));
  CHECK(std::set<std::int64_t>(many.begin() + 20, many.end()).size() == 5);
  CHECK(!std::equal(many.begin(), many.begin() + 10, many.begin() + 10));
  const Order drawn =
      listed(RandomSampler(10, {.replacement = true, .num_samples = 10000}).indices());
  std::map<std::int64_t, int> counts;
  for (const std::int64_t i : drawn) ++counts[i];
  CHECK(counts.size() == 10);
  for (const auto& [i, count] : counts) CHECK(std::abs(count - 1000) < 150);  // 5 sigma
  CHECK(test::throws<ValueError>([] { RandomSampler s(3, {.num_samples = 0}); },
                                 {"num_samples is 0"}));
  CHECK(test::throws<ValueError>([] { RandomSampler s(0, {.num_samples = 1}); }, {"no samples"}));
  CHECK(test::throws<ValueError>([] { RandomSampler s(-2); }, {"RandomSampler", "-2"}));
}

TEST_CASE("weights are frequencies", "[data][samplers]") {
  const WeightedRandomSampler sampler(tensor({1.0, 0.0, 3.0}), 8000, {.seed = 1});
  std::map<std::int64_t, int> counts;
  for (const std::int64_t i : listed(sampler.indices())) ++counts[i];
  CHECK(counts.size() == 2);
  CHECK(std::abs(counts[0] - 2000) < 200);  // 5 sigma
  CHECK(listed(sampler.indices(0)) != listed(sampler.indices(1)));
  const WeightedRandomSampler once(tensor({1.0, 2.0, 3.0}), 3, {.replacement = false});
  CHECK(sorted(listed(once.indices())) == Order{0, 1, 2});
  const auto refuses = [](const Tensor& weights, std::int64_t n, bool replacement,
                          std::initializer_list<std::string> words) {
    CHECK(test::throws<Error>(
        [&] { WeightedRandomSampler s(weights, n, {.replacement = replacement}); }, words));
  };
  refuses(tensor({1.0, -1.0}), 1, true, {"WeightedRandomSampler", "-1", "samplers.cpp"});
  refuses(tensor({1.0, NAN}), 1, true, {"nan"});
  refuses(tensor({0.0, 0.0}), 1, true, {"WeightedRandomSampler"});
  refuses(tensor({1.0, 0.0}), 2, false, {"WeightedRandomSampler"});
  refuses(tensor({1.0}), 0, true, {"num_samples is 0"});
  refuses(tensor({{1.0}}), 1, true, {"one dim"});
  refuses(tensor({1, 2}), 1, true, {"float32 or float64"});
}

TEST_CASE("a subset sampler permutes its indices", "[data][samplers]") {
  const SubsetRandomSampler sampler({7, 3, 3, 9});
  CHECK(sorted(listed(sampler.indices(2))) == Order{3, 3, 7, 9});
  std::set<Order> orders;
  for (std::uint64_t epoch = 0; epoch < 30; ++epoch) orders.insert(listed(sampler.indices(epoch)));
  CHECK(orders.size() > 5);
  CHECK(test::throws<ValueError>([] { SubsetRandomSampler s({1, -4}); }, {"-4"}));
  CHECK(test::throws<DTypeError>([] { SubsetRandomSampler s(tensor({1.0})); }, {"int64"}));
  CHECK(test::throws<ShapeError>([] { SubsetRandomSampler s(tensor({{1}})); }, {"one dim"}));
}

TEST_CASE("shares of a distributed sampler are those of PyTorch", "[data][samplers]") {
  const auto share = [](std::int64_t n, std::int64_t replicas, std::int64_t rank, bool drop_last) {
    return listed(
        DistributedSampler(
            n, {.num_replicas = replicas, .rank = rank, .shuffle = false, .drop_last = drop_last})
            .indices());
  };
  // list(DistributedSampler(range(10), 4, rank, shuffle=False)) of torch.utils.data
  CHECK(share(10, 4, 0, false) == Order{0, 4, 8});
  CHECK(share(10, 4, 1, false) == Order{1, 5, 9});
  CHECK(share(10, 4, 2, false) == Order{2, 6, 0});
  CHECK(share(10, 4, 3, false) == Order{3, 7, 1});
  CHECK(share(10, 4, 3, true) == Order{3, 7});
  CHECK(share(2, 5, 4, false) == Order{0});  // 0 1 0 1 0
  CHECK(share(2, 5, 3, false) == Order{1});
  CHECK(share(2, 5, 0, true).empty());
  CHECK(share(0, 3, 1, false).empty());
}

TEST_CASE("shuffled shares are disjoint and cover the samples", "[data][samplers]") {
  const std::int64_t replicas = GENERATE(1, 2, 5);
  const auto share = [&](std::int64_t rank, std::uint64_t epoch) {
    DistributedSampler sampler(20, {.num_replicas = replicas, .rank = rank, .seed = 2});
    sampler.set_epoch(epoch);
    return listed(sampler.indices());
  };
  Order all;
  for (std::int64_t rank = 0; rank < replicas; ++rank)
    for (const std::int64_t i : share(rank, 1)) all.push_back(i);
  CHECK(sorted(all) == listed(arange(20)));
  CHECK(share(0, 1) != share(0, 2));
  CHECK(share(0, 1) == share(0, 1));
  CHECK(test::throws<ValueError>([] { DistributedSampler s(5, {.num_replicas = 2, .rank = 2}); },
                                 {"rank is 2", "num_replicas is 2", "samplers.cpp"}));
  CHECK(test::throws<ValueError>([] { DistributedSampler s(5, {.num_replicas = 0}); }, {"is 0"}));
  CHECK(test::throws<ValueError>([] { DistributedSampler s(5, {.rank = -1}); }, {"rank is -1"}));
}

TEST_CASE("a loader takes its order from a sampler", "[data][samplers]") {
  const int workers = GENERATE(0, 3);
  const RandomSampler sampler(10, {.num_samples = 7, .seed = 5});
  DataLoader<Tensor> loader(Indices{10}, {.batch_size = 2, .sampler = sampler, .workers = workers});
  CHECK(loader.size() == 4);
  CHECK(loaded(loader) == listed(sampler.indices(0)));
  CHECK(loaded(loader) == listed(sampler.indices(1)));
  DataLoader<Tensor> full_only(
      Indices{10}, {.batch_size = 2, .sampler = sampler, .drop_last = true, .workers = workers});
  CHECK(full_only.size() == 3);
  CHECK(loaded(full_only).size() == 6);
  // The same order as shuffle's.
  DataLoader<Tensor> a(Indices{30}, {.shuffle = true, .seed = 8}),
      b(Indices{30}, {.sampler = RandomSampler(30, {.seed = 8})});
  CHECK(loaded(a) == loaded(b));
}

TEST_CASE("a loader takes its batches from a batch sampler", "[data][samplers]") {
  const BatchSampler pairs(SequentialSampler(5), 2), full(SequentialSampler(5), 2, true);
  CHECK(pairs.batches() == BatchSampler::Batches{{0, 1}, {2, 3}, {4}});
  CHECK(full.batches() == BatchSampler::Batches{{0, 1}, {2, 3}});
  struct Uneven {
    std::int64_t size() const { return 3; }
    BatchSampler::Batches batches(std::uint64_t epoch) const {
      return {{4}, {3, 2, static_cast<std::int64_t>(epoch)}, {1, 1}};
    }
  };
  DataLoader<Tensor> loader(Indices{5}, {.batch_sampler = Uneven(), .workers = GENERATE(0, 1, 3)});
  CHECK(loader.size() == 3);
  std::vector<Order> batches;
  for (const Tensor& batch : loader) batches.push_back(listed(batch));
  CHECK(batches == BatchSampler::Batches{{4}, {3, 2, 0}, {1, 1}});
  CHECK(loaded(loader) == Order{4, 3, 2, 1, 1, 1});
}

TEST_CASE("a state with a sampler goes on in its order, and in no other", "[data][samplers]") {
  const auto with = [](Sampler sampler) {
    return DataLoader<Tensor>(Indices{6}, {.batch_size = 2, .sampler = std::move(sampler)});
  };
  const auto weights = [](double last) {
    return WeightedRandomSampler(tensor({1.0, 1.0, 1.0, 1.0, 1.0, last}), 6);
  };
  DataLoader<Tensor> loader = with(weights(2));
  const Order expected = loaded(loader);
  loader.set_epoch(0);
  auto at = loader.begin();
  DataLoader<Tensor> resumed = with(weights(2));
  resumed.load_state_dict(loader.state_dict());
  CHECK(loaded(resumed) == Order(expected.begin() + 2, expected.end()));
  for (Sampler other : {Sampler(weights(3)), Sampler(RandomSampler(6)), Sampler()}) {
    DataLoader<Tensor> another = with(other);
    CHECK(test::throws<ValueError>([&] { another.load_state_dict(loader.state_dict()); },
                                   {"sampler"}));
  }
  const DistributedSampler mine(6, {.num_replicas = 2, .rank = 0}),
      theirs(6, {.num_replicas = 2, .rank = 1});
  DataLoader<Tensor> first = with(mine), second = with(theirs);
  CHECK(test::throws<ValueError>([&] { second.load_state_dict(first.state_dict()); },
                                 {"rank=0", "rank=1"}));
}

TEST_CASE("samplers that cannot be used are refused", "[data][samplers]") {
  const auto refuses = [](data::DataLoaderOptions options,
                          std::initializer_list<std::string> words) {
    CHECK(test::throws<Error>(
        [&] {
          DataLoader<Tensor> loader(Indices{4}, options);
          loaded(loader);
        },
        words));
  };
  const SequentialSampler sampler(4);
  const BatchSampler batches(sampler, 2);
  refuses({.shuffle = true, .sampler = sampler},
          {"DataLoader", "excludes shuffle", "samplers.cpp"});
  refuses({.batch_size = 2, .batch_sampler = batches}, {"batch_sampler", "excludes batch_size"});
  refuses({.shuffle = true, .batch_sampler = batches}, {"batch_sampler"});
  refuses({.sampler = sampler, .batch_sampler = batches}, {"batch_sampler"});
  refuses({.batch_sampler = batches, .drop_last = true}, {"drop_last"});
  refuses({.sampler = SequentialSampler(5)}, {"SequentialSampler(5)", "index 4", "4 samples"});
  refuses({.batch_sampler = BatchSampler(SequentialSampler(5), 2)}, {"index 4", "samplers.cpp"});
  struct Wrong {
    Tensor all;
    std::int64_t size() const { return 3; }
    Tensor indices(std::uint64_t) const { return all; }
  };
  refuses({.sampler = Wrong{arange(2)}}, {"[2]", "[3]"});
  refuses({.sampler = Wrong{zeros(3)}}, {"int64"});
  refuses({.sampler = Wrong{}}, {"Sampler"});
  refuses({.sampler = Wrong{tensor({0, -1, 2})}}, {"index -1"});
  struct Short {
    std::int64_t size() const { return 2; }
    BatchSampler::Batches batches(std::uint64_t) const { return {{1}}; }
  };
  refuses({.batch_sampler = Short()}, {"1 batches", "size() is 2"});
  CHECK(test::throws<ValueError>([&] { BatchSampler b(sampler, 0); }, {"batch_size is 0"}));
  CHECK(test::throws<ValueError>([&] { BatchSampler b(Sampler(), 2); }, {"no sampler"}));
}

TEST_CASE("errors of a sampler's indices name the line where it was made", "[data][samplers]") {
  const auto refuses = [](const auto& make) {
    CHECK(test::throws<Error>([&] { make().indices(0); }, {"Sampler", "samplers.cpp"}));
  };
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  refuses([] { return data::SequentialSampler(most); });
  refuses([] { return data::RandomSampler(most); });
  refuses([] { return data::RandomSampler(3, {.num_samples = most}); });  // at once, too
  refuses([] { return data::DistributedSampler(most); });
}

#include <atomic>
#include <memory>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using data::Batch;
using data::DataLoader;
using data::DataLoaderOptions;

namespace {

// A sample is its index; counts how many are fetched.
struct Counting {
  std::int64_t count;
  std::shared_ptr<std::atomic<int>> fetched = std::make_shared<std::atomic<int>>(0);
  std::int64_t size() const { return count; }
  Tensor get(std::span<const std::int64_t> indices) const {
    *fetched += static_cast<int>(indices.size());
    return tensor(indices);
  }
};

using Order = std::vector<std::int64_t>;

void add(Order& order, const Tensor& batch) {
  for (const std::int64_t i : batch.span<std::int64_t>()) order.push_back(i);
  order.push_back(-1);  // where a batch ends
}

}  // namespace

TEST_CASE("a loader goes on after any batch as without the interruption", "[data][loader]") {
  const int prefetch = GENERATE(0, 1, 3);
  const bool drop_last = GENERATE(false, true);
  const DataLoaderOptions options{
      .batch_size = 4, .shuffle = true, .drop_last = drop_last, .seed = 3, .prefetch = prefetch};
  DataLoader<Tensor> whole(Counting{14}, options);
  Order expected;
  std::vector<std::pair<StateDict, std::size_t>> stops;  // a state, and what had been delivered
  stops.emplace_back(whole.state_dict(), 0);
  for (int epoch = 0; epoch < 3; ++epoch) {
    for (const Tensor& batch : whole) {
      add(expected, batch);
      stops.emplace_back(whole.state_dict(), expected.size());
    }
    stops.emplace_back(whole.state_dict(), expected.size());
  }
  for (const auto& [state, delivered] : stops) {
    DataLoader<Tensor> resumed(Counting{14}, options);
    resumed.load_state_dict(state);
    CHECK(test::same_bits(resumed.state_dict(), state));
    Order order(expected.begin(), expected.begin() + static_cast<std::ptrdiff_t>(delivered));
    while (resumed.epoch() < 3)
      for (const Tensor& batch : resumed) add(order, batch);
    CHECK(order == expected);
  }
}

TEST_CASE("batches that were delivered are not fetched again", "[data][loader]") {
  DataLoader<Tensor> loader(Counting{100}, {.batch_size = 10, .prefetch = 0});
  auto at = loader.begin();
  for (int i = 0; i < 6; ++i) ++at;
  const Counting set{100};
  DataLoader<Tensor> resumed(set, {.batch_size = 10, .prefetch = 0});
  resumed.load_state_dict(loader.state_dict());
  for (const Tensor& batch : resumed) CHECK(batch.numel() == 10);
  CHECK(*set.fetched == 30);
}

TEST_CASE("the state of a loader tells where it is", "[data][loader]") {
  DataLoader<Tensor> loader(Counting{10}, {.batch_size = 4});
  const auto place = [&] {
    const StateDict state = loader.state_dict();
    return std::pair(state.get<std::int64_t>("epoch"), state.get<std::int64_t>("batches"));
  };
  using Place = std::pair<std::int64_t, std::int64_t>;
  CHECK(place() == Place{0, 0});
  for ([[maybe_unused]] const Tensor& batch : loader) {
    CHECK(place() == Place{0, 1});
    break;
  }
  CHECK(place() == Place{1, 0});  // a loop that was left is over
  {
    auto at = loader.begin();
    ++at, ++at;
    CHECK(place() == Place{1, 3});
    ++at;
    CHECK(place() == Place{2, 0});
  }
  loader.set_epoch(7);
  CHECK(place() == Place{7, 0});
}

TEST_CASE("a state of another order is refused, and nothing changed", "[data][loader]") {
  const DataLoaderOptions options{.batch_size = 4, .shuffle = true, .seed = 1};
  DataLoader<Tensor> loader(Counting{10}, options);
  const StateDict before = loader.state_dict();
  const auto refused = [&](StateDict state, std::initializer_list<std::string> words) {
    CHECK(test::throws<ValueError>([&] { loader.load_state_dict(state); }, words));
    CHECK(test::same_bits(loader.state_dict(), before));
  };
  const auto with = [&](const std::string& name, StateDict::Value value) {
    StateDict state = before;
    state.set("epoch", 5);
    state.set(name, std::move(value));
    return state;
  };
  refused(with("samples", 11),
          {"load_state_dict", "samples: expected std::int64_t 10, found std::int64_t 11",
           "loader_state.cpp"});
  refused(with("batch_size", 5), {"batch_size"});
  refused(with("shuffle", false), {"shuffle: expected bool true, found bool false"});
  refused(with("drop_last", true), {"drop_last"});
  refused(with("seed", 2), {"seed"});
  refused(with("batches", 4), {"batches: expected 0 to 3, found 4"});
  refused(with("batches", -1), {"batches"});
  refused(with("batches", 1.5), {"batches"});
  refused(with("more", 1), {"unexpected: more"});
  refused({{"epoch", 1}}, {"missing: batches, samples"});
}

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <set>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using data::Batch;
using data::DataLoader;
using data::DataLoaderOptions;

namespace {

using Order = std::vector<std::int64_t>;

// Batches of random numbers, from all sources: the epoch's Draws, and the default generator. Early
// batches take longest, so that they would be overtaken.
struct Noisy {
  std::int64_t count = 60;
  std::int64_t size() const { return count; }
  Batch get(std::span<const std::int64_t> indices, std::uint64_t epoch) const {
    if (indices[0] % 3 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    const data::Draws draws{.seed = 9, .epoch = epoch, .indices = indices};
    Tensor own = empty({static_cast<std::int64_t>(indices.size())}, {.dtype = int64});
    for (std::int64_t i = 0; i < own.size(0); ++i)
      own.mutable_data<std::int64_t>()[i] = draws.generator(i).next().word[0];
    return {rand({own.size(0), 3}), own + 10 * tensor(indices)};
  }
};

std::vector<Tensor> all_of(DataLoader<>& loader) {
  std::vector<Tensor> all;
  for (const auto& [inputs, targets] : loader) all.push_back(inputs), all.push_back(targets);
  return all;
}

void check_same(const std::vector<Tensor>& a, const std::vector<Tensor>& b) {
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) CHECK(test::same_bits(a[i], b[i]));
}

DataLoaderOptions options(int workers, int prefetch = 2) {
  return {.batch_size = 7, .shuffle = true, .seed = 4, .workers = workers, .prefetch = prefetch};
}

// Fails at some samples.
template <class Fail>
struct Failing {
  Fail fail;
  std::int64_t size() const { return 40; }
  Tensor get(std::span<const std::int64_t> indices) const {
    for (const std::int64_t i : indices) fail(i);
    return tensor(indices);
  }
};
template <class Fail>
Failing(Fail) -> Failing<Fail>;

// The samples of the error that a loop ends with, and how many batches came before.
template <class B>
std::pair<Order, int> failed(DataLoader<B>& loader) {
  int seen = 0;
  try {
    for ([[maybe_unused]] auto& batch : loader) ++seen;
  } catch (const data::SampleError& error) {
    return {error.samples(), seen};
  }
  return {{}, seen};
}

}  // namespace

TEST_CASE("any number of workers gives the same bits in the same order", "[data][workers]") {
  DataLoader<> expected(Noisy(), options(0));
  std::vector<std::vector<Tensor>> epochs;
  for (int epoch = 0; epoch < 3; ++epoch) epochs.push_back(all_of(expected));
  CHECK(!test::same_bits(epochs[0][0], epochs[1][0]));
  const int workers = GENERATE(0, 1, 3, 8), prefetch = GENERATE(0, 1, 2, 5);
  DataLoader<> loader(Noisy(), options(workers, prefetch));
  for (const auto& epoch : epochs) check_same(all_of(loader), epoch);
}

TEST_CASE("workers run at the same time", "[data][workers]") {
  struct Meeting {  // each batch waits until four are there
    std::shared_ptr<std::atomic<int>> there = std::make_shared<std::atomic<int>>(0);
    std::int64_t size() const { return 4; }
    Tensor get(std::span<const std::int64_t> indices) const {
      ++*there;
      while (*there < 4) std::this_thread::yield();
      return tensor(indices);
    }
  };
  DataLoader<Tensor> loader(Meeting(), {.workers = 4, .prefetch = 1});
  std::int64_t seen = 0;
  for (const Tensor& batch : loader) CHECK(batch.item<std::int64_t>() == seen++);
  CHECK(seen == 4);
}

TEST_CASE("a loop with workers leaves the thread's default generator alone", "[data][workers]") {
  const int workers = GENERATE(0, 2);
  manual_seed(3);
  const Tensor expected = rand(5);
  manual_seed(3);
  DataLoader<> loader(Noisy(), options(workers));
  all_of(loader);
  CHECK(test::same_bits(rand(5), expected));
}

TEST_CASE("workers prepare no more than prefetch allows", "[data][workers]") {
  struct Counting {
    std::shared_ptr<std::atomic<int>> begun = std::make_shared<std::atomic<int>>(0);
    std::int64_t size() const { return 1000; }
    Tensor get(std::span<const std::int64_t> indices) const {
      ++*begun;
      return tensor(indices);
    }
  };
  const Counting set;
  DataLoader<Tensor> loader(set, {.workers = 3, .prefetch = 2});
  int taken = 0;
  for ([[maybe_unused]] auto& batch : loader) {
    ++taken;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    CHECK(*set.begun <= taken + 6);
    if (taken == 20) break;
  }
}

TEST_CASE("a loader with workers goes on after any batch bit for bit", "[data][workers]") {
  const int before = GENERATE(0, 1, 3), after = GENERATE(0, 1, 8);
  DataLoader<> whole(Noisy{20}, options(before));
  std::vector<Tensor> expected;
  std::vector<std::pair<StateDict, std::size_t>> stops;
  for (int epoch = 0; epoch < 2; ++epoch)
    for (const auto& [inputs, targets] : whole) {
      expected.push_back(inputs), expected.push_back(targets);
      stops.emplace_back(whole.state_dict(), expected.size());
    }
  for (const auto& [state, delivered] : stops) {
    DataLoader<> resumed(Noisy{20}, options(after));
    resumed.load_state_dict(state);
    std::vector<Tensor> all(expected.begin(),
                            expected.begin() + static_cast<std::ptrdiff_t>(delivered));
    while (resumed.epoch() < 2)
      for (const auto& [inputs, targets] : resumed) all.push_back(inputs), all.push_back(targets);
    check_same(all, expected);
  }
}

TEST_CASE("an error comes in the place of its batch, with the sample's index", "[data][workers]") {
  const int workers = GENERATE(0, 1, 3, 8);
  const DataLoaderOptions batches_of_4{.batch_size = 4, .workers = workers};
  DataLoader<Tensor> loader(Failing{[](std::int64_t i) {
                              if (i == 22 || i == 29) throw IoError("the disk is gone");
                            }},
                            batches_of_4);
  for (int epoch = 0; epoch < 2; ++epoch) CHECK(failed(loader) == std::pair(Order{22}, 5));
  loader.set_epoch(3);
  CHECK(test::throws<IoError>(
      [&] {
        failed(loader), loader.set_epoch(3);
        for ([[maybe_unused]] auto& batch : loader) {
        }
      },
      {"the disk is gone", "sample 22", "epoch 3"}));
  auto at = loader.begin();
  for (int i = 0; i < 4; ++i) ++at;
  CHECK_THROWS_AS(++at, IoError);
  CHECK_THROWS_AS(++at, IoError);  // again, instead of hanging
}

TEST_CASE("errors keep their type", "[data][workers]") {
  struct Own : std::runtime_error {
    using std::runtime_error::runtime_error;
  };
  const int workers = GENERATE(0, 2);
  const auto throwing = [&](auto thrown) {
    return DataLoader<Tensor>(Failing{[thrown](std::int64_t i) {
                                if (i == 6) throw thrown;
                              }},
                              {.batch_size = 4, .workers = workers});
  };
  const auto samples_of = [](DataLoader<Tensor> loader) { return failed(loader).first; };
  CHECK(samples_of(throwing(ShapeError("x"))) == Order{6});
  CHECK(samples_of(throwing(DTypeError("x"))) == Order{6});
  CHECK(samples_of(throwing(std::out_of_range("x"))) == Order{6});
  CHECK(samples_of(throwing(std::runtime_error("x"))) == Order{6});
  auto own = throwing(Own("mine"));
  CHECK_THROWS_AS(failed(own), Own);
  auto number = throwing(5);
  CHECK_THROWS_AS(failed(number), int);
  auto memory = throwing(std::bad_alloc());
  CHECK_THROWS_AS(failed(memory), std::bad_alloc);
  try {
    auto value = throwing(ValueError("bad", Site{"user.cpp", 12}));
    for ([[maybe_unused]] auto& batch : value) {
    }
  } catch (const ValueError& error) {
    CHECK(std::string(error.what()) == "bad (in sample 6, epoch 0) (at user.cpp:12)");
    CHECK(error.site().line == 12);
  }
}

TEST_CASE("a loader tells the samples of exceptions of any type", "[data][workers]") {
  struct Own {};
  const int workers = GENERATE(0, 1, 3);
  DataLoader<Tensor> loader(Failing{[](std::int64_t i) {
                              if (i == 6 || i == 13 || i == 38) throw Own();
                            }},
                            {.batch_size = 4, .workers = workers});
  CHECK(loader.failed_samples().empty());
  auto copy = loader;
  CHECK_THROWS_AS(failed(loader), Own);
  CHECK(loader.failed_samples() == Order{6});
  CHECK(copy.failed_samples().empty());
  StateDict state = loader.state_dict();
  state.set("epoch", 0);
  state.set("batches", 4);
  loader.load_state_dict(state);
  CHECK_THROWS_AS(failed(loader), Own);
  CHECK(loader.failed_samples() == Order{38});
  DataLoader texts(Failing{[](std::int64_t i) {
                     if (i == 9) throw Own();
                   }},
                   [](const std::vector<Tensor>& samples) {
                     if (samples.size() != 4) throw Own();
                     return samples;
                   },
                   {.batch_size = 4, .workers = workers});
  CHECK_THROWS_AS(
      [&] {
        for ([[maybe_unused]] auto& batch : texts) {
        }
      }(),
      Own);
  CHECK(texts.failed_samples() == Order{9});
}

// Fails at a sample that the random numbers choose, and keeps which.
struct Unlucky {
  std::shared_ptr<std::atomic<std::int64_t>> failed =
      std::make_shared<std::atomic<std::int64_t>>(-1);
  std::int64_t size() const { return 64; }
  void draw(std::int64_t index) const {
    if (rand(1).item<double>() > 0.1) return;
    std::int64_t none = -1;
    failed->compare_exchange_strong(none, index);
    throw std::runtime_error("unlucky");
  }
};
struct UnluckySamples : Unlucky {
  Tensor get(std::int64_t index) const { return draw(index), tensor(index); }
};
struct UnluckyBatches : Unlucky {
  Tensor get(std::span<const std::int64_t> indices) const {
    for (const std::int64_t i : indices) draw(i);
    return tensor(indices);
  }
};
struct OnceBroken {  // alone, no sample fails
  std::shared_ptr<std::atomic<int>> calls = std::make_shared<std::atomic<int>>(0);
  std::int64_t size() const { return 8; }
  Tensor get(std::int64_t index) const {
    if (++*calls == 6) throw std::runtime_error("once");
    return tensor(index);
  }
};

TEST_CASE("the sample that fails is told, whatever numbers it draws", "[data][workers]") {
  const std::uint64_t seed = GENERATE(1U, 2U, 3U, 4U, 5U);
  const DataLoaderOptions options{.batch_size = 64, .shuffle = true, .seed = seed, .workers = 0};
  const UnluckySamples samples;
  DataLoader<Tensor> one_by_one(samples, options);
  const Order first = failed(one_by_one).first;
  CHECK(first == Order{*samples.failed});
  const UnluckyBatches batches;
  DataLoader<Tensor> whole(batches, options);
  const Order second = failed(whole).first;
  CHECK(second == Order{*batches.failed});
  DataLoader<Tensor> once(OnceBroken(), {.batch_size = 8, .workers = 0});
  CHECK(failed(once).first == Order{5});
}

TEST_CASE("a state with a negative epoch is refused", "[data][workers]") {
  DataLoader<> loader(Noisy(), options(0));
  StateDict state = loader.state_dict();
  state.set("epoch", -1);
  CHECK(test::throws<ValueError>([&] { loader.load_state_dict(state); },
                                 {"DataLoader", "epoch", "0 or more", "-1"}));
  CHECK(loader.epoch() == 0);
}

TEST_CASE("samples that do not fit together are named as a batch", "[data][workers]") {
  struct Ragged {
    std::int64_t size() const { return 9; }
    Tensor get(std::int64_t index) const { return zeros(index == 7 ? 3 : 2); }
  };
  DataLoader loader(Ragged(), {.batch_size = 3, .workers = GENERATE(0, 3)});
  CHECK(failed(loader) == std::pair(Order{6, 7, 8}, 2));
}

TEST_CASE("a loader that is left early, or never used up, does not hang", "[data][workers]") {
  DataLoader<> loader(Noisy{100000}, options(GENERATE(1, 3, 8)));
  for (int i = 0; i < 20; ++i)
    for ([[maybe_unused]] auto& batch : loader) break;
  { auto unused = loader.begin(); }
  { DataLoader<> dropped(Noisy{100}, options(3)); }
  auto at = loader.begin();
  loader = DataLoader<>(Noisy{5}, options(3));  // the loop goes on without its loader
  ++at;
  CHECK(at->inputs.size(0) == 7);
}

TEST_CASE("a copy is at the same place and goes on alone", "[data][workers]") {
  DataLoader<> loader(Noisy(), options(3));
  DataLoader<> fresh = loader;
  const std::vector<Tensor> whole = all_of(fresh);
  auto at = loader.begin();
  ++at;
  DataLoader<> copy = loader;
  CHECK(test::same_bits(copy.state_dict(), loader.state_dict()));
  ++at;
  const std::vector<Tensor> rest = all_of(copy);
  check_same(rest, {whole.begin() + 4, whole.end()});
  CHECK(loader.state_dict().get<std::int64_t>("batches") == 3);
  CHECK(copy.epoch() == 1);
}

TEST_CASE("two threads use copies of a loader at once", "[data][workers]") {
  DataLoader<> loader(Noisy(), options(2));
  DataLoader<> mine = loader;
  const std::vector<Tensor> expected = all_of(mine);
  std::vector<std::vector<Tensor>> got(3);
  std::vector<std::thread> threads;
  for (auto& to : got) threads.emplace_back([&to, copy = loader]() mutable { to = all_of(copy); });
  for (std::thread& thread : threads) thread.join();
  for (const auto& one : got) check_same(one, expected);
}

TEST_CASE("loops go on in the child of a fork", "[data][workers]") {
  const int workers = GENERATE(0, 1, 3);
  DataLoader<> loader(Noisy(), options(workers));
  DataLoader<> again = loader;
  const std::vector<Tensor> whole = all_of(again);
  auto at = loader.begin();
  ++at;
  const pid_t child = fork();
  if (child == 0) {
    alarm(60);  // a child that hangs is killed
    bool good = true;
    std::size_t seen = 2;
    for (; at != loader.end(); ++at, seen += 2)
      good = good && seen < whole.size() && test::same_bits(at->inputs, whole[seen]);
    { auto left = std::move(at); }
    std::size_t next = 0;
    for ([[maybe_unused]] auto& batch : loader) ++next;
    _exit(good && seen == whole.size() && next == 9 ? 0 : 1);
  }
  int status = 1;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(status == 0);
  std::size_t seen = 2;
  for (; at != loader.end(); ++at, seen += 2) CHECK(test::same_bits(at->inputs, whole[seen]));
  CHECK(seen == whole.size());
}

TEST_CASE("more workers than batches, and none at all, are no errors", "[data][workers]") {
  DataLoader<> few(Noisy{3}, options(8));
  CHECK(all_of(few).size() == 2);
  DataLoader<> nothing(Noisy{0}, options(8));
  CHECK(all_of(nothing).empty());
  CHECK(test::throws<ValueError>([] { DataLoader<> d(Noisy(), {.workers = -1}); },
                                 {"workers is -1", "workers.cpp"}));
}

namespace {

struct Text {
  std::string word;
  std::int64_t label;
};
// Samples of a type of its own, which only a function can make a batch of.
struct Words {
  std::int64_t size() const { return 5; }
  Text get(std::int64_t index) const {
    return {std::string(static_cast<std::size_t>(index), 'x'), index};
  }
};
struct SampleSet {
  std::int64_t size() const { return 5; }
  Batch get(std::int64_t index, std::uint64_t epoch) const {
    return {full({2, 3}, static_cast<double>(index)), tensor(static_cast<std::int64_t>(epoch))};
  }
};

}  // namespace

TEST_CASE("a function makes batches of samples", "[data][workers]") {
  const int workers = GENERATE(0, 1, 3);
  DataLoader loader(Words(),
                    [](const std::vector<Text>& samples) {
                      std::string joined;
                      for (const Text& sample : samples) joined += sample.word + "|";
                      return joined;
                    },
                    {.batch_size = 2, .workers = workers});
  static_assert(std::is_same_v<decltype(loader), DataLoader<std::string>>);
  std::vector<std::string> all;
  for (const std::string& batch : loader) all.push_back(batch);
  CHECK(all == std::vector<std::string>{"|x|", "xx|xxx|", "xxxx|"});
  // Of a dataset that has batches only, the samples have no first dim.
  DataLoader sums(data::TensorDataset(arange(8).reshape({4, 2}), arange(4)),
                  [](const std::vector<Batch>& samples) {
                    CHECK(samples[0].targets.dim() == 0);
                    return Tensor(samples[0].inputs.sum() + samples[1].inputs.sum());
                  },
                  {.batch_size = 2, .workers = workers});
  std::vector<std::int64_t> totals;
  for (const Tensor& batch : sums) totals.push_back(batch.item<std::int64_t>());
  CHECK(totals == std::vector<std::int64_t>{6, 22});
}

TEST_CASE("samples of tensors are stacked", "[data][workers]") {
  DataLoader loader(SampleSet(), {.batch_size = 2, .workers = GENERATE(0, 3)});
  static_assert(std::is_same_v<decltype(loader), DataLoader<Batch>>);
  std::vector<Shape> shapes;
  for (const auto& [inputs, targets] : loader) {
    shapes.push_back(inputs.shape());
    CHECK(targets.shape() == Shape{inputs.size(0)});
  }
  CHECK(shapes == std::vector<Shape>{{2, 2, 3}, {2, 2, 3}, {1, 2, 3}});
  for (const auto& [inputs, targets] : loader) CHECK(targets[0].item<std::int64_t>() == 1);
  // In other datasets, too.
  const data::Subset last(SampleSet(), {4, 3});
  CHECK(last.get(std::vector<std::int64_t>{0}).inputs[0][0][0].item<float>() == 4);
  CHECK(test::throws<ShapeError>([] { data::default_collate(std::vector<Tensor>{}); },
                                 {"default_collate"}));
}

#include <map>
#include <numeric>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using data::Draws;
using test::all_close;
using test::same_bits;
using Numbers = std::vector<std::int64_t>;

namespace {

// Images whose pixels are all different.
Tensor images(std::int64_t n, std::int64_t h, std::int64_t w) {
  return arange(n * h * w).to(float32).reshape({n, 1, h, w});
}

Numbers counted(std::int64_t n) {
  Numbers indices(static_cast<std::size_t>(n));
  std::iota(indices.begin(), indices.end(), 0);
  return indices;
}

struct Pictures {
  std::int64_t size() const { return 12; }
  Tensor get(std::span<const std::int64_t> indices) const {
    return index_select(images(12, 4, 6), 0, tensor(indices));
  }
};

const auto augment = [](const Tensor& batch, const Draws& draws) {
  return random_horizontal_flip(random_crop(batch, {3, 4}, draws, {.padding = 1}), draws);
};

// What each sample of an epoch looks like, told by its largest pixel's place in the whole.
std::map<std::int64_t, Tensor> epoch_of(std::uint64_t epoch, data::DataLoaderOptions options) {
  using Sample = std::pair<Numbers, Tensor>;
  struct Indexed {
    std::int64_t size() const { return 12; }
    Sample get(std::span<const std::int64_t> indices, std::uint64_t of) const {
      static const data::Transformed set(Pictures(), augment, 5);
      return {Numbers(indices.begin(), indices.end()), set.get(indices, of)};
    }
  };
  data::DataLoader loader(Indexed(), options);
  loader.set_epoch(epoch);
  std::map<std::int64_t, Tensor> samples;
  for (const auto& [indices, batch] : loader)
    for (std::size_t i = 0; i < indices.size(); ++i) samples[indices[i]] = batch[i];
  return samples;
}

bool same(const std::map<std::int64_t, Tensor>& a, const std::map<std::int64_t, Tensor>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return x.first == y.first && same_bits(x.second, y.second);
  });
}

}  // namespace

TEST_CASE("normalize gives each channel its mean and deviation", "[data][transforms]") {
  const Tensor x = test::uniform({2, 3, 4, 5}, 0, 1, 1);
  const Tensor y = data::normalize(x, {0.5, 0.4, 0.3}, {0.1, 0.2, 0.5});
  CHECK(y.data<double>()[0] == Approx((x.data<double>()[0] - 0.5) / 0.1));
  CHECK(all_close(y.index({Slice(), 2}), (x.index({Slice(), 2}) - 0.3) / 0.5, 1e-14));
  CHECK(all_close(data::normalize(x, {0.5}, {2}), (x - 0.5) / 2, 1e-14));
  CHECK(data::normalize(x.to(float32), {0.5}, {2}).dtype() == float32);
  CHECK(test::throws<ShapeError>(
      [&] {
        data::normalize(x, {0, 0}, {1, 1});
      },
      {"2 means", "3 chan"}));
  CHECK(test::throws<ValueError>([&] { data::normalize(x, {0}, {0}); }, {"std is 0"}));
  CHECK(test::throws<DTypeError>(
      [] {
        data::normalize(ones({1, 2, 3}, {.dtype = int64}), {0}, {1});
      },
      {"int64"}));
  CHECK(test::throws<ShapeError>([] { data::normalize(ones({2, 3}), {0}, {1}); }, {"[2, 3]"}));
}

TEST_CASE("a centre crop takes the middle", "[data][transforms]") {
  const Tensor x = images(2, 5, 6);
  CHECK(same_bits(data::center_crop(x, {3, 2}),
                  x.index({Slice(), Slice(), Slice(1, 4), Slice(2, 4)})));
  CHECK(same_bits(data::center_crop(x, {2, 3}),
                  x.index({Slice(), Slice(), Slice(1, 3), Slice(1, 4)})));
  CHECK(same_bits(data::center_crop(x, {5, 6}), x));
  CHECK(data::center_crop(x, 0).numel() == 0);
  CHECK(test::throws<ShapeError>([&] { data::center_crop(x, 6); }, {"6 x 6", "5 x 6"}));
}

TEST_CASE("a random crop is a part of the padded image, each place as likely",
          "[data][transforms]") {
  const std::int64_t n = 3000;
  const Tensor x = ones({n, 1, 1}) * 7;
  const Numbers indices = counted(n);
  // one pixel in a frame of 3 x 3: where it is in a 2 x 2 crop tells the place
  const Tensor crops =
      data::random_crop(x, 2, {.seed = 1, .indices = indices}, {.padding = 1, .fill = -1});
  CHECK(crops.shape() == Shape{n, 2, 2});
  const Tensor shares = (crops == 7).to(float64).mean(0);
  CHECK(all_close(shares, full({2, 2}, 0.25, {.dtype = float64}), 0.03));
  CHECK(same_bits((crops == 7).to(int64).sum(Dims{1, 2}), ones({n}, {.dtype = int64})));
  CHECK(amin(crops).item<double>() == -1);
}

TEST_CASE("a crop without room to move and flips with p 0 and 1 are certain",
          "[data][transforms]") {
  const Tensor x = images(4, 3, 5).to(int64);
  const Numbers indices = counted(4);
  const Draws draws{.seed = 2, .indices = indices};
  CHECK(same_bits(data::random_crop(x, {3, 5}, draws), x));
  CHECK(same_bits(data::random_horizontal_flip(x, draws, 0), x));
  CHECK(same_bits(data::random_horizontal_flip(x, draws, 1), flip(x, {-1})));
  CHECK(same_bits(data::random_vertical_flip(x, draws, 1), flip(x, {-2})));
  CHECK(data::random_vertical_flip(zeros({0, 2, 2}), {}).shape() == Shape{0, 2, 2});
}

TEST_CASE("flips happen with their probability, of one kind independent of the other",
          "[data][transforms]") {
  const std::int64_t n = 4000;
  const Tensor x = tensor({{1.0, 2.0}, {3.0, 4.0}}).reshape({1, 2, 2}) * ones({n, 1, 1});
  const Numbers indices = counted(n);
  const Draws draws{.seed = 3, .indices = indices};
  const Tensor y = random_vertical_flip(random_horizontal_flip(x, draws, 0.3), draws, 0.3);
  const Tensor first = y.index({Slice(), 0, 0});
  const auto share = [&](double pixel) {
    return (first == pixel).to(float64).mean().item<double>();
  };
  CHECK(share(1) == Approx(0.49).margin(0.03));
  CHECK(share(2) == Approx(0.21).margin(0.03));
  CHECK(share(3) == Approx(0.21).margin(0.03));
  CHECK(share(4) == Approx(0.09).margin(0.03));
}

TEST_CASE("what is drawn depends on seed, epoch and index alone", "[data][transforms]") {
  const auto plain = epoch_of(0, {.batch_size = 12, .prefetch = 0});
  CHECK(same(plain, epoch_of(0, {.batch_size = 12, .prefetch = 0})));
  CHECK(same(plain, epoch_of(0, {.batch_size = 5, .prefetch = 3})));
  CHECK(same(plain, epoch_of(0, {.batch_size = 1, .shuffle = true, .seed = 9})));
  CHECK(!same(plain, epoch_of(1, {.batch_size = 12})));
  const data::Transformed other(Pictures(), augment, 6);
  CHECK(!same_bits(other.get(counted(12)),
                   data::Transformed(Pictures(), augment, 5).get(counted(12))));
  // a subset of the transformed draws as the whole, a transformed subset by its own indices
  const data::Transformed whole(Pictures(), augment, 5);
  CHECK(same_bits(data::Subset(whole, {3, 8}).get(Numbers{1}, 4), whole.get(Numbers{8}, 4)));
}

TEST_CASE("a transform without draws changes the type of the batch", "[data][transforms]") {
  const data::Transformed sums(Pictures(), [](const Tensor& x) { return x.sum({1, 2, 3}); });
  STATIC_REQUIRE(std::is_same_v<data::BatchOf<decltype(sums)>, Tensor>);
  CHECK(sums.get(Numbers{0, 1}).shape() == Shape{2});
  CHECK(sums.size() == 12);
}

TEST_CASE("draws are streams of their own", "[data][transforms]") {
  const Numbers indices{5, 6};
  const Draws draws{.seed = 1, .epoch = 2, .indices = indices};
  const auto first = [](Generator g) { return g.next().word[0]; };
  CHECK(first(draws.generator(0)) == first(draws.generator(0)));
  CHECK(first(draws.generator(0)) != first(draws.generator(1)));
  CHECK(first(draws.generator(0, 1000)) != first(draws.generator(0, 1001)));
  CHECK(test::throws<ValueError>([&] { draws.generator(2); },
                                 {"2 indices", "row 2", "transforms.cpp"}));
}

TEST_CASE("images and draws that do not fit are refused", "[data][transforms]") {
  const Numbers two{0, 1};
  const Draws draws{.indices = two};
  const Tensor x = images(3, 4, 4);
  CHECK(test::throws<ShapeError>(
      [&] { random_horizontal_flip(x, draws); },
      {"random_horizontal_flip", "[3, 1, 4, 4]", "2 indices", "transforms.cpp"}));
  CHECK(test::throws<ShapeError>([&] { random_crop(ones({2, 2}), 1, draws); }, {"[2, 2]"}));
  const Tensor y = images(2, 4, 4);
  CHECK(test::throws<ShapeError>([&] { random_crop(y, 5, draws); }, {"5 x 5", "4 x 4"}));
  CHECK(test::throws<ValueError>([&] { random_crop(y, 2, draws, {.padding = -1}); },
                                 {"padding is -1"}));
  CHECK(test::throws<ValueError>([&] { random_vertical_flip(y, draws, 1.5); }, {"p is 1.5"}));
}

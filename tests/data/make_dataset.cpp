#include <numbers>
#include <set>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using test::all_close;
using test::same_bits;

namespace {

// Every maker, with noise and shuffling, as one list of tensors.
std::vector<Tensor> everything(std::optional<std::uint64_t> seed, std::int64_t n = 9000) {
  std::vector<Tensor> all;
  const auto add = [&](const data::Batch& b) { all.push_back(b.inputs), all.push_back(b.targets); };
  add(data::make_moons(n, {.noise = 0.1, .random_state = seed}));
  add(data::make_circles(n, {.noise = 0.1, .random_state = seed, .dtype = float64}));
  add(data::make_spirals(n, {.n_classes = 3, .noise = 0.1, .random_state = seed}));
  const auto [x, y, centers] = data::make_blobs(n, 3, {.random_state = seed});
  all.insert(all.end(), {x, y, centers});
  const auto [u, v, coef] =
      data::make_regression(n / 10, 20, {.n_targets = 2, .noise = 1, .random_state = seed});
  all.insert(all.end(), {u, v, coef});
  return all;
}

bool same(const std::vector<Tensor>& a, const std::vector<Tensor>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Tensor& x, const Tensor& y) { return bool(same_bits(x, y)); });
}

std::multiset<std::vector<double>> points_of(const data::Batch& batch) {
  std::multiset<std::vector<double>> points;
  for (std::int64_t i = 0; i < batch.targets.numel(); ++i) {
    const double* p = batch.inputs.data<double>() + 2 * i;
    points.insert({p[0], p[1], static_cast<double>(batch.targets.data<std::int64_t>()[i])});
  }
  return points;
}

Tensor radius_of(const Tensor& points) { return sqrt((points * points).sum(1)); }

}  // namespace

TEST_CASE("a seed gives the same bits on any number of threads", "[data][make]") {
  const int threads = num_threads();
  set_num_threads(1);
  const auto one = everything(7);
  set_num_threads(3);
  const auto three = everything(7);
  set_num_threads(threads);
  CHECK(same(one, three));
  CHECK(!same_bits(one[0], everything(8)[0]));
}

TEST_CASE("without a seed the thread's generator draws", "[data][make]") {
  manual_seed(5);
  const auto first = everything({}, 50), second = everything({}, 50);
  CHECK(!same_bits(first[0], second[0]));
  manual_seed(5);
  CHECK(same(first, everything({}, 50)));
}

TEST_CASE("moons lie on two half circles", "[data][make]") {
  // sklearn.datasets.make_moons(5, shuffle=False)
  const auto [x, y] = data::make_moons(5, {.shuffle = false, .dtype = float64});
  CHECK(all_close(
      x, tensor({{1.0, 0.0}, {-1.0, 0.0}, {0.0, 0.5}, {1.0, -0.5}, {2.0, 0.5}}, {.dtype = float64}),
      1e-15));
  CHECK(same_bits(y, tensor({0, 0, 1, 1, 1})));
  CHECK(data::make_moons(3).inputs.dtype() == float32);
  CHECK(data::make_moons(0).inputs.shape() == Shape{0, 2});
  CHECK(data::make_moons(1).targets.numel() == 1);
}

TEST_CASE("circles have radius 1 and factor", "[data][make]") {
  const auto [x, y] = data::make_circles(7, {.shuffle = false, .factor = 0.5, .dtype = float64});
  CHECK(all_close(radius_of(x), tensor({1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.5}, {.dtype = float64}),
                  1e-15));
  CHECK(same_bits(y, tensor({0, 0, 0, 1, 1, 1, 1})));
  // numpy.linspace(0, 2 pi, 4, endpoint=False)
  CHECK(all_close(x.index({Slice(3)}),
                  tensor({{0.5, 0.}, {0., 0.5}, {-0.5, 0.}, {0., -0.5}}, {.dtype = float64}),
                  1e-15));
  CHECK(data::make_circles(0).targets.numel() == 0);
  CHECK(data::make_spirals(0).inputs.shape() == Shape{0, 2});
  CHECK(
      same_bits(data::make_spirals(2, {.n_classes = 5, .shuffle = false}).targets, tensor({0, 1})));
}

TEST_CASE("spirals turn around the centre", "[data][make]") {
  const auto [x, y] =
      data::make_spirals(10, {.n_classes = 3, .shuffle = false, .turns = 0.5, .dtype = float64});
  CHECK(same_bits(y, tensor({0, 0, 0, 0, 1, 1, 1, 2, 2, 2})));
  CHECK(all_close(radius_of(x).index({Slice(0, 4)}), linspace(0, 1, 4, {.dtype = float64}), 1e-15));
  // arm 0 goes half around, from the right to the left; arm 1 begins a third of a turn on
  CHECK(all_close(x[3], tensor({-1.0, 0.0}, {.dtype = float64}), 1e-15));
  const double angle = 2 * std::numbers::pi * (0.5 + 1.0 / 3);
  CHECK(x.data<double>()[12] == Approx(std::cos(angle)));
  CHECK(x.data<double>()[13] == Approx(std::sin(angle)));
}

TEST_CASE("shuffling and noise leave the points and their classes", "[data][make]") {
  const auto plain = data::make_moons(40, {.shuffle = false, .dtype = float64});
  const auto mixed = data::make_moons(40, {.random_state = 1, .dtype = float64});
  CHECK(points_of(plain) == points_of(mixed));
  CHECK(!same_bits(plain.targets, mixed.targets));
  const auto noisy = data::make_moons(4000, {.shuffle = false, .noise = 0.2, .random_state = 2});
  const auto exact = data::make_moons(4000, {.shuffle = false});
  const Tensor noise = noisy.inputs - exact.inputs;
  CHECK(noise.mean().item<double>() == Approx(0).margin(0.01));
  CHECK(xgrad::std(noise).item<double>() == Approx(0.2).epsilon(0.03));
}

TEST_CASE("blobs are normal clouds around their centers", "[data][make]") {
  const Tensor centers = tensor({{-5.0, 0.0}, {5.0, 0.0}, {0.0, 9.0}});
  const auto [x, y, given] =
      data::make_blobs(6001, 2, {.centers = centers, .cluster_std = 0.5, .random_state = 3});
  CHECK(same_bits(given, centers));
  CHECK(same_bits(bincount(y), tensor({2001, 2000, 2000})));
  for (std::int64_t c = 0; c < 3; ++c) {
    const Tensor cloud = x.index({y == c});
    CHECK(all_close(cloud.mean(0), centers[c], 0.05));
    CHECK(xgrad::std(cloud - centers[c]).item<double>() == Approx(0.5).epsilon(0.03));
  }
  const auto drawn =
      data::make_blobs(10, 4, {.n_centers = 6, .center_box = {2, 3}, .random_state = 1});
  CHECK(drawn.centers.shape() == Shape{6, 4});
  CHECK(amin(drawn.centers).item<double>() >= 2);
  CHECK(amax(drawn.centers).item<double>() <= 3);
  const auto tight =
      data::make_blobs(7, 3, {.cluster_std = 0, .shuffle = false, .random_state = 1});
  CHECK(same_bits(tight.inputs, index_select(tight.centers, 0, tight.targets)));
}

TEST_CASE("regression targets are linear in the informative features", "[data][make]") {
  const auto [x, y, coef] = data::make_regression(
      50, 8, {.n_informative = 3, .bias = 2, .random_state = 1, .dtype = float64});
  CHECK(x.shape() == Shape{50, 8});
  CHECK(y.shape() == Shape{50});
  CHECK(coef.shape() == Shape{8});
  CHECK((coef != 0).to(int64).sum().item<std::int64_t>() == 3);
  CHECK(all_close(matmul(x, coef) + 2, y, 1e-11));
  const auto several = data::make_regression(
      20, 4, {.n_targets = 3, .shuffle = false, .random_state = 2, .dtype = float64});
  CHECK(several.targets.shape() == Shape{20, 3});
  CHECK(all_close(matmul(several.inputs, several.coef), several.targets, 1e-11));
  const auto plain = data::make_regression(4000, 2, {.random_state = 3});
  const auto noisy = data::make_regression(4000, 2, {.noise = 5, .random_state = 3});
  CHECK(xgrad::std(noisy.targets - plain.targets).item<double>() == Approx(5).epsilon(0.05));
  CHECK(data::make_regression(3, 2).coef.numel() == 2);  // more informative ones than there are
}

TEST_CASE("inputs of a low effective rank have its singular values", "[data][make]") {
  const auto [x, y, coef] = data::make_regression(
      30, 12, {.effective_rank = 3, .tail_strength = 0.2, .random_state = 4, .dtype = float64});
  const Tensor s = linalg::svdvals(x);
  for (std::int64_t i = 0; i < 12; ++i) {
    const double at = static_cast<double>(i) / 3;
    CHECK(s.data<double>()[i] == Approx(0.8 * std::exp(-at * at) + 0.2 * std::exp(-0.1 * at)));
  }
}

TEST_CASE("arguments that cannot be are refused with the user's line", "[data][make]") {
  const auto refuses = [](const std::function<void()>& f,
                          std::initializer_list<std::string> parts) {
    CHECK(test::throws<ValueError>(f, parts));
    CHECK(test::throws<ValueError>(f, {"make_dataset.cpp"}));
  };
  refuses([] { data::make_moons(-1); }, {"make_moons", "-1"});
  refuses([] { data::make_moons(5, {.noise = -0.1}); }, {"-0.1"});
  refuses([] { data::make_circles(5, {.factor = 1}); }, {"factor is 1"});
  refuses([] { data::make_spirals(5, {.n_classes = 0}); }, {"n_classes is 0"});
  refuses([] { data::make_blobs(5, 0); }, {"n_features is 0"});
  refuses([] { data::make_blobs(5, 2, {.center_box = {1, 0}}); }, {"(1, 0)"});
  refuses([] { data::make_blobs(5, 2, {.cluster_std = -1}); }, {"-1"});
  refuses([] { data::make_regression(5, 2, {.n_targets = 0}); }, {"n_targets 0"});
  refuses([] { data::make_regression(5, 2, {.effective_rank = 0}); }, {"effective_rank is 0"});
  CHECK(test::throws<ShapeError>([] { data::make_blobs(5, 2, {.centers = ones({3})}); }, {"[3]"}));
  CHECK(test::throws<DTypeError>([] { data::make_moons(5, {.dtype = int64}); }, {"int64"}));
  const std::int64_t many = std::int64_t{1} << 50;
  CHECK(test::throws<MemoryError>([&] { data::make_spirals(many, {.n_classes = many}); },
                                  {"make_spirals", "9007199254740992 bytes"}));
  CHECK(data::make_spirals(3, {.n_classes = many}).targets.numel() == 3);
}

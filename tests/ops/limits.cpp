// Arguments at the limits: numbers that wrap, parts without elements, results that memory does not
// hold. What can be is right, what cannot be is refused at once, by the name and line of the call.
#include <cmath>
#include <limits>
#include <new>
#include <string>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/trial.hpp"

using namespace xgrad;

namespace {

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t huge = std::int64_t{1} << 40;
constexpr int least_int = std::numeric_limits<int>::min();
constexpr int most_int = std::numeric_limits<int>::max();

const Tensor image = ones({1, 2, 4, 4});

struct Refusal {
  const char* call;
  test::Verdict (*check)();
};
#define REFUSED(Error, expression, ...)                                                          \
  Refusal {                                                                                      \
#expression,                                                                                 \
        [] { return test::throws<Error>([] { static_cast<void>(expression); }, {__VA_ARGS__}); } \
  }

const Refusal wrapping[] = {
    REFUSED(ShapeError, reshape(ones({4}), {(std::int64_t{1} << 62) + 1, 4}), "reshape"),
    REFUSED(ShapeError, reshape(zeros({0}), {huge, huge, 0}), "reshape"),
    REFUSED(ShapeError, unflatten(ones({4}), 0, {(std::int64_t{1} << 62) + 1, 4}), "unflatten"),
    REFUSED(ShapeError, unflatten(ones({6}), 0, {-2, -3}), "unflatten", "[-2, -3]"),
    REFUSED(ShapeError, expand(ones({1}), {-3}), "expand", "[-3]"),
    REFUSED(ShapeError, expand(ones({1}), {-1, 1}), "expand", "[-1, 1]"),
    REFUSED(ShapeError, narrow(ones({3}), 0, most, 1), "narrow"),
    REFUSED(ShapeError, narrow(ones({3}), 0, 1, most), "narrow"),
    REFUSED(ShapeError, split(ones({3}), {most, most, 5}), "split"),
    REFUSED(ShapeError, pad(ones({3}), {std::numeric_limits<std::int64_t>::min(), most}), "pad"),
    REFUSED(ShapeError, pixel_shuffle(image, std::int64_t{1} << 32), "pixel_shuffle", "[1, 2,"),
    REFUSED(ShapeError, conv2d(image, ones({1, 2, 3, 3}), {.dilation = most}), "conv2d"),
    REFUSED(ShapeError, max_pool2d(image, huge), "max_pool2d", "must fit"),
    REFUSED(ShapeError, avg_pool2d(image, most), "avg_pool2d", "must fit"),
    REFUSED(ShapeError, unfold(image, most, {.dilation = 3}), "unfold", "is larger than"),
    REFUSED(ShapeError, chunk(zeros({0}), most), "chunk", "at most"),
    REFUSED(ShapeError, tensor_split(ones({3}), most), "tensor_split", "at most"),
    REFUSED(ShapeError, unbind(zeros({huge, 0})), "unbind", "at most"),
    REFUSED(ShapeError, tril_indices(-1, 2), "tril_indices", "-1 rows"),
    REFUSED(ValueError, interpolate(image, {.scale_factor = 1e300}), "interpolate", "1e+300"),
    REFUSED(ShapeError, multinomial(zeros({0}), 1), "multinomial", "not empty"),
};

}  // namespace

TEST_CASE("numbers that would wrap are refused", "[ops][limits]") {
  for (const Refusal& r : wrapping) {
    DYNAMIC_SECTION(r.call) { CHECK(r.check()); }
  }
}

TEST_CASE("a part without elements is written without a trace", "[ops][limits]") {
  const Tensor x = ones({2, 3}), none = zeros({3, 0});
  CHECK(equal(index_put(x, {Slice(1, 1)}, 1.0), x));
  CHECK(equal(slice_scatter(x, zeros({2, 0}), 1, Slice(2, 2)), x));
  CHECK(equal(index_fill(none, 0, tensor({0, 2}), 1.0), none));
  CHECK(equal(index_copy(none, 0, tensor({1}), zeros({1, 0})), none));
  CHECK(index(zeros({huge, 0}), {Slice()}).shape() == Shape{huge, 0});
  CHECK(sort(zeros({0, huge}), 0).values.shape() == Shape{0, huge});
  CHECK(softmax(zeros({huge, 0}), 1).shape() == Shape{huge, 0});
  CHECK(transpose(zeros({huge, 0}), 0, 1).shape() == Shape{0, huge});
  CHECK(repeat_interleave(zeros({huge, 0}), 0, 1).shape() == Shape{huge, 0});
}

TEST_CASE("ranges and offsets beyond the end take what there is", "[ops][limits]") {
  const Tensor x = tensor({1.0, 2.0, 3.0});
  CHECK(equal(x.index({Slice(0, None, most)}), tensor({1.0})));
  CHECK(equal(x.index({Slice(1, most)}), tensor({2.0, 3.0})));
  CHECK(diagonal(ones({2, 2}), least_int).shape() == Shape{0});
  CHECK(diagonal(ones({2, 2}), most_int).shape() == Shape{0});
  CHECK(equal(triu(ones({2, 2}), least_int), ones({2, 2})));
  CHECK(equal(roll(x, {std::numeric_limits<std::int64_t>::min()}), roll(x, {-2})));
}

TEST_CASE("an op does not take over a temporary that its gradient reads", "[ops][limits]") {
  const Tensor x = ones({2, 3}).requires_grad_();
  linalg::vecdot(x * 2, ones({3})).sum().backward();
  CHECK(equal(x.grad(), full({2, 3}, 2.0)));
  CHECK(linalg::vecdot(ones({3}), 2.0).item<float>() == 6);
}

TEST_CASE("triangles' places are counted before they are made", "[ops][limits]") {
  CHECK(tril_indices(most, 0).shape() == Shape{2, 0});
  CHECK(triu_indices(0, most, -2).shape() == Shape{2, 0});
  CHECK(triu_indices(most, 5, 5).shape() == Shape{2, 0});
  CHECK(equal(triu_indices(2, 3, 1), tensor({{0, 0, 1}, {1, 2, 2}})));
  CHECK(equal(tril_indices(3, 2, -1), tensor({{1, 2, 2}, {0, 0, 1}})));
  for (std::int64_t rows = 0; rows < 5; ++rows)
    for (std::int64_t columns = 0; columns < 5; ++columns)
      for (std::int64_t offset = -6; offset < 7; ++offset) {
        const Tensor whole = ones({rows, columns});
        CHECK(equal(tril_indices(rows, columns, offset),
                    transpose(nonzero(tril(whole, static_cast<int>(offset))), 0, 1)));
        CHECK(equal(triu_indices(rows, columns, offset),
                    transpose(nonzero(triu(whole, static_cast<int>(offset))), 0, 1)));
      }
}

TEST_CASE("windows far larger than the data cost no more than the data", "[ops][limits]") {
  // The mean of all channels, of which there are two, over 2^30.
  const Tensor y = local_response_norm(image, std::int64_t{1} << 30, {.alpha = 0x1p30});
  CHECK(test::all_close(y, image * std::pow(3.0, -0.75), 0, 1e-5));
  CHECK(max_pool1d(zeros({0, 1, huge}), 2).shape() == Shape{0, 1, huge / 2});
  CHECK(interpolate(zeros({0, 1, 4}), {.size = huge}).shape() == Shape{0, 1, huge});
  CHECK(diff(zeros({huge, 0}), most_int, 0).shape() == Shape{huge - most_int, 0});
}

TEST_CASE("a result that memory does not hold is a bad_alloc at once", "[ops][limits]") {
  if (XGRAD_TEST_SANITIZED) return;  // their operator new ends the process
  CHECK_THROWS_AS(interpolate(image, {.size = huge}), ShapeError);  // it is beyond 2^63 bytes
  CHECK_THROWS_AS(interpolate(ones({1, 2, 4}), {.size = huge}), std::bad_alloc);
  CHECK_THROWS_AS(adaptive_avg_pool1d(ones({1, 2, 4}), huge), std::bad_alloc);
  CHECK_THROWS_AS(adaptive_max_pool2d(image, {huge / 4, 1}), std::bad_alloc);
  CHECK_THROWS_AS(repeat_interleave(ones({3}), huge), std::bad_alloc);
  CHECK_THROWS_AS(randperm(huge), std::bad_alloc);
  CHECK_THROWS_AS(vander(ones({3}), huge), std::bad_alloc);
  CHECK_THROWS_AS(bincount(tensor({huge})), std::bad_alloc);
  CHECK_THROWS_AS(pad(ones({1, 3}), {huge, 1}, "replicate"), std::bad_alloc);
}

namespace {

template <class F>
Site site_of(F call) {
  try {
    call();
  } catch (const Error& e) {
    return e.site();
  }
  return {};
}

}  // namespace

TEST_CASE("an error has the line of the call, not one of the library", "[ops][errors]") {
  const auto is_here = [](Site site) {
    return site.file != nullptr && std::string(site.file) == __FILE__;
  };
  CHECK(is_here(site_of([] { one_hot(ones({3})); })));
  CHECK(is_here(site_of([] { bincount(ones({3})); })));
  CHECK(is_here(site_of([] { histc(Tensor(), 2); })));
  CHECK(is_here(site_of([] { linalg::lstsq(ones({2, 0, 0}), ones({})); })));
  CHECK(is_here(site_of([] { affine_grid(ones({1, 3, 3}), {1, 1, 2, 2}); })));
  CHECK(is_here(site_of([] { gather(ones({3}), 0, Tensor()); })));
  CHECK(is_here(site_of([] { randperm(-1); })));
  CHECK(is_here(site_of([] { nn::Linear(-1, 2); })));
  CHECK(test::throws<ShapeError>([] { vstack({ones({2}), ones({3})}); }, {"vstack: cat: "}));
}

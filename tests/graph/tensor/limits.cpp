// What a tensor cannot be, and what memory cannot hold: each is refused in words, nothing wraps.
#include <cstdint>
#include <limits>
#include <new>

#include <xgrad/graph/op_scope.hpp>
#include <xgrad/graph/range.hpp>
#include <xgrad/graph/scratch_vector.hpp>
#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using test::throws;

namespace {
constexpr std::int64_t huge = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t one = 1;
const double* volatile seen = nullptr;  // what is stored here, no compiler leaves out
}  // namespace

TEST_CASE("sizes whose bytes cannot be counted are refused by every op that makes them",
          "[limits]") {
  CHECK(throws<ShapeError>([] { zeros({-1}); }, {"zeros", "[-1]", "limits.cpp"}));
  CHECK(throws<ShapeError>([] { zeros({huge}); }, {"zeros", "2^63", "limits.cpp"}));
  CHECK(throws<ShapeError>([] { empty({one << 31, one << 31}); }, {"empty", "limits.cpp"}));
  CHECK(throws<ShapeError>([] { zeros({one << 40, 0, one << 40}); }, {"zeros"}));
  CHECK(throws<ShapeError>(
      [] {
        zeros({0}).reshape({one << 40, 0, one << 40});
      },
      {"reshape", "[1099511627776, 0, 1099511627776]", "limits.cpp"}));
  CHECK(throws<ShapeError>(
      [] {
        zeros({2, 2}).reshape({(one << 62) + 1, 4});
      },
      {"reshape", "4 elements", "limits.cpp"}));

  CHECK(throws<ShapeError>(
      [] {
        zeros({one << 31, 0}).matmul(zeros({0, one << 31}));
      },
      {"[2147483648, 2147483648]", "2^63"}));
  CHECK(throws<ShapeError>(
      [] {
        expand(tensor(1.), {one << 31, one << 31});
      },
      {"[2147483648, 2147483648]", "2^63"}));
}

TEST_CASE("memory that cannot be had is a bad_alloc that names op, shape and bytes", "[limits]") {
  const auto asks = [] { zeros({one << 50}); };
  CHECK(throws<std::bad_alloc>(
      asks, {"zeros", "[1125899906842624]", "float32", "4503599627370496 bytes", "limits.cpp"}));
  CHECK(throws<MemoryError>(asks, {"zeros"}));
  CHECK(throws<MemoryError>([] { eye(one << 24); }, {"eye", "[16777216, 16777216]"}));
  CHECK(throws<MemoryError>(
      [] {
        ones({one << 24, 1}) - ones({one << 24});
      },
      {"sub", "[16777216, 16777216]", "1125899906842624 bytes", "limits.cpp"}));
  CHECK(throws<MemoryError>([] { arange(one << 50); }, {"arange"}));
}

TEST_CASE("working memory that cannot be had is told like a tensor's", "[limits]") {
  if (XGRAD_TEST_SANITIZED) return;  // their operator new ends the process
  const auto asks = [] {
    const OpScope scope("sort", {"user.cpp", 7});
    const detail::ScratchVector<double> row(one << 50);
    seen = row.data();
  };
  CHECK(throws<MemoryError>(asks, {"sort", "9007199254740992 bytes", "user.cpp:7"}));
}

TEST_CASE("a MemoryError cuts what it has no room for", "[limits]") {
  const MemoryError error(std::string(2000, 'x'), {"file.cpp", 7});
  CHECK(std::string(error.what()).size() < 600);
  CHECK(error.site().line == 7);
}

TEST_CASE("a tensor has at most max_dim axes", "[limits]") {
  const std::vector<std::int64_t> most(max_dim, 1), more(max_dim + 1, 1);
  CHECK(zeros(most).dim() == max_dim);
  CHECK(throws<ShapeError>([&] { zeros(more); }, {"17 axes", "at most 16", "limits.cpp"}));
  CHECK(throws<ShapeError>([&] { Shape{more}; }, {"17 axes", "at most 16", "limits.cpp"}));
  CHECK(throws<ShapeError>([&] { zeros(most).reshape(more); }, {"17 axes"}));
  CHECK(throws<ShapeError>([&] { zeros(most).unsqueeze(0); }, {"17 axes"}));
  CHECK(throws<ShapeError>([&] { stack({zeros(most), zeros(most)}); }, {"17 axes"}));
  CHECK((zeros(most) + ones(most)).sum().item<float>() == 1);
}

TEST_CASE("broadcasting an empty axis gives an empty result", "[limits]") {
  const Tensor empty_rows = zeros({4, 0}), columns = zeros({4, 1});
  CHECK((empty_rows + columns).shape() == Shape{4, 0});
  CHECK((columns * empty_rows).shape() == Shape{4, 0});
  CHECK((zeros({0, 4}) + zeros({4})).shape() == Shape{0, 4});
  CHECK((zeros({3, 1, 0}) + zeros({1, 5, 1})).shape() == Shape{3, 5, 0});
  Tensor x = zeros({4, 1}, {.requires_grad = true});
  (x + empty_rows).sum().backward();
  CHECK(x.grad().shape() == Shape{4, 1});
}

TEST_CASE("a shape counts no further than 64 bits", "[limits]") {
  CHECK(Shape{huge, 2}.numel() == huge);
  CHECK(Shape{huge, huge, 0}.numel() == 0);
  CHECK(Shape{one << 32, one << 31}.numel() == huge);
}

TEST_CASE("ranges are compared without adding up what does not fit", "[limits]") {
  using namespace detail;
  CHECK(range_fits(2, 3, 5));
  CHECK(range_fits(5, 0, 5));
  CHECK_FALSE(range_fits(3, 3, 5));
  CHECK_FALSE(range_fits(huge, 1, 5));
  CHECK_FALSE(range_fits(1, huge, 5));
  CHECK_FALSE(range_fits(-1, 2, 5));
  CHECK(range_count(0, 5, 2) == 3);
  CHECK(range_count(0, 5, huge) == 1);
  CHECK(range_count(5, 0, 1) == 0);
  CHECK(range_count(std::numeric_limits<std::int64_t>::min(), huge, 4) == one << 62);
}

TEST_CASE("sums of integers wrap around", "[limits]") {
  CHECK(full({3}, huge).sum().item<std::int64_t>() == huge - 2);
  CHECK(full({70000}, huge).sum().item<std::int64_t>() == -70000);
  CHECK(full({3, 5}, huge).sum(0).data<std::int64_t>()[4] == huge - 2);
  CHECK(full({300, 5}, huge).sum(0).data<std::int64_t>()[4] == -300);
}

TEST_CASE("a float beyond int64 has the unsigned number that it is", "[limits]") {
  CHECK(tensor(1e19, {.dtype = float64}).item<std::uint64_t>() == 10000000000000000000U);
}

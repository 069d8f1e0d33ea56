// Elements left out at random, one at a time.
#include "kernels/dropout.hpp"

#include <xgrad/graph/random.hpp>

#include "ops/kernels/line_cases.hpp"
#include "support/catch.hpp"

using namespace xgrad;
using detail::DropoutChoice;
using test::Elements;

TEST_CASE("dropout goes by the bits of a stream", "[ops][kernels]") {
  test::for_floats([]<class T>() {
    for (const std::int64_t n : {0, 1, 2, 3, 4, 5, 7, 8, 9, 17, 33, 1000, 20000})
      for (const double p : {0.0, 0.1, 0.5, 1.0}) {
        const DropoutChoice choice{0x123456789abcdefU, 0xfffffffeU, p};
        const auto x = test::random_elements<T>(n, 1);
        Elements<T> expected(n);
        for (std::int64_t i = 0; i < n; ++i) {
          const Generator::Bits bits =
              Generator(choice.seed).at(choice.counter + static_cast<std::uint64_t>(i / 4));
          const bool out = static_cast<double>(bits.word[i % 4]) < p * 4294967296.0;
          expected[i] = out ? T(0) : x[i] * static_cast<T>(1 / (1 - p));
        }
        test::for_thread_counts([&] {
          Elements<T> y = x;
          detail::dropout(dtype_of<T>, n, choice, y.data(), y.data());
          CHECK(test::close(y, expected, 0));
        });
      }
  });
}

// The code of docs/arrays.md, as it stands there.
#include "support/catch.hpp"

namespace {
template <class Result>
void check(const Result& result) {
  CHECK(result);
}
}  // namespace

#include "arrays_page.hpp"

TEST_CASE("the code of docs/arrays.md passes its checks", "[public_api][array]") {
  test_cumsum_rows();
  test_ops();
  test_arithmetic();
  test_arrays();
}

// The code of docs/extending.md, as it stands there.
#include "support/catch.hpp"

namespace {
template <class Result>
void check(const Result& result) {
  CHECK(result);
}
}  // namespace

#include "extending_page.hpp"

TEST_CASE("ops by formula pass their checks", "[public_api][extending]") { test_formulas(); }
TEST_CASE("ops by composition pass their checks", "[public_api][extending]") {
  test_compositions();
}
TEST_CASE("ops by record pass their checks", "[public_api][extending]") { test_recorded(); }

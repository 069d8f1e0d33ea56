// Every line of docs/pytorch.md compiles, and runs.
#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"

// Their results are not looked at here.
#pragma GCC diagnostic ignored "-Wunused-value"
#pragma GCC diagnostic ignored "-Wunused-variable"
#pragma GCC diagnostic ignored "-Wunused-but-set-variable"
#ifdef __clang__
#pragma clang diagnostic ignored "-Wunused-comparison"
#pragma clang diagnostic ignored "-Wunused-lambda-capture"
#endif
#pragma GCC diagnostic ignored "-Wshadow"

namespace {

template <class F>
void run(const char* line, F f) {
  INFO(line);
  CHECK_NOTHROW(f());
}

}  // namespace

TEST_CASE("the cookbook's lines run", "[public_api][docs]") {
  xgrad::manual_seed(1);
#include "cookbook.inc"
}

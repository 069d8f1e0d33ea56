// trial.hpp: one row of a table-driven test.
#pragma once

#include <exception>
#include <string>

#include "support/catch.hpp"

namespace xgrad::test {

/// Runs f under its name; what it throws is a failure of this row alone. (A section per row would
/// run the test case once for each of them.)
template <class F>
void trial(const std::string& name, F f) {
  INFO(name);
  try {
    f();
  } catch (const std::exception& e) {
    FAIL_CHECK("threw: " << e.what());
  }
}

}  // namespace xgrad::test

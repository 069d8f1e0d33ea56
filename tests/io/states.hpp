// states.hpp: StateDicts that formats have to keep.
#pragma once

#include <cmath>
#include <limits>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/state_dict.hpp>

#include "support/compare.hpp"

namespace xgrad::test {

/// Tensors of each dtype and of odd sizes: 0-d, empty, of size 1, large; with NaN and infinities.
inline StateDict odd_tensors() {
  constexpr double inf = std::numeric_limits<double>::infinity();
  StateDict state;
  for (const DType dtype : {float32, float64}) {
    const std::string name = to_string(dtype);
    state.set(name + ".scalar", tensor(-0.0, {.dtype = dtype}));
    state.set(name + ".vector", uniform({7}, -1, 1, 3, dtype));
    state.set(name + ".tensor", uniform({3, 1, 5, 2}, -1, 1, 4, dtype));
    state.set(name + ".special", tensor({inf, -inf, NAN, 5e-324, 1e-42, 1e308}, {.dtype = dtype}));
    state.set(name + ".large", uniform({257, 301}, -1, 1, 5, dtype));
  }
  state.set("empty", zeros({3, 0, 2}));
  state.set("empty_vector", zeros({0}, {.dtype = int64}));
  state.set("flag", tensor(true));
  state.set("flags", tensor({true, false, true}));
  state.set("integer", tensor(std::numeric_limits<std::int64_t>::min()));
  state.set("integers", arange(11));
  return state;
}

/// The same among numbers and strings.
inline StateDict odd_state() {
  constexpr double inf = std::numeric_limits<double>::infinity();
  StateDict state{{"optimizer", "Adam"}, {"lr", 0.1}};
  state.set_below("model", odd_tensors());
  state.set("step", std::int64_t{-7});
  state.set("amsgrad", true);
  state.set("nan", std::numeric_limits<double>::quiet_NaN());
  state.set("inf", -inf);
  state.set("tiny", 5e-324);
  state.set("third", 1.0 / 3);
  state.set("negative_zero", -0.0);
  state.set("last", tensor({1.0, 2.0}));
  state.set("empty_text", std::string());
  state.set("text", std::string("two\nlines, \"quotes\", \xc3\xa9, and a null \0.", 37));
  return state;
}

}  // namespace xgrad::test

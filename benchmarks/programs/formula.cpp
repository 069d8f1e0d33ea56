// One formula in a user's file.
#include <xgrad/ops/pointwise.hpp>

const auto silu = xgrad::pointwise("silu", [](auto x) { return x * sigmoid(x); });

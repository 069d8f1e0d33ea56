#include "compare.hpp"

#include <cstring>

#include <fmt/format.h>

#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/graph/random.hpp>
#include <xgrad/ops/arithmetic.hpp>

namespace xgrad::test {

Verdict all_close(const Tensor& a, const Tensor& b, double atol, double rtol) {
  if (!a.defined() || !b.defined()) return {!a.defined() && !b.defined(), "one is undefined"};
  if (a.shape() != b.shape())
    return {false, fmt::format("shapes {} and {}", to_string(a.shape()), to_string(b.shape()))};
  const NoGrad guard;
  const Tensor x = a.to(float64), y = b.to(float64);
  double worst = 0;
  for (std::int64_t i = 0; i < x.numel(); ++i) {
    const double p = x.data<double>()[i], q = y.data<double>()[i];
    if (p == q || (std::isnan(p) && std::isnan(q))) continue;
    const double off = std::abs(p - q) / (atol + rtol * std::abs(q));
    if (!(off <= 1))
      return {false, fmt::format("element {}: {:.17g} and {:.17g}, {:.3g} times what is allowed", i,
                                 p, q, off)};
    worst = std::max(worst, off);
  }
  return {true, fmt::format("at most {:.3g} of what is allowed", worst)};
}

Verdict same_bits(const Tensor& a, const Tensor& b) {
  if (a.shape() != b.shape() || a.dtype() != b.dtype()) return {false, "shape or dtype differ"};
  const auto bytes = static_cast<std::size_t>(a.numel()) * size_of(a.dtype());
  const bool same = std::memcmp(a.node().storage->data(), b.node().storage->data(), bytes) == 0;
  return {same, same ? "same bits" : fmt::format("{} and {}", to_string(a), to_string(b))};
}

Verdict same_bits(const StateDict& a, const StateDict& b) {
  if (a.size() != b.size()) return {false, fmt::format("{} and {} entries", a.size(), b.size())};
  for (auto x = a.begin(), y = b.begin(); x != a.end(); ++x, ++y) {
    const auto* const p = std::get_if<Tensor>(&x->value);
    const auto* const q = std::get_if<Tensor>(&y->value);
    // Numbers and strings are told in full, so that NaN equals NaN.
    const bool same = p != nullptr && q != nullptr
                          ? same_bits(*p, *q).good
                          : x->value.index() == y->value.index() &&
                                detail::describe(x->value) == detail::describe(y->value);
    if (x->name != y->name || !same)
      return {false, fmt::format("{} is {}, and {} is {}", x->name, detail::describe(x->value),
                                 y->name, detail::describe(y->value))};
  }
  return {true, "same bits"};
}

Tensor uniform(const Shape& shape, double low, double high, unsigned seed, DType dtype) {
  Generator generator(seed);
  const NoGrad guard;
  return (rand(shape, {.dtype = float64, .generator = &generator}) * (high - low) + low).to(dtype);
}

}  // namespace xgrad::test

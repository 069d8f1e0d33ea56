#include <xgrad/ops/dropout.hpp>

#include <cmath>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/parallel.hpp>
#include <xgrad/graph/record.hpp>

namespace xgrad {
namespace {

using detail::Value;

// Which elements go: those whose 32 bits of the stream lie below a bound. Four come from one step.
struct Choice {
  std::uint64_t seed, counter;
  double p;
  std::uint64_t bound() const { return static_cast<std::uint64_t>(std::ldexp(p, 32)); }
};

template <class T>
void drop(const T* x, std::int64_t n, const Choice& choice, T* y) {
  const Generator stream(choice.seed);
  const std::uint64_t bound = choice.bound();
  const T scale = choice.p == 1 ? T(0) : static_cast<T>(1 / (1 - choice.p));
  detail::parallel_ranges(n, 4096, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; i += 4) {
      const Generator::Bits bits = stream.at(choice.counter + static_cast<std::uint64_t>(i / 4));
      for (std::int64_t k = 0; k < std::min<std::int64_t>(4, end - i); ++k)
        y[i + k] = bits.word[k] < bound ? T(0) : x[i + k] * scale;
    }
  });
}

Tensor dropped(const Operand& x, const Choice& choice) {
  const Tensor source = x.tensor();
  Value value = Value::empty(source.shape(), source.dtype());
  dispatch_floating(source.dtype(), [&]<class T>() {
    drop(detail::raw<T>(source), source.numel(), choice, value.data<T>());
  });
  return record({"dropout", "dx = dy / (1 - p) where x was kept, else 0"}, {x}, std::move(value),
                save_nothing, [choice](const Tensor& dy, Inputs, InputGradients dx) {
                  dx.add(0, dropped(dy, choice));
                });
}

}  // namespace

Tensor dropout(Operand x, double p, Flag training, Generator* generator) {
  const OpScope scope("dropout", x);
  if (!(p >= 0 && p <= 1))
    throw ValueError(fmt::format("dropout: p is {}; it must be in [0, 1]", p));
  const Tensor source = x.materialize(float32);
  if (!is_floating(source.dtype()))
    throw DTypeError(fmt::format("dropout: {} must be float32 or float64", describe(x)));
  if (!training || p == 0) return source;
  Generator& from = generator != nullptr ? *generator : default_generator();
  const auto steps = static_cast<std::uint64_t>((source.numel() + 3) / 4);
  return dropped(source, {from.seed(), from.skip(steps), p});
}

}  // namespace xgrad

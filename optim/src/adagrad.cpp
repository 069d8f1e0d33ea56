#include <xgrad/optim/adagrad.hpp>

#include "stepping.hpp"

namespace xgrad::optim {
namespace detail {

template <>
struct Method<AdagradOptions> {
  static constexpr const char* name = "Adagrad";
  static constexpr const char* buffers[] = {"sum"};

  template <class Refuse>
  static void check(const AdagradOptions& o, Refuse refuse) {
    if (!(o.lr_decay >= 0)) refuse("lr_decay", o.lr_decay, "at least 0");
    if (!(o.eps >= 0)) refuse("eps", o.eps, "at least 0");
    if (!(o.initial_accumulator_value >= 0))
      refuse("initial_accumulator_value", o.initial_accumulator_value, "at least 0");
  }
  template <class Options, class F>
  static void visit(Options& o, F f) {
    f("lr_decay", o.lr_decay);
    f("initial_accumulator_value", o.initial_accumulator_value);
    f("eps", o.eps);
  }
  static bool uses(const AdagradOptions&, int) { return true; }
  static double start(const AdagradOptions& o) { return o.initial_accumulator_value; }

  struct Constants {
    bool decays;
    double rate, weight_decay, eps;
  };
  static Constants constants(const AdagradOptions& o, const ParameterState& state) {
    const auto before = static_cast<double>(state.step - 1);
    return {o.weight_decay != 0, o.lr / (1 + before * o.lr_decay), o.weight_decay, o.eps};
  }

  template <class L>
  struct Rule {
    explicit Rule(const Constants& c)
        : is(c), rate(c.rate), weight_decay(c.weight_decay), eps(c.eps) {}
    void operator()(L& p, const L& gradient, L* kept) const {
      const L g = is.decays ? gradient + weight_decay * p : gradient;
      kept[0] += g * g;
      p = p - rate * (g / (sqrt(kept[0]) + eps));
    }
    const Constants is;
    const L rate, weight_decay, eps;
  };
};

}  // namespace detail

template class OptimizerOf<AdagradOptions>;

}  // namespace xgrad::optim

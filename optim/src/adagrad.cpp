#include <xgrad/optim/adagrad.hpp>

#include "optimizer_of.hpp"

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
  static double start(const AdagradOptions& o, int) { return o.initial_accumulator_value; }

  template <class L>
  struct Rule {
    bool decays;
    L rate, weight_decay, eps;

    template <class M>
    Rule<M> as() const {
      return {decays, rate, weight_decay, eps};
    }
    std::array<L, 2> operator()(L p, L g, L sum) const {
      if (decays) g += weight_decay * p;
      sum += g * g;
      return {p - rate * (g / (sqrt(sum) + eps)), sum};
    }
  };
  static Rule<double> rule(const AdagradOptions& o, const ParameterState&, double t) {
    return {o.weight_decay != 0, o.lr / (1 + (t - 1) * o.lr_decay), o.weight_decay, o.eps};
  }
};

}  // namespace detail

template class OptimizerOf<AdagradOptions>;

}  // namespace xgrad::optim

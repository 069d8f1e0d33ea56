#include <xgrad/optim/adadelta.hpp>

#include "optimizer_of.hpp"

namespace xgrad::optim {
namespace detail {

template <>
struct Method<AdadeltaOptions> {
  static constexpr const char* name = "Adadelta";
  static constexpr const char* buffers[] = {"square_avg", "acc_delta"};

  template <class Refuse>
  static void check(const AdadeltaOptions& o, Refuse refuse) {
    if (!(o.rho >= 0 && o.rho <= 1)) refuse("rho", o.rho, "in [0, 1]");
    if (!(o.eps >= 0)) refuse("eps", o.eps, "at least 0");
  }
  template <class Options, class F>
  static void visit(Options& o, F f) {
    f("rho", o.rho);
    f("eps", o.eps);
  }
  static bool uses(const AdadeltaOptions&, int) { return true; }
  static double start(const AdadeltaOptions&, int) { return 0; }

  template <class L>
  struct Rule {
    bool decays;
    L lr, weight_decay, rho, one_minus_rho, eps;

    template <class M>
    Rule<M> as() const {
      return {decays, lr, weight_decay, rho, one_minus_rho, eps};
    }
    std::array<L, 3> operator()(L p, L g, L square, L moved) const {
      if (decays) g += weight_decay * p;
      square = rho * square + one_minus_rho * g * g;
      const L delta = sqrt(moved + eps) / sqrt(square + eps) * g;
      moved = rho * moved + one_minus_rho * delta * delta;
      return {p - lr * delta, square, moved};
    }
  };
  static Rule<double> rule(const AdadeltaOptions& o, const ParameterState&, double) {
    return {o.weight_decay != 0, o.lr, o.weight_decay, o.rho, 1 - o.rho, o.eps};
  }
};

}  // namespace detail

template class OptimizerOf<AdadeltaOptions>;

}  // namespace xgrad::optim

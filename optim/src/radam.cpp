#include <xgrad/optim/radam.hpp>

#include "moments.hpp"
#include "optimizer_of.hpp"

namespace xgrad::optim {
namespace detail {

template <>
struct Method<RAdamOptions> {
  static constexpr const char* name = "RAdam";
  static constexpr const char* buffers[] = {"exp_avg", "exp_avg_sq"};

  template <class Refuse>
  static void check(const RAdamOptions& o, Refuse refuse) {
    check_moments(o, refuse);
  }
  template <class Options, class F>
  static void visit(Options& o, F f) {
    visit_moments(o, f);
    f("decoupled_weight_decay", o.decoupled_weight_decay);
  }
  static bool uses(const RAdamOptions&, int) { return true; }
  static double start(const RAdamOptions&, int) { return 0; }

  template <class L>
  struct Rule {
    bool decays, adaptive;
    L gradient_decay, weight_factor, beta1, one_minus_beta1, beta2, one_minus_beta2, eps, rate;

    template <class M>
    Rule<M> as() const {
      return {decays,          adaptive, gradient_decay,  weight_factor, beta1,
              one_minus_beta1, beta2,    one_minus_beta2, eps,           rate};
    }
    std::array<L, 3> operator()(L p, L g, L m, L v) const {
      if (decays) g += gradient_decay * p;
      m = beta1 * m + one_minus_beta1 * g;
      v = beta2 * v + one_minus_beta2 * g * g;
      const L move = adaptive ? m / (sqrt(v) + eps) : m;
      return {p * weight_factor - rate * move, m, v};
    }
  };
  static Rule<double> rule(const RAdamOptions& o, const ParameterState&, double t) {
    const Decay decay = decay_of(o, o.decoupled_weight_decay);
    const auto [beta1, beta2] = o.betas;
    const double rectification = rectified(beta2, t);
    return {decay.through_gradient != 0,
            rectification > 0,
            decay.through_gradient,
            decay.factor,
            beta1,
            1 - beta1,
            beta2,
            1 - beta2,
            o.eps,
            o.lr / (1 - std::pow(beta1, t)) * (rectification > 0 ? rectification : 1)};
  }
  // What Adam's step is multiplied by; 0 while the variance of its second moment has no estimate.
  static double rectified(double beta2, double t) {
    const double correction = 1 - std::pow(beta2, t), limit = 2 / (1 - beta2) - 1;
    const double length = limit - 2 * t * std::pow(beta2, t) / correction;
    if (!(length > 5)) return 0;
    return std::sqrt(correction * (length - 4) * (length - 2) * limit /
                     ((limit - 4) * (limit - 2) * length));
  }
};

}  // namespace detail

template class OptimizerOf<RAdamOptions>;

}  // namespace xgrad::optim

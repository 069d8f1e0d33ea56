#include <xgrad/optim/nadam.hpp>

#include "moments.hpp"
#include "optimizer_of.hpp"

namespace xgrad::optim {
namespace detail {

template <>
struct Method<NAdamOptions> {
  static constexpr const char* name = "NAdam";
  static constexpr const char* buffers[] = {"exp_avg", "exp_avg_sq"};
  static constexpr const char* numbers[] = {"mu_product"};

  template <class Refuse>
  static void check(const NAdamOptions& o, Refuse refuse) {
    check_moments(o, refuse);
    if (!(o.momentum_decay >= 0)) refuse("momentum_decay", o.momentum_decay, "at least 0");
  }
  template <class Options, class F>
  static void visit(Options& o, F f) {
    visit_moments(o, f);
    f("momentum_decay", o.momentum_decay);
    f("decoupled_weight_decay", o.decoupled_weight_decay);
  }
  static bool uses(const NAdamOptions&, int) { return true; }
  static double start(const NAdamOptions&, int) { return 0; }
  static std::array<double, 1> begin(const NAdamOptions&) { return {1}; }

  template <class L>
  struct Rule {
    bool decays;
    L gradient_decay, weight_factor, beta1, one_minus_beta1, beta2, one_minus_beta2, root_scale,
        eps, gradient_rate, moment_rate;

    template <class M>
    Rule<M> as() const {
      return {decays,          gradient_decay, weight_factor, beta1,         one_minus_beta1, beta2,
              one_minus_beta2, root_scale,     eps,           gradient_rate, moment_rate};
    }
    std::array<L, 3> operator()(L p, L g, L m, L v) const {
      if (decays) g += gradient_decay * p;
      m = beta1 * m + one_minus_beta1 * g;
      v = beta2 * v + one_minus_beta2 * g * g;
      const L root = sqrt(v) * root_scale + eps;
      return {p * weight_factor - (gradient_rate * g + moment_rate * m) / root, m, v};
    }
  };
  static Rule<double> rule(const NAdamOptions& o, const ParameterState&, double t,
                           std::array<double, 1>& product) {
    const Decay decay = decay_of(o, o.decoupled_weight_decay);
    const auto [beta1, beta2] = o.betas;
    const double mu = momentum(o, t), next = momentum(o, t + 1);
    product[0] *= mu;
    return {decay.through_gradient != 0,
            decay.through_gradient,
            decay.factor,
            beta1,
            1 - beta1,
            beta2,
            1 - beta2,
            1 / std::sqrt(1 - std::pow(beta2, t)),
            o.eps,
            o.lr * (1 - mu) / (1 - product[0]),
            o.lr * next / (1 - product[0] * mu * next)};
  }
  static double momentum(const NAdamOptions& o, double t) {
    return o.betas.first * (1 - 0.5 * std::pow(0.96, t * o.momentum_decay));
  }
};

}  // namespace detail

template class OptimizerOf<NAdamOptions>;

}  // namespace xgrad::optim

#include <xgrad/optim/adam.hpp>

#include "moments.hpp"
#include "optimizer_of.hpp"

namespace xgrad::optim {
namespace detail {

// Both methods: they differ in where the weight decay goes.
template <class Options>
struct AdamMethod {
  static constexpr const char* buffers[] = {"exp_avg", "exp_avg_sq", "max_exp_avg_sq"};

  template <class Refuse>
  static void check(const Options& o, Refuse refuse) {
    check_moments(o, refuse);
  }
  template <class O, class F>
  static void visit(O& o, F f) {
    visit_moments(o, f);
    f("amsgrad", o.amsgrad);
  }
  static bool uses(const Options& o, int k) { return k < 2 || o.amsgrad; }
  static double start(const Options&, int) { return 0; }

  template <class L>
  struct Rule {
    bool decays, amsgrad;
    L gradient_decay, weight_factor, beta1, one_minus_beta1, beta2, one_minus_beta2, root_scale,
        eps, rate;

    template <class M>
    Rule<M> as() const {
      return {decays, amsgrad,         gradient_decay, weight_factor, beta1, one_minus_beta1,
              beta2,  one_minus_beta2, root_scale,     eps,           rate};
    }
    std::array<L, 4> operator()(L p, L g, L m, L v, L largest) const {
      if (decays) g += gradient_decay * p;
      m = beta1 * m + one_minus_beta1 * g;
      v = beta2 * v + one_minus_beta2 * g * g;
      if (amsgrad) largest = max(largest, v);
      const L root = sqrt(amsgrad ? largest : v) * root_scale + eps;
      return {p * weight_factor - rate * (m / root), m, v, largest};
    }
  };
  static Rule<double> rule(const Options& o, const ParameterState&, double t) {
    const Decay decay = decay_of(o, std::is_same_v<Options, AdamWOptions>);
    const auto [beta1, beta2] = o.betas;
    return {decay.through_gradient != 0,
            o.amsgrad,
            decay.through_gradient,
            decay.factor,
            beta1,
            1 - beta1,
            beta2,
            1 - beta2,
            1 / std::sqrt(1 - std::pow(beta2, t)),
            o.eps,
            o.lr / (1 - std::pow(beta1, t))};
  }
};

template <>
struct Method<AdamOptions> : AdamMethod<AdamOptions> {
  static constexpr const char* name = "Adam";
};
template <>
struct Method<AdamWOptions> : AdamMethod<AdamWOptions> {
  static constexpr const char* name = "AdamW";
};

}  // namespace detail

template class OptimizerOf<AdamOptions>;
template class OptimizerOf<AdamWOptions>;

}  // namespace xgrad::optim

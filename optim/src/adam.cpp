#include <xgrad/optim/adam.hpp>

#include "optimizer_of.hpp"

namespace xgrad::optim {
namespace detail {

// Both methods: they differ in where the weight decay goes.
template <class Options>
struct AdamMethod {
  static constexpr const char* buffers[] = {"exp_avg", "exp_avg_sq", "max_exp_avg_sq"};

  template <class Refuse>
  static void check(const Options& o, Refuse refuse) {
    if (!(o.eps >= 0)) refuse("eps", o.eps, "at least 0");
    for (const double beta : {o.betas.first, o.betas.second})
      if (!(beta >= 0 && beta < 1)) refuse("one of betas", beta, "in [0, 1)");
  }
  template <class O, class F>
  static void visit(O& o, F f) {
    f("betas.0", o.betas.first);
    f("betas.1", o.betas.second);
    f("eps", o.eps);
    f("amsgrad", o.amsgrad);
  }
  static bool uses(const Options& o, int k) { return k < 2 || o.amsgrad; }
  static double start(const Options&) { return 0; }

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
    constexpr bool decoupled = std::is_same_v<Options, AdamWOptions>;
    const auto [beta1, beta2] = o.betas;
    return {!decoupled && o.weight_decay != 0,
            o.amsgrad,
            o.weight_decay,
            decoupled ? 1 - o.lr * o.weight_decay : 1,
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

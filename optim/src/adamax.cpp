#include <xgrad/optim/adamax.hpp>

#include "moments.hpp"
#include "optimizer_of.hpp"

namespace xgrad::optim {
namespace detail {

template <>
struct Method<AdamaxOptions> {
  static constexpr const char* name = "Adamax";
  static constexpr const char* buffers[] = {"exp_avg", "exp_inf"};

  template <class Refuse>
  static void check(const AdamaxOptions& o, Refuse refuse) {
    check_moments(o, refuse);
  }
  template <class Options, class F>
  static void visit(Options& o, F f) {
    visit_moments(o, f);
  }
  static bool uses(const AdamaxOptions&, int) { return true; }
  static double start(const AdamaxOptions&, int) { return 0; }

  template <class L>
  struct Rule {
    bool decays;
    L weight_decay, beta1, one_minus_beta1, beta2, eps, rate;

    template <class M>
    Rule<M> as() const {
      return {decays, weight_decay, beta1, one_minus_beta1, beta2, eps, rate};
    }
    std::array<L, 3> operator()(L p, L g, L m, L largest) const {
      if (decays) g += weight_decay * p;
      m = beta1 * m + one_minus_beta1 * g;
      largest = max(beta2 * largest, abs(g) + eps);
      return {p - rate * (m / largest), m, largest};
    }
  };
  static Rule<double> rule(const AdamaxOptions& o, const ParameterState&, double t) {
    const auto [beta1, beta2] = o.betas;
    return {o.weight_decay != 0,
            o.weight_decay,
            beta1,
            1 - beta1,
            beta2,
            o.eps,
            o.lr / (1 - std::pow(beta1, t))};
  }
};

}  // namespace detail

template class OptimizerOf<AdamaxOptions>;

}  // namespace xgrad::optim

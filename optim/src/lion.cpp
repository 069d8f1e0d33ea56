#include <xgrad/optim/lion.hpp>

#include "moments.hpp"
#include "optimizer_of.hpp"
#include "signs.hpp"

namespace xgrad::optim {
namespace detail {

template <>
struct Method<LionOptions> {
  static constexpr const char* name = "Lion";
  static constexpr const char* buffers[] = {"exp_avg"};

  template <class Refuse>
  static void check(const LionOptions& o, Refuse refuse) {
    check_moments(o, refuse);
  }
  template <class Options, class F>
  static void visit(Options& o, F f) {
    visit_moments(o, f);
  }
  static bool uses(const LionOptions&, int) { return true; }
  static double start(const LionOptions&, int) { return 0; }

  template <class L>
  struct Rule {
    L weight_factor, lr, beta1, one_minus_beta1, beta2, one_minus_beta2;

    template <class M>
    Rule<M> as() const {
      return {weight_factor, lr, beta1, one_minus_beta1, beta2, one_minus_beta2};
    }
    std::array<L, 2> operator()(L p, L g, L m) const {
      const L move = sign_of(beta1 * m + one_minus_beta1 * g);
      return {p * weight_factor - lr * move, beta2 * m + one_minus_beta2 * g};
    }
  };
  static Rule<double> rule(const LionOptions& o, const ParameterState&, double) {
    const auto [beta1, beta2] = o.betas;
    return {1 - o.lr * o.weight_decay, o.lr, beta1, 1 - beta1, beta2, 1 - beta2};
  }
};

}  // namespace detail

template class OptimizerOf<LionOptions>;

}  // namespace xgrad::optim

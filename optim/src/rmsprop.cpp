#include <xgrad/optim/rmsprop.hpp>

#include "optimizer_of.hpp"

namespace xgrad::optim {
namespace detail {

template <>
struct Method<RMSpropOptions> {
  static constexpr const char* name = "RMSprop";
  static constexpr const char* buffers[] = {"square_avg", "momentum_buffer", "grad_avg"};

  template <class Refuse>
  static void check(const RMSpropOptions& o, Refuse refuse) {
    if (!(o.alpha >= 0)) refuse("alpha", o.alpha, "at least 0");
    if (!(o.eps >= 0)) refuse("eps", o.eps, "at least 0");
    if (!(o.momentum >= 0)) refuse("momentum", o.momentum, "at least 0");
  }
  template <class Options, class F>
  static void visit(Options& o, F f) {
    f("alpha", o.alpha);
    f("eps", o.eps);
    f("momentum", o.momentum);
    f("centered", o.centered);
  }
  static bool uses(const RMSpropOptions& o, int k) {
    return k == 0 || (k == 1 && o.momentum > 0) || (k == 2 && o.centered);
  }
  static double start(const RMSpropOptions&, int) { return 0; }

  template <class L>
  struct Rule {
    bool decays, has_momentum, centered;
    L lr, weight_decay, alpha, fresh, eps, momentum;

    template <class M>
    Rule<M> as() const {
      return {decays, has_momentum, centered, lr, weight_decay, alpha, fresh, eps, momentum};
    }
    std::array<L, 4> operator()(L p, L g, L square, L velocity, L average) const {
      if (decays) g += weight_decay * p;
      square = alpha * square + fresh * g * g;
      if (centered) average = alpha * average + fresh * g;
      L move = g / (sqrt(centered ? square - average * average : square) + eps);
      if (has_momentum) move = velocity = momentum * velocity + move;
      return {p - lr * move, square, velocity, average};
    }
  };
  static Rule<double> rule(const RMSpropOptions& o, const ParameterState&, double) {
    return {o.weight_decay != 0, o.momentum > 0, o.centered, o.lr, o.weight_decay, o.alpha,
            1 - o.alpha,         o.eps,          o.momentum};
  }
};

}  // namespace detail

template class OptimizerOf<RMSpropOptions>;

}  // namespace xgrad::optim

#include <xgrad/optim/rmsprop.hpp>

#include "stepping.hpp"

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
  static double start(const RMSpropOptions&) { return 0; }

  struct Constants {
    bool decays, has_momentum, centered;
    double lr, weight_decay, alpha, fresh, eps, momentum;
  };
  static Constants constants(const RMSpropOptions& o, const ParameterState&) {
    return {o.weight_decay != 0, o.momentum > 0, o.centered, o.lr, o.weight_decay, o.alpha,
            1 - o.alpha,         o.eps,          o.momentum};
  }

  template <class L>
  struct Rule {
    explicit Rule(const Constants& c)
        : is(c),
          lr(c.lr),
          weight_decay(c.weight_decay),
          alpha(c.alpha),
          fresh(c.fresh),
          eps(c.eps),
          momentum(c.momentum) {}
    void operator()(L& p, const L& gradient, L* kept) const {
      const L g = is.decays ? gradient + weight_decay * p : gradient;
      L &square = kept[0], &velocity = kept[1], &average = kept[2];
      square = alpha * square + fresh * g * g;
      if (is.centered) average = alpha * average + fresh * g;
      const L spread = is.centered ? square - average * average : square;
      L move = g / (sqrt(spread) + eps);
      if (is.has_momentum) move = velocity = momentum * velocity + move;
      p = p - lr * move;
    }
    const Constants is;
    const L lr, weight_decay, alpha, fresh, eps, momentum;
  };
};

}  // namespace detail

template class OptimizerOf<RMSpropOptions>;

}  // namespace xgrad::optim

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

  struct Rule {
    bool has_momentum, centered;
    double lr, weight_decay, alpha, eps, momentum;

    template <class L>
    std::array<L, 4> operator()(L p, L g, L square, L velocity, L average) const {
      if (weight_decay != 0) g += weight_decay * p;
      square = alpha * square + (1 - alpha) * g * g;
      if (centered) average = alpha * average + (1 - alpha) * g;
      L move = g / (sqrt(centered ? square - average * average : square) + eps);
      if (has_momentum) move = velocity = momentum * velocity + move;
      return {p - lr * move, square, velocity, average};
    }
  };
  static Rule rule(const RMSpropOptions& o, const ParameterState&) {
    return {o.momentum > 0, o.centered, o.lr, o.weight_decay, o.alpha, o.eps, o.momentum};
  }
};

}  // namespace detail

template class OptimizerOf<RMSpropOptions>;

}  // namespace xgrad::optim

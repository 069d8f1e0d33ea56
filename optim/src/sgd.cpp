#include <xgrad/optim/sgd.hpp>

#include "stepping.hpp"

namespace xgrad::optim {
namespace detail {

template <>
struct Method<SGDOptions> {
  static constexpr const char* name = "SGD";
  static constexpr const char* buffers[] = {"momentum_buffer"};

  template <class Refuse>
  static void check(const SGDOptions& o, Refuse refuse) {
    if (!(o.momentum >= 0)) refuse("momentum", o.momentum, "at least 0");
    if (std::isnan(o.dampening)) refuse("dampening", o.dampening, "a number");
    if (o.nesterov && o.momentum == 0) refuse("momentum", 0, "above 0 for nesterov");
    if (o.nesterov && o.dampening != 0) refuse("dampening", o.dampening, "0 for nesterov");
  }
  template <class Options, class F>
  static void visit(Options& o, F f) {
    f("momentum", o.momentum);
    f("dampening", o.dampening);
    f("nesterov", o.nesterov);
  }
  static bool uses(const SGDOptions& o, int) { return o.momentum != 0; }
  static double start(const SGDOptions&) { return 0; }

  struct Constants {
    bool decays, has_buffer, nesterov;
    double lr, weight_decay, momentum, fresh;
  };
  static Constants constants(const SGDOptions& o, const ParameterState& state) {
    const bool first = !state.buffers[0].defined();  // the buffer begins as the gradient
    return {
        o.weight_decay != 0,        o.momentum != 0, o.nesterov, o.lr, o.weight_decay, o.momentum,
        first ? 1 : 1 - o.dampening};
  }

  template <class L>
  struct Rule {
    explicit Rule(const Constants& c)
        : is(c), lr(c.lr), weight_decay(c.weight_decay), momentum(c.momentum), fresh(c.fresh) {}
    void operator()(L& p, const L& gradient, L* kept) const {
      L g = is.decays ? gradient + weight_decay * p : gradient;
      if (is.has_buffer) {
        kept[0] = momentum * kept[0] + fresh * g;
        g = is.nesterov ? g + momentum * kept[0] : kept[0];
      }
      p = p - lr * g;
    }
    const Constants is;
    const L lr, weight_decay, momentum, fresh;
  };
};

}  // namespace detail

template class OptimizerOf<SGDOptions>;

}  // namespace xgrad::optim

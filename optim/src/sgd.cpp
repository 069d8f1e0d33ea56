#include <xgrad/optim/sgd.hpp>

#include "optimizer_of.hpp"

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
    if (o.nesterov && o.momentum == 0) refuse("momentum", 0, "greater than 0 with nesterov");
    if (o.nesterov && o.dampening != 0) refuse("dampening", o.dampening, "0 with nesterov");
  }
  template <class Options, class F>
  static void visit(Options& o, F f) {
    f("momentum", o.momentum);
    f("dampening", o.dampening);
    f("nesterov", o.nesterov);
  }
  static bool uses(const SGDOptions& o, int) { return o.momentum != 0; }
  static double start(const SGDOptions&, int) { return 0; }

  template <class L>
  struct Rule {
    bool decays, has_buffer, nesterov;
    L lr, weight_decay, momentum, fresh;

    template <class M>
    Rule<M> as() const {
      return {decays, has_buffer, nesterov, lr, weight_decay, momentum, fresh};
    }
    std::array<L, 2> operator()(L p, L g, L velocity) const {
      if (decays) g += weight_decay * p;
      if (has_buffer) velocity = momentum * velocity + fresh * g;
      const L move = !has_buffer ? g : nesterov ? g + momentum * velocity : velocity;
      return {p - lr * move, velocity};
    }
  };
  static bool is_plain(const Rule<double>& r) { return !r.decays && !r.has_buffer; }
  static Rule<double> rule(const SGDOptions& o, const ParameterState& state, double) {
    const bool first = !state.buffers[0].defined();  // the buffer begins as the gradient
    return {
        o.weight_decay != 0,        o.momentum != 0, o.nesterov, o.lr, o.weight_decay, o.momentum,
        first ? 1 : 1 - o.dampening};
  }
};

}  // namespace detail

template class OptimizerOf<SGDOptions>;

}  // namespace xgrad::optim

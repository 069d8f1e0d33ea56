#include <xgrad/optim/rprop.hpp>

#include "optimizer_of.hpp"
#include "signs.hpp"

namespace xgrad::optim {
namespace detail {

template <>
struct Method<RpropOptions> {
  static constexpr const char* name = "Rprop";
  static constexpr const char* buffers[] = {"prev", "step_size"};

  template <class Refuse>
  static void check(const RpropOptions& o, Refuse refuse) {
    const auto [shrink, grow] = o.etas;
    if (!(shrink > 0 && shrink < 1)) refuse("the first of etas", shrink, "in (0, 1)");
    if (!(grow > 1)) refuse("the second of etas", grow, "above 1");
    const auto [least, most] = o.step_sizes;
    if (!(least >= 0)) refuse("the first of step_sizes", least, "at least 0");
    if (!(most >= least)) refuse("the second of step_sizes", most, "at least the first");
  }
  template <class Options, class F>
  static void visit(Options& o, F f) {
    f("etas.0", o.etas.first);
    f("etas.1", o.etas.second);
    f("step_sizes.0", o.step_sizes.first);
    f("step_sizes.1", o.step_sizes.second);
  }
  static bool uses(const RpropOptions&, int) { return true; }
  static double start(const RpropOptions& o, int k) { return k == 0 ? 0 : o.lr; }

  template <class L>
  struct Rule {
    L shrink, grow, least, most;

    template <class M>
    Rule<M> as() const {
      return {shrink, grow, least, most};
    }
    // Signs are compared, since a product of small gradients would be 0.
    std::array<L, 3> operator()(L p, L g, L before, L size) const {
      const L zero(0), sign = sign_of(g);
      const L turn = sign * sign_of(before);
      size = size * where(turn > zero, grow, where(turn < zero, shrink, L(1)));
      size = min(max(size, least), most);
      const L stays = where(turn < zero, zero, L(1));
      return {p - stays * sign * size, where(turn < zero, zero, g), size};
    }
  };
  static Rule<double> rule(const RpropOptions& o, const ParameterState&, double) {
    return {o.etas.first, o.etas.second, o.step_sizes.first, o.step_sizes.second};
  }
};

}  // namespace detail

template class OptimizerOf<RpropOptions>;

}  // namespace xgrad::optim

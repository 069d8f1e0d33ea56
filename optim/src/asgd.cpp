#include <xgrad/optim/asgd.hpp>

#include <algorithm>

#include "optimizer_of.hpp"

namespace xgrad::optim {
namespace detail {

template <>
struct Method<ASGDOptions> {
  static constexpr const char* name = "ASGD";
  static constexpr const char* buffers[] = {"ax"};
  static constexpr const char* numbers[] = {"eta", "mu"};

  template <class Refuse>
  static void check(const ASGDOptions& o, Refuse refuse) {
    if (!(o.lambd >= 0)) refuse("lambd", o.lambd, "at least 0");
    if (!(o.alpha >= 0)) refuse("alpha", o.alpha, "at least 0");
    if (!(o.t0 >= 0)) refuse("t0", o.t0, "at least 0");
  }
  template <class Options, class F>
  static void visit(Options& o, F f) {
    f("lambd", o.lambd);
    f("alpha", o.alpha);
    f("t0", o.t0);
  }
  static bool uses(const ASGDOptions&, int) { return true; }
  static double start(const ASGDOptions&, int) { return 0; }
  static std::array<double, 2> begin(const ASGDOptions& o) { return {o.lr, 1}; }

  template <class L>
  struct Rule {
    bool decays, averages;
    L weight_decay, shrink, eta, mu;

    template <class M>
    Rule<M> as() const {
      return {decays, averages, weight_decay, shrink, eta, mu};
    }
    std::array<L, 2> operator()(L p, L g, L average) const {
      if (decays) g += weight_decay * p;
      p = p * shrink - eta * g;
      return {p, averages ? average + mu * (p - average) : p};
    }
  };
  static Rule<double> rule(const ASGDOptions& o, const ParameterState&, double t,
                           std::array<double, 2>& kept) {
    const auto [eta, mu] = kept;
    kept = {o.lr / std::pow(1 + o.lambd * o.lr * t, o.alpha), 1 / std::max(1.0, t - o.t0)};
    return {o.weight_decay != 0, mu != 1, o.weight_decay, 1 - o.lambd * eta, eta, mu};
  }
};

}  // namespace detail

template class OptimizerOf<ASGDOptions>;

}  // namespace xgrad::optim

#include <xgrad/optim/muon.hpp>

#include <algorithm>
#include <xgrad/ops/arithmetic.hpp>

#include "newton_schulz.hpp"
#include "optimizer_of.hpp"

namespace xgrad::optim {
namespace detail {

template <>
struct Method<MuonOptions> {
  static constexpr const char* name = "Muon";
  static constexpr const char* buffers[] = {"momentum_buffer"};

  template <class Refuse>
  static void check(const MuonOptions& o, Refuse refuse) {
    if (!(o.momentum >= 0)) refuse("momentum", o.momentum, "at least 0");
    if (!(o.eps >= 0)) refuse("eps", o.eps, "at least 0");
    if (o.ns_steps < 0 || o.ns_steps > 99) refuse("ns_steps", o.ns_steps, "from 0 to 99");
    if (o.adjust_lr_fn != "original" && o.adjust_lr_fn != "match_rms_adamw")
      refuse("adjust_lr_fn", o.adjust_lr_fn, "\"original\" or \"match_rms_adamw\"");
  }
  static void check_parameter(const Tensor& p, Site site) {
    if (p.dim() != 2)
      throw ShapeError(fmt::format("Muon: {} is not a matrix; give Muon the matrices, and the rest "
                                   "to AdamW: split_matrices and Combined do that",
                                   xgrad::detail::describe(p)),
                       site);
  }
  template <class Options, class F>
  static void visit(Options& o, F f) {
    f("momentum", o.momentum);
    f("nesterov", o.nesterov);
    f("ns_coefficients.0", o.ns_coefficients[0]);
    f("ns_coefficients.1", o.ns_coefficients[1]);
    f("ns_coefficients.2", o.ns_coefficients[2]);
    f("eps", o.eps);
    f("ns_steps", o.ns_steps);
    f("adjust_lr_fn", o.adjust_lr_fn);
  }
  static bool uses(const MuonOptions&, int) { return true; }
  static double start(const MuonOptions&, int) { return 0; }

  // lr and its adjustment are in it: shapes are known here.
  static Tensor direction(const MuonOptions& o, const ParameterState& state, const Tensor& g) {
    const NoGrad guard;
    const Tensor& before = state.buffers[0];
    const Tensor fresh = g * (1 - o.momentum);
    const Tensor mean = before.defined() ? before * o.momentum + fresh : fresh;
    const Tensor x = orthogonalized(o.nesterov ? mean * o.momentum + fresh : mean,
                                    o.ns_coefficients, o.ns_steps, o.eps);
    return x * (o.lr * adjustment(o.adjust_lr_fn, g.shape()));
  }
  static double adjustment(const std::string& how, const Shape& shape) {
    const auto rows = static_cast<double>(shape[0]), columns = static_cast<double>(shape[1]);
    if (rows == 0 || columns == 0) return 1;
    return how == "original" ? std::sqrt(std::max(1.0, rows / columns))
                             : 0.2 * std::sqrt(std::max(rows, columns));
  }

  template <class L>
  struct Rule {
    L weight_factor, momentum, fresh;

    template <class M>
    Rule<M> as() const {
      return {weight_factor, momentum, fresh};
    }
    std::array<L, 2> operator()(L p, L g, L mean, L direction) const {
      return {p * weight_factor - direction, momentum * mean + fresh * g};
    }
  };
  static Rule<double> rule(const MuonOptions& o, const ParameterState&, double) {
    return {1 - o.lr * o.weight_decay, o.momentum, 1 - o.momentum};
  }
};

}  // namespace detail

template class OptimizerOf<MuonOptions>;

}  // namespace xgrad::optim

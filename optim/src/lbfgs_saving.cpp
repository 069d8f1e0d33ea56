#include <xgrad/optim/lbfgs.hpp>

#include <fmt/format.h>

#include "flat_parameters.hpp"
#include "lbfgs_options.hpp"
#include "saving.hpp"

namespace xgrad::optim {
namespace {

using detail::LBFGSState;

std::string pair_name(const char* list, std::size_t k) {
  return fmt::format("state.0.{}.{}", list, k);
}

void save_iterations(StateDict& to, const LBFGSState& state) {
  to.set("state.0.d", state.d);
  to.set("state.0.t", state.t);
  to.set("state.0.prev_flat_grad", state.prev_flat_grad);
  to.set("state.0.prev_loss", state.prev_loss);
  to.set("state.0.H_diag", state.H_diag);
  for (std::size_t k = 0; k < state.ro.size(); ++k) {
    to.set(pair_name("old_dirs", k), state.old_dirs[k]);
    to.set(pair_name("old_stps", k), state.old_stps[k]);
    to.set(pair_name("ro", k), state.ro[k]);
  }
}

void load_iterations(detail::StateReader& from, LBFGSState& state, const Shape& shape,
                     DType dtype) {
  state.d = from.tensor("state.0.d", shape, dtype);
  from.read("state.0.t", state.t);
  state.prev_flat_grad = from.tensor("state.0.prev_flat_grad", shape, dtype);
  from.read("state.0.prev_loss", state.prev_loss);
  from.read("state.0.H_diag", state.H_diag);
  for (std::size_t k = 0; from.has(pair_name("old_dirs", k)); ++k) {
    state.old_dirs.push_back(from.tensor(pair_name("old_dirs", k), shape, dtype));
    state.old_stps.push_back(from.tensor(pair_name("old_stps", k), shape, dtype));
    from.read(pair_name("ro", k), state.ro.emplace_back());
  }
}

void load_count(detail::StateReader& from, const char* name, std::int64_t& count) {
  from.read(name, count);
  if (count < 0) from.refuse(name, "a number of at least 0", std::to_string(count));
}

void copy_tensors(LBFGSState& state) {
  for (Tensor* const one : {&state.d, &state.prev_flat_grad})
    if (one->defined()) *one = one->detach().clone();
  for (std::vector<Tensor>* const list : {&state.old_dirs, &state.old_stps})
    for (Tensor& one : *list) one = one.detach().clone();
}

}  // namespace

StateDict LBFGS::state_dict() const {
  StateDict all{{"optimizer", "LBFGS"},
                {"param_groups.0.num_params", static_cast<std::int64_t>(groups_[0].params.size())}};
  detail::visit_lbfgs_options(groups_[0].options, [&](const char* name, const auto& value) {
    detail::save_option(all, detail::option_name(0, name), value);
  });
  detail::save_option(all, detail::option_name(0, "initial_lr"), initial_lr_);
  if (state_.func_evals > 0) {
    all.set("state.0.func_evals", state_.func_evals);
    all.set("state.0.n_iter", state_.n_iter);
  }
  if (state_.n_iter > 0) save_iterations(all, state_);
  return all;
}

void LBFGS::load_state_dict(const StateDict& state, Site site) {
  const OpScope scope("load_state_dict", site);
  detail::StateReader reader(state);
  detail::check_origin(reader, "LBFGS", detail::sizes_of(groups_));
  LBFGSOptions options;
  detail::visit_lbfgs_options(options, [&](const char* name, auto& value) {
    detail::load_option(reader, detail::option_name(0, name), value);
  });
  std::optional<double> initial_lr;
  detail::load_option(reader, detail::option_name(0, "initial_lr"), initial_lr);
  LBFGSState loaded;
  if (reader.has("state.0.func_evals") || reader.has("state.0.n_iter")) {
    load_count(reader, "state.0.func_evals", loaded.func_evals);
    load_count(reader, "state.0.n_iter", loaded.n_iter);
  }
  if (loaded.n_iter > 0)
    load_iterations(reader, loaded, {detail::flat_numel(groups_[0].params)},
                    detail::flat_dtype(groups_[0].params));
  reader.check_fits("LBFGS", "options, history and sizes must be those of the one saved");
  detail::check_lbfgs_options(options, site);
  if (initial_lr) detail::check_lbfgs_options({.lr = *initial_lr}, site);
  copy_tensors(loaded);
  groups_[0].options = std::move(options);
  initial_lr_ = initial_lr;
  state_ = std::move(loaded);
}

}  // namespace xgrad::optim

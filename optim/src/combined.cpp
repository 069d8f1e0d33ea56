#include <xgrad/optim/combined.hpp>

#include <string>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/op_scope.hpp>

#include "stepping.hpp"

namespace xgrad::optim {
namespace {

// @throws ValueError  unless the state has one below each number and nothing else.
void check_parts(const StateDict& state, std::size_t count) {
  const auto kind = state.find("optimizer");
  if (kind == state.end() ||
      xgrad::detail::value_as<std::string>(kind->value) != std::string("Combined"))
    throw ValueError("load_state_dict: the state is not that of Combined");
  std::size_t fitting = 1;
  for (std::size_t i = 0; i < count; ++i) fitting += state.below(std::to_string(i)).size();
  if (fitting != state.size())
    throw ValueError(
        fmt::format("load_state_dict: Combined has {} optimizers, and the state has entries of "
                    "others: {} entries, of which {} fit",
                    count, state.size(), fitting));
}

}  // namespace

SplitParameters split_matrices(const TensorList& parameters) {
  SplitParameters split;
  for (const Tensor& p : parameters) (p.dim() == 2 ? split.matrices : split.rest).push_back(p);
  return split;
}

Combined::Combined(std::vector<std::unique_ptr<Optimizer>> all, Site site) : all_(std::move(all)) {
  for (const auto& one : all_)
    if (one == nullptr) throw ValueError("Combined: one of the optimizers is null", site);
  detail::check_parameters("Combined", parameters(), site);
}

void Combined::step(Site site) {
  for (const auto& one : all_) one->step(site);
}

void Combined::zero_grad() {
  for (const auto& one : all_) one->zero_grad();
}

std::vector<Tensor> Combined::parameters() const {
  std::vector<Tensor> parameters;
  for (const auto& one : all_)
    for (Tensor& p : one->parameters()) parameters.push_back(std::move(p));
  return parameters;
}

StateDict Combined::state_dict() const {
  StateDict state{{"optimizer", "Combined"}};
  for (std::size_t i = 0; i < all_.size(); ++i)
    state.set_below(std::to_string(i), all_[i]->state_dict());
  return state;
}

void Combined::load_state_dict(const StateDict& state, Site site) {
  {
    const OpScope scope("load_state_dict", site);
    check_parts(state, all_.size());
  }
  std::vector<StateDict> before;  // loading copies, and replaces: these tensors stay as they are
  for (const auto& one : all_) before.push_back(one->state_dict());
  std::size_t loaded = 0;
  try {
    for (; loaded < all_.size(); ++loaded)
      all_[loaded]->load_state_dict(state.below(std::to_string(loaded)), site);
  } catch (...) {
    while (loaded-- > 0) all_[loaded]->load_state_dict(before[loaded], site);
    throw;
  }
}

std::vector<ScheduledGroup> Combined::scheduled_groups() {
  std::vector<ScheduledGroup> groups;
  for (const auto& one : all_)
    for (const ScheduledGroup& group : one->scheduled_groups()) groups.push_back(group);
  return groups;
}

void Combined::refuse_kind(Site site) {
  throw ValueError("Combined: there is no optimizer of that type", site);
}

}  // namespace xgrad::optim

// combined.hpp: several optimizers as one, for parameters of different kinds.
#pragma once

#include <concepts>
#include <memory>
#include <utility>
#include <vector>

#include <xgrad/optim/optimizer.hpp>

namespace xgrad::optim {

/// Parameters that are matrices, for Muon, and the others.
struct SplitParameters {
  std::vector<Tensor> matrices, rest;
};
/// Those with two axes, and the others, in order.
SplitParameters split_matrices(const TensorList& parameters);

/// Optimizers for disjoint parameters, which are stepped, zeroed and saved together.
///
///     auto [matrices, rest] = optim::split_matrices(model.parameters());
///     optim::Combined optimizer(optim::Muon(matrices, 0.02), optim::AdamW(rest, 3e-4));
///     optimizer.get<optim::Muon>().groups()[0].options.lr = 0.01;
///
/// Each clips by the norm of its own gradients.
class Combined : public Optimizer {
 public:
  /// Takes over the optimizers. @throws ValueError  if two have the same parameter, or there are
  /// none.
  template <class... Optimizers>
  requires(sizeof...(Optimizers) > 0 &&
           (std::derived_from<Optimizers, Optimizer> && ...)) explicit Combined(Optimizers... each)
      : Combined(listed(std::move(each)...)) {}
  explicit Combined(std::vector<std::unique_ptr<Optimizer>> all,
                    Site site = {__builtin_FILE(), __builtin_LINE()});

  using Optimizer::step;
  /// Steps each in turn. Those before one that throws have taken their step.
  void step(Site site = {__builtin_FILE(), __builtin_LINE()}) override;
  void zero_grad() override;
  std::vector<Tensor> parameters() const override;
  /// "optimizer", which is "Combined", and each optimizer's state below its number: "0.optimizer",
  /// "1.param_groups.0.lr", ...
  StateDict state_dict() const override;
  void load_state_dict(const StateDict& state,
                       Site site = {__builtin_FILE(), __builtin_LINE()}) override;
  /// The groups of all, in order: a schedule's rates are theirs.
  std::vector<ScheduledGroup> scheduled_groups() override;

  std::size_t size() const noexcept { return all_.size(); }
  Optimizer& operator[](std::size_t i) { return *all_[i]; }
  /// The first one of a type. @throws ValueError  if there is none.
  template <std::derived_from<Optimizer> Kind>
  Kind& get(Site site = {__builtin_FILE(), __builtin_LINE()}) {
    for (const auto& one : all_)
      if (Kind* const found = dynamic_cast<Kind*>(one.get())) return *found;
    refuse_kind(site);
  }

 private:
  template <class... Optimizers>
  static std::vector<std::unique_ptr<Optimizer>> listed(Optimizers... each) {
    std::vector<std::unique_ptr<Optimizer>> all;
    (all.push_back(std::make_unique<Optimizers>(std::move(each))), ...);
    return all;
  }
  [[noreturn]] static void refuse_kind(Site site);

  std::vector<std::unique_ptr<Optimizer>> all_;
};

}  // namespace xgrad::optim

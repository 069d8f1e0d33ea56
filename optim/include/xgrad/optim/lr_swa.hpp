// lr_swa.hpp: the learning rate while weights are averaged.
#pragma once

#include <xgrad/optim/lr_scheduler.hpp>

namespace xgrad::optim {

struct SWALROptions {
  std::int64_t anneal_epochs = 10;
  std::string anneal_strategy = "cos";  ///< cos or linear
};

/// From the rates as they are to swa_lr over anneal_epochs, where they stay: for the part of a run
/// whose weights `nn::SWA` averages.
/// @throws ValueError  for a negative number, an unknown strategy, or a list that is not as long as
///         there are groups.
/// @see  Izmailov et al., UAI 2018.
class SWALR : public GroupwiseLR {
 public:
  SWALR(Optimizer& optimizer, const PerGroup& swa_lr, const SWALROptions& options = {},
        Site site = {__builtin_FILE(), __builtin_LINE()});

 protected:
  double lr_at(std::int64_t epoch, std::size_t group, double lr) const override;
  std::vector<detail::ScheduleField> fields() override;
  void check() const override;

 private:
  double share_at(std::int64_t epoch) const;

  std::vector<double> swa_lrs_;
  std::int64_t anneal_epochs_;
  std::string anneal_strategy_;
};

}  // namespace xgrad::optim

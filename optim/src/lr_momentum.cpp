#include "lr_momentum.hpp"

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>

namespace xgrad::optim::detail {

void check_has_momentum(const char* schedule, Optimizer& optimizer, Site site) {
  for (const ScheduledGroup& group : optimizer.scheduled_groups())
    if (group.momentum == nullptr)
      throw ValueError(fmt::format("{}: the optimizer has neither momentum nor betas to cycle; set "
                                   "cycle_momentum = false",
                                   schedule),
                       site);
}

}  // namespace xgrad::optim::detail

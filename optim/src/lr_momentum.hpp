// lr_momentum.hpp: for schedules that set the momentum, too.
#pragma once

#include <xgrad/optim/lr_scheduler.hpp>

namespace xgrad::optim::detail {

/// @throws ValueError  unless the optimizer's method has a momentum or betas.
void check_has_momentum(const char* schedule, Optimizer& optimizer, Site site);

}  // namespace xgrad::optim::detail

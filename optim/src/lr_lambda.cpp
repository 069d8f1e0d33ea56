#include <xgrad/optim/lr_lambda.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>

namespace xgrad::optim {

namespace {

void check_functions(const char* schedule, const std::vector<LRLambda>& functions,
                     std::size_t groups) {
  if (functions.size() != groups)
    throw ValueError(
        fmt::format("{}: there are {} functions for {} parameter groups; give one for "
                    "all, or one for each",
                    schedule, functions.size(), groups));
  if (!std::all_of(functions.begin(), functions.end(), [](const auto& f) { return bool(f); }))
    throw ValueError(fmt::format("{}: a function is empty", schedule));
}

}  // namespace

LambdaLR::LambdaLR(Optimizer& optimizer, LRLambda lr_lambda, Site site)
    : LambdaLR(optimizer,
               std::vector<LRLambda>(optimizer.scheduled_groups().size(), std::move(lr_lambda)),
               site) {}
LambdaLR::LambdaLR(Optimizer& optimizer, std::vector<LRLambda> lr_lambda, Site site)
    : GroupwiseLR("LambdaLR", optimizer), lr_lambdas_(std::move(lr_lambda)) {
  start(site);
}
double LambdaLR::lr_at(std::int64_t epoch, std::size_t group, double) const {
  return base_lrs_[group] * lr_lambdas_[group](epoch);
}
void LambdaLR::check() const {
  GroupwiseLR::check();
  check_functions(kind(), lr_lambdas_, groups());
}

MultiplicativeLR::MultiplicativeLR(Optimizer& optimizer, LRLambda lr_lambda, Site site)
    : MultiplicativeLR(
          optimizer,
          std::vector<LRLambda>(optimizer.scheduled_groups().size(), std::move(lr_lambda)), site) {}
MultiplicativeLR::MultiplicativeLR(Optimizer& optimizer, std::vector<LRLambda> lr_lambda, Site site)
    : GroupwiseLR("MultiplicativeLR", optimizer), lr_lambdas_(std::move(lr_lambda)) {
  start(site);
}
double MultiplicativeLR::lr_at(std::int64_t epoch, std::size_t group, double lr) const {
  return epoch == 0 ? lr : lr * lr_lambdas_[group](epoch);
}
void MultiplicativeLR::restart() { begin(); }
void MultiplicativeLR::check() const {
  GroupwiseLR::check();
  check_functions(kind(), lr_lambdas_, groups());
}

}  // namespace xgrad::optim

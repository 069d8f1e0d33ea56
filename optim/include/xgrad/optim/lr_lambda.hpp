// lr_lambda.hpp: learning rates by functions of your own.
#pragma once

#include <functional>

#include <xgrad/optim/lr_scheduler.hpp>

namespace xgrad::optim {

/// A factor for an epoch.
using LRLambda = std::function<double(std::int64_t epoch)>;

/// The first rates times lr_lambda(epoch): one function for all groups, or one for each.
///
///     optim::LambdaLR scheduler(optimizer, [](auto epoch) { return std::pow(0.95, epoch); });
///
/// The functions are not part of the state. @throws ValueError  for undefined functions, another
/// number of them than of groups, and for a rate that would be negative or NaN.
class LambdaLR : public GroupwiseLR {
 public:
  LambdaLR(Optimizer& optimizer, LRLambda lr_lambda,
           Site site = {__builtin_FILE(), __builtin_LINE()});
  LambdaLR(Optimizer& optimizer, std::vector<LRLambda> lr_lambda,
           Site site = {__builtin_FILE(), __builtin_LINE()});

 protected:
  double lr_at(std::int64_t epoch, std::size_t group, double lr) const override;
  void check() const override;

 private:
  std::vector<LRLambda> lr_lambdas_;
};

/// Multiplies the rates by lr_lambda(epoch) every epoch, from epoch 1 on; as LambdaLR otherwise.
class MultiplicativeLR : public GroupwiseLR {
 public:
  MultiplicativeLR(Optimizer& optimizer, LRLambda lr_lambda,
                   Site site = {__builtin_FILE(), __builtin_LINE()});
  MultiplicativeLR(Optimizer& optimizer, std::vector<LRLambda> lr_lambda,
                   Site site = {__builtin_FILE(), __builtin_LINE()});

 protected:
  double lr_at(std::int64_t epoch, std::size_t group, double lr) const override;
  void restart() override;  // it goes on from the rates of the schedule before
  void check() const override;

 private:
  std::vector<LRLambda> lr_lambdas_;
};

}  // namespace xgrad::optim

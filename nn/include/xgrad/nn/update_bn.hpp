// update_bn.hpp: the running statistics of batch norm, for parameters that were not trained with
// them.
#pragma once

#include <memory>
#include <tuple>
#include <type_traits>

#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/graph/operand.hpp>
#include <xgrad/nn/module.hpp>

namespace xgrad::nn {

namespace detail {

/// Plain averages of what a module's batch norms see. Unless `finish` is called, everything becomes
/// as it was.
class BatchNormStatistics {
 public:
  /// Switches the module to training. @throws ValueError  for a momentum of 0.
  BatchNormStatistics(Module& module, Site site);
  ~BatchNormStatistics();
  BatchNormStatistics(const BatchNormStatistics&) = delete;
  BatchNormStatistics& operator=(const BatchNormStatistics&) = delete;

  bool empty() const noexcept;
  void begin_batch();
  void end_batch();
  void finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The first element of a batch, or the batch itself.
template <class Batch>
const Tensor& input_of(const Batch& batch) {
  if constexpr (std::is_convertible_v<const Batch&, const Tensor&>)
    return batch;
  else if constexpr (requires { batch.inputs; })
    return batch.inputs;
  else if constexpr (requires { batch.front(); })
    return batch.front();
  else
    return std::get<0>(batch);
}

}  // namespace detail

/// Sets the running statistics of all BatchNorm layers of a model to plain averages over the
/// batches of a loader, in training mode and without a graph; then every module has the mode that
/// it had. A model without such layers is left alone, and the loader is not read.
///
///     swa.copy_to(averaged);
///     nn::update_bn(loader, averaged);
///
/// @param loader  a range of tensors, of structs with `inputs`, or of tuples, pairs or vectors
///                whose first element is the input.
/// @throws ValueError  for a layer whose momentum is 0. If anything is thrown, the statistics are
///         as before.
template <class Loader, class M>
void update_bn(Loader&& loader, M& model, Site site = {__builtin_FILE(), __builtin_LINE()}) {
  detail::BatchNormStatistics statistics(model, site);
  if (statistics.empty()) return;
  const NoGrad guard;
  for (auto&& batch : loader) {
    statistics.begin_batch();
    static_cast<void>(model(detail::input_of(batch)));
    statistics.end_batch();
  }
  statistics.finish();
}

}  // namespace xgrad::nn

// average.hpp: averages of a module's parameters over a run, which often generalize better than the
// last ones.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <xgrad/graph/state_dict.hpp>
#include <xgrad/nn/module.hpp>

namespace xgrad::nn {

/// `auto guard = ema.swap_in(model);`: until the end of the scope, the module has the averages, and
/// the averages have the module's values.
class [[nodiscard]] SwappedAverages {
 public:
  SwappedAverages(SwappedAverages&&) noexcept = default;
  SwappedAverages& operator=(SwappedAverages&&) = delete;
  ~SwappedAverages();

 private:
  friend class Averages;
  struct Pair {
    Tensor module, average;
  };
  SwappedAverages(std::vector<Pair> pairs, std::shared_ptr<bool> swapped, Site site);

  std::vector<Pair> pairs_;
  std::shared_ptr<bool> swapped_;  // null if moved from
};

/// What EMA and SWA have in common: a copy of a module's parameters and buffers, to which
/// `update_parameters` brings the module's values after each optimizer step.
///
/// Buffers are copied, not averaged, unless use_buffers is true; those of integers are always
/// copied. The averages have PyTorch's names: AveragedModel's state is "n_averaged" and
/// "module.hidden.weight", ...
class Averages {
 public:
  virtual ~Averages() = default;
  Averages(const Averages&) = delete;
  Averages& operator=(const Averages&) = delete;

  /// Takes the module's values into the averages; the first time, they become the averages.
  /// @throws ValueError  unless the module has the names, shapes and dtypes of the averaged one;
  ///         GraphError  while the averages are swapped in.
  void update_parameters(const Module& module, Site site = {__builtin_FILE(), __builtin_LINE()});
  /// How many times the averages have been updated.
  std::int64_t n_averaged() const noexcept { return n_averaged_; }

  /// Copies the averages into a module of the same kind, in place.
  /// @throws ValueError, GraphError  as update_parameters.
  void copy_to(Module& module, Site site = {__builtin_FILE(), __builtin_LINE()}) const;
  /// Exchanges the averages and the module's values, to evaluate the module by the averages. What
  /// changes the module in the scope (as `update_bn`) changes the averages.
  /// @throws ValueError, GraphError  as update_parameters.
  SwappedAverages swap_in(Module& module, Site site = {__builtin_FILE(), __builtin_LINE()});

  /// The averages and their count. The tensors share storage with the averages, so later updates
  /// change them; `state_dict().clone()` is a copy to keep.
  StateDict state_dict() const;
  /// Resumes from a state, which is copied. @throws ValueError  with all entries that do not fit;
  ///         GraphError  while the averages are swapped in. Nothing has been changed then.
  void load_state_dict(const StateDict& state, Site site = {__builtin_FILE(), __builtin_LINE()});

 protected:
  Averages(const char* kind, const Module& module, Flag use_buffers, Site site);
  /// The new value's share in the average, which is n values old.
  virtual double share_of_next(std::int64_t n) const = 0;

 private:
  struct Entry {
    std::string name;
    Tensor average;
    bool averaged;  // or copied
  };
  std::vector<Tensor> tensors_of(const Module& module, const char* member, Site site) const;
  void check_not_swapped(const char* member, Site site) const;

  const char* kind_;
  std::vector<Entry> entries_;
  std::int64_t n_averaged_ = 0;
  std::shared_ptr<bool> swapped_ = std::make_shared<bool>(false);
};

/// An exponential moving average: average = decay * average + (1 - decay) * value.
///
///     nn::EMA ema(model, 0.999);
///     for (...) {
///       ...
///       optimizer.step();
///       ema.update_parameters(model);
///     }
///     auto guard = ema.swap_in(model);  // evaluate by the averages
///
/// @throws ValueError  for a decay outside [0, 1].
class EMA : public Averages {
 public:
  explicit EMA(const Module& module, double decay = 0.999, Flag use_buffers = false,
               Site site = {__builtin_FILE(), __builtin_LINE()});

 private:
  double share_of_next(std::int64_t) const override { return 1 - decay_; }
  double decay_;
};

/// The plain mean of all values, one from the end of each of the last epochs, usually; see
/// optim::SWALR. Batch norm needs statistics of its own then: see update_bn.
/// @see  Izmailov et al., UAI 2018.
class SWA : public Averages {
 public:
  explicit SWA(const Module& module, Flag use_buffers = false,
               Site site = {__builtin_FILE(), __builtin_LINE()})
      : Averages("SWA", module, use_buffers, site) {}

 private:
  double share_of_next(std::int64_t n) const override { return 1 / (static_cast<double>(n) + 1); }
};

}  // namespace xgrad::nn

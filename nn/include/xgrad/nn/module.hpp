// module.hpp: the base of everything with parameters.
#pragma once

#include <functional>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <xgrad/graph/hook_list.hpp>
#include <xgrad/graph/state_dict.hpp>
#include <xgrad/nn/any_module.hpp>
#include <xgrad/nn/load_report.hpp>

namespace xgrad::nn {

/// The names that only the module or only the state had; none if loading was strict.
struct IncompatibleKeys {
  std::vector<std::string> missing_keys, unexpected_keys;
};

/// Sees the tensors that a module is called with, and may replace them.
using ForwardPreHook = std::function<void(const Module& module, std::vector<Tensor>& inputs)>;
/// Sees the tensors that a module was called with, and those of its result, and may replace these.
using ForwardHook = std::function<void(const Module& module, const std::vector<Tensor>& inputs,
                                       std::vector<Tensor>& outputs)>;

namespace detail {
struct ModuleRecord;
bool has_forward_hooks(const Module& module) noexcept;
/// The tensors as the hooks leave them. @throws GraphError  if a hook changes their number.
std::vector<Tensor> run_pre_hooks(const Module& module, std::vector<Tensor> inputs);
std::vector<Tensor> run_forward_hooks(const Module& module, const std::vector<Tensor>& inputs,
                                      std::vector<Tensor> outputs);
/// forward between the hooks.
Tensor call_with_hooks(const Module& module, const Operand& x,
                       Tensor (*forward)(const Module& module, const Operand& x));
class ModuleCopies;
}  // namespace detail

/// Base of layers and models: registers parameters, buffers and children under names. A class that
/// is called derives from Layer, which derives from Module.
///
/// Copies share what is registered: a copy of a model trains the same parameters; `clone` makes a
/// model with parameters of its own. Parameters and buffers are registered once and changed by
/// `assign` only. No member has the name of an op, which would hide the op from argument-dependent
/// lookup, and no member is a type, which would hide a model's own.
class Module {
 public:
  Module();
  virtual ~Module() = default;
  Module(const Module& other);
  Module& operator=(const Module&) = default;

  /// All parameters: own ones first, then the children's, in the order of registration. One that is
  /// registered twice comes once.
  std::vector<Tensor> parameters() const;
  std::vector<NamedTensor> named_parameters() const;
  std::vector<Tensor> buffers() const;
  std::vector<NamedTensor> named_buffers() const;

  /// The modules registered here, in order.
  std::vector<AnyModule> children() const;
  std::vector<NamedModule> named_children() const;
  /// This module, named "", and all below it, each once, parents before their children. The entry
  /// of this module does not keep it alive.
  std::vector<AnyModule> modules() const;
  std::vector<NamedModule> named_modules() const;
  /// Calls f on each module below this one, children before their parents, then on this one.
  void apply(const std::function<void(Module&)>& f);
  /// This module as an M, or null if it is of another type.
  template <class M>
  M* as() noexcept {
    return dynamic_cast<M*>(this);
  }
  template <class M>
  const M* as() const noexcept {
    return dynamic_cast<const M*>(this);
  }

  /// The parameter, buffer or module of a full name, as "encoder.0.weight".
  /// @throws ValueError  if there is none; the error lists the names at the place where it is
  /// missing.
  Tensor get_parameter(std::string_view name,
                       Site site = {__builtin_FILE(), __builtin_LINE()}) const;
  Tensor get_buffer(std::string_view name, Site site = {__builtin_FILE(), __builtin_LINE()}) const;
  AnyModule get_submodule(std::string_view name,
                          Site site = {__builtin_FILE(), __builtin_LINE()}) const;

  /// Converts all floating parameters and buffers in place, and drops the gradients: they stay the
  /// tensors that optimizers hold. Convert before an optimizer takes a step, because its state
  /// keeps its dtype.
  /// @throws DTypeError  unless the dtype is float32 or float64.
  void to(DType dtype, Site site = {__builtin_FILE(), __builtin_LINE()});
  /// Makes all parameters require gradients, or none: `model.encoder.requires_grad_(false)`.
  void requires_grad_(Flag on = true);
  /// The same for the parameters whose full names match a shell pattern, as in "encoder.*" or
  /// "*.bias". @throws ValueError  if none matches.
  void requires_grad_(Flag on, const std::string& pattern,
                      Site site = {__builtin_FILE(), __builtin_LINE()});

  /// Calls the hook whenever the module is called, before `forward`; it goes with the handle.
  /// Copies of the module share it, clones do not have it. A direct call of `forward` runs no
  /// hooks.
  /// @throws GraphError  unless the module's class derives from Layer.
  HookHandle register_forward_pre_hook(ForwardPreHook hook,
                                       Site site = {__builtin_FILE(), __builtin_LINE()});
  /// Calls the hook after `forward`. Its result's tensors are the result itself, or the elements of
  /// a tuple, a vector or a struct that holds tensors alone.
  HookHandle register_forward_hook(ForwardHook hook,
                                   Site site = {__builtin_FILE(), __builtin_LINE()});

  /// All parameters and buffers under their full names, detached. They share storage with the
  /// module, so later steps change them, too; `state_dict().clone()` is a copy to keep.
  StateDict state_dict() const;
  /// Copies the tensors of a state into the parameters and buffers of the same names, in place:
  /// they stay the tensors that optimizers and graphs hold. Of two names of one parameter the later
  /// counts.
  /// @param strict  whether the names must be the same on both sides.
  /// @throws ValueError  that tells all names, shapes and dtypes that do not fit. Nothing has been
  ///         changed then.
  IncompatibleKeys load_state_dict(const StateDict& state, Flag strict = true,
                                   Site site = {__builtin_FILE(), __builtin_LINE()});
  /// The same with names that differ, and with a report of what does not fit:
  ///
  ///     auto report = model.load_state_dict(io::load_torch("resnet.pth"),
  ///                                         {.strict = false, .rename = {{"^module\\.", ""}}});
  ///     fmt::print("{}", report);
  ///
  /// Without strict, all tensors that fit are loaded, and those of another shape or dtype are
  /// reported as well, instead of thrown.
  /// @throws ValueError  with the report, if loading is strict and anything does not fit; if a
  ///         pattern is not valid or two entries get the same name. Nothing has been changed then.
  LoadReport load_state_dict(const StateDict& state, const LoadStateOptions& options,
                             Site site = {__builtin_FILE(), __builtin_LINE()});

  /// Switches dropout, batch norm and the like between training and evaluation, children included.
  void train(Flag on = true);
  void eval() { train(false); }
  bool is_training() const noexcept;

  /// Makes the gradients of all parameters undefined.
  void zero_grad();

  /// The text between the parentheses when the module is printed.
  virtual std::string details() const { return {}; }
  /// How many multiplications with an addition a call takes, for `summary`; 0 if they do not
  /// matter.
  virtual std::int64_t multiply_adds(const std::vector<Shape>& inputs,
                                     const std::vector<Shape>& outputs) const;

 protected:
  /// Registers a leaf that wants a gradient. @throws ValueError if the name is empty, has a dot, or
  /// is that of another parameter, buffer or child.
  Tensor parameter(std::string name, Tensor value,
                   Site site = {__builtin_FILE(), __builtin_LINE()});
  /// Registers a tensor that belongs to the state but is not trained.
  Tensor buffer(std::string name, Tensor value);
  /// Registers a copy of the module, which shares its parameters, and gives the module back, to
  /// initialize a member with.
  template <class M>
  M child(std::string name, M module) {
    add_child(std::move(name), AnyModule(module));
    return module;
  }
  void add_child(std::string name, AnyModule module);
  /// The modules registered here; the reference lasts until the next one is.
  const std::vector<NamedModule>& registered() const noexcept;
  const std::vector<NamedTensor>& registered_parameters() const noexcept;

 private:
  /// What the real type does; null for a class that does not derive from Layer.
  virtual const detail::ModuleType* type() const noexcept { return nullptr; }

  std::shared_ptr<detail::ModuleRecord> record_;

  friend class detail::ModuleCopies;
  friend struct detail::ModuleRecord;
  friend std::string to_string(const Module& module);
};

/// The model as PyTorch prints it.
std::string to_string(const Module& module);
std::ostream& operator<<(std::ostream& out, const Module& module);

}  // namespace xgrad::nn

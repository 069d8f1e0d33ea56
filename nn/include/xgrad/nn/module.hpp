// module.hpp: the base of everything with parameters.
#pragma once

#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>
#include <typeinfo>
#include <utility>
#include <vector>

#include <xgrad/graph/operand.hpp>
#include <xgrad/graph/state_dict.hpp>

namespace xgrad::nn {

/// The names that only the module or only the state had; none if loading was strict.
struct IncompatibleKeys {
  std::vector<std::string> missing_keys, unexpected_keys;
};

namespace detail {
struct ModuleRecord;
}  // namespace detail

/// Base of layers and models: registers parameters, buffers and children under names.
///
///     struct Mlp : xgrad::nn::Module {
///       xgrad::nn::Linear hidden = child("hidden", xgrad::nn::Linear(784, 128));
///       Tensor forward(const Tensor& x) { return relu(hidden(x)); }
///     };
///
/// Copies share what is registered: a copy of a model trains the same parameters. Parameters and
/// buffers are registered once and changed by `assign` only. No member bears an op's name, which
/// would hide the op from its argument-dependent lookup, and there are no types among them, which
/// would hide a model's own.
class Module {
 public:
  Module();
  virtual ~Module() = default;
  Module(const Module&) = default;
  Module& operator=(const Module&) = default;

  /// All parameters: own ones first, then the children's, in the order of registration. One that is
  /// registered twice comes once.
  std::vector<Tensor> parameters() const;
  std::vector<NamedTensor> named_parameters() const;
  std::vector<Tensor> buffers() const;
  std::vector<NamedTensor> named_buffers() const;

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

  /// Switches dropout, batch norm and the like between training and evaluation, children included.
  void train(Flag on = true);
  void eval() { train(false); }
  bool is_training() const noexcept;

  /// Makes the gradients of all parameters undefined.
  void zero_grad();

  /// What stands between the parentheses when the module is printed.
  virtual std::string details() const { return {}; }

 protected:
  /// Registers a leaf that wants a gradient. @throws ValueError if the name is empty, has a dot, or
  /// is that of another parameter, buffer or child.
  Tensor parameter(std::string name, Tensor value,
                   Site site = {__builtin_FILE(), __builtin_LINE()});
  /// Registers a tensor that belongs to the state but is not trained.
  Tensor buffer(std::string name, Tensor value);
  /// Registers a module and gives it back, to initialise a member with.
  template <class M>
  M child(std::string name, M module) {
    add_child(std::move(name), module);
    return module;
  }
  void add_child(std::string name, const Module& module);

 private:
  std::shared_ptr<detail::ModuleRecord> record_;

  friend std::string to_string(const Module& module);
};

/// A module that is called with one operand: `struct Half : Layer<Half> { Tensor forward(Operand)
/// }`.
template <class Self>
struct Layer : Module {
  Tensor operator()(Operand x) const { return static_cast<const Self&>(*this).forward(x); }
};

/// The model as PyTorch prints it.
std::string to_string(const Module& module);
std::ostream& operator<<(std::ostream& out, const Module& module);

}  // namespace xgrad::nn

// tensor.hpp: Tensor, a handle to a value in the graph. It is one pointer; copies share the value.
#pragma once

#include <iosfwd>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <xgrad/graph/dtype.hpp>
#include <xgrad/graph/node.hpp>
#include <xgrad/graph/shape.hpp>
#include <xgrad/graph/site.hpp>
#include <xgrad/graph/tensor_members.hpp>

namespace xgrad {

class Substitution;  // <xgrad/graph/substitution.hpp>
namespace detail {
extern thread_local constinit const Substitution* substitution;
Node* substituted(Node* node) noexcept;
}  // namespace detail

class GradFn;      // <xgrad/graph/grad_fn.hpp>
class HookHandle;  // <xgrad/graph/hooks.hpp>

/// A position along an axis, with the line of code that wrote it.
struct Position {
  std::int64_t at;
  Site site;
  template <class T>
  requires std::is_integral_v<T> Position(T i, Site asked = {__builtin_FILE(), __builtin_LINE()})
      : at(static_cast<std::int64_t>(i)), site(asked) {}
};

/// Converts tensors to xtensor arrays. Defined in <xgrad/xtensor.hpp>, which the user includes.
template <class T>
struct ArrayAccess;

/// Options of Tensor::backward.
struct BackwardOptions {
  /// Keep the graph for another sweep. By default it is freed, unless create_graph is set.
  std::optional<bool> retain_graph = {};
  /// Record how the gradients are computed, so that they can be differentiated themselves.
  bool create_graph = false;
};

/// A dense, row-major, immutable value, together with the record of how it was computed.
///
/// Only leaves can be changed in place: by `assign`, `mutable_data`, `mutable_array`, members whose
/// name ends with an underscore, and optimizers. `x += y` binds x to a new tensor. Every member
/// except `defined` throws GraphError if the tensor is undefined.
///
/// The ops that are also members, such as `x.exp()`, are declared in TensorMembers.
class Tensor : public TensorMembers {
 public:
  Tensor() noexcept : node_(nullptr) {}
  Tensor(const Tensor& other) noexcept : node_(other.node_) {
    if (detail::substitution != nullptr) [[unlikely]]
      node_ = detail::substituted(node_);
    if (node_ != nullptr) detail::add_reader(node_);
  }
  Tensor(Tensor&& other) noexcept : node_(std::exchange(other.node_, nullptr)) {}
  Tensor& operator=(const Tensor& other) & noexcept {
    Tensor(other).swap(*this);
    return *this;
  }
  Tensor& operator=(Tensor&& other) & noexcept {
    Tensor(std::move(other)).swap(*this);
    return *this;
  }
  template <class T>
  void operator=(const T&) && = delete;  // x[i] is a copy: write x = index_put(x, {i}, value)
  ~Tensor() {
    if (node_ != nullptr) detail::drop_reader(node_);
  }
  void swap(Tensor& other) noexcept { std::swap(node_, other.node_); }

  /// Whether the tensor has a value. `Tensor()` and the `.grad` of a leaf before its first sweep
  /// have none.
  bool defined() const noexcept { return node_ != nullptr; }

  // Properties.
  const Shape& shape() const { return node().shape; }
  /// The size of axis `dim`. Negative dims count from the end. @throws ShapeError if out of range.
  std::int64_t size(Dim dim, Site site = {__builtin_FILE(), __builtin_LINE()}) const;
  int dim() const { return node().shape.dim(); }
  std::int64_t numel() const { return node().shape.numel(); }
  const Shape& sizes() const { return shape(); }     ///< The same as `shape`.
  std::int64_t nelement() const { return numel(); }  ///< The same as `numel`.
  /// The size in bytes of one element, and of all elements.
  std::int64_t element_size() const { return static_cast<std::int64_t>(size_of(dtype())); }
  std::int64_t nbytes() const { return numel() * element_size(); }
  bool is_floating_point() const { return is_floating(dtype()); }
  DType dtype() const { return node().dtype; }
  std::string name() const;
  Tensor& set_name(std::string name);
  Site site() const { return node().site; }  ///< The line of code that created it.

  // Elements.
  /// The value of a one-element tensor, converted to T, any arithmetic type. See `to` for the
  /// conversion of floats to integers. @throws ShapeError unless there is exactly one element.
  template <class T>
  requires std::is_arithmetic_v<T> T item(Site site = {__builtin_FILE(), __builtin_LINE()})
  const {
    const Number number = only_element(site);
    return number.whole ? detail::converted<T>(number.integer)
                        : detail::converted<T>(number.floating);
  }
  /// A pointer to the elements, in row-major order. @throws DTypeError unless T is their type.
  template <Element T>
  const T* data(Site site = {__builtin_FILE(), __builtin_LINE()}) const;
  /// The same as `data`.
  template <Element T>
  const T* data_ptr(Site site = Site::here()) const {
    return data<T>(site);
  }
  /// The elements as a std::span. Cannot be called on a temporary, because the elements would be
  /// freed before the body of a range-based for loop.
  template <Element T>
  std::span<const T> span(Site site = {__builtin_FILE(), __builtin_LINE()}) const& {
    return {data<T>(site), static_cast<std::size_t>(numel())};
  }
  template <Element T>
  std::span<const T> span(Site site = {}) const&& = delete;
  /// A pointer for changing the elements in place. @throws GraphError unless this is a leaf;
  /// DTypeError unless T is the element type.
  template <Element T>
  T* mutable_data(Site site = {__builtin_FILE(), __builtin_LINE()});
  /// An xtensor adaptor over the elements, which it keeps alive. Requires <xgrad/xtensor.hpp>.
  template <Element T>
  auto array(Site site = {__builtin_FILE(), __builtin_LINE()}) const {
    return ArrayAccess<T>::read(*this, site);
  }
  template <Element T>
  auto mutable_array(Site site = {__builtin_FILE(), __builtin_LINE()}) {
    return ArrayAccess<T>::write(*this, site);
  }

  // Autograd.
  bool requires_grad() const { return node().requires_grad(); }
  /// Sets whether a leaf requires a gradient. @throws GraphError unless this is a leaf; DTypeError
  /// if `value` is true and the dtype is not float32 or float64.
  Tensor& requires_grad_(Flag value = true, Site site = {__builtin_FILE(), __builtin_LINE()});
  bool is_leaf() const { return node().is_leaf(); }
  /// The op that computed the tensor; undefined for leaves. Must not be called while another thread
  /// sweeps the graph. Needs <xgrad/graph/grad_fn.hpp>.
  GradFn grad_fn() const;
  /// The same as the function `register_hook`. Needs <xgrad/graph/hooks.hpp>.
  template <class F>
  HookHandle register_hook(F hook, Site site = Site::here()) const;
  /// The gradient accumulated by sweeps. Undefined before the first one.
  Tensor grad() const;
  void set_grad(const Tensor& gradient, Site site = {__builtin_FILE(), __builtin_LINE()});
  void zero_grad() { set_grad({}); }
  /// Makes a computed tensor keep its gradient in `.grad`, as leaves do.
  Tensor& retain_grad(Site site = {__builtin_FILE(), __builtin_LINE()});
  /// Computes the gradients of `sum(this * upstream)` with respect to the leaves and adds them to
  /// their `.grad`.
  ///
  /// @param upstream  the upstream gradient, of this tensor's shape. It may be omitted if there is
  ///                  only one element, and is then 1.
  /// @throws GraphError  if this tensor does not require a gradient, if the graph was swept before
  ///                     and not retained, or if a saved value was changed in place.
  /// @throws ShapeError  if upstream has another shape, or is omitted for several elements.
  ///
  /// If anything is thrown, also by a hook or because memory runs out, every `.grad` is as it was
  /// before, unless a hook replaced it. Without retain_graph, the graph is then partly or wholly
  /// freed.
  ///
  /// With create_graph, a leaf and its gradient keep each other alive. Prefer `xgrad::grad`, or
  /// reset `.grad` to free them.
  void backward(const Tensor& upstream = {}, BackwardOptions options = {},
                Site site = {__builtin_FILE(), __builtin_LINE()}) const;

  // Derived tensors.
  Tensor detach() const;  ///< A tensor that shares the storage and has no history.
  /// A copy of the tensor. Gradients flow through it.
  Tensor clone(Site site = {__builtin_FILE(), __builtin_LINE()}) const;
  /// The tensor converted to `dtype`. Gradients flow between float32 and float64. NaN and floats
  /// beyond int64's range become the smallest int64.
  Tensor to(DType dtype, Site site = {__builtin_FILE(), __builtin_LINE()}) const;
  /// Overwrites the elements of a leaf with `value`, expanded to this shape and converted to this
  /// dtype. @throws GraphError unless this is a leaf; ShapeError unless it expands.
  void assign(const Tensor& value, Site site = {__builtin_FILE(), __builtin_LINE()});

  /// The slice at position i of the first axis. It is a copy and cannot be assigned to.
  Tensor operator[](Position i) const;
  Tensor view_as(const Tensor& other, Site site = Site::here()) const;
  Tensor reshape_as(const Tensor& other, Site site = Site::here()) const;
  /// The tensor converted to the dtype of another one.
  Tensor type_as(const Tensor& other, Site site = Site::here()) const;
  /// The tensor itself, because every tensor is dense and row-major.
  Tensor contiguous() const {
    static_cast<void>(node());
    return *this;
  }
  bool is_contiguous() const { return contiguous().defined(); }
  // New tensors of the same dtype.
  Tensor new_empty(const Shape& shape, Site site = Site::here()) const;
  Tensor new_zeros(const Shape& shape, Site site = Site::here()) const;
  Tensor new_ones(const Shape& shape, Site site = Site::here()) const;
  Tensor new_full(const Shape& shape, Operand number, Site site = Site::here()) const;

  // Changes in place. The rules of TensorMembers apply: only leaves can be changed.
  /// Overwrites the elements with those of `source`, expanded to this shape and converted to this
  /// dtype. @throws ShapeError unless it expands.
  Tensor& copy_(const Tensor& source, Site site = Site::here());
  /// Sets all elements to a number or to the element of a 0-d tensor.
  Tensor& fill_(Operand value, Site site = Site::here());
  Tensor& zero_(Site site = Site::here());
  /// Fills with uniformly distributed numbers in [from, to). @throws DTypeError unless the dtype is
  /// float32 or float64; ValueError if from > to.
  Tensor& uniform_(double from = 0, double to = 1, Generator* generator = nullptr,
                   Site site = Site::here());
  /// Fills with normally distributed numbers. @throws DTypeError unless the dtype is float32 or
  /// float64; ValueError if std is negative.
  Tensor& normal_(double mean = 0, double std = 1, Generator* generator = nullptr,
                  Site site = Site::here());
  /// Sets each element to 1 with probability p, otherwise to 0. @throws ValueError unless p is in
  /// [0, 1].
  Tensor& bernoulli_(double p = 0.5, Generator* generator = nullptr, Site site = Site::here());
  /// Rebinds this tensor to a leaf with the same storage that does not require a gradient. Copies
  /// made before keep their history. A leaf stops requiring a gradient.
  Tensor& detach_();

  /// The graph node, for code that traverses or extends the graph.
  detail::Node& node() const {
    if (node_ == nullptr) throw_undefined();
    return *node_;
  }
  static Tensor adopt(detail::Node* node) noexcept {
    Tensor t;
    t.node_ = node;
    return t;
  }
  static Tensor share(detail::Node* node) noexcept {
    if (node != nullptr) detail::add_reader(node);
    return adopt(node);
  }
  detail::Node* release() noexcept { return std::exchange(node_, nullptr); }

 private:
  struct Number {
    std::int64_t integer;
    double floating;
    bool whole;
  };
  Number only_element(Site site) const;
  [[noreturn]] static void throw_undefined();
  detail::Node* node_;
};

/// Formats a tensor in PyTorch's notation: nested brackets, aligned columns, long axes abbreviated.
std::string to_string(const Tensor& tensor);
std::ostream& operator<<(std::ostream& out, const Tensor& tensor);

/// An argument that takes one tensor or several: `grad(y, x)`, `grad(y, {w, b})`,
/// `grad(y, model.parameters())`.
class TensorList {
 public:
  TensorList() = default;
  TensorList(const Tensor& one) : list_{one} {}
  TensorList(std::initializer_list<Tensor> list) : list_(list) {}
  TensorList(std::vector<Tensor> list) : list_(std::move(list)) {}
  const Tensor& operator[](std::size_t i) const { return list_[i]; }
  std::size_t size() const noexcept { return list_.size(); }
  bool empty() const noexcept { return list_.empty(); }
  auto begin() const noexcept { return list_.begin(); }
  auto end() const noexcept { return list_.end(); }

 private:
  std::vector<Tensor> list_;
};

namespace detail {

/// The tensor as error messages show it: "[2, 3] float32 'weight'".
std::string describe(const Tensor& tensor);

/// Wraps a kernel's value in a tensor without history. Its site is the line of the current OpScope,
/// or else `site`.
inline Tensor constant(Value&& value, Site site = {}) {
  Tensor t = Tensor::adopt(make_leaf(std::move(value)));
  t.node().site = site_or(site);
  return t;
}
/// The tensor's value. It shares the storage.
inline Value value_of(const Tensor& t) {
  return {t.node().storage, t.node().shape, t.node().dtype};
}
/// Converts a leaf to another dtype in place and drops its gradient. Sweeps through graphs that
/// saved the leaf then throw. @throws GraphError unless it is a leaf.
void convert_leaf(const Tensor& leaf, DType dtype, Site site = {});
/// The elements of a tensor whose dtype is known to be that of T. Not checked.
template <class T>
T* raw(const Tensor& t) noexcept {
  return static_cast<T*>(t.node().storage->data());
}
/// Whether no other handle, edge or storage reference can see the value, so that it may be changed
/// or moved from.
inline bool sole_owner(const Node& node) noexcept {
  return node.counts.load(std::memory_order_acquire) == one_reader && node.storage.unique();
}

}  // namespace detail
}  // namespace xgrad

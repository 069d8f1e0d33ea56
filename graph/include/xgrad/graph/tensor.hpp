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

namespace xgrad {

class Substitution;  // <xgrad/graph/substitution.hpp>
namespace detail {
extern thread_local constinit const Substitution* substitution;
Node* substituted(Node* node) noexcept;
}  // namespace detail

class GradFn;  // <xgrad/graph/grad_fn.hpp>
class Index;   // one entry of an index expression: <xgrad/ops/indexing.hpp>

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
/// Only leaves can be changed in place: by `assign`, `mutable_data`, `mutable_array` and
/// optimizers. `x += y` binds x to a new tensor. Every member except `defined` throws GraphError if
/// the tensor is undefined.
class Tensor {
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
  /// The op that computed the tensor; undefined for leaves. Needs <xgrad/graph/grad_fn.hpp>.
  GradFn grad_fn() const;
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

  // Ops that are often chained. The free functions of the same names document them.
  Tensor sum(const Dims& dims = {}, Flag keepdim = false,
             Site site = {__builtin_FILE(), __builtin_LINE()}) const;
  Tensor mean(const Dims& dims = {}, Flag keepdim = false,
              Site site = {__builtin_FILE(), __builtin_LINE()}) const;
  Tensor reshape(const Shape& shape, Site site = {__builtin_FILE(), __builtin_LINE()}) const;
  Tensor flatten(Dim start_dim = 0, Dim end_dim = -1,
                 Site site = {__builtin_FILE(), __builtin_LINE()}) const;
  Tensor transpose(Dim dim0, Dim dim1, Site site = {__builtin_FILE(), __builtin_LINE()}) const;
  Tensor t(Site site = {__builtin_FILE(), __builtin_LINE()}) const;
  Tensor matmul(const Tensor& other, Site site = {__builtin_FILE(), __builtin_LINE()}) const;
  Tensor argmax(Site site = {__builtin_FILE(), __builtin_LINE()}) const;
  Tensor argmax(Dim dim, Flag keepdim = false,
                Site site = {__builtin_FILE(), __builtin_LINE()}) const;
  Tensor permute(const std::vector<int>& dims,
                 Site site = {__builtin_FILE(), __builtin_LINE()}) const;
  Tensor squeeze(const Dims& dims = {}, Site site = {__builtin_FILE(), __builtin_LINE()}) const;
  Tensor unsqueeze(Dim dim, Site site = {__builtin_FILE(), __builtin_LINE()}) const;
  /// The slice at position i of the first axis. It is a copy and cannot be assigned to.
  Tensor operator[](Position i) const;
  Tensor index(const std::vector<Index>& indices,
               Site site = {__builtin_FILE(), __builtin_LINE()}) const;

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

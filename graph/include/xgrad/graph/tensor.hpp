// tensor.hpp: a value in the graph. One pointer; copies share the value.
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

class Index;  // an entry between brackets: <xgrad/ops/indexing.hpp>

/// A position, and the line that it was asked for in.
struct Position {
  std::int64_t at;
  Site site;
  template <class T>
  requires std::is_integral_v<T> Position(T i, Site asked = {__builtin_FILE(), __builtin_LINE()})
      : at(static_cast<std::int64_t>(i)), site(asked) {}
};

/// Turns tensors into xtensor arrays; defined by <xgrad/xtensor.hpp>, which has to be included.
template <class T>
struct ArrayAccess;

/// What a sweep does besides adding gradients.
struct BackwardOptions {
  /// Keep the graph for another sweep; by default it is used up, but kept with create_graph.
  std::optional<bool> retain_graph = {};
  /// Make the gradients part of a graph themselves, so that they can be differentiated.
  bool create_graph = false;
};

/// A dense, row-major, immutable value, and how it was computed.
///
/// Only leaves change: by `assign`, `mutable_data`, `mutable_array` and optimizers. `x += y` binds
/// x to a new value. Every member but `defined` throws GraphError on an undefined tensor.
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
  ~Tensor() {
    if (node_ != nullptr) detail::drop_reader(node_);
  }
  void swap(Tensor& other) noexcept { std::swap(node_, other.node_); }

  /// Whether it holds a value. `Tensor()` and the gradient of an untouched leaf do not.
  bool defined() const noexcept { return node_ != nullptr; }

  // What it is.
  const Shape& shape() const { return node().shape; }
  /// Negative dims count from the end.
  std::int64_t size(Dim dim, Site site = {__builtin_FILE(), __builtin_LINE()}) const;
  int dim() const { return node().shape.dim(); }
  std::int64_t numel() const { return node().shape.numel(); }
  DType dtype() const { return node().dtype; }
  std::string name() const;
  Tensor& set_name(std::string name);
  Site site() const { return node().site; }  ///< The line that made it.

  // Its elements.
  /// The only element, converted to T, any arithmetic type; see `to` for floats as integers.
  /// @throws ShapeError if there are more or none.
  template <class T>
  requires std::is_arithmetic_v<T> T item(Site site = {__builtin_FILE(), __builtin_LINE()})
  const {
    const Number number = only_element(site);
    return number.whole ? detail::converted<T>(number.integer)
                        : detail::converted<T>(number.floating);
  }
  /// Row-major elements. @throws DTypeError unless T is the element type.
  template <Element T>
  const T* data(Site site = {__builtin_FILE(), __builtin_LINE()}) const;
  /// The same as a range. Not of a temporary, whose elements would be gone in the body of a loop.
  template <Element T>
  std::span<const T> span(Site site = {__builtin_FILE(), __builtin_LINE()}) const& {
    return {data<T>(site), static_cast<std::size_t>(numel())};
  }
  template <Element T>
  std::span<const T> span(Site site = {}) const&& = delete;
  /// Elements to change in place. @throws GraphError unless this is a leaf.
  template <Element T>
  T* mutable_data(Site site = {__builtin_FILE(), __builtin_LINE()});
  /// An xtensor adaptor over the elements; it keeps them alive. Needs <xgrad/xtensor.hpp>.
  template <Element T>
  auto array(Site site = {__builtin_FILE(), __builtin_LINE()}) const {
    return ArrayAccess<T>::read(*this, site);
  }
  template <Element T>
  auto mutable_array(Site site = {__builtin_FILE(), __builtin_LINE()}) {
    return ArrayAccess<T>::write(*this, site);
  }

  // Its place in the graph.
  bool requires_grad() const { return node().requires_grad(); }
  /// Makes a leaf want a gradient, or stop wanting one.
  Tensor& requires_grad_(Flag value = true, Site site = {__builtin_FILE(), __builtin_LINE()});
  bool is_leaf() const { return node().is_leaf(); }
  /// The gradient that sweeps have added up; undefined before the first.
  Tensor grad() const;
  void set_grad(const Tensor& gradient, Site site = {__builtin_FILE(), __builtin_LINE()});
  void zero_grad() { set_grad({}); }
  /// Makes an interior value keep its gradient in `.grad`, as leaves do.
  Tensor& retain_grad(Site site = {__builtin_FILE(), __builtin_LINE()});
  /// Adds the gradients of `sum(this * upstream)` into the `.grad` of the leaves.
  ///
  /// @param upstream  of this shape; may be left out for a single element, then it is 1.
  /// @throws GraphError  if the graph was swept before, or a value it reads has changed since.
  ///                     Whatever is thrown, by a hook or for want of memory, too: every `.grad` is
  ///                     as before, but where a hook has put another. A graph that was not to be
  ///                     kept is used up, in parts or whole.
  /// With create_graph, a leaf and its gradient hold each other: prefer `xgrad::grad`, or reset
  /// `.grad` to free them.
  void backward(const Tensor& upstream = {}, BackwardOptions options = {},
                Site site = {__builtin_FILE(), __builtin_LINE()}) const;

  // Other tensors from it.
  Tensor detach() const;  ///< Same storage, no history.
  /// A copy; gradients flow through.
  Tensor clone(Site site = {__builtin_FILE(), __builtin_LINE()}) const;
  /// Converted; gradients flow between the floats. NaN and floats beyond int64's range become the
  /// smallest int64.
  Tensor to(DType dtype, Site site = {__builtin_FILE(), __builtin_LINE()}) const;
  /// Overwrites a leaf's elements. @throws ShapeError unless value expands to this shape.
  void assign(const Tensor& value, Site site = {__builtin_FILE(), __builtin_LINE()});

  // The handful that people chain; free functions of the same name document them.
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
  /// Position i along the first axis: a copy, which cannot be assigned to.
  Tensor operator[](Position i) const;
  Tensor index(const std::vector<Index>& indices,
               Site site = {__builtin_FILE(), __builtin_LINE()}) const;

  /// The node itself, for code that walks or extends the graph.
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

/// Prints like NumPy: nested brackets, aligned columns, long axes abbreviated.
std::string to_string(const Tensor& tensor);
std::ostream& operator<<(std::ostream& out, const Tensor& tensor);

/// Several tensors: `grad(y, x)`, `grad(y, {w, b})`, `grad(y, model.parameters())`.
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

/// "[2, 3] float32 'weight'": a tensor as error messages show it.
std::string describe(const Tensor& tensor);

/// A tensor without history around a kernel's value, made by the op under way or in another line.
inline Tensor constant(Value&& value, Site site = {}) {
  Tensor t = Tensor::adopt(make_leaf(std::move(value)));
  t.node().site = site_or(site);
  return t;
}
/// The value, sharing storage.
inline Value value_of(const Tensor& t) {
  return {t.node().storage, t.node().shape, t.node().dtype};
}
/// Gives a leaf another dtype in place, and drops its gradient; graphs that read it notice.
/// @throws GraphError unless it is a leaf.
void convert_leaf(const Tensor& leaf, DType dtype, Site site = {});
/// Elements of a tensor whose type is known.
template <class T>
T* raw(const Tensor& t) noexcept {
  return static_cast<T*>(t.node().storage->data());
}
/// Whether nobody else can see the value, so that it may be changed or taken.
inline bool sole_owner(const Node& node) noexcept {
  return node.counts.load(std::memory_order_acquire) == one_reader && node.storage.unique();
}

}  // namespace detail
}  // namespace xgrad

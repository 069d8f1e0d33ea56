#include <xgrad/graph/tensor.hpp>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/graph/kernels.hpp>
#include <xgrad/graph/op_scope.hpp>
#include <xgrad/graph/operand.hpp>

#include "tensor/autograd_meta.hpp"

namespace xgrad {
namespace detail {

thread_local constinit bool grad_enabled = true;
thread_local constinit bool keep_values = false;

std::string describe(const Tensor& tensor) {
  if (!tensor.defined()) return "an undefined tensor";
  const std::string plain = fmt::format("{} {}", to_string(tensor.shape()), name(tensor.dtype()));
  return tensor.name().empty() ? plain : fmt::format("{} '{}'", plain, tensor.name());
}

namespace {

std::string made_at(Site site) {
  return site.file == nullptr ? "" : fmt::format(" at {}:{}", site.file, site.line);
}

void check_leaf(const char* what, const Tensor& tensor, Site site) {
  if (!tensor.is_leaf())
    throw GraphError(
        fmt::format("{}: {} was computed by {}{}, and only leaves can be changed in place; compute "
                    "a new tensor instead, or change a detach() or clone() of it. If it used to be "
                    "a leaf, `x -= y` bound it to a new tensor; x.assign(x - y) changes the leaf",
                    what, describe(tensor), tensor.node().function()->op, made_at(tensor.site())),
        site);
}

template <class T>
void check_type(const Tensor& tensor, Site site) {
  if (tensor.dtype() != dtype_of<T>)
    throw DTypeError(
        fmt::format("data: cannot access the elements of {} as {}; convert the tensor with .to({})",
                    describe(tensor), name(dtype_of<T>), name(dtype_of<T>)),
        site);
}

}  // namespace
}  // namespace detail

std::string_view name(DType d) {
  constexpr std::string_view names[] = {"bool", "int64", "float32", "float64"};
  return names[static_cast<int>(d)];
}

void Tensor::throw_undefined() {
  throw GraphError(
      "undefined tensor: it has no value. It may be the .grad of a leaf that no sweep has reached "
      "yet, the .grad of a computed tensor (`x -= y` binds x to one), or a tensor that was moved "
      "from");
}

std::int64_t Tensor::size(Dim axis, Site site) const {
  const OpScope scope("size", site);
  const int rank = this->dim(), dim = axis;
  if (dim < -rank || dim >= rank)
    throw ShapeError(fmt::format("size: there is no dim {} in {}; it must be in [{}, {}]", dim,
                                 detail::describe(*this), -rank, rank - 1),
                     site);
  return shape()[dim < 0 ? dim + rank : dim];
}

std::string Tensor::name() const {
  return node().autograd_meta == nullptr ? "" : node().autograd_meta->name;
}

Tensor& Tensor::set_name(std::string name) {
  detail::autograd_meta_of(node()).name = std::move(name);
  return *this;
}

Tensor::Number Tensor::only_element(Site site) const {
  const OpScope scope("item", site);
  if (numel() != 1)
    throw ShapeError(fmt::format("item: {} has {} elements; it must have exactly one",
                                 detail::describe(*this), numel()),
                     site);
  return dispatch(dtype(), [&]<class E>() -> Number {
    const E element = *detail::raw<E>(*this);
    if constexpr (std::is_floating_point_v<E>) return {0, static_cast<double>(element), false};
    return {static_cast<std::int64_t>(element), 0, true};
  });
}

template <Element T>
const T* Tensor::data(Site site) const {
  detail::check_type<T>(*this, site);
  return detail::raw<T>(*this);
}

template <Element T>
T* Tensor::mutable_data(Site site) {
  detail::check_type<T>(*this, site);
  detail::check_leaf("mutable_data", *this, site);
  node().storage->changed_at(site);
  return detail::raw<T>(*this);
}

#define XGRAD_ELEMENT(T)                      \
  template const T* Tensor::data(Site) const; \
  template T* Tensor::mutable_data(Site);
XGRAD_ELEMENT(bool)
XGRAD_ELEMENT(std::int64_t)
XGRAD_ELEMENT(float)
XGRAD_ELEMENT(double)
#undef XGRAD_ELEMENT

Tensor& Tensor::requires_grad_(Flag value, Site site) {
  if (!is_leaf())
    throw GraphError(
        fmt::format("requires_grad_: {} was computed by {}{}, and requires_grad can be set only on "
                    "leaves; use detach() to get a tensor without history",
                    detail::describe(*this), node().function()->op, detail::made_at(this->site())),
        site);
  if (value && !is_floating(dtype()))
    throw DTypeError(fmt::format("requires_grad_: {} cannot require a gradient; only float32 and "
                                 "float64 tensors can",
                                 detail::describe(*this)),
                     site);
  const auto flag = static_cast<std::uint8_t>(detail::requires_grad_flag);
  node().flags = static_cast<std::uint8_t>(value ? node().flags | flag : node().flags & ~flag);
  return *this;
}

Tensor Tensor::grad() const {
  const detail::GradientLock lock(node());
  return Tensor::share(node().gradient);
}

void Tensor::set_grad(const Tensor& gradient, Site site) {
  if (gradient.defined() && (gradient.shape() != shape() || gradient.dtype() != dtype()))
    throw ShapeError(
        fmt::format("set_grad: the gradient is {}, but the tensor is {}; they must have the same "
                    "shape and dtype",
                    detail::describe(gradient), detail::describe(*this)),
        site);
  Tensor kept = gradient;  // then the one before, freed when the lock is open again
  const detail::GradientLock lock(node());
  kept = Tensor::adopt(std::exchange(node().gradient, kept.release()));
}

Tensor& Tensor::retain_grad(Site site) {
  if (!requires_grad())
    throw GraphError(
        fmt::format("retain_grad: {} does not require a gradient, so there is none to retain",
                    detail::describe(*this)),
        site);
  node().flags |= detail::retain_grad_flag;
  return *this;
}

Tensor Tensor::detach() const { return detail::constant(detail::value_of(*this), site()); }

void Tensor::assign(const Tensor& value, Site site) {
  const OpScope scope("assign", site);
  detail::check_leaf("assign", *this, site);
  if (detail::broadcast_of(value.shape(), shape()) != shape())
    throw ShapeError(fmt::format("assign: {} cannot be expanded to {}", detail::describe(value),
                                 detail::describe(*this)),
                     site);
  const NoGrad guard;
  const Tensor typed = value.to(dtype());
  const detail::Value from = detail::value_of(typed), to = detail::value_of(*this);
  node().storage->changed_at(site);
  detail::expand_into(from, to);
}

void detail::convert_leaf(const Tensor& leaf, DType dtype, Site site) {
  check_leaf("to", leaf, site);
  if (leaf.dtype() == dtype) return;
  StorageRef converted = leaf.detach().to(dtype).node().storage;
  Tensor(leaf).zero_grad();
  Node& node = leaf.node();
  converted->version = node.storage->version.load() + 1;
  converted->changed = site_or(site);
  node.storage = std::move(converted);
  node.dtype = dtype;
}

}  // namespace xgrad

#include <xgrad/graph/format.hpp>

#include <algorithm>
#include <cmath>
#include <ostream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <xgrad/graph/default_dtype.hpp>

namespace xgrad {
namespace {

constexpr std::int64_t summarize_above = 1000;  // elements; then long axes are cut
constexpr std::int64_t edge_items = 3;          // kept at either end of a cut axis

// The numbers that will be shown, and how wide the widest is.
class Printer {
 public:
  explicit Printer(const Tensor& tensor) : tensor_(tensor), cut_(tensor.numel() > summarize_above) {
    if (is_floating(tensor.dtype())) choose_notation();
    for_each_shown(0, 0, [&](std::int64_t i) { width_ = std::max(width_, element(i).size()); });
  }

  std::string text() const {
    if (tensor_.numel() == 0) return "[]";
    return tensor_.dim() == 0 ? element(0) : axis(0, 0);
  }

 private:
  static constexpr std::int64_t gap = -1;

  // Positions along an axis, with a gap where its middle is left out.
  std::vector<std::int64_t> shown(int dim) const {
    const std::int64_t size = tensor_.size(dim);
    std::vector<std::int64_t> positions;
    for (std::int64_t i = 0; i < size; ++i) {
      if (cut_ && size > 2 * edge_items && i == edge_items) {
        positions.push_back(gap);
        i = size - edge_items;
      }
      positions.push_back(i);
    }
    return positions;
  }

  template <class F>
  void for_each_shown(int dim, std::int64_t offset, const F& f) const {
    if (dim == tensor_.dim()) return f(offset);
    for (const std::int64_t i : shown(dim))
      if (i != gap) for_each_shown(dim + 1, offset * tensor_.size(dim) + i, f);
  }

  std::string axis(int dim, std::int64_t offset) const {
    const bool last = dim + 1 == tensor_.dim();
    const std::string between =
        last ? ", " : fmt::format(",{:\n>{}}{:>{}}", "", tensor_.dim() - dim - 1, "", dim + 8);
    std::vector<std::string> parts;
    for (const std::int64_t i : shown(dim)) {
      const std::int64_t at = offset * tensor_.size(dim) + i;
      parts.push_back(i == gap ? "..."
                      : last   ? fmt::format("{:>{}}", element(at), width_)
                               : axis(dim + 1, at));
    }
    return fmt::format("[{}]", fmt::join(parts, between));
  }

  double floating(std::int64_t i) const {
    return dispatch_floating(tensor_.dtype(),
                             [&]<class T>() { return static_cast<double>(tensor_.data<T>()[i]); });
  }

  // Four digits as PyTorch; an exponent where they would not do, a bare point for integers.
  void choose_notation() {
    double largest = 0, smallest = INFINITY;
    for_each_shown(0, 0, [&](std::int64_t i) {
      const double x = std::abs(floating(i));
      if (!std::isfinite(x) || x == 0) return;
      largest = std::max(largest, x);
      smallest = std::min(smallest, x);
      whole_ = whole_ && x == std::floor(x);
    });
    scientific_ =
        largest >= 1e8 || (largest > 0 && (smallest < 1e-4 || largest / smallest > 1e3) && !whole_);
  }

  std::string element(std::int64_t i) const {
    switch (tensor_.dtype()) {
      case DType::bool_:
        return tensor_.data<bool>()[i] ? "True" : "False";
      case DType::int64:
        return fmt::format("{}", tensor_.data<std::int64_t>()[i]);
      default:
        break;
    }
    const double x = floating(i);
    if (!std::isfinite(x)) return fmt::format("{}", x);
    if (scientific_) return fmt::format("{:.4e}", x);
    return whole_ ? fmt::format("{:.0f}.", x) : fmt::format("{:.4f}", x);
  }

  const Tensor& tensor_;
  const bool cut_;
  bool whole_ = true;
  bool scientific_ = false;
  std::size_t width_ = 0;
};

}  // namespace

std::string to_string(const Tensor& tensor) {
  if (!tensor.defined()) return "tensor(undefined)";
  std::string text = fmt::format("tensor({}", Printer(tensor).text());
  if (tensor.numel() == 0 && tensor.dim() > 1)
    text += fmt::format(", size={}", to_string(tensor.shape()));
  if (tensor.dtype() != get_default_dtype())
    text += fmt::format(", dtype={}", name(tensor.dtype()));
  if (tensor.requires_grad()) text += ", requires_grad=True";
  return text + ")";
}

std::ostream& operator<<(std::ostream& out, const Tensor& tensor) {
  return out << to_string(tensor);
}
std::ostream& detail::write(std::ostream& out, const Shape& shape) {
  return out << to_string(shape);
}
std::ostream& operator<<(std::ostream& out, DType d) { return out << name(d); }

}  // namespace xgrad

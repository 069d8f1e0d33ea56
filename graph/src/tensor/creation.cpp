#include <xgrad/graph/creation.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include <fmt/format.h>

#include <xgrad/graph/default_dtype.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/kernels.hpp>

#include "tensor/make.hpp"

namespace xgrad {
namespace detail {

Tensor make(const char* op, const Shape& shape, DType dtype, const TensorOptions& options,
            Site site) {
  const OpScope scope(op, site);
  Tensor made = constant(Value::empty(shape, dtype, op, site), site);
  return options.requires_grad ? made.requires_grad_(true, site) : made;
}

namespace {
// A copy of elements, in the dtype that was asked for.
Tensor with_options(const Tensor& copy, const TensorOptions& options, Site site) {
  Tensor typed = copy.to(options.dtype.value_or(copy.dtype()), site);
  return options.requires_grad ? typed.requires_grad_(true, site) : typed;
}
}  // namespace

Tensor tensor_from_memory(const void* elements, DType dtype, const Shape& shape,
                          const TensorOptions& options, Site site) {
  const OpScope scope("tensor", site);
  const Tensor copy = make("tensor", shape, dtype, {}, site);
  if (shape.numel() != 0)
    std::memcpy(copy.node().storage->data(), elements,
                static_cast<std::size_t>(shape.numel()) * size_of(dtype));
  return with_options(copy, options, site);
}

void check_unsigned(const void* elements, std::int64_t n, Site site) {
  const auto* const all = static_cast<const std::uint64_t*>(elements);
  for (std::int64_t i = 0; i < n; ++i)
    if (all[i] >> 63 != 0)
      throw ValueError(fmt::format("tensor: element {} is {}, which int64 cannot hold; convert the "
                                   "elements to double first",
                                   i, all[i]),
                       site);
}

Tensor tensor_of_bools(const std::vector<bool>& elements, const TensorOptions& options, Site site) {
  const OpScope scope("tensor", site);
  const Tensor copy = make("tensor", elements.size(), bool_, {}, site);
  std::copy(elements.begin(), elements.end(), raw<bool>(copy));
  return with_options(copy, options, site);
}

}  // namespace detail

namespace {

constexpr int deepest = 4;

// The sizes along the first branch; every other branch has to agree with them.
Shape shape_of(const NestedList& list, Site site) {
  std::vector<std::int64_t> sizes;
  for (const NestedList* l = &list; !l->is_number(); l = l->list().begin()) {
    sizes.push_back(static_cast<std::int64_t>(l->list().size()));
    if (sizes.size() > deepest)
      throw ShapeError(
          fmt::format("tensor: the list is nested more than {} levels deep; reshape a flat one",
                      deepest),
          site);
    if (l->list().size() == 0) break;
  }
  return sizes;
}

template <class F>
void for_each_number(const NestedList& list, const Shape& shape, int depth, Site site, F&& f) {
  const bool fits =
      list.is_number()
          ? depth == shape.dim()
          : depth < shape.dim() && static_cast<std::int64_t>(list.list().size()) == shape[depth];
  if (!fits)
    throw ShapeError(
        fmt::format("tensor: the list is ragged: its first elements give the shape {}, but there "
                    "is {} at depth {}; lists at the same depth must have the same length",
                    to_string(shape),
                    list.is_number() ? std::string("a number")
                                     : fmt::format("a list of length {}", list.list().size()),
                    depth),
        site);
  if (list.is_number()) return f(list);
  for (const NestedList& inner : list.list()) for_each_number(inner, shape, depth + 1, site, f);
}

// Of numbers whose own type is bool, int64 or, whatever the default dtype, float32.
DType dtype_of_kind(DType kind) { return is_floating(kind) ? get_default_dtype() : kind; }

DType dtype_of_numbers(const NestedList& list, const Shape& shape, Site site) {
  DType highest = DType::bool_;
  bool any = false;
  for_each_number(list, shape, 0, site, [&](const NestedList& number) {
    highest = std::max(highest, number.dtype());
    any = true;
  });
  return any ? dtype_of_kind(highest) : get_default_dtype();
}

void check_number(const char* op, const NestedList& number, Site site) {
  if (!number.is_number())
    throw ValueError(
        fmt::format("{}: expected a number, got a list of length {}", op, number.list().size()),
        site);
}

Tensor filled(const char* op, const Shape& shape, DType dtype, const NestedList& number,
              const TensorOptions& options, Site site) {
  check_number(op, number, site);
  const Tensor made = detail::make(op, shape, dtype, options, site);
  dispatch(dtype,
           [&]<class T>() { std::fill_n(detail::raw<T>(made), made.numel(), number.number<T>()); });
  return made;
}

template <class F>
Tensor by_index(const char* op, std::int64_t count, DType dtype, const TensorOptions& options,
                Site site, F&& f) {
  const Tensor made = detail::make(op, {count}, dtype, options, site);
  dispatch(dtype, [&]<class T>() {
    for (std::int64_t i = 0; i < count; ++i) detail::raw<T>(made)[i] = f.template operator()<T>(i);
  });
  return made;
}

}  // namespace

Tensor tensor(const NestedList& list, const TensorOptions& options, Site site) {
  const Shape shape = shape_of(list, site);
  const DType dtype = options.dtype.value_or(dtype_of_numbers(list, shape, site));
  const Tensor made = detail::make("tensor", shape, dtype, options, site);
  dispatch(dtype, [&]<class T>() {
    T* to = detail::raw<T>(made);
    for_each_number(list, shape, 0, site,
                    [&](const NestedList& number) { *to++ = number.number<T>(); });
  });
  return made;
}

Tensor zeros(const Shape& shape, const TensorOptions& options, Site site) {
  return filled("zeros", shape, options.dtype.value_or(get_default_dtype()), 0, options, site);
}
Tensor ones(const Shape& shape, const TensorOptions& options, Site site) {
  return filled("ones", shape, options.dtype.value_or(get_default_dtype()), 1, options, site);
}
Tensor full(const Shape& shape, const NestedList& number, const TensorOptions& options, Site site) {
  return filled("full", shape, options.dtype.value_or(dtype_of_kind(number.dtype())), number,
                options, site);
}
Tensor empty(const Shape& shape, const TensorOptions& options, Site site) {
  return detail::make("empty", shape, options.dtype.value_or(get_default_dtype()), options, site);
}

Tensor eye(Count n, std::optional<Count> m, const TensorOptions& options, Site site) {
  const Tensor made = filled("eye", {n, m.value_or(n)}, options.dtype.value_or(get_default_dtype()),
                             0, options, site);
  dispatch(made.dtype(), [&]<class T>() {
    for (std::int64_t i = 0; i < std::min<std::int64_t>(n, m.value_or(n)); ++i)
      detail::raw<T>(made)[i * made.size(1) + i] = T(1);
  });
  return made;
}

Tensor zeros_like(const Tensor& like, const TensorOptions& options, Site site) {
  const OpScope scope("zeros_like", site);
  return filled("zeros_like", like.shape(), options.dtype.value_or(like.dtype()), 0, options, site);
}
Tensor ones_like(const Tensor& like, const TensorOptions& options, Site site) {
  const OpScope scope("ones_like", site);
  return filled("ones_like", like.shape(), options.dtype.value_or(like.dtype()), 1, options, site);
}
Tensor full_like(const Tensor& like, const NestedList& number, const TensorOptions& options,
                 Site site) {
  const OpScope scope("full_like", site);
  return filled("full_like", like.shape(), options.dtype.value_or(like.dtype()), number, options,
                site);
}
Tensor empty_like(const Tensor& like, const TensorOptions& options, Site site) {
  const OpScope scope("empty_like", site);
  return detail::make("empty_like", like.shape(), options.dtype.value_or(like.dtype()), options,
                      site);
}

namespace {

std::optional<std::int64_t> counted(double count) {
  if (count < 0x1p63) return static_cast<std::int64_t>(count);
  return std::nullopt;
}

// Unsigned, since the distance of two int64 may be no int64.
std::uint64_t unsigned_of(const NestedList& number) {
  return static_cast<std::uint64_t>(number.number<std::int64_t>());
}

std::optional<std::int64_t> integer_steps(const NestedList& start, const NestedList& end,
                                          const NestedList& step) {
  const bool up = step.number<std::int64_t>() > 0;
  const std::uint64_t way = unsigned_of(end) - unsigned_of(start), by = unsigned_of(step);
  const std::uint64_t distance = up ? way : 0 - way, each = up ? by : 0 - by;
  const std::uint64_t count = distance == 0 ? 0 : (distance - 1) / each + 1;
  if (count > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
    return std::nullopt;
  return static_cast<std::int64_t>(count);
}

std::int64_t integer_step(const NestedList& start, std::int64_t i, const NestedList& step) {
  return static_cast<std::int64_t>(unsigned_of(start) +
                                   static_cast<std::uint64_t>(i) * unsigned_of(step));
}

bool leads_on(const NestedList& start, const NestedList& end, const NestedList& step, bool whole) {
  const auto towards = [](auto a, auto b, auto by) { return by > 0 ? a <= b : by < 0 && a >= b; };
  return whole ? towards(start.number<std::int64_t>(), end.number<std::int64_t>(),
                         step.number<std::int64_t>())
               : towards(start.number<double>(), end.number<double>(), step.number<double>());
}

}  // namespace

Tensor arange(const NestedList& start, const NestedList& end, const NestedList& step,
              const TensorOptions& options, Site site) {
  for (const NestedList* number : {&start, &end, &step}) check_number("arange", *number, site);
  const auto a = start.number<double>(), b = end.number<double>(), by = step.number<double>();
  const DType kind = std::max({start.dtype(), end.dtype(), step.dtype(), DType::int64});
  if (!leads_on(start, end, step, kind == DType::int64))
    throw ValueError(
        fmt::format("arange: start is {}, end is {} and step is {}; step must not be 0 "
                    "and must lead from start towards end",
                    a, b, by),
        site);
  const std::optional<std::int64_t> count =
      kind == DType::int64 ? integer_steps(start, end, step) : counted(std::ceil((b - a) / by));
  if (!count)
    throw ShapeError(
        fmt::format("arange: start {}, end {} and step {} give more than 2^63 - 1 elements", a, b,
                    by),
        site);
  return by_index("arange", *count, options.dtype.value_or(dtype_of_kind(kind)), options, site,
                  [&]<class T>(std::int64_t i) {
                    if constexpr (std::is_same_v<T, std::int64_t>)
                      return integer_step(start, i, step);
                    else
                      return static_cast<T>(start.number<double>() +
                                            static_cast<double>(i) * step.number<double>());
                  });
}
Tensor arange(const NestedList& end, const TensorOptions& options, Site site) {
  return arange(0, end, 1, options, site);
}

Tensor linspace(double start, double end, Count steps, const TensorOptions& options, Site site) {
  // From both ends, so that the last one is exact and the row is symmetric.
  const double by = steps > 1 ? (end - start) / static_cast<double>(steps - 1) : 0;
  return by_index("linspace", steps, options.dtype.value_or(get_default_dtype()), options, site,
                  [&]<class T>(std::int64_t i) {
                    return static_cast<T>(2 * i < steps
                                              ? start + by * static_cast<double>(i)
                                              : end - by * static_cast<double>(steps - 1 - i));
                  });
}

}  // namespace xgrad

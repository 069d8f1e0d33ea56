// Rearrangements that are made of others.
#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/ops/indexing.hpp>
#include <xgrad/ops/join.hpp>
#include <xgrad/ops/reshape.hpp>

#include "movement/gather_rows.hpp"
#include "sizes.hpp"

namespace xgrad {
namespace {

void check_axes(const char* op, const Operand& x, int least) {
  if (x.shape().dim() < least)
    throw ShapeError(fmt::format("{}: {} must have at least {} axes", op, describe(x), least));
}

}  // namespace

Tensor unflatten(Operand x, Dim dim, const Shape& sizes) {
  const OpScope scope("unflatten", x);
  const int axis = detail::wrap_dim("unflatten", x, dim);
  check_axes("unflatten", x, 1);
  const Shape& s = x.shape();
  Shape own = sizes;
  std::int64_t known = 1;
  for (const std::int64_t size : own)
    known = detail::saturated_product(known, size == -1 ? 1 : size);
  for (std::int64_t& size : own)
    if (size == -1) size = known == 0 ? 0 : s[axis] / known;
  const bool negative = std::any_of(own.begin(), own.end(), [](auto size) { return size < 0; });
  const bool ambiguous = std::count(sizes.begin(), sizes.end(), -1) > 1;
  if (negative || ambiguous || detail::saturated_numel(own) != s[axis])
    throw ShapeError(
        fmt::format("unflatten: dim {} of {} does not split into {}; the sizes must "
                    "multiply to {}, and one of them may be -1",
                    axis, describe(x), to_string(sizes), s[axis]));
  std::vector<std::int64_t> all(s.begin(), s.begin() + axis);
  all.insert(all.end(), own.begin(), own.end());
  all.insert(all.end(), s.begin() + axis + 1, s.end());
  return reshape(x, all);
}

std::vector<Tensor> broadcast_tensors(const TensorList& tensors, Site site) {
  const OpScope scope("broadcast_tensors", site);
  if (tensors.empty()) return {};
  Shape shape;
  for (const Tensor& t : tensors) {
    const std::optional<Shape> both = detail::broadcast_of(shape, t.shape());
    if (!both)
      throw ShapeError(
          fmt::format("broadcast_tensors: {} does not broadcast with {}, the shape of "
                      "those before it",
                      detail::describe(t), to_string(shape)));
    shape = *both;
  }
  std::vector<Tensor> all;
  for (const Tensor& t : tensors) all.push_back(expand(t, shape));
  return all;
}

Tensor movedim(Operand x, const Dims& source, const Dims& destination) {
  const OpScope scope("movedim", x);
  const std::vector<int>&from = source.list(), &to = destination.list();
  if (from.size() != to.size())
    throw ShapeError(fmt::format("movedim: {} axes of {} to {} places; there must be as many",
                                 from.size(), describe(x), to.size()));
  const int rank = x.shape().dim();
  std::vector<int> order(static_cast<std::size_t>(rank), -1);
  std::vector<bool> moved(static_cast<std::size_t>(rank), false);
  for (std::size_t i = 0; i < from.size(); ++i) {
    const int axis = detail::wrap_dim("movedim", x, from[i]),
              place = detail::wrap_dim("movedim", x, to[i]);
    if (rank == 0) continue;
    if (moved[static_cast<std::size_t>(axis)] || order[static_cast<std::size_t>(place)] >= 0)
      throw ShapeError(
          fmt::format("movedim: an axis or a place of {} is named twice", describe(x)));
    moved[static_cast<std::size_t>(axis)] = true;
    order[static_cast<std::size_t>(place)] = axis;
  }
  int next = 0;
  for (int& axis : order) {
    if (axis >= 0) continue;
    while (moved[static_cast<std::size_t>(next)]) ++next;
    axis = next++;
  }
  return permute(x, order);
}

Tensor fliplr(Operand x) {
  const OpScope scope("fliplr", x);
  check_axes("fliplr", x, 2);
  return flip(x, {1});
}
Tensor flipud(Operand x) {
  const OpScope scope("flipud", x);
  check_axes("flipud", x, 1);
  return flip(x, {0});
}

Tensor rot90(Operand x, int k, const std::vector<int>& dims) {
  const OpScope scope("rot90", x);
  if (dims.size() != 2)
    throw ShapeError(
        fmt::format("rot90: {} dims of {}; there must be two", dims.size(), describe(x)));
  check_axes("rot90", x, 2);
  const int a = detail::wrap_dim("rot90", x, dims[0]), b = detail::wrap_dim("rot90", x, dims[1]);
  if (a == b) throw ShapeError(fmt::format("rot90: dim {} of {} is named twice", a, describe(x)));
  switch (((k % 4) + 4) % 4) {
    case 1:
      return transpose(flip(x, {b}), a, b);
    case 2:
      return flip(x, {a, b});
    case 3:
      return transpose(flip(x, {a}), a, b);
    default:
      return x.materialize();
  }
}

Tensor repeat(Operand x, const std::vector<std::int64_t>& repeats) {
  const OpScope scope("repeat", x);
  const int rank = x.shape().dim(), count = static_cast<int>(repeats.size());
  const bool negative = std::any_of(repeats.begin(), repeats.end(), [](auto n) { return n < 0; });
  if (count < rank || negative)
    throw ShapeError(
        fmt::format("repeat: {} numbers for {}; there must be one for each axis at "
                    "least, none negative",
                    count, describe(x)));
  // (1, n) for each axis, expanded to (times, n), made one. One axis does where either is 1.
  std::vector<std::int64_t> apart, wide, joined;
  for (int i = 0; i < count; ++i) {
    const std::int64_t n = i < count - rank ? 1 : x.shape()[i - (count - rank)];
    const std::int64_t times = repeats[static_cast<std::size_t>(i)];
    if (times != 1) apart.push_back(1), wide.push_back(times);
    if (n != 1) apart.push_back(n), wide.push_back(n);
    joined.push_back(detail::saturated_product(times, n));
  }
  return reshape(expand(reshape(x, apart), wide), joined);
}

Tensor tile(Operand x, const std::vector<std::int64_t>& dims) {
  const OpScope scope("tile", x);
  std::vector<std::int64_t> repeats = dims;
  while (static_cast<int>(repeats.size()) < x.shape().dim()) repeats.insert(repeats.begin(), 1);
  return repeat(x, repeats);
}

Tensor unfold(Operand x, Dim dim, std::int64_t size, std::int64_t step) {
  const OpScope scope("unfold", x);
  const int axis = detail::wrap_dim("unfold", x, dim);
  const Shape s = x.shape().dim() == 0 ? Shape{1} : x.shape();
  if (size < 0 || size > s[axis] || step < 1)
    throw ShapeError(
        fmt::format("unfold: windows of {} every {} along dim {} of {}; they must fit, "
                    "and the step must be above 0",
                    size, step, axis, describe(x)));
  // Windows as positions along an axis of their own; then that axis moves to the end.
  const std::int64_t windows = (s[axis] - size) / step + 1;
  Shape wide = s;
  wide[axis] = detail::saturated_product(windows, size);
  const Tensor at = detail::positions_by_axis(
      s, wide, [=](int i, std::int64_t k) { return i == axis ? k / size * step + k % size : k; });
  const Tensor places =
      movedim(unflatten(at, axis, {windows, size}), axis + 1, x.shape().dim() == 0 ? 1 : -1);
  const Shape shape = x.shape().dim() == 0 ? Shape{size} : places.shape();
  return detail::gather_rows({"unfold", "dx = dy, added where windows overlap"}, x, places, shape);
}

Tensor roll(Operand x, const std::vector<std::int64_t>& shifts, const std::vector<int>& dims) {
  const OpScope scope("roll", x);
  if (dims.empty() && shifts.size() == 1) return reshape(roll(flatten(x), shifts, {0}), x.shape());
  if (dims.size() != shifts.size() || dims.empty())
    throw ShapeError(fmt::format("roll: {} shifts for {} dims of {}; there must be one for each",
                                 shifts.size(), dims.size(), describe(x)));
  Tensor y = x.materialize();
  for (std::size_t i = 0; i < dims.size(); ++i) {
    const int axis = detail::wrap_dim("roll", x, dims[i]);
    const std::int64_t n = y.dim() == 0 ? 1 : y.size(axis);
    const std::int64_t rest = n == 0 ? 0 : shifts[i] % n, by = rest < 0 ? rest + n : rest;
    if (by != 0) y = cat({narrow(y, axis, n - by, by), narrow(y, axis, 0, n - by)}, axis);
  }
  return y;
}

}  // namespace xgrad

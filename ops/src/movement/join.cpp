#include <xgrad/ops/join.hpp>

#include <algorithm>
#include <numeric>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/record.hpp>
#include <xgrad/ops/indexing.hpp>
#include <xgrad/ops/reshape.hpp>

#include "kernels/joined.hpp"
#include "sizes.hpp"

namespace xgrad {
namespace {

using detail::Value;

bool is_passed_over(const Shape& shape) { return shape == Shape{0}; }

// The shape of all together; what is passed over has no part in it.
Shape joined_shape(const std::vector<Operand>& x, int axis) {
  const Operand* first = nullptr;
  Shape shape;
  for (const Operand& part : x) {
    if (is_passed_over(part.shape())) continue;
    if (first == nullptr) {
      first = &part;
      shape = part.shape();
      continue;
    }
    bool fits = part.shape().dim() == shape.dim();
    for (int i = 0; fits && i < shape.dim(); ++i) fits = i == axis || part.shape()[i] == shape[i];
    if (!fits)
      throw ShapeError(
          fmt::format("cat: {} and {} do not match; all sizes except that of dim {} must be equal",
                      describe(*first), describe(part), axis));
    shape[axis] += part.shape()[axis];
  }
  return first == nullptr ? Shape{0} : shape;
}

std::int64_t inner_of(const Shape& shape, int axis) {
  std::int64_t inner = 1;
  for (int i = axis; i < shape.dim(); ++i) inner *= shape[i];
  return inner;
}

Value joined(const std::vector<Operand>& x, const Shape& shape, int axis, DType dtype) {
  Value value = Value::empty(shape, dtype);
  if (shape.numel() == 0) return value;
  const std::int64_t row = inner_of(shape, axis);
  std::vector<Tensor> sources;  // keeps what had to be converted
  std::vector<detail::RowPart> parts;
  for (const Operand& operand : x) {
    if (is_passed_over(operand.shape())) continue;
    const Tensor& source = sources.emplace_back(operand.tensor().detach().to(dtype));
    const std::int64_t bytes =
        inner_of(source.shape(), axis) * static_cast<std::int64_t>(size_of(dtype));
    parts.push_back({detail::raw<void>(source), bytes, bytes});
  }
  detail::join_parts(parts, shape.numel() / row, value.data<void>());
  return value;
}

constexpr std::int64_t passed_over = -1;

// How long each part is; the local gradient takes dy apart by it.
Tensor sizes_along(const std::vector<Operand>& x, int axis) {
  std::vector<std::int64_t> sizes;
  for (const Operand& part : x)
    sizes.push_back(is_passed_over(part.shape()) ? passed_over : part.shape()[axis]);
  return tensor(sizes);
}

void check_not_empty(const char* op, const TensorList& tensors) {
  if (tensors.empty())
    throw ShapeError(
        fmt::format("{}: the list of tensors is empty; it must have at least one", op));
}

}  // namespace

Tensor cat(const TensorList& tensors, Dim dim, Site site) {
  const OpScope scope("cat", site);
  check_not_empty("cat", tensors);
  std::vector<Operand> x;
  for (const Tensor& t : tensors) x.emplace_back(t);
  const auto whole =
      std::find_if(x.begin(), x.end(), [](const Operand& o) { return !is_passed_over(o.shape()); });
  const Operand& model = whole == x.end() ? x.front() : *whole;
  if (model.shape().dim() == 0)
    throw ShapeError(
        fmt::format("cat: {} is 0-d and cannot be concatenated; use stack", describe(model)));
  const int axis = detail::wrap_dim("cat", model, dim);
  const DType dtype = result_type(x.data(), x.size());
  Value value = joined(x, joined_shape(x, axis), axis, dtype);
  const Tensor sizes = sizes_along(x, axis);
  x.insert(x.begin(), sizes);
  return record(
      {"cat", "dx_i = the slice of dy that came from x_i"}, std::span<const Operand>(x),
      std::move(value), save_input(0), [axis](const Tensor& dy, Inputs in, InputGradients dx) {
        // Reads elements: a local gradient captures no list, so the sizes are a tensor.
        const Tensor sizes_along_axis = in[0];
        std::int64_t at = 0;
        int i = 0;
        for (const std::int64_t n : sizes_along_axis.span<std::int64_t>()) {
          if (dx.wants(++i))
            dx.add(i, n == passed_over ? narrow(flatten(dy), 0, 0, 0) : narrow(dy, axis, at, n));
          at += std::max<std::int64_t>(n, 0);
        }
      });
}

Tensor stack(const TensorList& tensors, Dim dim, Site site) {
  const OpScope scope("stack", site);
  check_not_empty("stack", tensors);
  std::vector<Tensor> parts;
  for (const Tensor& t : tensors) {
    if (t.shape() != tensors[0].shape())
      throw ShapeError(fmt::format(
          "stack: {} and {} have different shapes; all tensors must have the same shape",
          detail::describe(tensors[0]), detail::describe(t)));
    parts.push_back(unsqueeze(t, dim));
  }
  return cat(parts, dim < 0 ? dim + tensors[0].dim() + 1 : int(dim));
}

namespace {

template <class F>
std::vector<Tensor> each(const TensorList& tensors, F f) {
  std::vector<Tensor> all;
  for (const Tensor& t : tensors) all.push_back(f(t));
  return all;
}
Tensor at_least_1d(const Tensor& t) { return t.dim() == 0 ? reshape(t, {1}) : t; }
Tensor as_rows(const Tensor& t) { return t.dim() < 2 ? reshape(t, {1, -1}) : t; }

void check_vectors(const char* op, const TensorList& tensors, int least) {
  for (const Tensor& t : tensors)
    if (t.dim() > 1 || t.dim() < least)
      throw ShapeError(fmt::format("{}: {} must be {}", op, detail::describe(t),
                                   least == 1 ? "1-d" : "0-d or 1-d"));
}

}  // namespace

Tensor hstack(const TensorList& tensors, Site site) {
  const OpScope scope("hstack", site);
  check_not_empty("hstack", tensors);
  const std::vector<Tensor> all = each(tensors, at_least_1d);
  return cat(all, all[0].dim() == 1 ? 0 : 1);
}
Tensor vstack(const TensorList& tensors, Site site) {
  const OpScope scope("vstack", site);
  check_not_empty("vstack", tensors);
  return cat(each(tensors, as_rows), 0);
}
Tensor dstack(const TensorList& tensors, Site site) {
  const OpScope scope("dstack", site);
  check_not_empty("dstack", tensors);
  return cat(each(tensors,
                  [](const Tensor& t) {
                    const Tensor rows = as_rows(t);
                    return rows.dim() == 2 ? unsqueeze(rows, 2) : rows;
                  }),
             2);
}
Tensor column_stack(const TensorList& tensors, Site site) {
  const OpScope scope("column_stack", site);
  check_not_empty("column_stack", tensors);
  return hstack(each(tensors, [](const Tensor& t) {
    return t.dim() < 2 ? reshape(t, {-1, 1}) : t;
  }));
}

Tensor block_diag(const TensorList& tensors, Site site) {
  const OpScope scope("block_diag", site);
  if (tensors.empty()) return zeros({1, 0});
  const std::vector<Tensor> blocks = each(tensors, as_rows);
  std::int64_t columns = 0, before = 0;
  for (const Tensor& b : blocks) {
    if (b.dim() > 2)
      throw ShapeError(fmt::format("block_diag: {} must have at most 2 dims", detail::describe(b)));
    columns += b.size(1);
  }
  std::vector<Tensor> rows;
  for (const Tensor& b : blocks) {
    const std::int64_t behind = columns - before - b.size(1);
    const TensorOptions like{.dtype = b.dtype()};
    rows.push_back(cat({zeros({b.size(0), before}, like), b, zeros({b.size(0), behind}, like)}, 1));
    before += b.size(1);
  }
  return cat(rows, 0);
}

std::vector<Tensor> meshgrid(const TensorList& tensors, std::string_view indexing, Site site) {
  const OpScope scope("meshgrid", site);
  check_vectors("meshgrid", tensors, 0);
  if (indexing != "ij" && indexing != "xy")
    throw ValueError(fmt::format("meshgrid: indexing is '{}'; it must be 'ij' or 'xy'", indexing));
  const std::size_t rank = tensors.size();
  std::vector<Tensor> columns;
  for (std::size_t i = 0; i < rank; ++i) {
    const std::size_t axis = indexing == "xy" && rank > 1 && i < 2 ? 1 - i : i;
    std::vector<std::int64_t> sizes(rank, 1);
    sizes[axis] = tensors[i].numel();
    columns.push_back(reshape(tensors[i], sizes));
  }
  return broadcast_tensors(columns);
}

Tensor cartesian_prod(const TensorList& tensors, Site site) {
  const OpScope scope("cartesian_prod", site);
  check_not_empty("cartesian_prod", tensors);
  check_vectors("cartesian_prod", tensors, 1);
  if (tensors.size() == 1) return tensors[0];
  return stack(each(meshgrid(tensors, "ij"), [](const Tensor& t) { return ravel(t); }), 1);
}

namespace {

// Each part is a tensor of its own, whether it has elements or not.
void check_count(const char* op, const Operand& x, std::int64_t parts) {
  constexpr std::int64_t most = std::int64_t{1} << 24;
  if (parts > most)
    throw ShapeError(fmt::format("{}: {} would be split into {} tensors; at most {} are allowed",
                                 op, describe(x), parts, most));
}

}  // namespace

std::vector<Tensor> split(Operand x, const std::vector<std::int64_t>& sizes, Dim dim) {
  const OpScope scope("split", x);
  const int axis = detail::wrap_dim("split", x, dim);
  const std::int64_t n = x.shape().dim() == 0 ? -1 : x.shape()[axis];
  const bool negative = std::any_of(sizes.begin(), sizes.end(), [](auto size) { return size < 0; });
  if (negative ||
      std::accumulate(sizes.begin(), sizes.end(), std::int64_t{0}, detail::saturated_sum) != n)
    throw ShapeError(
        fmt::format("split: the sizes are [{}]; they must be at least 0, and their sum the size of "
                    "dim {} of {}",
                    fmt::join(sizes, ", "), axis, describe(x)));
  const Tensor source = x.materialize();
  std::vector<Tensor> parts;
  std::int64_t at = 0;
  for (const std::int64_t size : sizes) {
    parts.push_back(narrow(source, axis, at, size));
    at += size;
  }
  return parts;
}

std::vector<Tensor> split(Operand x, std::int64_t size, Dim dim) {
  const OpScope scope("split", x);
  const int axis = detail::wrap_dim("split", x, dim);
  const std::int64_t n = x.shape().dim() == 0 ? -1 : x.shape()[axis];
  if (size < 0 || n < 0 || (size == 0 && n > 0))
    throw ShapeError(
        fmt::format("split: the size is {} along dim {} of {}; the size must be positive, and the "
                    "tensor at least 1-d",
                    size, axis, describe(x)));
  const std::int64_t parts = size == 0 ? 1 : std::max<std::int64_t>(1, (n - 1) / size + 1);
  check_count("split", x, parts);
  std::vector<std::int64_t> sizes(static_cast<std::size_t>(parts), size);
  sizes.back() = n - (parts - 1) * size;
  return split(x, sizes, axis);
}

std::vector<Tensor> chunk(Operand x, std::int64_t chunks, Dim dim) {
  const OpScope scope("chunk", x);
  if (chunks < 1)
    throw ShapeError(
        fmt::format("chunk: chunks is {} for {}; it must be at least 1", chunks, describe(x)));
  const int axis = detail::wrap_dim("chunk", x, dim);
  const std::int64_t n = x.shape().dim() == 0 ? 0 : x.shape()[axis];
  check_count("chunk", x, std::min(chunks, n == 0 ? chunks : n));
  if (n == 0 && x.shape().dim() > 0)  // as many empty ones as asked for
    return split(x, std::vector<std::int64_t>(static_cast<std::size_t>(chunks), 0), axis);
  return split(x, n == 0 ? 1 : (n - 1) / chunks + 1, axis);
}

std::vector<Tensor> tensor_split(Operand x, std::int64_t sections, Dim dim) {
  const OpScope scope("tensor_split", x);
  const int axis = detail::wrap_dim("tensor_split", x, dim);
  if (x.shape().dim() == 0 || sections < 1)
    throw ShapeError(
        fmt::format("tensor_split: cannot split {} into {} sections; sections must be at least 1, "
                    "and the tensor at least 1-d",
                    describe(x), sections));
  const std::int64_t n = x.shape()[axis];
  check_count("tensor_split", x, sections);
  std::vector<std::int64_t> sizes;
  for (std::int64_t i = 0; i < sections; ++i) sizes.push_back(n / sections + (i < n % sections));
  return split(x, sizes, axis);
}

std::vector<Tensor> tensor_split(Operand x, const std::vector<std::int64_t>& indices, Dim dim) {
  const OpScope scope("tensor_split", x);
  const int axis = detail::wrap_dim("tensor_split", x, dim);
  if (x.shape().dim() == 0)
    throw ShapeError(
        fmt::format("tensor_split: {} is 0-d; the input must have at least 1 dim", describe(x)));
  const Tensor source = x.materialize();
  std::vector<Tensor> parts;
  std::int64_t start = 0;
  for (std::size_t i = 0; i <= indices.size(); ++i) {
    const Slice part(start, i < indices.size() ? indices[i] : source.shape()[axis]);
    std::vector<Index> at(static_cast<std::size_t>(axis), Index(Slice()));
    at.push_back(part);
    parts.push_back(index(source, at));
    if (i < indices.size()) start = indices[i];
  }
  return parts;
}

std::vector<Tensor> unbind(Operand x, Dim dim) {
  const OpScope scope("unbind", x);
  const int axis = detail::wrap_dim("unbind", x, dim);
  const Tensor source = x.materialize();
  if (source.dim() == 0)
    throw ShapeError(
        fmt::format("unbind: {} is 0-d; the input must have at least 1 dim", describe(x)));
  check_count("unbind", x, source.size(axis));
  std::vector<Tensor> parts;
  for (std::int64_t i = 0; i < source.size(axis); ++i) parts.push_back(select(source, axis, i));
  return parts;
}

}  // namespace xgrad

#include <xgrad/ops/pointwise.hpp>

#include <atomic>
#include <cstring>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/parallel.hpp>
#include <xgrad/graph/record.hpp>
#include <xgrad/graph/streaming.hpp>

#include "elementwise/broadcast_plan.hpp"
#include "elementwise/pointwise_captures.hpp"

namespace xgrad::detail {
namespace {

// The shape of all tensors among the operands, if they have the same.
const Shape* uniform_shape(const Operand* x, int n) {
  const Shape* shape = nullptr;
  for (int i = 0; i < n; ++i) {
    if (x[i].is_number()) continue;
    if (shape != nullptr && x[i].shape() != *shape) return nullptr;
    shape = &x[i].shape();
  }
  return shape;
}

Shape broadcast_all(const char* name, const Operand* x, int n) {
  Shape shape = x[0].shape();
  for (int i = 1; i < n; ++i) {
    if (x[i].shape() == shape || x[i].is_number()) continue;
    std::optional<Shape> both = broadcast_of(shape, x[i].shape());
    if (!both) {
      std::string all;
      for (int k = 0; k < n; ++k)
        all += (k == 0 ? "" : k + 1 < n ? ", " : " and ") + describe(x[k]);
      throw ShapeError(
          fmt::format("{}: {} do not broadcast: sizes, aligned at the last dim, must be "
                      "equal or 1",
                      name, all));
    }
    shape = *std::move(both);
  }
  return shape;
}

DType operand_type(const Operand* x, int n) {
  if (n == 1) return x[0].dtype();
  const DType first = x[0].dtype();
  if (n == 2 && !x[0].is_number() &&
      (x[1].is_number() ? is_floating(first) : x[1].dtype() == first))
    return first;  // the usual cases, told at once
  return result_type(x, static_cast<std::size_t>(n));
}

// What the formula is computed in: the common type of all operands but conditions, if it takes
// that.
DType computed_type(const PointwiseInfo& info, const Operand* x) {
  const DType type = operand_type(x + info.conditions, info.arity - info.conditions);
  if (info.value.of(type) != nullptr) return type;
  return !is_floating(type) && info.value.of(int64) != nullptr ? int64 : get_default_dtype();
}

RowKernel row_kernel(const PointwiseInfo& info, const void* formula, DType dtype) {
  RowKernel kernel(info.value.of(dtype), formula, info.arity, 1, dtype);
  kernel.conditions = info.conditions;
  if (info.gives_bool) kernel.gives = bool_;
  return kernel;
}

void compute(const RowKernel& kernel, const Elements& in, const BroadcastPlan& plan,
             const Value& out) {
  plan.for_each_piece(parallel_grain, kernel.streamed != 0, [&](const BroadcastPlan::Piece& piece) {
    LaneRow row;
    for (int i = 0; i < kernel.inputs; ++i) {
      row.in[i] = advance(in[i], piece.offset[i], kernel.in_dtype(i));
      row.in_mask[i] = -plan.step(i);
    }
    row.out[0] = advance(out.data<void>(), piece.begin, kernel.gives);
    row.n = piece.size;
    run_row(kernel, row, false);
  });
}

// Whether all operands are padded to a whole lane.
bool are_padded(const Operand* x, int n) {
  for (int i = 0; i < n; ++i)
    if (!x[i].is_number() && !x[i].node().storage->is_padded()) return false;
  return true;
}

// Without broadcasting: numbers, and tensors of the result's shape.
void compute_uniform(const RowKernel& kernel, const Operand* x, const Elements& in,
                     const Value& out, bool padded) {
  LaneRow row;
  for (int i = 0; i < kernel.inputs; ++i) {
    row.in_mask[i] = x[i].is_number() ? 0 : -1;
    row.in[i] = in[i];
  }
  row.out[0] = out.data<void>();
  row.n = out.shape.numel();
  if (row.n <= parallel_grain) return run_row(kernel, row, padded);
  parallel_ranges(row.n, parallel_grain, [&](std::int64_t begin, std::int64_t end) {
    LaneRow part = part_of(kernel, row, begin, end);
    run_row(kernel, part, padded);  // a piece begins at a multiple of the lanes
    if (kernel.streamed != 0) stream_fence();
  });
}

// Whether the same tensor stands at another place too: f(std::move(x), x).
bool comes_twice(const Operand* x, int n, int i) {
  for (int k = 0; k < n; ++k)
    if (k != i && !x[k].is_number() && &x[k].node() == &x[i].node()) return true;
  return false;
}

// An operand whose memory may take the result: a temporary of its shape that nothing reads.
const Operand* donor(const PointwiseInfo& info, const Operand* x, const Shape& shape, DType dtype,
                     Saved saved) {
  for (int i = 0; i < info.arity; ++i)
    if (!x[i].is_number() && x[i].reusable() && x[i].dtype() == dtype && x[i].shape() == shape &&
        !bit(saved.inputs, i) && !comes_twice(x, info.arity, i))
      return &x[i];
  return nullptr;
}

// Which operands are tensors, and which of them want a gradient.
struct Kinds {
  std::uint32_t tensors = 0, wanting = 0;
  Kinds(const Operand* x, int arity) {
    for (int i = 0; i < arity; ++i) {
      if (x[i].is_number()) continue;
      const Node& node = x[i].node();  // throws if it is undefined
      tensors |= std::uint32_t{1} << i;
      if (node.requires_grad()) wanting |= std::uint32_t{1} << i;
    }
  }
};

// What the derivatives of the inputs that want one read.
Saved needed_for_gradient(const PointwiseInfo& info, const Kinds& kinds) {
  std::uint32_t needed = 0;
  for (int i = 0; i < info.arity; ++i)
    if (bit(kinds.wanting, i)) needed |= info.depends[i];
  const Saved saved{needed & kinds.tensors, (needed & depends_on_output) != 0};
  return keep_values ? saved | save_inputs : saved;
}

void capture(void* memory, const PointwiseInfo& info, const void* formula, std::size_t bytes,
             const Operand* x) {
  Captures* const captures = new (memory) Captures{&info, 0};
  for (int i = 0; i < info.arity; ++i) {
    if (!x[i].is_number()) continue;
    captures->is_number |= std::uint64_t{1} << i;
    captures->numbers()[i] = x[i].number<double>();
  }
  std::memcpy(captures->numbers() + info.arity, formula, bytes);
}

}  // namespace

const PointwiseInfo& keep_variant(const PointwiseInfo& info) {
  // Never freed, since graphs may outlive everything, and never locked, since a child of fork()
  // would find a lock taken. Two threads may keep the same variant twice.
  struct Kept {
    PointwiseInfo info;
    const Kept* next;
  };
  static constinit std::atomic<const Kept*> first{nullptr};
  const Kept* const known = first.load(std::memory_order_acquire);
  for (const Kept* at = known; at != nullptr; at = at->next)
    if (at->info.value == info.value && at->info.same_variant(info)) return at->info;
  Kept* const added = new Kept{info, known};
  while (!first.compare_exchange_weak(added->next, added, std::memory_order_acq_rel)) {
  }
  return added->info;
}

PointwiseValue pointwise_value(const char* name, const PointwiseInfo& info, const void* formula,
                               const Operand* x, Saved saved) {
  const Shape* const uniform = uniform_shape(x, info.arity);
  const Shape broadcast = uniform != nullptr ? Shape() : broadcast_all(name, x, info.arity);
  const Shape& shape = uniform != nullptr ? *uniform : broadcast;
  RowKernel kernel = row_kernel(info, formula, computed_type(info, x));
  const Elements elements(x, info.arity, info.conditions, kernel.dtype);
  const bool padded = are_padded(x, info.arity);  // looked at before the donor's storage moves
  const Operand* const giver = donor(info, x, shape, kernel.gives, saved);
  PointwiseValue out(giver != nullptr ? Value{std::move(giver->node().storage), shape, kernel.gives}
                                      : Value::empty(shape, kernel.gives, name),
                     giver);
  kernel.streamed =
      giver == nullptr && !info.value_calls && is_streamed(shape.numel(), kernel.gives) ? 1 : 0;
  if (uniform != nullptr) {
    compute_uniform(kernel, x, elements, out.value, padded);
  } else {
    const Shape* shapes[max_arity];
    for (int i = 0; i < info.arity; ++i) shapes[i] = &x[i].shape();
    compute(kernel, elements, BroadcastPlan(shape, shapes, info.arity), out.value);
  }
  return out;
}

Tensor apply_pointwise(const char* name, const PointwiseInfo& info, const void* formula,
                       std::size_t formula_bytes, const Operand* x) {
  const OpScope scope(name, x[0]);
  const Kinds kinds(x, info.arity);
  const auto count = static_cast<std::size_t>(info.arity);
  const bool recorded = grad_enabled && kinds.wanting != 0 && info.has_gradient();
  const Saved saved = recorded ? needed_for_gradient(info, kinds) : Saved{};
  PointwiseValue out = pointwise_value(name, info, formula, x, saved);
  const OpName op(name, info.rule, true);
  if (!recorded || !is_floating(out.value.dtype))
    return without_history(op, x, count, std::move(out.value));
  Recording r = with_history(op, x, count, std::move(out.value), saved,
                             Captures::bytes(info.arity, formula_bytes), pointwise_gradient);
  capture(r.captures, info, formula, formula_bytes, x);
  return std::move(r.result);
}

}  // namespace xgrad::detail

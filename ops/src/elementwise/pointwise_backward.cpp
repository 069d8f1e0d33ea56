// Gradients of pointwise ops: fused kernels for the first order, ops on whole tensors for the
// others.
#include <algorithm>
#include <vector>

#include <xgrad/graph/parallel.hpp>
#include <xgrad/graph/scratch_vector.hpp>

#include "elementwise/broadcast_plan.hpp"
#include "elementwise/pointwise_captures.hpp"

namespace xgrad::detail {
namespace {

// A row's share of a sum that is added in the element's type.
constexpr std::int64_t segment = 2048;

Traced traced(const Captures& captures, const Inputs& in, std::uint32_t needed, int i,
              DType dtype) {
  if (bit(captures.is_number, i)) return captures.numbers()[i];
  if (!bit(needed, i)) return Tensor();
  return in[i].to(dtype);
}

// The inputs whose derivative has to be computed; a derivative of 1 passes dy on as it is.
std::uint32_t inputs_to_compute(const PointwiseInfo& info, const InputGradients& dx) {
  std::uint32_t computed = 0;
  for (int i = 0; i < info.arity; ++i)
    if (dx.wants(i) && !bit(info.unit, i)) computed |= std::uint32_t{1} << i;
  return computed;
}

std::uint32_t needed_by(const PointwiseInfo& info, const InputGradients& dx) {
  std::uint32_t needed = 0;
  for (int i = 0; i < info.arity; ++i)
    if (dx.wants(i)) needed |= info.depends[i];
  return needed;
}

// Differentiable: the derivatives are computed by ops on whole tensors.
void composed_gradient(const Captures& captures, const Tensor& dy, const Inputs& in,
                       InputGradients dx) {
  const PointwiseInfo& info = *captures.info;
  const std::uint32_t needed = needed_by(info, dx);
  Traced x[max_arity], partial[max_arity];
  for (int i = 0; i < info.arity; ++i) x[i] = traced(captures, in, needed, i, dy.dtype());
  const Traced y = (needed & depends_on_output) != 0 ? Traced(in.output()) : Traced(Tensor());
  info.composed(captures.formula(), x, y, partial);
  for (int i = 0; i < info.arity; ++i)
    if (dx.wants(i)) dx.add(i, (Traced(dy) * partial[i]).tensor);
}

// One run through all elements for all derivatives. Those of broadcast inputs are summed in double,
// in pieces fixed by size.
class FusedGradient {
 public:
  FusedGradient(const Captures& captures, const Tensor& dy, const Inputs& in, InputGradients dx,
                std::uint32_t computed)
      : captures_(captures),
        info_(*captures.info),
        dy_(dy),
        dtype_(dy.dtype()),
        dx_(dx),
        computed_(computed) {
    const std::uint32_t needed = needed_by(info_, dx);
    const Shape* shapes[max_arity];
    for (int i = 0; i < info_.arity; ++i) {
      static const Shape scalar;
      const bool number = bit(captures.is_number, i);
      shapes[i] = number || !(bit(needed, i) || bit(computed, i)) ? &scalar : &in.shape(i);
      if (number)
        elements_.set(i, captures.numbers()[i], dtype_);
      else if (bit(needed, i))
        elements_.set(i, in[i], dtype_);
      else
        dummy(i);
    }
    if ((needed & depends_on_output) != 0) y_ = in.output();
    plan_ = BroadcastPlan(dy.shape(), shapes, info_.arity);
    for (int i = 0; i < info_.arity; ++i) choose_mode(i, *shapes[i], in);
  }

  void run() {
    if (!any_summed_) return run_pieces(plan_.pieces(parallel_grain), parallel_grain, nullptr);
    // Partial sums of each chunk, one after the other, then all of them in order.
    const std::int64_t units = plan_.pieces(segment);
    const std::int64_t per_sum = sum_elements();
    std::int64_t chunks = std::min<std::int64_t>(32, dy_.numel() / parallel_grain + 1);
    if (chunks * per_sum > dy_.numel()) chunks = 1;
    ScratchVector<double> sums(static_cast<std::size_t>(chunks * per_sum), 0.0);
    parallel_chunks(chunks, [&](std::int64_t c) {
      for (std::int64_t u = units * c / chunks; u < units * (c + 1) / chunks; ++u)
        run_piece(plan_.piece(u, segment), sums.data() + c * per_sum);
    });
    for (std::int64_t c = 1; c < chunks; ++c)
      for (std::int64_t k = 0; k < per_sum; ++k) sums[k] += sums[c * per_sum + k];
    deliver_sums(sums.data());
  }

 private:
  // An input that no derivative reads may be gone: any number stands for it.
  void dummy(int i) {
    elements_.set(i, 1.0, dtype_);
    unread_[i] = true;
  }

  void choose_mode(int i, const Shape& shape, const Inputs& in) {
    mode_[i] = GradientMode::skip;
    if (!bit(computed_, i)) return;
    if (shape.numel() != dy_.numel()) {
      summed_[i] = any_summed_ = true;
      sum_shape_[i] = shape;
    } else if (in.dtype(i) != dtype_) {
      own_[i] = constant(Value::empty(shape, dtype_));
      out_[i] = own_[i].node().storage->data();
      mode_[i] = GradientMode::write;
    } else {
      const InputGradients::Buffer buffer = dx_.buffer(i);
      out_[i] = buffer.data;
      mode_[i] = buffer.accumulate ? GradientMode::accumulate : GradientMode::write;
    }
  }

  void run_pieces(std::int64_t pieces, std::int64_t size, double* sums) {
    parallel_chunks(pieces, [&](std::int64_t p) { run_piece(plan_.piece(p, size), sums); });
    for (int i = 0; i < info_.arity; ++i)
      if (own_[i].defined()) dx_.add(i, own_[i]);
  }

  void run_piece(const BroadcastPlan::Piece& piece, double* sums) {
    double workspace[max_arity * segment];  // derivatives of a piece that are to be added to rows
    GradientRow row;
    for (int i = 0; i < info_.arity; ++i) {
      row.in[i] = unread_[i] ? elements_[i] : advance(elements_[i], piece.offset[i], dtype_);
      row.step[i] = unread_[i] ? 0 : plan_.step(i);
      row.mode[i] = mode_[i];
      row.out[i] = mode_[i] == GradientMode::skip ? nullptr : advance(out_[i], piece.begin, dtype_);
      row.sum[i] = nullptr;
      if (summed_[i] && plan_.step(i) == 0) {
        row.mode[i] = GradientMode::sum;
        row.sum[i] = sums + piece.offset[i];
      } else if (summed_[i]) {
        row.mode[i] = GradientMode::write;
        row.out[i] = workspace + i * segment;
      }
      if (summed_[i]) sums += sum_shape_[i].numel();
    }
    row.dy = advance(dy_.node().storage->data(), piece.begin, dtype_);
    row.y = y_.defined() ? advance(y_.node().storage->data(), piece.begin, dtype_) : nullptr;
    row.n = piece.size;
    row.padded = false;
    (dtype_ == float32 ? info_.gradient_float : info_.gradient_double)(captures_.formula(), &row);
    add_rows(row, piece, sums);
  }

  // sums points behind the last input's; the rows in `workspace` belong to inputs with step 1.
  void add_rows(const GradientRow& row, const BroadcastPlan::Piece& piece, double* sums) const {
    for (int i = info_.arity; i-- > 0;) {
      if (!summed_[i]) continue;
      sums -= sum_shape_[i].numel();
      if (row.mode[i] != GradientMode::write) continue;
      double* const to = sums + piece.offset[i];
      dispatch_floating(dtype_, [&]<class T>() {
        const T* const from = static_cast<const T*>(row.out[i]);
        for (std::int64_t k = 0; k < piece.size; ++k) to[k] += static_cast<double>(from[k]);
      });
    }
  }

  std::int64_t sum_elements() const {
    std::int64_t n = 0;
    for (int i = 0; i < info_.arity; ++i)
      if (summed_[i]) n += sum_shape_[i].numel();
    return n;
  }

  void deliver_sums(const double* sums) {
    for (int i = 0; i < info_.arity; ++i) {
      if (own_[i].defined()) dx_.add(i, own_[i]);
      if (!summed_[i]) continue;
      Value value = Value::empty(sum_shape_[i], dtype_);
      dispatch_floating(dtype_, [&]<class T>() {
        std::transform(sums, sums + sum_shape_[i].numel(), value.data<T>(),
                       [](double x) { return static_cast<T>(x); });
      });
      sums += sum_shape_[i].numel();
      dx_.add(i, constant(std::move(value)));
    }
  }

  const Captures& captures_;
  const PointwiseInfo& info_;
  const Tensor& dy_;
  const DType dtype_;
  InputGradients dx_;
  const std::uint32_t computed_;  // bit i: the derivative for input i
  Elements elements_;
  BroadcastPlan plan_;
  Tensor y_;
  Tensor own_[max_arity];  // derivatives that need converting
  void* out_[max_arity] = {};
  Shape sum_shape_[max_arity];
  GradientMode mode_[max_arity] = {};
  bool unread_[max_arity] = {};
  bool summed_[max_arity] = {};
  bool any_summed_ = false;
};

// The usual case: nothing broadcasts, nothing needs converting. False, with nothing done,
// otherwise.
bool run_uniform_gradient(const Captures& captures, const Tensor& dy, const Inputs& in,
                          InputGradients dx, std::uint32_t computed) {
  const PointwiseInfo& info = *captures.info;
  const std::uint32_t needed = needed_by(info, dx);
  const DType dtype = dy.dtype();
  double numbers[max_arity];
  GradientRow row;
  for (int i = 0; i < info.arity; ++i) {
    const bool read = bit(needed, i) && !bit(captures.is_number, i);
    row.step[i] = read ? 1 : 0;
    row.mode[i] = GradientMode::skip;
    row.out[i] = nullptr;
    if (read || bit(computed, i)) {
      const Node& node = *in.node(i);
      if (node.dtype != dtype || node.shape != dy.shape()) return false;
      if (read) row.in[i] = node.storage->data();
    }
    if (read) continue;
    const double number = bit(captures.is_number, i) ? captures.numbers()[i] : 1;
    row.in[i] = place_number(&numbers[i], number, dtype);
  }
  for (int i = 0; i < info.arity; ++i) {
    if (!bit(computed, i)) continue;
    const InputGradients::Buffer buffer = dx.buffer(i);
    row.out[i] = buffer.data;
    row.mode[i] = buffer.accumulate ? GradientMode::accumulate : GradientMode::write;
  }
  row.y = (needed & depends_on_output) != 0 ? in.saved_output()->data() : nullptr;
  row.dy = dy.node().storage->data();
  row.padded = true;
  const GradientKernelFn kernel = dtype == float32 ? info.gradient_float : info.gradient_double;
  parallel_ranges(dy.numel(), parallel_grain, [&](std::int64_t begin, std::int64_t end) {
    GradientRow part = row;
    for (int i = 0; i < info.arity; ++i) {
      part.in[i] = advance(row.in[i], begin * row.step[i], dtype);
      if (row.out[i] != nullptr) part.out[i] = advance(row.out[i], begin, dtype);
    }
    if (row.y != nullptr) part.y = advance(row.y, begin, dtype);
    part.dy = advance(row.dy, begin, dtype);
    part.n = end - begin;
    kernel(captures.formula(), &part);
  });
  return true;
}

}  // namespace

void pointwise_gradient(const void* memory, std::span<const Tensor> upstream, Inputs in,
                        InputGradients dx) {
  const Tensor& dy = upstream[0];
  const Captures& captures = *static_cast<const Captures*>(memory);
  if (dx.create_graph()) return composed_gradient(captures, dy, in, dx);
  const std::uint32_t computed = inputs_to_compute(*captures.info, dx);
  if (computed != 0 && !run_uniform_gradient(captures, dy, in, dx, computed))
    FusedGradient(captures, dy, in, dx, computed).run();
  for (int i = 0; i < captures.info->arity; ++i)
    if (dx.wants(i) && !bit(computed, i)) dx.add(i, dy);
}

}  // namespace xgrad::detail

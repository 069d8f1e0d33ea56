// Gradients of pointwise ops: fused kernels for the first order, ops on whole tensors for the
// others.
#include <xgrad/ops/pointwise.hpp>

#include <algorithm>
#include <vector>

#include <xgrad/graph/kernels.hpp>
#include <xgrad/graph/lanes.hpp>
#include <xgrad/graph/parallel.hpp>
#include <xgrad/graph/scratch_vector.hpp>
#include <xgrad/graph/streaming.hpp>

#include "elementwise/broadcast_plan.hpp"
#include "elementwise/pointwise_captures.hpp"

namespace xgrad::detail {
namespace {

// What is summed in the element's type, or added to a buffer, at once.
constexpr std::int64_t segment = 2048;

Traced traced(const Captures& captures, const Inputs& in, std::uint32_t needed, int i,
              DType dtype) {
  if (bit(captures.is_number, i)) return captures.numbers()[i];
  if (!bit(needed, i)) return Tensor();
  return in[i].to(dtype);
}

// The inputs that want a gradient.
std::uint32_t wanted_by(const PointwiseInfo& info, const InputGradients& dx) {
  std::uint32_t wanted = 0;
  for (int i = 0; i < info.arity; ++i)
    if (dx.wants(i)) wanted |= std::uint32_t{1} << i;
  return wanted;
}

// What the derivatives for those inputs read.
std::uint32_t needed_for(const PointwiseInfo& info, std::uint32_t wanted) {
  std::uint32_t needed = 0;
  for (int i = 0; i < info.arity; ++i)
    if (bit(wanted, i)) needed |= info.depends[i];
  return needed;
}

// Differentiable: the derivatives are computed by ops on whole tensors.
void composed_gradient(const Captures& captures, const Tensor& dy, const Inputs& in,
                       InputGradients dx, std::uint32_t wanted) {
  const PointwiseInfo& info = *captures.info;
  const std::uint32_t needed = needed_for(info, wanted);
  Traced x[max_arity], partial[max_arity];
  for (int i = 0; i < info.arity; ++i) x[i] = traced(captures, in, needed, i, dy.dtype());
  const Traced y = (needed & depends_on_output) != 0 ? Traced(in.output()) : Traced(Tensor());
  info.composed(captures.formula(), x, y, partial);
  for (int i = 0; i < info.arity; ++i)
    if (bit(wanted, i)) dx.add(i, (Traced(dy) * partial[i]).tensor);
}

// A fused gradient's inputs are the op's, its result and dy.
RowKernel row_kernel(const Captures& captures, DType dtype) {
  const PointwiseInfo& info = *captures.info;
  return {info.gradient.of(dtype), captures.formula(), info.arity + 2, info.arity, dtype};
}

// The sum of a row, added in the element's type lane by lane.
struct SumRow {
  template <class Width, class T>
  static void run(const T* x, std::int64_t n, double* sum) {
    using L = Lane<T, Width>;
    L total;
    std::int64_t k = 0;
    for (; k + L::size <= n; k += L::size) total += L::load(x + k);
    if (k < n) total += L::load(x + k, static_cast<int>(n - k));
    *sum += static_cast<double>(total.sum());
  }
};

// What becomes of the derivative for an input.
enum class GradientMode : std::uint8_t {
  skip,
  write,       // to the buffer of its gradient
  accumulate,  // onto what is there
  add_rows,    // the input repeats along outer axes: rows are added up
  sum          // the input is one element along a row
};

// One run through all elements for all derivatives. Those of broadcast inputs are summed in double,
// in pieces fixed by size.
class FusedGradient {
 public:
  FusedGradient(const Captures& captures, const Tensor& dy, const Inputs& in, InputGradients dx,
                std::uint32_t computed)
      : info_(*captures.info),
        dy_(dy),
        dtype_(dy.dtype()),
        kernel_(row_kernel(captures, dtype_)),
        dx_(dx) {
    const std::uint32_t needed = needed_for(info_, computed);
    const Shape* shapes[max_arity];
    for (int i = 0; i < info_.arity; ++i) {  // for what no derivative reads, and may be gone, a 1
      static const Shape scalar;
      const bool number = bit(captures.is_number, i);
      shapes[i] = number || !(bit(needed, i) || bit(computed, i)) ? &scalar : &in.shape(i);
      stays_[i] = number || !bit(needed, i);
      if (stays_[i])
        elements_.set(i, number ? captures.numbers()[i] : 1.0, dtype_);
      else
        elements_.set(i, in[i], dtype_);
    }
    if ((needed & depends_on_output) != 0) y_ = in.output();
    plan_ = BroadcastPlan(dy.shape(), shapes, info_.arity);
    for (int i = 0; i < info_.arity; ++i)
      if (bit(computed, i)) choose_mode(i, *shapes[i], in);
  }

  void run() {
    if (!info_.gradient_calls && is_streamed(dy_.numel(), dtype_)) kernel_.streamed = written();
    if (per_sum_ == 0) {
      plan_.for_each_piece(parallel_grain, kernel_.streamed != 0,
                           [&](const BroadcastPlan::Piece& p) { run_piece(p, nullptr); });
      return deliver(nullptr);
    }
    // Partial sums of each chunk, one after the other, then all of them in order.
    const std::int64_t units = plan_.pieces(segment);
    std::int64_t chunks = std::min<std::int64_t>(32, dy_.numel() / parallel_grain + 1);
    if (chunks * per_sum_ > dy_.numel()) chunks = 1;
    ScratchVector<double> sums(static_cast<std::size_t>(chunks * per_sum_), 0.0);
    parallel_chunks(chunks, [&](std::int64_t c) {
      for (std::int64_t u = units * c / chunks; u < units * (c + 1) / chunks; ++u)
        run_piece(plan_.piece(u, segment), sums.data() + c * per_sum_);
      if (kernel_.streamed != 0) stream_fence();
    });
    for (std::int64_t c = 1; c < chunks; ++c)
      for (std::int64_t k = 0; k < per_sum_; ++k) sums[k] += sums[c * per_sum_ + k];
    deliver(sums.data());
  }

 private:
  // Where the derivative for an input goes.
  struct Target {
    GradientMode mode = GradientMode::skip;
    void* out = nullptr;       // of the gradient's buffer, or of `own`
    Tensor own;                // a derivative that needs converting
    Shape shape;               // of the input
    std::int64_t sums_at = 0;  // where its sums begin among all
  };

  // The derivatives that are written to a buffer of their own.
  std::uint32_t written() const {
    std::uint32_t bits = 0;
    for (int i = 0; i < info_.arity; ++i)
      if (targets_[i].mode == GradientMode::write) bits |= std::uint32_t{1} << i;
    return bits;
  }

  void choose_mode(int i, const Shape& shape, const Inputs& in) {
    Target& t = targets_[i];
    t.shape = shape;
    if (shape.numel() != dy_.numel()) {
      t.mode = plan_.step(i) == 0 ? GradientMode::sum : GradientMode::add_rows;
      t.sums_at = per_sum_;
      per_sum_ += shape.numel();
    } else if (in.dtype(i) != dtype_) {
      t.mode = GradientMode::write;
      t.own = constant(Value::empty(shape, dtype_));
      t.out = t.own.node().storage->data();
    } else {
      const InputGradients::Buffer buffer = dx_.buffer(i);
      t.mode = buffer.accumulate ? GradientMode::accumulate : GradientMode::write;
      t.out = buffer.data;
    }
  }

  // In segments, since what is not simply written goes through a buffer on the stack.
  void run_piece(const BroadcastPlan::Piece& piece, double* sums) {
    for (std::int64_t at = 0; at < piece.size; at += segment)
      run_segment(piece, at, std::min(segment, piece.size - at), sums);
  }

  void run_segment(const BroadcastPlan::Piece& piece, std::int64_t at, std::int64_t n,
                   double* sums) {
    double buffers[max_arity][segment];
    LaneRow row;
    row.n = n;
    for (int i = 0; i < info_.arity; ++i) {
      const std::int64_t step = stays_[i] ? 0 : plan_.step(i);
      row.in_mask[i] = -step;
      row.in[i] =
          stays_[i] ? elements_[i] : advance(elements_[i], piece.offset[i] + at * step, dtype_);
      row.out[i] = out_of(targets_[i], piece.begin + at, buffers[i]);
    }
    const auto input = [&](int i, const Tensor& x) {
      static constexpr double zero = 0;
      row.in_mask[i] = x.defined() ? -1 : 0;
      row.in[i] = x.defined() ? advance(x.node().storage->data(), piece.begin + at, dtype_) : &zero;
    };
    input(info_.arity, y_);
    input(info_.arity + 1, dy_);
    run_row(kernel_, row, false);
    for (int i = 0; i < info_.arity; ++i)
      add(targets_[i], buffers[i], n, piece.begin + at, sums,
          targets_[i].sums_at + piece.offset[i] + at * plan_.step(i));
  }

  void* out_of(const Target& t, std::int64_t at, double* buffer) const {
    if (t.mode == GradientMode::skip) return nullptr;
    return t.mode == GradientMode::write ? advance(t.out, at, dtype_) : buffer;
  }

  // Adds a segment's derivatives to where they belong.
  void add(const Target& t, const double* buffer, std::int64_t n, std::int64_t at, double* sums,
           std::int64_t sum_at) {
    if (t.mode == GradientMode::accumulate)
      return add_in_place(dtype_, advance(t.out, at, dtype_), buffer, n);
    dispatch_floating(dtype_, [&]<class T>() {
      const T* const from = reinterpret_cast<const T*>(buffer);
      if (t.mode == GradientMode::sum)
        run_best<SumRow, const T*, std::int64_t, double*>(from, n, sums + sum_at);
      if (t.mode == GradientMode::add_rows)
        for (std::int64_t k = 0; k < n; ++k) sums[sum_at + k] += static_cast<double>(from[k]);
    });
  }

  void deliver(const double* sums) {
    for (int i = 0; i < info_.arity; ++i) {
      const Target& t = targets_[i];
      if (t.own.defined()) dx_.add(i, t.own);
      if (t.mode != GradientMode::sum && t.mode != GradientMode::add_rows) continue;
      Value value = Value::empty(t.shape, dtype_);
      dispatch_floating(dtype_, [&]<class T>() {
        std::transform(sums + t.sums_at, sums + t.sums_at + t.shape.numel(), value.data<T>(),
                       [](double x) { return static_cast<T>(x); });
      });
      dx_.add(i, constant(std::move(value)));
    }
  }

  const PointwiseInfo& info_;
  const Tensor& dy_;
  const DType dtype_;
  RowKernel kernel_;
  InputGradients dx_;
  Elements elements_;
  BroadcastPlan plan_;
  Tensor y_;
  bool stays_[max_arity] = {};
  Target targets_[max_arity];
  std::int64_t per_sum_ = 0;  // elements of all that is summed
};

// The usual case: nothing broadcasts or needs converting, so that all arrays are one row.
class UniformGradient {
 public:
  UniformGradient(const Captures& captures, const Tensor& dy, const Inputs& in,
                  std::uint32_t computed)
      : info_(*captures.info),
        dy_(dy),
        kernel_(row_kernel(captures, dy.dtype())),
        computed_(computed),
        needed_(needed_for(info_, computed)),
        fits_(place_inputs(captures, in)) {}

  /// False, with nothing done, if it is another case.
  bool run(const Inputs& in, InputGradients dx) {
    if (!fits_) return false;
    place_outputs(in, dx);
    if (!info_.gradient_calls && is_streamed(row_.n, dy_.dtype()))
      kernel_.streamed = computed_ & ~added_;
    if (added_ == 0 && row_.n <= parallel_grain)  // as below, without copying the row
      run_row(kernel_, row_, padded_);
    else
      parallel_ranges(row_.n, parallel_grain,
                      [this](std::int64_t begin, std::int64_t end) { run_part(begin, end); });
    return true;
  }

 private:
  bool place_inputs(const Captures& captures, const Inputs& in) {
    for (int i = 0; i < info_.arity; ++i) {
      const bool read = bit(needed_, i) && !bit(captures.is_number, i);
      row_.in_mask[i] = read ? -1 : 0;
      row_.out[i] = nullptr;
      if (read || bit(computed_, i)) {
        const Node& node = *in.node(i);
        if (node.dtype != dy_.dtype() || node.shape != dy_.shape()) return false;
        if (read) place(i, *node.storage.get());
      }
      if (read) continue;
      const double number = bit(captures.is_number, i) ? captures.numbers()[i] : 1;
      row_.in[i] = place_number(&numbers_[i], number, dy_.dtype());
    }
    row_.n = dy_.numel();
    return true;
  }

  void place_outputs(const Inputs& in, InputGradients dx) {
    for (int i = 0; i < info_.arity; ++i) {
      if (!bit(computed_, i)) continue;
      const InputGradients::Buffer buffer = dx.buffer(i);
      (buffer.accumulate ? sum_ : row_.out)[i] = buffer.data;
      if (buffer.accumulate) added_ |= std::uint32_t{1} << i;
    }
    const bool reads_y = (needed_ & depends_on_output) != 0;
    row_.in_mask[info_.arity] = reads_y ? -1 : 0;
    row_.in[info_.arity] = reads_y ? in.saved_output()->data() : numbers_;
    row_.in_mask[info_.arity + 1] = -1;
    place(info_.arity + 1, *dy_.node().storage.get());
  }

  void place(int i, Storage& storage) {
    row_.in[i] = storage.data();
    padded_ = padded_ && storage.is_padded();
  }

  void run_part(std::int64_t begin, std::int64_t end) const {
    const std::int64_t step = added_ == 0 ? std::max<std::int64_t>(1, end - begin) : segment;
    for (std::int64_t at = begin; at < end; at += step) {
      LaneRow part = part_of(kernel_, row_, at, std::min(end, at + step));
      added_ == 0 ? run_row(kernel_, part, padded_) : run_and_add(part, at);
    }
    if (kernel_.streamed != 0) stream_fence();
  }

  // What is added runs through buffers.
  void run_and_add(LaneRow& part, std::int64_t at) const {
    double buffers[max_arity][segment];
    for (int i = 0; i < kernel_.outputs; ++i)
      if (bit(added_, i)) part.out[i] = buffers[i];
    const std::int64_t n = part.n;  // run_row counts it down
    run_row(kernel_, part, padded_);
    for (int i = 0; i < kernel_.outputs; ++i)
      if (bit(added_, i))
        add_in_place(kernel_.dtype, advance(sum_[i], at, kernel_.dtype), buffers[i], n);
  }

  const PointwiseInfo& info_;
  const Tensor& dy_;
  RowKernel kernel_;
  const std::uint32_t computed_, needed_;
  LaneRow row_;
  bool padded_ = true;  // whether memory goes on behind what is read, up to the end of a lane
  double numbers_[max_arity];
  std::uint32_t added_ = 0;  // bit i: the derivative for input i is added to sum_[i]
  void* sum_[max_arity];
  const bool fits_;
};

}  // namespace

void pointwise_gradient(const void* memory, std::span<const Tensor> upstream, Inputs in,
                        InputGradients dx) {
  const Tensor& dy = upstream[0];
  const Captures& captures = *static_cast<const Captures*>(memory);
  const PointwiseInfo& info = *captures.info;
  const std::uint32_t wanted = wanted_by(info, dx);
  if (dx.create_graph()) return composed_gradient(captures, dy, in, dx, wanted);
  const std::uint32_t computed = wanted & ~info.unit;  // a derivative of 1 passes dy on as it is
  if (computed != 0 && !UniformGradient(captures, dy, in, computed).run(in, dx))
    FusedGradient(captures, dy, in, dx, computed).run();
  for (int i = 0; i < info.arity; ++i)
    if (bit(wanted & info.unit, i)) dx.add(i, dy);
}

}  // namespace xgrad::detail

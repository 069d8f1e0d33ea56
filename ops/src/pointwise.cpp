#include <xgrad/ops/pointwise.hpp>

#include <algorithm>
#include <cstring>
#include <vector>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/parallel.hpp>
#include <xgrad/graph/record.hpp>

#include "broadcast_plan.hpp"

namespace xgrad::detail {
namespace {

constexpr std::int64_t segment =
    2048;  // a row's share of a sum that is added in the element's type

// What the local gradient of a pointwise op keeps; the numbers among the inputs lie behind it, then
// the formula.
struct Captures {
  const PointwiseInfo* info;
  std::uint64_t is_number;  // bit i: input i is numbers()[i]

  const double* numbers() const { return reinterpret_cast<const double*>(this + 1); }
  double* numbers() { return reinterpret_cast<double*>(this + 1); }
  const void* formula() const { return numbers() + info->arity; }
  static std::size_t bytes(int arity, std::size_t formula_bytes) {
    return sizeof(Captures) + static_cast<std::size_t>(arity) * sizeof(double) + formula_bytes;
  }
};

bool bit(std::uint64_t bits, int i) { return (bits >> i & 1) != 0; }

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
                      name, all),
          x[0].site());
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
  switch (n) {
    case 2:
      return result_type({x[0], x[1]});
    case 3:
      return result_type({x[0], x[1], x[2]});
    case 4:
      return result_type({x[0], x[1], x[2], x[3]});
    case 5:
      return result_type({x[0], x[1], x[2], x[3], x[4]});
    default:
      return result_type({x[0], x[1], x[2], x[3], x[4], x[5]});
  }
}

DType computed_type(const PointwiseInfo& info, const Operand* x) {
  const DType type = operand_type(x, info.arity);
  if (is_floating(type)) return type;
  return info.value_int != nullptr ? int64 : float32;
}

// A number at an address that a kernel can read, in the kernel's type.
const void* place_number(double* at, double number, DType dtype) {
  dispatch_floating(dtype, [&]<class T>() {
    const T typed = static_cast<T>(number);
    std::memcpy(at, &typed, sizeof(T));
  });
  return at;
}

// Numbers of one type, converted where they have to be, at addresses that a kernel can read.
class Elements {
 public:
  Elements(const Operand* x, int n, DType dtype) {
    for (int i = 0; i < n; ++i)
      if (x[i].is_number())
        dispatch(dtype, [&]<class T>() {
          const T number = x[i].number<T>();
          std::memcpy(&numbers_[i], &number, sizeof(T));
          data_[i] = &numbers_[i];
        });
      else
        set(i, x[i].tensor(), dtype);
  }
  Elements() = default;

  void set(int i, const Tensor& tensor, DType dtype) {
    if (tensor.dtype() != dtype) {
      const NoGrad guard;
      converted_.push_back(tensor.to(dtype));
      data_[i] = converted_.back().node().storage->data();
    } else {
      data_[i] = tensor.node().storage->data();
    }
  }
  void set(int i, double number, DType dtype) {
    data_[i] = place_number(&numbers_[i], number, dtype);
  }
  const void* operator[](int i) const { return data_[i]; }

 private:
  const void* data_[max_arity];
  double numbers_[max_arity];
  std::vector<Tensor> converted_;
};

ValueKernelFn value_kernel(const PointwiseInfo& info, DType dtype) {
  return dtype == float32   ? info.value_float
         : dtype == float64 ? info.value_double
                            : info.value_int;
}

const void* advance(const void* p, std::int64_t elements, DType dtype) {
  return static_cast<const char*>(p) + elements * static_cast<std::int64_t>(size_of(dtype));
}
void* advance(void* p, std::int64_t elements, DType dtype) {
  return static_cast<char*>(p) + elements * static_cast<std::int64_t>(size_of(dtype));
}

void compute(const PointwiseInfo& info, const void* formula, const Elements& in,
             const BroadcastPlan& plan, const Value& out) {
  const ValueKernelFn kernel = value_kernel(info, out.dtype);
  plan.for_each_piece(parallel_grain, [&](const BroadcastPlan::Piece& piece) {
    ValueRow row;
    for (int i = 0; i < info.arity; ++i) {
      row.in[i] = advance(in[i], piece.offset[i], out.dtype);
      row.step[i] = plan.step(i);
    }
    row.out = advance(out.data<void>(), piece.begin, out.dtype);
    row.n = piece.size;
    row.padded = false;
    kernel(formula, &row);
  });
}

// Without broadcasting: numbers, and tensors of the result's shape.
void compute_uniform(const PointwiseInfo& info, const void* formula, const Operand* x,
                     const Elements& in, const Value& out) {
  const ValueKernelFn kernel = value_kernel(info, out.dtype);
  parallel_ranges(out.shape.numel(), parallel_grain, [&](std::int64_t begin, std::int64_t end) {
    ValueRow row;
    for (int i = 0; i < info.arity; ++i) {
      row.step[i] = x[i].is_number() ? 0 : 1;
      row.in[i] = advance(in[i], begin * row.step[i], out.dtype);
    }
    row.out = advance(out.data<void>(), begin, out.dtype);
    row.n = end - begin;
    row.padded = true;  // a piece begins at a multiple of the lanes
    kernel(formula, &row);
  });
}

// An operand whose memory may take the result: a temporary of its shape that nothing reads.
const Operand* donor(const PointwiseInfo& info, const Operand* x, const Shape& shape, DType dtype,
                     Reads reads) {
  for (int i = 0; i < info.arity; ++i)
    if (!x[i].is_number() && x[i].reusable() && x[i].dtype() == dtype && x[i].shape() == shape &&
        !bit(reads.inputs, i))
      return &x[i];
  return nullptr;
}

// What the derivatives of the inputs that want one read.
Reads needed_reads(const PointwiseInfo& info, const Operand* x) {
  Reads reads;
  for (int i = 0; i < info.arity; ++i) {
    if (!x[i].requires_grad()) continue;
    reads.inputs |= info.depends[i] & ~depends_on_output;
    reads.output = reads.output || (info.depends[i] & depends_on_output) != 0;
  }
  for (int i = 0; i < info.arity; ++i)
    if (x[i].is_number()) reads.inputs &= ~(std::uint32_t{1} << i);
  return reads;
}

Traced traced(const Captures& captures, const Inputs& in, std::uint32_t needed, int i,
              DType dtype) {
  if (bit(captures.is_number, i)) return captures.numbers()[i];
  if (!bit(needed, i)) return Tensor();
  return in[i].to(dtype);
}

// The inputs whose derivative has to be computed; a derivative of 1 passes dy on as it is.
std::uint32_t computed_ones(const PointwiseInfo& info, const Sinks& dx) {
  std::uint32_t computed = 0;
  for (int i = 0; i < info.arity; ++i)
    if (dx.wants(i) && !bit(info.unit, i)) computed |= std::uint32_t{1} << i;
  return computed;
}

std::uint32_t needed_by(const PointwiseInfo& info, const Sinks& dx) {
  std::uint32_t needed = 0;
  for (int i = 0; i < info.arity; ++i)
    if (dx.wants(i)) needed |= info.depends[i];
  return needed;
}

// Differentiable: the derivatives are computed by ops on whole tensors.
void composed_gradient(const Captures& captures, const Tensor& dy, const Inputs& in, Sinks dx) {
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
  FusedGradient(const Captures& captures, const Tensor& dy, const Inputs& in, Sinks dx,
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
    std::vector<double> sums(static_cast<std::size_t>(chunks * per_sum), 0.0);
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
      const Sinks::Target target = dx_.target(i);
      out_[i] = target.data;
      mode_[i] = target.accumulate ? GradientMode::accumulate : GradientMode::write;
    }
  }

  void run_pieces(std::int64_t pieces, std::int64_t size, double* sums) {
    parallel_chunks(pieces, [&](std::int64_t p) { run_piece(plan_.piece(p, size), sums); });
    for (int i = 0; i < info_.arity; ++i)
      if (own_[i].defined()) dx_.add(i, own_[i]);
  }

  void run_piece(const BroadcastPlan::Piece& piece, double* sums) {
    double room[max_arity * segment];  // derivatives of a piece that are to be added to rows
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
        row.out[i] = room + i * segment;
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

  // sums points behind the last input's; the rows in `room` belong to inputs with step 1.
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
  Sinks dx_;
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
bool run_uniform_gradient(const Captures& captures, const Tensor& dy, const Inputs& in, Sinks dx,
                          std::uint32_t computed) {
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
    const Sinks::Target target = dx.target(i);
    row.out[i] = target.data;
    row.mode[i] = target.accumulate ? GradientMode::accumulate : GradientMode::write;
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

void local_gradient(const void* memory, const Tensor& dy, Inputs in, Sinks dx) {
  const Captures& captures = *static_cast<const Captures*>(memory);
  if (dx.create_graph()) return composed_gradient(captures, dy, in, dx);
  const std::uint32_t computed = computed_ones(*captures.info, dx);
  if (computed != 0 && !run_uniform_gradient(captures, dy, in, dx, computed))
    FusedGradient(captures, dy, in, dx, computed).run();
  for (int i = 0; i < captures.info->arity; ++i)
    if (dx.wants(i) && !bit(computed, i)) dx.add(i, dy);
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

Tensor apply_pointwise(const char* name, const PointwiseInfo& info, const void* formula,
                       std::size_t formula_bytes, const Operand* x) {
  const Shape* const uniform = uniform_shape(x, info.arity);
  const Shape shape = uniform != nullptr ? *uniform : broadcast_all(name, x, info.arity);
  const DType dtype = computed_type(info, x);
  const auto count = static_cast<std::size_t>(info.arity);
  const bool recorded = any_requires_grad(x, count);
  const Reads reads = recorded ? needed_reads(info, x) : Reads{};
  const Elements elements(x, info.arity, dtype);
  const Operand* const giver = donor(info, x, shape, dtype, reads);
  Value out =
      giver != nullptr ? Value{giver->node().storage, shape, dtype} : Value::empty(shape, dtype);
  if (uniform != nullptr) {
    compute_uniform(info, formula, x, elements, out);
  } else {
    const Shape* shapes[max_arity];
    for (int i = 0; i < info.arity; ++i) shapes[i] = &x[i].shape();
    compute(info, formula, elements, BroadcastPlan(shape, shapes, info.arity), out);
  }
  Recording r = begin_record(name, x, count, std::move(out), reads,
                             Captures::bytes(info.arity, formula_bytes), local_gradient);
  if (r.captures != nullptr) capture(r.captures, info, formula, formula_bytes, x);
  if (giver != nullptr) giver->give_up_tensor();
  return std::move(r.result);
}

}  // namespace xgrad::detail

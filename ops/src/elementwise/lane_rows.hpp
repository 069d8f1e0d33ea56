// lane_rows.hpp: rows of any length for kernels that know whole lanes only.
#pragma once

#include <xgrad/ops/formula/map_kernel.hpp>

namespace xgrad::detail {

/// A kernel, and what its inputs and outputs consist of.
struct RowKernel {
  RowKernel(LaneKernel kernel, const void* formula, int in, int out, DType computed)
      : run(kernel), map(formula), inputs(in), outputs(out), dtype(computed), gives(computed) {}

  LaneKernel run;
  const void* map;
  int inputs, outputs;
  DType dtype;                 // what it computes in
  DType gives;                 // what its outputs consist of
  int conditions = 0;          // so many of its first inputs are bool
  std::uint32_t streamed = 0;  // bit k: output k goes past the caches; no input has its memory

  DType in_dtype(int i) const { return i < conditions ? bool_ : dtype; }
};

/// Elements along a row: an input whose mask is 0 is one number for all of them, an output that is
/// null is not wanted; n may be any number. The row is changed.
///
/// What is left of the last lane is copied into a lane of its own, zero behind it: what lies behind
/// the row may be denormal, and slow, or NaN. `padded`: the last lane of the inputs may be read,
/// and that of the outputs written, as a whole. After rows that are streamed, the thread calls
/// stream_fence.
void run_row(const RowKernel& kernel, LaneRow& row, bool padded);

/// Elements [begin, end) of a row.
LaneRow part_of(const RowKernel& kernel, const LaneRow& row, std::int64_t begin, std::int64_t end);

inline const void* advance(const void* p, std::int64_t elements, DType dtype) {
  return static_cast<const char*>(p) + elements * static_cast<std::int64_t>(size_of(dtype));
}
inline void* advance(void* p, std::int64_t elements, DType dtype) {
  return static_cast<char*>(p) + elements * static_cast<std::int64_t>(size_of(dtype));
}

}  // namespace xgrad::detail

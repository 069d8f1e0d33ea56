#include "elementwise/lane_rows.hpp"

#include <algorithm>
#include <cstring>

#include <xgrad/graph/lanes.hpp>
#include <xgrad/graph/streaming.hpp>

namespace xgrad::detail {
namespace {

template <class T>
T loaded(const void* from) {
  T copy;
  std::memcpy(&copy, from, sizeof copy);
  return copy;
}
// As many copies of a number as 8 bytes hold.
std::int64_t word_of(const void* number, DType dtype) {
  switch (dtype) {
    case DType::bool_:
      return static_cast<std::int64_t>(loaded<std::uint8_t>(number) * 0x101010101010101U);
    case DType::float32:
      return static_cast<std::int64_t>(loaded<std::uint32_t>(number) * 0x100000001U);
    case DType::int64:
    case DType::float64:
      return loaded<std::int64_t>(number);
  }
  __builtin_unreachable();
}

// A driver of its own for each instruction set, so that whole lanes are stored at once: what is
// stored in parts has to reach the cache before it can be loaded as a whole.
struct RunRow {
  template <class Width>
  static void run(const RowKernel* kernel, LaneRow* row, bool padded) {
    if (row->n == 1)
      Driver<Width>::run_element(*kernel, *row, padded);
    else
      Driver<Width>::run_row(*kernel, *row, padded);
  }

 private:
  template <class Width>
  struct Driver {
    using Bytes = Lane<std::uint8_t, Width>;
    struct alignas(Width::bytes) Buffer {
      std::uint8_t bytes[Width::bytes];
    };
    struct Buffers {
      Buffer in[max_inputs], out[max_arity];
    };
    static constexpr std::int64_t elements(DType dtype) {
      return Width::bytes / static_cast<std::int64_t>(size_of(dtype));
    }

    // Copies of a number.
    static const void* fill(Buffer& lane, const void* number, DType dtype) {
      Lane<std::int64_t, Width>(word_of(number, dtype))
          .store(reinterpret_cast<std::int64_t*>(lane.bytes));
      return &lane;
    }
    // A few elements, and zeros behind them.
    static const void* copy_rest(Buffer& lane, const void* from, std::int64_t n, DType dtype,
                                 bool padded) {
      const auto bytes = static_cast<int>(n * static_cast<std::int64_t>(size_of(dtype)));
      const auto* const at = static_cast<const std::uint8_t*>(from);
      (padded ? Bytes::load(at).first(bytes) : Bytes::load(at, bytes)).store(lane.bytes);
      return &lane;
    }

    // A row of one element, which may as well be a lane of copies.
    static void run_element(const RowKernel& kernel, LaneRow& row, bool padded) {
      Buffers lanes;
      void* to[max_arity];
      for (int i = 0; i < kernel.inputs; ++i)
        row.in[i] = fill(lanes.in[i], row.in[i], kernel.in_dtype(i));
      std::fill_n(row.out_mask, max_arity, 0);  // of a fixed size, which is a few stores
      for (int k = 0; k < kernel.outputs; ++k) {
        to[k] = row.out[k];
        if (!padded || to[k] == nullptr) row.out[k] = &lanes.out[k];
      }
      row.streamed = 0;
      kernel.run(kernel.map, &row);
      if (padded) return;
      for (int k = 0; k < kernel.outputs; ++k)
        if (to[k] != nullptr) std::memcpy(to[k], &lanes.out[k], size_of(kernel.gives));
    }

    static void run_row(const RowKernel& kernel, LaneRow& row, bool padded) {
      const std::int64_t rest = row.n & (elements(kernel.dtype) - 1), whole = row.n - rest;
      Buffers lanes;
      for (int i = 0; i < kernel.inputs; ++i)
        if (row.in_mask[i] == 0) row.in[i] = fill(lanes.in[i], row.in[i], kernel.in_dtype(i));
      for (int k = 0; k < kernel.outputs; ++k) {
        row.out_mask[k] = row.out[k] == nullptr ? 0 : -1;
        if (row.out[k] == nullptr) row.out[k] = &lanes.out[k];
      }
      row.n = whole;
      row.streamed = kernel.streamed == 0 ? 0 : streamed(kernel, row);
      if (whole > 0) kernel.run(kernel.map, &row);
      row.streamed = 0;
      if (rest > 0) run_rest(kernel, row, whole, rest, padded, lanes);
    }

    // Those of the streamed outputs that are aligned.
    static std::uint32_t streamed(const RowKernel& kernel, const LaneRow& row) {
      std::uint32_t bits = 0;
      for (int k = 0; k < kernel.outputs; ++k)
        if (row.out_mask[k] != 0 &&
            reinterpret_cast<std::uintptr_t>(row.out[k]) % streaming_alignment == 0)
          bits |= std::uint32_t{1} << k;
      return kernel.streamed & bits;
    }

    // What is left of a row behind `done` elements, as one lane.
    static void run_rest(const RowKernel& kernel, LaneRow& row, std::int64_t done,
                         std::int64_t rest, bool padded, Buffers& lanes) {
      void* to[max_arity];
      for (int i = 0; i < kernel.inputs; ++i) {
        const DType dtype = kernel.in_dtype(i);
        // A lane of bools is shorter than the memory that is sure to be there.
        const bool whole_lane = padded && size_of(dtype) == size_of(kernel.dtype);
        if (row.in_mask[i] != 0)
          row.in[i] =
              copy_rest(lanes.in[i], advance(row.in[i], done, dtype), rest, dtype, whole_lane);
      }
      for (int k = 0; k < kernel.outputs; ++k) {
        if (row.out_mask[k] == 0) continue;
        to[k] = advance(row.out[k], done, kernel.gives);
        row.out[k] = padded ? to[k] : &lanes.out[k];
      }
      row.n = elements(kernel.dtype);
      kernel.run(kernel.map, &row);
      if (padded) return;
      for (int k = 0; k < kernel.outputs; ++k)
        if (row.out_mask[k] != 0)
          std::memcpy(to[k], &lanes.out[k], static_cast<std::size_t>(rest) * size_of(kernel.gives));
    }
  };
};

}  // namespace

LaneRow part_of(const RowKernel& kernel, const LaneRow& row, std::int64_t begin, std::int64_t end) {
  LaneRow part = row;
  for (int i = 0; i < kernel.inputs; ++i)
    part.in[i] = advance(row.in[i], begin & row.in_mask[i], kernel.in_dtype(i));
  for (int k = 0; k < kernel.outputs; ++k)
    if (row.out[k] != nullptr) part.out[k] = advance(row.out[k], begin, kernel.gives);
  part.n = end - begin;
  return part;
}

void run_row(const RowKernel& kernel, LaneRow& row, bool padded) {
  run_best<RunRow, const RowKernel*, LaneRow*, bool>(&kernel, &row, padded);
}

void map_elements(LaneKernel kernel, const void* map, DType dtype, std::int64_t begin,
                  std::int64_t end, std::span<const void* const> in, std::span<void* const> out) {
  LaneRow row;
  row.n = end - begin;
  for (std::size_t i = 0; i < in.size(); ++i) {
    static constexpr double zero = 0;
    row.in[i] = in[i] == nullptr ? &zero : advance(in[i], begin, dtype);
    row.in_mask[i] = in[i] == nullptr ? 0 : -1;
  }
  for (std::size_t k = 0; k < out.size(); ++k)
    row.out[k] = out[k] == nullptr ? nullptr : advance(out[k], begin, dtype);
  const RowKernel whole{kernel, map, static_cast<int>(in.size()), static_cast<int>(out.size()),
                        dtype};
  run_row(whole, row, false);
}

}  // namespace xgrad::detail

#include "elementwise/lane_rows.hpp"

#include <cstring>

namespace xgrad::detail {
namespace {

// One lane of any type, for any instruction set.
struct alignas(Avx512::bytes) AnyLane {
  char bytes[Avx512::bytes];
};
static_assert(Avx512::bytes >= Avx2::bytes && Avx512::bytes >= Baseline::bytes);

struct Lanes {
  AnyLane in[max_inputs], out[max_arity];
};

template <class T>
T loaded(const void* from) {
  T copy;
  std::memcpy(&copy, from, sizeof copy);
  return copy;
}
// As many copies of a number as 8 bytes hold.
std::uint64_t word_of(const void* number, std::size_t size) {
  if (size == 8) return loaded<std::uint64_t>(number);
  if (size == 4) return loaded<std::uint32_t>(number) * 0x100000001U;
  return loaded<std::uint8_t>(number) * 0x101010101010101U;
}

// Copies of a number in the first bytes of a lane, a multiple of 16.
const void* fill(AnyLane& lane, const void* number, DType dtype, int bytes) {
  typedef std::uint64_t Words __attribute__((vector_size(16)));
  const std::uint64_t word = word_of(number, size_of(dtype));
  const Words words{word, word};
  int i = 0;
  do std::memcpy(lane.bytes + i, &words, sizeof words);
  while ((i += static_cast<int>(sizeof words)) < bytes);
  return &lane;
}

// A few elements, and zeros behind them.
const void* copy_rest(AnyLane& lane, const void* from, std::int64_t elements, DType dtype) {
  lane = {};
  std::memcpy(lane.bytes, from, static_cast<std::size_t>(elements) * size_of(dtype));
  return &lane;
}

void copy_elements(void* to, const void* from, std::int64_t elements, DType dtype) {
  std::memcpy(to, from, static_cast<std::size_t>(elements) * size_of(dtype));
}

// What is left of a row behind `done` elements, as one lane.
void run_rest(const RowKernel& kernel, LaneRow& row, std::int64_t done, std::int64_t rest,
              bool padded, Lanes& lanes) {
  for (int i = 0; i < kernel.inputs; ++i) {
    if (row.in_mask[i] == 0) continue;
    const DType dtype = kernel.in_dtype(i);
    row.in[i] = copy_rest(lanes.in[i], advance(row.in[i], done, dtype), rest, dtype);
  }
  void* to[max_arity];
  for (int k = 0; k < kernel.outputs; ++k) {
    if (row.out_mask[k] == 0) continue;
    to[k] = advance(row.out[k], done, kernel.gives);
    row.out[k] = padded ? to[k] : &lanes.out[k];
  }
  row.n = kernel.lane_size();
  kernel.run(kernel.map, &row);
  if (padded) return;
  for (int k = 0; k < kernel.outputs; ++k)
    if (row.out_mask[k] != 0) copy_elements(to[k], &lanes.out[k], rest, kernel.gives);
}

}  // namespace

namespace {

// A row of one element, which may as well be a lane of copies.
void run_element(const RowKernel& kernel, LaneRow& row, bool padded) {
  AnyLane in[max_inputs], out[max_arity];
  for (int i = 0; i < kernel.inputs; ++i)
    row.in[i] = fill(in[i], row.in[i], kernel.in_dtype(i), kernel.lane_bytes);
  void* to[max_arity];
  for (int k = 0; k < kernel.outputs; ++k) {
    row.out_mask[k] = 0;
    to[k] = row.out[k];
    if (!padded || to[k] == nullptr) row.out[k] = &out[k];
  }
  row.n = 1;
  kernel.run(kernel.map, &row);
  if (padded) return;
  for (int k = 0; k < kernel.outputs; ++k)
    if (to[k] != nullptr) std::memcpy(to[k], &out[k], size_of(kernel.gives));
}

}  // namespace

void run_row(const RowKernel& kernel, LaneRow& row, bool padded) {
  if (row.n == 1) return run_element(kernel, row, padded);
  const std::int64_t rest = row.n & (kernel.lane_size() - 1), whole = row.n - rest;
  Lanes lanes;
  for (int i = 0; i < kernel.inputs; ++i)
    if (row.in_mask[i] == 0)
      row.in[i] = fill(lanes.in[i], row.in[i], kernel.in_dtype(i), kernel.lane_bytes);
  for (int k = 0; k < kernel.outputs; ++k) {
    row.out_mask[k] = row.out[k] == nullptr ? 0 : -1;
    if (row.out[k] == nullptr) row.out[k] = &lanes.out[k];
  }
  row.n = whole;
  if (whole > 0) kernel.run(kernel.map, &row);
  if (rest > 0) run_rest(kernel, row, whole, rest, padded, lanes);
}

void map_elements(LaneKernel kernel, const void* map, DType dtype, std::int64_t begin,
                  std::int64_t end, std::span<const void* const> in, std::span<void* const> out) {
  LaneRow row;
  row.n = end - begin;
  for (std::size_t i = 0; i < in.size(); ++i) {
    row.in[i] = advance(in[i], begin, dtype);
    row.in_mask[i] = -1;
  }
  for (std::size_t k = 0; k < out.size(); ++k)
    row.out[k] = out[k] == nullptr ? nullptr : advance(out[k], begin, dtype);
  const RowKernel whole{kernel, map, static_cast<int>(in.size()), static_cast<int>(out.size()),
                        dtype};
  run_row(whole, row, false);
}

}  // namespace xgrad::detail

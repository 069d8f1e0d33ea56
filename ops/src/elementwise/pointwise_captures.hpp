// pointwise_captures.hpp: what pointwise ops keep for their gradients, and what kernels read.
#pragma once

#include <cstring>
#include <vector>

#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/graph/input_gradients.hpp>
#include <xgrad/ops/pointwise.hpp>

#include "elementwise/lane_rows.hpp"

namespace xgrad::detail {

/// What the local gradient of a pointwise op keeps; the numbers among the inputs lie behind it,
/// then the formula.
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

inline bool bit(std::uint64_t bits, int i) { return (bits >> i & 1) != 0; }

/// A number at an address that a kernel can read, in the kernel's type.
inline const void* place_number(double* at, double number, DType dtype) {
  dispatch_floating(dtype, [&]<class T>() {
    const T typed = static_cast<T>(number);
    std::memcpy(at, &typed, sizeof(T));
  });
  return at;
}

/// Numbers of one type, converted where they have to be, at addresses that a kernel can read.
class Elements {
 public:
  /// The first `conditions` are bool.
  Elements(const Operand* x, int n, int conditions, DType dtype) {
    for (int i = 0; i < n; ++i) set(i, x[i], i < conditions ? bool_ : dtype);
  }
  Elements() = default;

  void set(int i, const Operand& x, DType dtype) {
    if (!x.is_number()) return set(i, x.tensor(), dtype);
    dispatch(dtype, [&]<class T>() {
      const T number = x.number<T>();
      std::memcpy(&numbers_[i], &number, sizeof(T));
    });
    data_[i] = &numbers_[i];
  }
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

/// The local gradient of every pointwise op; `captures` points to its Captures.
void pointwise_gradient(const void* captures, std::span<const Tensor> dy, Inputs in,
                        InputGradients dx);

}  // namespace xgrad::detail

#include <xgrad/graph/kernels.hpp>

#include <algorithm>
#include <array>
#include <cstring>

#include <xgrad/graph/lanes.hpp>
#include <xgrad/graph/parallel.hpp>
#include <xgrad/graph/streaming.hpp>

namespace xgrad::detail {
namespace {

struct AddInPlace {
  template <class Width, class T>
  static void run(T* a, const T* b, std::int64_t n) {
    using L = Lane<T, Width>;
    std::int64_t i = 0;
    for (; i + L::size <= n; i += L::size) (L::load(a + i) + L::load(b + i)).store(a + i);
    const int rest = static_cast<int>(n - i);
    if (rest > 0) (L::load(a + i, rest) + L::load(b + i, rest)).store(a + i, rest);
  }
};

using Strides = std::array<std::int64_t, max_dim>;

// Row-major strides of `shape` seen as `rank` axes, 0 along the axes that repeat.
Strides broadcast_strides(const Shape& shape, int rank) noexcept {
  Strides strides{};
  std::int64_t stride = 1;
  for (int i = shape.dim() - 1; i >= 0; --i) {
    if (shape[i] != 1) strides[static_cast<std::size_t>(rank - shape.dim() + i)] = stride;
    stride *= shape[i];
  }
  return strides;
}

template <class T>
T* expand_axis(const T* from, T* to, const Shape& shape, const Strides& strides, int axis) {
  const std::int64_t size = shape[axis], stride = strides[static_cast<std::size_t>(axis)];
  if (axis + 1 < shape.dim()) {
    for (std::int64_t i = 0; i < size; ++i)
      to = expand_axis(from + i * stride, to, shape, strides, axis + 1);
    return to;
  }
  return stride == 0 ? std::fill_n(to, size, *from) : std::copy_n(from, size, to);
}

template <class T>
void fill_elements(const Value& value, T number) {
  const std::int64_t n = value.shape.numel();
  T* const to = value.data<T>();
  if (!is_streamed(n, value.dtype)) {
    std::fill_n(to, n, number);
    return;
  }
  constexpr std::int64_t some = 512;
  alignas(64) T copies[some];
  std::fill_n(copies, some, number);
  parallel_ranges(n, parallel_grain, [&](std::int64_t begin, std::int64_t end) {
    for (; begin < end; begin += some)
      stream_copy(to + begin, copies,
                  static_cast<std::size_t>(std::min(some, end - begin)) * sizeof(T));
    stream_fence();
  });
}

}  // namespace

void fill(const Value& value, double number) {
  dispatch(value.dtype, [&]<class T>() { fill_elements(value, converted<T>(number)); });
}

Value convert(const Value& value, DType dtype) {
  const Value result = Value::empty(value.shape, dtype);
  dispatch(value.dtype, [&]<class From>() {
    dispatch(dtype, [&]<class To>() {
      const From* const from = value.data<From>();
      To* const to = result.data<To>();
      parallel_ranges(value.shape.numel(), parallel_grain,
                      [=](std::int64_t begin, std::int64_t end) {
                        for (std::int64_t i = begin; i < end; ++i) to[i] = converted<To>(from[i]);
                      });
    });
  });
  return result;
}

void add_in_place(const Value& a, const Value& b) {
  add_in_place(a.dtype, a.storage->data(), b.storage->data(), a.shape.numel());
}

void add_in_place(DType dtype, void* a, const void* b, std::int64_t n) noexcept {
  constexpr std::int64_t few = 8;  // not worth choosing an instruction set for
  dispatch_floating(dtype, [&]<class T>() {
    T* const to = static_cast<T*>(a);
    const T* const from = static_cast<const T*>(b);
    if (n <= few) {
      for (std::int64_t i = 0; i < n; ++i) to[i] += from[i];
      return;
    }
    parallel_ranges(n, parallel_grain, [&](std::int64_t begin, std::int64_t end) {
      run_best<AddInPlace, T*, const T*>(to + begin, from + begin, end - begin);
    });
  });
}

void expand_into(const Value& value, const Value& to) {
  if (value.shape == to.shape || to.shape.numel() == 0) {
    std::memmove(to.storage->data(), value.storage->data(),
                 static_cast<std::size_t>(to.shape.numel()) * size_of(to.dtype));
    return;
  }
  dispatch(value.dtype, [&]<class T>() {
    if (value.shape.numel() == 1) return fill_elements(to, *value.data<T>());
    const int rank = to.shape.dim();
    expand_axis(value.data<T>(), to.data<T>(), to.shape, broadcast_strides(value.shape, rank), 0);
  });
}

}  // namespace xgrad::detail

#include "kernels/recurrence.hpp"

#include <algorithm>

#include "kernels/gemm.hpp"
#include "kernels/strided.hpp"
#include "kernels/workspace.hpp"

namespace xgrad::detail {
namespace {

template <class T>
void multiply(const GemmShape& size, const T* a, const T* b, const T* bias, bool accumulate, T* c) {
  gemm(dtype_of<T>, size, a, b, bias, accumulate, c);
}

// (rows, columns) to (columns, rows), once for all steps.
template <class T>
void turn(std::int64_t rows, std::int64_t columns, const void* x, T* y) {
  StridedRegion turned;
  turned.add_axis(columns, 1);
  turned.add_axis(rows, columns);
  if (rows * columns > 0) copy_from_region(dtype_of<T>, turned, x, y);
}

// Calls f(row) for the rows that are not active.
template <class F>
void for_idle_rows(const StepRows& rows, F f) {
  if (rows.lengths == nullptr) return;
  for (std::int64_t k = 0; k < rows.batch; ++k)
    if (!rows.is_active(k)) f(k);
}

// Rows of n numbers that are not active stay as they were before.
template <class T>
void keep_idle(const StepRows& rows, std::int64_t n, const T* before, T* after) {
  for_idle_rows(rows, [&](std::int64_t k) { std::copy_n(before + k * n, n, after + k * n); });
}

// A sequence, or null: its rows at a step.
template <class T, class Void>
T* rows_of(Void* sequence, const Recurrence& r, std::int64_t step, std::int64_t n) {
  return sequence == nullptr ? nullptr : static_cast<T*>(sequence) + step * r.batch * n;
}

template <class T>
class Forward {
 public:
  Forward(const Recurrence& r, const RecurrentPass& p)
      : r_(r),
        p_(p),
        weight_hh_(r.state * r.gates()),
        weight_hr_(p.weight_hr == nullptr ? 0 : r.state * r.hidden),
        hidden_(p.weight_hr == nullptr ? 0 : r.batch * r.hidden),
        from_state_(r.cell == Cell::gru ? r.batch * r.gates() : 0) {
    turn(r.gates(), r.state, p.weight_hh, weight_hh_.data());
    if (p.weight_hr != nullptr) turn(r.state, r.hidden, p.weight_hr, weight_hr_.data());
  }

  void run() const {
    const T *h = static_cast<const T*>(p_.h_0), *c = static_cast<const T*>(p_.c_0);
    for (std::int64_t k = 0; k < r_.steps; ++k) {
      const std::int64_t t = r_.step_at(k);
      const StepRows rows = r_.rows_at(t);
      T *const state = rows_of<T>(p_.states, r_, t, r_.state), *const cells = rows_of<T>(
                                                                   p_.cells, r_, t, r_.hidden);
      step(rows, h, c, state, cells);
      keep_idle(rows, r_.state, h, state);
      if (r_.cell == Cell::lstm) keep_idle(rows, r_.hidden, c, cells);
      h = state, c = cells;
    }
  }

 private:
  void step(const StepRows& rows, const T* h, const T* c, T* state, T* cells) const {
    T* const gates = rows_of<T>(p_.gates, r_, rows.step, r_.gates());
    T* const hidden = p_.weight_hr == nullptr ? state : hidden_.data();
    const GemmShape product{.m = r_.batch, .n = r_.gates(), .k = r_.state};
    if (r_.cell == Cell::gru) {
      multiply(product, h, weight_hh_.data(), static_cast<const T*>(p_.bias_hh), false,
               from_state_.data());
      return gru_step(rows, gates, from_state_.data(), h, cells, state);
    }
    multiply<T>(product, h, weight_hh_.data(), nullptr, true, gates);
    if (r_.cell != Cell::lstm) return rnn_step(rows, r_.cell, gates);
    lstm_step(rows, gates, c, cells, hidden);
    if (p_.weight_hr != nullptr)
      multiply<T>({.m = r_.batch, .n = r_.state, .k = r_.hidden}, hidden, weight_hr_.data(),
                  nullptr, false, state);
  }

  const Recurrence& r_;
  const RecurrentPass& p_;
  const Workspace<T> weight_hh_, weight_hr_, hidden_, from_state_;
};

template <class T>
class Backward {
 public:
  Backward(const Recurrence& r, const RecurrentPass& p, const RecurrentGradients& g)
      : r_(r),
        p_(p),
        g_(g),
        dhidden_(p.weight_hr == nullptr ? 0 : r.batch * r.hidden),
        dh_(static_cast<T*>(g.dh_0)) {}

  void run() const {
    start(g_.dh_n, r_.state, dh_);
    if (r_.cell == Cell::lstm) start(g_.dc_n, r_.hidden, static_cast<T*>(g_.dc_0));
    for (std::int64_t k = r_.steps; k-- > 0;) step(k);
  }

 private:
  void start(const void* upstream, std::int64_t n, T* d) const {
    if (upstream == nullptr)
      std::fill_n(d, r_.batch * n, T(0));
    else
      std::copy_n(static_cast<const T*>(upstream), r_.batch * n, d);
  }
  // Of a sequence, what was there before the k-th step.
  const T* before(std::int64_t k, const void* first, const void* sequence, std::int64_t n) const {
    return k == 0 ? static_cast<const T*>(first)
                  : rows_of<const T>(sequence, r_, r_.step_at(k - 1), n);
  }

  void step(std::int64_t k) const {
    const StepRows rows = r_.rows_at(r_.step_at(k));
    const auto at = [&]<class Void>(Void* sequence, std::int64_t n) {
      using Element = std::conditional_t<std::is_const_v<Void>, const T, T>;
      return rows_of<Element>(sequence, r_, rows.step, n);
    };
    if (const T* const up = at(g_.dstates, r_.state); up != nullptr)
      for (std::int64_t i = 0; i < r_.batch * r_.state; ++i) dh_[i] += up[i];
    T *const dgates = at(g_.dgates, r_.gates()), *const dfrom_state =
                                                     at(g_.dfrom_state, r_.gates());
    const T *const gates = at(p_.gates, r_.gates()), *const cells = at(p_.cells, r_.hidden);
    if (r_.cell == Cell::gru) {
      gru_step_gradient(rows, gates, cells, before(k, p_.h_0, p_.states, r_.state), dh_, dgates,
                        dfrom_state);
      return go_back(dfrom_state, true);
    }
    if (r_.cell == Cell::lstm)
      lstm_step_gradient(rows, gates, before(k, p_.c_0, p_.cells, r_.hidden), cells,
                         before_projection(rows, k, at(g_.dprojected, r_.state)),
                         static_cast<T*>(g_.dc_0), dgates, at(g_.hidden, r_.hidden));
    else
      rnn_step_gradient(rows, r_.cell, gates, dh_, dgates);
    go_back(dgates, hand_over(rows));
  }

  // dh of the active rows before the projection; null where nothing has arrived, so that the output
  // gate's gradient is 0 whatever its value.
  const T* before_projection(const StepRows& rows, std::int64_t k, T* dprojected) const {
    const bool none = k == r_.steps - 1 && g_.dstates == nullptr && g_.dh_n == nullptr;
    if (p_.weight_hr == nullptr) return none ? nullptr : dh_;
    std::copy_n(dh_, r_.batch * r_.state, dprojected);
    for_idle_rows(
        rows, [&](std::int64_t row) { std::fill_n(dprojected + row * r_.state, r_.state, T(0)); });
    multiply<T>({.m = r_.batch, .n = r_.hidden, .k = r_.state}, dprojected,
                static_cast<const T*>(p_.weight_hr), nullptr, false, dhidden_.data());
    return none ? nullptr : dhidden_.data();
  }

  // What is left in dh for the step before: that of rows which are not active. False if there is
  // nothing, and dh may be overwritten.
  bool hand_over(const StepRows& rows) const {
    if (rows.lengths == nullptr) return false;
    for (std::int64_t k = 0; k < rows.batch; ++k)
      if (rows.is_active(k)) std::fill_n(dh_ + k * r_.state, r_.state, T(0));
    return true;
  }

  void go_back(const T* dsums, bool accumulate) const {
    multiply<T>({.m = r_.batch, .n = r_.state, .k = r_.gates()}, dsums,
                static_cast<const T*>(p_.weight_hh), nullptr, accumulate, dh_);
  }

  const Recurrence& r_;
  const RecurrentPass& p_;
  const RecurrentGradients& g_;
  const Workspace<T> dhidden_;
  T* const dh_;
};

}  // namespace

void recurrence_forward(DType dtype, const Recurrence& size, const RecurrentPass& pass) {
  dispatch_floating(dtype, [&]<class T>() { Forward<T>(size, pass).run(); });
}

void recurrence_backward(DType dtype, const Recurrence& size, const RecurrentPass& pass,
                         const RecurrentGradients& gradients) {
  dispatch_floating(dtype, [&]<class T>() { Backward<T>(size, pass, gradients).run(); });
}

// States but the last, shifted by a step against dsums, in one product; and the first step's.
void recurrence_weight_gradient(DType dtype, const Recurrence& r, const void* dsums,
                                const void* states, const void* h_0, bool accumulate,
                                void* dweight) {
  dispatch_floating(dtype, [&]<class T>() {
    const std::int64_t shifted = r.steps - 1;
    const auto add = [&](std::int64_t steps, const T* d, const T* h, bool more) {
      multiply<T>({.m = r.gates(), .n = r.state, .k = steps * r.batch, .transpose_a = true}, d, h,
                  nullptr, more, static_cast<T*>(dweight));
    };
    add(1, rows_of<const T>(dsums, r, r.step_at(0), r.gates()), static_cast<const T*>(h_0),
        accumulate);
    if (shifted > 0)
      add(shifted, rows_of<const T>(dsums, r, r.reverse ? 0 : 1, r.gates()),
          rows_of<const T>(states, r, r.reverse ? 1 : 0, r.state), true);
  });
}

}  // namespace xgrad::detail

#include "kernels/recurrent_cells.hpp"

#include <algorithm>

#include <xgrad/graph/parallel.hpp>
#include <xgrad/ops/formula/lane_functions.hpp>

#include "kernels/lane_loops.hpp"

namespace xgrad::detail {
namespace {

struct TanhRow {
  template <class Width, class T>
  static void run(std::int64_t n, T* h) {
    using L = Lane<T, Width>;
    for_lanes<L>(n, [&](std::int64_t i, int c) { store(tanh(load<L>(h, i, c)), h, i, c); });
  }
};
struct ReluRow {
  template <class Width, class T>
  static void run(std::int64_t n, T* h) {
    using L = Lane<T, Width>;
    for_lanes<L>(n, [&](std::int64_t i, int c) { store(max(load<L>(h, i, c), L(0)), h, i, c); });
  }
};

struct TanhGradientRow {
  template <class Width, class T>
  static void run(std::int64_t n, const T* h, const T* dh, T* dgates) {
    using L = Lane<T, Width>;
    for_lanes<L>(n, [&](std::int64_t i, int c) {
      const L y = load<L>(h, i, c);
      store(load<L>(dh, i, c) * (L(1) - y * y), dgates, i, c);
    });
  }
};
struct ReluGradientRow {
  template <class Width, class T>
  static void run(std::int64_t n, const T* h, const T* dh, T* dgates) {
    using L = Lane<T, Width>;
    for_lanes<L>(n, [&](std::int64_t i, int c) {
      store(where(load<L>(h, i, c) <= L(0), L(0), load<L>(dh, i, c)), dgates, i, c);
    });
  }
};

struct LstmRow {
  template <class Width, class T>
  static void run(std::int64_t n, T* gates, const T* c_before, T* cell, T* h) {
    using L = Lane<T, Width>;
    T *const i = gates, *const f = i + n, *const g = f + n, *const o = g + n;
    for_lanes<L>(n, [&](std::int64_t k, int c) {
      const L in = sigmoid(load<L>(i, k, c)), forget = sigmoid(load<L>(f, k, c)),
              fresh = tanh(load<L>(g, k, c)), out = sigmoid(load<L>(o, k, c));
      const L state = forget * load<L>(c_before, k, c) + in * fresh;
      store(in, i, k, c), store(forget, f, k, c), store(fresh, g, k, c), store(out, o, k, c);
      store(state, cell, k, c);
      store(out * tanh(state), h, k, c);
    });
  }
};
struct LstmGradientRow {
  template <class Width, class T>
  static void run(std::int64_t n, const T* gates, const T* c_before, const T* cell, const T* dh,
                  T* dc, T* dgates, T* h) {
    using L = Lane<T, Width>;
    for_lanes<L>(n, [&](std::int64_t k, int c) {
      const L i = load<L>(gates, k, c), f = load<L>(gates + n, k, c),
              g = load<L>(gates + 2 * n, k, c), o = load<L>(gates + 3 * n, k, c);
      const L squashed = tanh(load<L>(cell, k, c)), up = dh == nullptr ? L(0) : load<L>(dh, k, c);
      const L down = dh == nullptr ? load<L>(dc, k, c)
                                   : load<L>(dc, k, c) + up * o * (L(1) - squashed * squashed);
      store(down * g * i * (L(1) - i), dgates, k, c);
      store(down * load<L>(c_before, k, c) * f * (L(1) - f), dgates + n, k, c);
      store(down * i * (L(1) - g * g), dgates + 2 * n, k, c);
      store(dh == nullptr ? L(0) : up * squashed * o * (L(1) - o), dgates + 3 * n, k, c);
      store(down * f, dc, k, c);
      if (h != nullptr) store(o * squashed, h, k, c);
    });
  }
};

struct GruRow {
  template <class Width, class T>
  static void run(std::int64_t n, T* gates, const T* from_state, const T* h_before, T* hn, T* h) {
    using L = Lane<T, Width>;
    T *const r = gates, *const z = r + n, *const candidate = z + n;
    for_lanes<L>(n, [&](std::int64_t k, int c) {
      const L reset = sigmoid(load<L>(r, k, c) + load<L>(from_state, k, c)),
              update = sigmoid(load<L>(z, k, c) + load<L>(from_state + n, k, c)),
              state = load<L>(from_state + 2 * n, k, c),
              fresh = tanh(load<L>(candidate, k, c) + reset * state);
      store(reset, r, k, c), store(update, z, k, c), store(fresh, candidate, k, c);
      store(state, hn, k, c);
      store(fresh + update * (load<L>(h_before, k, c) - fresh), h, k, c);
    });
  }
};
struct GruGradientRow {
  template <class Width, class T>
  static void run(std::int64_t n, const T* gates, const T* hn, const T* h_before, T* dh, T* dgates,
                  T* dfrom_state) {
    using L = Lane<T, Width>;
    for_lanes<L>(n, [&](std::int64_t k, int c) {
      const L r = load<L>(gates, k, c), z = load<L>(gates + n, k, c),
              fresh = load<L>(gates + 2 * n, k, c), up = load<L>(dh, k, c);
      const L dn = up * (L(1) - z) * (L(1) - fresh * fresh),
              dr = dn * load<L>(hn, k, c) * r * (L(1) - r),
              dz = up * (load<L>(h_before, k, c) - fresh) * z * (L(1) - z);
      for (T* const to : {dgates, dfrom_state}) store(dr, to, k, c), store(dz, to + n, k, c);
      store(dn, dgates + 2 * n, k, c);
      store(dn * r, dfrom_state + 2 * n, k, c);
      store(up * z, dh, k, c);
    });
  }
};

// Calls active(row) or idle(row) for each row, on several threads. An element of a row costs as
// much as some 16 of cheap work: five functions of an LSTM's.
template <class Active, class Idle>
void for_rows(const StepRows& rows, Active active, Idle idle) {
  if (rows.hidden == 0) return;
  const std::int64_t grain = std::max<std::int64_t>(1, parallel_grain / 16 / rows.hidden);
  parallel_ranges(rows.batch, grain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t k = begin; k < end; ++k) rows.is_active(k) ? active(k) : idle(k);
  });
}
template <class Active>
void for_rows(const StepRows& rows, Active active) {
  for_rows(rows, active, [](std::int64_t) {});
}

}  // namespace

template <class T>
void rnn_step(const StepRows& rows, Cell cell, T* h) {
  const auto run = cell == Cell::rnn_relu ? best<ReluRow, std::int64_t, T*>()
                                          : best<TanhRow, std::int64_t, T*>();
  const std::int64_t n = rows.hidden;
  for_rows(rows, [=](std::int64_t k) { run(n, h + k * n); });
}

template <class T>
void rnn_step_gradient(const StepRows& rows, Cell cell, const T* h, const T* dh, T* dgates) {
  const auto run = cell == Cell::rnn_relu
                       ? best<ReluGradientRow, std::int64_t, const T*, const T*, T*>()
                       : best<TanhGradientRow, std::int64_t, const T*, const T*, T*>();
  const std::int64_t n = rows.hidden;
  for_rows(
      rows, [=](std::int64_t k) { run(n, h + k * n, dh + k * n, dgates + k * n); },
      [=](std::int64_t k) { std::fill_n(dgates + k * n, n, T(0)); });
}

template <class T>
void lstm_step(const StepRows& rows, T* gates, const T* c_before, T* c, T* h) {
  const auto run = best<LstmRow, std::int64_t, T*, const T*, T*, T*>();
  const std::int64_t n = rows.hidden;
  for_rows(rows, [=](std::int64_t k) {
    run(n, gates + 4 * k * n, c_before + k * n, c + k * n, h + k * n);
  });
}

template <class T>
void lstm_step_gradient(const StepRows& rows, const T* gates, const T* c_before, const T* c,
                        const T* dh, T* dc, T* dgates, T* h) {
  const auto run =
      best<LstmGradientRow, std::int64_t, const T*, const T*, const T*, const T*, T*, T*, T*>();
  const std::int64_t n = rows.hidden;
  for_rows(
      rows,
      [=](std::int64_t k) {
        run(n, gates + 4 * k * n, c_before + k * n, c + k * n, dh == nullptr ? nullptr : dh + k * n,
            dc + k * n, dgates + 4 * k * n, h == nullptr ? nullptr : h + k * n);
      },
      [=](std::int64_t k) {
        std::fill_n(dgates + 4 * k * n, 4 * n, T(0));
        if (h != nullptr) std::fill_n(h + k * n, n, T(0));
      });
}

template <class T>
void gru_step(const StepRows& rows, T* gates, const T* from_state, const T* h_before, T* hn, T* h) {
  const auto run = best<GruRow, std::int64_t, T*, const T*, const T*, T*, T*>();
  const std::int64_t n = rows.hidden;
  for_rows(rows, [=](std::int64_t k) {
    run(n, gates + 3 * k * n, from_state + 3 * k * n, h_before + k * n, hn + k * n, h + k * n);
  });
}

template <class T>
void gru_step_gradient(const StepRows& rows, const T* gates, const T* hn, const T* h_before, T* dh,
                       T* dgates, T* dfrom_state) {
  const auto run = best<GruGradientRow, std::int64_t, const T*, const T*, const T*, T*, T*, T*>();
  const std::int64_t n = rows.hidden;
  for_rows(
      rows,
      [=](std::int64_t k) {
        run(n, gates + 3 * k * n, hn + k * n, h_before + k * n, dh + k * n, dgates + 3 * k * n,
            dfrom_state + 3 * k * n);
      },
      [=](std::int64_t k) {
        std::fill_n(dgates + 3 * k * n, 3 * n, T(0));
        std::fill_n(dfrom_state + 3 * k * n, 3 * n, T(0));
      });
}

#define XGRAD_RECURRENT_STEPS(T)                                                                \
  template void rnn_step(const StepRows&, Cell, T*);                                            \
  template void rnn_step_gradient(const StepRows&, Cell, const T*, const T*, T*);               \
  template void lstm_step(const StepRows&, T*, const T*, T*, T*);                               \
  template void lstm_step_gradient(const StepRows&, const T*, const T*, const T*, const T*, T*, \
                                   T*, T*);                                                     \
  template void gru_step(const StepRows&, T*, const T*, const T*, T*, T*);                      \
  template void gru_step_gradient(const StepRows&, const T*, const T*, const T*, T*, T*, T*);
XGRAD_RECURRENT_STEPS(float)
XGRAD_RECURRENT_STEPS(double)
#undef XGRAD_RECURRENT_STEPS

}  // namespace xgrad::detail

// recurrent_cells.hpp: the gates of one time step of a recurrent layer, for a batch of rows.
#pragma once

#include <cstdint>

namespace xgrad::detail {

enum class Cell { rnn_tanh, rnn_relu, lstm, gru };

/// Blocks of `hidden` rows in the weights: i, f, g, o of an LSTM, r, z, n of a GRU.
constexpr std::int64_t gates_of(Cell cell) {
  return cell == Cell::lstm ? 4 : cell == Cell::gru ? 3 : 1;
}

/// The rows of a step. A row is active if `lengths` is null or lengths[row] > step; in the others
/// the functions below do nothing but what they say.
struct StepRows {
  std::int64_t batch, hidden;
  const std::int64_t* lengths = nullptr;
  std::int64_t step = 0;
  bool is_active(std::int64_t row) const { return lengths == nullptr || lengths[row] > step; }
};

// Rows of gates are `gates_of` blocks of `hidden` numbers each, other rows are one block. T is
// float or double. The same bits for any number of threads.

/// h = tanh(h) or relu(h).
template <class T>
void rnn_step(const StepRows& rows, Cell cell, T* h);
/// dgates = dh times the slope at h; 0 in rows that are not active.
template <class T>
void rnn_step_gradient(const StepRows& rows, Cell cell, const T* h, const T* dh, T* dgates);

/// gates, sums before, are activated: c = f c_before + i g, h = o tanh(c).
template <class T>
void lstm_step(const StepRows& rows, T* gates, const T* c_before, T* c, T* h);
/// dgates for the sums, from dh, null for none, and dc; dc becomes dc_before. If h is not null, it
/// is computed again. In rows that are not active dgates and h are 0.
template <class T>
void lstm_step_gradient(const StepRows& rows, const T* gates, const T* c_before, const T* c,
                        const T* dh, T* dc, T* dgates, T* h);

/// gates, sums of the inputs' part before, are activated with the state's part `from_state`:
/// n = tanh(n + r hn), where hn is the state's part of n, which is kept; h = (1 - z) n + z
/// h_before.
template <class T>
void gru_step(const StepRows& rows, T* gates, const T* from_state, const T* h_before, T* hn, T* h);
/// dgates for the inputs' part, dfrom_state for the state's; dh becomes what goes to h_before
/// directly. In rows that are not active dgates and dfrom_state are 0.
template <class T>
void gru_step_gradient(const StepRows& rows, const T* gates, const T* hn, const T* h_before, T* dh,
                       T* dgates, T* dfrom_state);

}  // namespace xgrad::detail

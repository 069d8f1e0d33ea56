// anomaly.hpp: AnomalyMode, which finds the op that produced the first NaN or infinity.
#pragma once

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/grad_mode.hpp>

namespace xgrad {

/// Thrown in AnomalyMode. The message has the op, the line that called it, the number of NaN and
/// infinities, and the ranges of the op's inputs.
class AnomalyError : public detail::LocatedError<std::runtime_error> {
  using LocatedError::LocatedError;
};

namespace detail {
extern thread_local constinit bool detect_anomalies;
}

/// `AnomalyMode guard;` makes ops and local gradients of this thread throw an AnomalyError, until
/// the end of the scope, if they produce a NaN although no input has one, or an infinity although
/// no input has a NaN or an infinity. Numbers such as -INFINITY count as inputs, so masking with
/// them is not an anomaly.
///
/// The mode checks every element of every result and keeps all values of the graph alive for its
/// messages: use it for debugging, not for training. Both record and sweep the graph in the scope.
///
///     AnomalyMode guard;
///     Tensor loss = -log(p).mean();  // log: the result [4] has ... infinities ... input 0 is ...
class [[nodiscard]] AnomalyMode {
 public:
  [[nodiscard]] AnomalyMode() noexcept : before_(detail::detect_anomalies) {
    detail::detect_anomalies = true;
  }
  ~AnomalyMode() { detail::detect_anomalies = before_; }
  AnomalyMode(const AnomalyMode&) = delete;
  AnomalyMode& operator=(const AnomalyMode&) = delete;

 private:
  KeepValues keep_;
  bool before_;
};

}  // namespace xgrad

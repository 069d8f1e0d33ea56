// anomaly.hpp: which op made the first NaN.
#pragma once

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/grad_mode.hpp>

namespace xgrad {

/// What AnomalyMode throws: the op, where it was called, what it made, and its inputs' ranges.
class AnomalyError : public detail::LocatedError<std::runtime_error> {
  using LocatedError::LocatedError;
};

namespace detail {
extern thread_local constinit bool detect_anomalies;
}

/// `AnomalyMode guard;`: until the end of the scope, the first op of this thread, or the first
/// local gradient of a sweep, that makes a NaN where none went in, or an infinity where neither
/// did, throws an AnomalyError. Numbers like -INFINITY count as what went in: masks are no anomaly.
///
/// Looks at all elements of all results, and keeps all values of the graph, so that messages can
/// show ranges: for finding errors, not for training. Make the graph and sweep it in the scope.
///
///     AnomalyMode guard;
///     Tensor loss = -log(p).mean();  // log made ... infinities ... input 0 is ...
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

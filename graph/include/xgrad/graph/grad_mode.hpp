// grad_mode.hpp: whether ops enter the graph, per thread.
#pragma once

namespace xgrad {

namespace detail {
extern thread_local constinit bool grad_enabled;
extern thread_local constinit bool keep_values;
}  // namespace detail

/// Whether ops of this thread are recorded.
inline bool is_grad_enabled() noexcept { return detail::grad_enabled; }

// Guards have [[nodiscard]] on their constructors as well: g++ does not heed it on a class alone.

/// Records nothing, or everything again, until the end of the scope.
class [[nodiscard]] GradModeGuard {
 public:
  [[nodiscard]] explicit GradModeGuard(bool enabled) noexcept : before_(detail::grad_enabled) {
    detail::grad_enabled = enabled;
  }
  ~GradModeGuard() { detail::grad_enabled = before_; }
  GradModeGuard(const GradModeGuard&) = delete;
  GradModeGuard& operator=(const GradModeGuard&) = delete;

 private:
  bool before_;
};

/// `NoGrad guard;`: nothing computed in this scope has a history.
struct [[nodiscard]] NoGrad : GradModeGuard {
  [[nodiscard]] NoGrad() noexcept : GradModeGuard(false) {}
};

/// `EnableGrad guard;`: the opposite, inside a NoGrad scope.
struct [[nodiscard]] EnableGrad : GradModeGuard {
  [[nodiscard]] EnableGrad() noexcept : GradModeGuard(true) {}
};

/// `KeepValues guard;`: what is computed in this scope keeps the values of all its inputs, needed
/// for gradients or not, for `explain` and other tools that look at a graph. Costs their memory.
class [[nodiscard]] KeepValues {
 public:
  [[nodiscard]] KeepValues() noexcept : before_(detail::keep_values) { detail::keep_values = true; }
  ~KeepValues() { detail::keep_values = before_; }
  KeepValues(const KeepValues&) = delete;
  KeepValues& operator=(const KeepValues&) = delete;

 private:
  bool before_;
};

}  // namespace xgrad

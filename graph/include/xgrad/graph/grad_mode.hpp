// grad_mode.hpp: whether this thread records ops in the graph.
#pragma once

namespace xgrad {

namespace detail {
extern thread_local constinit bool grad_enabled;
extern thread_local constinit bool keep_values;
}  // namespace detail

/// Whether this thread records ops.
inline bool is_grad_enabled() noexcept { return detail::grad_enabled; }

// Guards have [[nodiscard]] on their constructors as well, because g++ ignores it on the class.

/// Sets grad mode until the end of the scope.
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

/// `NoGrad guard;` turns grad mode off: results computed in this scope have no history.
struct [[nodiscard]] NoGrad : GradModeGuard {
  [[nodiscard]] NoGrad() noexcept : GradModeGuard(false) {}
};

/// `EnableGrad guard;` turns grad mode on again, for example inside a NoGrad scope.
struct [[nodiscard]] EnableGrad : GradModeGuard {
  [[nodiscard]] EnableGrad() noexcept : GradModeGuard(true) {}
};

/// `KeepValues guard;` makes ops in this scope save all their inputs, whether or not a gradient
/// needs them, so that `explain` and other tools can show the values. This costs the memory of the
/// values.
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

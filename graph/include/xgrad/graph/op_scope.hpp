// op_scope.hpp: OpScope, which makes an op composed of other ops look like one op.
#pragma once

#include <string_view>
#include <utility>

#include <xgrad/graph/site.hpp>

namespace xgrad {

class Operand;

namespace detail {
/// The op that the user called, and the line of the call.
struct CalledOp {
  const char* op = nullptr;
  Site site;
};
/// The current call of this thread; null outside of ops.
extern thread_local constinit const CalledOp* called_op;
}  // namespace detail

/// Makes a composite op appear as a single op. Every composite opens a scope first.
///
///     Tensor silu(Operand x) {
///       const OpScope scope("silu", x);
///       const Tensor source = x.materialize();
///       return source * sigmoid(source);
///     }
///
/// While the scope is open, nodes that this thread creates get the line of the composite's call,
/// and so do nodes that their local gradients create for higher orders. Errors start with the
/// composite's name and end with that line. Of nested scopes the outermost one counts, since it
/// belongs to the call in the user's code. User functions that the library calls (a checkpointed
/// function, a hook, the local gradient of an op that was recorded outside of any scope) run with
/// the scope suspended, so that ops in them get their own lines.
class OpScope {
 public:
  /// @param op    a string literal.
  /// @param site  the user's line, for composites that take no operand.
  OpScope(const char* op, Site site) noexcept : call_{op, site} {
    if (before_ == nullptr) detail::called_op = &call_;
  }
  /// Takes the line from an operand.
  OpScope(const char* op, const Operand& x) noexcept;
  ~OpScope() { detail::called_op = before_; }
  OpScope(const OpScope&) = delete;
  OpScope& operator=(const OpScope&) = delete;

 private:
  const detail::CalledOp call_;
  const detail::CalledOp* const before_ = detail::called_op;
};

namespace detail {

/// The line of the current call, or `other` if there is no call or its line is unknown.
inline Site site_or(Site other) noexcept {
  return called_op != nullptr && called_op->site.file != nullptr ? called_op->site : other;
}
/// The name of the current op, or "" if there is none or the message already starts with it.
std::string_view op_prefix(std::string_view message) noexcept;

/// Replaces the current call until the end of the scope: by none while a user function runs, by a
/// node's call while its local gradient runs, and in a worker thread by the call that it works for.
class OpScopeGuard {
 public:
  explicit OpScopeGuard(const CalledOp* other = nullptr) noexcept
      : before_(std::exchange(called_op, other)) {}
  ~OpScopeGuard() { called_op = before_; }
  OpScopeGuard(const OpScopeGuard&) = delete;
  OpScopeGuard& operator=(const OpScopeGuard&) = delete;

 private:
  const CalledOp* const before_;
};

}  // namespace detail
}  // namespace xgrad

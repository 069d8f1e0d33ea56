// op_scope.hpp: the call of an op that is made of other ops.
#pragma once

#include <string_view>
#include <utility>

#include <xgrad/graph/site.hpp>

namespace xgrad {

class Operand;

namespace detail {
/// The op that the user called, and the line.
struct CalledOp {
  const char* op = nullptr;
  Site site;
};
/// The one under way in this thread; null where the user calls the next op.
extern thread_local constinit const CalledOp* called_op;
}  // namespace detail

/// Makes several ops one to the user: a composite opens a scope first thing.
///
///     Tensor silu(Operand x) {
///       const OpScope scope("silu", x);
///       const Tensor source = x.materialize();
///       return source * sigmoid(source);
///     }
///
/// While it lives, every node that this thread makes has the line of the composite's call, and so
/// have the nodes that local gradients make of them for higher orders; errors begin with the
/// composite's name and end with that line. Of nested scopes the outermost counts: it is the call
/// in the user's code. Functions of the user that the library calls (a checkpointed function, a
/// hook, the local gradient of an op that was recorded outside of any scope) run outside of it, so
/// that ops in them have their own lines.
class OpScope {
 public:
  /// @param op    a string literal.
  /// @param site  the user's line; the scope of a composite that takes no operand needs it.
  OpScope(const char* op, Site site) noexcept : call_{op, site} {
    if (before_ == nullptr) detail::called_op = &call_;
  }
  /// The line in which the operand was written.
  OpScope(const char* op, const Operand& x) noexcept;
  ~OpScope() { detail::called_op = before_; }
  OpScope(const OpScope&) = delete;
  OpScope& operator=(const OpScope&) = delete;

 private:
  const detail::CalledOp call_;
  const detail::CalledOp* const before_ = detail::called_op;
};

namespace detail {

/// The line of the call under way, or the other one where there is none or it has no line.
inline Site site_or(Site other) noexcept {
  return called_op != nullptr && called_op->site.file != nullptr ? called_op->site : other;
}
/// The name of the op under way; "" for none, or if the message begins with it.
std::string_view op_prefix(std::string_view message) noexcept;

/// Puts another call in the place of the one under way: none while a function of the user runs, a
/// node's while its local gradient runs, and in a worker thread the call that it works for.
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

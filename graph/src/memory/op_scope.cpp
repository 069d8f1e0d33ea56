#include <xgrad/graph/op_scope.hpp>

namespace xgrad::detail {

thread_local constinit const CalledOp* called_op = nullptr;

std::string_view op_prefix(std::string_view message) noexcept {
  if (called_op == nullptr) return {};
  const std::string_view op = called_op->op;
  const bool is_told =
      message.starts_with(op) &&
      (message.size() == op.size() || message[op.size()] == ':' || message[op.size()] == ' ');
  return is_told ? std::string_view() : op;
}

}  // namespace xgrad::detail

#include <xgrad/graph/op_call.hpp>

namespace xgrad::detail {
namespace {

struct Call {
  const char* op = nullptr;
  Site site;
};
constinit thread_local Call current;

}  // namespace

OpCall::OpCall(const char* op, Site site) noexcept : is_outermost_(current.op == nullptr) {
  if (is_outermost_) current = {op, site};
}
OpCall::~OpCall() {
  if (is_outermost_) current = {};
}

Site OpCall::site_or(Site other) noexcept {
  return current.site.file != nullptr ? current.site : other;
}

std::string_view OpCall::prefix(std::string_view message) noexcept {
  if (current.op == nullptr) return {};
  const std::string_view op = current.op;
  const bool is_told =
      message.starts_with(op) &&
      (message.size() == op.size() || message[op.size()] == ':' || message[op.size()] == ' ');
  return is_told ? std::string_view() : op;
}

}  // namespace xgrad::detail

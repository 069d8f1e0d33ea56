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

const char* OpCall::op() noexcept { return current.op; }

Site OpCall::site_or(Site other) noexcept {
  return current.site.file != nullptr ? current.site : other;
}

std::string OpCall::named(const std::string& message) {
  if (current.op == nullptr) return message;
  const std::string prefix = std::string(current.op) + ": ";
  return message.starts_with(prefix) ? message : prefix + message;
}

}  // namespace xgrad::detail

// op_call.hpp: the call of an op that is made of other ops, for the errors of those.
#pragma once

#include <string_view>

#include <xgrad/graph/site.hpp>

namespace xgrad::detail {

/// While it lives, an error of this thread begins with the op's name and has the line that called
/// it: without it, an op inside would tell its own name and a line of the library. The outermost
/// call counts.
class OpCall {
 public:
  OpCall(const char* op, Site site) noexcept;
  ~OpCall();
  OpCall(const OpCall&) = delete;
  OpCall& operator=(const OpCall&) = delete;

  /// Its line, or the other one where no call is under way or its line is not known.
  static Site site_or(Site other) noexcept;
  /// The name of the call under way; "" for none, or if the message begins with it.
  static std::string_view prefix(std::string_view message) noexcept;

 private:
  bool is_outermost_;
};

}  // namespace xgrad::detail

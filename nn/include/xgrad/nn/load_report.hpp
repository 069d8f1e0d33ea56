// load_report.hpp: what Module::load_state_dict can do, and what it tells.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <vector>

namespace xgrad::nn {

/// A regular expression (ECMAScript, as std::regex) and what takes the place of its matches in
/// names: `{"^module\\.", ""}`, `{"^layer(\\d+)", "blocks.$1"}`.
struct Rename {
  std::string pattern, replacement;
};

struct LoadStateOptions {
  bool strict = true;               ///< throw if anything does not fit, instead of reporting it
  std::vector<Rename> rename = {};  ///< applied to each name of the state, in this order
};

/// What of a state and a module did not fit. Empty if loading was strict.
struct LoadReport {
  /// A name that both have, with another type, shape or dtype in the state; it was not loaded.
  struct Mismatch {
    std::string key, expected, found;
  };
  /// A missing key, and the unexpected one that is most like it.
  struct Similar {
    std::string missing, unexpected;
  };
  std::size_t loaded = 0;  ///< how many tensors were loaded
  std::vector<std::string> missing_keys, unexpected_keys;
  std::vector<Mismatch> mismatched_keys;
  std::vector<Similar> similar_keys;

  /// Whether everything fitted.
  bool fits() const noexcept {
    return missing_keys.empty() && unexpected_keys.empty() && mismatched_keys.empty();
  }
};

/// The report as text, in PyTorch's words, one line for each name. <xgrad/nn/format.hpp> has the
/// formatter: `fmt::print("{}", report)`.
std::string to_string(const LoadReport& report);
std::ostream& operator<<(std::ostream& out, const LoadReport& report);

}  // namespace xgrad::nn

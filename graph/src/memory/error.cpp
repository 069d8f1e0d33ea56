#include <xgrad/graph/error.hpp>

#include <algorithm>
#include <initializer_list>

#include <fmt/format.h>

#include <xgrad/graph/dtype.hpp>

namespace xgrad {

Error::~Error() = default;
ShapeError::~ShapeError() = default;
DTypeError::~DTypeError() = default;
GraphError::~GraphError() = default;
IoError::~IoError() = default;
MemoryError::~MemoryError() = default;
ValueError::~ValueError() = default;

MemoryError::MemoryError(std::string_view message, Site site) noexcept : Error(site), message_{} {
  char* at = message_.data();
  const char* const end = at + message_.size() - 1;
  const auto append = [&](std::initializer_list<std::string_view> texts) {  // as much as fits
    for (const std::string_view text : texts)
      at = std::copy_n(text.data(), std::min(text.size(), static_cast<std::size_t>(end - at)), at);
  };
  const std::string_view op = detail::op_prefix(message);
  if (!op.empty()) append({op, ": "});
  append({message});
  const Site told = this->site();
  if (told.file != nullptr)
    append({" (at ", told.file, ":", fmt::format_int(told.line).c_str(), ")"});
  *at = '\0';
}

}  // namespace xgrad

namespace xgrad::detail {

void throw_not_floating(DType d) {
  throw DTypeError(
      fmt::format("a float32 or float64 kernel was called with dtype {}; this is a bug "
                  "in xgrad, please report it",
                  name(d)));
}

namespace {
std::string located(const std::string& message, Site site) {
  const Site at = site_or(site);
  const std::string_view op = op_prefix(message);
  const std::string named = op.empty() ? message : fmt::format("{}: {}", op, message);
  return at.file == nullptr ? named : fmt::format("{} (at {}:{})", named, at.file, at.line);
}
}  // namespace

template <class Standard>
LocatedError<Standard>::LocatedError(const std::string& message, Site site)
    : Error(site), Standard(located(message, site)) {}
template <class Standard>
LocatedError<Standard>::~LocatedError() = default;
template <class Standard>
const char* LocatedError<Standard>::what() const noexcept {
  return Standard::what();
}
template class LocatedError<std::invalid_argument>;
template class LocatedError<std::logic_error>;
template class LocatedError<std::runtime_error>;

}  // namespace xgrad::detail

#include <xgrad/data/sample_error.hpp>

#include <span>
#include <string>
#include <typeinfo>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <xgrad/graph/error.hpp>

namespace xgrad::data {

SampleError::~SampleError() = default;

namespace {

template <class E>
class WithSamples : public E, public SampleError {
 public:
  template <class... Arguments>
  explicit WithSamples(SampleError samples, const Arguments&... arguments)
      : E(arguments...), SampleError(std::move(samples)) {}
};

// "sample 7" or "a batch of samples 7, 2, 3, ...".
std::string told(const std::vector<std::int64_t>& samples) {
  if (samples.size() == 1) return fmt::format("sample {}", samples[0]);
  const std::size_t shown = std::min<std::size_t>(samples.size(), 8);
  return fmt::format("a batch of samples {}{}", fmt::join(std::span(samples).first(shown), ", "),
                     shown < samples.size() ? ", ..." : "");
}

std::string message(std::string text, const SampleError& samples) {
  return fmt::format("{} (in {}, epoch {})", text, told(samples.samples()), samples.epoch());
}

// The message without the site, which the new error appends again.
std::string without_site(const char* what, Site site) {
  std::string text = what;
  const std::string end =
      site.file == nullptr ? std::string() : fmt::format(" (at {}:{})", site.file, site.line);
  if (text.ends_with(end)) text.resize(text.size() - end.size());
  return text;
}

template <class E>
[[noreturn]] void throw_like(const E& error, const SampleError& samples) {
  if constexpr (std::derived_from<E, Error>)
    throw WithSamples<E>(samples, message(without_site(error.what(), error.site()), samples),
                         error.site());
  else
    throw WithSamples<E>(samples, message(error.what(), samples));
}

// Exactly of that type: what derives from it has more to tell than this could keep.
template <class... E>
void throw_if_known(const std::exception& error, const SampleError& samples) {
  (
      [&] {
        if (typeid(error) == typeid(E)) throw_like(dynamic_cast<const E&>(error), samples);
      }(),
      ...);
}

}  // namespace

void detail::rethrow_with_samples(const std::vector<std::int64_t>& samples, std::uint64_t epoch) {
  const xgrad::detail::OpScopeGuard no_scope;  // its op is in the message already
  try {
    throw;
  } catch (const std::exception& error) {
    throw_if_known<IoError, ValueError, ShapeError, DTypeError, GraphError, std::runtime_error,
                   std::range_error, std::overflow_error, std::underflow_error, std::logic_error,
                   std::invalid_argument, std::out_of_range, std::domain_error, std::length_error>(
        error, {samples, epoch});
    throw;
  }
}

}  // namespace xgrad::data

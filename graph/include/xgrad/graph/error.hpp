// error.hpp: the library's exceptions. Messages name the op, what arrived, and what is valid.
#pragma once

#include <array>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>

#include <xgrad/graph/op_scope.hpp>
#include <xgrad/graph/site.hpp>

namespace xgrad {

/// Base of all exceptions that xgrad throws. Each also derives from a standard exception class. If
/// not even a few bytes can be allocated, a plain std::bad_alloc may be thrown instead.
class Error {
 public:
  virtual ~Error();
  virtual const char* what() const noexcept = 0;
  /// The line of the user's code that called the op. The file is null if it is unknown.
  Site site() const noexcept { return site_; }

 protected:
  explicit Error(Site site) : site_(detail::site_or(site)) {}

 private:
  Site site_;
};

namespace detail {

/// An error that derives from a standard exception class. Its message ends with the site:
/// "message (at model.cpp:12)". If an OpScope is open, the message also starts with its op, and the
/// site is that of the scope. An unknown site is left out.
template <class Standard>
class LocatedError : public Error, public Standard {
 public:
  explicit LocatedError(const std::string& message, Site site = {});
  ~LocatedError() override;
  const char* what() const noexcept override;
};
// Instantiated once, since nearly every source throws.
extern template class LocatedError<std::invalid_argument>;
extern template class LocatedError<std::logic_error>;
extern template class LocatedError<std::runtime_error>;

}  // namespace detail

/// Invalid shapes, axes or sizes, or shapes that do not match.
class ShapeError : public detail::LocatedError<std::invalid_argument> {
 public:
  using LocatedError::LocatedError;
  ~ShapeError() override;
};

/// A dtype that the op does not support, or that is not the tensor's.
class DTypeError : public detail::LocatedError<std::invalid_argument> {
 public:
  using LocatedError::LocatedError;
  ~DTypeError() override;
};

/// Misuse of the graph: a second backward, a saved value changed in place, an undefined tensor.
class GraphError : public detail::LocatedError<std::logic_error> {
 public:
  using LocatedError::LocatedError;
  ~GraphError() override;
};

/// A file that is missing, truncated, or of the wrong format.
class IoError : public detail::LocatedError<std::runtime_error> {
 public:
  using LocatedError::LocatedError;
  ~IoError() override;
};

/// A failed allocation. The message names the op if it is known, the number of bytes and, for a
/// tensor, its shape. Nothing has been changed, so the call can be repeated once memory is free.
class MemoryError : public Error, public std::bad_alloc {
 public:
  /// Truncates the message to the space in the object; allocates nothing.
  explicit MemoryError(std::string_view message, Site site = {}) noexcept;
  ~MemoryError() override;
  const char* what() const noexcept override { return message_.data(); }

 private:
  std::array<char, 512> message_;
};

/// An argument or option out of range, such as a negative learning rate or an empty batch.
class ValueError : public detail::LocatedError<std::invalid_argument> {
 public:
  using LocatedError::LocatedError;
  ~ValueError() override;
};

}  // namespace xgrad

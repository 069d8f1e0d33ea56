// error.hpp: what the library throws. Every message names the op, what arrived, and what would do.
#pragma once

#include <array>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>

#include <xgrad/graph/op_scope.hpp>
#include <xgrad/graph/site.hpp>

namespace xgrad {

/// Base of everything that xgrad throws, beside the standard class that each error also is. Where
/// not even a few bytes can be had, a plain std::bad_alloc may come instead.
class Error {
 public:
  virtual ~Error();
  virtual const char* what() const noexcept = 0;
  /// The line of the user's code that asked for it; no file where it is not known.
  Site site() const noexcept { return site_; }

 protected:
  explicit Error(Site site) : site_(detail::site_or(site)) {}

 private:
  Site site_;
};

namespace detail {

/// An error that is also the standard one. Its message is "message (at model.cpp:12)", or the bare
/// message where the site is unknown; both are told as those of the OpScope that is open.
template <class Standard>
class LocatedError : public Error, public Standard {
 public:
  explicit LocatedError(const std::string& message, Site site = {});
  ~LocatedError() override;
  const char* what() const noexcept override;
};
// Compiled once; nearly every source throws.
extern template class LocatedError<std::invalid_argument>;
extern template class LocatedError<std::logic_error>;
extern template class LocatedError<std::runtime_error>;

}  // namespace detail

/// Shapes, axes or sizes that do not go together.
class ShapeError : public detail::LocatedError<std::invalid_argument> {
 public:
  using LocatedError::LocatedError;
  ~ShapeError() override;
};

/// An element type that the op does not take, or a request for the wrong one.
class DTypeError : public detail::LocatedError<std::invalid_argument> {
 public:
  using LocatedError::LocatedError;
  ~DTypeError() override;
};

/// A misuse of the graph: a second backward, a value changed after it was read, ...
class GraphError : public detail::LocatedError<std::logic_error> {
 public:
  using LocatedError::LocatedError;
  ~GraphError() override;
};

/// A file that is missing, cut short, or not what it should be.
class IoError : public detail::LocatedError<std::runtime_error> {
 public:
  using LocatedError::LocatedError;
  ~IoError() override;
};

/// Memory that cannot be had. The message names the op, where that is known, the shape and the
/// bytes. Nothing has been changed: with less to hold, the same call may succeed.
class MemoryError : public Error, public std::bad_alloc {
 public:
  /// Cuts a message that is too long; asks for no memory.
  explicit MemoryError(std::string_view message, Site site = {}) noexcept;
  ~MemoryError() override;
  const char* what() const noexcept override { return message_.data(); }

 private:
  std::array<char, 512> message_;
};

/// An option out of its range (a negative learning rate, an empty batch).
class ValueError : public detail::LocatedError<std::invalid_argument> {
 public:
  using LocatedError::LocatedError;
  ~ValueError() override;
};

}  // namespace xgrad

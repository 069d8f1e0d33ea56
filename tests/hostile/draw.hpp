// draw.hpp: arguments of hostile calls: ordinary ones, and among them numbers, ranks, shapes and
// dtypes at their limits.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <xgrad/xgrad.hpp>

namespace xgrad::test {

/// Text of a fixed size, so that it can lie where another process still reads it after a crash.
class Note {
 public:
  void clear() noexcept { text_[0] = '\0', length_ = 0; }
  void append(std::string_view more) noexcept;
  const char* text() const noexcept { return text_; }

 private:
  static constexpr std::size_t capacity = std::size_t{1} << 14;
  std::size_t length_ = 0;
  char text_[capacity] = "";
};

/// Numbers at the limits of their type, of an int and of what memory holds.
extern const std::vector<std::int64_t> limits;

/// A random source of arguments; each argument that it gives is told in the note. The same seed
/// gives the same arguments.
class Draw {
 public:
  Draw(std::uint64_t seed, Note& note) : generator_(seed), note_(note) {}

  std::uint64_t bits();
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(bits() % bound); }
  bool chance(double p) { return static_cast<double>(bits() >> 11) * 0x1p-53 < p; }
  template <class T>
  const T& one_of(const std::vector<T>& choices) {
    return choices[below(choices.size())];
  }

  // Arguments.
  std::int64_t number();  ///< -2 to 5, or at a limit
  int dim();              ///< -3 to 3, or a limit of int
  bool flag();
  double real();
  std::string word(const std::vector<std::string>& known);
  Shape shape();
  Shape small_shape();
  std::vector<std::int64_t> numbers();
  std::vector<int> dims();
  Tensor tensor();     ///< any dtype and shape, now and then undefined
  Tensor floats();     ///< mostly a small one of a float dtype
  Tensor positions();  ///< mostly of int64, with limits among the elements
  std::vector<Tensor> tensors();
  std::vector<Index> indices();

  /// A tensor of the shape whose elements are ordinary or, `wild`, at limits.
  Tensor filled(const Shape& shape, DType dtype, bool wild);
  /// A shape that few expect: much rank, empty axes, empty axes beside huge ones.
  std::vector<std::int64_t> odd_shape();
  void tell(const std::string& argument) { note_.append(argument + ", "); }

 private:
  Generator generator_;
  Note& note_;
};

}  // namespace xgrad::test

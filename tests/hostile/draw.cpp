#include "hostile/draw.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace xgrad::test {
namespace {

const std::vector<double> real_limits = {NAN,   INFINITY, -INFINITY, 0,    -0.0,   -1,
                                         1e300, -1e300,   1e-300,    1e30, 0x1p40, 0x1p63};
const std::vector<DType> dtypes = {float64, float32, int64, bool_};

template <class T>
T element(Draw& d, bool wild) {
  if constexpr (std::is_same_v<T, bool>) return d.chance(0.5);
  if constexpr (std::is_integral_v<T>)
    return static_cast<T>(wild ? d.one_of(limits) : std::int64_t(d.below(4)) - 1);
  else
    return static_cast<T>(wild ? d.one_of(real_limits) : 0.25 * double(d.below(16)) - 1.5);
}

}  // namespace

const std::vector<std::int64_t> limits = {std::numeric_limits<std::int64_t>::min(),
                                          -(std::int64_t{1} << 40),
                                          std::numeric_limits<int>::min(),
                                          -1,
                                          0,
                                          1,
                                          std::numeric_limits<int>::max(),
                                          std::int64_t{1} << 31,
                                          std::int64_t{1} << 40,
                                          std::numeric_limits<std::int64_t>::max()};

void Note::append(std::string_view more) noexcept {
  const std::size_t n = std::min(more.size(), capacity - 1 - length_);
  std::memcpy(text_ + length_, more.data(), n);
  length_ += n;
  text_[length_] = '\0';
}

std::uint64_t Draw::bits() {
  const Generator::Bits b = generator_.next();
  return std::uint64_t{b.word[0]} << 32 | b.word[1];
}

std::int64_t Draw::number() {
  const std::int64_t n = chance(0.5) ? one_of(limits) : std::int64_t(below(8)) - 2;
  tell(fmt::format("{}", n));
  return n;
}
int Draw::dim() {
  const int n = chance(0.2) ? one_of(std::vector<int>{std::numeric_limits<int>::min(),
                                                      std::numeric_limits<int>::max(), 64})
                            : int(below(7)) - 3;
  tell(fmt::format("{}", n));
  return n;
}
bool Draw::flag() {
  const bool on = chance(0.5);
  tell(on ? "true" : "false");
  return on;
}
double Draw::real() {
  const double x = chance(0.5) ? one_of(real_limits) : 0.5 * double(below(8)) - 1;
  tell(fmt::format("{}", x));
  return x;
}
std::string Draw::word(const std::vector<std::string>& known) {
  const std::string w = chance(0.15) ? (chance(0.5) ? "" : "nonsense") : one_of(known);
  tell('"' + w + '"');
  return w;
}

std::vector<std::int64_t> Draw::odd_shape() {
  static const std::vector<std::size_t> ranks = {0,  1,  5,  8,  15, 16, 17,
                                                 31, 32, 33, 63, 64, 65, 70};
  static const std::vector<std::vector<std::int64_t>> empty = {{0},
                                                               {0, 0},
                                                               {3, 0},
                                                               {0, 3, 4},
                                                               {2, 0, 3, 4},
                                                               {0, 2, 4, 4},
                                                               {2, 3, 0, 0, 5},
                                                               {std::int64_t{1} << 40, 0},
                                                               {0, std::int64_t{1} << 31},
                                                               {2, std::int64_t{1} << 40, 0}};
  if (chance(0.6)) return one_of(empty);
  std::vector<std::int64_t> sizes(one_of(ranks), 1);
  if (!sizes.empty() && chance(0.6)) sizes[below(sizes.size())] = std::int64_t(below(4));
  return sizes;
}
Shape Draw::small_shape() {
  std::vector<std::int64_t> sizes(below(6));
  for (std::int64_t& n : sizes) n = std::int64_t(below(5));
  return sizes;
}
Shape Draw::shape() {
  Shape s = chance(0.5) ? Shape(odd_shape()) : small_shape();
  if (s.dim() > 0 && chance(0.4)) s[int(below(std::size_t(s.dim())))] = one_of(limits);
  tell(to_string(s));
  return s;
}
std::vector<std::int64_t> Draw::numbers() {
  std::vector<std::int64_t> list(chance(0.1) ? 70 : below(5));
  for (std::int64_t& n : list) n = chance(0.3) ? one_of(limits) : std::int64_t(below(4));
  tell(fmt::format("{{{}}}", fmt::join(list, ", ")));
  return list;
}
std::vector<int> Draw::dims() {
  std::vector<int> list(chance(0.1) ? 70 : below(4));
  for (int& n : list)
    n = chance(0.15) ? std::numeric_limits<int>::min() + int(below(2)) : int(below(7)) - 3;
  tell(fmt::format("{{{}}}", fmt::join(list, ", ")));
  return list;
}

Tensor Draw::filled(const Shape& shape, DType dtype, bool wild) {
  Tensor t = zeros(shape, {.dtype = dtype});
  dispatch(dtype, [&]<class T>() {
    std::generate_n(t.mutable_data<T>(), t.numel(), [&] { return element<T>(*this, wild); });
  });
  const bool wants = (dtype == float32 || dtype == float64) && chance(0.5);
  tell(fmt::format("{} {}{}{}", to_string(dtype), to_string(shape), wild ? " of limits" : "",
                   wants ? " with a gradient" : ""));
  return t.requires_grad_(wants);
}
Tensor Draw::tensor() {
  if (chance(0.05)) return tell("undefined"), Tensor();
  return filled(chance(0.4) ? Shape(odd_shape()) : small_shape(), one_of(dtypes), chance(0.3));
}
Tensor Draw::floats() {
  if (chance(0.3)) return tensor();
  return filled(small_shape(), chance(0.5) ? float32 : float64, chance(0.2));
}
Tensor Draw::positions() {
  if (chance(0.2)) return tensor();
  return filled(chance(0.2) ? Shape(odd_shape()) : small_shape(), int64, chance(0.4));
}
std::vector<Tensor> Draw::tensors() {
  std::vector<Tensor> list(chance(0.05) ? 70 : below(4));
  const Tensor again = floats();
  for (Tensor& t : list) t = chance(0.5) ? again : tensor();
  return list;
}
std::vector<Index> Draw::indices() {
  std::vector<Index> list;
  for (std::size_t n = chance(0.05) ? 70 : below(5); n > 0; --n) {
    const auto bound = [this] {
      return chance(0.3) ? std::optional<std::int64_t>() : std::optional(number());
    };
    switch (below(6)) {
      case 0:
        list.emplace_back(number());
        break;
      case 1:
        tell("None");
        list.emplace_back(None);
        break;
      case 2:
        tell("Ellipsis");
        list.emplace_back(Ellipsis);
        break;
      case 3:
        list.emplace_back(positions());
        break;
      default:
        tell("Slice");
        const std::optional<std::int64_t> first = bound(), last = bound();
        list.emplace_back(Slice(first, last, chance(0.5) ? 1 : number()));
    }
  }
  return list;
}

}  // namespace xgrad::test

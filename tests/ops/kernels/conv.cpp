// The three maps of convolutions by each backend, against the sum that defines them.
#include "kernels/conv.hpp"

#include <array>
#include <utility>
#include <vector>

#include "kernels/conv_direct.hpp"
#include "kernels/conv_parts.hpp"

#include "ops/kernels/line_cases.hpp"
#include "support/catch.hpp"

using namespace xgrad;
using detail::ConvMap;
using detail::ConvSize;
using test::Elements;

namespace {

constexpr ConvMap maps[] = {ConvMap::forward, ConvMap::backward_data, ConvMap::backward_weights};

// One axis of images and windows. `behind`: positions of the image that no window reaches.
struct Axis {
  std::int64_t from = 1, window = 1, stride = 1, padding = 0, dilation = 1, behind = 0;
};
ConvSize sized(std::int64_t batch, std::int64_t groups, std::int64_t in, std::int64_t out,
               const std::array<Axis, 3>& axes) {
  ConvSize s{batch, groups, in, out, {}, {}, {}, {}, {}, {}};
  int i = 0;
  for (const Axis& a : axes) {
    s.from[i] = a.from + a.behind;
    s.window[i] = a.window;
    s.to[i] = (a.from + 2 * a.padding - a.dilation * (a.window - 1) - 1) / a.stride + 1;
    s.stride[i] = a.stride;
    s.padding[i] = a.padding;
    s.dilation[i++] = a.dilation;
  }
  return s;
}

std::vector<ConvSize> cases() {
  std::vector<ConvSize> all;
  for (const Axis& a :
       {Axis{1, 1}, Axis{7, 7}, Axis{17, 3}, Axis{1000, 9}, Axis{17, 2, 3}, Axis{9, 3, 1, 1},
        Axis{8, 3, 2, 2}, Axis{17, 3, 1, 0, 4}, Axis{33, 4, 3, 5, 2}, Axis{2, 1, 1, 3},
        Axis{2, 2, 1, 4},  // windows in the padding alone
        Axis{9, 3, 2, 1, 1, 1}, Axis{5, 1, 1, 0, 1, 2}}) {
    all.push_back(sized(2, 1, 3, 2, {Axis{}, Axis{}, a}));
    all.push_back(sized(1, 3, 1, 1, {Axis{}, a, Axis{3, 2, 1, 1}}));
    if (a.from < 20) all.push_back(sized(3, 2, 2, 3, {a, Axis{5, 2, 2, 1}, Axis{4, 3, 1, 1}}));
  }
  for (const std::int64_t n : {1, 3, 8, 17})  // channels
    for (const Axis& a : {Axis{5, 1}, Axis{6, 3, 1, 1}}) {
      all.push_back(sized(2, 1, n, 16, {Axis{}, a, a}));
      all.push_back(sized(2, 1, 16, n, {Axis{}, a, a}));
      all.push_back(sized(2, n, 1, 2, {Axis{}, a, a}));
    }
  for (const auto& [batch, in] :  // several images, and small results, on the way back together
       {std::pair{4, 7}, {5, 3}, {16, 6}, {19, 2}, {20, 1}, {17, 18}, {33, 5}}) {
    all.push_back(sized(batch, 1, in, 5, {Axis{}, Axis{5, 4}, Axis{6, 4, 1, 1}}));
    all.push_back(sized(batch, 2, in, 3, {Axis{}, Axis{9, 3, 1, 0, 3}, Axis{5, 3, 1, 2, 2}}));
    all.push_back(sized(batch, 1, in, 2, {Axis{3, 3}, Axis{4, 2, 1, 1}, Axis{3, 2}}));
  }
  for (const std::int64_t n : {1, 2, 3, 4, 5, 6, 7})  // few channels, long rows
    for (const Axis& a : {Axis{18, 3}, Axis{33, 4, 1, 1, 2}, Axis{70, 5, 1, 2}, Axis{40, 3, 2}}) {
      all.push_back(sized(2, 1, 2, n, {Axis{}, Axis{5, 3, 1, 1}, a}));
      all.push_back(sized(1, 2, 1, n, {Axis{3, 2, 1, 1}, Axis{4, 2, 2}, a}));
    }
  all.push_back(sized(9, 1, 16, 16, {Axis{5, 3, 1, 1}, Axis{6, 2}, Axis{7, 3, 2}}));
  all.push_back(sized(1, 1, 16, 32, {Axis{}, Axis{20, 3, 1, 1}, Axis{21, 3, 1, 1}}));
  return all;
}

// What oneDNN does in parts: of the batch; for the gradient of the weights also of the channels,
// and of both.
std::vector<ConvSize> large_cases() {
  return {sized(20, 1, 16, 16, {Axis{}, Axis{16, 3, 1, 1}, Axis{17, 3, 1, 1}}),
          sized(16, 1, 8, 130, {Axis{}, Axis{9, 3, 1, 1}, Axis{10, 3, 1, 1}}),
          sized(12, 1, 4, 140, {Axis{}, Axis{20, 3, 1, 1}, Axis{21, 3, 1, 1}}),
          sized(60, 1, 5, 6, {Axis{}, Axis{28, 5, 1, 2}, Axis{28, 5, 1, 2}}),
          sized(70, 1, 6, 32, {Axis{}, Axis{10, 5}, Axis{11, 5}})};
}

std::int64_t images(const ConvSize& s) { return s.batch * s.groups * s.in * s.from_numel(); }
std::int64_t weights(const ConvSize& s) { return s.groups * s.out * s.in * s.window_numel(); }
std::int64_t results(const ConvSize& s) { return s.batch * s.groups * s.out * s.to_numel(); }

// The products between one channel of an image, one window and one channel of a result: where their
// factors and their sums lie.
struct Product {
  std::int64_t x, w, y;
};
std::vector<Product> plane_products(const ConvSize& s) {
  std::vector<Product> products;
  for (std::int64_t y = 0; y < s.to_numel(); ++y)
    for (std::int64_t w = 0; w < s.window_numel(); ++w) {
      const std::int64_t to[] = {y / s.to[2] / s.to[1], y / s.to[2] % s.to[1], y % s.to[2]};
      const std::int64_t window[] = {w / s.window[2] / s.window[1], w / s.window[2] % s.window[1],
                                     w % s.window[2]};
      std::int64_t x = 0;
      bool inside = true;
      for (int i = 0; i < 3; ++i) {
        const std::int64_t at = to[i] * s.stride[i] + window[i] * s.dilation[i] - s.padding[i];
        inside = inside && at >= 0 && at < s.from[i];
        x = x * s.from[i] + at;
      }
      if (inside) products.push_back({x, w, y});
    }
  return products;
}

// Calls f(element of the image, of the weight, of the result) for each product of a convolution.
template <class F>
void for_products(const ConvSize& s, F f) {
  const auto plane = plane_products(s);
  for (std::int64_t k = 0; k < s.batch * s.groups * s.out * s.in; ++k) {
    const std::int64_t in = k % s.in, result = k / s.in, group = result / s.out,
                       x = (group * s.in + in) * s.from_numel(),
                       w = (result % (s.groups * s.out) * s.in + in) * s.window_numel(),
                       y = result * s.to_numel();
    for (const Product& p : plane) f(x + p.x, w + p.w, y + p.y);
  }
}

// What a map reads and writes.
template <class T>
struct Operands {
  Elements<T> a, b, y;
};
template <class T>
Operands<T> operands(const ConvSize& s, ConvMap map, Elements<T> (*make)(std::int64_t, unsigned)) {
  const std::int64_t x = images(s), w = weights(s), y = results(s);
  switch (map) {
    case ConvMap::forward:
      return {make(x, 1), make(w, 2), make(y, 3)};
    case ConvMap::backward_data:
      return {make(y, 1), make(w, 2), make(x, 3)};
    case ConvMap::backward_weights:
      return {make(x, 1), make(y, 2), make(w, 3)};
  }
  __builtin_unreachable();
}

template <class T>
Elements<T> by_definition(const ConvSize& s, ConvMap map, const Operands<T>& o) {
  Elements<double> sums(o.y.size);
  const auto add = [&](std::int64_t to, std::int64_t a, std::int64_t b) {
    sums[to] += static_cast<double>(o.a[a]) * static_cast<double>(o.b[b]);
  };
  switch (map) {
    case ConvMap::forward:
      for_products(s, [&](std::int64_t x, std::int64_t w, std::int64_t y) { add(y, x, w); });
      break;
    case ConvMap::backward_data:
      for_products(s, [&](std::int64_t x, std::int64_t w, std::int64_t y) { add(x, y, w); });
      break;
    case ConvMap::backward_weights:
      for_products(s, [&](std::int64_t x, std::int64_t w, std::int64_t y) { add(w, x, y); });
      break;
  }
  Elements<T> expected(sums.size);
  for (std::int64_t i = 0; i < sums.size; ++i) expected[i] = static_cast<T>(sums[i]);
  return expected;
}

// From -8 to 8 without 0: sums of their products are exact, in any order.
template <class T>
Elements<T> integers(std::int64_t n, unsigned seed) {
  std::mt19937 random(seed);
  Elements<T> x(n);
  for (T& e : x) e = static_cast<T>(random() % 8 + 1) * (random() % 2 == 0 ? T(1) : T(-1));
  return x;
}
template <class T>
Elements<T> fractions(std::int64_t n, unsigned seed) {
  auto x = integers<T>(n, seed);
  for (T& e : x) e /= 7;
  return x;
}
template <class T>
Elements<T> some_not_finite(std::int64_t n, unsigned seed) {
  auto x = integers<T>(n, seed);
  if (seed == 1)
    for (std::int64_t i = 3; i < n; i += 29)
      x[i] = i % 2 == 0 ? T(NAN) : i % 3 == 0 ? T(INFINITY) : -T(INFINITY);
  return x;
}

void convolve(DType dtype, const ConvSize& s, ConvMap map, const void* a, const void* b,
              const void* bias, void* y) {
  switch (map) {
    case ConvMap::forward:
      return detail::convolve(dtype, s, a, b, bias, y);
    case ConvMap::backward_data:
      return detail::convolve_backward_data(dtype, s, a, b, y);
    case ConvMap::backward_weights:
      return detail::convolve_backward_weights(dtype, s, a, b, y);
  }
}

template <class T>
Elements<T> with_bias(const ConvSize& s, const Elements<T>& y, const Elements<T>& bias) {
  Elements<T> sums = y;
  for (std::int64_t i = 0; i < y.size; ++i) sums[i] += bias[i / s.to_numel() % bias.size];
  return sums;
}

// Calls f(size, map, operands, bias or null, the elements by definition).
template <class T, class F>
void for_cases(Elements<T> (*make)(std::int64_t, unsigned), F f) {
  for (const ConvSize& s : cases())
    for (const ConvMap map : maps) {
      INFO("map " << static_cast<int>(map) << "; " << s.batch << " images, " << s.groups
                  << " groups, " << s.in << " to " << s.out << " channels; from " << s.from[0]
                  << ", " << s.from[1] << ", " << s.from[2] << "; window " << s.window[0] << ", "
                  << s.window[1] << ", " << s.window[2]);
      const auto o = operands(s, map, make);
      const auto expected = by_definition(s, map, o);
      f(s, map, o, static_cast<const T*>(nullptr), expected);
      if (map != ConvMap::forward) continue;
      const auto bias = integers<T>(s.groups * s.out, 4);
      f(s, map, o, static_cast<const T*>(bias.data()), with_bias(s, expected, bias));
    }
}

}  // namespace

TEST_CASE("plain convolutions are sums of products", "[ops][kernels]") {
  test::for_floats([]<class T>() {
    for_cases<T>(integers<T>, [](const ConvSize& s, ConvMap map, const Operands<T>& o,
                                 const T* bias, const Elements<T>& expected) {
      detail::convolve_plain(s, map, o.a.data(), o.b.data(), bias, o.y.data());
      CHECK(test::close(o.y, expected, 0));
    });
  });
}

TEST_CASE("what is not finite reaches the windows that hold it", "[ops][kernels]") {
  test::for_floats([]<class T>() {
    for_cases<T>(some_not_finite<T>, [](const ConvSize& s, ConvMap map, const Operands<T>& o,
                                        const T* bias, const Elements<T>& expected) {
      if (map == ConvMap::backward_weights) return;  // it reaches all weights
      convolve(dtype_of<T>, s, map, o.a.data(), o.b.data(), bias, o.y.data());
      CHECK(test::close(o.y, expected, 0));
    });
  });
}

namespace {

using detail::ConvPart;

// Whole, by a backend that may be unable.
bool whole(ConvPart part, const ConvSize& s, ConvMap map, const Operands<float>& o,
           const float* bias, Elements<float>& y) {
  return part(s, map, s.groups * s.out, o.a.data(), o.b.data(), bias, y.data());
}

void check_parts(ConvPart part, const ConvSize& s, ConvMap map) {
  const auto o = operands(s, map, integers<float>);
  Elements<float> expected(o.y.size), y(o.y.size);
  detail::convolve_plain<float>(s, map, o.a.data(), o.b.data(), nullptr, expected.data());
  if (detail::convolve_in_parts(part, 1, s, map, o.a.data(), o.b.data(), nullptr, y.data()))
    CHECK(test::close(y, expected, 0));
}

}  // namespace

TEST_CASE("direct convolutions are sums of products", "[ops][kernels]") {
  for_cases<float>(integers<float>, [](const ConvSize& s, ConvMap map, const Operands<float>& o,
                                       const float* bias, const Elements<float>& expected) {
    if (!detail::can_be_direct(s, map)) return;
    Elements<float> y(o.y.size);
    CHECK(whole(detail::convolve_direct, s, map, o, bias, y));
    CHECK(test::close(y, expected, 0));
  });
}

TEST_CASE("what is not finite stays in its windows in direct convolutions", "[ops][kernels]") {
  for_cases<float>(some_not_finite<float>,
                   [](const ConvSize& s, ConvMap map, const Operands<float>& o, const float* bias,
                      const Elements<float>& expected) {
                     if (map != ConvMap::forward) return;
                     Elements<float> y(o.y.size);
                     CHECK(whole(detail::convolve_direct, s, map, o, bias, y));
                     CHECK(test::close(y, expected, 0));
                   });
}

TEST_CASE("direct convolutions in parts are the plain ones", "[ops][kernels]") {
  for (const ConvSize& s : large_cases())
    for (const ConvMap map : maps)
      if (detail::can_be_direct(s, map)) check_parts(detail::convolve_direct, s, map);
}

#ifdef XGRAD_ONEDNN
TEST_CASE("oneDNN's convolutions are sums of products", "[ops][kernels]") {
  for_cases<float>(integers<float>, [](const ConvSize& s, ConvMap map, const Operands<float>& o,
                                       const float* bias, const Elements<float>& expected) {
    Elements<float> y(o.y.size);
    const bool done = whole(detail::convolve_onednn, s, map, o, bias, y);
    if (done) CHECK(test::close(y, expected, 0));
    // Not every version has a layout for channels that do not fill its blocks.
    if (s.in % 16 == 0 && s.out % 16 == 0) CHECK(done);
  });
}

TEST_CASE("oneDNN's convolutions in parts are the plain ones", "[ops][kernels]") {
  for (const ConvSize& s : large_cases())
    for (const ConvMap map : maps) check_parts(detail::convolve_onednn, s, map);
}
#endif

TEST_CASE("convolutions have the same bits for any number of threads", "[ops][kernels]") {
  test::for_floats([]<class T>() {
    std::vector<ConvSize> all{sized(1, 1, 16, 32, {Axis{}, Axis{40, 3, 1, 1}, Axis{41, 3, 1, 1}})};
    if (std::is_same_v<T, float>)
      for (const ConvSize& s : large_cases()) all.push_back(s);
    for (const ConvSize& s : all)
      for (const ConvMap map : maps) {
        const auto o = operands(s, map, fractions<T>);
        const auto bias = fractions<T>(s.groups * s.out, 4);
        convolve(dtype_of<T>, s, map, o.a.data(), o.b.data(), bias.data(), o.y.data());
        Elements<T> plain(o.y.size);
        detail::convolve_plain<T>(s, map, o.a.data(), o.b.data(), bias.data(), plain.data());
        CHECK(test::close(o.y, plain, 1e-3));
        test::for_thread_counts([&] {
          Elements<T> y(o.y.size);
          convolve(dtype_of<T>, s, map, o.a.data(), o.b.data(), bias.data(), y.data());
          CHECK(y == o.y);
        });
      }
  });
}

// The backends of products, against the definition.
#include "kernels/gemm.hpp"

#include <array>
#include <vector>

#include <xgrad/graph/random.hpp>

#include "ops/kernels/line_cases.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using detail::GemmShape;

namespace {

template <class T>
std::vector<T> numbers(std::int64_t count, unsigned seed) {
  const double most = std::is_integral_v<T> ? 10 : 1;
  const Tensor t = test::uniform({count}, -most, most, seed, dtype_of<T>);
  return {t.data<T>(), t.data<T>() + count};
}

// Element (row, column) of a matrix that may lie transposed.
template <class T>
double at(const T* matrix, std::int64_t rows, std::int64_t columns, bool transposed,
          std::int64_t row, std::int64_t column) {
  return static_cast<double>(matrix[transposed ? column * rows + row : row * columns + column]);
}

// c = op(a) op(b), plus the bias, plus what c holds.
template <class T>
std::vector<T> by_definition(const GemmShape& s, const T* a, const T* b, const T* bias,
                             bool accumulate, std::vector<T> c) {
  T* element = c.data();
  for (std::int64_t z = 0; z < s.batch; ++z, a += s.m * s.k, b += s.k * s.n)
    for (std::int64_t i = 0; i < s.m; ++i)
      for (std::int64_t j = 0; j < s.n; ++j, ++element) {
        double sum = accumulate ? static_cast<double>(*element) : 0;
        if (bias != nullptr) sum += static_cast<double>(bias[j]);
        for (std::int64_t p = 0; p < s.k; ++p)
          sum += at(a, s.m, s.k, s.transpose_a, i, p) * at(b, s.k, s.n, s.transpose_b, p, j);
        *element = static_cast<T>(sum);
      }
  return c;
}

template <class T>
using Backend = void (*)(const GemmShape&, const T*, const T*, const T*, bool, T*);

enum class Extra { nothing, bias, accumulate };

template <class T>
void check(Backend<T> backend, const GemmShape& s, Extra extra, double tolerance) {
  const auto a = numbers<T>(s.batch * s.m * s.k, 1), b = numbers<T>(s.batch * s.k * s.n, 2),
             bias = numbers<T>(s.n, 3);
  auto c = numbers<T>(s.batch * s.m * s.n, 4);
  const T* const added = extra == Extra::bias ? bias.data() : nullptr;
  const bool accumulate = extra == Extra::accumulate;
  const auto expected = by_definition(s, a.data(), b.data(), added, accumulate, c);
  backend(s, a.data(), b.data(), added, accumulate, c.data());
  INFO(s.batch << " x " << s.m << ", " << s.k << ", " << s.n << "; transposed " << s.transpose_a
               << s.transpose_b << "; extra " << static_cast<int>(extra));
  CHECK(test::all_close(tensor(c), tensor(expected), tolerance));
}

using Sizes = std::vector<std::array<std::int64_t, 4>>;  // batch, m, n, k
const Sizes several = {{1, 1, 1, 1},     {1, 3, 5, 7},     {3, 4, 17, 9},
                       {1, 33, 65, 300}, {2, 64, 1, 513},  {1, 1, 130, 20},
                       {50, 9, 8, 33},   {1, 150, 40, 17}, {1, 5, 1100, 7}};

template <class T>
void check_all(Backend<T> backend, double tolerance, const Sizes& sizes = several) {
  for (const auto& [batch, m, n, k] : sizes)
    for (const bool ta : {false, true})
      for (const bool tb : {false, true})
        for (const Extra extra : {Extra::nothing, Extra::bias, Extra::accumulate})
          check<T>(backend, {batch, m, n, k, ta, tb}, extra, tolerance);
}

}  // namespace

TEST_CASE("plain products agree with the definition", "[ops][product]") {
  check_all<float>(detail::gemm_plain<float>, 1e-4);
  check_all<double>(detail::gemm_plain<double>, 1e-12);
  check_all<std::int64_t>(detail::gemm_plain<std::int64_t>, 0);
}

TEST_CASE("products of int64 wrap around", "[ops][product]") {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  for (const std::int64_t n : test::odd_sizes) {
    const std::vector<std::int64_t> a(2, most), b(static_cast<std::size_t>(2 * n), 3);
    std::vector<std::int64_t> c(static_cast<std::size_t>(n));
    detail::gemm_plain<std::int64_t>({1, 1, n, 2}, a.data(), b.data(), nullptr, false, c.data());
    for (const std::int64_t e : c) CHECK(e == -6);  // 6 (2^63 - 1)
  }
}

TEST_CASE("CBLAS products agree with the definition", "[ops][product]") {
  check_all<float>(detail::gemm_cblas<float>, 1e-4);
  check_all<double>(detail::gemm_cblas<double>, 1e-12);
}

#ifdef XGRAD_ONEDNN
TEST_CASE("oneDNN products agree with the definition", "[ops][product]") {
  const Backend<float> backend = [](const detail::GemmShape& s, const float* a, const float* b,
                                    const float* bias, bool accumulate, float* c) {
    REQUIRE(detail::gemm_onednn(s, a, b, bias, accumulate, c));
  };
  check_all<float>(backend, 1e-4);
}
#endif

TEST_CASE("products agree with the definition by whatever backend", "[ops][product]") {
  const Sizes sizes = {{0, 3, 4, 5},     {1, 0, 4, 5},     {2, 3, 0, 5},    {2, 3, 4, 0},
                       {1, 3, 5, 7},     {2, 3, 7, 1},     {1, 33, 65, 30}, {50, 9, 8, 33},
                       {1, 1, 1300, 70}, {1, 700, 1, 130}, {1, 90, 130, 1}};
  test::for_numbers([&]<class T>() {
    const Backend<T> chosen = [](const GemmShape& s, const T* a, const T* b, const T* bias,
                                 bool accumulate,
                                 T* c) { detail::gemm(dtype_of<T>, s, a, b, bias, accumulate, c); };
    check_all<T>(chosen, std::is_same_v<T, float> ? 1e-4 : 1e-12, sizes);
  });
}

TEST_CASE("products have the same bits for any number of threads", "[ops][product]") {
  test::for_floats([]<class T>() {
    for (const GemmShape& s :
         {GemmShape{1, 300, 200, 150}, GemmShape{1, 7, 1300, 40, true},
          GemmShape{60, 33, 20, 65, false, true}, GemmShape{1, 64, 64, 3000},
          GemmShape{1, 3000, 1, 400}, GemmShape{1, 1, 5000, 300}, GemmShape{1, 400, 300, 1},
          GemmShape{1, 65, 256, 256, false, true}, GemmShape{1, 97, 256, 300, false, true},
          GemmShape{1, 100, 200, 1000, true}, GemmShape{1, 113, 70, 4096, false, true},
          GemmShape{1, 129, 256, 256, true, true}, GemmShape{1, 1000, 30, 200},
          GemmShape{1, 20, 1030, 300, false, true}}) {
      const auto a = numbers<T>(s.batch * s.m * s.k, 1), b = numbers<T>(s.batch * s.k * s.n, 2);
      std::vector<T> first(static_cast<std::size_t>(s.batch * s.m * s.n)), c = first;
      detail::gemm(dtype_of<T>, s, a.data(), b.data(), nullptr, false, first.data());
      test::for_thread_counts([&] {
        detail::gemm(dtype_of<T>, s, a.data(), b.data(), nullptr, false, c.data());
        CHECK(test::same_bits(tensor(c), tensor(first)));
      });
    }
  });
}

TEST_CASE("what is not finite reaches the sums that it belongs to", "[ops][product]") {
  test::for_floats([]<class T>() {
    for (const GemmShape& s : {GemmShape{1, 3, 5, 7}, GemmShape{1, 33, 40, 70}}) {
      auto a = numbers<T>(s.m * s.k, 1), b = numbers<T>(s.k * s.n, 2);
      a[2] = T(NAN);
      a[static_cast<std::size_t>(s.k + 1)] = T(INFINITY);
      b[static_cast<std::size_t>(3 * s.n)] = -T(INFINITY);
      b[static_cast<std::size_t>(s.n + 1)] = 0;  // meets the infinity
      std::vector<T> c(static_cast<std::size_t>(s.m * s.n));
      const auto expected = by_definition<T>(s, a.data(), b.data(), nullptr, false, c);
      detail::gemm(dtype_of<T>, s, a.data(), b.data(), nullptr, false, c.data());
      CHECK(test::all_close(tensor(c), tensor(expected), 1e-4));
    }
  });
}

// The backends of products, against the definition.
#include "kernels/gemm.hpp"

#include <array>
#include <vector>

#include <xgrad/graph/random.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using detail::GemmShape;

namespace {

template <class T>
std::vector<T> numbers(std::int64_t count, unsigned seed) {
  const Tensor t = test::uniform({count}, -1, 1, seed, dtype_of<T>);
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

template <class T>
void check_all(Backend<T> backend, double tolerance) {
  const std::array<std::int64_t, 4> sizes[] = {{1, 1, 1, 1},     {1, 3, 5, 7},    {3, 4, 17, 9},
                                               {1, 33, 65, 300}, {2, 64, 1, 513}, {1, 1, 130, 20}};
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

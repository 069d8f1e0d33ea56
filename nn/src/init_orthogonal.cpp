// The orthogonal start: Q of a random matrix, by LAPACK.
#include <xgrad/nn/init.hpp>

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/ops/reshape.hpp>

extern "C" {
void dgeqrf_(const int* m, const int* n, double* a, const int* lda, double* tau, double* work,
             const int* lwork, int* info);
void dorgqr_(const int* m, const int* n, const int* k, double* a, const int* lda, const double* tau,
             double* work, const int* lwork, int* info);
}

namespace xgrad::nn::init {
namespace {

// Replaces a long x wide matrix, column after column, by its Q with a positive diagonal in R: then
// every Q is as likely as any other (Mezzadri, 2007).
void orthonormalize(std::vector<double>& a, int length, int width) {
  const auto columns = static_cast<std::size_t>(width), rows = static_cast<std::size_t>(length);
  std::vector<double> tau(columns), work(64 * columns);
  const int room = static_cast<int>(work.size());
  int info = 0;
  dgeqrf_(&length, &width, a.data(), &length, tau.data(), work.data(), &room, &info);
  std::vector<bool> turned(columns);
  for (std::size_t j = 0; j < columns; ++j) turned[j] = a[j * rows + j] < 0;
  dorgqr_(&length, &width, &width, a.data(), &length, tau.data(), work.data(), &room, &info);
  for (std::size_t j = 0; j < columns; ++j)
    if (turned[j])
      for (std::size_t i = 0; i < rows; ++i) a[j * rows + i] = -a[j * rows + i];
}

}  // namespace

Tensor orthogonal_(Tensor x, double gain, Generator* generator, Site site) {
  const OpScope scope("orthogonal_", site);
  if (x.dim() < 2)
    throw ShapeError(fmt::format("orthogonal_: {} is not a matrix; it must have at least two dims",
                                 detail::describe(x)),
                     site);
  if (x.numel() == 0) return x;
  const NoGrad guard;
  const std::int64_t rows = x.size(0), columns = x.numel() / rows;
  const std::int64_t length = std::max(rows, columns), width = std::min(rows, columns);
  const Tensor random = randn({width, length}, {.dtype = float64, .generator = generator});
  std::vector<double> q(random.data<double>(), random.data<double>() + random.numel());
  orthonormalize(q, static_cast<int>(length), static_cast<int>(width));
  for (double& element : q) element *= gain;
  // Column after column is (width, length) row by row.
  const Tensor by_rows = reshape(tensor(q), {width, length});
  x.assign(reshape(rows >= columns ? by_rows.t() : by_rows, x.shape()).to(x.dtype()), site);
  return x;
}

}  // namespace xgrad::nn::init

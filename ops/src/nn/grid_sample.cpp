#include <xgrad/ops/grid_sample.hpp>

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/ops/activation.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/comparison.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/indexing.hpp>
#include <xgrad/ops/join.hpp>
#include <xgrad/ops/matmul.hpp>
#include <xgrad/ops/reshape.hpp>

#include "kernels/grid_positions.hpp"
#include "movement/gather_rows.hpp"

namespace xgrad {
namespace {

enum class Outside { zeros, border, reflection };

Outside outside_of(std::string_view word) {
  if (word == "zeros") return Outside::zeros;
  if (word == "border") return Outside::border;
  if (word == "reflection") return Outside::reflection;
  throw ValueError(
      fmt::format("grid_sample: padding_mode is '{}'; it must be 'zeros', 'border' or "
                  "'reflection'",
                  word));
}

// Folded back and forth between low and low + span.
Tensor reflected(const Tensor& x, double low, double span) {
  if (span == 0) return x * 0;
  const Tensor far = abs(x - low);
  const Tensor turns = floor(far.detach() / span), rest = far - turns * span;
  return where(remainder(turns, 2) == 1, span - rest, rest) + low;
}

// A sampler of images (N, C, sizes...) at places (N, points...), one tensor of them for each axis.
class Sampler {
 public:
  Sampler(const Tensor& images, Outside outside, bool align_corners)
      : images_(images), outside_(outside), align_(align_corners) {}

  int axes() const { return images_.dim() - 2; }
  double size(int d) const { return static_cast<double>(images_.size(2 + d)); }

  // From [-1, 1] to places.
  Tensor spread(const Tensor& g, int d) const {
    return align_ ? (g + 1) * ((size(d) - 1) / 2) : ((g + 1) * size(d) - 1) * 0.5;
  }
  // Places outside brought back as the padding says; gradient 0 where they were held at an edge.
  Tensor bounded(Tensor at, int d) const {
    if (outside_ == Outside::zeros) return at;
    if (outside_ == Outside::reflection)
      at = align_ ? reflected(at, 0, size(d) - 1) : reflected(at, -0.5, size(d));
    return hardtanh(at, 0, size(d) - 1);
  }

  // The elements at whole places, (N, C, points...); 0 outside.
  Tensor elements(const std::vector<Tensor>& places) const {
    const Shape points = places[0].shape();
    const std::int64_t batch = images_.size(0), channels = images_.size(1);
    std::vector<std::int64_t> shape(points.begin(), points.end());
    shape.insert(shape.begin() + 1, channels);
    detail::GridSizes sizes{
        batch, channels, batch == 0 ? 0 : points.numel() / batch, axes(), {1, 1, 1}};
    const void* at[3] = {};
    for (int d = 0; d < axes(); ++d) {
      sizes.size[d] = images_.size(2 + d);
      at[d] = detail::raw<void>(places[static_cast<std::size_t>(d)]);
    }
    const Tensor positions = detail::new_positions(shape);
    detail::grid_positions(images_.dtype(), sizes, at, detail::positions_of(positions));
    return detail::gather_rows({"grid_sample", "dx = dy, added at the elements that were read"},
                               images_, positions, shape);
  }

  Tensor nearest(const std::vector<Tensor>& coordinates) const {
    std::vector<Tensor> places;
    for (int d = 0; d < axes(); ++d)
      places.push_back(round(bounded(spread(coordinates[std::size_t(d)].detach(), d), d)));
    return elements(places);
  }

  // The corners around each point, weighted by the distances from the opposite ones.
  Tensor linear(const std::vector<Tensor>& coordinates) const {
    std::vector<Tensor> below, rest;
    for (int d = 0; d < axes(); ++d) {
      const Tensor at = bounded(spread(coordinates[std::size_t(d)], d), d);
      below.push_back(floor(at.detach()));
      rest.push_back(at - below.back());
    }
    Tensor y;
    for (int corner = 0; corner < 1 << axes(); ++corner) {
      std::vector<Tensor> places;
      Tensor weight;
      for (int d = 0; d < axes(); ++d) {
        const auto i = static_cast<std::size_t>(d);
        const bool upper = (corner >> d & 1) != 0;
        places.push_back(upper ? below[i] + 1 : below[i]);
        const Tensor own = upper ? rest[i] : 1 - rest[i];
        weight = weight.defined() ? weight * own : own;
      }
      y = add_weighted(y, elements(places), weight);
    }
    return y;
  }

  Tensor cubic(const std::vector<Tensor>& coordinates) const {
    const Tensor y_at = spread(coordinates[0], 0), x_at = spread(coordinates[1], 1);
    const Tensor y0 = floor(y_at.detach()), x0 = floor(x_at.detach());
    const auto wy = cubic_weights(y_at - y0), wx = cubic_weights(x_at - x0);
    Tensor y;
    for (int i = 0; i < 4; ++i)
      for (int j = 0; j < 4; ++j)
        y = add_weighted(y, elements({bounded(y0 + (i - 1), 0), bounded(x0 + (j - 1), 1)}),
                         wy[static_cast<std::size_t>(i)] * wx[static_cast<std::size_t>(j)]);
    return y;
  }

 private:
  static Tensor add_weighted(const Tensor& y, const Tensor& values, const Tensor& weight) {
    const Tensor part = values * unsqueeze(weight, 1);
    return y.defined() ? y + part : part;
  }
  // Keys' cubic with a = -0.75, at t + 1, t, 1 - t and 2 - t.
  static std::array<Tensor, 4> cubic_weights(const Tensor& t) {
    constexpr double a = -0.75;
    const auto near = [](const Tensor& x) { return ((a + 2) * x - (a + 3)) * x * x + 1; };
    const auto far = [](const Tensor& x) { return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a; };
    return {far(t + 1), near(t), near(1 - t), far(2 - t)};
  }

  const Tensor images_;
  const Outside outside_;
  const bool align_;
};

void check_grid(const Operand& x, const Operand& grid) {
  const Shape &s = x.shape(), &g = grid.shape();
  const int axes = s.dim() - 2;
  if ((axes != 2 && axes != 3) || g.dim() != s.dim() || g.back() != axes || g[0] != s[0] ||
      x.dtype() != grid.dtype() || !is_floating(x.dtype()))
    throw ShapeError(fmt::format(
        "grid_sample: the input is {}, the grid {}; they must be (N, C, H, W) and (N, h, w, 2), or "
        "(N, C, D, H, W) and (N, d, h, w, 3), both float32 or both float64",
        describe(x), describe(grid)));
}

}  // namespace

Tensor grid_sample(Operand x, Operand grid, const GridSampleOptions& o) {
  const OpScope scope("grid_sample", x);
  check_grid(x, grid);
  const Sampler sampler(x.materialize(), outside_of(o.padding_mode), o.align_corners);
  std::vector<Tensor> coordinates;  // the grid has the last axis first
  for (int d = sampler.axes(); d-- > 0;) coordinates.push_back(select(grid.tensor(), -1, d));
  if (o.mode == "nearest") return sampler.nearest(coordinates);
  if (o.mode == "bilinear") return sampler.linear(coordinates);
  if (o.mode == "bicubic" && sampler.axes() == 2) return sampler.cubic(coordinates);
  throw ValueError(fmt::format(
      "grid_sample: mode is '{}'; it must be 'bilinear', 'nearest' or, for 4-d inputs, 'bicubic'",
      o.mode));
}

Tensor affine_grid(Operand theta, const std::vector<std::int64_t>& size, Flag align_corners) {
  const OpScope scope("affine_grid", theta);
  const int axes = static_cast<int>(size.size()) - 2;
  const Shape& s = theta.shape();
  if ((axes != 2 && axes != 3) || s.dim() != 3 || s[1] != axes || s[2] != axes + 1 ||
      s[0] != size[0])
    throw ShapeError(
        fmt::format("affine_grid: theta is {}, size has {} entries; they must be (N, 2, 3) and (N, "
                    "C, H, W), or (N, 3, 4) and (N, C, D, H, W)",
                    describe(theta), size.size()));
  std::vector<Tensor> along;
  for (int d = 0; d < axes; ++d) {
    const std::int64_t n = size[static_cast<std::size_t>(2 + d)];
    const double edge =
        align_corners || n == 0 ? 1 : static_cast<double>(n - 1) / static_cast<double>(n);
    along.push_back(n == 1 ? zeros({1}, {.dtype = theta.dtype()})
                           : linspace(-edge, edge, n, {.dtype = theta.dtype()}));
  }
  std::vector<Tensor> columns = meshgrid(along);
  std::reverse(columns.begin(), columns.end());
  columns.push_back(ones_like(columns[0]));
  const Tensor points = stack(columns, -1);  // (sizes..., axes + 1)
  const std::int64_t count = points.numel() / (axes + 1);
  const Tensor moved = matmul(reshape(points, {1, count, axes + 1}), transpose(theta, 1, 2));
  std::vector<std::int64_t> sizes{size[0]};
  sizes.insert(sizes.end(), size.begin() + 2, size.end());
  sizes.push_back(axes);
  return reshape(moved, sizes);
}

}  // namespace xgrad

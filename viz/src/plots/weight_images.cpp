#include <xgrad/viz/weight_images.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/format.hpp>

#include "checks.hpp"

namespace xgrad::viz {
namespace {

// Whether each unit has rows * columns weights. Sizes are divided, as their product could overflow.
bool fits(const Tensor& weight, const Shape& shape) {
  if (weight.dim() < 2) return false;
  std::int64_t each = 1;
  for (int axis = 1; axis < weight.dim(); ++axis) each *= weight.size(axis);
  return each % shape[0] == 0 && each / shape[0] == shape[1];
}

void check(const Tensor& weight, const Shape& shape, const WeightImagesOptions& o, Site site) {
  check_defined("weight_images", "the weight", weight, site);
  if (shape.dim() != 2 || shape[0] < 1 || shape[1] < 1)
    throw ShapeError(fmt::format("weight_images: the shape of an image is {}; it must be (rows, "
                                 "columns)",
                                 to_string(shape)),
                     site);
  if (!fits(weight, shape))
    throw ShapeError(fmt::format("weight_images: the weight is {}; for images of {} it must be "
                                 "(units, rows * columns)",
                                 to_string(weight.shape()), to_string(shape)),
                     site);
  if (o.max_images < 1 || o.columns < 0)
    throw ValueError(fmt::format("weight_images: max_images is {} and columns {}; they must be at "
                                 "least 1 and 0",
                                 o.max_images, o.columns),
                     site);
}

struct Grid {
  std::int64_t images, columns, rows;
};
Grid grid_of(const Tensor& weight, const WeightImagesOptions& o) {
  const std::int64_t images = std::min(weight.size(0), o.max_images);
  const auto square = static_cast<std::int64_t>(std::ceil(std::sqrt(static_cast<double>(images))));
  const std::int64_t columns = std::clamp<std::int64_t>(o.columns > 0 ? o.columns : square, 1,
                                                        std::max<std::int64_t>(images, 1));
  return {images, columns, (images + columns - 1) / columns};
}

// All images in one, a pixel apart.
Tensor mosaic(const Numbers& weights, const Shape& shape, const Grid& grid) {
  const std::int64_t height = shape[0] + 1, width = shape[1] + 1;
  const std::int64_t rows = std::max<std::int64_t>(grid.rows * height - 1, 1);
  const std::int64_t columns = grid.columns * width - 1;
  std::vector<double> pixels(static_cast<std::size_t>(rows * columns),
                             std::numeric_limits<double>::quiet_NaN());
  for (std::int64_t i = 0; i < grid.images * shape.numel(); ++i) {
    const std::int64_t image = i / shape.numel(), pixel = i % shape.numel();
    const std::int64_t row = image / grid.columns * height + pixel / shape[1];
    const std::int64_t column = image % grid.columns * width + pixel % shape[1];
    pixels[static_cast<std::size_t>(row * columns + column)] = weights[static_cast<std::size_t>(i)];
  }
  return tensor(pixels).reshape({rows, columns});
}

// The size that all but the largest half percent of the weights keep below.
double usual_size(const Numbers& weights) {
  std::vector<double> sizes;
  for (const double w : weights)
    if (std::isfinite(w)) sizes.push_back(std::abs(w));
  if (sizes.empty()) return 1;
  const auto at =
      sizes.begin() + static_cast<std::ptrdiff_t>(0.995 * static_cast<double>(sizes.size() - 1));
  std::nth_element(sizes.begin(), at, sizes.end());
  return *at == 0 ? 1 : *at;
}

}  // namespace

void draw_weight_images(Axes& axes, const Tensor& weight, const Shape& shape,
                        const WeightImagesOptions& options, Site site) {
  check(weight, shape, options, site);
  const Numbers weights(weight);
  const double size = usual_size(weights);
  axes.imshow(mosaic(weights, shape, grid_of(weight, options)),
              {.colors = options.colors, .low = -size, .high = size, .colorbar = true}, site);
  axes.set_title(options.title);
}

Figure weight_images(const Tensor& weight, const Shape& shape, const WeightImagesOptions& options,
                     Site site) {
  Figure figure({.width = 560, .height = 520});
  draw_weight_images(figure.axes(), weight, shape, options, site);
  return figure;
}

}  // namespace xgrad::viz

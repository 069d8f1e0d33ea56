// weight_images.hpp: weight_images, what each unit of a layer looks for.
#pragma once

#include <string>

#include <xgrad/viz/figure.hpp>

namespace xgrad::viz {

struct WeightImagesOptions {
  std::string title = {};
  std::int64_t max_images = 64;  ///< the first units
  std::int64_t columns = 0;      ///< of the grid of images; 0 for about as many as rows
  ColorMap colors = ColorMap::coolwarm;
};

/// Draws the weights of each unit as an image: blue below 0, grey at 0, red above. All images have
/// the same range, which leaves the largest half percent of the weights out.
///
/// @param weight  (units, ...) with shape.numel() weights for each unit, such as a Linear's.
/// @param shape   (rows, columns) of an image.
/// @throws ShapeError  if the weights do not fit; ValueError  for no images.
///
///     viz::weight_images(model.hidden.weight, {28, 28}).save("weights.png");
Figure weight_images(const Tensor& weight, const Shape& shape,
                     const WeightImagesOptions& options = {}, Site site = Site::here());

/// The same within a plot of a figure.
void draw_weight_images(Axes& axes, const Tensor& weight, const Shape& shape,
                        const WeightImagesOptions& options = {}, Site site = Site::here());

}  // namespace xgrad::viz

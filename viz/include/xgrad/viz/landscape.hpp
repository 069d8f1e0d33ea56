// landscape.hpp: landscape, the loss around the parameters of a model.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include <xgrad/nn/module.hpp>
#include <xgrad/viz/figure.hpp>

namespace xgrad::viz {

struct LandscapeOptions {
  std::string title = "Loss landscape";
  std::int64_t steps = 31;  ///< along each direction; the loss is computed steps * steps times
  double extent = 1;        ///< how far to go to each side, in lengths of the directions
  std::uint64_t seed = 0;   ///< of the directions
};

/// Draws the loss along two random directions through the parameters. In each direction, the part
/// that belongs to a unit is as long as the unit's weights, and parameters with one axis stay as
/// they are (Li et al., NeurIPS 2018). Afterwards parameters and buffers have the same bits as
/// before, also if the loss throws.
///
/// @param loss  computes the loss of the model on the same data each time: one element.
/// @throws ShapeError  if the loss is not one element; ValueError  for an option out of range, an
///         empty function, or a model without a parameter of two axes or more.
///
///     viz::landscape(model, [&] { return cross_entropy(model(x), y); }).save("landscape.png");
Figure landscape(const nn::Module& model, const std::function<Tensor()>& loss,
                 const LandscapeOptions& options = {}, Site site = Site::here());

}  // namespace xgrad::viz

#include <xgrad/viz/network_diagram.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>

#include "checks.hpp"
#include "graph/drawing.hpp"
#include "graph/network_layers.hpp"

namespace xgrad::viz {
namespace {

constexpr double legible = 0.7;             // the strongest colour behind letters
constexpr double column = 2.8, row = 0.95;  // inches between layers and between units

// White to red for positive, to blue for negative numbers, by their share of the largest.
std::string color_of(double share, double least) {
  if (!std::isfinite(share)) return "#000000";
  const double strength = least + (1 - least) * std::min(std::abs(share), 1.0);
  const int red[] = {0xc6, 0x28, 0x28}, blue[] = {0x1d, 0x4f, 0xb8};
  std::string color = "#";
  for (int k = 0; k < 3; ++k) {
    const int full = share < 0 ? blue[k] : red[k];
    color += fmt::format("{:02x}", static_cast<int>(std::lround(255 + (full - 255) * strength)));
  }
  return color;
}

// Of the largest number; NaN for what is not finite.
double share_of(double x, double largest) {
  if (!std::isfinite(x)) return NAN;
  return largest > 0 ? x / largest : 0;
}

double largest(const Tensor& t, double so_far) {
  if (!t.defined()) return so_far;
  for (const double x : t.span<double>())
    if (std::isfinite(x)) so_far = std::max(so_far, std::abs(x));
  return so_far;
}

class NetworkDrawer {
 public:
  NetworkDrawer(const std::vector<ShadedLayer>& layers, const NetworkDiagramOptions& options)
      : layers_(layers), options_(options) {
    for (const ShadedLayer& layer : layers) {
      largest_weight_ = largest(layer.weight, largest_weight_);
      largest_bias_ = largest(layer.bias, largest_bias_);
      tallest_ = std::max({tallest_, layer.weight.size(0), layer.weight.size(1)});
    }
  }

  Drawing draw() {
    drawing_.positioned = drawing_.left_to_right = true;
    add_units(0, layers_[0].weight.size(1), {});
    for (std::size_t i = 0; i < layers_.size(); ++i)
      add_units(i + 1, layers_[i].weight.size(0), layers_[i].bias);
    for (std::size_t i = 0; i < layers_.size(); ++i) add_layer(i);
    drawing_.caption = caption();
    return std::move(drawing_);
  }

 private:
  // Larger layers stand closer.
  double height_of(std::int64_t unit, std::int64_t units) const {
    const double step = tallest_ > 12 ? 0.6 : row;
    return step * (static_cast<double>(units - 1) / 2 - static_cast<double>(unit));
  }
  std::string name_of(std::size_t layer, std::int64_t unit) const {
    const auto k = static_cast<std::size_t>(unit);
    const bool first = layer == 0, last = layer == layers_.size();
    if (first && k < options_.inputs.size()) return options_.inputs[k];
    if (last && k < options_.outputs.size()) return options_.outputs[k];
    return fmt::format("{}{}", first ? "x" : last ? "y" : "h", unit + 1);
  }

  void add_units(std::size_t layer, std::int64_t units, const Tensor& bias) {
    first_.push_back(drawing_.boxes.size());
    for (std::int64_t u = 0; u < units; ++u) {
      Box box = make_box(BoxKind::unit, name_of(layer, u));
      box.x = column * static_cast<double>(layer);
      box.y = height_of(u, units);
      if (bias.defined()) {
        box.fill = color_of(legible * share_of(bias.data<double>()[u], largest_bias_), 0.1);
        add_number(box, bias.data<double>()[u], units);
      }
      drawing_.boxes.push_back(std::move(box));
    }
  }
  void add_number(Box& box, double number, std::int64_t units) {
    if (units > options_.max_numbers) return;
    Box text = make_box(BoxKind::text, "", {fmt::format("{:.{}g}", number, options_.digits)});
    text.x = box.x;
    text.y = box.y - 0.38;
    text.fill = "#ffffff";
    texts_.push_back(std::move(text));
  }

  void add_layer(std::size_t i) {
    const Tensor& weight = layers_[i].weight;
    const std::int64_t outputs = weight.size(0), inputs = weight.size(1);
    const double* const w = weight.data<double>();
    for (std::int64_t to = 0; to < outputs; ++to)
      for (std::int64_t from = 0; from < inputs; ++from) {
        const double share = share_of(w[to * inputs + from], largest_weight_);
        connect(first_[i] + static_cast<std::size_t>(from),
                first_[i + 1] + static_cast<std::size_t>(to), share);
        if (outputs * inputs <= options_.max_numbers && outputs <= 4)
          write_on(i, from, to, w[to * inputs + from]);
      }
    add_heading(i);
  }
  void connect(std::size_t from, std::size_t to, double share) {
    const double width = std::isfinite(share) ? 0.6 + 3.4 * std::abs(share) : 0.6;
    drawing_.arrows.push_back({from, to, ArrowKind::connection, {}, color_of(share, 0.25), width});
  }
  // At the share of the way where the numbers of all lines have the same distances.
  void write_on(std::size_t layer, std::int64_t from, std::int64_t to, double number) {
    const Box& a = drawing_.boxes[first_[layer] + static_cast<std::size_t>(from)];
    const Box& b = drawing_.boxes[first_[layer + 1] + static_cast<std::size_t>(to)];
    const double share = 1.0 / static_cast<double>(layers_[layer].weight.size(0) + 1);
    Box text = make_box(BoxKind::text, "", {fmt::format("{:.{}g}", number, options_.digits)});
    text.x = a.x + share * (b.x - a.x);
    text.y = a.y + share * (b.y - a.y);
    text.fill = "#ffffff";
    texts_.push_back(std::move(text));
  }
  void add_heading(std::size_t i) {
    Box text = make_box(BoxKind::text, "", {layers_[i].label});
    text.x = column * static_cast<double>(i + 1);
    text.y = height_of(0, tallest_) + 0.6;
    if (!layers_[i].label.empty()) texts_.push_back(std::move(text));
  }

  std::string caption() {
    drawing_.boxes.insert(drawing_.boxes.end(), texts_.begin(), texts_.end());
    const char* const what = options_.color == ColorBy::weight ? "weight" : "gradient of a weight";
    std::string text = options_.title.empty() ? "" : options_.title + ": ";
    text += fmt::format("blue is negative, red is positive; the largest {} is {:.{}g}", what,
                        largest_weight_, options_.digits);
    if (largest_bias_ > 0)
      text += fmt::format(", of a bias {:.{}g}", largest_bias_, options_.digits);
    return text;
  }

  const std::vector<ShadedLayer>& layers_;
  const NetworkDiagramOptions& options_;
  double largest_weight_ = 0, largest_bias_ = 0;
  std::int64_t tallest_ = 0;
  std::vector<std::size_t> first_;  // the first unit of each layer
  std::vector<Box> texts_;          // above the lines
  Drawing drawing_;
};

}  // namespace

GraphPicture network_diagram(const std::vector<DenseLayer>& layers,
                             const NetworkDiagramOptions& options, Site site) {
  check_within("viz::network_diagram", "digits", options.digits, 1, 17, site);
  const std::vector<ShadedLayer> shaded = shaded_layers(layers, options, site);
  return GraphPicture(NetworkDrawer(shaded, options).draw());
}

GraphPicture network_diagram(const nn::Module& model, const NetworkDiagramOptions& options,
                             Site site) {
  return network_diagram(dense_layers(model, site), options, site);
}

}  // namespace xgrad::viz

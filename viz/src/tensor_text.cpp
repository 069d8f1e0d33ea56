#include "tensor_text.hpp"

#include <cmath>

#include <fmt/format.h>

namespace xgrad::viz {
namespace {

class Elements {
 public:
  Elements(const Tensor& t, int digits) : elements_(t.detach().to(float64)), digits_(digits) {}

  std::string nested(int axis) {
    if (axis == elements_.dim())
      return fmt::format("{:.{}g}", elements_.data<double>()[at_++], digits_);
    std::string all;
    for (std::int64_t i = 0; i < elements_.size(axis); ++i)
      all.append(i == 0 ? "" : ", ").append(nested(axis + 1));
    return fmt::format("[{}]", all);
  }

 private:
  const Tensor elements_;
  const int digits_;
  std::int64_t at_ = 0;
};

}  // namespace

std::string elements_text(const Tensor& t, int digits) { return Elements(t, digits).nested(0); }

std::vector<std::string> elements_lines(const Tensor& t, int digits) {
  if (t.dim() != 2 || t.size(0) == 0) return {elements_text(t, digits)};
  Elements elements(t, digits);
  std::vector<std::string> lines;
  for (std::int64_t i = 0; i < t.size(0); ++i) lines.push_back(elements.nested(1));
  return lines;
}

std::string figures_text(const Tensor& t, int digits) {
  const Tensor elements = t.detach().to(float64);
  double sum = 0, squares = 0, largest = 0;
  for (const double x : elements.span<double>()) {
    sum += x;
    squares += x * x;
    largest = std::abs(x) > largest || std::isnan(x) ? std::abs(x) : largest;
  }
  return fmt::format("mean {:.{}g}, largest {:.{}g}, norm {:.{}g}",
                     sum / static_cast<double>(t.numel()), digits, largest, digits,
                     std::sqrt(squares), digits);
}

}  // namespace xgrad::viz

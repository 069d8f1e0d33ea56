#include "pictures.hpp"

#include <cstdlib>
#include <filesystem>
#include <string_view>

#include <fmt/core.h>

using xgrad::Tensor;
namespace viz = xgrad::viz;

Pictures::Pictures(std::string folder) : folder_(std::move(folder)) {
  std::filesystem::create_directories(folder_);
}

void Pictures::save(const std::string& name, const viz::Figure& figure) const {
  figure.save(folder_ + "/" + name);
  fmt::print("picture: {}/{}\n", folder_, name);
}
void Pictures::save(const std::string& name, const viz::Animation& animation) const {
  animation.save(folder_ + "/" + name);
  fmt::print("picture: {}/{}\n", folder_, name);
}
void Pictures::save(const std::string& name, const viz::GraphPicture& graph) const {
  graph.save(folder_ + "/" + name);
  fmt::print("picture: {}/{}\n", folder_, name);
}

int draw_pictures(int argc, char** argv, const std::function<void(const Pictures&)>& draw) {
  if (argc == 1) return EXIT_SUCCESS;
  if (argc != 3 || std::string_view(argv[1]) != "--pictures") {
    fmt::print(stderr, "usage: {} [--pictures FOLDER]\n", argv[0]);
    return EXIT_FAILURE;
  }
  try {
    draw(Pictures(argv[2]));
    return EXIT_SUCCESS;
  } catch (const std::exception& e) {
    fmt::print(stderr, "{}\n", e.what());
    return EXIT_FAILURE;
  }
}

viz::Numbers between(double low, double high, std::int64_t n) {
  return xgrad::linspace(low, high, n, {.dtype = xgrad::float64});
}

std::vector<double> values_of(const Function& f, const viz::Numbers& x) {
  std::vector<double> y;
  for (const double at : x)
    y.push_back(f(xgrad::tensor(at, {.dtype = xgrad::float64})).item<double>());
  return y;
}

std::vector<double> slopes_of(const Function& f, const viz::Numbers& x) {
  std::vector<double> slopes;
  for (const double number : x) {
    const Tensor at = xgrad::tensor(number, {.dtype = xgrad::float64, .requires_grad = true});
    f(at).backward();
    slopes.push_back(at.grad().item<double>());
  }
  return slopes;
}

void draw_tangent(viz::Axes& axes, const Function& f, double at, double low, double high) {
  const viz::Numbers x = between(low, high);
  const double value = values_of(f, {at})[0], slope = slopes_of(f, {at})[0];
  std::vector<double> tangent;
  for (const double v : x) tangent.push_back(value + slope * (v - at));
  axes.plot(x, values_of(f, x), {.label = "the function", .width = 2.4});
  axes.plot(x, tangent,
            {.label = fmt::format("tangent, slope {:g}", slope), .dash = viz::Dash::dashed});
  axes.scatter({at}, {value}, {.label = fmt::format("({:g}, {:g})", at, value), .size = 1.5});
  axes.legend(viz::Legend::top_left);
}

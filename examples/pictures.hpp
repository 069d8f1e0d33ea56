// pictures.hpp: what the examples share to draw their pictures.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <xgrad/xgrad.hpp>

/// The folder that an example draws into.
class Pictures {
 public:
  explicit Pictures(std::string folder);
  /// Writes the picture and prints its name, which ends with .svg, .png or .gif.
  void save(const std::string& name, const xgrad::viz::Figure& figure) const;
  void save(const std::string& name, const xgrad::viz::Animation& animation) const;
  void save(const std::string& name, const xgrad::viz::GraphPicture& graph) const;

 private:
  std::string folder_;
};

/// Calls `draw` if the program was started with `--pictures FOLDER`, and makes the folder if need
/// be. Prints what is wrong with the arguments, or what went wrong.
/// @return  the exit status of the program.
int draw_pictures(int argc, char** argv, const std::function<void(const Pictures&)>& draw);

/// A function of one number: its values and its slopes, which `backward` computes.
using Function = std::function<xgrad::Tensor(const xgrad::Tensor&)>;
std::vector<double> values_of(const Function& f, const xgrad::viz::Numbers& x);
std::vector<double> slopes_of(const Function& f, const xgrad::viz::Numbers& x);

/// `n` numbers from `low` to `high`.
xgrad::viz::Numbers between(double low, double high, std::int64_t n = 200);

/// The curve of a function, and its tangent at a point.
void draw_tangent(xgrad::viz::Axes& axes, const Function& f, double at, double low, double high);

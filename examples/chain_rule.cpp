// chain_rule: the derivative of a composition is the product of the derivatives of its parts.
//
// (3x + 1)^2 is the square of a line. At x = 2 the line has the value 7 and the slope 3. The square
// has the slope 2 * 7 = 14 there, so the composition has the slope 14 * 3 = 42. Backpropagation
// does the same: each op knows its own slope, and the sweep multiplies the slopes on the way back.
#include <fmt/core.h>

#include <xgrad/xgrad.hpp>

#include "pictures.hpp"

using xgrad::Tensor;
namespace viz = xgrad::viz;

Tensor square_of_line(const Tensor& x) { return square(3 * x + 1); }

// What a trip of two hours costs, and how much more if the speed is one mile per hour higher.
Tensor distance(const Tensor& speed) { return speed * 2; }      // miles in two hours
Tensor cost(const Tensor& distance) { return distance * 0.5; }  // dollars, half a dollar a mile
Tensor trip_cost(const Tensor& speed) { return cost(distance(speed)); }

struct Slope {
  double value, derivative;
};
template <class F>
Slope slope_at(F f, double at) {
  const Tensor x = xgrad::tensor(at, {.dtype = xgrad::float64, .requires_grad = true});
  const Tensor y = f(x);
  y.backward();
  return {y.item<double>(), x.grad().item<double>()};
}

void draw(const Pictures& pictures) {
  const xgrad::KeepValues keep;
  Tensor x = xgrad::tensor(2.0, {.dtype = xgrad::float64, .requires_grad = true});
  const Tensor y = square_of_line(x);
  pictures.save("chain_rule_graph.svg", viz::graph(y, {.names = {{"x", x}, {"y = (3x + 1)²", y}},
                                                       .backward = true,
                                                       .left_to_right = true}));
  viz::Figure figure;
  draw_tangent(figure.axes(), trip_cost, 60, 0, 100);
  figure.axes().set_title("What a trip of two hours costs");
  figure.axes().set_xlabel("speed (mph)").set_ylabel("cost (dollars)");
  pictures.save("chain_rule_trip.svg", figure);
}

int main(int argc, char** argv) {
  const Slope line = slope_at(square_of_line, 2);
  fmt::print("(3x + 1)^2 at x = 2: value {}, slope {}\n\n", line.value, line.derivative);

  // The same sweep, step by step.
  const xgrad::KeepValues keep;
  Tensor x = xgrad::tensor(2.0, {.dtype = xgrad::float64, .requires_grad = true});
  x.set_name("x");
  fmt::print("{}\n", explain(square_of_line(x)));

  // dcost/dspeed = dcost/ddistance * ddistance/dspeed = 0.5 * 2.
  const Slope trip = slope_at(trip_cost, 60);
  fmt::print("Two hours at 60 mph cost {} dollars. The slope is {} dollars per mph:\n", trip.value,
             trip.derivative);
  fmt::print("{} dollars per mile, times {} miles per mph.\n", slope_at(cost, 120).derivative,
             slope_at(distance, 60).derivative);
  return draw_pictures(argc, argv, draw);
}

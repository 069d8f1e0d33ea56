// What a user's program does: a model, an op by `record`, an op by formula, xtensor in and out.
#include <cstdio>

#include <xgrad/ops/pointwise.hpp>
#include <xgrad/xgrad.hpp>
#include <xgrad/xtensor.hpp>

using xgrad::Tensor;

// The sum of squares, with its local gradient beside it.
Tensor sum_of_squares(const Tensor& x) {
  return xgrad::record("sum_of_squares", {x}, (x.detach() * x.detach()).sum(), xgrad::save_inputs,
                       [](const Tensor& dy, xgrad::Inputs in, xgrad::InputGradients dx) {
                         dx.add(0, dy * in[0] * 2);
                       });
}

template <class Result>
bool check(const char* what, const Result& result) {
  std::printf("%-28s %s\n", what, result.message.c_str());
  return static_cast<bool>(result);
}

int main() {
  const Tensor x = xgrad::rand({4, 3}, {.dtype = xgrad::float64});
  bool good = check("record", xgrad::gradcheck(sum_of_squares, x));
  good = check("record, second order", xgrad::gradgradcheck(sum_of_squares, x)) && good;

  const auto softsign = xgrad::pointwise("softsign", [](auto v) { return v / (1 + abs(v)); });
  const auto op = [&](const Tensor& v) { return softsign(v); };
  good = check("formula", xgrad::gradcheck(op, x)) && good;
  good = check("formula, second order", xgrad::gradgradcheck(op, x)) && good;

  const xgrad::nn::Sequential net(xgrad::nn::Linear(3, 8), xgrad::nn::Tanh(),
                                  xgrad::nn::Linear(8, 1));
  const Tensor y = net(xgrad::tensor(xt::xarray<float>{{1, 2, 3}, {4, 5, 6}}));
  good = good && y.array<float>().shape()[0] == 2;
  return good ? 0 : 1;
}

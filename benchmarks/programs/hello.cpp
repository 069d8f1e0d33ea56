// The smallest program: one op and its gradient.
#include <cstdlib>

#include <xgrad/xgrad.hpp>

int main() {
  const xgrad::Tensor x = xgrad::ones({1}, {.requires_grad = true});
  (x * 2).backward();
  return x.grad().item<float>() == 2 ? EXIT_SUCCESS : EXIT_FAILURE;
}

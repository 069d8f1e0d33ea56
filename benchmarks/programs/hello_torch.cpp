// hello.cpp in libtorch.
#include <cstdlib>

#include <torch/torch.h>

int main() {
  const torch::Tensor x = torch::ones({1}, torch::requires_grad());
  (x * 2).backward();
  return x.grad().item<float>() == 2 ? EXIT_SUCCESS : EXIT_FAILURE;
}

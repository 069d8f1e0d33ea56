// Products of matrices. The limit is oneDNN's product of the same matrices, without a graph.
#include <array>

#include <fmt/format.h>

#include <xgrad/xgrad.hpp>

#include "../limits.hpp"
#include "../suite.hpp"

namespace bench {
namespace {

using xgrad::Tensor;
using V = const Tensors&;

// op's forward pass is a product of (m, k) and (k, n).
void add_product(Cases& to, OpCase op, std::int64_t m, std::int64_t k, std::int64_t n) {
  const std::size_t before = to.size();
  op.elements = 1e3;
  op.unit = "us";
  op.tolerance = 1e-4;
  add(to, "products", op);
  to[before].traffic = to[before + 1].traffic = {};
  if (m > 0) to[before].floor = [=] { return gemm(m, k, n); };
}

}  // namespace

Cases product_cases() {
  Cases all;
  const std::vector<std::array<std::int64_t, 3>> shapes{{{64, 784, 128},
                                                         {256, 1024, 1024},
                                                         {32, 100, 100},
                                                         {1024, 128, 512},
                                                         {512, 512, 512},
                                                         {1024, 1024, 1024}}};
  for (const auto& [m, k, n] : shapes)
    add_product(all,
                {.name = fmt::format("matmul {}x{}x{}", m, k, n),
                 .inputs = {{{m, k}}, {{k, n}}},
                 .op = [](V v) { return matmul(v[0], v[1]); }},
                m, k, n);
  for (const auto& [m, k, n] : std::vector{shapes[0], shapes[2], shapes[3]})
    add_product(all,
                {.name = fmt::format("linear {}x{}x{}", m, k, n),
                 .inputs = {{{m, k}}, {{n, k}}, {{n}}},
                 .op = [](V v) { return linear(v[0], v[1], v[2]); }},
                m, k, n);
  add_product(all,
              {.name = "matmul 256x256x256, float64",
               .inputs = {{{256, 256}, -1, 1, Input::Type::float64},
                          {{256, 256}, -1, 1, Input::Type::float64}},
               .op = [](V v) { return matmul(v[0], v[1]); }},
              0, 0, 0);
  add_product(all,
              {.name = "bmm 64 of 64x32x64",
               .inputs = {{{64, 64, 32}}, {{64, 32, 64}}},
               .op = [](V v) { return bmm(v[0], v[1]); }},
              0, 0, 0);
  add_product(all,
              {.name = "mv 1024x1024",
               .inputs = {{{1024, 1024}}, {{1024}}},
               .op = [](V v) { return mv(v[0], v[1]); }},
              0, 0, 0);
  add_product(all,
              {.name = "outer 1024x1024",
               .inputs = {{{1024}}, {{1024}}},
               .op = [](V v) { return outer(v[0], v[1]); }},
              0, 0, 0);
  add_product(all,
              {.name = "einsum bij,bkj->bik",
               .inputs = {{{32, 64, 64}}, {{32, 48, 64}}},
               .op =
                   [](V v) {
                     return xgrad::einsum("bij,bkj->bik", {v[0], v[1]});
                   }},
              0, 0, 0);
  add_product(
      all,
      {.name = "attention 16x4x64x32, causal",
       .inputs = {{{16, 4, 64, 32}}, {{16, 4, 64, 32}}, {{16, 4, 64, 32}}},
       .op =
           [](V v) { return scaled_dot_product_attention(v[0], v[1], v[2], {.is_causal = true}); }},
      0, 0, 0);
  return all;
}

}  // namespace bench

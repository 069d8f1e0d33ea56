// Ops that move elements: transposes, joins, slices, repeats.
#include <xgrad/xgrad.hpp>

#include "../suite.hpp"

namespace bench {
namespace {

using xgrad::Tensor;
using V = const Tensors&;

const Input square{{4096, 4096}};
const Input matrix{{4096, 1024}};
const Input images{{64, 32, 28, 28}};

}  // namespace

Cases rearrangement_cases() {
  Cases all;
  const auto op = [&](OpCase c) {
    c.reads_again = false;
    add(all, "rearrangements", c);
  };
  op({.name = "transpose 4096x4096",
      .inputs = {square},
      .op = [](V v) { return transpose(v[0], 0, 1); },
      .aim_forward = 1.5,
      .aim_both = 1.5});
  op({.name = "transpose 16x64x4x32, dims 1 and 2", .inputs = {{{16, 64, 4, 32}}}, .op = [](V v) {
        return transpose(v[0], 1, 2);
      }});
  op({.name = "permute 64x32x28x28 to channels last", .inputs = {images}, .op = [](V v) {
        return permute(v[0], {0, 2, 3, 1});
      }});
  op({.name = "cat, dim 0",
      .inputs = {matrix, matrix},
      .op =
          [](V v) {
            return xgrad::cat({v[0], v[1]}, 0);
          },
      .aim_forward = 1.1,
      .aim_both = 1.1});
  op({.name = "cat, dim 1",
      .inputs = {matrix, matrix},
      .op =
          [](V v) {
            return xgrad::cat({v[0], v[1]}, 1);
          },
      .aim_forward = 1.1,
      .aim_both = 1.1});
  op({.name = "stack, dim 1", .inputs = {matrix, matrix}, .op = [](V v) {
        return xgrad::stack({v[0], v[1]}, 1);
      }});
  op({.name = "narrow, dim 1",
      .inputs = {matrix},
      .op = [](V v) { return narrow(v[0], 1, 100, 800); },
      .elements = 4096.0 * 800});
  op({.name = "narrow, dim 0",
      .inputs = {matrix},
      .op = [](V v) { return narrow(v[0], 0, 100, 3200); },
      .elements = 3200.0 * 1024});
  op({.name = "every second column",
      .inputs = {matrix},
      .op =
          [](V v) {
            return v[0].index({xgrad::Slice(), xgrad::Slice(0, 1024, 2)});
          },
      .elements = 4096.0 * 512});
  op({.name = "flip, dim 1", .inputs = {matrix}, .op = [](V v) { return flip(v[0], {1}); }});
  op({.name = "roll, dim 1", .inputs = {matrix}, .op = [](V v) { return roll(v[0], {100}, {1}); }});
  op({.name = "repeat 1x4",
      .inputs = {{{4096, 256}}},
      .op =
          [](V v) {
            return repeat(v[0], {1, 4});
          },
      .elements = 4096.0 * 1024});
  op({.name = "expand a column",
      .inputs = {{{4096, 1}}},
      .op =
          [](V v) {
            return expand(v[0], {4096, 1024});
          },
      .elements = 4096.0 * 1024});
  op({.name = "pad 64x32x28x28 by 2", .inputs = {images}, .op = [](V v) {
        return pad(v[0], {2, 2, 2, 2});
      }});
  op({.name = "tril", .inputs = {square}, .op = [](V v) { return tril(v[0]); }});
  op({.name = "diagonal",
      .inputs = {square},
      .op = [](V v) { return diagonal(v[0]); },
      .elements = 4096});
  return all;
}

}  // namespace bench

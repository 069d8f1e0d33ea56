// draw.hpp: random calls of a function, as its signature in the table of calls allows.
//
// A signature lists what a call has: positional arguments, then after '|' options by name, each
// there or not ("name=kind"), or always ("name!=kind"). ' // ' parts whole signatures, '/' kinds;
// one of them is drawn.
//
//   x f i b w        a tensor: any dtype, floats, integers, truths, floats without a gradient;
//                    f(0..1) within bounds
//   x[N,M]           its axes. A capital is a size that all arguments share, a small letter one of
//                    its own; N*2, G*P and N-1 are sizes that follow, N(3..9) has bounds,
//                    N? is an axis that may be missing, -N a size up to N
//   [*A] [~*A] [-*A] any number of axes, shared; the same for broadcasting to them; each up to that
//   f~[N,M]          the whole shape for broadcasting; /[N] other axes of the same kind of tensor
//   [=2]             the shape of the positional argument 2, or a larger one
//   dominant definite symmetric normalized signs distinct(N)
//                    tensors of a kind: matrices, log-probabilities, 1 and -1, indices once each
//   int(a..b) real(a..b) num bool {a,b,c}        numbers, words; null, none: no argument
//   dim dim+1 dims dimlist dimpair permutation   axes of the first tensor, of one axis more
//   at(A) rank(B) size(G) sizes(B)               the axis behind *A, how many *B are, sizes
//   ints(a..b) ints4(a..b) each2(a..b) size2(a..b) scales2(a..b) parts(N) margins(a..b)
//                    lists of numbers; each2 is one number or two; size2 may keep a size
//   broadened reshaped repeats indices places    what the first tensor's shape asks for
//   list(k) list(j,k) k...                       a list, of as many as drawn; repeated arguments
//   einsum fold2                                 a whole call
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "support/reference.hpp"

namespace xgrad::test {

/// Random numbers that can be replayed and made smaller: 0 is the simplest choice of each.
class Choices {
 public:
  explicit Choices(std::uint64_t seed) : random_(seed) {}
  explicit Choices(std::vector<std::uint64_t> made) : made_(std::move(made)), replays_(true) {}

  /// One of 0 .. count - 1. Replayed ones that are used up give 0.
  std::uint64_t below(std::uint64_t count);
  bool one_in(std::uint64_t n) { return below(n) == n - 1; }
  const std::vector<std::uint64_t>& made() const { return made_; }

 private:
  std::vector<std::uint64_t> made_;
  std::size_t next_ = 0;
  bool replays_ = false;
  std::mt19937_64 random_;
};

/// {"args": [...], "kwargs": {...}} as in ops.json; tensors with "same": k are the k-th once more.
Json draw_call(std::string_view signature, Choices& choices);

}  // namespace xgrad::test

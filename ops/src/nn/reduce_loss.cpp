#include "nn/reduce_loss.hpp"

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/ops/reduction.hpp>

namespace xgrad {

Tensor detail::reduced(const char* op, const Tensor& losses, Reduction reduction) {
  switch (reduction) {
    case Reduction::mean:
      return mean(losses);
    case Reduction::sum:
      return sum(losses);
    case Reduction::none:
      return losses;
    case Reduction::batchmean:
      break;
  }
  throw ValueError(fmt::format(
      "{}: reduction is batchmean, which only kl_div supports; use none, mean or sum", op));
}

}  // namespace xgrad

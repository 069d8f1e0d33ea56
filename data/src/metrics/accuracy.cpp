#include <xgrad/data/metrics/accuracy.hpp>

#include <xgrad/graph/op_scope.hpp>

#include "labels.hpp"

namespace xgrad::metrics {

void Accuracy::update(const Tensor& predictions, const Tensor& targets, Site site) {
  const OpScope scope("Accuracy", site);
  std::int64_t correct = 0, total = 0;
  detail::read_labels("Accuracy", predictions, targets, options_.threshold, options_.ignore_index)
      .for_each([&](std::int64_t predicted, std::int64_t target) {
        correct += predicted == target ? 1 : 0;
        ++total;
      });
  count(correct, total);
}

}  // namespace xgrad::metrics

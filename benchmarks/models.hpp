// models.hpp: the examples lenet, char_rnn and gpt, trained by us and by libtorch from the same
// weights on the same batches.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

struct Parameter {
  std::string name;
  std::vector<float> elements;
};

/// Batches that follow each other. LeNet's inputs are images, the others' numbers of characters.
struct Batches {
  std::vector<std::int64_t> input_shape, target_shape;
  std::vector<std::vector<float>> images;
  std::vector<std::vector<std::int64_t>> characters;
  std::vector<std::vector<std::int64_t>> targets;

  std::size_t size() const { return targets.size(); }
};

/// A step with the next batch, the first after the last; gives the loss before the step.
using Step = std::function<double()>;

namespace rival {
Step lenet(const std::vector<Parameter>& start, const Batches& batches);
Step char_rnn(const std::vector<Parameter>& start, const Batches& batches, std::int64_t vocabulary);
Step gpt(const std::vector<Parameter>& start, const Batches& batches, std::int64_t vocabulary);
}  // namespace rival

// suite.hpp: the cases of the suite, and how ops become cases.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <xgrad/graph/tensor.hpp>

#include "work.hpp"

namespace bench {

/// The fewest bytes that the work has to read and to write.
struct Traffic {
  double read = 0, written = 0;
};

/// Our work, and what the peer needs for the same.
struct Made {
  Work work;
  Setup setup;
};

/// A row of the table.
struct Case {
  std::string group, name, unit;
  double per_call = 1;               // how many units a call counts
  double tolerance = 1e-5;           // of the answers
  int verified_calls = 1;            // before the answers are compared
  std::function<Traffic()> traffic;  // empty: memory is not the limit
  double aim = 1;                    // the peer's time over ours
  double seconds = 0.04;             // of a round
  bool warm_up = true;
  bool by_name_only = false;  // not part of the table
  std::string peer;           // the peer's name of it; empty: `name`
  std::function<Made()> make;
  std::function<Work()> theirs;  // where the peer is not in its module: another program
  std::function<Work()> floor;   // the same without a framework; otherwise made of `traffic`
};

using Cases = std::vector<Case>;
using Tensors = std::vector<xgrad::Tensor>;
using Op = std::function<xgrad::Tensor(const Tensors&)>;

/// An op and what it costs, in bytes per element beyond those of its inputs and results.
struct OpCase {
  std::string name;
  std::vector<Input> inputs;
  Op op;
  double elements = 0;  // that the unit counts; 0: those of the first input
  double aim_forward = 1, aim_both = 1;
  double tolerance = 1e-5;
  bool differentiable = true;
  bool random = false;      // only the mean of the results is compared
  bool reads_again = true;  // the gradient needs the inputs or the result
  std::string unit = "ns/elem";
};

/// Appends `name, forward` (without a graph) and `name, both` (forward, and backward from a random
/// gradient).
void add(Cases& to, const std::string& group, const OpCase& op);

Digest digest(const xgrad::Tensor& t);
xgrad::Tensor filled(const Input& input, std::size_t i);

/// A training as a case: `step` gives the loss, which is compared for `verified` steps.
Work training(std::function<double()> step, int verified);

// One for each file of cases/.
Cases overhead_cases();
Cases elementwise_cases();
Cases row_cases();
Cases reduction_cases();
Cases rearrangement_cases();
Cases window_cases();
Cases convolution_map_cases();
Cases sorting_cases();
Cases product_cases();
Cases linalg_cases();
Cases optimizer_cases();
Cases mlp_cases();
Cases cnn_cases();
Cases sequence_cases();
Cases data_cases();
Cases worker_cases();
Cases process_cases();

/// All, in the order of the table.
Cases all_cases();

}  // namespace bench

// libtorch.hpp: how the peer's module makes works of ops and trainings.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <torch/torch.h>

#include "../work.hpp"

namespace bench {

using Tensors = std::vector<torch::Tensor>;
using Works = std::map<std::string, std::function<Work(const Setup&)>>;

Digest digest(const torch::Tensor& t);
/// Input i of a setup.
torch::Tensor filled(const Input& input, std::size_t i);

/// An op as a work: forward without a graph, or forward and backward from a random gradient.
using Op = std::function<torch::Tensor(const Tensors&)>;
std::function<Work(const Setup&)> work_of(Op op, bool random = false);

/// The losses of the first `verified` steps are the answer.
Work training(std::function<double()> step, std::size_t verified);

/// Copies the starting parameters by their names.
void set_parameters(torch::nn::Module& model, const std::vector<Parameter>& from);
torch::Tensor inputs_of(const Batch& batch);
torch::Tensor targets_of(const Batch& batch);

/// A model, its optimizer and its batches as a work. clip_norm: 0 for none.
template <class Model, class Optimizer, class Loss>
Work trained(Model model, Optimizer optimizer, double clip_norm, Loss loss_of, const Setup& setup,
             std::size_t verified) {
  struct State {
    Model model;
    Optimizer optimizer;
    Tensors parameters, inputs, targets;
    std::size_t next;
  };
  set_parameters(*model, setup.parameters);
  auto s =
      std::make_shared<State>(State{model, std::move(optimizer), model->parameters(), {}, {}, 0});
  for (const Batch& b : setup.batches) {
    s->inputs.push_back(inputs_of(b));
    s->targets.push_back(targets_of(b));
  }
  return training(
      [s, clip_norm, loss_of] {
        const std::size_t i = s->next;
        s->next = (i + 1) % s->inputs.size();
        for (torch::Tensor& p : s->parameters) p.mutable_grad() = torch::Tensor();
        const torch::Tensor loss = loss_of(s->model->forward(s->inputs[i]), s->targets[i]);
        loss.backward();
        if (clip_norm > 0) torch::nn::utils::clip_grad_norm_(s->parameters, clip_norm);
        s->optimizer.step();
        return loss.template item<double>();
      },
      verified);
}

// One for each file here.
Works overhead_works();
Works elementwise_works();
Works row_works();
Works reduction_works();
Works rearrangement_works();
Works window_works();
Works sorting_works();
Works product_works();
Works linalg_works();
Works optimizer_works();
Works mlp_works();
Works model_works();
Works data_works();

}  // namespace bench

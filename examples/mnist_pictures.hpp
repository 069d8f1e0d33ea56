// mnist_pictures.hpp: what the mnist example draws of its training.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <xgrad/xgrad.hpp>

#include "pictures.hpp"

/// Collects what the pictures show while the training goes on. Without a folder it does nothing.
class MnistPictures {
 public:
  explicit MnistPictures(const std::string& folder);

  /// Keeps the weights of the first layer at epochs 0, 5 and 10.
  void see_weights(int epoch, const xgrad::Tensor& weight);
  /// Draws the gradients that the model has, once.
  void see_gradients(const xgrad::nn::Module& model);
  struct Epoch {
    double training_loss, validation_loss;          // nats
    double training_accuracy, validation_accuracy;  // percent
  };
  void see_epoch(const Epoch& epoch) { epochs_.push_back(epoch); }
  /// Draws the rest.
  void finish(const xgrad::data::Batch& test, const xgrad::Tensor& predicted,
              const xgrad::metrics::ConfusionMatrix& confusion) const;

 private:
  void draw_epochs() const;
  void draw_weights() const;
  void draw_mistakes(const xgrad::data::Batch& test, const xgrad::Tensor& predicted) const;

  struct Weights {
    int epoch;
    xgrad::Tensor weight;
  };
  std::optional<Pictures> pictures_;
  bool seen_gradients_ = false;
  std::vector<Weights> weights_;
  std::vector<Epoch> epochs_;
};

#include "mnist_pictures.hpp"

#include <fmt/format.h>

using xgrad::Tensor;
namespace viz = xgrad::viz;

MnistPictures::MnistPictures(const std::string& folder) {
  if (!folder.empty()) pictures_.emplace(folder);
}

void MnistPictures::see_weights(int epoch, const Tensor& weight) {
  if (!pictures_ || (epoch != 0 && epoch != 5 && epoch != 10)) return;
  weights_.push_back({epoch, weight.detach().clone()});
}

void MnistPictures::see_gradients(const xgrad::nn::Module& model) {
  if (!pictures_ || seen_gradients_) return;
  seen_gradients_ = true;
  pictures_->save("mnist_gradients.svg",
                  viz::plot_grad_flow(model, {.title = "Gradients at the end of the first epoch"}));
}

void MnistPictures::finish(const xgrad::data::Batch& test, const Tensor& predicted,
                           const xgrad::metrics::ConfusionMatrix& confusion) const {
  if (!pictures_) return;
  draw_epochs();
  draw_weights();
  pictures_->save("mnist_confusion.png",
                  viz::confusion_matrix(confusion, {.title = "Confusion matrix of the test set"}));
  draw_mistakes(test, predicted);
}

void MnistPictures::draw_epochs() const {
  std::vector<double> epochs, losses[2], accuracies[2];
  for (const Epoch& e : epochs_) {
    epochs.push_back(static_cast<double>(epochs.size() + 1));
    losses[0].push_back(e.training_loss);
    losses[1].push_back(e.validation_loss);
    accuracies[0].push_back(e.training_accuracy);
    accuracies[1].push_back(e.validation_accuracy);
  }
  viz::Figure figure(1, 2);
  const std::string names[] = {"training", "validation"};
  for (const std::size_t i : {0, 1}) {
    const viz::LineOptions options{.label = names[i], .marker = viz::Marker::circle};
    figure.axes(0, 0).plot(epochs, losses[i], options);
    figure.axes(0, 1).plot(epochs, accuracies[i], options);
  }
  figure.axes(0, 0).set_title("Loss").set_xlabel("epoch").set_ylabel("cross entropy (nats)");
  figure.axes(0, 1).set_title("Accuracy").set_xlabel("epoch").set_ylabel("correct (%)");
  figure.axes(0, 1).legend(viz::Legend::bottom_right);
  pictures_->save("mnist_epochs.svg", figure);
}

void MnistPictures::draw_weights() const {
  const int columns = static_cast<int>(weights_.size());
  viz::Figure figure(1, columns, {.title = "What the first 25 hidden units look for"});
  for (int i = 0; i < columns; ++i) {
    const auto& [epoch, weight] = weights_[static_cast<std::size_t>(i)];
    viz::draw_weight_images(figure.axes(0, i), weight, {28, 28},
                            {.title = fmt::format("epoch {}", epoch), .max_images = 25});
  }
  pictures_->save("mnist_weights.png", figure);
}

void MnistPictures::draw_mistakes(const xgrad::data::Batch& test, const Tensor& predicted) const {
  constexpr int columns = 6, most = 12;
  viz::Figure figure(2, columns, {.width = 900, .height = 360, .title = "Wrongly read digits"});
  int found = 0;
  for (std::int64_t i = 0; i < predicted.numel() && found < most; ++i) {
    const auto guess = predicted.data<std::int64_t>()[i];
    const auto truth = test.targets.data<std::int64_t>()[i];
    if (guess == truth) continue;
    viz::Axes& axes = figure.axes(found / columns, found % columns);
    axes.imshow(test.inputs[i].reshape({28, 28}));
    axes.set_title(fmt::format("{} read as {}", truth, guess));
    ++found;
  }
  for (; found < most; ++found) figure.axes(found / columns, found % columns).set_axis_off();
  pictures_->save("mnist_mistakes.png", figure);
}

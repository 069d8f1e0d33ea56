#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "hostile/rows.hpp"

namespace xgrad::test {
namespace {

template <class Optimizer, class Options>
Results stepped(Draw& d, const Options& options) {
  Tensor w = d.filled(d.small_shape(), float32, d.chance(0.2)).requires_grad_();
  Optimizer optimizer({w}, options);
  optimizer.step([&] {
    optimizer.zero_grad();
    const Tensor loss = sum(w * w);
    loss.backward();
    return loss;
  });
  optimizer.load_state_dict(optimizer.state_dict());
  return {w.detach()};
}
// Of few iterations: a loss that is NaN goes through all of them.
optim::LBFGSOptions lbfgs_options(Draw& d) {
  optim::LBFGSOptions o{.lr = d.real(), .max_iter = std::min<std::int64_t>(d.number(), 8)};
  o.tolerance_grad = d.real();
  o.history_size = d.number();
  if (d.flag()) o.line_search_fn = d.word({"strong_wolfe"});
  return o;
}
// The rates of some steps of a schedule.
template <class Scheduler, class... Args>
Results scheduled(Args... args) {
  optim::SGD optimizer({zeros({2}, {.requires_grad = true})}, {.lr = 0.1});
  Scheduler scheduler(optimizer, args...);
  std::vector<double> rates = scheduler.get_last_lr();
  for (int i = 0; i < 5; ++i) {
    scheduler.step();
    rates.push_back(scheduler.get_last_lr()[0]);
  }
  scheduler.load_state_dict(scheduler.state_dict());
  return {tensor(rates)};
}
Results gradients_of(Draw& d) {
  const Tensor x = d.floats();
  return grad(sum(exp(x)), {x}, {.grad_outputs = d.tensor(), .create_graph = d.flag()});
}
// A file of IDX whose header claims other sizes than it has, mostly; gone after the call.
class IdxFile {
 public:
  explicit IdxFile(Draw& d)
      : path_(std::filesystem::temp_directory_path() /
              ("xgrad_hostile_" + std::to_string(getpid()) + ".idx")) {
    const std::vector<char> kinds = {0x08, 0x08, 0x08, 0x0d, 0x00};
    const auto rank = static_cast<char>(d.chance(0.2) ? d.below(256) : d.below(4));
    std::string bytes = {0, static_cast<char>(d.below(20) == 0), d.one_of(kinds), rank};
    for (std::size_t n = d.below(30); n > 0; --n)
      bytes += static_cast<char>(d.chance(0.7) ? d.below(3) : d.below(256));
    d.tell("a file of " + std::to_string(bytes.size()) + " bytes");
    std::ofstream(path_, std::ios::binary) << bytes;
  }
  ~IdxFile() { std::filesystem::remove(path_); }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};
Tensor sizes_in(const IdxFile& file) { return tensor(data::read_idx(file.path()).sizes); }
Results batch_of(Draw& d) {
  const data::TensorDataset set(d.floats(), d.positions());
  const data::Batch b = set.get(d.numbers());
  return {b.inputs, b.targets};
}
Results first_batch(Draw& d) {
  data::DataLoader loader(data::TensorDataset(d.floats(), d.positions()),
                          {.batch_size = d.number(), .shuffle = d.flag(), .prefetch = 0});
  for (const data::Batch& b : loader) return {b.inputs, b.targets};
  return {};
}

// Small, since layers are made for as long as there is memory.
std::int64_t few(Draw& d) { return static_cast<std::int64_t>(d.below(4)); }
template <class Net, class Options>
Results recurrent(Draw& d, Options options) {
  const std::int64_t inputs = d.number();
  const Net net(inputs, d.number(), options);
  const bool fits = inputs < 6 && d.chance(0.7);
  const auto y = net(fits ? d.filled({2, 2, inputs}, float32, d.chance(0.2)) : d.floats(), {},
                     d.flag() ? d.positions() : Tensor());
  return {y.output, y.h_n};
}
Results windows_of(Draw& d) {
  const data::CharText text("to be or not to be", d.number(), {.stride = d.number()});
  const data::Batch b = text.get(d.numbers());
  return {b.inputs, b.targets, text.encode(text.decode(d.positions()))};
}
Results subset_of(Draw& d) {
  const data::Subset set(data::TensorDataset(d.floats(), d.positions()), d.positions());
  const data::Batch b = set.get(d.numbers());
  return {b.inputs, b.targets};
}
Results split_of(Draw& d) {
  Results indices;
  for (const auto& part : data::random_split(
           data::TensorDataset(d.floats(), d.positions()),
           d.flag() ? data::SplitLengths(d.numbers()) : data::SplitLengths{d.real(), d.real()}))
    indices.push_back(part.indices());
  return indices;
}
Results blobs(Draw& d) {
  const auto [x, y, centers] =
      data::make_blobs(d.number(), d.number(),
                       {.centers = d.chance(0.5) ? d.tensor() : Tensor(), .n_centers = d.number()});
  return {x, y, centers};
}
Results spirals(Draw& d) {
  const auto [x, y] = data::make_spirals(
      d.number(), {.n_classes = d.number(), .noise = d.real(), .turns = d.real()});
  return {x, y};
}
Results regression(Draw& d) {
  const auto [x, y, coef] = data::make_regression(
      d.number(), d.number(), {.n_informative = d.number(), .n_targets = d.number()});
  return {x, y, coef};
}
Tensor cropped(Draw& d) {
  const std::vector<std::int64_t> indices = d.numbers();
  return data::random_crop(d.tensor(), {d.number(), d.number()}, {.indices = indices},
                           {.padding = d.number()});
}
Tensor flipped(Draw& d) {
  const std::vector<std::int64_t> indices = d.numbers();
  return data::random_horizontal_flip(d.tensor(), {.indices = indices}, d.real());
}
template <class Metric>
Tensor measured(Draw& d, Metric metric) {
  metric.update(d.tensor(), d.flag() ? d.positions() : d.tensor());
  metric.merge(metric);
  metric.load_state_dict(metric.state_dict());
  if constexpr (std::is_same_v<Metric, metrics::ConfusionMatrix>)
    return metric.compute();
  else
    return tensor(metric.compute());
}

Tensor xavier(Draw& d) { return nn::init::xavier_uniform_(d.tensor(), d.real()); }

}  // namespace

std::vector<Row> module_rows() {
  return {
      ROW("Linear", nn::Linear(d.number(), d.number(), {.bias = d.flag()})(d.floats())),
      ROW("linear", nn::Linear(2, 3)(d.floats())),
      ROW("Embedding", nn::Embedding(d.number(), d.number())(d.positions())),
      ROW("BatchNorm1d", nn::BatchNorm1d(d.number(), {.eps = d.real()})(d.floats())),
      ROW("LayerNorm", nn::LayerNorm(d.shape(), {.eps = d.real()})(d.floats())),
      ROWS("LSTM", recurrent<nn::LSTM>(d, nn::LSTMOptions{.num_layers = few(d),
                                                          .batch_first = d.flag(),
                                                          .bidirectional = d.flag(),
                                                          .proj_size = few(d)})),
      ROWS("GRU", recurrent<nn::GRU>(d, nn::GRUOptions{.num_layers = few(d), .dropout = d.real()})),
      ROW("Dropout", nn::Dropout(d.real())(d.floats())),
      ROW("PReLU", nn::PReLU({.num_parameters = d.number(), .init = d.real()})(d.floats())),
      ROW("flatten", nn::Flatten(d.dim(), d.dim())(d.tensor())),
      ROW("softmax", nn::Softmax(d.dim())(d.floats())),
      ROW("xavier_uniform_", xavier(d)),
      ROW("kaiming_normal_", nn::init::kaiming_normal_(d.tensor(), d.real())),
      ROW("orthogonal_", nn::init::orthogonal_(d.tensor(), d.real())),
      ROW("eye_", nn::init::eye_(d.tensor())),
      ROW("uniform_", nn::init::uniform_(d.tensor(), d.real(), d.real())),
      ROWS("SGD", stepped<optim::SGD>(d, optim::SGDOptions{.lr = d.real(), .momentum = d.real()})),
      ROWS("Adam", stepped<optim::Adam>(d, optim::AdamOptions{.lr = d.real(), .eps = d.real()})),
      ROWS("AdamW", stepped<optim::AdamW>(
                        d, optim::AdamWOptions{.lr = d.real(), .betas = {d.real(), d.real()}})),
      ROWS("NAdam", stepped<optim::NAdam>(
                        d, optim::NAdamOptions{.eps = d.real(), .momentum_decay = d.real()})),
      ROWS("RAdam", stepped<optim::RAdam>(d, optim::RAdamOptions{.betas = {d.real(), d.real()}})),
      ROWS("Adamax",
           stepped<optim::Adamax>(d, optim::AdamaxOptions{.lr = d.real(), .eps = d.real()})),
      ROWS("RMSprop", stepped<optim::RMSprop>(d, optim::RMSpropOptions{.alpha = d.real()})),
      ROWS("Adagrad", stepped<optim::Adagrad>(d, optim::AdagradOptions{.lr_decay = d.real()})),
      ROWS("Adadelta", stepped<optim::Adadelta>(d, optim::AdadeltaOptions{.rho = d.real()})),
      ROWS("Rprop", stepped<optim::Rprop>(d, optim::RpropOptions{.etas = {d.real(), d.real()}})),
      ROWS("ASGD",
           stepped<optim::ASGD>(
               d, optim::ASGDOptions{.lambd = d.real(), .alpha = d.real(), .t0 = d.real()})),
      ROWS("Lion", stepped<optim::Lion>(d, optim::LionOptions{.betas = {d.real(), d.real()}})),
      ROWS("Muon", stepped<optim::Muon>(
                       d, optim::MuonOptions{.momentum = d.real(), .ns_steps = d.number()})),
      ROWS("LBFGS", stepped<optim::LBFGS>(d, lbfgs_options(d))),
      ROWS("StepLR", scheduled<optim::StepLR>(d.number(), d.real())),
      ROWS("MultiStepLR", scheduled<optim::MultiStepLR>(d.numbers(), d.real())),
      ROWS("ExponentialLR", scheduled<optim::ExponentialLR>(d.real())),
      ROWS("PolynomialLR", scheduled<optim::PolynomialLR>(d.number(), d.real())),
      ROWS("ConstantLR", scheduled<optim::ConstantLR>(d.real(), d.number())),
      ROWS("LinearLR", scheduled<optim::LinearLR>(optim::LinearLROptions{
                           .start_factor = d.real(), .total_iters = d.number()})),
      ROWS("CosineAnnealingLR", scheduled<optim::CosineAnnealingLR>(d.number(), d.real())),
      ROWS("CosineAnnealingWarmRestarts",
           scheduled<optim::CosineAnnealingWarmRestarts>(d.number(), d.number(), d.real())),
      ROWS("CyclicLR", scheduled<optim::CyclicLR>(
                           d.real(), d.real(), optim::CyclicLROptions{.step_size_up = d.number()})),
      ROWS("OneCycleLR", scheduled<optim::OneCycleLR>(
                             d.real(), optim::OneCycleLROptions{.total_steps = d.number(),
                                                                .pct_start = d.real()})),
      ROW("clip_grad_norm_", optim::clip_grad_norm_(d.tensors(), d.real(), d.real())),
      ROWS("grad", gradients_of(d)),
      ROW("read_idx", sizes_in(IdxFile(d))),
      ROWS("TensorDataset", batch_of(d)),
      ROWS("DataLoader", first_batch(d)),
      ROWS("CharText", windows_of(d)),
      ROWS("Subset", subset_of(d)),
      ROWS("random_split", split_of(d)),
      ROWS("make_blobs", blobs(d)),
      ROWS("make_spirals", spirals(d)),
      ROWS("make_regression", regression(d)),
      ROW("random_crop", cropped(d)),
      ROW("random_horizontal_flip", flipped(d)),
      ROW("center_crop", data::center_crop(d.tensor(), {d.number(), d.number()})),
      ROW("normalize", data::normalize(d.tensor(), {d.real()}, {d.real(), d.real()})),
      ROW("Mean", measured(d, metrics::Mean())),
      ROW("Accuracy", measured(d, metrics::Accuracy({.threshold = d.real()}))),
      ROW("TopK", measured(d, metrics::TopK(d.number()))),
      ROW("ConfusionMatrix", measured(d, metrics::ConfusionMatrix(d.number()))),
      ROW("F1", measured(d, metrics::F1(d.number(), {.beta = d.real()}))),
      ROW("Auroc", measured(d, metrics::Auroc({.classes = d.number()}))),
      ROW("R2", measured(d, metrics::R2({.adjusted = d.number()}))),
      ROW("Perplexity", measured(d, metrics::Perplexity({.ignore_index = d.number()}))),
  };
}

}  // namespace xgrad::test

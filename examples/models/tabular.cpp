// tabular: predicts prices of houses from a CSV file with numbers, words and missing values.
#include <fmt/format.h>

#include <xgrad/xgrad.hpp>

#include "arguments.hpp"

using namespace xgrad;

// Brings columns to mean 0 and standard deviation 1, and back.
struct Scale {
  explicit Scale(const Tensor& x)
      : mean(nanmean(x, 0)), deviation(nanmean(square(x - mean), 0).sqrt()) {}
  Tensor apply(const Tensor& x) const { return (x - mean) / deviation; }
  Tensor undo(const Tensor& x) const { return x * deviation + mean; }
  Tensor mean, deviation;
};

// A missing number becomes the mean, 0, and 1 in a column of its own. A word is 1 in its own
// column.
Tensor features(const Tensor& numbers, const Scale& scale, const Tensor& words) {
  return cat(
      {nan_to_num(scale.apply(numbers), 0), isnan(numbers).to(float32), one_hot(words).to(float32)},
      1);
}

double mean_squared_error(nn::Sequential& model, const data::Batch& samples) {
  const NoGrad guard;
  model.eval();
  const double error = mse_loss(model(samples.inputs), samples.targets).item<double>();
  model.train();
  return error;
}

int main(int argc, char** argv) {
  Arguments arguments(argc, argv, "Predicts prices of houses from a table.");
  const std::string path = arguments.text("--csv", "data/houses/houses.csv", "the table");
  const int epochs = arguments.integer("--epochs", 300, "passes through the data, at most");
  const double at_most = arguments.number("--at-most", 1e30, "fail above this error, in percent");
  arguments.check();

  const data::Csv table(
      path, {.inputs = {"area", "rooms", "year", "distance", "garden"},
             .targets = {"price"},
             .types = {{"garden", data::CsvType::category}, {"energy", data::CsvType::category}},
             .missing = data::CsvMissing::nan});
  const auto [numbers, prices] = table.all();    // no garden is 0, a garden 1
  const Tensor energy = table.column("energy");  // classes "A" to "G" and "unknown" are 0 to 7
  const Tensor log_prices = log(prices);         // so that errors are shares of the price

  // Rows to learn from, to tell when to stop, and to judge by. The scales know the first alone.
  manual_seed(1);
  const std::int64_t n = table.size(), part = n * 15 / 100;
  const auto rows = split(randperm(n), {n - 2 * part, part, part}, 0);
  const Scale scale(numbers.index({rows[0]})), price_scale(log_prices.index({rows[0]}));
  const Tensor x = features(numbers, scale, energy), y = price_scale.apply(log_prices);
  const data::Batch validation{x.index({rows[1]}), y.index({rows[1]})};
  data::DataLoader loader(data::TensorDataset(x.index({rows[0]}), y.index({rows[0]})),
                          {.batch_size = 32, .shuffle = true, .seed = 1});

  nn::Sequential model(nn::Linear(x.size(1), 64), nn::ReLU(), nn::Linear(64, 64), nn::ReLU(),
                       nn::Linear(64, 1));
  optim::AdamW optimizer(model.parameters(), {.lr = 3e-3, .weight_decay = 0.05});
  optim::ReduceLROnPlateau scheduler(optimizer, {.factor = 0.3, .patience = 5});
  data::EarlyStopping stopping({.patience = 20});
  for (int epoch = 1; epoch <= epochs; ++epoch) {
    for (auto [inputs, targets] : loader) {
      optimizer.zero_grad();
      mse_loss(model(inputs), targets).backward();
      optimizer.step();
    }
    const double error = mean_squared_error(model, validation);
    scheduler.step(error);
    if (epoch % 10 == 0)
      fmt::print("epoch {:3}: validation loss {:.4f}, learning rate {:.1e}\n", epoch, error,
                 optimizer.groups()[0].options.lr);
    if (stopping.step(error, model.state_dict())) break;
  }
  model.load_state_dict(stopping.best_state());
  fmt::print("the weights after epoch {} were best\n", stopping.best_step() + 1);

  const NoGrad guard;
  model.eval();
  const Tensor predicted = price_scale.undo(model(x.index({rows[2]})));
  const Tensor truth = log_prices.index({rows[2]});
  metrics::R2 r2;
  r2.update(predicted, truth);
  const double percent = 100 * (exp(predicted - truth) - 1).abs().median().item<double>();
  fmt::print("{} houses it has not seen: R2 {:.3f}, half of the prices within {:.1f} %\n", part,
             r2.compute(), percent);
  return !(percent <= at_most);
}

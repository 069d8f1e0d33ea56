#include "differential/training.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include <fmt/format.h>

#include "differential/image_layers.hpp"

namespace xgrad::test {
namespace {

class Drawing {
 public:
  explicit Drawing(Choices& choices) : choices_(choices) {}

  Json operator()() {
    const bool embeds = choices_.one_in(4), of_images = !embeds && choices_.one_in(2),
               of_sequences = !embeds && !of_images && choices_.one_in(2);
    std::int64_t rows = 6, features = 3;
    Json layers = Json::array();
    if (of_images) {
      ImageSize size{2, 6, 5};
      layers = draw_image_layers(choices_, size);
      layers.push_back(layer("Flatten"));
      features = size.channels * size.height * size.width;
    }
    if (of_sequences) {
      for (std::uint64_t count = choices_.below(2) + 1; count > 0; --count)
        layers.push_back(encoder_layer());
      layers.push_back(layer("Flatten"));
      rows = 4;
      features = 12;
    }
    if (embeds) {
      layers.push_back(layer("Embedding", {5, features}, embedding_options()));
      layers.push_back(layer("Flatten"));
      features *= 2;
    }
    for (std::uint64_t count = choices_.below(3) + 1; count > 0; --count) {
      const auto wider = static_cast<std::int64_t>(choices_.below(4) + 2);
      layers.push_back(layer("Linear", {features, wider}, {{"bias", truth()}}));
      features = wider;
      if (truth()) layers.push_back(norm(features));
      if (truth()) layers.push_back(activation());
    }
    Json training{{"layers", layers},
                  {"input", of_sequences ? numbers({4, 3, 4})
                            : of_images  ? numbers({6, 2, 6, 5})
                                         : input(embeds)},
                  {"target", numbers({rows, features})}};
    draw_optimizer(training);
    return training;
  }

 private:
  bool truth() { return choices_.below(2) == 1; }
  double one_of(std::vector<double> all) { return all[choices_.below(all.size())]; }
  static Json layer(const char* module, const Json& args = Json::array(),
                    const Json& options = Json::object()) {
    return {{"module", module}, {"args", args}, {"kwargs", options}};
  }
  Json numbers(const std::vector<std::int64_t>& shape) {
    std::mt19937 random(static_cast<unsigned>(choices_.below(1000)));
    Json data = Json::array();
    for (std::int64_t k =
             std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
         k > 0; --k)
      data.push_back(static_cast<double>(random() % 4001) / 1000 - 2);
    return {{"shape", shape}, {"dtype", "float64"}, {"data", data}};
  }
  Json input(bool embeds) {
    if (!embeds) return numbers({6, 3});
    Json data = Json::array();
    for (int k = 0; k < 12; ++k) data.push_back(choices_.below(5));
    return {{"shape", {6, 2}}, {"dtype", "int64"}, {"data", data}};
  }
  Json embedding_options() {
    Json options{{"scale_grad_by_freq", truth()}};
    if (truth()) options["padding_idx"] = choices_.below(5);
    return options;
  }
  // Of 3 sequences of 4 steps.
  Json encoder_layer() {
    const std::int64_t heads = std::int64_t{1} << choices_.below(3);
    return layer(
        "TransformerEncoderLayer", {4, heads},
        {{"dim_feedforward", choices_.below(4) + 1}, {"activation", truth() ? "gelu" : "relu"}});
  }
  Json norm(std::int64_t features) {
    if (truth())
      return layer("LayerNorm", {features},
                   {{"eps", one_of({1e-5, 1e-2, 0.5})}, {"elementwise_affine", truth()}});
    Json options{{"eps", one_of({1e-5, 1e-2, 0.5})},
                 {"affine", truth()},
                 {"track_running_stats", truth()},
                 {"momentum", one_of({0.1, 0.7, 0})}};
    if (choices_.one_in(3)) options["momentum"] = nullptr;
    return layer("BatchNorm1d", {features}, options);
  }
  Json activation() {
    static const std::vector<const char*> plain{"ReLU",    "Sigmoid",   "Tanh",     "SELU",
                                                "SiLU",    "Mish",      "Softsign", "LogSigmoid",
                                                "Softmax", "LogSoftmax"};
    switch (choices_.below(6)) {
      case 0:
        return layer("LeakyReLU", Json::array(), {{"negative_slope", one_of({0.01, 0.3})}});
      case 1:
        return layer("ELU", Json::array(), {{"alpha", one_of({1, 0.4, 2})}});
      case 2:
        return layer("GELU", Json::array(), {{"approximate", truth() ? "tanh" : "none"}});
      case 3:
        return layer("Softplus", Json::array(),
                     {{"beta", one_of({1, 0.5, 3})}, {"threshold", one_of({20, 1})}});
      case 4:
        return layer("Hardtanh", Json::array(),
                     {{"min_val", one_of({-1, -0.3})}, {"max_val", one_of({1, 0.6})}});
      default:
        return layer(plain[choices_.below(plain.size())]);
    }
  }

  void draw_optimizer(Json& training) {
    static const std::vector<const char*> names{"SGD",     "Adam",    "AdamW",
                                                "RMSprop", "Adagrad", "LBFGS"};
    const std::string name = names[choices_.below(names.size())];
    if (name == "LBFGS") {
      training.update({{"optimizer", name}, {"options", lbfgs()}, {"clip", Json::object()}});
      return;
    }
    Json options{{"lr", one_of({0.01, 0.1, 0.001})}, {"weight_decay", one_of({0, 0.1})}};
    if (name == "SGD") draw_sgd(options);
    if (name[0] == 'A' && name != "Adagrad") {
      options["betas"] = {one_of({0.9, 0.5, 0}), one_of({0.999, 0.9})};
      options["eps"] = one_of({1e-8, 1e-3});
      options["amsgrad"] = truth();
    }
    if (name == "RMSprop")
      options.update({{"alpha", one_of({0.99, 0.5})},
                      {"eps", one_of({1e-8, 1e-3})},
                      {"momentum", one_of({0, 0.9})},
                      {"centered", truth()}});
    if (name == "Adagrad")
      options.update({{"lr_decay", one_of({0, 0.1})},
                      {"initial_accumulator_value", one_of({0, 0.5})},
                      {"eps", one_of({1e-10, 1e-3})}});
    training["optimizer"] = name;
    training["options"] = options;
    training["clip"] = Json::object();
    if (choices_.one_in(3))  // the one schedule that libtorch has
      training["schedule"] = {{"step_size", choices_.below(20) + 1}, {"gamma", one_of({0.1, 0.7})}};
    if (choices_.one_in(3)) training["clip"]["value"] = one_of({0.1, 1});
    if (choices_.one_in(3))
      training["clip"].update({{"norm", one_of({0.5, 3})}, {"norm_type", one_of({2, 1, 3})}});
  }
  Json lbfgs() {
    Json options{{"lr", one_of({1, 0.5, 0.1})},
                 {"max_iter", choices_.below(4) + 1},
                 {"history_size", choices_.below(4) + 1}};
    if (truth()) options["max_eval"] = choices_.below(6) + 1;
    if (truth()) options["line_search_fn"] = "strong_wolfe";
    return options;
  }
  void draw_sgd(Json& options) {
    options["momentum"] = one_of({0, 0.9});
    options["dampening"] = one_of({0, 0.3});
    options["nesterov"] = options["momentum"] != 0.0 && options["dampening"] == 0.0 && truth();
  }

  Choices& choices_;
};

std::string first_difference(const Array& ours, const Array& theirs, double slack) {
  if (ours.shape != theirs.shape) return "shapes differ";
  for (std::size_t k = 0; k < ours.data.size(); ++k) {
    const double x = ours.data[k], y = theirs.data[k];
    if (x == y || (std::isnan(x) && std::isnan(y))) continue;
    if (!(std::abs(x - y) <= 1e-9 * std::abs(y) + slack))
      return fmt::format("element {}, ours {:.17g}, theirs {:.17g}", k, x, y);
  }
  return "";
}

Json nudged(Json training, unsigned seed) {
  std::mt19937 random(seed);
  for (const char* which : {"input", "target"})
    if (training[which]["dtype"] == "float64")
      for (Json& x : training[which]["data"])
        x = x.get<double>() * (1 + (random() % 2 == 0 ? 0x1p-52 : -0x1p-52));
  return training;
}
// How far a training goes from itself if the numbers move by an ulp.
double spread(const Json& training, const std::vector<Array>& centre) {
  double most = 0;
  for (unsigned seed = 1; seed <= 4; ++seed) {
    const std::vector<Array> other = their_training(nudged(training, seed));
    for (std::size_t i = 0; i < centre.size(); ++i)
      for (std::size_t k = 0; k < centre[i].data.size(); ++k)
        most = std::max(most, std::abs(centre[i].data[k] - other[i].data[k]));
  }
  return 1e-11 + 100 * most;
}

}  // namespace

Json draw_training(Choices& choices) { return Drawing(choices)(); }

std::string training_difference(const Json& training) {
  const std::vector<Array> ours = our_training(training), theirs = their_training(training);
  if (ours.size() != theirs.size())
    return fmt::format("we give {} arrays, they {}", ours.size(), theirs.size());
  const double slack = spread(training, theirs);
  for (std::size_t i = 0; i < ours.size(); ++i) {
    const std::string d = first_difference(ours[i], theirs[i], slack);
    if (!d.empty()) return fmt::format("{}: {}", i == 0 ? "losses" : fmt::format("array {}", i), d);
  }
  return "";
}

}  // namespace xgrad::test

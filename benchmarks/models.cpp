// models: training steps of the examples, one thread. 200 losses have to agree with libtorch's
// before anything is timed; without libtorch, the loss has to fall.
#include "models.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

#include <fmt/format.h>

#include <xgrad/xgrad.hpp>

#include "../examples/models/arguments.hpp"
#include "bench.hpp"

// Their `main`s, in a namespace and never called, are functions without a return.
#pragma GCC diagnostic ignored "-Wreturn-type"

namespace lenet_example {
#include "../examples/models/lenet.cpp"
}
namespace char_rnn_example {
#include "../examples/models/char_rnn.cpp"
}
namespace gpt_example {
#include "../examples/models/gpt.cpp"
}

using namespace xgrad;

namespace {

constexpr int verified_steps = 200;
constexpr double tolerance = 1e-4;

std::vector<Parameter> parameters_of(const nn::Module& model) {
  std::vector<Parameter> all;
  for (const auto& [name, tensor] : model.named_parameters()) {
    const auto elements = tensor.span<float>();
    all.push_back({name, {elements.begin(), elements.end()}});
  }
  return all;
}

std::vector<std::int64_t> sizes_of(const Tensor& x) { return {x.shape().begin(), x.shape().end()}; }
template <class T>
std::vector<T> elements_of(const Tensor& x) {
  const auto all = x.span<T>();
  return {all.begin(), all.end()};
}

Batches plain(const std::vector<data::Batch>& batches) {
  Batches all{sizes_of(batches[0].inputs), sizes_of(batches[0].targets), {}, {}, {}};
  for (const data::Batch& b : batches) {
    if (b.inputs.dtype() == float32)
      all.images.push_back(elements_of<float>(b.inputs));
    else
      all.characters.push_back(elements_of<std::int64_t>(b.inputs));
    all.targets.push_back(elements_of<std::int64_t>(b.targets));
  }
  return all;
}

template <class Dataset>
std::vector<data::Batch> first_batches(const Dataset& dataset, std::int64_t size, int count) {
  std::vector<data::Batch> batches;
  for (const data::Batch& b : data::DataLoader(
           dataset, {.batch_size = size, .shuffle = true, .drop_last = true, .seed = 1})) {
    batches.push_back(b);
    if (static_cast<int>(batches.size()) == count) break;
  }
  return batches;
}

template <class Model, class Optimizer, class Loss>
Step step_of(Model model, Optimizer optimizer, Loss loss_of, std::vector<data::Batch> batches) {
  struct State {
    Model model;
    Optimizer optimizer;
    std::vector<data::Batch> batches;
    std::size_t next = 0;
  };
  auto s =
      std::make_shared<State>(State{std::move(model), std::move(optimizer), std::move(batches)});
  return [s, loss_of] {
    const data::Batch& batch = s->batches[s->next];
    s->next = (s->next + 1) % s->batches.size();
    s->optimizer.zero_grad();
    const Tensor loss = loss_of(s->model, batch);
    loss.backward();
    s->optimizer.step();
    return loss.template item<double>();
  };
}

#ifdef XGRAD_BENCH_TORCH
void verify(const std::string& name, const Step& ours, const Step& theirs) {
  double worst = 0;
  for (int step = 0; step < verified_steps; ++step) {
    const double a = ours(), b = theirs();
    worst = std::max(worst, std::abs(a - b) / std::abs(b));
    if (!(worst <= tolerance)) {
      fmt::print(stderr, "{}: step {}: the loss is {}, libtorch's {}\n", name, step, a, b);
      std::exit(EXIT_FAILURE);
    }
  }
  fmt::print("{}: {} losses agree to {:.1e}\n", name, verified_steps, worst);
}
#endif

void compare(const std::string& name, const Step& ours, [[maybe_unused]] const Step& theirs) {
  const auto nothing = [] { return 1.0; };
#ifdef XGRAD_BENCH_TORCH
  verify(name, ours, theirs);
#else
  const double first = ours();
  double last = first;
  for (int step = 1; step < verified_steps; ++step) last = ours();
  if (!(last < first)) {
    fmt::print(stderr, "{}: the loss rises from {} to {}\n", name, first, last);
    std::exit(EXIT_FAILURE);
  }
#endif
  bench::Case c(name, "us/step", 1000);
  c.contender(
      "xgrad", [&] { ours(); }, nothing, 1, 0);
#ifdef XGRAD_BENCH_TORCH
  c.contender(
      "libtorch", [&] { theirs(); }, nothing, 1, 0);
#endif
  c.run(9, 1);
}

}  // namespace

#ifndef XGRAD_BENCH_TORCH
namespace rival {  // never called
Step lenet(const std::vector<Parameter>&, const Batches&) { return {}; }
Step char_rnn(const std::vector<Parameter>&, const Batches&, std::int64_t) { return {}; }
Step gpt(const std::vector<Parameter>&, const Batches&, std::int64_t) { return {}; }
}  // namespace rival
#endif

// models [MODEL]
int main(int argc, char** argv) {
  const std::string only = argc > 1 ? argv[1] : "";
  if (!only.empty() && only != "lenet" && only != "char_rnn" && only != "gpt") {
    fmt::print(stderr, "there is no model '{}': lenet, char_rnn or gpt\n", only);
    return EXIT_FAILURE;
  }
  bench::require_fitting_blas();
  set_num_threads(1);
  manual_seed(1);
  bench::print_head();
  if (only.empty() || only == "lenet") {
    const auto batches =
        first_batches(data::Mnist(XGRAD_BENCH_DATA "/mnist_subset"), 64, verified_steps);
    const lenet_example::LeNet model;
    const Step theirs = rival::lenet(parameters_of(model), plain(batches));
    compare("lenet",
            step_of(
                model, optim::AdamW(model.parameters(), {.lr = 2e-3, .weight_decay = 0.01}),
                [](auto& m, const data::Batch& b) { return cross_entropy(m(b.inputs), b.targets); },
                batches),
            theirs);
  }
  const std::string text = data::read_text(XGRAD_BENCH_DATA "/text/shakespeare.txt");
  const data::CharText characters(text, 64);
  if (only.empty() || only == "char_rnn") {
    const auto batches = first_batches(characters, 32, verified_steps);
    const char_rnn_example::CharRnn model(characters.vocab_size());
    const Step theirs =
        rival::char_rnn(parameters_of(model), plain(batches), characters.vocab_size());
    compare(
        "char_rnn",
        step_of(
            model, optim::Adam(model.parameters(), {.lr = 3e-3, .clip_norm = 1.0}),
            [](auto& m, const data::Batch& b) { return char_rnn_example::loss(m, b); }, batches),
        theirs);
  }
  if (only.empty() || only == "gpt") {
    const auto batches = first_batches(characters, 16, verified_steps);
    const gpt_example::Gpt model(gpt_example::Sizes{.vocabulary = characters.vocab_size()});
    const Step theirs = rival::gpt(parameters_of(model), plain(batches), characters.vocab_size());
    compare(
        "gpt",
        step_of(
            model,
            optim::AdamW(model.parameters(), {.lr = 1e-3, .weight_decay = 0.1, .clip_norm = 1.0}),
            [](auto& m, const data::Batch& b) { return gpt_example::loss(m, b); }, batches),
        theirs);
  }
}

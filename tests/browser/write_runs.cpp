// write_runs FOLDER: writes the runs that the browser test looks at.
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>

#include <fmt/format.h>

#include <xgrad/xgrad.hpp>

using namespace xgrad;

namespace {

struct Mlp : nn::Layer<Mlp> {
  nn::Linear hidden = child("hidden", nn::Linear(64, 32));
  nn::Linear output = child("output", nn::Linear(32, 10));
  Tensor forward(const Tensor& x) { return output(relu(hidden(x))); }
};

// A small network learns which of ten directions is nearest.
void write_training(const std::string& folder, double lr, std::uint64_t seed) {
  manual_seed(seed);
  const Tensor centres = randn(10, 64);
  Mlp model;
  optim::SGD optimizer(model.parameters(), {.lr = lr, .momentum = 0.9});
  viz::Run run(folder, {.flush_every = 0});
  run.hparams({{"lr", lr},
               {"momentum", 0.9},
               {"batch size", 64},
               {"optimizer", "SGD"},
               {"seed", static_cast<std::int64_t>(seed)}});
  run.watch(model, {.every = 20});
  for (int step = 0; step < 400; ++step) {
    const Tensor x = randn(64, 64);
    const Tensor labels = matmul(x, centres.t()).argmax(1);
    optimizer.zero_grad();
    const Tensor scores = model(x), loss = cross_entropy(scores, labels);
    loss.backward();
    optimizer.step();
    const NoGrad guard;
    run.scalar("loss", step, loss);
    if (step % 10 == 0) {
      run.scalar("accuracy/train", step,
                 100 * (scores.argmax(1) == labels).to(float32).mean().item<double>());
      run.scalar("accuracy/test", step, 100 * (1 - std::exp(-step / 150.0)));
    }
    if (step % 100 == 0)
      run.image("hidden.weight", step, model.hidden.weight.detach().reshape({32, 1, 8, 8}),
                {.normalize = true});
  }
  run.text("notes", 0,
           "The first run with momentum.\n<b>This is no HTML</b> & \"neither\" is that.");
  run.graph(
      "network",
      R"(<svg xmlns="http://www.w3.org/2000/svg" width="520" height="90" font-family="sans-serif">
  <g fill="none" stroke="#567"><rect x="5" y="25" width="130" height="40" rx="8"/>
  <rect x="195" y="25" width="130" height="40" rx="8"/><rect x="385" y="25" width="130" height="40" rx="8"/>
  <path d="M135 45h60M325 45h60"/></g><g text-anchor="middle" font-size="14"><text x="70" y="50">Linear(64, 32)</text>
  <text x="260" y="50">ReLU</text><text x="450" y="50">Linear(32, 10)</text></g></svg>)");
  run.close();
}

// What only hostile or unlucky users record.
void write_odd(const std::string& folder) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN(),
                   infinity = std::numeric_limits<double>::infinity();
  viz::Run run(folder, {.name = "odd </title><script>alert(1)</script>", .flush_every = 0});
  for (int step = 0; step < 60; ++step)
    run.scalar("special", step,
               step == 20   ? nan
               : step == 30 ? infinity
               : step == 40 ? -infinity
                            : step);
  for (int step = 0; step < 200000; ++step) run.scalar("many", step, std::sin(step * 1e-4));
  run.scalar("many", 200000, 7);
  run.scalar("one", 3, 0.25);
  for (int i = 0; i < 30; ++i) run.scalar(fmt::format("long/part {}", i), 1, i);
  run.scalar("</script><script>alert('name')</script>", 1, 1);
  run.scalar("<img src=x onerror=alert(1)>/\"quoted\" ünï 🙂", 1, 2);
  run.scalar("constructor", 1, 2);
  run.scalar("__proto__/a", 1, 2);
  run.text("</script>", 1, "</script><script>alert('text')</script><!-- <script>");
  run.hparams({{"<b>lr</b>", "</td><script>alert(2)</script>"}, {"nothing", nan}});
  run.histogram("of NaN", 1, full({3}, nan));
  run.histogram("of one", 1, full({3}, 0.5));
  run.graph("hostile", R"svg(<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"
    onload="alert(3)"><script>alert(4)</script><image href="http://example.com/x.png"/></svg>)svg");
  run.close();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::string folder = argv[1];
  write_training(folder + "/slow", 0.02, 1);
  write_training(folder + "/fast", 0.1, 1);
  write_odd(folder + "/odd");
  viz::Run(folder + "/empty").close();
  viz::Run open(folder + "/open");
  open.scalar("loss", 1, 0.5);
  open.flush();
  viz::write_report({folder + "/slow", folder + "/fast"}, folder + "/both.html");
  std::_Exit(0);  // without closing
}

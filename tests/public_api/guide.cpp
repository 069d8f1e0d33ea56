// The code of docs/guide.md, compiled and checked.
#include <filesystem>
#include <sstream>

#include <unistd.h>

#include <xgrad/xgrad.hpp>
#include <xgrad/xtensor.hpp>
#if __has_include(<xtensor/xrandom.hpp>)
#include <xtensor/xrandom.hpp>
#else
#include <xtensor/generators/xrandom.hpp>
#endif

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;

TEST_CASE("the guide's tensors are what it says", "[guide]") {
  Tensor a = tensor({{1., 2.}, {3., 4.}});
  Tensor b = zeros({2, 3}, {.dtype = float64});
  Tensor c = tensor(std::vector<double>{1, 2, 3});
  Tensor d = randn({64, 784}), e = arange(10), f = linspace(0, 1, 5), g = eye(3);
  Tensor h = ones(3), i = zeros(3, 4, {.dtype = float64});  // sizes need no braces, up to four
  CHECK(h.shape() == Shape{3});
  CHECK(i.shape() == Shape{3, 4});
  CHECK(i.dtype() == float64);
  CHECK(a.dtype() == float32);
  CHECK(a.shape() == Shape{2, 2});
  CHECK(b.dtype() == float64);
  CHECK(c.dtype() == float64);
  CHECK(d.numel() == 64 * 784);
  CHECK(e.dtype() == int64);
  CHECK(f.data<float>()[4] == 1);
  CHECK(g.sum().item<double>() == 3);
}

TEST_CASE("the guide's members are what it says", "[guide]") {
  const Tensor d = randn({64, 784});
  Tensor share = d.view(-1, 28).clamp(0, 1).sum(1).softmax(0);
  Tensor inside = (d > 0) & (d < 1);
  Tensor scale = ones(784);
  scale.mul_(0.5).add_(1);  // in place: leaves only
  CHECK(allclose(share, softmax(sum(clamp(view(d, {-1, 28}), 0, 1), 1), 0)));
  CHECK(equal(inside, logical_and(d > 0, d < 1)));
  CHECK(equal(scale, full(784, 1.5)));
  const Tensor y = (scale.requires_grad_() * 2).exp();
  CHECK(y.grad_fn().name() == "exp");
  CHECK(y.grad_fn().next_functions()[0].name() == "mul");
}

TEST_CASE("the guide's parts are what it says", "[guide]") {
  const Tensor d = randn({64, 784});
  Tensor row = d[0], last = d[-1];
  Tensor part = d.index({Slice(0, 32), Slice(None, None, 2)});
  Tensor column = d.index({Ellipsis, 3}), wide = d.index({None, 5});
  std::vector<Tensor> halves = split(d, 32);
  Tensor whole = cat(halves), pile = stack({row, last});
  CHECK(row.shape() == Shape{784});
  CHECK(part.shape() == Shape{32, 392});
  CHECK(column.shape() == Shape{64});
  CHECK(wide.shape() == Shape{1, 784});
  CHECK(test::same_bits(whole, d));
  CHECK(pile.shape() == Shape{2, 784});
}

TEST_CASE("the guide's xtensor lines work", "[guide]") {
  Tensor t = tensor(xt::random::randn<float>({64, 784}));
  float m = xt::mean(t.array<float>())();
  CHECK(std::abs(m) < 0.1F);
  Tensor w = zeros({2, 2}, {.requires_grad = true});
  w.mutable_array<float>()(0, 1) = 5;
  Tensor u = t + xt::arange<float>(784);
  CHECK(test::same_bits(u, t + arange(784).to(float32)));
  CHECK(w.data<float>()[1] == 5);
}

TEST_CASE("the guide's gradients are what it says", "[guide]") {
  Tensor x = tensor(2.0, {.requires_grad = true});
  Tensor y = x * x + 3 * x + 1;
  y.backward({}, {.retain_graph = true});
  CHECK(x.grad().item<double>() == 7);
  Tensor first = grad(x * x * x, x, {.create_graph = true})[0];
  Tensor second = grad(first, x)[0];
  CHECK(first.item<double>() == 12);
  CHECK(second.item<double>() == 12);
}

namespace {
struct Mlp : nn::Layer<Mlp> {
  nn::Linear hidden = child("hidden", nn::Linear(784, 128));
  nn::Linear output = child("output", nn::Linear(128, 10));
  Tensor scale = parameter("scale", ones({10}));
  Tensor forward(const Tensor& x) { return output(relu(hidden(x))) * scale; }
};
}  // namespace

TEST_CASE("the guide's derivatives of functions", "[guide]") {
  const auto f = [](const Tensor& v) { return (sin(v) * v).sum(); };
  const Tensor at = tensor({1.0, 2.0});
  auto [value, gradients] = value_and_grad(f, at);
  Tensor h = hessian(f, at);                               // [2, 2]
  Tensor hv = hvp(f, at, tensor({1.0, 0.0})).products[0];  // h's first column, in two sweeps
  Tensor j = jacobian([](const Tensor& v) { return v * v; }, at);
  CHECK(allclose(value, f(at)));
  CHECK(allclose(gradients[0], sin(at) + cos(at) * at));
  CHECK(allclose(hv, h.index({Slice(), 0})));
  CHECK(allclose(j, diag(2 * at)));
  Tensor y = checkpoint(f, tensor({1.0, 2.0}, {.requires_grad = true}));
  HookHandle handle = register_hook(y, [](const Tensor& g) { return g / 2; });
  AnomalyMode guard;
  y.backward();
  CHECK_THROWS_AS(log(tensor({-1.0})), AnomalyError);
}

namespace {
struct Squares {
  std::int64_t size() const { return 1000; }
  data::Batch get(std::span<const std::int64_t> indices) const {
    Tensor x = tensor(indices).to(float32).unsqueeze(1) / 1000;
    return {x, x * x};
  }
};
}  // namespace

TEST_CASE("the guide's dataset is loaded", "[guide]") {
  data::DataLoader loader(Squares(), {.batch_size = 50, .shuffle = true});
  int batches = 0;
  for (auto [x, y] : loader) {
    CHECK(x.shape() == Shape{50, 1});
    CHECK(test::same_bits(y, x * x));
    ++batches;
  }
  CHECK(batches == 20);
}

TEST_CASE("the guide's ways with modules", "[guide]") {
  Mlp model, frozen = model.clone();
  frozen.requires_grad_(false);
  model.requires_grad_(false, "hidden.*");
  for (auto& [name, module] : model.named_modules())
    if (auto* linear = module.as<nn::Linear>()) nn::init::xavier_uniform_(linear->weight);
  Tensor w = model.get_parameter("hidden.weight");
  CHECK(!w.requires_grad());
  CHECK(model.output.weight.requires_grad());
  CHECK(!frozen.output.weight.requires_grad());
  CHECK(nn::summary(model, {{64, 784}}).layers.size() == 3);
  std::vector<NamedTensor> fast = model.named_parameters();
  for (auto& [name, p] : fast) p = p - 0.1 * p;
  Tensor y = nn::functional_call(model, fast, ones({1, 784}));
  CHECK(y.shape() == Shape{1, 10});
  HookHandle seen = model.hidden.register_forward_hook(
      [](const nn::Module&, const std::vector<Tensor>&, std::vector<Tensor>& outputs) {
        outputs[0] = outputs[0] * 0.5;
      });
  const Tensor x = rand({2, 784});
  CHECK(allclose(model(x), model.output(relu(model.hidden.forward(x) * 0.5)) * model.scale));
}

TEST_CASE("the guide's solver and its combined optimizer step", "[guide]") {
  Mlp model;
  const Tensor images = rand({10, 784}), labels = randint(0, 10, {10});
  optim::LBFGS solver(model.parameters(), {.line_search_fn = "strong_wolfe"});
  Tensor before = solver.step([&] {
    solver.zero_grad();
    Tensor loss = cross_entropy(model(images), labels);
    loss.backward();
    return loss;
  });
  CHECK(cross_entropy(model(images), labels).item<float>() < before.item<float>());
  auto [matrices, rest] = optim::split_matrices(model.parameters());
  optim::Combined both(optim::Muon(matrices, 0.02), optim::AdamW(rest, 3e-4));
  both.get<optim::Muon>().groups()[0].options.lr = 0.01;
  both.step();
}

TEST_CASE("the guide's model trains", "[guide]") {
  Mlp model;
  CHECK(model.parameters().size() == 5);
  nn::Sequential net(nn::Linear(2, 4), nn::Tanh(), nn::Linear(4, 1));
  CHECK(net(ones({3, 2})).shape() == Shape{3, 1});
  data::DataLoader loader(data::TensorDataset(rand({20, 784}), randint(0, 10, {20})),
                          {.batch_size = 10, .shuffle = true});
  optim::SGD optimizer(model.parameters(), {.lr = 0.1, .momentum = 0.9, .clip_norm = 1.0});
  for (auto [images, labels] : loader) {
    optimizer.zero_grad();
    Tensor loss = cross_entropy(model(images), labels);
    loss.backward();
    optimizer.step();
  }
  Tensor test_images = rand({8, 784}), test_labels = randint(0, 10, {8});
  {
    NoGrad guard;
    model.eval();
    Tensor predicted = model(test_images).argmax(1);
    double accuracy = (predicted == test_labels).to(float32).mean().item<double>();
    CHECK((accuracy >= 0 && accuracy <= 1));
  }
  model.train();
  StateDict best = model.state_dict().clone();
  model.load_state_dict(best);
  StateDict checkpoint{{"epoch", 3}};
  checkpoint.set_below("model", model.state_dict());
  checkpoint.set_below("optimizer", optimizer.state_dict());
  CHECK(checkpoint.contains("model.hidden.weight"));
  CHECK(checkpoint.contains("optimizer.state.0.momentum_buffer"));
  model.load_state_dict(checkpoint.below("model"));
  optimizer.load_state_dict(checkpoint.below("optimizer"));
  auto epoch = checkpoint.get<std::int64_t>("epoch");
  CHECK(epoch == 3);
  StateDict state = best;
  state.erase("scale");
  state.set("hidden.weight", ones({64, 784}));
  state.set("head.weight", ones({1}));
  CHECK(test::throws<ValueError>(
      [&] { model.load_state_dict(state); },
      {"load_state_dict: the state does not fit Mlp, and nothing was loaded; names, shapes and "
       "dtypes must be the same, with strict = false shapes and dtypes alone:\n"
       "  hidden.weight: expected Tensor [128, 784] float32, found Tensor [64, 784] float32\n"
       "  missing: scale\n"
       "  unexpected: head.weight (at "}));
  state.erase("hidden.weight");
  auto [missing, unexpected] = model.load_state_dict(state, false);
  CHECK(missing.size() == 2);
  CHECK(unexpected == std::vector<std::string>{"head.weight"});
  Tensor loss = model(ones({1, 784})).sum();
  CHECK(explain(loss).starts_with("A sweep of"));
  CHECK(viz::graph(loss).dot().starts_with("digraph"));
  CHECK(viz::module_graph(model, ones({1, 784})).dot().find("hidden: Linear") != std::string::npos);
  loss.backward();
  CHECK(gradient_report(model).find("hidden.weight") != std::string::npos);
  std::vector<Tensor> weights{model.hidden.weight}, biases{model.hidden.bias};
  optim::SGD grouped({{weights, {.lr = 0.1}}, {biases, {.lr = 0.01}}});
  grouped.groups()[0].options.lr = 0.05;
  CHECK(grouped.groups()[1].options.lr == 0.01);
}

TEST_CASE("the guide's run leaves a report", "[guide]") {
  const auto folder = std::filesystem::temp_directory_path() / fmt::format("xgrad_{}", ::getpid());
  Mlp model;
  const int step = 0;
  const Tensor loss = model(ones({1, 784})).sum();
  viz::Run run(folder / "mnist");
  run.hparams({{"lr", 0.1}, {"batch size", 64}});
  run.watch(model);
  loss.backward();
  run.scalar("loss/train", step, loss);
  run.image("weights", step, model.hidden.weight.detach().view({-1, 1, 28, 28}),
            {.normalize = true});
  run.close();
  CHECK(std::filesystem::exists(folder / "mnist/report.html"));
  std::filesystem::remove_all(folder);
}

TEST_CASE("the guide's optimizers, schedules and averages", "[guide]") {
  Mlp model;
  {
    optim::AdamW optimizer(optim::groups(
        model.named_parameters(), optim::AdamWOptions{.lr = 3e-4, .weight_decay = 0.1},
        {{"*.bias|*norm*", optim::no_weight_decay}, {"output.*", [](auto& o) { o.lr *= 10; }}}));
    CHECK(optimizer.groups().size() == 3);
    CHECK(optimizer.groups()[1].params.size() == 2);
    CHECK(optimizer.groups()[2].options.lr == Approx(3e-3));
  }
  optim::Adam optimizer(model.parameters(),
                        {.clip_norm = 1.0, .nonfinite = optim::NonFinite::skip});
  optimizer.step();
  CHECK(fmt::format("{} skipped; {}\n", optimizer.skipped_steps(), optimizer.last_skipped()) ==
        "0 skipped; \n");
  data::DataLoader loader(data::TensorDataset(rand({20, 784}), randint(0, 10, {20})),
                          {.batch_size = 10});
  auto scheduler = optim::warmup_cosine(optimizer, 100, 1000);
  for (auto [images, labels] : loader) {
    optimizer.zero_grad();
    cross_entropy(model(images), labels).backward();
    optimizer.step();
    scheduler.step();
  }
  double lr = scheduler.get_last_lr()[0];
  CHECK(lr == Approx(1e-3 * (0.01 + 0.99 * 0.02)));
  optim::LambdaLR by_function(optimizer, [](auto epoch) { return 1 / (1 + 0.1 * epoch); });
  optim::SequentialLR both(optimizer,
                           {optim::LinearLR(optimizer), optim::ExponentialLR(optimizer, 0.9)}, {5});
  optim::ReduceLROnPlateau plateau(optimizer, {.factor = 0.5, .patience = 3});
  double validation_loss = 1;
  plateau.step(validation_loss);
  both.load_state_dict(both.state_dict());
  optim::lr_scheduler::StepLR by_its_other_name(optimizer, 3);

  std::vector<data::Batch> micro_batches;
  for (auto batch : loader) micro_batches.push_back(batch);
  optimizer.zero_grad();
  for (std::size_t i = 0; i < micro_batches.size(); ++i) {
    auto [images, labels] = micro_batches[i];
    (cross_entropy(model(images), labels) / micro_batches.size()).backward();
  }
  optimizer.step();

  Tensor test_images = rand({8, 784}), test_labels = randint(0, 10, {8});
  nn::EMA ema(model, 0.999);
  optimizer.step();
  ema.update_parameters(model);
  {
    auto guard = ema.swap_in(model);
    validation_loss = cross_entropy(model(test_images), test_labels).item<double>();
  }
  Mlp averaged = model.clone();
  ema.copy_to(averaged);
  nn::update_bn(loader, averaged);
  CHECK(test::same_bits(averaged.state_dict(), model.state_dict()));  // after one update
}

TEST_CASE("the guide's training loop learns", "[guide]") {
  manual_seed(2);
  data::TensorDataset moons(data::make_moons(1000, {.noise = 0.1, .random_state = 1}));
  auto parts = data::random_split(moons, {0.8, 0.2});
  data::DataLoader train_loader(parts[0], {.batch_size = 32, .shuffle = true}),
      test_loader(parts[1], {.batch_size = 200});
  nn::Sequential model(nn::Linear(2, 16), nn::ReLU(), nn::Linear(16, 2));
  optim::SGD optimizer(model.parameters(), {.lr = 0.2, .momentum = 0.9});
  std::ostringstream out;
  data::EarlyStopping stopping({.patience = 5});
  for (int epoch = 0; epoch < 20; ++epoch) {
    data::Progress progress(out, "epoch " + std::to_string(epoch), 800);
    metrics::Mean train_loss, test_loss;
    metrics::Accuracy accuracy;
    for (auto& [x, y] : train_loader) {
      optimizer.zero_grad();
      Tensor loss = cross_entropy(model(x), y);
      loss.backward();
      optimizer.step();
      train_loss.update(loss.item<double>(), x.size(0));
      progress.set("loss", train_loss.compute());
      progress.add(x.size(0));
    }
    NoGrad guard;
    for (auto& [x, y] : test_loader) {
      Tensor logits = model(x);
      test_loss.update(cross_entropy(logits, y).item<double>(), x.size(0));
      accuracy.update(logits, y);
    }
    progress.set("accuracy", accuracy.compute());
    progress.finish();
    if (stopping.step(test_loss.compute(), model.state_dict())) break;
  }
  model.load_state_dict(stopping.best_state());
  metrics::Accuracy accuracy;
  for (auto& [x, y] : test_loader) accuracy.update(model(x), y);
  CHECK(accuracy.compute() > 0.95);
  auto [low, high] = accuracy.interval();
  CHECK((low < accuracy.compute() && accuracy.compute() <= high));
  CHECK(out.str().starts_with("epoch 0 loss 0."));
}

TEST_CASE("the guide's text and transforms", "[guide]") {
  data::CharText text(data::read_text(XGRAD_TEST_DATA "/../text/shakespeare.txt"), 64);
  auto [train_text, test_text] = text.split(0.9);
  std::string words = text.decode(text.encode("ROMEO:"));
  CHECK(words == "ROMEO:");
  CHECK(test_text.size() == 111540 - 64);
  data::Transformed augmented(
      data::Mnist(XGRAD_TEST_DATA), [](data::Batch batch, const data::Draws& draws) {
        batch.inputs = batch.inputs.reshape({-1, 1, 28, 28});
        batch.inputs = data::random_crop(batch.inputs, 28, draws, {.padding = 2});
        batch.inputs = data::normalize(batch.inputs, {0.1307}, {0.3081});
        return batch;
      });
  data::DataLoader loader(augmented, {.batch_size = 8});
  CHECK((*loader.begin()).inputs.shape() == Shape{8, 1, 28, 28});
}

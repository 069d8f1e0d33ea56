// gpt: a transformer predicts a text character by character, and then writes its own (Radford et
// al., 2019). Training can be resumed, and the trained weights are a file that writes without it.
#include <filesystem>

#include <fmt/format.h>

#include <xgrad/xgrad.hpp>

#include "arguments.hpp"

using namespace xgrad;

struct Sizes {
  std::int64_t vocabulary = 0, context = 64, width = 128, heads = 4, layers = 4;
};

struct SelfAttention : nn::Layer<SelfAttention> {
  explicit SelfAttention(const Sizes& s)
      : heads(s.heads),
        qkv(child("qkv", nn::Linear(s.width, 3 * s.width))),
        output(child("output", nn::Linear(s.width, s.width))) {}

  Tensor forward(const Tensor& x) {
    const std::int64_t n = x.size(0), t = x.size(1), width = x.size(2);
    // (N, T, 3, heads, width / heads) to (3, N, heads, T, width / heads)
    const Tensor parts = qkv(x).reshape({n, t, 3, heads, width / heads}).permute({2, 0, 3, 1, 4});
    const Tensor y =
        scaled_dot_product_attention(parts[0], parts[1], parts[2], {.is_causal = true});
    return output(y.transpose(1, 2).reshape({n, t, width}));
  }

  std::int64_t heads;
  nn::Linear qkv, output;
};

struct Block : nn::Layer<Block> {
  explicit Block(const Sizes& s)
      : attention(child("attention", nn::Sequential(nn::LayerNorm(s.width), SelfAttention(s)))),
        mlp(child("mlp", nn::Sequential(nn::LayerNorm(s.width), nn::Linear(s.width, 4 * s.width),
                                        nn::GELU(), nn::Linear(4 * s.width, s.width)))) {}
  Tensor forward(const Tensor& x) {
    const Tensor h = x + attention(x);
    return h + mlp(h);
  }

  nn::Sequential attention, mlp;
};

struct Gpt : nn::Layer<Gpt> {
  explicit Gpt(const Sizes& s)
      : tokens(child("tokens", nn::Embedding(s.vocabulary, s.width))),
        positions(parameter("positions", 0.02 * randn({s.context, s.width}))),
        blocks(child("blocks", nn::ModuleList<Block>(s.layers, [&] { return Block(s); }))),
        head(child("head", nn::Sequential(nn::LayerNorm(s.width),
                                          nn::Linear(s.width, s.vocabulary, {.bias = false})))) {
    apply([](Module& m) {
      if (auto* linear = m.as<nn::Linear>()) nn::init::normal_(linear->weight, 0, 0.02);
      if (auto* table = m.as<nn::Embedding>()) nn::init::normal_(table->weight, 0, 0.02);
    });
  }

  // (N, T) characters to (N, T, vocabulary) scores.
  Tensor forward(const Tensor& characters) {
    Tensor x = tokens(characters) + positions.index({Slice(0, characters.size(1))});
    for (Block& block : blocks) x = block(x);
    return head(x);
  }

  nn::Embedding tokens;
  Tensor positions;
  nn::ModuleList<Block> blocks;
  nn::Sequential head;
};

Tensor loss(Gpt& model, const data::Batch& batch) {
  return cross_entropy(model(batch.inputs).flatten(0, 1), batch.targets.flatten());
}

std::string sample(Gpt& model, const data::CharText& text, const std::string& start, int n) {
  const NoGrad guard;
  Tensor written = text.encode(start).unsqueeze(0);
  for (int i = 0; i < n; ++i) {
    const std::int64_t from = std::max<std::int64_t>(0, written.size(1) - text.length());
    const Tensor scores = model(written.index({Slice(), Slice(from)})).index({Slice(), -1});
    written = cat({written, multinomial(softmax(scores / 0.8, 1), 1)}, 1);
  }
  return text.decode(written[0]);
}

// Trains until `steps` steps are taken. Each 100 steps, and at the end, it saves a checkpoint, if a
// file is given, and goes on from the one that is there.
void train(Gpt& model, data::DataLoader<>& loader, int steps, const std::string& file) {
  optim::AdamW optimizer(model.parameters(), {.lr = 1e-3, .weight_decay = 0.1, .clip_norm = 1.0});
  io::Checkpoint checkpoint{
      .model = model, .optimizer = optimizer, .generator = default_generator(), .loader = loader};
  std::int64_t step = 0;
  if (std::filesystem::exists(file)) {
    step = io::load_checkpoint(file, checkpoint).get<std::int64_t>("step");
    fmt::print("going on after step {}\n", step);
  }
  while (step < steps)
    for (const data::Batch& batch : loader) {
      optimizer.zero_grad();
      const Tensor now = loss(model, batch);
      now.backward();
      optimizer.step();
      if (++step % 100 == 0) fmt::print("step {:5}: loss {:.3f}\n", step, now.item<double>());
      if (!file.empty() && (step % 100 == 0 || step == steps)) {
        checkpoint.extra.set("step", step);
        io::save_checkpoint(file, checkpoint);
      }
      if (step == steps) break;
    }
}

// Saves the weights, and the vocabulary: which character each number stands for.
void save(const std::string& path, const Gpt& model, const data::CharText& text) {
  StateDict state = model.state_dict();
  state.set("vocabulary", text.vocabulary());
  io::save_safetensors(path, state, {{"format", "pt"}});
}

// Writes from the weights in such a file.
std::string sample_from(const std::string& path, const std::string& start, int n) {
  StateDict state = io::load_safetensors(path);
  const data::CharText text("", Sizes().context,
                            {.vocabulary = state.get<std::string>("vocabulary")});
  state.erase("vocabulary");
  Gpt model(Sizes{.vocabulary = text.vocab_size()});
  model.load_state_dict(state);
  return sample(model, text, start, n);
}

int main(int argc, char** argv) {
  Arguments arguments(argc, argv, "Trains a small GPT on a text, character by character.");
  const std::string path = arguments.text("--text", "data/text/shakespeare.txt", "a text file");
  const int steps = arguments.integer("--steps", 2000, "training steps");
  const std::string checkpoint = arguments.text(
      "--resume", "", "save checkpoints to this file, and go on from the one that is there");
  const std::string weights = arguments.text("--save", "", "save the weights to this file");
  const std::string saved =
      arguments.text("--generate", "", "write a text from the weights in this file, and end");
  const std::string start = arguments.text("--prompt", "ROMEO:", "how the written text begins");
  const int characters = arguments.integer("--characters", 400, "how many to write after that");
  const int seed = arguments.integer("--seed", 1, "of the first weights and of the written text");
  const double at_most =
      arguments.number("--at-most", 1e30, "fail above this loss of the test text");
  const std::string picture =
      arguments.text("--graph", "", "draw the graph of the loss to this .svg file, and end");
  arguments.check();

  manual_seed(seed);
  if (!saved.empty()) {
    fmt::print("{}\n", sample_from(saved, start, characters));
    return 0;
  }
  const auto [text, test] = data::CharText(data::read_text(path), Sizes().context).split(0.9);
  data::DataLoader loader(text, {.batch_size = 16, .shuffle = true, .seed = 1});
  Gpt model(Sizes{.vocabulary = text.vocab_size()});
  if (!picture.empty()) {
    const auto first_loss = [&] { return loss(model, *loader.begin()); };
    viz::graph(model, first_loss, {.values = false, .whole_layers = true, .depth = 3})
        .save(picture);
    return 0;
  }
  train(model, loader, steps, checkpoint);
  if (!weights.empty()) save(weights, model, text);
  fmt::print("\n{}\n\n", sample(model, text, start, characters));
  const NoGrad guard;
  data::DataLoader unseen(test, {.batch_size = 256, .shuffle = true});
  const double nats = loss(model, *unseen.begin()).item<double>();
  fmt::print("loss of text it has not seen: {:.3f} nats per character\n", nats);
  return !(nats <= at_most);
}

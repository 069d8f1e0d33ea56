// char_rnn: a recurrent network predicts a text character by character, and then writes its own.
#include <fmt/format.h>

#include <xgrad/xgrad.hpp>

#include "arguments.hpp"

using namespace xgrad;

struct CharRnn : nn::Layer<CharRnn> {
  explicit CharRnn(std::int64_t vocabulary)
      : table(child("table", nn::Embedding(vocabulary, 64))),
        lstm(child("lstm", nn::LSTM(64, 256, {.batch_first = true}))),
        head(child("head", nn::Linear(256, vocabulary))) {}

  // (N, steps) characters to (N, steps, vocabulary) scores, and the state after them.
  std::pair<Tensor, LstmState> forward(const Tensor& characters, const LstmState& before = {}) {
    const auto [output, h, c] = lstm(table(characters), before);
    return {head(output), {h, c}};
  }

  nn::Embedding table;
  nn::LSTM lstm;
  nn::Linear head;
};

Tensor loss(CharRnn& model, const data::Batch& batch) {
  return cross_entropy(model(batch.inputs).first.flatten(0, 1), batch.targets.flatten());
}

std::string sample(CharRnn& model, const data::CharText& text, const std::string& start, int n) {
  const NoGrad guard;
  Tensor next = text.encode(start).unsqueeze(0);
  std::vector<Tensor> written{next[0]};
  LstmState state;
  for (int i = 0; i < n; ++i) {
    auto [scores, after] = model(next, state);
    state = after;
    next = multinomial(softmax(scores.index({Slice(), -1}) / 0.8, 1), 1);
    written.push_back(next[0]);
  }
  return text.decode(cat(written));
}

int main(int argc, char** argv) {
  Arguments arguments(argc, argv, "Trains an LSTM on a text, character by character.");
  const std::string path = arguments.text("--text", "data/text/shakespeare.txt", "a text file");
  const int steps = arguments.integer("--steps", 3000, "training steps");
  const double at_most =
      arguments.number("--at-most", 1e30, "fail above this loss of the test text");
  arguments.check();

  manual_seed(1);
  const auto [text, test] = data::CharText(data::read_text(path), 64).split(0.9);
  data::DataLoader loader(text, {.batch_size = 32, .shuffle = true, .seed = 1});
  CharRnn model(text.vocab_size());
  optim::Adam optimizer(model.parameters(), {.lr = 3e-3, .clip_norm = 1.0});
  int step = 0;
  for (const data::Batch& batch : loader) {
    optimizer.zero_grad();
    const Tensor now = loss(model, batch);
    now.backward();
    optimizer.step();
    if (++step % 100 == 0) fmt::print("step {:5}: loss {:.3f}\n", step, now.item<double>());
    if (step == steps) break;
  }
  fmt::print("\n{}\n\n", sample(model, text, "ROMEO:", 400));
  const NoGrad guard;
  data::DataLoader unseen(test, {.batch_size = 256, .shuffle = true});
  const double nats = loss(model, *unseen.begin()).item<double>();
  fmt::print("loss of text it has not seen: {:.3f} nats per character\n", nats);
  return !(nats <= at_most);
}

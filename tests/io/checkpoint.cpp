#include <xgrad/io/checkpoint.hpp>

#include <cstring>

#include <xgrad/io/file.hpp>
#include <xgrad/io/safetensors.hpp>
#include <xgrad/xgrad.hpp>

#include "io/folder.hpp"
#include "io/hostile.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"

namespace xgrad {
namespace {

using test::IoFolder;
using test::same_bits;
using test::throws;

// All that a training consists of, with a seed of its own.
struct Training {
  nn::Sequential model;
  optim::Adam optimizer;
  optim::StepLR scheduler;
  Generator generator;
  data::DataLoader<> loader;

  explicit Training(std::uint64_t seed, std::int64_t hidden = 4)
      : model(made(seed, hidden)),
        optimizer(model.parameters(), {.lr = 0.01}),
        scheduler(optimizer, 2),
        generator(seed),
        loader(data::TensorDataset(test::uniform({10, 3}, -1, 1, 1, float32), arange(10)),
               {.batch_size = 3, .shuffle = true}) {}
  static nn::Sequential made(std::uint64_t seed, std::int64_t hidden) {
    manual_seed(seed);
    return nn::Sequential(nn::Linear(3, hidden), nn::Linear(hidden, 1));
  }

  void run(int batches) {
    for (const auto& batch : loader) {
      if (batches-- == 0) return;
      optimizer.zero_grad();
      model(batch.inputs).square().mean().backward();
      optimizer.step();
      scheduler.step();
    }
  }
  io::Checkpoint all(StateDict extra = {}) {
    return {.model = model,
            .optimizer = optimizer,
            .scheduler = scheduler,
            .generator = generator,
            .loader = loader,
            .extra = std::move(extra)};
  }
  StateDict state() {
    StateDict all;
    all.set_below("model", model.state_dict());
    all.set_below("optimizer", optimizer.state_dict());
    all.set_below("scheduler", scheduler.state_dict());
    all.set_below("generator", generator.state_dict());
    all.set_below("loader", loader.state_dict());
    return all.clone();
  }
};

TEST_CASE("a checkpoint gives every part its state, and the extra entries back",
          "[io][checkpoint]") {
  const IoFolder folder;
  Training first(1), second(2);
  first.run(3);
  second.run(1);
  const StateDict extra{{"epoch", 3}, {"best", 0.1}, {"note", "x"}, {"t", tensor({1.0})}};
  io::save_checkpoint(folder / "c", first.all(extra));
  CHECK(same_bits(io::load_checkpoint(folder / "c", second.all()), extra));
  CHECK(same_bits(second.state(), first.state()));
  first.run(4);
  second.run(4);
  CHECK(same_bits(second.state(), first.state()));
}

TEST_CASE("a checkpoint can have some parts, and some can be loaded", "[io][checkpoint]") {
  const IoFolder folder;
  Training first(1), second(2);
  first.run(2);
  io::save_checkpoint(folder / "c", {.model = first.model, .extra = {{"epoch", 3}}});
  const StateDict others = second.optimizer.state_dict().clone();
  const StateDict extra = io::load_checkpoint(folder / "c", {.model = second.model});
  CHECK(extra.get<std::int64_t>("epoch") == 3);
  CHECK(same_bits(second.model.state_dict(), first.model.state_dict()));
  CHECK(same_bits(second.optimizer.state_dict(), others));
  CHECK(io::load_checkpoint(folder / "c", {}).size() == 1);
  CHECK(throws<IoError>(
      [&] { io::load_checkpoint(folder / "c", second.all()); },
      {"load_checkpoint: ", "/c: has no optimizer", "saved with: model", "checkpoint.cpp"}));
  io::Checkpoint both = first.all();
  const io::Checkpoint one{.model = both.model};  // refers to the model, not to `both`
  both = {};
  CHECK(same_bits(one.model.state_dict(), first.model.state_dict()));
  io::save_checkpoint(folder / "nothing", {});
  CHECK(io::load_checkpoint(folder / "nothing", {}).empty());
}

TEST_CASE("Python reads the weights of a checkpoint as tensors", "[io][checkpoint]") {
  const IoFolder folder;
  Training training(1);
  io::save_checkpoint(folder / "c", {.model = training.model});
  const io::SafetensorsFile file(folder / "c");
  CHECK(file.names() == std::vector<std::string>{"model.0.weight", "model.0.bias", "model.1.weight",
                                                 "model.1.bias"});
  CHECK(file.metadata().at("format") == "pt");
}

TEST_CASE("a checkpoint of which one part does not fit changes nothing", "[io][checkpoint]") {
  const IoFolder folder;
  Training good(1), other(2);
  good.run(3);
  other.run(2);
  const StateDict before = other.state();
  const auto refused = [&](const std::string& part, const io::Checkpoint& wrong,
                           std::initializer_list<std::string> words) {
    INFO(part);
    io::save_checkpoint(folder / "wrong", wrong);
    CHECK(throws<IoError>([&] { io::load_checkpoint(folder / "wrong", other.all()); },
                          {"/wrong: its " + part + " does not fit"}));
    CHECK(throws<IoError>([&] { io::load_checkpoint(folder / "wrong", other.all()); }, words));
    CHECK(same_bits(other.state(), before));
  };
  Training wide(3, 7);
  wide.run(1);
  io::Checkpoint wrong = good.all();
  wrong.model = wide.model;
  refused("model", wrong, {"0.weight", "[7, 3]", "[4, 3]"});
  wrong = good.all();
  wrong.optimizer = wide.optimizer;
  refused("optimizer", wrong, {"exp_avg"});
  wrong = good.all();
  optim::ExponentialLR exponential(good.optimizer, 0.9);
  wrong.scheduler = exponential;
  refused("scheduler", wrong, {"StepLR"});
  wrong = good.all();
  wrong.generator = good.scheduler;
  refused("generator", wrong, {"Generator", "missing: seed, counter"});
  wrong = good.all();
  data::DataLoader<> small(data::TensorDataset(rand({4, 3}), arange(4)),
                           {.batch_size = 3, .shuffle = true});
  wrong.loader = small;
  refused("loader", wrong, {"samples: expected std::int64_t 10, found std::int64_t 4"});
}

TEST_CASE("files that are damaged, mixed up or no checkpoints change nothing", "[io][checkpoint]") {
  const IoFolder folder;
  Training training(1), other(2);
  training.run(2);
  io::save_checkpoint(folder / "c", training.all());
  training.run(3);
  io::save_checkpoint(folder / "d", training.all());
  const std::string bytes = io::read_file(folder / "c"), newer = io::read_file(folder / "d");
  const StateDict before = other.state();
  const auto refused = [&](const std::string& content, std::initializer_list<std::string> words) {
    io::write_file(folder / "x", content);
    CHECK(throws<IoError>([&] { io::load_checkpoint(folder / "x", other.all()); }, words));
    CHECK(same_bits(other.state(), before));
  };
  refused("", {"/x", "no safetensors file"});
  refused(bytes.substr(0, bytes.size() - 1), {"truncated"});
  refused(bytes.substr(0, 100), {"truncated"});
  refused(bytes + "x", {"too long"});
  std::string damaged = bytes;
  damaged[bytes.size() - 5] = static_cast<char>(damaged[bytes.size() - 5] ^ 4);
  refused(damaged, {"damaged", "checksum"});
  REQUIRE(newer.size() == bytes.size());  // half of one and half of the other
  refused(bytes.substr(0, bytes.size() - 40) + newer.substr(newer.size() - 40), {"checksum"});
  io::save_safetensors(folder / "x", training.model.state_dict(), {{"format", "pt"}});
  CHECK(throws<IoError>([&] { io::load_checkpoint(folder / "x", other.all()); },
                        {"not a checkpoint", "load_safetensors"}));
  for (const char* mark : {"", "1", "1 ", "1 x model", "1 99999999999 model", "2 5 model", "1 5"}) {
    io::save_safetensors(folder / "x", {}, {{"xgrad_checkpoint", mark}});
    CHECK(throws<IoError>([&] { io::load_checkpoint(folder / "x", {}); }, {"not a checkpoint"}));
  }
  io::save_safetensors(folder / "x", {}, {{"xgrad_checkpoint", "1 5 model"}});
  CHECK(throws<IoError>([&] { io::load_checkpoint(folder / "x", {}); }, {"checksum"}));
  CHECK(throws<IoError>([&] { io::load_checkpoint(folder / "no", other.all()); },
                        {"/no: cannot be opened"}));
  test::check_mutations(bytes, 500,
                        [&](const auto& path) { io::load_checkpoint(path, other.all()); });
}

TEST_CASE("each changed byte of a checkpoint is noticed", "[io][checkpoint]") {
  const IoFolder folder;
  Training training(1), other(2);
  training.run(2);
  io::save_checkpoint(folder / "c", {.model = training.model, .extra = {{"epoch", 3}}});
  const std::string bytes = io::read_file(folder / "c");
  std::vector<test::HostileFile> files;
  std::uint64_t header = 0;
  std::memcpy(&header, bytes.data(), 8);
  for (std::size_t i = 8 + header; i < bytes.size(); ++i) {
    files.push_back({bytes, {"damaged"}});
    files.back().bytes[i] = static_cast<char>(bytes[i] ^ 1);
  }
  test::check_refused(files,
                      [&](const auto& path) { io::load_checkpoint(path, {.model = other.model}); });
}

TEST_CASE("a checkpoint that cannot be written leaves the one before", "[io][checkpoint]") {
  const IoFolder folder;
  Training training(1);
  CHECK(throws<IoError>([&] { io::save_checkpoint(folder / "no/c", training.all()); },
                        {"save_checkpoint: ", "no/c", "checkpoint.cpp"}));
}

TEST_CASE("the last checkpoints are kept", "[io][checkpoint]") {
  const IoFolder folder;
  Training training(1);
  CHECK_FALSE(io::last_checkpoint(folder / "step-*"));
  CHECK_FALSE(io::last_checkpoint(folder / "no/step-*"));
  const auto save = [&](const std::string& name) {
    io::save_checkpoint(folder / name, {.model = training.model});
  };
  for (const int i : {8, 9, 10, 11}) save("step-" + std::to_string(i));
  save("other-1");
  io::save_safetensors(folder / "step-weights", training.model.state_dict());
  io::write_file(folder / "step-text", "text");
  std::filesystem::create_directory(folder / "step-folder");
  CHECK(*io::last_checkpoint(folder / "step-*") == folder / "step-11");
  CHECK(io::keep_last(folder / "step-*", 5) == 0);
  CHECK(io::keep_last(folder / "step-*", 2) == 2);
  CHECK(folder.names() == std::vector<std::string>{"other-1", "step-10", "step-11", "step-folder",
                                                   "step-text", "step-weights"});
  save("step-10");  // again
  CHECK(*io::last_checkpoint(folder / "step-*") == folder / "step-10");
  CHECK(io::keep_last(folder / "step-*", 1) == 1);
  CHECK(std::filesystem::exists(folder / "step-10"));
  CHECK(
      throws<ValueError>([&] { io::keep_last(folder / "step-*", 0); }, {"keep_last: count is 0"}));
}

TEST_CASE("copies of checkpoints have the order in which they were saved", "[io][checkpoint]") {
  namespace fs = std::filesystem;
  const IoFolder folder;
  Training training(1);
  fs::create_directory(folder / "copies");
  const auto now = fs::file_time_type::clock::now();
  for (int i = 0; i < 12; ++i) {  // names say nothing about the order, and times the opposite
    const std::string name = std::to_string(i * 5 % 12);
    io::save_checkpoint(folder / name, {.model = training.model});
    fs::copy_file(folder / name, folder / "copies" / name);
    fs::last_write_time(folder / "copies" / name, now - std::chrono::seconds(i));
  }
  CHECK(*io::last_checkpoint(folder / "copies/*") == folder / "copies/7");
  CHECK(io::keep_last(folder / "copies/*", 2) == 10);
  CHECK(fs::exists(folder / "copies/2"));
  CHECK(fs::exists(folder / "copies/7"));
}

TEST_CASE("checkpoints that do not say when they were saved go by their time of modification",
          "[io][checkpoint]") {
  namespace fs = std::filesystem;
  const IoFolder folder;
  Training training(1);
  const auto now = fs::file_time_type::clock::now();
  const auto save_old = [&](const std::string& name, int seconds, const std::string& time) {
    io::Metadata metadata{{"xgrad_checkpoint", "1 5 model"}};
    if (!time.empty()) metadata["xgrad_checkpoint_time"] = time;
    io::save_safetensors(folder / name, {}, metadata);
    fs::last_write_time(folder / name, now + std::chrono::seconds(seconds));
  };
  save_old("a", 3, "");
  save_old("b", 9, "text");
  save_old("c", 5, "-5");
  save_old("d", 2, "99999999999999999999");
  CHECK(*io::last_checkpoint(folder.path) == folder / "b");
  io::save_checkpoint(folder / "new", {.model = training.model});
  CHECK(*io::last_checkpoint(folder.path) == folder / "new");
  CHECK(io::keep_last(folder.path, 3) == 2);
  CHECK(folder.names() == std::vector<std::string>{"b", "c", "new"});
}

TEST_CASE("a run that is resumed where the clock is behind saves later checkpoints",
          "[io][checkpoint]") {
  const IoFolder folder;
  Training training(1);
  io::save_checkpoint(folder / "a", {.model = training.model});
  std::string bytes = io::read_file(folder / "a");
  const std::string key = "\"xgrad_checkpoint_time\":\"";
  bytes[bytes.find(key) + key.size()] = '3';  // decades ahead
  io::write_file(folder / "b", bytes);
  CHECK(*io::last_checkpoint(folder / "") == folder / "b");
  io::load_checkpoint(folder / "b", {.model = training.model});
  io::save_checkpoint(folder / "c", {.model = training.model});
  CHECK(*io::last_checkpoint(folder.path) == folder / "c");
}

TEST_CASE("wildcards belong in the name of a checkpoint, not in its folder", "[io][checkpoint]") {
  const IoFolder folder;
  Training training(1);
  CHECK(throws<ValueError>([&] { io::last_checkpoint(folder / "run-*/step-1"); },
                           {"last_checkpoint: ", "run-*/step-1 has a wildcard in the folder"}));
  CHECK(throws<ValueError>([&] { io::keep_last(folder / "run-?/*", 1); },
                           {"keep_last: ", "wildcard in the folder"}));
  std::filesystem::create_directory(folder / "run[1]");
  io::save_checkpoint(folder / "run[1]/c", {.model = training.model});
  CHECK(*io::last_checkpoint(folder / "run[1]/*") == folder / "run[1]/c");
  CHECK(*io::last_checkpoint(folder / "run[1]") == folder / "run[1]/c");
  CHECK(*io::last_checkpoint(folder / "run[1]/") == folder / "run[1]/c");
}

TEST_CASE("a generator goes on from its state", "[graph][random]") {
  Generator one(7), other;
  rand({5}, {.generator = &one});
  other.load_state_dict(one.state_dict());
  CHECK(same_bits(rand({5}, {.generator = &other}), rand({5}, {.generator = &one})));
  Generator large(~std::uint64_t{0});
  other.load_state_dict(large.state_dict());
  CHECK(other.seed() == ~std::uint64_t{0});
  CHECK(throws<ValueError>(
      [&] {
        other.load_state_dict({{"seed", 1}});
      },
      {"Generator", "missing: counter"}));
  CHECK(throws<ValueError>(
      [&] {
        other.load_state_dict({{"seed", 1.5}, {"counter", 2}});
      },
      {"seed"}));
  CHECK(other.seed() == ~std::uint64_t{0});
}

}  // namespace
}  // namespace xgrad

// The code of docs/files.md, as it stands there.
#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <xgrad/nn/format.hpp>
#include <xgrad/xgrad.hpp>

#include "io/files.hpp"
#include "io/folder.hpp"
#include "support/catch.hpp"

using namespace xgrad;

namespace {

// Runs in a folder of its own.
struct Inside {
  test::IoFolder folder;
  std::filesystem::path before = std::filesystem::current_path();
  Inside() { std::filesystem::current_path(folder.path); }
  ~Inside() { std::filesystem::current_path(before); }
};

}  // namespace

TEST_CASE("the code of docs/files.md runs", "[io][docs]") {
  const Inside inside;
  std::filesystem::copy_file(test::python_file("model.pt"), "resnet.pth");
  std::filesystem::copy_file(test::python_file("checkpoint.pt"), "checkpoint.pt");
  std::filesystem::create_directory("run");
  nn::Sequential model(nn::Linear(3, 4), nn::BatchNorm1d(4), nn::Linear(4, 2));
  optim::Adam optimizer(model.parameters());
  optim::StepLR scheduler(optimizer, 10);
  data::DataLoader<> loader(data::TensorDataset(rand(80, 3), arange(80).remainder(2)),
                            {.batch_size = 4, .shuffle = true});
#include "files_page.hpp"
  CHECK(report.loaded == 9);
  CHECK(report.fits());
  CHECK(weights.size() == 9);
  CHECK(rate == 0.01);
  CHECK(epoch == 3);
  CHECK(io::last_checkpoint("run/step-*.safetensors") == "run/step-40.safetensors");
  CHECK(inside.folder.names() == std::vector<std::string>{"arrays.npz", "checkpoint.pt",
                                                          "model.safetensors", "resnet.pth", "run",
                                                          "x.npy"});
  CHECK(labels.numel() == 3);
  CHECK(w.shape() == Shape{4, 3});
}

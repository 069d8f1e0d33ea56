#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include <unistd.h>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using data::Batch;
using data::DataLoader;
using data::Mnist;
using data::TensorDataset;
namespace fs = std::filesystem;

namespace {

// A folder of its own, gone at the end.
struct Folder {
  fs::path path = fs::temp_directory_path() / ("xgrad_data_test_" + std::to_string(getpid()));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  void write(const std::string& name, std::vector<int> bytes) const {
    std::ofstream file(path / name, std::ios::binary);
    for (const int b : bytes) file.put(static_cast<char>(b));
  }
  void write_images(int count, int missing = 0, int extra = 0) const {
    std::vector<int> b{0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 28, 0, 0, 0, 28};
    b.insert(b.end(), static_cast<std::size_t>(count * 784 - missing + extra), 51);
    write("train-images-idx3-ubyte", b);
  }
  void write_labels(std::vector<int> labels) const {
    std::vector<int> b{0, 0, 8, 1, 0, 0, 0, static_cast<int>(labels.size())};
    b.insert(b.end(), labels.begin(), labels.end());
    write("train-labels-idx1-ubyte", b);
  }
};

std::vector<std::int64_t> order_of(DataLoader& loader) {
  std::vector<std::int64_t> order;
  for (const auto& [inputs, targets] : loader)
    for (const std::int64_t t : targets.span<std::int64_t>()) order.push_back(t);
  return order;
}

TensorDataset numbers(std::int64_t n) { return {arange(n).to(float32).reshape({n, 1}), arange(n)}; }

}  // namespace

TEST_CASE("the subset of MNIST is read from gzipped files", "[data][mnist]") {
  const Mnist train(XGRAD_TEST_DATA), test_set(XGRAD_TEST_DATA, Mnist::Part::test);
  CHECK(train.size() == 6000);
  CHECK(test_set.size() == 1000);
  const std::int64_t first[] = {0, 1, 2};
  const auto [images, labels] = train.get(first);
  CHECK(images.shape() == Shape{3, 784});
  CHECK(test::same_bits(labels, tensor({5, 0, 4})));  // as everybody knows them
  CHECK(amax(images).item<double>() == 1);
  CHECK(amin(images).item<double>() == 0);
  CHECK(images.sum().item<double>() > 200);
  CHECK(test_set.all().targets.shape() == Shape{1000});
  const std::int64_t none[] = {6000};
  CHECK(test::throws<ValueError>([&] { train.get(none); }, {"6000"}));
}

TEST_CASE("plain files are read as well", "[data][mnist]") {
  const Folder folder;
  folder.write_images(2);
  folder.write_labels({3, 7});
  const auto [images, labels] = Mnist(folder.path.string()).all();
  CHECK(images.data<float>()[1567] == Approx(0.2F));
  CHECK(test::same_bits(labels, tensor({3, 7})));
}

TEST_CASE("files that are not what they should be give a clear IoError", "[data][mnist]") {
  const Folder folder;
  const std::string path = folder.path.string();
  const auto read = [&] { Mnist m(path); };
  CHECK(test::throws<IoError>(read, {"train-images-idx3-ubyte", path}));
  CHECK(test::throws<IoError>([&] { data::read_idx(path + "/none"); }, {"none", "opened"}));
  folder.write_images(2);
  CHECK(test::throws<IoError>(read, {"train-labels-idx1-ubyte"}));
  folder.write_labels({3});
  CHECK(test::throws<IoError>(read, {"2 images", "[1]"}));
  folder.write_labels({3, 12});
  CHECK(test::throws<IoError>(read, {"12", "digit"}));
  folder.write_labels({3, 7});
  folder.write_images(2, 100);
  CHECK(test::throws<IoError>(read, {"cut short", "100 of 1568"}));
  folder.write_images(2, 0, 1);
  CHECK(test::throws<IoError>(read, {"goes on"}));
  folder.write("train-images-idx3-ubyte", {0x1f, 0x00, 8, 3});
  CHECK(test::throws<IoError>(read, {"1f 00 08 03", "00 00 08"}));
  folder.write("train-images-idx3-ubyte", {0, 0});
  CHECK(test::throws<IoError>(read, {"cut short"}));
  folder.write("train-images-idx3-ubyte", {});
  CHECK(test::throws<IoError>(read, {"cut short"}));
  folder.write("train-images-idx3-ubyte",
               {0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 9});
  CHECK(test::throws<IoError>(read, {"claims"}));
}

TEST_CASE("a truncated gzip file gives an IoError", "[data][mnist]") {
  const Folder folder;
  fs::copy(std::string(XGRAD_TEST_DATA) + "/t10k-images-idx3-ubyte.gz", folder.path / "cut.gz");
  fs::resize_file(folder.path / "cut.gz", 20000);
  CHECK(test::throws<IoError>([&] { data::read_idx((folder.path / "cut.gz").string()); },
                              {"cut short"}));
}

TEST_CASE("a loader goes through all samples once an epoch", "[data][loader]") {
  const int prefetch = GENERATE(0, 1, 3);
  DataLoader loader(numbers(10), {.batch_size = 4, .prefetch = prefetch});
  CHECK(loader.size() == 3);
  std::vector<std::int64_t> sizes;
  for (auto [inputs, targets] : loader) {
    sizes.push_back(inputs.size(0));
    CHECK(test::same_bits(inputs.reshape({-1}), targets.to(float32)));
  }
  CHECK(sizes == std::vector<std::int64_t>{4, 4, 2});
  CHECK(order_of(loader) == std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  DataLoader full_only(numbers(10), {.batch_size = 4, .drop_last = true, .prefetch = prefetch});
  CHECK(full_only.size() == 2);
  CHECK(order_of(full_only).size() == 8);
  DataLoader nothing(numbers(0), {.batch_size = 4, .prefetch = prefetch});
  CHECK(order_of(nothing).empty());
}

TEST_CASE("shuffling permutes, differs between epochs, and repeats with its seed",
          "[data][loader]") {
  DataLoader a(numbers(100), {.batch_size = 7, .shuffle = true, .seed = 5}),
      b(numbers(100), {.batch_size = 7, .shuffle = true, .seed = 5, .prefetch = 0}),
      c(numbers(100), {.batch_size = 7, .shuffle = true, .seed = 6});
  const auto first = order_of(a), second = order_of(a);
  CHECK(std::set<std::int64_t>(first.begin(), first.end()).size() == 100);
  CHECK(first != second);
  CHECK(first == order_of(b));
  CHECK(second == order_of(b));
  CHECK(first != order_of(c));
}

TEST_CASE("an exception in the dataset comes out of the loop", "[data][loader]") {
  struct Broken {
    std::int64_t size() const { return 10; }
    Batch get(std::span<const std::int64_t> indices) const {
      if (indices[0] == 4) throw IoError("the disk is gone");
      return {arange(2), arange(2)};
    }
  };
  const int prefetch = GENERATE(0, 2);
  DataLoader loader(Broken{}, {.batch_size = 2, .prefetch = prefetch});
  int seen = 0;
  CHECK(test::throws<IoError>(
      [&] {
        for ([[maybe_unused]] auto batch : loader) ++seen;
      },
      {"the disk is gone"}));
  CHECK(seen == 2);
}

TEST_CASE("a loop that is left early stops its thread", "[data][loader]") {
  DataLoader loader(numbers(100000), {.batch_size = 1, .prefetch = 2});
  for (int i = 0; i < 20; ++i)
    for ([[maybe_unused]] auto batch : loader) break;
  int outer = 0;
  for ([[maybe_unused]] auto batch : loader) {  // two at once
    for ([[maybe_unused]] auto inner : loader) break;
    if (++outer == 3) break;
  }
  CHECK(outer == 3);
}

TEST_CASE("options and sets that cannot be are refused", "[data][loader]") {
  CHECK(test::throws<ValueError>([] { DataLoader(numbers(3), {.batch_size = 0}); },
                                 {"batch_size is 0"}));
  CHECK(test::throws<ValueError>([] { DataLoader(numbers(3), {.prefetch = -1}); }, {"prefetch"}));
  CHECK(test::throws<ShapeError>([] { TensorDataset(zeros({3}), zeros({4})); }, {"[3]", "[4]"}));
  CHECK(test::throws<ShapeError>([] { TensorDataset(zeros({}), zeros({})); }, {"TensorDataset"}));
}

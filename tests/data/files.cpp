// Datasets in files of fixed formats: CIFAR-10, NumPy's, and those like MNIST's.
#include <filesystem>

#include <xgrad/xgrad.hpp>

#include "data/folder.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using data::Cifar10;
using test::Folder;
namespace fs = std::filesystem;

namespace {

// Records with that label each, whose pixels count up from it.
std::vector<int> records(const std::vector<int>& labels) {
  std::vector<int> bytes;
  for (const int label : labels) {
    bytes.push_back(label);
    for (int i = 0; i < 3072; ++i) bytes.push_back((label + i) % 256);
  }
  return bytes;
}

struct CifarFolder : Folder {
  std::string root = path.string();
  void write_all() const {
    for (int i = 1; i <= 5; ++i)
      write("data_batch_" + std::to_string(i) + ".bin", records({i, 9 - i}));
    write("test_batch.bin", records({7}));
  }
  void refuses(std::initializer_list<std::string> words) const {
    CHECK(test::throws<IoError>([&] { Cifar10 set(root, Cifar10::Part::test); }, words));
  }
};

}  // namespace

TEST_CASE("CIFAR-10 is read from its binary files", "[data][cifar10]") {
  const CifarFolder folder;
  folder.write_all();
  const Cifar10 train(folder.root);
  CHECK(train.size() == 10);
  const auto [images, labels] = train.all();
  CHECK(images.shape() == Shape{10, 3, 32, 32});
  CHECK(test::same_bits(labels, tensor({1, 8, 2, 7, 3, 6, 4, 5, 5, 4})));
  // Green of the pixel in row 1, column 2 of the first image.
  CHECK(images[0][1][1][2].item<float>() == static_cast<float>((1 + 1024 + 34) % 256) / 255);
  CHECK(Cifar10(folder.root, Cifar10::Part::test).size() == 1);
  CHECK(Cifar10::classes().size() == 10);
  CHECK(Cifar10::classes()[9] == "truck");
  const std::vector<std::int64_t> none{10};
  CHECK(test::throws<ValueError>([&] { train.get(none); }, {"Cifar10", "index 10"}));
  // Where the archive was unpacked.
  fs::create_directory(folder.path / "cifar-10-batches-bin");
  fs::rename(folder.path / "test_batch.bin", folder.path / "cifar-10-batches-bin/test_batch.bin");
  CHECK(Cifar10(folder.root, Cifar10::Part::test).all().targets.item<std::int64_t>() == 7);
}

TEST_CASE("files that are not CIFAR-10's are refused by name", "[data][cifar10]") {
  const CifarFolder folder;
  folder.refuses({"test_batch.bin", folder.root, "https://", "files.cpp"});
  folder.write("test_batch.bin", std::vector<int>{});
  folder.refuses({"Cifar10", "test_batch.bin has 0 bytes", "3073"});
  std::vector<int> bytes = records({3, 4});
  bytes.pop_back();
  folder.write("test_batch.bin", bytes);
  folder.refuses({"6145 bytes"});
  folder.write("test_batch.bin", records({3, 10}));
  folder.refuses({"label 10 in record 1"});
  fs::resize_file(folder.path / "test_batch.bin", std::uintmax_t{1} << 40);  // sparse
  folder.refuses({"1099511627776 bytes", "10000 records"});
  fs::remove(folder.path / "test_batch.bin");
  fs::create_directory(folder.path / "test_batch.bin");
  folder.refuses({"a directory"});
}

TEST_CASE("datasets in MNIST's files have their own names", "[data][mnist]") {
  const Folder folder;
  folder.write_images(2);
  folder.write_labels({3, 9});
  const data::FashionMnist fashion(folder.path.string());
  CHECK(test::same_bits(fashion.all().targets, tensor({3, 9})));
  CHECK(data::FashionMnist::classes()[9] == "Ankle boot");
  CHECK(data::Kmnist::classes().size() == 10);
  data::DataLoader loader(data::Kmnist(folder.path.string()), {.batch_size = 2, .workers = 2});
  CHECK((*loader.begin()).inputs.shape() == Shape{2, 784});
  const std::vector<std::int64_t> none{2};
  CHECK(test::throws<ValueError>([&] { fashion.get(none); }, {"FashionMnist: index 2"}));
  CHECK(test::throws<IoError>(
      [&] { data::Kmnist set(folder.path.string(), data::Kmnist::Part::test); },
      {"Kmnist", "t10k-images-idx3-ubyte", "codh.rois.ac.jp", "files.cpp"}));
  folder.write_labels({3, 12});
  CHECK(test::throws<IoError>([&] { data::FashionMnist set(folder.path.string()); },
                              {"FashionMnist", "12"}));
}

TEST_CASE("arrays of NumPy's files are datasets", "[data][npy]") {
  const Folder folder;
  const Tensor x = rand({5, 2}), y = arange(5);
  io::save_npy(folder.at("x.npy"), x);
  io::save_npy(folder.at("y.npy"), y);
  io::save_npz(folder.at("both.npz"), {{"x", x}, {"y", y}, {"short", arange(4)}});
  const data::Npy set(folder.at("x.npy"), folder.at("y.npy"));
  CHECK(set.size() == 5);
  const std::vector<std::int64_t> some{4, 1};
  CHECK(test::same_bits(set.get(some).inputs, stack({x[4], x[1]})));
  data::DataLoader loader(data::Npz(folder.at("both.npz")), {.batch_size = 5, .workers = 2});
  CHECK(test::same_bits((*loader.begin()).targets, y));
  const auto refuses = [](auto read, std::initializer_list<std::string> words) {
    CHECK(test::throws<IoError>(read, words));
  };
  io::save_npy(folder.at("y.npy"), arange(4));
  refuses([&] { data::Npy s(folder.at("x.npy"), folder.at("y.npy")); },
          {"Npy", "x.npy has shape [5, 2]", "y.npy has shape [4]", "files.cpp"});
  refuses([&] { data::Npy s(folder.at("x.npy"), folder.at("none.npy")); },
          {"none.npy", "files.cpp"});
  refuses([&] { data::Npz s(folder.at("both.npz"), "x", "labels"); },
          {"Npz", "both.npz has no array 'labels'", "'x', 'y', 'short'"});
  refuses([&] { data::Npz s(folder.at("both.npz"), "x", "short"); }, {"'short' of", "[4]"});
  io::save_npy(folder.at("y.npy"), tensor(3.0));
  refuses([&] { data::Npy s(folder.at("x.npy"), folder.at("y.npy")); }, {"y.npy has shape []"});
  fs::resize_file(folder.at("x.npy"), 130);
  refuses([&] { data::Npy s(folder.at("x.npy"), folder.at("y.npy")); }, {"x.npy", "truncated"});
}

#include <filesystem>

#include <xgrad/xgrad.hpp>

#include "data/folder.hpp"
#include "data/pictures.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using data::DataLoader;
using data::ImageFolder;
namespace fs = std::filesystem;

namespace {

// One picture of one colour each.
struct Pictures : test::Folder {
  std::string root = path.string();
  void add(const std::string& name, int width, int height, unsigned char value) const {
    fs::create_directories((path / name).parent_path());
    write(name, test::png({width, height, 8, 0},
                          test::Bytes(static_cast<std::size_t>(width * height), value)));
  }
  void add_all() const {
    add("dog/b.png", 4, 3, 51);
    add("dog/a.PNG", 6, 5, 102);
    add("cat/inner/z.png", 4, 3, 153);
    write("cat/c.jpeg", test::jpeg({8, 8, 1}, test::Bytes(64, 204)));
    write("cat/notes.txt", std::vector<int>{'x'});
    write("readme.png", std::vector<int>{'x'});  // not in a class
  }
};

}  // namespace

TEST_CASE("a folder of pictures has its classes and files in order", "[data][image_folder]") {
  const Pictures folder;
  folder.add_all();
  const ImageFolder set(folder.root);
  CHECK(set.classes() == std::vector<std::string>{"cat", "dog"});
  CHECK(set.size() == 4);
  CHECK(test::same_bits(set.targets(), tensor({0, 0, 1, 1})));
  CHECK(fs::path(set.path(0)).filename() == "c.jpeg");
  CHECK(fs::path(set.path(1)).filename() == "z.png");
  CHECK(fs::path(set.path(2)).filename() == "a.PNG");
  const auto [image, target] = set.get(2);
  CHECK(test::same_bits(image, full({3, 5, 6}, 102.0F / 255)));
  CHECK(test::same_bits(target, tensor(1)));
  CHECK(
      test::throws<ValueError>([&] { set.get(4); }, {"ImageFolder: index 4", "image_folder.cpp"}));
  CHECK(test::throws<ValueError>([&] { set.path(-1); }, {"index -1"}));
}

TEST_CASE("a folder can have the classes of another one", "[data][image_folder]") {
  const Pictures folder;
  folder.add_all();
  const std::vector<std::string> classes{"dog", "bird", "cat"};
  const ImageFolder set(folder.root, {.classes = classes});
  CHECK(set.classes() == classes);
  CHECK(test::same_bits(set.targets(), tensor({2, 2, 0, 0})));
  CHECK(test::same_bits(set.get(2).targets, tensor(0)));
  CHECK(test::throws<IoError>(
      [&] {
        ImageFolder(folder.root, {.classes = {"dog", "bird"}});
      },
      {"/cat is none of the classes: 'dog', 'bird'"}));
  CHECK(test::throws<ValueError>(
      [&] {
        ImageFolder(folder.root, {.classes = {"dog", "dog"}});
      },
      {"'dog' is given twice"}));
}

TEST_CASE("pictures are resized, transformed and stacked", "[data][image_folder]") {
  const Pictures folder;
  folder.add_all();
  const int workers = GENERATE(0, 1, 3, 8);
  const ImageFolder set(folder.root, {.mode = data::ImageMode::grey,
                                      .size = {{4, 2}},
                                      .transform = [](const Tensor& image) { return 2 * image; }});
  DataLoader loader(set, {.batch_size = 4, .workers = workers});
  static_assert(std::is_same_v<decltype(loader), DataLoader<data::Batch>>);
  for (const auto& [images, targets] : loader) {
    CHECK(images.shape() == Shape{4, 1, 4, 2});
    CHECK(test::same_bits(targets, tensor({0, 0, 1, 1})));
    CHECK(std::abs(images[3].mean().item<double>() - 2 * 51 / 255.0) < 1e-6);
  }
  // Without a common size there is no batch; the pictures are named.
  DataLoader ragged(ImageFolder(folder.root), {.batch_size = 2, .workers = workers});
  try {
    for ([[maybe_unused]] auto& batch : ragged) {
    }
    CHECK(false);
  } catch (const data::SampleError& error) {
    CHECK(error.samples() == std::vector<std::int64_t>{0, 1});
  }
}

TEST_CASE("a picture that cannot be read is told with its index and name", "[data][image_folder]") {
  const Pictures folder;
  folder.add_all();
  folder.write("dog/b.png", std::vector<int>{0x89, 'P'});
  DataLoader loader(ImageFolder(folder.root, {.size = 4}),
                    {.batch_size = 4, .workers = GENERATE(0, 2)});
  CHECK(test::throws<IoError>([&] { loader.begin(); },
                              {"dog/b.png", "neither", "sample 3", "image_folder.cpp"}));
}

TEST_CASE("folders without classes or pictures are refused", "[data][image_folder]") {
  const Pictures folder;
  const auto refuses = [&](std::initializer_list<std::string> words) {
    CHECK(test::throws<IoError>([&] { ImageFolder set(folder.root); }, words));
  };
  refuses({"ImageFolder", folder.root, "no folders", "image_folder.cpp"});
  folder.add("cat/a.png", 1, 1, 0);
  fs::create_directory(folder.at("dog"));
  refuses({"dog has no files", ".png"});
  folder.write("dog/a.gif", std::vector<int>{'x'});
  refuses({"dog has no files"});
  fs::remove_all(folder.at("dog"));
  CHECK(ImageFolder(folder.root).size() == 1);
  CHECK(
      test::throws<IoError>([&] { ImageFolder set(folder.at("none")); }, {"none cannot be read"}));
  CHECK(test::throws<IoError>([&] { ImageFolder set(folder.at("cat/a.png")); }, {"a.png"}));
}

TEST_CASE("a folder's options are checked, and errors of batches name the loader's line",
          "[data][image_folder]") {
  const test::Folder folder;
  std::filesystem::create_directories(folder.path / "a");
  folder.write("a/1.png", test::png({2, 2}, test::Bytes(12)));
  folder.write("a/2.png", test::png({3, 2}, test::Bytes(18)));
  const std::string path = folder.path.string();
  const auto refuses = [&](const data::ImageFolderOptions& options, const std::string& word) {
    CHECK(test::throws<ValueError>([&] { data::ImageFolder(path, options); },
                                   {"ImageFolder", word, "image_folder.cpp"}));
  };
  refuses({.size = data::ImageSize(0, 4)}, "size is 0 x 4");
  refuses({.size = data::ImageSize(4, -1)}, "size is 4 x -1");
  refuses({.max_pixels = 0}, "max_pixels is 0");
  for (const int workers : {0, 2}) {
    data::DataLoader loader(data::ImageFolder(path), {.batch_size = 2, .workers = workers});
    CHECK(test::throws<ShapeError>([&] { loader.begin(); },
                                   {"[3, 2, 3]", "samples 0, 1", "tests/data/image_folder.cpp"}));
  }
}

// The input is the test part of a folder.
#include <xgrad/data/cifar10.hpp>

#include <cstdlib>

#include "target.hpp"

namespace {

struct Folder {
  std::string path = "/tmp/xgrad_fuzz_XXXXXX";
  explicit Folder(const std::filesystem::path& file) {
    if (mkdtemp(path.data()) == nullptr) _exit(1);
    std::filesystem::create_symlink(file, path + "/test_batch.bin");
  }
  ~Folder() { std::filesystem::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
};

void load(const std::filesystem::path& path) {
  static const Folder folder(path);
  xgrad::data::Cifar10(folder.path, xgrad::data::Cifar10::Part::test).all();
}

}  // namespace

XGRAD_FUZZ_READER(load)

// folder.hpp: a folder with files for a test.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <unistd.h>

namespace xgrad::test {

// A folder of its own, gone at the end.
struct Folder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("xgrad_data_test_" + std::to_string(getpid()));
  Folder() { std::filesystem::create_directories(path); }
  ~Folder() { std::filesystem::remove_all(path); }
  template <class Byte = int>
  void write(const std::string& name, const std::vector<Byte>& bytes) const {
    std::filesystem::remove(path / name);  // file systems sync a file that replaces its content
    std::ofstream file(path / name, std::ios::binary);
    for (const Byte b : bytes) file.put(static_cast<char>(b));
  }
  std::string at(const std::string& name) const { return (path / name).string(); }
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

}  // namespace xgrad::test

// folder.hpp: a folder with files for a test.
#pragma once

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <string>
#include <vector>

#include <unistd.h>

namespace xgrad::test {

// A folder of its own, gone at the end.
struct IoFolder {
  static std::filesystem::path fresh() {
    static std::atomic<int> number{0};
    return std::filesystem::temp_directory_path() /
           ("xgrad_io_test_" + std::to_string(getpid()) + "_" + std::to_string(number++));
  }
  std::filesystem::path path = fresh();
  IoFolder() { std::filesystem::create_directories(path); }
  ~IoFolder() { std::filesystem::remove_all(path); }
  IoFolder(const IoFolder&) = delete;
  IoFolder& operator=(const IoFolder&) = delete;

  std::filesystem::path operator/(const std::string& name) const { return path / name; }
  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const auto& entry : std::filesystem::directory_iterator(path))
      all.push_back(entry.path().filename().string());
    std::sort(all.begin(), all.end());
    return all;
  }
};

}  // namespace xgrad::test

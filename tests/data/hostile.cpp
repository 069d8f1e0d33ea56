// Files of data that are cut, and whose bytes are changed, read with at most 1 GiB of memory. They
// are the fuzzers' seeds.
#include "io/hostile.hpp"

#include <algorithm>
#include <filesystem>

#include <xgrad/data/cifar10.hpp>
#include <xgrad/data/csv.hpp>
#include <xgrad/data/image.hpp>
#include <xgrad/data/mnist.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/io/file.hpp>

#include "io/folder.hpp"
#include "support/catch.hpp"

namespace xgrad {
namespace {

namespace fs = std::filesystem;
using Load = std::function<void(const fs::path&)>;

std::vector<std::string> seeds(const std::string& format) {
  const fs::path folder = fs::path(XGRAD_TEST_REFERENCE).parent_path() / "fuzz/seeds" / format;
  std::vector<std::string> all;
  for (const auto& entry : fs::directory_iterator(folder)) all.push_back(io::read_file(entry));
  std::sort(all.begin(), all.end());
  return all;
}

// About 200 of the beginnings.
std::vector<test::HostileFile> cuts(const std::string& bytes) {
  std::vector<test::HostileFile> all;
  const std::size_t step = bytes.size() / 200 + 1;
  for (std::size_t size = 0; size < bytes.size(); size += step)
    all.push_back({bytes.substr(0, size)});
  return all;
}

// Each cut is refused by name, and each change as well, or it is read.
void check_format(const std::string& format, const Load& load, bool cut = true) {
  INFO(format);
  const std::vector<std::string> all = seeds(format);
  CHECK(!all.empty());
  std::size_t count = 0;
  for (const std::string& bytes : all) {
    const int changes = std::max(100, 400 / static_cast<int>(all.size()));
    test::check_mutations(bytes, changes, load);
    const std::vector<test::HostileFile> files = cuts(bytes);
    if (cut) test::check_refused(files, load);
    count += static_cast<std::size_t>(changes) + files.size();
  }
  CHECK(count >= 400);
}

TEST_CASE("pictures that are cut or changed are refused or read", "[data][hostile]") {
  const Load load = [](const fs::path& path) { data::read_image(path.string()); };
  check_format("png", load);
  check_format("jpeg", load);
}

TEST_CASE("IDX files that are cut or changed are refused or read", "[data][hostile]") {
  check_format(
      "idx", [](const fs::path& path) { data::read_idx(path.string()); }, false);
}

TEST_CASE("CIFAR-10 files that are cut or changed are refused or read", "[data][hostile]") {
  const test::IoFolder folder;
  check_format("cifar10", [&](const fs::path& path) {
    fs::remove(folder / "test_batch.bin");
    fs::create_symlink(path, folder / "test_batch.bin");
    try {
      data::Cifar10(folder.path.string(), data::Cifar10::Part::test).all();
    } catch (const IoError& error) {  // which names the link
      throw IoError(path.string() + ": " + error.what());
    }
  });
}

TEST_CASE("tables that are cut or changed are refused or read", "[data][hostile]") {
  for (const data::CsvMissing missing : {data::CsvMissing::refuse, data::CsvMissing::nan})
    check_format(
        "csv", [&](const fs::path& path) { data::Csv(path.string(), {.missing = missing}).all(); },
        false);
}

TEST_CASE("files that claim more than they have need no memory", "[data][hostile]") {
  const std::string large(4, '\x7f');
  const Load idx = [](const fs::path& path) { data::read_idx(path.string()); };
  std::vector<test::HostileFile> files;
  for (const char type : {'\x08', '\x0b', '\x0c', '\x0d', '\x0e'})
    for (const char axes : {'\1', '\2', '\3', '\4', '\xff'})
      files.push_back({std::string("\0\0", 2) + type + axes + large + large + large + large});
  test::check_refused(files, idx);
  std::string png("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16);
  test::check_refused({{png + large + large + std::string("\x08\2\0\0\0", 5) + large}},
                      [](const fs::path& path) { data::read_image(path.string()); });
}

}  // namespace
}  // namespace xgrad

// The code of docs/data.md, as it stands there.
#include <filesystem>

#include <xgrad/xgrad.hpp>

#include "data/folder.hpp"
#include "data/pictures.hpp"
#include "support/catch.hpp"

using namespace xgrad;

#pragma GCC diagnostic ignored "-Wunused-variable"  // the page's loops are empty

namespace {

// Runs in a folder of its own.
struct Inside {
  test::Folder folder;
  std::filesystem::path before = std::filesystem::current_path();
  Inside() { std::filesystem::current_path(folder.path); }
  ~Inside() { std::filesystem::current_path(before); }
};

}  // namespace

TEST_CASE("the code of docs/data.md runs", "[data][docs]") {
  const Inside inside;
  std::filesystem::create_directories("photos/cat");
  std::filesystem::create_directories("photos/dog");
  const test::Bytes pixels(3 * 40 * 20, 100);
  inside.folder.write("photos/cat/1.jpg", test::jpeg({40, 20}, pixels));
  inside.folder.write("photos/dog/2.png", test::png({20, 40}, pixels));
  const std::string table = "rooms,area,city,price\n3,80,Ulm,300\n2,,Bonn,200\n4,100,Aachen,400\n";
  inside.folder.write("houses.csv", std::vector<char>(table.begin(), table.end()));
  for (const char* name : {"train.csv", "test.csv"})
    inside.folder.write(name, std::vector<char>(table.begin(), table.end()));
#include "data_page.hpp"
  CHECK(test.categories("city") == std::vector<std::string>{"Aachen", "Bonn", "Ulm"});
  CHECK(x.shape() == Shape{2, 3});
  CHECK(y.shape() == Shape{2, 1});
  CHECK(cities == std::vector<std::string>{"Aachen", "Ulm"});
  CHECK(price.numel() == 2);
  CHECK(image.shape() == Shape{3, 20, 40});
  CHECK(small.shape() == Shape{3, 16, 16});
  CHECK(grey.shape() == Shape{1, 20, 40});
  CHECK(lengths.size() == 2);
  for (const Tensor& sizes : lengths) CHECK(sizes.numel() == 2);
  CHECK((*loader.begin()).inputs.shape() == Shape{2, 3, 32, 32});
  CHECK((*balanced.begin()).targets.numel() == 4);
  CHECK((*mine.begin()).targets.numel() == 1);
}

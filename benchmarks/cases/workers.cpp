// An epoch of pictures from a folder, and of Mnist, with 0 to 2 workers.
#include <cmath>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>

#include <cstdlib>

#include <fmt/format.h>

#include <xgrad/xgrad.hpp>

#include "data/pictures.hpp"

#include "../suite.hpp"

namespace bench {
namespace {

using Loader = xgrad::data::DataLoader<>;

constexpr std::int64_t pictures = 256, classes = 4, side = 32;

xgrad::test::Bytes picture(std::int64_t number) {
  xgrad::test::Bytes rgb;
  for (std::int64_t k = 0; k < 3 * side * side; ++k)
    rgb.push_back(static_cast<unsigned char>((37 * number + k * k) % 256));
  return rgb;
}

/// PNG files, of which each class has a folder; gone at the end of the program.
struct Folder {
  std::string path = (std::filesystem::temp_directory_path() / "xgrad_bench_XXXXXX").string();
  double sum = 0;  // of all bytes of the pictures

  Folder() {
    if (mkdtemp(path.data()) == nullptr) throw std::runtime_error("cannot make a folder " + path);
    for (std::int64_t i = 0; i < pictures; ++i) write(i);
  }
  ~Folder() { std::filesystem::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

 private:
  void write(std::int64_t i) {
    const std::string inner = fmt::format("{}/class{}", path, i % classes);
    std::filesystem::create_directories(inner);
    const xgrad::test::Bytes rgb = picture(i);
    for (const unsigned char byte : rgb) sum += byte;
    const xgrad::test::Bytes file = xgrad::test::png({side, side}, rgb);
    std::ofstream(fmt::format("{}/{:03}.png", inner, i), std::ios::binary)
        .write(reinterpret_cast<const char*>(file.data()),
               static_cast<std::streamsize>(file.size()));
  }
};

const Folder& folder() {
  static const Folder only;
  return only;
}

// Of pixels in 0 to 255, which are whole numbers, so the order does not matter.
double pixel_sum(const xgrad::Tensor& images) {
  double sum = 0;
  for (const float x : images.span<float>()) sum += std::round(255 * static_cast<double>(x));
  return sum;
}

// The pixels of all samples, and how many there are, have to be those of the dataset.
void verify_epoch(Loader& loader, std::int64_t samples, double expected) {
  double sum = 0;
  std::int64_t count = 0;
  for (const auto& batch : loader) sum += pixel_sum(batch.inputs), count += batch.targets.size(0);
  if (count != samples || sum != expected)
    throw std::runtime_error(
        fmt::format("an epoch has {} samples with the sum {} instead of {} "
                    "with {}",
                    count, sum, samples, expected));
}

template <class Dataset>
Made epoch(const Dataset& dataset, std::int64_t batch_size, int workers, double sum) {
  auto loader = std::make_shared<Loader>(
      dataset, xgrad::data::DataLoaderOptions{
                   .batch_size = batch_size, .shuffle = true, .seed = 1, .workers = workers});
  verify_epoch(*loader, dataset.size(), sum);
  const auto run = [loader] {
    for (const auto& batch : *loader)
      if (!batch.inputs.defined()) throw std::runtime_error("a batch is empty");
  };
  return {{run, [] { return Answer{}; }}, {}};
}

Case loading_case(const std::string& name, int workers, std::int64_t batches,
                  std::function<Made()> make) {
  Case c;
  c.group = "data loading";
  c.name = fmt::format("{}, {} worker{}", name, workers, workers == 1 ? "" : "s");
  c.unit = "us/batch";
  c.per_call = 1e3 * static_cast<double>(batches);
  c.seconds = 0.2;
  c.make = std::move(make);
  return c;
}

// The limit: the files alone, one after the other.
Work reading() {
  const xgrad::data::ImageFolder all(folder().path);
  return {[all] {
            for (std::int64_t i = 0; i < all.size(); ++i) xgrad::data::read_image(all.path(i));
          },
          [] { return Answer{}; }};
}

Case of_pictures(int workers) {
  constexpr std::int64_t batch_size = 32;
  Case c = loading_case("256 PNG files of 32x32, batch 32", workers, pictures / batch_size, [=] {
    return epoch(xgrad::data::ImageFolder(folder().path), batch_size, workers, folder().sum);
  });
  c.floor = reading;
  return c;
}

Case of_mnist(int workers) {
  constexpr std::int64_t batch_size = 64, samples = 6000;
  return loading_case("Mnist, batch 64", workers, (samples + batch_size - 1) / batch_size, [=] {
    const xgrad::data::Mnist mnist(XGRAD_BENCH_DATA "/mnist_subset");
    return epoch(mnist, batch_size, workers, pixel_sum(mnist.all().inputs));
  });
}

}  // namespace

Cases worker_cases() {
  Cases all;
  for (const int workers : {0, 1, 2}) all.push_back(of_pictures(workers));
  for (const int workers : {0, 1, 2}) all.push_back(of_mnist(workers));
  return all;
}

}  // namespace bench

#include "run/distribution.hpp"

#include <cmath>
#include <limits>

#include <zlib.h>

#include <xgrad/xgrad.hpp>

#include "run/png.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using namespace xgrad::viz;

namespace {

std::uint32_t big_endian(const std::string& bytes, std::size_t at) {
  std::uint32_t n = 0;
  for (std::size_t i = at; i < at + 4; ++i) n = n << 8 | static_cast<unsigned char>(bytes.at(i));
  return n;
}

// A reader of the PNGs that have no filters.
Pixels read_png(const std::string& file) {
  REQUIRE(file.substr(0, 8) == "\x89PNG\r\n\x1a\n");
  Pixels image;
  std::string packed;
  for (std::size_t at = 8; at < file.size();) {
    const std::size_t size = big_endian(file, at);
    const std::string type = file.substr(at + 4, 4), data = file.substr(at + 8, size);
    const std::string summed = type + data;
    CHECK(big_endian(file, at + 8 + size) == crc32(0, reinterpret_cast<const Bytef*>(summed.data()),
                                                   static_cast<uInt>(summed.size())));
    if (type == "IHDR") {
      image.width = big_endian(data, 0);
      image.height = big_endian(data, 4);
      image.channels = data[9] == 0 ? 1 : data[9] == 2 ? 3 : data[9] == 6 ? 4 : 0;
      CHECK(data[8] == 8);
    }
    if (type == "IDAT") packed += data;
    at += size + 12;
  }
  const std::int64_t row = image.width * image.channels + 1;
  std::string rows(static_cast<std::size_t>(row * image.height), '\0');
  uLongf size = rows.size();
  REQUIRE(uncompress(reinterpret_cast<Bytef*>(rows.data()), &size,
                     reinterpret_cast<const Bytef*>(packed.data()), packed.size()) == Z_OK);
  REQUIRE(size == rows.size());
  for (std::int64_t y = 0; y < image.height; ++y) {
    CHECK(rows[static_cast<std::size_t>(y * row)] == 0);
    image.bytes +=
        rows.substr(static_cast<std::size_t>(y * row + 1), static_cast<std::size_t>(row - 1));
  }
  return image;
}

std::vector<int> bytes(const Pixels& p) {
  std::vector<int> all;
  for (const char c : p.bytes) all.push_back(static_cast<unsigned char>(c));
  return all;
}

constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("a PNG has the pixels that went in", "[viz][png]") {
  const std::int64_t channels = GENERATE(1, 3, 4);
  Pixels image{5, 7, channels, {}};
  for (int i = 0; i < 5 * 7 * channels; ++i) image.bytes += static_cast<char>(i * 37);
  const Pixels read = read_png(png(image));
  CHECK(read.height == 5);
  CHECK(read.width == 7);
  CHECK(read.channels == channels);
  CHECK(read.bytes == image.bytes);
}

TEST_CASE("floats from 0 to 1 and integers from 0 to 255 become bytes", "[viz][png]") {
  CHECK(bytes(pixels_of(tensor({{0.0, 0.5, 1.0}, {-2.0, 3.0, nan_value}}), false, {})) ==
        std::vector<int>{0, 128, 255, 0, 255, 0});
  CHECK(bytes(pixels_of(tensor({{0, 7, 255, 300, -1}}), false, {})) ==
        std::vector<int>{0, 7, 255, 255, 0});
  CHECK(bytes(pixels_of(tensor({{true, false}}), false, {})) == std::vector<int>{255, 0});
}

TEST_CASE("normalizing maps the extremes to black and white", "[viz][png]") {
  CHECK(bytes(pixels_of(tensor({{-3.0, 0.0, 1.0, infinity, nan_value}}), true, {})) ==
        std::vector<int>{0, 191, 255, 0, 0});
  CHECK(bytes(pixels_of(tensor({{4.0, 4.0}}), true, {})) == std::vector<int>{0, 0});
  constexpr double most = std::numeric_limits<double>::max();
  CHECK(bytes(pixels_of(tensor({{-most, most}}, {.dtype = float64}), true, {})) ==
        std::vector<int>{0, 255});
}

TEST_CASE("channels lie side by side, and images in a grid", "[viz][png]") {
  const Pixels colour = pixels_of(tensor({{{0, 1}}, {{2, 3}}, {{4, 5}}}), false, {});
  CHECK(bytes(colour) == std::vector<int>{0, 2, 4, 1, 3, 5});
  const Pixels grid = pixels_of(arange(3).reshape({3, 1, 1, 1}), false, {});
  CHECK(grid.height == 5);
  CHECK(grid.width == 5);
  CHECK(bytes(grid)[6] == 0);
  CHECK(bytes(grid)[8] == 1);
  CHECK(bytes(grid)[16] == 2);
  CHECK(bytes(grid)[18] == 255);  // no fourth image
  CHECK(pixels_of(arange(1).reshape({1, 1, 1, 1}), false, {}).height == 1);
}

TEST_CASE("base64 agrees with RFC 4648", "[viz][png]") {
  CHECK(base64("").empty());
  CHECK(base64("f") == "Zg==");
  CHECK(base64("fo") == "Zm8=");
  CHECK(base64("foo") == "Zm9v");
  CHECK(base64("foobar") == "Zm9vYmFy");
  CHECK(base64("\xff\xfe\xfd") == "//79");
}

TEST_CASE("a distribution counts each finite element once", "[viz][distribution]") {
  const Tensor x = test::uniform({1001}, -2, 3, 5);
  const Distribution d = distribution_of(x);
  CHECK(d.counts.size() == Distribution::max_bins);
  std::int64_t all = 0;
  for (const std::int64_t n : d.counts) all += n;
  CHECK(all == 1001);
  CHECK(d.low == x.min().item<double>());
  CHECK(d.high == x.max().item<double>());
  CHECK(std::abs(d.mean - x.mean().item<double>()) < 1e-12);
  CHECK(std::abs(d.std - sqrt(square(x - x.mean()).mean()).item<double>()) < 1e-12);
  const Tensor sorted = sort(x).values;
  for (std::size_t i = 0; i < d.levels.size(); ++i) {
    const auto rank = static_cast<std::int64_t>(d.levels[i] * 1000);
    CHECK(d.quantiles[i] == sorted.data<double>()[rank]);
  }
}

TEST_CASE("bins begin at their limits", "[viz][distribution]") {
  const Distribution d = distribution_of(arange(0, 81).to(float64) / 2);  // 0 to 40, bins of 1
  for (std::size_t i = 0; i + 1 < 40; ++i) CHECK(d.counts[i] == 2);
  CHECK(d.counts[39] == 3);  // with the largest
}

TEST_CASE("distributions of odd tensors", "[viz][distribution]") {
  const Distribution none = distribution_of(tensor({nan_value, infinity, -infinity}));
  CHECK(none.counts.empty());
  CHECK(none.not_finite == 3);
  CHECK(distribution_of(zeros({0})).counts.empty());
  const Distribution same = distribution_of(full({5}, 0.25));
  CHECK(same.counts == std::vector<std::int64_t>{5});
  CHECK(same.std == 0);
  constexpr double most = std::numeric_limits<double>::max();
  const Distribution wide = distribution_of(tensor({-most, 0.0, most}, {.dtype = float64}));
  CHECK(wide.counts.front() == 1);
  CHECK(wide.counts.back() == 1);
  constexpr double least = std::numeric_limits<double>::denorm_min();
  CHECK(distribution_of(tensor({0.0, least}, {.dtype = float64})).counts ==
        std::vector<std::int64_t>{2});
  CHECK(distribution_of(tensor({true, false, true})).counts.back() == 2);
}

#include <algorithm>
#include <cmath>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include <xgrad/xgrad.hpp>

#include "data/folder.hpp"
#include "data/pictures.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using data::ImageMode;
using data::read_image;
using test::Bytes;

namespace {

struct File : test::Folder {
  std::string file = at("picture");
  Tensor read(const Bytes& bytes, const data::ReadImageOptions& options = {}) const {
    write("picture", bytes);
    return read_image(file, options);
  }
  void refuses(const Bytes& bytes, std::initializer_list<std::string> words,
               const data::ReadImageOptions& options = {}) const {
    CHECK(test::throws<IoError>([&] { read(bytes, options); }, words));
    CHECK(test::throws<IoError>([&] { read(bytes, options); }, {"read_image", file, "image.cpp"}));
  }
};

// (channels, height, width) in 0 to 255, from values pixel by pixel.
Tensor picture(const std::vector<int>& rgb, std::int64_t height, std::int64_t width) {
  return tensor(rgb).to(float32).reshape({height, width, 3}).permute({2, 0, 1}) / 255;
}

Bytes gradient(int count) {
  Bytes bytes;
  for (int i = 0; i < count; ++i) bytes.push_back(static_cast<unsigned char>(i * 37 % 256));
  return bytes;
}

double largest_difference(const Tensor& a, const Tensor& b) {
  return (a - b).abs().max().item<double>() * 255;
}

// A picture of smooth colours, which JPEG keeps nearly.
Bytes smooth(int width, int height, int components) {
  Bytes bytes;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      for (int c = 0; c < components; ++c)
        bytes.push_back(static_cast<unsigned char>(40 + 3 * x + 2 * y + 30 * c));
  return bytes;
}

std::vector<int> as_ints(const Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

}  // namespace

TEST_CASE("PNG files of every kind are read to the bit", "[data][image]") {
  const File file;
  const bool interlaced = GENERATE(false, true);
  const Bytes rgb = gradient(3 * 5 * 7);
  const Tensor expected = picture(as_ints(rgb), 7, 5);
  CHECK(test::same_bits(file.read(test::png({5, 7, 8, 2, interlaced}, rgb)), expected));
  CHECK(file.read(test::png({5, 7, 8, 2, interlaced}, rgb)).shape() == Shape{3, 7, 5});
  // Transparency is left out.
  Bytes rgba;
  for (std::size_t i = 0; i < rgb.size(); i += 3)
    rgba.insert(rgba.end(), {rgb[i], rgb[i + 1], rgb[i + 2], static_cast<unsigned char>(i)});
  CHECK(test::same_bits(file.read(test::png({5, 7, 8, 6, interlaced}, rgba)), expected));
  CHECK(test::same_bits(file.read(test::png({5, 7, 8, 2, interlaced, true}, rgb)), expected));
  // Grey, of 8 bits, with alpha, and of 1, 2 and 4 bits.
  const auto grey = [](const std::vector<int>& values) {
    std::vector<int> all;
    for (const int v : values) all.insert(all.end(), 3, v);
    return picture(all, 1, static_cast<std::int64_t>(values.size()));
  };
  CHECK(test::same_bits(file.read(test::png({3, 1, 8, 0, interlaced}, {0, 77, 255})),
                        grey({0, 77, 255})));
  CHECK(test::same_bits(file.read(test::png({2, 1, 8, 4, interlaced}, {9, 0, 8, 255})),
                        grey({9, 8})));
  CHECK(test::same_bits(file.read(test::png({4, 1, 1, 0, interlaced}, {0xA0})),
                        grey({255, 0, 255, 0})));
  CHECK(test::same_bits(file.read(test::png({4, 1, 2, 0, interlaced}, {0x1B})),
                        grey({0, 85, 170, 255})));
  CHECK(test::same_bits(file.read(test::png({2, 1, 4, 0, interlaced}, {0x3F})), grey({51, 255})));
  // 16 bits are rounded to 8: v / 257.
  CHECK(test::same_bits(
      file.read(test::png({4, 1, 16, 0, interlaced}, {0, 0, 0x12, 0x34, 0x80, 0, 0xFF, 0xFF})),
      grey({0, 18, 128, 255})));
  CHECK(test::same_bits(
      file.read(test::png({1, 1, 16, 2, interlaced}, {0x10, 0x10, 0x20, 0x20, 0xFF, 0x7E})),
      picture({16, 32, 254}, 1, 1)));
  // Palettes.
  const Tensor indexed = picture({0, 0, 255, 1, 2, 254, 3, 6, 252}, 1, 3);
  for (const bool transparent : {false, true}) {
    CHECK(test::same_bits(file.read(test::png({3, 1, 8, 3, interlaced, transparent}, {0, 1, 3})),
                          indexed));
    CHECK(test::same_bits(file.read(test::png({3, 1, 2, 3, interlaced, transparent}, {0x1C})),
                          indexed));
  }
}

TEST_CASE("JPEG files are read as libjpeg decodes them", "[data][image]") {
  const File file;
  const bool progressive = GENERATE(false, true);
  const Bytes rgb = smooth(21, 13, 3);
  const Tensor got = file.read(test::jpeg({21, 13, 3, progressive}, rgb));
  REQUIRE(got.shape() == Shape{3, 13, 21});
  CHECK(largest_difference(got, picture(as_ints(rgb), 13, 21)) < 6);
  const Bytes grey = smooth(9, 10, 1);
  const Tensor flat = file.read(test::jpeg({9, 10, 1, progressive}, grey));
  REQUIRE(flat.shape() == Shape{3, 10, 9});
  CHECK(largest_difference(flat[0], tensor(as_ints(grey)).to(float32).reshape({10, 9}) / 255) < 3);
  CHECK(test::same_bits(flat[0], flat[2]));
  file.refuses(test::jpeg({8, 8, 4, progressive}, smooth(8, 8, 4)), {"CMYK", "convert"});
}

TEST_CASE("colours become grey by their brightness", "[data][image]") {
  const File file;
  const data::ReadImageOptions grey{.mode = ImageMode::grey};
  // PIL: Image.convert("L") of red, green, blue, white, (10, 200, 30)
  const Tensor got = file.read(
      test::png({5, 1}, {255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255, 10, 200, 30}), grey);
  CHECK(test::same_bits(got, tensor({{{76.0, 150.0, 29.0, 255.0, 124.0}}}) / 255));
  std::vector<int> all;
  Bytes levels;
  for (int i = 0; i < 256; ++i) levels.push_back(static_cast<unsigned char>(i)), all.push_back(i);
  CHECK(test::same_bits(file.read(test::png({256, 1, 8, 0}, levels), grey)[0][0],
                        tensor(all).to(float32) / 255));
}

TEST_CASE("what is no picture is refused by name", "[data][image]") {
  const File file;
  file.refuses({}, {"neither a PNG nor a JPEG"});
  file.refuses({'G', 'I', 'F', '8'}, {"neither"});
  file.refuses({0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3}, {"is gzipped"});  // not inflated
  CHECK(test::throws<IoError>([&] { read_image(file.at("none.png")); }, {"none.png"}));
  CHECK(test::throws<IoError>([&] { read_image(file.path.string()); }, {"a directory"}));
  const Bytes small = test::png({10, 10}, gradient(300));
  file.refuses(small, {"10 x 10", "max_pixels is 99"}, {.max_pixels = 99});
  CHECK(file.read(small, {.max_pixels = 100}).numel() == 300);
  CHECK(test::throws<ValueError>([&] { file.read(small, {.max_pixels = 0}); }, {"max_pixels"}));
}

TEST_CASE("every truncation of a picture is refused", "[data][image]") {
  const File file;
  const Bytes whole = GENERATE(
      test::png({6, 5}, gradient(90)), test::png({6, 5, 8, 2, true}, gradient(90)),
      test::jpeg({17, 9}, smooth(17, 9, 3)), test::jpeg({17, 9, 3, true}, smooth(17, 9, 3)));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    INFO(size << " of " << whole.size());
    file.refuses(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)), {});
  }
}

TEST_CASE("a damaged byte of a picture is refused or gives a picture", "[data][image]") {
  const File file;
  const Bytes whole =
      GENERATE(test::png({6, 5}, gradient(90)), test::jpeg({17, 9}, smooth(17, 9, 3)),
               test::jpeg({17, 9, 3, true}, smooth(17, 9, 3)));
  int refused = 0;
  for (std::size_t at = 0; at < whole.size(); ++at)
    for (const int flip : {1, 0x80, 0xFF}) {
      Bytes damaged = whole;
      damaged[at] ^= static_cast<unsigned char>(flip);
      try {
        const Tensor read = file.read(damaged, {.max_pixels = 1 << 20});
        CHECK(read.dim() == 3);
      } catch (const IoError&) {
        ++refused;
      }
    }
  CHECK(refused > 50);
}

namespace {

void put_size(Bytes& file, std::size_t at, std::uint32_t size, int bytes) {
  for (int i = 0; i < bytes; ++i)
    file[at + static_cast<std::size_t>(i)] =
        static_cast<unsigned char>(size >> 8 * (bytes - 1 - i));
}

// A small PNG file that claims another size, with the right checksum.
Bytes claiming_png(std::uint32_t width, std::uint32_t height) {
  Bytes file = test::png({2, 2}, gradient(12));
  put_size(file, 16, width, 4), put_size(file, 20, height, 4);
  put_size(file, 29, static_cast<std::uint32_t>(::crc32(0, file.data() + 12, 17)), 4);
  return file;
}

Bytes claiming_jpeg(std::uint32_t width, std::uint32_t height, bool progressive) {
  Bytes file = test::jpeg({8, 8, 3, progressive}, smooth(8, 8, 3));
  const unsigned char frame[] = {0xFF, static_cast<unsigned char>(progressive ? 0xC2 : 0xC0)};
  const auto at = std::search(file.begin(), file.end(), std::begin(frame), std::end(frame));
  const auto offset = static_cast<std::size_t>(at - file.begin());
  put_size(file, offset + 5, height, 2), put_size(file, offset + 7, width, 2);
  return file;
}

}  // namespace

TEST_CASE("a header cannot claim more pixels than the file can hold", "[data][image]") {
  const File file;
  const std::vector<Bytes> files{claiming_png(30000, 30000), claiming_jpeg(60000, 60000, false),
                                 claiming_jpeg(60000, 60000, true)};
  for (const Bytes& bytes : files) file.refuses(bytes, {"max_pixels is 100000000"});
  const data::ReadImageOptions any{.max_pixels = std::int64_t{1} << 40};
  const pid_t child = fork();  // with 1 GiB; the pictures would take more
  if (child == 0) {
    const rlimit limit{std::size_t{1} << 30, std::size_t{1} << 30};
    if (!XGRAD_TEST_SANITIZED) setrlimit(RLIMIT_DATA, &limit);  // they need more for their own
    int refused = 0;
    for (const Bytes& bytes : files) try {
        file.read(bytes, any);
      } catch (const IoError& error) {
        refused +=
            std::string(error.what()).find("its size cannot hold") != std::string::npos ? 1 : 0;
      } catch (...) {
      }
    _exit(refused == 3 ? 0 : 1);
  }
  int status = 1;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(status == 0);
  file.refuses(claiming_png(0, 5), {});
  file.refuses(claiming_png(0xFFFFFFFF, 0xFFFFFFFF), {});
}

TEST_CASE("a chunk of a PNG cannot be larger than the file", "[data][image]") {
  const File file;
  Bytes large = test::png({2, 2}, gradient(12));
  const Bytes chunk{0x4E, 0x47, 0, 0, 'z', 'T', 'X', 't', 'a', 0, 0, 1, 2, 3, 4};
  large.insert(large.begin() + 33, chunk.begin(), chunk.end());  // behind the header
  file.refuses(large, {"a chunk ends early"});
  Bytes small = test::png({2, 2}, gradient(12));
  Bytes text{0, 0, 0, 5, 't', 'E', 'X', 't', 'a', 0, 'x', 'y', 'z'};
  text.resize(17);
  put_size(text, 13, static_cast<std::uint32_t>(::crc32(0, text.data() + 4, 9)), 4);
  small.insert(small.begin() + 33, text.begin(), text.end());
  CHECK(file.read(small).numel() == 12);
}

TEST_CASE("images are resized as torchvision does it", "[data][transforms]") {
  const Tensor images = rand({2, 3, 8, 6});
  const Tensor small = data::resize(images, {4, 3});
  CHECK(small.shape() == Shape{2, 3, 4, 3});
  CHECK(test::same_bits(
      small, interpolate(images, {.size = {4, 3}, .mode = "bilinear", .antialias = true})));
  CHECK(test::same_bits(data::resize(images[1], {4, 3}), small[1]));
  CHECK(largest_difference(data::resize(full({3, 5, 5}, 0.5), 11), full({3, 11, 11}, 0.5)) < 1e-4);
  CHECK(test::throws<ShapeError>([&] { data::resize(zeros({3, 4}), 2); }, {"resize", "image.cpp"}));
  CHECK(test::throws<Error>([&] { data::resize(images, 0); }, {"resize"}));
}

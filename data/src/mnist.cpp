#include <xgrad/data/mnist.hpp>

#include <algorithm>
#include <numeric>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/op_scope.hpp>
#include <xgrad/graph/scratch_vector.hpp>

#include "input_file.hpp"

namespace xgrad::data {
namespace {

using detail::InputFile;

std::uint32_t big_endian(const std::vector<unsigned char>& b) {
  return std::uint32_t{b[0]} << 24 | std::uint32_t{b[1]} << 16 | std::uint32_t{b[2]} << 8 | b[3];
}

// The axes' sizes, behind the magic number 0, 0, 8 (unsigned bytes), number of axes.
std::vector<std::int64_t> read_header(InputFile& file) {
  const auto magic = file.read_exactly(4);
  if (magic[0] != 0 || magic[1] != 0 || magic[2] != 8 || magic[3] == 0 || magic[3] > 4)
    file.fail(
        fmt::format("starts with {:02x} {:02x} {:02x} {:02x}; an IDX file of unsigned bytes must "
                    "start with 00 00 08 and its number of axes, 1 to 4",
                    magic[0], magic[1], magic[2], magic[3]));
  std::vector<std::int64_t> sizes;
  for (int i = 0; i < magic[3]; ++i) sizes.push_back(big_endian(file.read_exactly(4)));
  return sizes;
}

std::int64_t claimed_bytes(const std::vector<std::int64_t>& sizes, const InputFile& file) {
  constexpr std::int64_t most = std::int64_t{1} << 32;
  std::int64_t count = 1;
  for (const std::int64_t size : sizes) {
    if (size != 0 && count > most / size)
      file.fail(
          fmt::format("has shape [{}] according to its header; at most {} bytes are supported",
                      fmt::join(sizes, ", "), most));
    count *= size;
  }
  return count;
}

std::string existing(const MnistOrigin& origin, const std::string& folder, const std::string& name,
                     Site site) {
  if (const std::optional<std::string> path = detail::find_file(folder, name)) return *path;
  throw IoError(
      fmt::format("{}: found neither {} nor {}.gz in {}; download the four files of {} from "
                  "{} into that folder; gzipped files work too",
                  origin.name, name, name, folder, origin.title, origin.url),
      site);
}

void check_match(const char* op, const IdxArray& images, const IdxArray& labels,
                 const std::string& folder, Site site) {
  if (images.sizes.size() != 3 || images.sizes[1] != 28 || images.sizes[2] != 28)
    throw IoError(fmt::format("{}: the images in {} have shape [{}]; it must be [n, 28, 28]", op,
                              folder, fmt::join(images.sizes, ", ")),
                  site);
  if (labels.sizes.size() != 1 || labels.sizes[0] != images.sizes[0])
    throw IoError(
        fmt::format("{}: {} has {} images, but labels of shape [{}]; there must be one label for "
                    "each image",
                    op, folder, images.sizes[0], fmt::join(labels.sizes, ", ")),
        site);
  for (const unsigned char label : labels.bytes)
    if (label > 9)
      throw IoError(
          fmt::format("{}: a label in {} is {}; it must be a digit, 0 to 9", op, folder, label),
          site);
}

}  // namespace

IdxArray read_idx(const std::string& path, Site site) {
  const OpScope scope("read_idx", site);
  InputFile file("read_idx", path, site);
  IdxArray array;
  array.sizes = read_header(file);
  const std::int64_t count = claimed_bytes(array.sizes, file);
  array.bytes = file.read_exactly(count);
  unsigned char extra;  // also makes gzip compare its checksum
  if (file.read({&extra, 1}) > 0)
    file.fail(fmt::format("has more data after its {} elements", count));
  return array;
}

const MnistOrigin Mnist::origin_{"Mnist", "MNIST", "https://ossci-datasets.s3.amazonaws.com/mnist"};
const MnistOrigin FashionMnist::origin_{
    "FashionMnist", "Fashion-MNIST", "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com"};
const MnistOrigin Kmnist::origin_{"Kmnist", "KMNIST", "http://codh.rois.ac.jp/kmnist"};

Mnist::Mnist(const MnistOrigin& origin, const std::string& folder, Part part, Site site)
    : name_(origin.name), site_(site) {
  const std::string prefix = part == Part::train ? "train" : "t10k";
  IdxArray images = read_idx(existing(origin, folder, prefix + "-images-idx3-ubyte", site), site);
  IdxArray labels = read_idx(existing(origin, folder, prefix + "-labels-idx1-ubyte", site), site);
  check_match(name_, images, labels, folder, site);
  images_ = std::move(images.bytes);
  labels_ = std::move(labels.bytes);
}

Batch Mnist::get(std::span<const std::int64_t> indices) const {
  const auto count = static_cast<std::int64_t>(indices.size());
  Tensor images = empty({count, pixels}, {.dtype = float32}),
         labels = empty({count}, {.dtype = int64});
  float* image = images.mutable_data<float>();
  std::int64_t* label = labels.mutable_data<std::int64_t>();
  for (const std::int64_t i : indices) {
    if (i < 0 || i >= size())
      throw ValueError(
          fmt::format("{}: index {} is out of range; it must be in [0, {})", name_, i, size()),
          site_);
    const unsigned char* const from = images_.data() + i * pixels;
    image = std::transform(from, from + pixels, image,
                           [](unsigned char p) { return static_cast<float>(p) / 255.0F; });
    *label++ = labels_[static_cast<std::size_t>(i)];
  }
  return {images, labels};
}

const std::vector<std::string>& FashionMnist::classes() {
  static const std::vector<std::string> names = {"T-shirt/top", "Trouser",   "Pullover", "Dress",
                                                 "Coat",        "Sandal",    "Shirt",    "Sneaker",
                                                 "Bag",         "Ankle boot"};
  return names;
}

const std::vector<std::string>& Kmnist::classes() {
  static const std::vector<std::string> names = {"o",  "ki", "su", "tsu", "na",
                                                 "ha", "ma", "ya", "re",  "wo"};
  return names;
}

Batch Mnist::all() const {
  xgrad::detail::ScratchVector<std::int64_t> indices(labels_.size());
  std::iota(indices.begin(), indices.end(), 0);
  return get(indices);
}

}  // namespace xgrad::data

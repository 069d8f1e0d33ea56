#include <xgrad/data/mnist.hpp>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <numeric>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <zlib.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>

namespace xgrad::data {
namespace {

using File = std::unique_ptr<gzFile_s, decltype(&gzclose)>;

// Fills `to` from the file. zlib passes files that are not compressed through as they are.
void read_exactly(gzFile file, const std::string& path, std::span<unsigned char> to, Site site) {
  std::size_t done = 0;
  while (done < to.size()) {
    const auto wish = static_cast<unsigned>(std::min<std::size_t>(to.size() - done, 1U << 30));
    const int got = gzread(file, to.data() + done, wish);
    if (got <= 0)
      throw IoError(fmt::format("read_idx: {} is cut short: {} of {} bytes are missing; fetch it "
                                "again",
                                path, to.size() - done, to.size()),
                    site);
    done += static_cast<std::size_t>(got);
  }
}

std::uint32_t big_endian(const unsigned char* b) {
  return std::uint32_t{b[0]} << 24 | std::uint32_t{b[1]} << 16 | std::uint32_t{b[2]} << 8 | b[3];
}

// The axes' sizes, behind the magic number 0, 0, 8 (unsigned bytes), number of axes.
std::vector<std::int64_t> read_header(gzFile file, const std::string& path, Site site) {
  unsigned char magic[4];
  read_exactly(file, path, magic, site);
  if (magic[0] != 0 || magic[1] != 0 || magic[2] != 8 || magic[3] == 0 || magic[3] > 4)
    throw IoError(
        fmt::format("read_idx: {} starts with {:02x} {:02x} {:02x} {:02x}; an IDX file of "
                    "bytes starts with 00 00 08 and the number of axes",
                    path, magic[0], magic[1], magic[2], magic[3]),
        site);
  std::vector<std::int64_t> sizes;
  for (int i = 0; i < magic[3]; ++i) {
    unsigned char size[4];
    read_exactly(file, path, size, site);
    sizes.push_back(big_endian(size));
  }
  return sizes;
}

std::int64_t claimed_bytes(const std::vector<std::int64_t>& sizes, const std::string& path,
                           Site site) {
  constexpr std::int64_t most = std::int64_t{1} << 32;
  std::int64_t count = 1;
  for (const std::int64_t size : sizes) {
    if (size != 0 && count > most / size)
      throw IoError(fmt::format("read_idx: {} claims [{}] bytes, more than the {} that are taken",
                                path, fmt::join(sizes, ", "), most),
                    site);
    count *= size;
  }
  return count;
}

std::string existing(const std::string& folder, const std::string& name, Site site) {
  for (const char* const ending : {"", ".gz"})
    if (const std::string path = folder + "/" + name + ending; std::filesystem::exists(path))
      return path;
  throw IoError(fmt::format("Mnist: neither {} nor {}.gz is in {}; scripts/demo fetches the data",
                            name, name, folder),
                site);
}

void check_match(const IdxArray& images, const IdxArray& labels, const std::string& folder,
                 Site site) {
  if (images.sizes.size() != 3 || images.sizes[1] != 28 || images.sizes[2] != 28)
    throw IoError(fmt::format("Mnist: images in {} are [{}]; they must be [n, 28, 28]", folder,
                              fmt::join(images.sizes, ", ")),
                  site);
  if (labels.sizes.size() != 1 || labels.sizes[0] != images.sizes[0])
    throw IoError(
        fmt::format("Mnist: {} has {} images, but labels of shape [{}]; there must be one "
                    "for each",
                    folder, images.sizes[0], fmt::join(labels.sizes, ", ")),
        site);
  for (const unsigned char label : labels.bytes)
    if (label > 9)
      throw IoError(fmt::format("Mnist: a label in {} is {}, not a digit", folder, label), site);
}

}  // namespace

IdxArray read_idx(const std::string& path, Site site) {
  const File file(gzopen(path.c_str(), "rb"), &gzclose);
  if (!file) throw IoError(fmt::format("read_idx: {} cannot be opened", path), site);
  IdxArray array;
  array.sizes = read_header(file.get(), path, site);
  const std::int64_t count = claimed_bytes(array.sizes, path, site);
  array.bytes.resize(static_cast<std::size_t>(count));
  read_exactly(file.get(), path, array.bytes, site);
  unsigned char extra;
  if (gzread(file.get(), &extra, 1) > 0)
    throw IoError(fmt::format("read_idx: {} goes on behind its {} elements", path, count), site);
  return array;
}

Mnist::Mnist(const std::string& folder, Part part, Site site) {
  const std::string prefix = part == Part::train ? "train" : "t10k";
  IdxArray images = read_idx(existing(folder, prefix + "-images-idx3-ubyte", site), site);
  IdxArray labels = read_idx(existing(folder, prefix + "-labels-idx1-ubyte", site), site);
  check_match(images, labels, folder, site);
  images_ = std::move(images.bytes);
  labels_ = std::move(labels.bytes);
}

Batch Mnist::get(std::span<const std::int64_t> indices) const {
  const auto count = static_cast<std::int64_t>(indices.size());
  Tensor images = empty({count, pixels}), labels = empty({count}, {.dtype = int64});
  float* image = images.mutable_data<float>();
  std::int64_t* label = labels.mutable_data<std::int64_t>();
  for (const std::int64_t i : indices) {
    if (i < 0 || i >= size())
      throw ValueError(fmt::format("Mnist: there is no image {} among {}", i, size()));
    const unsigned char* const from = images_.data() + i * pixels;
    image = std::transform(from, from + pixels, image,
                           [](unsigned char p) { return static_cast<float>(p) / 255.0F; });
    *label++ = labels_[static_cast<std::size_t>(i)];
  }
  return {images, labels};
}

Batch Mnist::all() const {
  std::vector<std::int64_t> indices(labels_.size());
  std::iota(indices.begin(), indices.end(), 0);
  return get(indices);
}

}  // namespace xgrad::data

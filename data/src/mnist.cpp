#include <xgrad/data/mnist.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <new>
#include <numeric>
#include <system_error>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/memory.hpp>
#include <xgrad/graph/op_scope.hpp>
#include <xgrad/graph/scratch_vector.hpp>

#include "input_file.hpp"

namespace xgrad::data {
namespace {

using detail::InputFile;

[[noreturn]] void refuse_short(const InputFile& file, std::int64_t missing, std::int64_t all) {
  file.fail(
      fmt::format("is truncated: {} of {} bytes are missing; download it again", missing, all));
}

template <std::size_t Count>
std::array<unsigned char, Count> read_bytes(InputFile& file) {
  std::array<unsigned char, Count> bytes;
  if (const std::size_t got = file.read(bytes); got < Count) refuse_short(file, Count - got, Count);
  return bytes;
}

std::uint32_t big_endian(const std::array<unsigned char, 4>& b) {
  return std::uint32_t{b[0]} << 24 | std::uint32_t{b[1]} << 16 | std::uint32_t{b[2]} << 8 | b[3];
}

// The axes' sizes, behind the magic number 0, 0, 8 (unsigned bytes), number of axes.
std::vector<std::int64_t> read_header(InputFile& file) {
  const auto magic = read_bytes<4>(file);
  if (magic[0] != 0 || magic[1] != 0 || magic[2] != 8 || magic[3] == 0 || magic[3] > 4)
    file.fail(
        fmt::format("starts with {:02x} {:02x} {:02x} {:02x}; an IDX file of unsigned bytes must "
                    "start with 00 00 08 and its number of axes, 1 to 4",
                    magic[0], magic[1], magic[2], magic[3]));
  std::vector<std::int64_t> sizes;
  for (int i = 0; i < magic[3]; ++i) sizes.push_back(big_endian(read_bytes<4>(file)));
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

void grow(std::vector<unsigned char>& bytes, std::size_t size) {
  try {
    bytes.resize(size);
  } catch (const std::bad_alloc&) {
    xgrad::detail::throw_memory(size);
  }
}

// A header's claim allocates nothing that the file cannot hold, and a gzipped file, which might
// hold a thousand times its size, only what has arrived, and as much again.
std::vector<unsigned char> read_elements(InputFile& file, std::int64_t count) {
  if (const std::int64_t left = file.most_left(); left < count)
    refuse_short(file, count - left, count);
  std::vector<unsigned char> bytes;
  std::size_t done = 0;
  for (const auto all = static_cast<std::size_t>(count); done < all;) {
    grow(bytes, std::min(all, std::max(2 * done, std::size_t{1} << 20)));
    const std::span<unsigned char> rest = std::span(bytes).subspan(done);
    const std::size_t got = file.read(rest);
    done += got;
    if (got < rest.size()) refuse_short(file, static_cast<std::int64_t>(all - done), count);
  }
  return bytes;
}

// The plain or the gzipped file; one that is there but cannot be looked at is left to the reader,
// which says why.
std::string existing(const std::string& folder, const std::string& name, Site site) {
  for (const char* const ending : {"", ".gz"}) {
    const std::string path = folder + "/" + name + ending;
    std::error_code ignored;
    if (std::filesystem::status(path, ignored).type() != std::filesystem::file_type::not_found)
      return path;
  }
  throw IoError(fmt::format("Mnist: found neither {} nor {}.gz in {}; download the four files of "
                            "MNIST from https://ossci-datasets.s3.amazonaws.com/mnist into that "
                            "folder; gzipped files work too",
                            name, name, folder),
                site);
}

void check_match(const IdxArray& images, const IdxArray& labels, const std::string& folder,
                 Site site) {
  if (images.sizes.size() != 3 || images.sizes[1] != 28 || images.sizes[2] != 28)
    throw IoError(fmt::format("Mnist: the images in {} have shape [{}]; it must be [n, 28, 28]",
                              folder, fmt::join(images.sizes, ", ")),
                  site);
  if (labels.sizes.size() != 1 || labels.sizes[0] != images.sizes[0])
    throw IoError(
        fmt::format(
            "Mnist: {} has {} images, but labels of shape [{}]; there must be one label for "
            "each image",
            folder, images.sizes[0], fmt::join(labels.sizes, ", ")),
        site);
  for (const unsigned char label : labels.bytes)
    if (label > 9)
      throw IoError(
          fmt::format("Mnist: a label in {} is {}; it must be a digit, 0 to 9", folder, label),
          site);
}

}  // namespace

IdxArray read_idx(const std::string& path, Site site) {
  const OpScope scope("read_idx", site);
  InputFile file("read_idx", path, site);
  IdxArray array;
  array.sizes = read_header(file);
  const std::int64_t count = claimed_bytes(array.sizes, file);
  array.bytes = read_elements(file, count);
  unsigned char extra;  // also makes gzip compare its checksum
  if (file.read({&extra, 1}) > 0)
    file.fail(fmt::format("has more data after its {} elements", count));
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
  Tensor images = empty({count, pixels}, {.dtype = float32}),
         labels = empty({count}, {.dtype = int64});
  float* image = images.mutable_data<float>();
  std::int64_t* label = labels.mutable_data<std::int64_t>();
  for (const std::int64_t i : indices) {
    if (i < 0 || i >= size())
      throw ValueError(
          fmt::format("Mnist: index {} is out of range; it must be in [0, {})", i, size()));
    const unsigned char* const from = images_.data() + i * pixels;
    image = std::transform(from, from + pixels, image,
                           [](unsigned char p) { return static_cast<float>(p) / 255.0F; });
    *label++ = labels_[static_cast<std::size_t>(i)];
  }
  return {images, labels};
}

Batch Mnist::all() const {
  xgrad::detail::ScratchVector<std::int64_t> indices(labels_.size());
  std::iota(indices.begin(), indices.end(), 0);
  return get(indices);
}

}  // namespace xgrad::data

#include <xgrad/data/cifar10.hpp>

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/scratch_vector.hpp>

#include "input_file.hpp"

namespace xgrad::data {
namespace {

using detail::InputFile;

constexpr std::int64_t pixels = 3 * 32 * 32, record = 1 + pixels, most_records = 10000;

std::string existing(const std::string& folder, const std::string& name, Site site) {
  for (const char* const inner : {"", "/cifar-10-batches-bin"})
    if (const std::optional<std::string> path = detail::find_file(folder + inner, name))
      return *path;
  throw IoError(fmt::format("Cifar10: found neither {} nor {}.gz in {}; download "
                            "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz and unpack it "
                            "there",
                            name, name, folder),
                site);
}

[[noreturn]] void fail_size(const InputFile& file, const std::string& bytes) {
  file.fail(fmt::format("has {} bytes; CIFAR-10's binary files have 1 to {} records of {} bytes",
                        bytes, most_records, record));
}

std::vector<unsigned char> read_records(const std::string& path, Site site) {
  constexpr std::int64_t most = most_records * record;
  InputFile file("Cifar10", path, site);
  if (!file.is_gzipped() && file.most_left() > most)
    fail_size(file, fmt::to_string(file.most_left()));
  std::vector<unsigned char> bytes = file.read_at_most(most + 1);
  const auto size = static_cast<std::int64_t>(bytes.size());
  if (size > most) fail_size(file, fmt::format("more than {}", most));
  if (size == 0 || size % record != 0) fail_size(file, fmt::to_string(size));
  for (std::int64_t i = 0; i < size; i += record)
    if (const int label = bytes[static_cast<std::size_t>(i)]; label > 9)
      file.fail(fmt::format("has label {} in record {}; it must be 0 to 9", label, i / record));
  return bytes;
}

std::vector<std::string> files_of(Cifar10::Part part) {
  if (part == Cifar10::Part::test) return {"test_batch.bin"};
  return {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin",
          "data_batch_5.bin"};
}

}  // namespace

Cifar10::Cifar10(const std::string& folder, Part part, Site site) : site_(site) {
  for (const std::string& name : files_of(part)) {
    const std::vector<unsigned char> read = read_records(existing(folder, name, site), site);
    records_.insert(records_.end(), read.begin(), read.end());
  }
}

std::int64_t Cifar10::size() const noexcept {
  return static_cast<std::int64_t>(records_.size()) / record;
}

Batch Cifar10::get(std::span<const std::int64_t> indices) const {
  const auto count = static_cast<std::int64_t>(indices.size());
  Tensor images = empty({count, 3, 32, 32}, {.dtype = float32}),
         labels = empty({count}, {.dtype = int64});
  float* image = images.mutable_data<float>();
  std::int64_t* label = labels.mutable_data<std::int64_t>();
  for (const std::int64_t i : indices) {
    if (i < 0 || i >= size())
      throw ValueError(
          fmt::format("Cifar10: index {} is out of range; it must be in [0, {})", i, size()),
          site_);
    const unsigned char* const from = records_.data() + i * record;
    *label++ = *from;
    image = std::transform(from + 1, from + record, image,
                           [](unsigned char p) { return static_cast<float>(p) / 255.0F; });
  }
  return {images, labels};
}

Batch Cifar10::all() const {
  xgrad::detail::ScratchVector<std::int64_t> indices(static_cast<std::size_t>(size()));
  std::iota(indices.begin(), indices.end(), 0);
  return get(indices);
}

const std::vector<std::string>& Cifar10::classes() {
  static const std::vector<std::string> names = {
      "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"};
  return names;
}

}  // namespace xgrad::data

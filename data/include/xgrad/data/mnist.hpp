// mnist.hpp: handwritten digits, and the IDX files that they come in.
#pragma once

#include <string>
#include <vector>

#include <xgrad/data/dataset.hpp>

namespace xgrad::data {

/// An array of bytes as an IDX file holds it.
struct IdxArray {
  std::vector<std::int64_t> sizes;
  std::vector<unsigned char> bytes;
};

/// Reads an IDX file of unsigned bytes, plain or gzipped.
/// What the header claims is compared with the file before memory is allocated.
/// @throws IoError  if the file is missing, may not be read, or is not a regular file (a directory,
///                  a FIFO); is not IDX (wrong magic number); is cut short or too long; or its gzip
///                  data are damaged.
IdxArray read_idx(const std::string& path, Site site = {__builtin_FILE(), __builtin_LINE()});

/// The digits of LeCun, Cortes and Burges: 28 x 28 pixels and a label each.
class Mnist {
 public:
  enum class Part { train, test };

  /// Reads `train-images-idx3-ubyte` and its three companions' like from a folder; each may end
  /// in `.gz`.
  /// @throws IoError  as read_idx; and if images and labels differ in number, images are not
  ///                  28 x 28, or a label is not a digit.
  explicit Mnist(const std::string& folder, Part part = Part::train,
                 Site site = {__builtin_FILE(), __builtin_LINE()});

  std::int64_t size() const { return static_cast<std::int64_t>(labels_.size()); }
  /// Images (n, 784) as float32 in [0, 1], labels (n) as int64.
  /// @throws ValueError  for an index that is not there.
  Batch get(std::span<const std::int64_t> indices) const;
  /// All of them.
  Batch all() const;

 private:
  static constexpr std::int64_t pixels = 28 * 28;
  std::vector<unsigned char> images_;
  std::vector<unsigned char> labels_;
};

}  // namespace xgrad::data

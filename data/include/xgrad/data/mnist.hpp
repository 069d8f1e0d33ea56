// mnist.hpp: the MNIST dataset of handwritten digits, and its file format, IDX.
#pragma once

#include <string>
#include <vector>

#include <xgrad/data/dataset.hpp>

namespace xgrad::data {

/// The contents of an IDX file of unsigned bytes, in row-major order.
struct IdxArray {
  std::vector<std::int64_t> sizes;
  std::vector<unsigned char> bytes;
};

/// Reads an IDX file of unsigned bytes, plain or gzipped. The sizes in the header are checked
/// against the file before memory is allocated.
/// @throws IoError  if the file is missing, cannot be read, or is not a regular file (a directory,
///                  a FIFO); if it is not an IDX file (wrong magic number), or is truncated or too
///                  long; if its gzip data are corrupt.
IdxArray read_idx(const std::string& path, Site site = {__builtin_FILE(), __builtin_LINE()});

/// The MNIST dataset (LeCun, Cortes and Burges): images of 28 x 28 pixels and labels 0 to 9.
class Mnist {
 public:
  enum class Part { train, test };

  /// Reads the images and labels of one part from a folder: `train-images-idx3-ubyte` and
  /// `train-labels-idx1-ubyte`, or those that start with `t10k`. Names may also end in `.gz`.
  /// @throws IoError  as read_idx; if there are not as many labels as images; if the images are not
  ///                  28 x 28; if a label is not a digit.
  explicit Mnist(const std::string& folder, Part part = Part::train,
                 Site site = {__builtin_FILE(), __builtin_LINE()});

  std::int64_t size() const { return static_cast<std::int64_t>(labels_.size()); }
  /// The images (n, 784) as float32 in [0, 1] and the labels (n) as int64.
  /// @throws ValueError  if an index is out of range.
  Batch get(std::span<const std::int64_t> indices) const;
  /// All images and labels.
  Batch all() const;

 private:
  static constexpr std::int64_t pixels = 28 * 28;
  std::vector<unsigned char> images_;
  std::vector<unsigned char> labels_;
};

}  // namespace xgrad::data

// mnist.hpp: MNIST and the datasets that come in the same files, and their format, IDX.
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

/// What errors say about where the files come from.
struct MnistOrigin {
  const char *name, *title, *url;
};

/// The MNIST dataset (LeCun, Cortes and Burges): images of 28 x 28 pixels and labels 0 to 9.
class Mnist {
 public:
  enum class Part { train, test };

  /// Reads the images and labels of one part from a folder: `train-images-idx3-ubyte` and
  /// `train-labels-idx1-ubyte`, or those that start with `t10k`. Names may also end in `.gz`.
  /// @throws IoError  as read_idx; if there are not as many labels as images; if the images are not
  ///                  28 x 28; if a label is not a digit.
  explicit Mnist(const std::string& folder, Part part = Part::train,
                 Site site = {__builtin_FILE(), __builtin_LINE()})
      : Mnist(origin_, folder, part, site) {}

  std::int64_t size() const { return static_cast<std::int64_t>(labels_.size()); }
  /// The images (n, 784) as float32 in [0, 1] and the labels (n) as int64.
  /// @throws ValueError  if an index is out of range.
  Batch get(std::span<const std::int64_t> indices) const;
  /// All images and labels.
  Batch all() const;

 protected:
  Mnist(const MnistOrigin& origin, const std::string& folder, Part part, Site site);

 private:
  static const MnistOrigin origin_;
  static constexpr std::int64_t pixels = 28 * 28;
  const char* name_;
  std::vector<unsigned char> images_;
  std::vector<unsigned char> labels_;
  Site site_;
};

/// Fashion-MNIST (Xiao, Rasul and Vollgraf, 2017): clothes in ten classes, in files like MNIST's,
/// with the same names.
class FashionMnist : public Mnist {
 public:
  /// @throws IoError  as Mnist.
  explicit FashionMnist(const std::string& folder, Part part = Part::train,
                        Site site = {__builtin_FILE(), __builtin_LINE()})
      : Mnist(origin_, folder, part, site) {}
  /// The names of the labels 0 to 9: "T-shirt/top", "Trouser", ...
  static const std::vector<std::string>& classes();

 private:
  static const MnistOrigin origin_;
};

/// KMNIST (Clanuwat et al., 2018): Japanese letters in ten classes, in files like MNIST's, with the
/// same names.
class Kmnist : public Mnist {
 public:
  /// @throws IoError  as Mnist.
  explicit Kmnist(const std::string& folder, Part part = Part::train,
                  Site site = {__builtin_FILE(), __builtin_LINE()})
      : Mnist(origin_, folder, part, site) {}
  /// The names of the labels 0 to 9: "o", "ki", "su", ...
  static const std::vector<std::string>& classes();

 private:
  static const MnistOrigin origin_;
};

}  // namespace xgrad::data

// cifar10.hpp: the CIFAR-10 dataset of small colour images.
#pragma once

#include <string>
#include <vector>

#include <xgrad/data/dataset.hpp>

namespace xgrad::data {

/// CIFAR-10 (Krizhevsky, 2009): colour images of 32 x 32 pixels in ten classes, from the "binary
/// version" of https://www.cs.toronto.edu/~kriz/cifar.html.
class Cifar10 {
 public:
  enum class Part { train, test };

  /// Reads one part from a folder, or from the folder `cifar-10-batches-bin` in it:
  /// `data_batch_1.bin` to `data_batch_5.bin`, or `test_batch.bin`. Names may also end in `.gz`. A
  /// file has up to 10,000 records of 3073 bytes: a label, and the red, green and blue of all
  /// pixels.
  /// @throws IoError  if a file is missing, cannot be read, or is not of whole records; if it has
  ///                  none, or more than 10,000, which is seen before they are read; if a label is
  ///                  above 9.
  explicit Cifar10(const std::string& folder, Part part = Part::train,
                   Site site = {__builtin_FILE(), __builtin_LINE()});

  std::int64_t size() const noexcept;
  /// The images (n, 3, 32, 32) as float32 in [0, 1] and the labels (n) as int64.
  /// @throws ValueError  if an index is out of range.
  Batch get(std::span<const std::int64_t> indices) const;
  /// All images and labels.
  Batch all() const;
  /// The names of the labels 0 to 9: "airplane", "automobile", ...
  static const std::vector<std::string>& classes();

 private:
  std::vector<unsigned char> records_;
  Site site_;
};

}  // namespace xgrad::data

// image_folder.hpp: pictures in a folder for each class.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <xgrad/data/dataset.hpp>
#include <xgrad/data/image.hpp>
#include <xgrad/data/transforms.hpp>

namespace xgrad::data {

struct ImageFolderOptions {
  ImageMode mode = ImageMode::rgb;
  std::optional<ImageSize> size = {};  ///< all pictures are resized to it; batches need one size
  /// A function of each picture (channels, height, width), after resizing. Workers call it.
  std::function<Tensor(Tensor)> transform = {};
  std::int64_t max_pixels = 100'000'000;  ///< a file that claims more is refused
  /// The classes by number, as those of another folder: `train.classes()`. Some may have no folder
  /// here; other folders are refused. By default the names of the folders, sorted.
  std::vector<std::string> classes = {};
};

/// The pictures of a folder, in which each class has a folder of its own:
///
///     photos/cat/1.jpg  photos/cat/2.png  photos/dog/fido.jpeg
///
///     data::ImageFolder photos("photos", {.size = {{224, 224}}});
///     data::DataLoader loader(photos, {.batch_size = 32, .shuffle = true, .workers = 4});
///
/// Classes are numbered in the order of their names, or in that of `.classes`, and the pictures of
/// a class come in the order of their paths. Files in folders within a class belong to it. Names
/// that do not end in .png, .jpg or .jpeg, in any case, are left out. A file is read when its
/// sample is fetched.
class ImageFolder {
 public:
  /// Looks for the files; reads none of them.
  /// @throws IoError     if the folder cannot be read or has no folders, if the folder of a class
  ///                     has no pictures, or if `.classes` lacks one.
  /// @throws ValueError  for a size or max_pixels below 1, or a class that is given twice.
  explicit ImageFolder(const std::string& folder, ImageFolderOptions options = {},
                       Site site = {__builtin_FILE(), __builtin_LINE()});

  std::int64_t size() const noexcept { return static_cast<std::int64_t>(files_.size()); }
  /// The picture (channels, height, width), float32 in [0, 1], and its class, int64 without dims.
  /// @throws ValueError  for an index that is not there; IoError  as read_image.
  Batch get(std::int64_t index) const;

  /// The names of the classes, by number.
  const std::vector<std::string>& classes() const noexcept { return classes_; }
  /// The classes of all samples, int64, (n); reads no picture.
  Tensor targets() const;
  /// The file of a sample. @throws ValueError  for an index that is not there.
  const std::string& path(std::int64_t index) const;

 private:
  struct File {
    std::string path;
    std::int64_t target;
  };
  const File& at(std::int64_t index) const;

  std::vector<std::string> classes_;
  std::vector<File> files_;
  ImageFolderOptions options_;
  Site site_;
};

}  // namespace xgrad::data

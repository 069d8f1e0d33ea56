#include <xgrad/data/image_folder.hpp>

#include <algorithm>
#include <cctype>
#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/op_scope.hpp>

namespace xgrad::data {
namespace {

namespace fs = std::filesystem;

bool is_picture(const fs::path& path) {
  std::string ending = path.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return ending == ".png" || ending == ".jpg" || ending == ".jpeg";
}

std::vector<std::string> classes_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder))
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> pictures_in(const fs::path& folder) {
  std::vector<std::string> paths;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder))
    if (is_picture(entry.path()) && entry.is_regular_file()) paths.push_back(entry.path().string());
  std::sort(paths.begin(), paths.end());
  return paths;
}

// The file system's exceptions as IoErrors.
template <class F>
auto looked_at(const fs::path& folder, F f) {
  try {
    return f(folder);
  } catch (const fs::filesystem_error& error) {
    throw IoError(fmt::format("ImageFolder: {} cannot be read: {}", error.path1().string(),
                              error.code().message()));
  }
}

void check_options(const ImageFolderOptions& options) {
  if (options.max_pixels < 1)
    throw ValueError(
        fmt::format("ImageFolder: max_pixels is {}; it must be at least 1", options.max_pixels));
  if (options.size && (options.size->height < 1 || options.size->width < 1))
    throw ValueError(fmt::format("ImageFolder: size is {} x {}; both must be at least 1",
                                 options.size->height, options.size->width));
  std::vector<std::string> sorted = options.classes;
  std::sort(sorted.begin(), sorted.end());
  const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
  if (twice != sorted.end())
    throw ValueError(fmt::format("ImageFolder: the class '{}' is given twice", *twice));
}

std::int64_t number_of(const std::string& name, const std::vector<std::string>& classes,
                       const std::string& folder) {
  const auto found = std::find(classes.begin(), classes.end(), name);
  if (found == classes.end())
    throw IoError(fmt::format("ImageFolder: {}/{} is none of the classes: '{}'", folder, name,
                              fmt::join(classes, "', '")));
  return found - classes.begin();
}

}  // namespace

ImageFolder::ImageFolder(const std::string& folder, ImageFolderOptions options, Site site)
    : options_(std::move(options)), site_(site) {
  const OpScope scope("ImageFolder", site);
  check_options(options_);
  std::vector<std::string> names = looked_at(folder, classes_in);
  if (names.empty())
    throw IoError(
        fmt::format("ImageFolder: {} has no folders; each class has its pictures in one", folder));
  classes_ = options_.classes.empty() ? names : options_.classes;
  for (const std::string& name : names) {
    const std::int64_t number = number_of(name, classes_, folder);
    const fs::path inner = fs::path(folder) / name;
    std::vector<std::string> paths = looked_at(inner, pictures_in);
    for (std::string& path : paths) files_.push_back({std::move(path), number});
    if (paths.empty())
      throw IoError(fmt::format("ImageFolder: {} has no files that end in .png, .jpg or .jpeg",
                                inner.string()));
  }
}

Batch ImageFolder::get(std::int64_t index) const {
  const File& file = at(index);
  Tensor image = read_image(file.path, {options_.mode, options_.max_pixels}, site_);
  if (options_.size) image = resize(image, *options_.size, site_);
  if (options_.transform) image = options_.transform(std::move(image));
  return {std::move(image), tensor(file.target)};
}

Tensor ImageFolder::targets() const {
  std::vector<std::int64_t> all;
  for (const File& file : files_) all.push_back(file.target);
  return tensor(all);
}

const std::string& ImageFolder::path(std::int64_t index) const { return at(index).path; }

const ImageFolder::File& ImageFolder::at(std::int64_t index) const {
  if (index < 0 || index >= size())
    throw ValueError(
        fmt::format("ImageFolder: index {} is out of range; it must be in [0, {})", index, size()),
        site_);
  return files_[static_cast<std::size_t>(index)];
}

}  // namespace xgrad::data

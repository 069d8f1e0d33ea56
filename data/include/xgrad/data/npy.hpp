// npy.hpp: datasets in NumPy's files.
#pragma once

#include <filesystem>
#include <string>

#include <xgrad/data/dataset.hpp>

namespace xgrad::data {

/// Arrays of `numpy.save`, whose first dims count the samples:
///
///     data::Npy set("x.npy", "y.npy");
///     data::DataLoader loader(set, {.batch_size = 64, .shuffle = true});
///
/// io/npy.hpp tells which dtypes are read.
class Npy : public TensorDataset {
 public:
  /// @throws IoError     as io::load_npy; if the files do not have the same number of samples.
  Npy(const std::filesystem::path& inputs, const std::filesystem::path& targets,
      Site site = {__builtin_FILE(), __builtin_LINE()});
};

/// Two arrays of one file of `numpy.savez`.
class Npz : public TensorDataset {
 public:
  /// @throws IoError     as io::load_npz; if the file lacks one of the arrays, or they do not have
  /// the
  ///                     same number of samples.
  explicit Npz(const std::filesystem::path& path, const std::string& inputs = "x",
               const std::string& targets = "y", Site site = {__builtin_FILE(), __builtin_LINE()});
};

}  // namespace xgrad::data

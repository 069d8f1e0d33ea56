// npy.hpp: NumPy's files: .npy for one array, .npz for several.
#pragma once

#include <filesystem>

#include <xgrad/graph/state_dict.hpp>

namespace xgrad::io {

/// Reads an array that `numpy.save` has written, of format version 1, 2 or 3, in C or Fortran
/// order, of either byte order.
///
/// bool, int64, float32 and float64 keep their dtype. float16 becomes float32, and smaller integers
/// become int64. Others are refused by name: uint64, complex, long double, text, dates, structured
/// arrays, and arrays of objects, which would run code.
/// @throws IoError  that names the file and what is wrong; nothing is allocated by what a header
///                  claims before the file is seen to have it.
Tensor load_npy(const std::filesystem::path& path,
                Site site = {__builtin_FILE(), __builtin_LINE()});

/// Writes an array that `numpy.load` reads: version 1.0, C order. All of it or nothing (see
/// OutputFile). @throws IoError  if the file cannot be written.
void save_npy(const std::filesystem::path& path, const Tensor& tensor,
              Site site = {__builtin_FILE(), __builtin_LINE()});

/// Reads the arrays of `numpy.savez` and `numpy.savez_compressed` under their names, in the order
/// of the file; zip64 as well.
/// @throws IoError  as load_npy; for a damaged archive, or a member that is no array.
StateDict load_npz(const std::filesystem::path& path,
                   Site site = {__builtin_FILE(), __builtin_LINE()});

struct NpzOptions {
  bool compress = false;  ///< deflate the arrays, as `numpy.savez_compressed` does
};

/// Writes an archive that `numpy.load` reads: each tensor under its name. Numbers and bools become
/// arrays without axes, and load as such.
/// @throws ValueError  for text, of which NumPy has arrays only, and for a name that starts with
/// '/'
///                     or has a null byte; IoError  if the file cannot be written.
void save_npz(const std::filesystem::path& path, const StateDict& state, NpzOptions options = {},
              Site site = {__builtin_FILE(), __builtin_LINE()});

}  // namespace xgrad::io

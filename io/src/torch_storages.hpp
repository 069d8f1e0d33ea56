// torch_storages.hpp: the tensors of a file of PyTorch's, whose elements are members of a zip.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "pickle.hpp"
#include "zip.hpp"

namespace xgrad::io::detail {

/// Reads each storage once, when a tensor needs it.
class TorchStorages {
 public:
  /// @param folder  the archive's top folder with a slash, "archive/".
  TorchStorages(const ZipArchive& archive, std::string folder);

  /// A tensor. Those that are a whole storage share its memory; others are copies.
  /// @throws IoError  if its elements are not within its storage.
  Tensor tensor(const PickleTensor& view, const Place& place);

 private:
  const Tensor& elements(const PickleTensor& view, const Place& place);
  void count_copy(std::uint64_t elements, const Place& place);

  const ZipArchive& archive_;
  const std::string folder_;
  bool swapped_ = false;
  std::map<std::pair<std::string, Stored>, Tensor> read_;  // by key and type; 1-d
  std::uint64_t copied_ = 0, stored_ = 0;                  // elements, of all tensors
};

}  // namespace xgrad::io::detail

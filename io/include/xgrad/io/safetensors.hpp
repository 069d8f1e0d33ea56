// safetensors.hpp: the safetensors format (https://github.com/huggingface/safetensors).
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <xgrad/graph/state_dict.hpp>

namespace xgrad::io {

/// What a file says about itself, such as {"format", "pt"}.
using Metadata = std::map<std::string, std::string>;

/// What a file has of tensors that share their memory, such as tied weights.
enum class SharedTensors {
  /// A copy under each name: `model.load_state_dict(load_file(path))` in Python finds all names.
  copied,
  /// One of them, and its name for the others in the metadata: {"head.weight": "embedding.weight"}.
  /// This is what Python's `save_model` writes and `load_model` expects.
  once
};

/// A safetensors file of which tensors are read one by one:
///
///     SafetensorsFile file("model.safetensors");
///     Tensor w = file.tensor("encoder.weight");  // reads no other tensor
///
/// F16, BF16, F8_E4M3 and F8_E5M2 become float32; I8, U8, I16, U16, I32 and U32 become int64.
/// Other dtypes (U64, complex, below 8 bits, unknown ones) are refused when such a tensor is read,
/// and names that a StateDict cannot have when the state is.
///
/// {"head.weight": "embedding.weight"} in the metadata, as Python's `save_model` writes it, is
/// another name of a tensor if both names end alike.
class SafetensorsFile {
 public:
  /// Reads and checks the header: its length; that it is JSON without duplicate names; that each
  /// tensor has the bytes that its shape and dtype take; that the tensors fill the file without
  /// gaps and overlaps.
  /// @throws IoError  that names the file and what is wrong.
  explicit SafetensorsFile(std::filesystem::path path,
                           Site site = {__builtin_FILE(), __builtin_LINE()});
  ~SafetensorsFile();
  SafetensorsFile(SafetensorsFile&&) noexcept;
  SafetensorsFile& operator=(SafetensorsFile&&) noexcept;

  /// The metadata, without those of `save_safetensors` for numbers and strings.
  const Metadata& metadata() const noexcept;
  /// The names of the tensors, in the order of the header; those that share another one's bytes are
  /// not among them, and are found as well.
  std::vector<std::string> names() const;
  bool contains(std::string_view name) const noexcept;
  /// The shape and dtype of a tensor in the file; the dtype as the format writes it, "BF16".
  /// @throws ValueError  if there is no tensor of that name.
  std::vector<std::int64_t> shape(std::string_view name,
                                  Site site = {__builtin_FILE(), __builtin_LINE()}) const;
  std::string dtype(std::string_view name, Site site = {__builtin_FILE(), __builtin_LINE()}) const;
  /// Reads one tensor. @throws ValueError  if there is none of that name; IoError  if it cannot be
  /// read.
  Tensor tensor(std::string_view name, Site site = {__builtin_FILE(), __builtin_LINE()}) const;
  /// Reads all tensors, and the numbers and strings that `save_safetensors` has written.
  StateDict state_dict(Site site = {__builtin_FILE(), __builtin_LINE()}) const;

 private:
  struct Header;
  std::unique_ptr<const Header> header_;
};

/// Reads a whole file, as SafetensorsFile does. Names that the metadata has for tensors written
/// once give the same tensor.
/// @throws IoError  that names the file and what is wrong; MemoryError if the tensors do not fit
///                  into memory.
StateDict load_safetensors(const std::filesystem::path& path,
                           Site site = {__builtin_FILE(), __builtin_LINE()});

/// Writes a file that Python's safetensors reads: all of it or, if anything fails, nothing (see
/// OutputFile).
///
///     save_safetensors("model.safetensors", model.state_dict(), {{"format", "pt"}});
///
/// Tensors keep their names, shapes and dtypes. Numbers and strings, which the format does not
/// have, become metadata "xgrad:NAME" with the value "TYPE POSITION TEXT", such as
/// {"xgrad:param_groups.0.lr": "double 4 0.1"}; POSITION is the entry's place in the StateDict.
/// Loaded here, the state has the same entries, in the same order, with the same bits.
///
/// @throws ValueError  if a name is "__metadata__", a key of the metadata starts with "xgrad:", or
///                     a text is not UTF-8; IoError  if the file cannot be written.
void save_safetensors(const std::filesystem::path& path, const StateDict& state,
                      const Metadata& metadata = {}, SharedTensors shared = SharedTensors::copied,
                      Site site = {__builtin_FILE(), __builtin_LINE()});

}  // namespace xgrad::io

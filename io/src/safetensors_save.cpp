#include <xgrad/io/safetensors.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/op_scope.hpp>
#include <xgrad/io/file.hpp>

#include "in_quotes.hpp"
#include "metadata_values.hpp"
#include "safetensors_header.hpp"

namespace xgrad::io {

namespace {

using detail::in_quotes;

struct Written {
  const std::string* name;
  Tensor tensor;
  std::uint64_t begin = 0;
};

// What a file consists of: tensors in the order of the state, and metadata.
struct Contents {
  std::vector<Written> tensors;
  Metadata metadata;
};

std::string json_text(const std::string& text) {
  try {
    return nlohmann::json(text).dump();
  } catch (const nlohmann::json::exception&) {
    throw ValueError(fmt::format("save_safetensors: {} is not UTF-8", in_quotes(text)));
  }
}

void check_metadata(const Metadata& metadata) {
  for (const auto& [key, value] : metadata)
    if (key.starts_with(detail::value_prefix))
      throw ValueError(
          fmt::format("save_safetensors: the key {} of the metadata starts with '{}', "
                      "which is for the state's numbers and strings",
                      in_quotes(key), detail::value_prefix));
}

// Finds tensors with the same elements in the same memory.
class SharedMemory {
 public:
  // The tensor's number, or that of the one whose memory it shares.
  std::size_t number_of(const Tensor& tensor, std::size_t number) {
    const void* const memory = tensor.node().storage.get();
    const auto [first, last] = seen_.equal_range(memory);
    for (auto at = first; at != last; ++at)
      if (const auto& [other, known] = at->second;
          other.shape() == tensor.shape() && other.dtype() == tensor.dtype())
        return known;
    if (tensor.numel() > 0) seen_.emplace(memory, std::pair(tensor, number));
    return number;
  }

 private:
  std::multimap<const void*, std::pair<Tensor, std::size_t>> seen_;
};

void add_shared(Contents& all, const std::string& name, const Written& kept, std::size_t position) {
  all.metadata.try_emplace(name, *kept.name);  // as Python's save_model has it
  all.metadata[std::string(detail::value_prefix) + name] =
      detail::shared_text(*kept.name, position);
}

void add_tensor(Contents& all, const StateDict::Entry& entry, std::size_t position,
                SharedMemory* memory) {
  const auto& tensor = std::get<Tensor>(entry.value);
  const std::size_t number = all.tensors.size();
  const std::size_t kept = memory != nullptr ? memory->number_of(tensor, number) : number;
  if (kept != number)
    add_shared(all, entry.name, all.tensors[kept], position);
  else
    all.tensors.push_back({&entry.name, tensor});
}

Contents contents_of(const StateDict& state, const Metadata& metadata, SharedTensors shared) {
  check_metadata(metadata);
  Contents all{{}, metadata};
  SharedMemory memory;
  std::size_t position = 0;
  for (const StateDict::Entry& entry : state) {
    if (std::holds_alternative<Tensor>(entry.value))
      add_tensor(all, entry, position, shared == SharedTensors::once ? &memory : nullptr);
    else
      all.metadata[std::string(detail::value_prefix) + entry.name] =
          detail::value_text(entry.value, position);
    ++position;
  }
  return all;
}

// Python's readers need each tensor at a multiple of its element size: large elements come first.
std::vector<Written*> in_file_order(Contents& all) {
  std::vector<Written*> ordered;
  for (Written& one : all.tensors) ordered.push_back(&one);
  std::stable_sort(ordered.begin(), ordered.end(), [](const Written* a, const Written* b) {
    return a->tensor.element_size() > b->tensor.element_size();
  });
  std::uint64_t at = 0;
  for (Written* one : ordered) {
    one->begin = at;
    at += static_cast<std::uint64_t>(one->tensor.nbytes());
  }
  return ordered;
}

std::string metadata_text(const Metadata& metadata) {
  std::string text = "\"__metadata__\":{";
  for (const auto& [key, value] : metadata)
    text += (text.back() == '{' ? "" : ",") + json_text(key) + ":" + json_text(value);
  return text + "}";
}

std::string header_text(const Contents& all) {
  std::string text = "{";
  if (!all.metadata.empty()) text += metadata_text(all.metadata);
  for (const auto& [name, tensor, begin] : all.tensors)
    text += fmt::format(R"({}{}:{{"dtype":"{}","shape":[{}],"data_offsets":[{},{}]}})",
                        text.size() > 1 ? "," : "", json_text(*name),
                        detail::safetensors_name(tensor.dtype()), fmt::join(tensor.shape(), ","),
                        begin, begin + static_cast<std::uint64_t>(tensor.nbytes()));
  text += "}";
  text.resize((text.size() + 7) / 8 * 8, ' ');  // the elements are aligned
  return text;
}

void check_names(const StateDict& state) {
  if (state.contains("__metadata__"))
    throw ValueError("save_safetensors: the name '__metadata__' is for the metadata");
}

void check_length(const std::string& header) {
  if (header.size() > detail::largest_safetensors_header)
    throw ValueError(fmt::format(
        "save_safetensors: the names, shapes and metadata take {} bytes; the format allows {}",
        header.size(), detail::largest_safetensors_header));
}

}  // namespace

void save_safetensors(const std::filesystem::path& path, const StateDict& state,
                      const Metadata& metadata, SharedTensors shared, Site site) {
  const OpScope scope("save_safetensors", site);
  check_names(state);
  Contents all = contents_of(state, metadata, shared);
  const std::vector<Written*> ordered = in_file_order(all);
  const std::string header = header_text(all);
  check_length(header);
  OutputFile file(path, site);
  const auto length = std::bit_cast<std::array<std::byte, 8>>(std::uint64_t{header.size()});
  file.write(length);
  file.write(header);
  for (const Written* one : ordered) file.write(detail::bytes_of(one->tensor));
  file.commit();
}

}  // namespace xgrad::io

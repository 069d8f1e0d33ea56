#include <xgrad/io/safetensors.hpp>

#include <utility>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/op_scope.hpp>

#include "in_quotes.hpp"
#include "metadata_values.hpp"
#include "safetensors_header.hpp"

namespace xgrad::io {

namespace {

using detail::in_quotes;
using detail::SafetensorsEntry;

std::string_view last_part(std::string_view name) { return name.substr(name.rfind('.') + 1); }

// Python's save_model writes {"head.weight": "embedding.weight"} for a tensor that is kept under
// another name, among whatever else the metadata have. Modules that share a tensor call it the
// same.
bool is_alias(const detail::SafetensorsHeader& header, const std::string& name,
              const std::string& kept) {
  return last_part(name) == last_part(kept) && header.positions.contains(kept) &&
         !header.positions.contains(name) && detail::is_state_name(name);
}

}  // namespace

struct SafetensorsFile::Header : detail::SafetensorsHeader {
  InputFile file;
  std::map<std::size_t, detail::MetadataValue> values;

  explicit Header(InputFile opened)
      : SafetensorsHeader(detail::read_safetensors_header(opened)),
        file(std::move(opened)),
        values(detail::take_values(metadata, file)) {}

  const SafetensorsEntry* find(std::string_view name) const noexcept;
  const SafetensorsEntry& need(std::string_view name, Site site) const;
  Tensor read(const SafetensorsEntry& entry) const;
};

const SafetensorsEntry* SafetensorsFile::Header::find(std::string_view name) const noexcept {
  if (const auto at = positions.find(name); at != positions.end()) return &entries[at->second];
  for (const auto& [position, value] : values)
    if (const auto* const kept = std::get_if<std::string>(&value.value);
        value.is_shared && value.name == name)
      if (const auto at = positions.find(*kept); at != positions.end()) return &entries[at->second];
  const auto alias = metadata.find(std::string(name));
  return alias != metadata.end() && is_alias(*this, alias->first, alias->second)
             ? &entries[positions.find(alias->second)->second]
             : nullptr;
}

const SafetensorsEntry& SafetensorsFile::Header::need(std::string_view name, Site site) const {
  if (const SafetensorsEntry* const entry = find(name)) return *entry;
  throw ValueError(fmt::format("{}: there is no tensor {}; the file has {} tensors",
                               file.path().c_str(), in_quotes(name), entries.size()),
                   site);
}

Tensor SafetensorsFile::Header::read(const SafetensorsEntry& entry) const {
  const detail::Place place{file, fmt::format("tensor {}", in_quotes(entry.name))};
  if (entry.dtype == nullptr)
    place.fail(fmt::format("unknown dtype {}; convert it to F32 or I64 before it is saved",
                           in_quotes(entry.dtype_name)));
  if (!entry.dtype->stored)
    place.fail(
        fmt::format("its dtype {} is not supported; convert it to F32 or I64 before it is saved",
                    entry.dtype->name));
  const Shape shape = detail::checked_shape(entry.shape, place);
  detail::FileSource source(file, data + entry.begin);
  return detail::read_elements(source, *entry.dtype->stored, false, shape, place);
}

SafetensorsFile::SafetensorsFile(std::filesystem::path path, Site site) {
  const OpScope scope("SafetensorsFile", site);
  header_ = std::make_unique<Header>(InputFile(std::move(path), site));
}
SafetensorsFile::~SafetensorsFile() = default;
SafetensorsFile::SafetensorsFile(SafetensorsFile&&) noexcept = default;
SafetensorsFile& SafetensorsFile::operator=(SafetensorsFile&&) noexcept = default;

const Metadata& SafetensorsFile::metadata() const noexcept { return header_->metadata; }

std::vector<std::string> SafetensorsFile::names() const {
  std::vector<std::string> all;
  for (const SafetensorsEntry& entry : header_->entries) all.push_back(entry.name);
  return all;
}

bool SafetensorsFile::contains(std::string_view name) const noexcept {
  return header_->find(name) != nullptr;
}

std::vector<std::int64_t> SafetensorsFile::shape(std::string_view name, Site site) const {
  const auto& sizes = header_->need(name, site).shape;
  return {sizes.begin(), sizes.end()};
}

std::string SafetensorsFile::dtype(std::string_view name, Site site) const {
  return header_->need(name, site).dtype_name;
}

Tensor SafetensorsFile::tensor(std::string_view name, Site site) const {
  const OpScope scope("SafetensorsFile::tensor", site);
  return header_->read(header_->need(name, site));
}

namespace {

using Tensors = std::map<std::string, Tensor, std::less<>>;

// A state in the making: values go to the positions that they had, tensors to the others.
class Assembly {
 public:
  Assembly(const std::map<std::size_t, detail::MetadataValue>& values, const Tensors& tensors,
           const InputFile& file)
      : next_(values.begin()), end_(values.end()), tensors_(tensors), file_(file) {}

  void set_tensor(const std::string& name, const std::string& kept) {
    while (next_ != end_ && next_->first <= state_.size()) set_value((next_++)->second);
    state_.set(name, tensors_.at(kept));
  }
  void set_remaining_values() {
    while (next_ != end_) set_value((next_++)->second);
  }
  bool has(const std::string& name) const { return state_.contains(name); }
  StateDict take() { return std::move(state_); }

 private:
  void set_value(const detail::MetadataValue& value) {
    if (tensors_.contains(value.name) || state_.contains(value.name))
      file_.fail(fmt::format("{} is both a tensor and a value", in_quotes(value.name)));
    state_.set(value.name, value.is_shared ? shared(value) : value.value);
  }
  StateDict::Value shared(const detail::MetadataValue& value) const {
    const auto& kept = std::get<std::string>(value.value);
    if (const auto at = tensors_.find(kept); at != tensors_.end()) return at->second;
    file_.fail(fmt::format("{} shares {}, which the file does not have", in_quotes(value.name),
                           in_quotes(kept)));
  }

  std::map<std::size_t, detail::MetadataValue>::const_iterator next_, end_;
  const Tensors& tensors_;
  const InputFile& file_;
  StateDict state_;
};

}  // namespace

namespace {

void check_name(const SafetensorsEntry& entry, const InputFile& file) {
  if (!detail::is_state_name(entry.name))
    file.fail(
        fmt::format("tensor {}: a name in a state must consist of non-empty parts separated by "
                    "dots; SafetensorsFile reads the tensors one by one",
                    in_quotes(entry.name)));
}

}  // namespace

StateDict SafetensorsFile::state_dict(Site site) const {
  const OpScope scope("SafetensorsFile::state_dict", site);
  Tensors tensors;
  for (const SafetensorsEntry& entry : header_->entries) check_name(entry, header_->file);
  for (const SafetensorsEntry& entry : header_->entries) tensors[entry.name] = header_->read(entry);
  Assembly state(header_->values, tensors, header_->file);
  for (const SafetensorsEntry& entry : header_->entries) state.set_tensor(entry.name, entry.name);
  state.set_remaining_values();
  for (const auto& [name, kept] : header_->metadata)
    if (is_alias(*header_, name, kept) && !state.has(name)) state.set_tensor(name, kept);
  return state.take();
}

StateDict load_safetensors(const std::filesystem::path& path, Site site) {
  const OpScope scope("load_safetensors", site);
  return SafetensorsFile(path, site).state_dict(site);
}

}  // namespace xgrad::io

#include <xgrad/io/torch.hpp>

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/op_scope.hpp>

#include "in_quotes.hpp"
#include "pickle.hpp"
#include "pickle_calls.hpp"
#include "pickle_opaque.hpp"
#include "torch_storages.hpp"

namespace xgrad::io {

namespace {

using namespace detail;

// Values within each other become entries with dots in their names.
class Flattening {
 public:
  Flattening(TorchStorages& storages, const InputFile& file) : storages_(storages), file_(file) {}

  StateDict run(const PickleValue& top) {
    if (std::holds_alternative<PickleTensor>(top))
      add("tensor", top, 0);
    else if (std::holds_alternative<PickleDict>(top) || std::holds_alternative<PickleSequence>(top))
      add("", top, 0);
    else
      refuse_top(top);
    if (state_.empty() && !left_out_.empty()) file_.fail(left_out_);
    return std::move(state_);
  }

 private:
  [[noreturn]] void refuse_top(const PickleValue& top) const {
    if (const auto* const unknown = std::get_if<PickleOpaque>(&top))
      file_.fail("holds " + why_not_read(*unknown));
    file_.fail(fmt::format("holds {}; it must be a tensor, or a dict of tensors and numbers",
                           detail::describe(top)));
  }

  // The first reason is the message if nothing else is in the file.
  void leave_out(std::string why) {
    if (left_out_.empty()) left_out_ = std::move(why);
  }
  void leave_out(const std::string& name, const PickleOpaque& value) {
    std::string why = fmt::format("{}: it holds {}", in_quotes(name), why_not_read(value));
    if (value.is_tensor) file_.fail(why);
    leave_out(std::move(why));
  }

  void add(const std::string& name, const PickleValue& value, int depth) {
    if (std::holds_alternative<PickleNone>(value)) return;
    if (const auto* const unknown = std::get_if<PickleOpaque>(&value))
      return leave_out(name, *unknown);
    if (const auto* const dict = std::get_if<PickleDict>(&value))
      return add_dict(name, *dict, depth);
    if (const auto* const list = std::get_if<PickleSequence>(&value))
      return add_list(name, *list, depth);
    set(name, leaf(name, value));
  }
  void add_dict(const std::string& name, const PickleDict& dict, int depth) {
    for (const auto& [key, value] : dict.items) {
      count_visit(depth);
      if (const std::optional<std::string> part = key_text(name, *key))
        add(below(name, *part), *value, depth + 1);
    }
  }
  void add_list(const std::string& name, const PickleSequence& list, int depth) {
    for (std::size_t i = 0; i < list.items.size(); ++i) {
      count_visit(depth);
      add(below(name, std::to_string(i)), *list.items[i], depth + 1);
    }
  }

  // None if names cannot have it, and the entry is left out.
  std::optional<std::string> key_text(const std::string& name, const PickleValue& key) {
    if (const auto* const number = std::get_if<std::int64_t>(&key)) return std::to_string(*number);
    const auto* const text = std::get_if<std::string>(&key);
    if (text != nullptr && is_state_name(*text)) return *text;
    leave_out(text != nullptr ? fmt::format("{} is no name of non-empty parts separated by dots",
                                            in_quotes(*text))
                              : fmt::format("{}: a key is {}; it must be a text or an integer",
                                            in_quotes(name), detail::describe(key)));
    return {};
  }
  // The same values can be in many places, or in themselves: all is counted.
  void count_visit(int depth) {
    constexpr int deepest = 64;
    constexpr std::size_t most_visits = 2'000'000;
    if (++visits_ > most_visits || depth >= deepest)
      file_.fail("has too many values within each other; save the state dict alone");
  }
  std::string below(const std::string& name, const std::string& part) const {
    constexpr std::size_t longest = 4096;
    if (name.size() + part.size() > longest)
      file_.fail(fmt::format("the name {} is too long", in_quotes(name + part)));
    return name.empty() ? part : name + "." + part;
  }

  StateDict::Value leaf(const std::string& name, const PickleValue& value) {
    const Place place{file_, in_quotes(name)};
    if (const auto* const view = std::get_if<PickleTensor>(&value))
      return storages_.tensor(*view, place);
    if (const auto* const number = std::get_if<double>(&value)) return *number;
    if (const auto* const number = std::get_if<std::int64_t>(&value)) return *number;
    if (const auto* const flag = std::get_if<bool>(&value)) return *flag;
    if (const auto* const text = std::get_if<std::string>(&value)) return *text;
    if (std::holds_alternative<PickleGlobal>(value)) return detail::describe(value);
    place.fail(fmt::format("{} is no tensor, number or text", detail::describe(value)));
  }
  void set(const std::string& name, StateDict::Value value) {
    constexpr std::size_t most_text = 64 << 20;
    if (state_.contains(name)) file_.fail(fmt::format("the name {} occurs twice", in_quotes(name)));
    const auto* const text = std::get_if<std::string>(&value);
    text_ += name.size() + (text == nullptr ? 0 : text->size());
    if (text_ > most_text) file_.fail("its names and texts take more than 64 MiB");
    state_.set(name, std::move(value));
  }

  TorchStorages& storages_;
  const InputFile& file_;
  StateDict state_;
  std::size_t visits_ = 0, text_ = 0;
  std::string left_out_;
};

// Files from before PyTorch 1.6 start with a pickled number, and older ones are tar archives.
bool is_legacy(const InputFile& file) {
  constexpr std::string_view magic = "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.";
  if (file.size() >= magic.size() && file.read_text(0, magic.size()) == magic) return true;
  return file.size() >= 262 && file.read_text(257, 5) == "ustar";
}

void check_is_zip(const InputFile& file) {
  if (is_legacy(file))
    file.fail(
        "was saved by PyTorch before 1.6, or without its zip format; in Python, "
        "torch.save(torch.load(path), path) saves it anew");
  if (!ZipArchive::starts(file))
    file.fail(
        "is no file of torch.save, which are zip archives; load_safetensors and load_npy "
        "read other formats");
}

bool has_suffix(const ZipEntry& entry, std::string_view suffix) {
  const std::string_view name = entry.name;
  return name.ends_with(suffix) &&
         (name.size() == suffix.size() || name[name.size() - suffix.size() - 1] == '/');
}

// The folder that all members are in, with its slash.
std::string find_folder(const ZipArchive& archive) {
  const auto& entries = archive.entries();
  const auto has = [&](std::string_view name) {
    return std::find_if(entries.begin(), entries.end(),
                        [&](const ZipEntry& one) { return has_suffix(one, name); });
  };
  if (has("constants.pkl") != entries.end())
    archive.file().fail(
        "is a TorchScript archive; in Python, "
        "torch.save(torch.jit.load(path).state_dict(), new_path)");
  const auto pickle = has("data.pkl");
  if (pickle == entries.end())
    archive.file().fail(
        "is a zip archive without data.pkl, so it is not from torch.save; load_npz "
        "reads .npz files");
  return pickle->name.substr(0, pickle->name.size() - std::string_view("data.pkl").size());
}

std::string read_pickle_bytes(const ZipArchive& archive, const std::string& folder) {
  const ZipEntry& entry = *archive.find(folder + "data.pkl");
  ZipMember member(archive.file(), entry);
  if (entry.size > largest_pickle)
    member.place().fail(
        fmt::format("it has {} bytes; state dicts have at most {}", entry.size, largest_pickle));
  std::string bytes = member.read_text();
  member.finish();
  return bytes;
}

}  // namespace

StateDict load_torch(const std::filesystem::path& path, Site site) {
  const OpScope scope("load_torch", site);
  const InputFile file(path, site);
  check_is_zip(file);
  const ZipArchive archive(file);
  const std::string folder = find_folder(archive);
  const std::string bytes = read_pickle_bytes(archive, folder);
  PickleArena arena;
  const PickleValue& top =
      read_pickle(bytes, arena, {file, "member " + in_quotes(folder + "data.pkl")});
  TorchStorages storages(archive, folder);
  return Flattening(storages, file).run(top);
}

}  // namespace xgrad::io

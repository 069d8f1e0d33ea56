#include <xgrad/io/npy.hpp>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/op_scope.hpp>

#include "in_quotes.hpp"
#include "npy_array.hpp"
#include "npy_header.hpp"
#include "zip.hpp"
#include "zip_writer.hpp"

namespace xgrad::io {

namespace {

using detail::in_quotes;

constexpr std::string_view suffix = ".npy";

// A member "NAME.npy" as an entry NAME; folders are skipped.
void add_member(StateDict& state, const InputFile& file, const detail::ZipEntry& entry) {
  if (entry.name.ends_with('/') && entry.size == 0) return;
  detail::ZipMember member(file, entry);
  const detail::Place place = member.place();
  const std::string name = entry.name.substr(0, entry.name.size() - suffix.size());
  if (!entry.name.ends_with(suffix) || !detail::is_state_name(name))
    place.fail("the name must be non-empty parts separated by dots, and end with .npy");
  const Tensor array = detail::read_npy(member, entry.size, place);
  member.finish();
  state.set(name, array);
}

Tensor as_array(const StateDict::Entry& entry) {
  return std::visit(
      [&]<class T>(const T& x) -> Tensor {
        if constexpr (std::is_same_v<T, Tensor>)
          return x;
        else if constexpr (std::is_same_v<T, std::string>)
          throw ValueError(fmt::format(
              "save_npz: {} is a text, and NumPy has arrays only; save_safetensors keeps texts",
              in_quotes(entry.name)));
        else
          return tensor(x, {.dtype = dtype_of<T>});
      },
      entry.value);
}

// Python reads a name up to a null byte, and numpy.savez asks for names without a slash in front.
void check_name(const std::string& name) {
  if (name.starts_with('/') || name.find('\0') != std::string::npos)
    throw ValueError(fmt::format(
        "save_npz: the name {} must not start with '/' or have a null byte", in_quotes(name)));
}

}  // namespace

Tensor load_npy(const std::filesystem::path& path, Site site) {
  const OpScope scope("load_npy", site);
  const InputFile file(path, site);
  if (detail::ZipArchive::starts(file)) file.fail("is a zip archive; load_npz reads .npz files");
  detail::FileSource source(file, 0);
  return detail::read_npy(source, file.size(), {file, "the array"});
}

void save_npy(const std::filesystem::path& path, const Tensor& tensor, Site site) {
  const OpScope scope("save_npy", site);
  const std::string header = detail::npy_header(tensor);
  OutputFile file(path, site);
  file.write(header);
  file.write(detail::bytes_of(tensor));
  file.commit();
}

StateDict load_npz(const std::filesystem::path& path, Site site) {
  const OpScope scope("load_npz", site);
  const InputFile file(path, site);
  if (!detail::ZipArchive::starts(file))
    file.fail("is no zip archive, which .npz files are; load_npy reads .npy files");
  const detail::ZipArchive archive(file);
  StateDict state;
  for (const detail::ZipEntry& entry : archive.entries()) add_member(state, file, entry);
  return state;
}

void save_npz(const std::filesystem::path& path, const StateDict& state, NpzOptions options,
              Site site) {
  const OpScope scope("save_npz", site);
  StateDict arrays;
  for (const StateDict::Entry& entry : state) {
    check_name(entry.name);
    arrays.set(entry.name, as_array(entry));
  }
  OutputFile file(path, site);
  detail::ZipWriter archive(file);
  for (const auto& [name, value] : arrays) {
    const auto& array = std::get<Tensor>(value);
    archive.add(name + std::string(suffix), detail::npy_header(array), detail::bytes_of(array),
                options.compress);
  }
  archive.finish();
  file.commit();
}

}  // namespace xgrad::io

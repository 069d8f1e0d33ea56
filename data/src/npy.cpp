#include <xgrad/data/npy.hpp>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/format.hpp>
#include <xgrad/graph/op_scope.hpp>
#include <xgrad/io/npy.hpp>

namespace xgrad::data {
namespace {

Batch checked(const char* op, Batch all, const std::string& inputs, const std::string& targets,
              Site site) {
  if (all.inputs.dim() == 0 || all.targets.dim() == 0 || all.inputs.size(0) != all.targets.size(0))
    throw IoError(fmt::format("{}: {} has shape {} and {} has shape {}; both must have the same "
                              "size along their first dim",
                              op, inputs, all.inputs.shape(), targets, all.targets.shape()),
                  site);
  return all;
}

Batch from_files(const std::filesystem::path& inputs, const std::filesystem::path& targets,
                 Site site) {
  const OpScope scope("Npy", site);
  return checked("Npy", {io::load_npy(inputs), io::load_npy(targets)}, inputs.string(),
                 targets.string(), site);
}

Tensor member(const StateDict& arrays, const std::string& name, const std::filesystem::path& path,
              Site site) {
  if (arrays.contains(name)) return arrays.get<Tensor>(name);
  std::string names;
  for (const StateDict::Entry& entry : arrays)
    names += fmt::format("{}'{}'", names.empty() ? "" : ", ", entry.name);
  throw IoError(fmt::format("Npz: {} has no array '{}'; it has {}", path.string(), name,
                            names.empty() ? "none" : names),
                site);
}

Batch from_archive(const std::filesystem::path& path, const std::string& inputs,
                   const std::string& targets, Site site) {
  const OpScope scope("Npz", site);
  const StateDict arrays = io::load_npz(path);
  const auto named = [&](const std::string& name) {
    return fmt::format("'{}' of {}", name, path.string());
  };
  return checked("Npz", {member(arrays, inputs, path, site), member(arrays, targets, path, site)},
                 named(inputs), named(targets), site);
}

}  // namespace

Npy::Npy(const std::filesystem::path& inputs, const std::filesystem::path& targets, Site site)
    : TensorDataset(from_files(inputs, targets, site), site) {}

Npz::Npz(const std::filesystem::path& path, const std::string& inputs, const std::string& targets,
         Site site)
    : TensorDataset(from_archive(path, inputs, targets, site), site) {}

}  // namespace xgrad::data

// module_case.hpp: what the cases of modules.json have in common.
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include <xgrad/xgrad.hpp>

#include "io/folder.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/reference.hpp"

namespace xgrad::test {

inline bool is_listed(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// A case's options; one that is not among the known ones would be dropped without a word.
inline Json options_of(const Json& c, const std::vector<std::string>& known) {
  for (const auto& [name, value] : c.at("kwargs").items())
    if (!is_listed(known, name))
      FAIL(c.at("module").get<std::string>() << "'s option '" << name << "' is not passed on");
  return c.at("kwargs");
}

inline StateDict state_from(const Json& c) {
  StateDict state;
  for (const auto& [name, value] : c.at("state_dict").items()) state.set(name, tensor_from(value));
  return state;
}

// Loads the state of a case into one module and takes it by a file to another, which is compared.
// @param file  "safetensors" or "checkpoint".
inline void load_by_file(nn::Module& first, nn::Module& second, const Json& c,
                         const std::string& file) {
  static const IoFolder folder;
  const std::filesystem::path path = folder / "module.safetensors";
  first.load_state_dict(state_from(c));
  if (file == "checkpoint") {
    io::save_checkpoint(path, {.model = first});
    io::load_checkpoint(path, {.model = second});
  } else {
    io::save_safetensors(path, first.state_dict());
    second.load_state_dict(io::load_safetensors(path));
  }
}

inline void check_named(const std::vector<NamedTensor>& ours, const Json& expected,
                        const std::function<Tensor(const Tensor&)>& of) {
  for (const NamedTensor& x : ours) {
    INFO(x.name);
    CHECK(all_close(of(x.tensor), tensor_from(expected.at(x.name)), 1e-11, 1e-9));
  }
}

}  // namespace xgrad::test

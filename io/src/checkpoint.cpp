#include <xgrad/io/checkpoint.hpp>

#include <array>
#include <stdexcept>
#include <vector>

#include <zlib.h>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/op_scope.hpp>
#include <xgrad/io/safetensors.hpp>

#include "checkpoint_mark.hpp"
#include "elements.hpp"
#include "in_quotes.hpp"
#include "metadata_values.hpp"

namespace xgrad::io {

namespace {

struct Part {
  const char* name;
  const StatefulRef& object;
};

// The model is the last to be loaded.
std::array<Part, 5> parts_of(const Checkpoint& checkpoint) {
  return {{{"optimizer", checkpoint.optimizer},
           {"scheduler", checkpoint.scheduler},
           {"generator", checkpoint.generator},
           {"loader", checkpoint.loader},
           {"model", checkpoint.model}}};
}

std::uint32_t add_to_checksum(std::uint32_t sum, std::span<const std::byte> bytes) {
  return static_cast<std::uint32_t>(
      ::crc32_z(sum, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

// Of all names and values, in order.
std::uint32_t checksum(const StateDict& state) {
  std::uint32_t sum = 0;
  const auto add_text = [&](const std::string& text) {
    sum = add_to_checksum(sum, std::as_bytes(std::span(text)));
  };
  for (const auto& [name, value] : state) {
    add_text(name);
    if (const auto* const tensor = std::get_if<Tensor>(&value))
      sum = add_to_checksum(sum, detail::bytes_of(*tensor));
    else
      add_text(detail::value_text(value, 0));
  }
  return sum;
}

// A checkpoint that has been read, and checked to be one.
struct Content {
  StateDict state;
  std::string parts;
  std::int64_t time = 0;

  bool has(std::string_view part) const {
    return (" " + parts + " ").find(fmt::format(" {} ", part)) != std::string::npos;
  }
};

Content read(const std::filesystem::path& path, Site site) {
  const InputFile file(path, site);
  const SafetensorsFile content(path, site);
  const auto mark = detail::find_mark(content.metadata());
  if (!mark)
    file.fail(
        fmt::format("is not a checkpoint: its metadata have no '{}'; load_safetensors reads "
                    "it",
                    detail::mark_key));
  Content read{content.state_dict(site), mark->parts, mark->time};
  if (checksum(read.state) != mark->checksum)
    file.fail("is damaged: its checksum is wrong; load another checkpoint");
  return read;
}

void check_parts(const Checkpoint& wanted, const Content& content, const InputFile& file) {
  for (const auto& [name, object] : parts_of(wanted))
    if (object && !content.has(name))
      file.fail(fmt::format("has no {}; it was saved with: {}", name, content.parts));
}

// Loads parts, and undoes it unless all are.
class Loading {
 public:
  explicit Loading(const InputFile& file) : file_(file) {}
  ~Loading() {
    if (!complete_) undo();
  }
  Loading(const Loading&) = delete;
  Loading& operator=(const Loading&) = delete;

  void load(const Part& part, const StateDict& state) {
    before_.push_back({part.object, part.object.state_dict()});
    try {
      const xgrad::detail::OpScopeGuard no_scope;  // its message starts with load_state_dict
      part.object.load_state_dict(state);
    } catch (const std::invalid_argument& error) {
      before_.pop_back();  // it is as it was
      const std::string_view message = error.what();
      file_.fail(fmt::format("its {} does not fit: {}", part.name,
                             message.substr(0, message.rfind(" (at "))));
    }
  }
  void complete() noexcept { complete_ = true; }

 private:
  void undo() noexcept {
    while (!before_.empty()) {
      try {
        before_.back().object.load_state_dict(before_.back().state);
      } catch (...) {  // without memory, the others still get theirs
      }
      before_.pop_back();
    }
  }

  struct Before {
    StatefulRef object;
    StateDict state;
  };
  const InputFile& file_;
  std::vector<Before> before_;
  bool complete_ = false;
};

}  // namespace

void save_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint, Site site) {
  const OpScope scope("save_checkpoint", site);
  StateDict all;
  std::string names;
  for (const auto& [name, object] : parts_of(checkpoint)) {
    if (!object) continue;
    all.set_below(name, object.state_dict());
    names += fmt::format("{}{}", names.empty() ? "" : " ", name);
  }
  all.set_below("extra", checkpoint.extra);
  save_safetensors(path, all, detail::mark({names, checksum(all), detail::time_of_saving()}),
                   SharedTensors::once, site);
}

StateDict load_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint,
                          Site site) {
  const OpScope scope("load_checkpoint", site);
  const InputFile file(path, site);
  const Content content = read(path, site);
  check_parts(checkpoint, content, file);
  StateDict extra = content.state.below("extra");
  Loading loading(file);
  for (const Part& part : parts_of(checkpoint))
    if (part.object) loading.load(part, content.state.below(part.name));
  loading.complete();
  detail::see_time_of_saving(content.time);
  return extra;
}

}  // namespace xgrad::io

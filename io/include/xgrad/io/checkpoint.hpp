// checkpoint.hpp: training that goes on with the same bits after it was stopped or killed.
#pragma once

#include <concepts>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include <xgrad/graph/state_dict.hpp>

namespace xgrad::io {

/// What gives and takes a StateDict: models, optimizers, schedules, generators, data loaders.
template <class T>
concept Stateful = requires(T& object, const StateDict& state) {
  { std::as_const(object).state_dict() } -> std::same_as<StateDict>;
  object.load_state_dict(state);
}
&&!std::is_const_v<T>;

/// A reference to something with a state, whatever its type; or to nothing.
class StatefulRef {
 public:
  StatefulRef() = default;
  /// Not of another reference, which is copied.
  template <class T>
  requires(!std::same_as<T, StatefulRef> && Stateful<T>) StatefulRef(T& object)
      : object_(&object),
        save_([](const void* x) { return static_cast<const T*>(x)->state_dict(); }),
        load_([](void* x, const StateDict& state) {
          static_cast<void>(static_cast<T*>(x)->load_state_dict(state));
        }) {}

  explicit operator bool() const noexcept { return object_ != nullptr; }
  StateDict state_dict() const { return save_(object_); }
  void load_state_dict(const StateDict& state) const { load_(object_, state); }

 private:
  void* object_ = nullptr;
  StateDict (*save_)(const void*) = nullptr;
  void (*load_)(void*, const StateDict&) = nullptr;
};

/// What a checkpoint consists of; all of it is optional. Everything that training changes belongs
/// in: the generator, for dropout, is `default_generator()` unless the model uses another one.
struct Checkpoint {
  StatefulRef model = {};
  StatefulRef optimizer = {};
  StatefulRef scheduler = {};
  StatefulRef generator = {};
  StatefulRef loader = {};
  StateDict extra = {};  ///< of the user: numbers, texts, tensors
};

/// Writes a checkpoint: one safetensors file, with the state of the model under "model.NAME", and
/// so on, and a checksum in the metadata. It takes the place of the file that was there when it is
/// complete and on disk (see OutputFile), so a process that is killed leaves the old one or the new
/// one.
///
///     save_checkpoint("run/step-100.safetensors",
///                     {.model = model, .optimizer = optimizer, .generator = default_generator(),
///                      .loader = loader, .extra = {{"best", 0.97}}});
///
/// Saved in the loop over a DataLoader, after the optimizer's step, it resumes with the next batch.
/// @throws IoError  if the file cannot be written.
void save_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint,
                     Site site = {__builtin_FILE(), __builtin_LINE()});

/// Loads a checkpoint into the parts that are given, and returns the extra entries. Training that
/// goes on takes the same steps, bit for bit, as if it had not been interrupted. Parts of the file
/// that are not given are left alone: `load_checkpoint(path, {.model = model})`.
///
/// All parts are loaded, or none: if one does not fit, those before it get their states back. The
/// model is loaded last; the `load_state_dict` of each part must change all or nothing, and
/// replace tensors that `state_dict` has given, as those of the library do.
/// @throws IoError  that names the file: if it is truncated, damaged, not a checkpoint, or lacks a
///                  part; if a part does not fit, with what its load_state_dict says.
StateDict load_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint,
                          Site site = {__builtin_FILE(), __builtin_LINE()});

/// The checkpoint that was saved last, of those whose names match a shell pattern, or of all in a
/// folder; none if there is none. Only the name of the file can have wildcards.
///
///     if (const auto last = last_checkpoint("run/step-*.safetensors"))
///       load_checkpoint(*last, {.model = model});
///
/// Each checkpoint says when it was saved, so copies have the order of the originals. Files of
/// older versions do not; they come first, by their times of modification. Files that are no
/// checkpoints are passed over.
/// @throws IoError  if the folder cannot be read; a missing one is empty. ValueError  for wildcards
///                  in a folder.
std::optional<std::filesystem::path> last_checkpoint(const std::filesystem::path& pattern,
                                                     Site site = {__builtin_FILE(),
                                                                  __builtin_LINE()});

/// Removes all but the `count` checkpoints that were saved last, of those that `last_checkpoint`
/// takes: `keep_last("run/step-*.safetensors", 3)`. Files that are no checkpoints stay.
/// @return how many were removed.
/// @throws ValueError  if count is 0, or for wildcards in a folder; IoError  if the folder or a
/// file cannot be read or removed.
std::size_t keep_last(const std::filesystem::path& pattern, std::size_t count,
                      Site site = {__builtin_FILE(), __builtin_LINE()});

}  // namespace xgrad::io

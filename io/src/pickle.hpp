// pickle.hpp: what PyTorch pickles into a file: plain values, and views of storages.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "elements.hpp"

namespace xgrad::io::detail {

struct PickleValue;
using PickleList = std::vector<const PickleValue*>;

struct PickleNone {};
/// The list and the tuple of Python, and torch.Size.
struct PickleSequence {
  PickleList items;
  bool is_tuple = false;
};
struct PickleDict {
  std::vector<std::pair<const PickleValue*, const PickleValue*>> items;
};
/// A name of Python's that the list of globals has; a number in that list.
struct PickleGlobal {
  std::size_t number;
};
/// The elements of tensors: a member of the archive, "data/KEY".
struct PickleStorage {
  std::string key;
  Stored type = Stored::float32;
  bool is_untyped = false;  // then `count` is in bytes, and each tensor names its type
  std::uint64_t count = 0;
};
/// A tensor: elements of a storage.
struct PickleTensor {
  const PickleStorage* storage = nullptr;
  Stored type = Stored::float32;
  std::uint64_t offset = 0;
  std::vector<std::uint64_t> sizes, strides;
};
/// A name that is not in the list of globals, or what its calls would give. It is never executed.
struct PickleOpaque {
  std::shared_ptr<const std::string> name;  // "mymodule.Net"
  bool is_tensor = false;                   // whether it stands for a tensor, or for a storage
};

struct PickleValue
    : std::variant<PickleNone, bool, std::int64_t, double, std::string, PickleSequence, PickleDict,
                   PickleGlobal, PickleStorage, PickleTensor, PickleOpaque> {
  using variant::variant;
};

/// The values of a pickle. They refer to each other, maybe in circles, and go all at once.
using PickleArena = std::deque<PickleValue>;

/// The largest pickle, and the most values in one, that are read.
constexpr std::uint64_t largest_pickle = std::uint64_t{64} << 20;
constexpr std::size_t most_pickle_values = 4'000'000;

/// Runs a pickle of protocol 2 on the opcodes that PyTorch's weights-only reader allows. Nothing of
/// it is executed; names that are not known, and their calls, are opaque values.
/// @throws IoError  if it is wrong.
const PickleValue& read_pickle(std::string_view bytes, PickleArena& arena, const Place& place);

}  // namespace xgrad::io::detail

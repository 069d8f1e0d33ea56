// pickle_calls.hpp: the names of Python's that a pickle may have, and what their calls give.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "pickle.hpp"

namespace xgrad::io::detail {

/// The number of a name, as "torch._utils _rebuild_tensor_v2"; none if it is not allowed.
std::optional<std::size_t> find_global(std::string_view name) noexcept;

/// The value of a call: a dict for OrderedDict(), a tensor for _rebuild_tensor_v2(...). It is
/// opaque if an argument is.
/// @throws IoError  if the arguments are not those that PyTorch writes.
PickleValue call_global(PickleGlobal global, const PickleList& arguments, const Place& place);

/// The storage of a persistent id: ("storage", torch.FloatStorage, "0", "cpu", 12); opaque if the
/// type is.
PickleValue storage_of(const PickleValue& id, const Place& place);

/// What a value is, for messages: "a dict", "torch._utils._rebuild_tensor_v2".
std::string describe(const PickleValue& value);

}  // namespace xgrad::io::detail

// pickle_opaque.hpp: values of a pickle that are not read.
#pragma once

#include <string>
#include <string_view>

#include "pickle.hpp"

namespace xgrad::io::detail {

/// What an integer of more than 64 bits is called.
constexpr std::string_view large_integer = "int of more than 64 bits";

/// A name, as "mymodule Net", that is not in the list of globals.
PickleOpaque opaque(std::string_view name);
/// What a call of it gives: a tensor, if it takes a storage or if PyTorch makes tensors by it.
PickleOpaque call_opaque(const PickleOpaque& function, const PickleList& arguments);

/// Why it is not read, and what to do: "'torch.complex64', which is not read: ...".
std::string why_not_read(const PickleOpaque& value);

}  // namespace xgrad::io::detail

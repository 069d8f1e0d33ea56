// peer.hpp: the peer's module.
#pragma once

#include <memory>

#include "work.hpp"

namespace bench {

/// Loads the module that was built with the peer, whose libraries are loaded with it.
/// @throws std::runtime_error  if there is none.
std::unique_ptr<Peer> load_peer();

}  // namespace bench

#include "peer.hpp"

#include <stdexcept>

#include <dlfcn.h>

namespace bench {

std::unique_ptr<Peer> load_peer() {
  const std::string path = XGRAD_BENCH_PEER;
  if (path.empty())
    throw std::runtime_error("libtorch was not there when this was built: install libtorch-dev");
  void* const module = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (module == nullptr) throw std::runtime_error(dlerror());
  const auto load = reinterpret_cast<LoadPeer>(dlsym(module, "xgrad_bench_load_peer"));
  if (load == nullptr) throw std::runtime_error(dlerror());
  auto peer = std::make_unique<Peer>();
  load(peer.get());
  return peer;
}

}  // namespace bench

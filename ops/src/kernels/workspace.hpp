// workspace.hpp: memory that a kernel needs while it runs, from the cache of values.
#pragma once

#include <algorithm>
#include <cstdint>

#include <xgrad/graph/memory.hpp>
#include <xgrad/graph/saturated.hpp>

namespace xgrad::detail {

/// `count` elements, not filled, for as long as it lives. Large ones cost nothing to have again,
/// where a std::vector would get pages of zeros from the system each time.
template <class T>
class Workspace {
 public:
  explicit Workspace(std::int64_t count)
      : block_(count == 0 ? Block{nullptr, 0}
                          : allocate_block(static_cast<std::size_t>(
                                saturated_product(count, static_cast<std::int64_t>(sizeof(T)))))) {}
  ~Workspace() {
    if (block_.memory != nullptr) free_block(block_.memory, block_.size_class);
  }
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  T* data() const noexcept { return static_cast<T*>(block_.memory); }

 private:
  Block block_;
};

}  // namespace xgrad::detail

// storage.hpp: the memory of values, counted, with the version that in-place changes raise.
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

#include <xgrad/graph/dtype.hpp>
#include <xgrad/graph/shape.hpp>
#include <xgrad/graph/op_scope.hpp>

namespace xgrad::detail {

/// Header of a block; the elements begin 64 bytes behind it, aligned to 64 and padded to 64.
struct Storage {
  std::atomic<std::uint32_t> references{1};
  std::atomic<std::uint32_t> version{0};
  std::uint32_t size_class = 0;
  Site changed;  // where the version was last raised

  static constexpr std::size_t header = 64;
  static Storage* make(std::size_t bytes);
  void* data() noexcept { return reinterpret_cast<char*>(this) + header; }
  void changed_at(Site site) noexcept {
    changed = site_or(site);
    version.fetch_add(1, std::memory_order_release);
  }
};
static_assert(sizeof(Storage) <= Storage::header);

void destroy(Storage* storage) noexcept;

/// Shares ownership of a Storage.
class StorageRef {
 public:
  StorageRef() = default;
  explicit StorageRef(Storage* adopted) noexcept : storage_(adopted) {}
  static StorageRef share(Storage* storage) noexcept {
    storage->references.fetch_add(1, std::memory_order_relaxed);
    return StorageRef(storage);
  }
  StorageRef(const StorageRef& other) noexcept : storage_(other.storage_) {
    if (storage_ != nullptr) storage_->references.fetch_add(1, std::memory_order_relaxed);
  }
  StorageRef(StorageRef&& other) noexcept : storage_(std::exchange(other.storage_, nullptr)) {}
  StorageRef& operator=(StorageRef other) noexcept {
    std::swap(storage_, other.storage_);
    return *this;
  }
  ~StorageRef() { reset(); }

  void reset() noexcept {
    Storage* const old = std::exchange(storage_, nullptr);
    if (old == nullptr) return;
    if (old->references.load(std::memory_order_acquire) == 1 ||
        old->references.fetch_sub(1, std::memory_order_acq_rel) == 1)
      destroy(old);
  }
  bool unique() const noexcept { return storage_->references.load(std::memory_order_acquire) == 1; }
  Storage* release() noexcept { return std::exchange(storage_, nullptr); }
  explicit operator bool() const noexcept { return storage_ != nullptr; }
  Storage* operator->() const noexcept { return storage_; }
  Storage* get() const noexcept { return storage_; }

 private:
  Storage* storage_ = nullptr;
};

/// A value without a history: what a kernel makes and `record` puts into the graph.
struct Value {
  StorageRef storage;
  Shape shape;
  DType dtype = float32;

  /// Memory for a value, not filled.
  /// @throws ShapeError   for a size below 0, or bytes that 64 bits do not count (an empty axis
  ///                      counts as 1, so that strides fit, too).
  /// @throws MemoryError  if the memory cannot be had. Both begin with the op's name, if given.
  static Value empty(Shape shape, DType dtype, const char* op = nullptr, Site site = {});
  template <class T>
  T* data() const noexcept {
    return static_cast<T*>(storage->data());
  }
};

/// What `Value::empty` checks, for a result that does not come from there. @throws ShapeError.
void check_size(const char* op, const Shape& shape, DType dtype, Site site = {});

}  // namespace xgrad::detail

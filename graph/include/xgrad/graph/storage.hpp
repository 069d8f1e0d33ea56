// storage.hpp: the reference-counted memory of values, with a version that in-place changes
// increment.
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

#include <xgrad/graph/dtype.hpp>
#include <xgrad/graph/op_scope.hpp>
#include <xgrad/graph/shape.hpp>

namespace xgrad::detail {

/// The header of a block of memory. The elements start 64 bytes after it; they are aligned and
/// padded to 64 bytes. Or the elements are in the user's memory (from_blob.hpp), aligned to their
/// size and not padded.
struct Storage {
  std::atomic<std::uint32_t> references{1};
  std::atomic<std::uint32_t> version{0};
  std::uint32_t size_class = 0;
  Site changed;                                  // where the version was last incremented
  void* elements;                                // after the header, or in the user's memory
  void (*release)(Storage&) noexcept = nullptr;  // returns the user's memory

  static constexpr std::size_t header = 64;
  /// A bit of `references` that is set for the user's memory. It is therefore never `unique`, and
  /// no op writes its result there.
  static constexpr std::uint32_t borrowed = std::uint32_t{1} << 31;

  static Storage* make(std::size_t bytes);
  explicit Storage(void* memory) noexcept : elements(memory) {}
  void* data() noexcept { return elements; }
  /// Whether the last lane of the elements can be loaded as a whole.
  bool is_padded() const noexcept {
    return (references.load(std::memory_order_relaxed) & borrowed) == 0;
  }
  void changed_at(Site site) noexcept {
    changed = site_or(site);
    version.fetch_add(1, std::memory_order_release);
  }
};
static_assert(sizeof(Storage) <= Storage::header);

void destroy(Storage* storage) noexcept;

/// A counted reference to a Storage.
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
        (old->references.fetch_sub(1, std::memory_order_acq_rel) & ~Storage::borrowed) == 1)
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

/// A value without history: the result of a kernel, which `record` adds to the graph.
struct Value {
  StorageRef storage;
  Shape shape;
  DType dtype = float32;

  /// Allocates memory for a value without initializing it.
  /// @param op  the name that messages start with, if any.
  /// @throws ShapeError   if a size is negative or the elements take more than 2^63 - 1 bytes. For
  ///                      this check an empty axis counts as size 1, so that strides fit as well.
  /// @throws MemoryError  if allocation fails.
  static Value empty(Shape shape, DType dtype, const char* op = nullptr, Site site = {});
  template <class T>
  T* data() const noexcept {
    return static_cast<T*>(storage->data());
  }
};

/// The check of `Value::empty`, for results that are allocated elsewhere. @throws ShapeError.
void check_size(const char* op, const Shape& shape, DType dtype, Site site = {});

}  // namespace xgrad::detail

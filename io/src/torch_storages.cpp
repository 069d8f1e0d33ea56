#include "torch_storages.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <xgrad/graph/storage.hpp>

#include "in_quotes.hpp"
#include "strided.hpp"

namespace xgrad::io::detail {
namespace {

// Whether the strides are those of a dense tensor in row-major order.
bool is_dense(const PickleTensor& view) {
  std::uint64_t expected = 1;
  for (std::size_t i = view.sizes.size(); i-- > 0;) {
    if (view.sizes[i] != 1 && view.strides[i] != expected) return false;
    expected *= view.sizes[i];
  }
  return true;
}

// The position behind the last element; none if it does not fit into 64 bits.
std::optional<std::uint64_t> end_of(const PickleTensor& view) {
  std::uint64_t last = view.offset;
  for (std::size_t i = 0; i < view.sizes.size(); ++i) {
    std::uint64_t steps = 0;
    if (__builtin_mul_overflow(view.sizes[i] - 1, view.strides[i], &steps) ||
        __builtin_add_overflow(last, steps, &last))
      return {};
  }
  return last + 1 == 0 ? std::nullopt : std::optional(last + 1);
}

void check_bounds(const PickleTensor& view, std::uint64_t numel, std::uint64_t available,
                  const Place& place) {
  if (numel == 0) return;
  const std::optional<std::uint64_t> end = end_of(view);
  if (!end || *end > available)
    place.fail(fmt::format(
        "the elements at offset {} with sizes [{}] and strides [{}] are not within the storage, "
        "which has {}",
        view.offset, fmt::join(view.sizes, ", "), fmt::join(view.strides, ", "), available));
}

Tensor sharing(const Tensor& elements, const Shape& shape) {
  xgrad::detail::Value value = xgrad::detail::value_of(elements);
  value.shape = shape;
  return xgrad::detail::constant(std::move(value));
}

bool is_big_endian(const ZipArchive& archive, const std::string& folder) {
  const ZipEntry* const entry = archive.find(folder + "byteorder");
  if (entry == nullptr) return false;
  ZipMember member(archive.file(), *entry);
  const std::string order = entry->size > 6 ? "" : member.read_text();
  if (order != "little" && order != "big") member.place().fail("it must be 'little' or 'big'");
  return order == "big";
}

std::uint64_t bytes_of(const PickleStorage& storage) {
  std::uint64_t bytes = 0;
  const std::uint64_t width = storage.is_untyped ? 1 : size_of(storage.type);
  return __builtin_mul_overflow(storage.count, width, &bytes) ? ~std::uint64_t{0} : bytes;
}

}  // namespace

TorchStorages::TorchStorages(const ZipArchive& archive, std::string folder)
    : archive_(archive), folder_(std::move(folder)), swapped_(is_big_endian(archive, folder_)) {}

const Tensor& TorchStorages::elements(const PickleTensor& view, const Place& place) {
  const PickleStorage& storage = *view.storage;
  Tensor& known = read_[{storage.key, view.type}];
  if (known.defined()) return known;
  const ZipEntry* const entry = archive_.find(folder_ + "data/" + storage.key);
  if (entry == nullptr)
    place.fail(
        fmt::format("its storage {} is missing in the archive", in_quotes("data/" + storage.key)));
  ZipMember member(archive_.file(), *entry);
  if (entry->size != bytes_of(storage))
    member.place().fail(fmt::format("it has {} bytes, but the storage {} elements of {}",
                                    entry->size, storage.count,
                                    storage.is_untyped ? 1 : size_of(storage.type)));
  const std::uint64_t count = entry->size / size_of(view.type);
  const Shape shape = checked_shape({count}, member.place());
  Tensor read = read_elements(member, view.type, swapped_, shape, member.place());
  if (!storage.is_untyped || entry->size % size_of(view.type) == 0) member.finish();
  stored_ += count;
  return known = std::move(read);
}

// Tensors expanded by strides of 0 can have far more elements than the file.
void TorchStorages::count_copy(std::uint64_t elements, const Place& place) {
  constexpr std::uint64_t always = 1 << 24, times = 4;
  copied_ += elements;
  if (elements > always + times * stored_ || copied_ > always + times * stored_)
    place.fail(
        fmt::format("it takes {} elements of a storage several times, {} in all with those "
                    "before, and the storages have {}; in Python, save tensors before they "
                    "are expanded",
                    elements, copied_, stored_));
}

Tensor TorchStorages::tensor(const PickleTensor& view, const Place& place) {
  if (view.sizes.size() != view.strides.size())
    place.fail(
        fmt::format("it has {} sizes and {} strides", view.sizes.size(), view.strides.size()));
  const Shape shape = checked_shape(view.sizes, place);
  const auto numel = static_cast<std::uint64_t>(shape.numel());
  const Tensor& all = elements(view, place);
  const auto available = static_cast<std::uint64_t>(all.numel());
  check_bounds(view, numel, available, place);
  if (numel == 0 || (view.offset == 0 && numel == available && is_dense(view)))
    return sharing(all, shape);
  count_copy(numel, place);
  return strided_copy(all, static_cast<std::int64_t>(view.offset), shape,
                      {view.strides.begin(), view.strides.end()});
}

}  // namespace xgrad::io::detail

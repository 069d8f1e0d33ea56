#include "pickle_opaque.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "in_quotes.hpp"

namespace xgrad::io::detail {
namespace {

constexpr std::string_view complex =
    "complex tensors are not supported; in Python, save torch.view_as_real(x)";
constexpr std::string_view quantized =
    "quantized tensors are not supported; in Python, save x.dequantize()";
constexpr std::string_view sparse =
    "sparse tensors are not supported; in Python, save x.to_dense()";
constexpr std::string_view unsigned64 =
    "uint64 is not supported; in Python, save x.to(torch.int64)";
constexpr std::string_view small_float =
    "this float of 8 or 4 bits is not supported; in Python, save x.float()";
constexpr std::string_view nested = "nested tensors are not supported; in Python, save x.unbind()";
constexpr std::string_view meta = "tensors on the meta device have no elements";
constexpr std::string_view elsewhere =
    "tensors of this device are not saved as storages; in Python, save x.cpu()";

// Names that PyTorch writes, and that are not supported.
struct Unsupported {
  std::string_view name;
  std::string_view why;
};
constexpr Unsupported unsupported[] = {
    {"torch.ComplexFloatStorage", complex},
    {"torch.ComplexDoubleStorage", complex},
    {"torch.complex32", complex},
    {"torch.complex64", complex},
    {"torch.complex128", complex},
    {"torch.QInt8Storage", quantized},
    {"torch.QInt32Storage", quantized},
    {"torch.QUInt8Storage", quantized},
    {"torch.QUInt4x2Storage", quantized},
    {"torch.QUInt2x4Storage", quantized},
    {"torch.qint8", quantized},
    {"torch.qint32", quantized},
    {"torch.quint8", quantized},
    {"torch.quint4x2", quantized},
    {"torch.quint2x4", quantized},
    {"torch._utils._rebuild_qtensor", quantized},
    {"torch._utils._rebuild_sparse_tensor", sparse},
    {"torch._utils._rebuild_sparse_csr_tensor", sparse},
    {"torch.uint64", unsigned64},
    {"torch.float8_e4m3fnuz", small_float},
    {"torch.float8_e5m2fnuz", small_float},
    {"torch.float8_e8m0fnu", small_float},
    {"torch.float4_e2m1fn_x2", small_float},
    {"torch._utils._rebuild_nested_tensor", nested},
    {"torch._utils._rebuild_meta_tensor_no_storage", meta},
    {"torch._utils._rebuild_device_tensor_from_numpy", elsewhere},
    {"torch._utils._rebuild_device_tensor_from_cpu_tensor", elsewhere},
    {"torch._utils._rebuild_xla_tensor", elsewhere},
    {large_integer, "integers have at most 64 bits here"},
};

}  // namespace

PickleOpaque opaque(std::string_view name) {
  std::string dotted(name.substr(0, 200));
  if (name != large_integer) std::replace(dotted.begin(), dotted.end(), ' ', '.');
  return {std::make_shared<const std::string>(std::move(dotted))};
}

PickleOpaque call_opaque(const PickleOpaque& function, const PickleList& arguments) {
  const bool takes_storage = std::any_of(
      arguments.begin(), arguments.end(),
      [](const PickleValue* one) { return std::holds_alternative<PickleStorage>(*one); });
  return {function.name, function.is_tensor || takes_storage ||
                             function.name->starts_with("torch._utils._rebuild_")};
}

std::string why_not_read(const PickleOpaque& value) {
  const auto* const known = std::find_if(std::begin(unsupported), std::end(unsupported),
                                         [&](const auto& one) { return one.name == *value.name; });
  if (known != std::end(unsupported))
    return fmt::format("{}, which is not read: {}", in_quotes(*value.name), known->why);
  return fmt::format(
      "{}, which is not read, because it could run code; only state dicts of tensors, numbers and "
      "texts are: in Python, torch.save(model.state_dict(), path)",
      in_quotes(*value.name));
}

}  // namespace xgrad::io::detail

#include <xgrad/graph/default_dtype.hpp>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>

namespace xgrad {

constinit std::atomic<DType> detail::default_dtype = float32;

void set_default_dtype(DType d, Site site) {
  if (!is_floating(d))
    throw DTypeError(fmt::format("set_default_dtype: {} is not a floating-point type; the default "
                                 "must be float32 or float64",
                                 name(d)),
                     site);
  detail::default_dtype.store(d, std::memory_order_relaxed);
}

}  // namespace xgrad

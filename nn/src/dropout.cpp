#include <xgrad/nn/dropout.hpp>

#include <typeinfo>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>

#include "module_record.hpp"

namespace xgrad::nn {

template <class Self, Tensor (*drop)(Operand, double, Flag, Generator*)>
DropoutNd<Self, drop>::DropoutNd(double p, Site site) : p_(p) {
  if (!(p >= 0 && p <= 1))
    throw ValueError(
        fmt::format("{}: p is {}; it must be in [0, 1]", detail::type_name(typeid(Self)), p), site);
}
template <class Self, Tensor (*drop)(Operand, double, Flag, Generator*)>
std::string DropoutNd<Self, drop>::details() const {
  return fmt::format("p={}", p_);
}

template class DropoutNd<Dropout, &dropout>;
template class DropoutNd<Dropout1d, &dropout1d>;
template class DropoutNd<Dropout2d, &dropout2d>;
template class DropoutNd<Dropout3d, &dropout3d>;
template class DropoutNd<AlphaDropout, &alpha_dropout>;
template class DropoutNd<FeatureAlphaDropout, &feature_alpha_dropout>;

namespace detail {
template const ModuleType* module_type<Dropout>();
template const ModuleType* module_type<Dropout1d>();
template const ModuleType* module_type<Dropout2d>();
template const ModuleType* module_type<Dropout3d>();
template const ModuleType* module_type<AlphaDropout>();
template const ModuleType* module_type<FeatureAlphaDropout>();
}  // namespace detail

}  // namespace xgrad::nn

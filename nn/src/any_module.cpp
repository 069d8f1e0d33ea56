#include <xgrad/nn/any_module.hpp>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/nn/module_copies.hpp>

#include "module_record.hpp"

namespace xgrad::nn {

Tensor AnyModule::operator()(Operand x) const {
  if (type_ == nullptr)
    throw GraphError(fmt::format("{} is not a Layer and cannot be called here; derive it from "
                                 "nn::Layer<{}>",
                                 type_name(), type_name()),
                     x.site());
  if (type_->call == nullptr)
    throw GraphError(fmt::format("{}: its forward does not take one tensor and return one; get the "
                                 "module by as<{}>() and call that",
                                 type_name(), type_name()),
                     x.site());
  return type_->call(*module_, x);
}

std::string AnyModule::type_name() const { return detail::type_name(*module_); }

AnyModule AnyModule::clone() const {
  const detail::ModuleCopies copies(*module_);
  return detail::copied("clone", *this);
}

}  // namespace xgrad::nn

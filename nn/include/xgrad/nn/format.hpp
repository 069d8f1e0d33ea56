// format.hpp: modules in fmt::format and fmt::print, as "{}".
#pragma once

#include <concepts>

#include <xgrad/graph/format.hpp>
#include <xgrad/nn/module.hpp>

template <std::derived_from<xgrad::nn::Module> M>
struct fmt::formatter<M> : xgrad::detail::TextFormatter {};

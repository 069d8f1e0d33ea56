// format.hpp: a formatter for fmt: `fmt::print("{}", model)`.
#pragma once

#include <concepts>

#include <xgrad/graph/format.hpp>
#include <xgrad/nn/module.hpp>

template <std::derived_from<xgrad::nn::Module> M>
struct fmt::formatter<M> : xgrad::detail::TextFormatter {};

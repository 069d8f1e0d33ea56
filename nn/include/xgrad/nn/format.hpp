// format.hpp: formatters for fmt: `fmt::print("{}", model)`, and what load_state_dict reports.
#pragma once

#include <concepts>

#include <xgrad/graph/format.hpp>
#include <xgrad/nn/module.hpp>

template <std::derived_from<xgrad::nn::Module> M>
struct fmt::formatter<M> : xgrad::detail::TextFormatter {};
template <>
struct fmt::formatter<xgrad::nn::LoadReport> : xgrad::detail::TextFormatter {};

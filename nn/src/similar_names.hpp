// similar_names.hpp: which of several names is most like another.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace xgrad::nn::detail {

/// How many characters to insert, delete or replace (Levenshtein, 1966).
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The name that differs by a prefix alone ("module.0.weight" and "0.weight"), or else by the
/// fewest characters, at most a third of them. Empty if there is none.
std::string most_similar(const std::string& name, const std::vector<std::string>& candidates);

}  // namespace xgrad::nn::detail

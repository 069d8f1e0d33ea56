// expected.hpp: answers that libtorch gave, for runs without it: expected.json.
#pragma once

#include <optional>

#include "work.hpp"

namespace bench {

/// @throws std::runtime_error  if the file cannot be read.
std::optional<Answer> expected_answer(const std::string& name);
/// Keeps an answer for save_expected.
void record_expected(const std::string& name, const Answer& answer);
/// Writes the answers recorded in this run over those of the file.
void save_expected();

}  // namespace bench

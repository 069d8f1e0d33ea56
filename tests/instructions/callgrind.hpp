// callgrind.hpp: this program, run again under valgrind's callgrind, which counts instructions.
#pragma once

#include <cstdint>

#include "instructions/cases.hpp"

namespace xgrad::test {

bool has_valgrind();

/// What this program runs under callgrind.
void repeat(const InstructionCase& c);

/// Instructions of one repetition. Throws std::runtime_error, with valgrind's output, if valgrind
/// does not tell them.
std::int64_t instructions(const InstructionCase& c);

}  // namespace xgrad::test

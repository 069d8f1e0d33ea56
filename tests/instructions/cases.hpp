// cases.hpp: small pieces of the core's work, whose instructions are counted.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace xgrad::test {

struct InstructionCase {
  std::string name;  // a word of the command line
  int repetitions;
  std::function<std::function<void()>()> make;
};

/// None calls BLAS or oneDNN, whose code depends on the machine.
const std::vector<InstructionCase>& instruction_cases();

/// Throws std::out_of_range if there is none of that name.
const InstructionCase& instruction_case(const std::string& name);

}  // namespace xgrad::test

// declarations.hpp: the functions that a header of the ops declares.
#pragma once

#include "members.hpp"

namespace xgrad::codegen {

/// Those of namespace xgrad that are no templates, and the rows of the lists of formulas.
std::vector<Declaration> declarations_in(const std::string& path);

}  // namespace xgrad::codegen

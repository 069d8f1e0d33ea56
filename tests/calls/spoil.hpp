// spoil.hpp: what a call's signature would not give: NaN among the values, the same tensor twice, a
// size or a word that does not fit.
#pragma once

#include "calls/draw.hpp"

namespace xgrad::test {

/// Now and then changes one thing of a call.
void spoil(Json& call, Choices& choices);

}  // namespace xgrad::test

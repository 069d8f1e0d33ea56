// xrandom.hpp: xtensor's header of this name, which is in a folder since version 0.26.
#pragma once

#if __has_include(<xtensor/xrandom.hpp>)
#include <xtensor/xrandom.hpp>
#else
#include <xtensor/generators/xrandom.hpp>
#endif

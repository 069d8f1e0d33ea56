// xnpy.hpp: xtensor's header of this name, which is in a folder since version 0.26.
#pragma once

#if __has_include(<xtensor/xnpy.hpp>)
#include <xtensor/xnpy.hpp>
#else
#include <xtensor/io/xnpy.hpp>
#endif

// xsort.hpp: xtensor's header of this name, which is in a folder since version 0.26.
#pragma once

#if __has_include(<xtensor/xsort.hpp>)
#include <xtensor/xsort.hpp>
#else
#include <xtensor/misc/xsort.hpp>
#endif

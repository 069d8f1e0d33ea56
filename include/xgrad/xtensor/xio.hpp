// xio.hpp: xtensor's header of this name, which is in a folder since version 0.26.
#pragma once

#if __has_include(<xtensor/xio.hpp>)
#include <xtensor/xio.hpp>
#else
#include <xtensor/io/xio.hpp>
#endif

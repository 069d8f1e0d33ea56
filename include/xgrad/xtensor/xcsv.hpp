// xcsv.hpp: xtensor's header of this name, which is in a folder since version 0.26.
#pragma once

#if __has_include(<xtensor/xcsv.hpp>)
#include <xtensor/xcsv.hpp>
#else
#include <xtensor/io/xcsv.hpp>
#endif

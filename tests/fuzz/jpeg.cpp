#include "picture.hpp"

XGRAD_FUZZ_READER(xgrad::fuzz::read_picture)

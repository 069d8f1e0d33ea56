#include <xgrad/data/mnist.hpp>

#include "target.hpp"

XGRAD_FUZZ_READER(xgrad::data::read_idx)

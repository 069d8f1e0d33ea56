#include <xgrad/io/npy.hpp>

#include "target.hpp"

XGRAD_FUZZ_READER(xgrad::io::load_npz)

#include <xgrad/io/torch.hpp>

#include "target.hpp"

XGRAD_FUZZ_READER(xgrad::io::load_torch)

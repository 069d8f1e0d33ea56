#include <xgrad/io/safetensors.hpp>

#include "target.hpp"

XGRAD_FUZZ_READER(xgrad::io::load_safetensors)

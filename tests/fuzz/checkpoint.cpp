#include <xgrad/io/checkpoint.hpp>

#include "target.hpp"

namespace {
void load(const std::filesystem::path& path) { xgrad::io::load_checkpoint(path, {}); }
}  // namespace

XGRAD_FUZZ_READER(load)

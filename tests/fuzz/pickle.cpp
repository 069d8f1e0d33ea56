// The input is the pickle of a file of PyTorch, in an archive with two storages.
#include <xgrad/graph/error.hpp>
#include <xgrad/io/torch.hpp>

#include "in_memory.hpp"
#include "io/zips.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string archive = xgrad::test::zip_of(
      {{.name = "a/data.pkl", .data = {reinterpret_cast<const char*>(data), size}},
       {.name = "a/data/0", .data = std::string(48, '\1')},
       {.name = "a/data/1", .data = std::string(16, '\1')}});
  try {
    xgrad::io::load_torch(xgrad::fuzz::file_of(
        reinterpret_cast<const std::uint8_t*>(archive.data()), archive.size()));
  } catch (const xgrad::IoError&) {
  }
  return 0;
}

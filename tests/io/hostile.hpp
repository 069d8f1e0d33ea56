// hostile.hpp: files that a reader has to refuse.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace xgrad::test {

struct HostileFile {
  std::string bytes;
  std::vector<std::string> words = {};  // that the message must have
};

/// Checks, in a process with at most 1 GiB of memory, that `load` refuses each file with an IoError
/// that names the file and has the words.
void check_refused(const std::vector<HostileFile>& files,
                   const std::function<void(const std::filesystem::path&)>& load);

/// Every beginning of the file.
std::vector<HostileFile> beginnings(const std::string& bytes);

/// Reads files with one to three bytes changed, `count` times: each loads, or throws an Error.
void check_mutations(const std::string& bytes, int count,
                     const std::function<void(const std::filesystem::path&)>& load);

/// The bytes of a number, little-endian.
template <class T>
std::string bytes_of(T number) {
  return {reinterpret_cast<const char*>(&number), sizeof number};
}

}  // namespace xgrad::test

#include "io/hostile.hpp"

#include <cstdio>
#include <random>

#include <sys/resource.h>
#include <sys/wait.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/io/file.hpp>

#include "io/folder.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"

namespace xgrad::test {
namespace {

namespace fs = std::filesystem;

void limit_memory() {
  if (XGRAD_TEST_SANITIZED) return;  // which needs more for its own
  const rlimit limit{std::size_t{1} << 30, std::size_t{1} << 30};
  setrlimit(RLIMIT_DATA, &limit);
}

// The file that stands for the bytes; written without syncing.
void put(const fs::path& path, const std::string& bytes) {
  std::FILE* const file = std::fopen(path.c_str(), "wb");
  std::fwrite(bytes.data(), 1, bytes.size(), file);
  std::fclose(file);
}

std::string complaint(const HostileFile& file, const fs::path& path,
                      const std::function<void(const fs::path&)>& load) {
  put(path, file.bytes);
  Verdict verdict{true, ""};
  try {
    load(path);
    verdict = {false, "nothing was thrown"};
  } catch (const IoError& e) {
    const std::string message = e.what();
    if (message.find(path.string()) == std::string::npos)
      verdict = {false, "the file is not named: " + message};
    for (const std::string& word : file.words)
      if (message.find(word) == std::string::npos)
        verdict = {false, "'" + word + "' is not in the message: " + message};
  } catch (const std::exception& e) {
    verdict = {false, std::string("another exception: ") + e.what()};
  }
  return verdict.text;
}

// Runs f in a child process; what it returns is what has gone wrong there.
std::string in_child(const fs::path& report, const std::function<std::string()>& f) {
  const pid_t child = fork();
  if (child == 0) {
    limit_memory();
    put(report, f());
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return status == 0 ? io::read_file(report) : "the process died of " + std::to_string(status);
}

}  // namespace

void check_refused(const std::vector<HostileFile>& files,
                   const std::function<void(const fs::path&)>& load) {
  const IoFolder folder;
  const std::string complaints = in_child(folder / "report", [&] {
    std::string all;
    for (std::size_t i = 0; i < files.size(); ++i)
      if (const std::string one = complaint(files[i], folder / "hostile.file", load); !one.empty())
        all += "file " + std::to_string(i) + ": " + one + "\n";
    return all;
  });
  CHECK(complaints == "");
}

std::vector<HostileFile> beginnings(const std::string& bytes) {
  std::vector<HostileFile> all;
  for (std::size_t size = 0; size < bytes.size(); ++size) all.push_back({bytes.substr(0, size)});
  return all;
}

void check_mutations(const std::string& bytes, int count,
                     const std::function<void(const fs::path&)>& load) {
  const IoFolder folder;
  const std::string complaints = in_child(folder / "report", [&] {
    std::mt19937 random(7);
    for (int i = 0; i < count; ++i) {
      std::string changed = bytes;
      for (unsigned times = random() % 3 + 1; times > 0; --times)
        changed[random() % changed.size()] = static_cast<char>(random());
      put(folder / "mutated.file", changed);
      try {
        load(folder / "mutated.file");
      } catch (const IoError&) {
      } catch (const std::exception& e) {
        return "mutation " + std::to_string(i) + ": " + e.what();
      }
    }
    return std::string();
  });
  CHECK(complaints == "");
}

TEST_CASE("the process that reads hostile files has at most 1 GiB", "[io][hostile]") {
  if (XGRAD_TEST_SANITIZED) return;
  check_refused({{"", {"no memory"}}}, [](const fs::path& path) {
    try {
      const std::string large(std::size_t{1100} << 20, 'x');
      if (large.back() == 'x') throw IoError(path.string() + ": there was memory");
    } catch (const std::bad_alloc&) {
      throw IoError(path.string() + ": no memory");
    }
  });
}

}  // namespace xgrad::test

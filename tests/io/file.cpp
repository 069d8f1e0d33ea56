#include <xgrad/io/file.hpp>

#include <csignal>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "io/folder.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"

namespace xgrad {
namespace {

namespace fs = std::filesystem;
using test::IoFolder;
using test::throws;

// Runs f in a process of its own, which ends with the code that f returns.
template <class F>
int in_child(F f) {
  const pid_t child = fork();
  if (child == 0) _exit(f());
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

TEST_CASE("a file that is written replaces the one before", "[io][file]") {
  const IoFolder folder;
  io::write_file(folder / "a", "first");
  io::write_file(folder / "a", std::string_view("sec\0nd", 6));
  CHECK(io::read_file(folder / "a") == std::string("sec\0nd", 6));
  CHECK(folder.names() == std::vector<std::string>{"a"});
}

TEST_CASE("a file that is not committed changes nothing", "[io][file]") {
  const IoFolder folder;
  io::write_file(folder / "a", "old");
  {
    io::OutputFile file(folder / "a");
    file.write("new");
    CHECK(file.size() == 3);
    CHECK(io::read_file(folder / "a") == "old");
  }
  CHECK(io::read_file(folder / "a") == "old");
  CHECK(folder.names() == std::vector<std::string>{"a"});
}

TEST_CASE("what a killed writer left behind is removed by the next one", "[io][file]") {
  const IoFolder folder;
  io::write_file(folder / "a", "old");
  const int status = in_child([&] {
    io::OutputFile file(folder / "a");
    file.write("new");
    raise(SIGKILL);
    return 0;
  });
  REQUIRE(WIFSIGNALED(status));
  CHECK(folder.names().size() == 2);
  CHECK(io::read_file(folder / "a") == "old");

  io::write_file(folder / ".a.notes.tmp", "not ours");
  io::write_file(folder / "b", "other");  // another name's
  CHECK(folder.names().size() == 4);
  io::OutputFile living(folder / "a");
  CHECK(folder.names().size() == 4);
  io::write_file(folder / "a", "newer");  // leaves the file of a living writer
  CHECK(folder.names().size() == 4);
  living.write("newest");
  living.commit();
  CHECK(io::read_file(folder / "a") == "newest");
}

TEST_CASE("a disk that is full leaves the old file", "[io][file]") {
  const IoFolder folder;
  io::write_file(folder / "a", "old");
  const int status = in_child([&] {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{1000, 1000};
    setrlimit(RLIMIT_FSIZE, &limit);
    return throws<IoError>([&] { io::write_file(folder / "a", std::string(2000, 'x')); },
                           {"/a", "cannot be written", "too large"})
               ? 0
               : 1;
  });
  CHECK(status == 0);
  CHECK(io::read_file(folder / "a") == "old");
  CHECK(folder.names() == std::vector<std::string>{"a"});
}

TEST_CASE("a file keeps its permissions, and links stay links", "[io][file]") {
  const IoFolder folder;
  io::write_file(folder / "a", "old");
  chmod((folder / "a").c_str(), 0640);
  fs::create_symlink("a", folder / "link");
  io::write_file(folder / "link", "new");
  CHECK(io::read_file(folder / "a") == "new");
  CHECK(fs::is_symlink(folder / "link"));
  struct stat status {};
  stat((folder / "a").c_str(), &status);
  CHECK((status.st_mode & 0777) == 0640);
}

TEST_CASE("links to files that do not exist yet stay links", "[io][file]") {
  const IoFolder folder, other;
  fs::create_directory(folder / "sub");
  fs::create_symlink("../b", folder / "sub/link");
  fs::create_symlink("sub/link", folder / "twice");
  fs::create_symlink(other / "c", folder / "absolute");
  for (const auto& [link, target] :
       {std::pair(folder / "twice", folder / "b"), std::pair(folder / "absolute", other / "c")}) {
    io::write_file(link, "new");
    CHECK(fs::is_symlink(link));
    CHECK(fs::is_regular_file(fs::symlink_status(target)));
    CHECK(io::read_file(target) == "new");
  }
  CHECK(fs::is_symlink(folder / "sub/link"));
}

TEST_CASE("links that lead nowhere are refused and stay", "[io][file]") {
  const IoFolder folder;
  fs::create_symlink("no/b", folder / "link");
  fs::create_symlink("no/", folder / "slash");
  CHECK(throws<IoError>([&] { io::write_file(folder / "link", "x"); },
                        {"/link: cannot be written", "No such file"}));
  CHECK(throws<IoError>([&] { io::write_file(folder / "slash", "x"); }, {"/slash: leads to"}));
  CHECK(fs::is_symlink(folder / "link"));
  for (int i = 0; i < 41; ++i)
    fs::create_symlink(std::to_string(i + 1), folder / std::to_string(i));
  CHECK(throws<IoError>([&] { io::write_file(folder / "0", "x"); }, {"too many levels"}));
  io::write_file(folder / "1", "x");
  CHECK(io::read_file(folder / "41") == "x");
}

TEST_CASE("a path without folder is one of the current folder", "[io][file]") {
  const IoFolder folder;
  const int status = in_child([&] {
    fs::current_path(folder.path);
    io::write_file("bare", "x");
    return io::read_file("bare") == "x" ? 0 : 1;
  });
  CHECK(status == 0);
  CHECK(folder.names() == std::vector<std::string>{"bare"});
}

TEST_CASE("the longest name of a file can be written", "[io][file]") {
  const IoFolder folder;
  io::write_file(folder / std::string(255, 'n'), "x");
  CHECK(folder.names().size() == 1);
}

TEST_CASE("paths that cannot be written or read say why", "[io][file]") {
  const IoFolder folder;
  fs::create_directory(folder / "dir");
  mkfifo((folder / "fifo").c_str(), 0600);
  fs::create_symlink("loop", folder / "loop");
  const auto write = [](const fs::path& path) { return [path] { io::write_file(path, "x"); }; };
  const auto read = [](const fs::path& path) { return [path] { io::read_file(path); }; };
  CHECK(throws<IoError>(write(folder / "no/a"), {"no/a", "cannot be written", "No such file"}));
  CHECK(throws<IoError>(write(folder / "dir"), {"dir", "is a folder"}));
  CHECK(throws<IoError>(write(folder / "fifo"), {"is a FIFO"}));
  CHECK(throws<IoError>(write("/dev/null"), {"is a device"}));
  CHECK(throws<IoError>(write(folder / ""), {"no name of a file"}));
  CHECK(throws<IoError>(write(folder / "loop"), {"loop"}));
  CHECK(throws<IoError>(write(folder / std::string("a\0b", 3)), {"null byte"}));
  CHECK(throws<IoError>(read(folder / "no"), {"no: cannot be opened", "No such file", "file.cpp"}));
  CHECK(throws<IoError>(read(folder / "dir"), {"is a folder"}));
  CHECK(throws<IoError>(read(folder / "fifo"), {"is a FIFO"}));
  CHECK(throws<IoError>(read("/dev/zero"), {"is a device"}));
  CHECK(throws<IoError>(read(folder / std::string("a\0b", 3)), {"null byte"}));
}

TEST_CASE("a part of a file is read, and one beyond its end refused", "[io][file]") {
  const IoFolder folder;
  io::write_file(folder / "a", "0123456789");
  const io::InputFile file(folder / "a");
  CHECK(file.size() == 10);
  CHECK(file.read_text(3, 4) == "3456");
  CHECK(file.read_text(10, 0).empty());
  for (const auto& [offset, size] : std::vector<std::pair<std::uint64_t, std::uint64_t>>{
           {3, 8}, {11, 0}, {~0ULL, 2}, {2, ~0ULL}, {0, 1ULL << 62}})
    CHECK(throws<IoError>([&, o = offset, s = size] { file.read_text(o, s); },
                          {"/a", "is truncated", "the file has 10"}));
}

}  // namespace
}  // namespace xgrad

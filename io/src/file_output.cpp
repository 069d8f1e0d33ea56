#include <xgrad/io/file.hpp>

#include <algorithm>
#include <atomic>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>

#include "descriptor.hpp"

namespace xgrad::io {

namespace fs = std::filesystem;
using detail::Descriptor;
using detail::reason;
using detail::retried;

struct OutputFile::Open {
  fs::path path;   // as the caller wrote it, for messages
  fs::path final;  // where a symbolic link leads
  fs::path beside;
  Descriptor file;
  Site site;
  std::uint64_t size = 0;
  int links = 0;
  bool committed = false;

  Open(fs::path asked, Site at) : path(std::move(asked)), site(at) {}
  ~Open() {
    if (!committed && !beside.empty()) ::unlink(beside.c_str());
  }
  [[noreturn]] void fail(std::string_view why) const { detail::fail_path(path, why, site); }
  [[noreturn]] void fail_to_write() const { fail(fmt::format("cannot be written: {}", reason())); }

  void follow();
  void find_final();
  void open_beside();
  void remove_left_over() const;
  void keep_permissions() const;
  void sync_folder() const;
  fs::path folder() const { return final.has_parent_path() ? final.parent_path() : fs::path("."); }
  std::string start_of_name() const;
};

// Files of interrupted writes have names that start like this. Names have at most 255 bytes.
std::string OutputFile::Open::start_of_name() const {
  return fmt::format(".{}.", final.filename().native().substr(0, 200));
}

// To the place of the link's target, which need not exist.
void OutputFile::Open::follow() {
  constexpr int most = 40;  // as Linux
  if (++links > most) fail("cannot be followed: it has too many levels of symbolic links");
  std::error_code error;
  const fs::path target = fs::read_symlink(final, error);
  if (error) fail(fmt::format("cannot be followed: {}", error.message()));
  final = folder() / target;  // the target alone if it is absolute
}

void OutputFile::Open::find_final() {
  if (path.native().find('\0') != std::string::npos) fail("the name has a null byte");
  if (!path.has_filename()) fail("is no name of a file");
  final = path;
  for (std::error_code none; fs::is_symlink(final, none);) follow();
  if (!final.has_filename()) fail("leads to a name with a slash at its end");
  struct stat status {};
  if (::stat(final.c_str(), &status) == 0 && !S_ISREG(status.st_mode))
    fail(fmt::format("is {}; it must be a regular file, or not exist",
                     detail::kind_of(status.st_mode)));
}

namespace {

// Whether a name is `start`PID-NUMBER.tmp.
bool is_left_over(std::string_view name, std::string_view start) {
  constexpr std::string_view end = ".tmp";
  if (!name.starts_with(start) || !name.ends_with(end) || name.size() <= start.size() + end.size())
    return false;
  name = name.substr(start.size(), name.size() - start.size() - end.size());
  return name.find_first_not_of("0123456789-") == std::string_view::npos;
}

}  // namespace

// Removes files of the same name whose writers are gone: a living writer holds a lock.
void OutputFile::Open::remove_left_over() const {
  const std::string start = start_of_name();
  std::error_code error;
  for (fs::directory_iterator at(folder(), error), end; !error && at != end; at.increment(error)) {
    if (!is_left_over(at->path().filename().native(), start)) continue;
    const Descriptor old(::open(at->path().c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    if (old.is_open() && ::flock(old.get(), LOCK_EX | LOCK_NB) == 0) ::unlink(at->path().c_str());
  }
}

// Another process can remove the file before it is locked; then it has no name any more.
void OutputFile::Open::open_beside() {
  static std::atomic<unsigned> number{0};
  for (;;) {
    beside = folder() / fmt::format("{}{}-{}.tmp", start_of_name(), ::getpid(), number++);
    const int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
    file = Descriptor(retried([&] { return ::open(beside.c_str(), flags, 0666); }));
    if (!file.is_open() && errno == EEXIST) continue;
    if (!file.is_open()) {
      beside.clear();
      fail_to_write();
    }
    retried([&] { return ::flock(file.get(), LOCK_EX); });
    struct stat status {};
    if (::fstat(file.get(), &status) == 0 && status.st_nlink > 0) return;
  }
}

void OutputFile::Open::keep_permissions() const {
  struct stat status {};
  if (::stat(final.c_str(), &status) == 0 && ::fchmod(file.get(), status.st_mode & 07777) != 0)
    fail_to_write();
}

void OutputFile::Open::sync_folder() const {
  const Descriptor opened(::open(folder().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // Some file systems cannot sync a folder, and say that the argument is invalid.
  if (opened.is_open() && ::fsync(opened.get()) != 0 && errno != EINVAL && errno != EROFS)
    fail(fmt::format("was written, but the folder cannot be synced: {}", reason()));
}

OutputFile::OutputFile(fs::path path, Site site)
    : open_(std::make_unique<Open>(std::move(path), site)) {
  open_->find_final();
  open_->remove_left_over();
  open_->open_beside();
  open_->keep_permissions();
}
OutputFile::~OutputFile() = default;
OutputFile::OutputFile(OutputFile&&) noexcept = default;
OutputFile& OutputFile::operator=(OutputFile&&) noexcept = default;

std::uint64_t OutputFile::size() const noexcept { return open_->size; }

void OutputFile::write(std::string_view text) { write(std::as_bytes(std::span(text))); }

void OutputFile::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const std::size_t count = std::min<std::size_t>(bytes.size(), 1U << 30);
    const ssize_t done = retried([&] { return ::write(open_->file.get(), bytes.data(), count); });
    if (done < 0) open_->fail_to_write();
    open_->size += static_cast<std::uint64_t>(done);
    bytes = bytes.subspan(static_cast<std::size_t>(done));
  }
}

void OutputFile::commit() {
  if (retried([&] { return ::fsync(open_->file.get()); }) != 0) open_->fail_to_write();
  if (::rename(open_->beside.c_str(), open_->final.c_str()) != 0) open_->fail_to_write();
  open_->committed = true;
  open_->sync_folder();
}

void write_file(const fs::path& path, std::string_view content, Site site) {
  OutputFile file(path, site);
  file.write(content);
  file.commit();
}

}  // namespace xgrad::io

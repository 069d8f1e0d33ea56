#include "io/zips.hpp"

#include <zlib.h>

namespace xgrad::test {
namespace {

using U16 = std::uint16_t;
using U32 = std::uint32_t;
using U64 = std::uint64_t;

std::string deflated(const std::string& data) {
  std::string out(compressBound(data.size()) + 64, '\0');
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
  stream.avail_in = static_cast<unsigned>(data.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<unsigned>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

U32 crc_of(const std::string& data) {
  return static_cast<U32>(crc32_z(0, reinterpret_cast<const Bytef*>(data.data()), data.size()));
}

// What local header and directory have in common, from the flags to the sizes.
std::string common(const Member& m, std::size_t packed) {
  return bytes_of(m.flags.value_or(0)) + bytes_of(m.method.value_or(m.deflate ? 8 : 0)) +
         bytes_of(U32{0}) + bytes_of(m.crc.value_or(crc_of(m.data))) +
         bytes_of(static_cast<U32>(m.compressed.value_or(packed))) +
         bytes_of(static_cast<U32>(m.size.value_or(m.data.size())));
}

}  // namespace

std::string zip_of(const std::vector<Member>& members, const std::string& comment,
                   const ZipEnd& end) {
  std::string all, directory;
  for (const Member& m : members) {
    const std::string packed = m.deflate ? deflated(m.data) : m.data;
    const U32 offset = static_cast<U32>(m.offset.value_or(all.size()));
    const std::string local = m.local_name.value_or(m.name);
    all += "PK\3\4" + bytes_of(U16{20}) + common(m, packed.size()) +
           bytes_of(static_cast<U16>(local.size())) + bytes_of(U16{0}) + local + packed;
    directory += "PK\1\2" + bytes_of(U16{20}) + bytes_of(U16{20}) + common(m, packed.size()) +
                 bytes_of(static_cast<U16>(m.name.size())) +
                 bytes_of(static_cast<U16>(m.extra.size())) + std::string(10, '\0') +
                 bytes_of(offset) + m.name + m.extra;
  }
  const U32 start = static_cast<U32>(all.size());
  const U16 count = static_cast<U16>(members.size());
  return all + directory + end.before + "PK\5\6" + bytes_of(end.disk.value_or(0)) +
         bytes_of(U16{0}) + bytes_of(end.entries_here.value_or(end.entries.value_or(count))) +
         bytes_of(end.entries.value_or(count)) +
         bytes_of(end.size.value_or(static_cast<U32>(directory.size()))) +
         bytes_of(end.offset.value_or(start)) +
         bytes_of(end.comment.value_or(static_cast<U16>(comment.size()))) + comment;
}

namespace {

// Changes of one member.
std::vector<HostileFile> hostile_members(const Member& good) {
  std::vector<HostileFile> files;
  const auto add = [&](std::vector<std::string> words, auto change) {
    Member member = good;
    change(member);
    files.push_back({zip_of({member}), std::move(words)});
  };
  for (const U32 offset : {1U, 10U, 1000U, 0x7fffffffU, 0xfffffffeU, 0xffffffffU})
    add({"member"}, [&](Member& m) { m.offset = offset; });
  for (const U64 size : {U64{0}, U64{1}, U64{10'000'000}, U64{0xfffffffe}}) {
    add({"member"}, [&](Member& m) { m.size = size; });
    add({"member"}, [&](Member& m) { m.compressed = size; });
    add({"member"}, [&](Member& m) { m.compressed = size, m.deflate = true; });
    add({"member"}, [&](Member& m) { m.size = size, m.deflate = true; });
    if (size > 1) add({"outside"}, [&](Member& m) { m.size = m.compressed = size; });
  }
  add({"cannot become"}, [](Member& m) { m.size = 0xffffffff; });
  add({"cannot become"}, [](Member& m) { m.compressed = 0xffffffff; });
  add({"zip64 sizes are missing"}, [](Member& m) {
    m.size = 0xffffffff;
    m.extra = bytes_of(U16{1}) + bytes_of(U16{4}) + "1234";
  });
  add({"member"}, [](Member& m) {
    m.size = 0xffffffff;
    m.extra = bytes_of(U16{1}) + bytes_of(U16{0xffff}) + "12345678";
  });
  for (const U64 large : {~U64{0}, U64{1} << 63, U64{1} << 40}) {
    add({"outside"}, [&](Member& m) {
      m.size = m.compressed = 0xffffffff;
      m.extra = bytes_of(U16{1}) + bytes_of(U16{16}) + bytes_of(large) + bytes_of(large);
    });
    add({"outside"}, [&](Member& m) {
      m.offset = 0xffffffff;
      m.extra = bytes_of(U16{1}) + bytes_of(U16{8}) + bytes_of(large);
    });
    add({"cannot become"}, [&](Member& m) {
      m.size = 0xffffffff;
      m.deflate = true;
      m.extra = bytes_of(U16{1}) + bytes_of(U16{8}) + bytes_of(large);
    });
  }
  for (const U16 method : {1, 6, 9, 12, 14, 93, 95, 99, 65535})
    add({"compression method " + std::to_string(method)}, [&](Member& m) { m.method = method; });
  add({"member"}, [](Member& m) { m.method = 8; });  // stored data as deflated
  for (const U16 flags : {1, 65, 0x2000}) add({"encrypted"}, [&](Member& m) { m.flags = flags; });
  add({"checksum"}, [](Member& m) { m.crc = 0; });
  add({"checksum"}, [](Member& m) { m.crc = ~0U, m.deflate = true; });
  add({"another name"}, [](Member& m) { m.local_name = "other"; });
  add({"another name"}, [](Member& m) { m.local_name = ""; });
  return files;
}

std::vector<HostileFile> hostile_ends(const Member& good) {
  std::vector<HostileFile> files;
  const auto add = [&](const ZipEnd& end) { files.push_back({zip_of({good}, "", end)}); };
  for (const U32 number : {1U, 45U, 47U, 1000U, 0x7fffffffU, 0xffffffffU}) {
    add({.size = number});
    add({.offset = number});
    add({.size = number, .offset = number});
    add({.offset = 0xffffffffU - number});
  }
  for (const U16 number : {2, 3, 1000, 0xffff}) {
    add({.entries = number});
    add({.entries_here = number});
    add({.disk = number});
    add({.comment = number});
  }
  add({.entries = 0});
  const auto locator = [](U64 at) {
    return "PK\6\7" + bytes_of(U32{0}) + bytes_of(at) + bytes_of(U32{1});
  };
  for (const U64 at : {U64{0}, U64{1}, U64{1} << 40, ~U64{0}, ~U64{0} - 55})
    add({.before = locator(at)});
  const U64 start = zip_of({good}).size() - 22;
  const auto record = [&](U64 entries, U64 size, U64 offset) {
    return "PK\6\6" + bytes_of(U64{44}) + bytes_of(U32{0}) + bytes_of(U64{0}) + bytes_of(entries) +
           bytes_of(entries) + bytes_of(size) + bytes_of(offset) + locator(start);
  };
  for (const U64 large : {U64{1} << 40, U64{1} << 63, ~U64{0}}) {
    add({.before = record(large, 60, 0)});
    add({.before = record(1, large, 0)});
    add({.before = record(1, 60, large)});
    add({.before = record(large, large, large)});
  }
  return files;
}

}  // namespace

std::vector<HostileFile> hostile_zips(const Member& good) {
  std::vector<HostileFile> files = hostile_members(good);
  const auto more = hostile_ends(good);
  files.insert(files.end(), more.begin(), more.end());
  files.push_back({zip_of({good, good}), {"twice"}});
  Member second = good;
  second.name = "b" + good.name;
  second.offset = 0;
  files.push_back({zip_of({good, second})});
  Member same = good;
  same.offset = 0;
  files.push_back({zip_of({good, same}), {"overlaps"}});
  for (const char* text :
       {"", "P", "PK", "PK\3\4", "PK\5\6", "not a zip archive at all, but a text"})
    files.push_back({text});
  files.push_back({std::string(100'000, '\0')});
  files.push_back({"PK\3\4" + std::string(100'000, 'P')});
  return files;
}

}  // namespace xgrad::test

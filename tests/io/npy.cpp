#include <xgrad/io/npy.hpp>

#include <fstream>

#include <zlib.h>

#include <xgrad/graph/memory.hpp>
#include <xgrad/io/file.hpp>

#include "io/files.hpp"
#include "io/folder.hpp"
#include "io/hostile.hpp"
#include "io/states.hpp"
#include "io/zips.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"
#include "zip_writer.hpp"

namespace xgrad {
namespace {

using test::bytes_of;
using test::HostileFile;
using test::IoFolder;
using test::Member;
using test::python_file;
using test::python_numbers;
using test::same_bits;
using test::throws;
using test::zip_of;

std::string npy_of(const std::string& header, const std::string& data = "", char version = 1) {
  std::string bytes = "\x93NUMPY";
  bytes += version;
  bytes += '\0';
  bytes += version == 1 ? bytes_of(static_cast<std::uint16_t>(header.size()))
                        : bytes_of(static_cast<std::uint32_t>(header.size()));
  return bytes + header + data;
}

std::string header_of(const std::string& descr, const std::string& shape,
                      const std::string& order = "False") {
  return "{'descr': " + descr + ", 'fortran_order': " + order + ", 'shape': " + shape + ", }\n";
}

Tensor load(const IoFolder& folder, const std::string& bytes) {
  io::write_file(folder / "x.npy", bytes);
  return io::load_npy(folder / "x.npy");
}

TEST_CASE("an array of each dtype and byte order loads as NumPy wrote it", "[io][npy]") {
  for (const std::string order : {"le_", "be_"}) {
    for (const std::string type : {"i1", "i2", "i4", "i8"})
      CHECK(same_bits(io::load_npy(python_file(order + type + ".npy")),
                      python_numbers({2, 3}, int64)));
    for (const std::string type : {"u1", "u2", "u4"})
      CHECK(same_bits(io::load_npy(python_file(order + type + ".npy")),
                      python_numbers({2, 3}, int64, true)));
    for (const std::string type : {"f2", "f4"})
      CHECK(same_bits(io::load_npy(python_file(order + type + ".npy")),
                      python_numbers({2, 3}, float32)));
    CHECK(same_bits(io::load_npy(python_file(order + "f8.npy")), python_numbers({2, 3}, float64)));
    CHECK(same_bits(io::load_npy(python_file(order + "b1.npy")), python_numbers({2, 3}, bool_)));
  }
}

TEST_CASE("arrays in Fortran order, without axes, empty, of each version", "[io][npy]") {
  CHECK(same_bits(io::load_npy(python_file("fortran.npy")), python_numbers({2, 3, 4}, float32)));
  CHECK(same_bits(io::load_npy(python_file("fortran_be.npy")), python_numbers({5, 4}, float64)));
  CHECK(same_bits(io::load_npy(python_file("scalar.npy")), tensor(-1.25, {.dtype = float64})));
  CHECK(same_bits(io::load_npy(python_file("empty.npy")), zeros({3, 0, 2})));
  for (const char* name : {"version1.npy", "version2.npy", "version3.npy"})
    CHECK(same_bits(io::load_npy(python_file(name)), python_numbers({4}, float32)));
}

TEST_CASE("headers as other writers make them", "[io][npy]") {
  const IoFolder folder;
  const std::string two = bytes_of(1.5F) + bytes_of(-2.0F);
  const Tensor expected = tensor({1.5, -2.0}, {.dtype = float32});
  CHECK(same_bits(
      load(folder, npy_of("{\"shape\":(2,),\"descr\":\"<f4\",\"fortran_order\":False}", two)),
      expected));
  CHECK(same_bits(load(folder, npy_of(header_of("'<f4'", "(2L,)"), two)), expected));
  CHECK(same_bits(load(folder, npy_of(header_of("'=f4'", "( 2 , )", "True"), two)), expected));
  CHECK(same_bits(load(folder, npy_of(header_of("'f4'", "(2,)"), two)), expected));
  CHECK(same_bits(load(folder, npy_of(header_of("'?'", "()"), "\1")), tensor(true)));
}

TEST_CASE("an array that is saved as npy loads with the same bits", "[io][npy]") {
  const IoFolder folder;
  for (const auto& [name, value] : test::odd_tensors()) {
    INFO(name);
    io::save_npy(folder / "x.npy", std::get<Tensor>(value));
    CHECK(same_bits(io::load_npy(folder / "x.npy"), std::get<Tensor>(value)));
  }
  io::save_npy(folder / "x.npy", python_numbers({2, 3}, float64));
  CHECK(io::read_file(folder / "x.npy") == io::read_file(python_file("le_f8.npy")));
}

TEST_CASE("dtypes of NumPy that the library does not have are refused by name", "[io][npy]") {
  const auto refused = [](const std::string& kind, std::initializer_list<std::string> words) {
    const auto path = python_file("refused_" + kind + ".npy");
    CHECK(throws<IoError>([&] { io::load_npy(path); }, words));
    CHECK(throws<IoError>([&] { io::load_npy(path); }, {"load_npy: ", path.string()}));
  };
  refused("object", {"objects", "can run code"});
  refused("structured", {"structured"});
  refused("complex", {"'<c16'", "not supported"});
  refused("uint64", {"'<u8'", "int64"});
  refused("text", {"'<U3'"});
  refused("date", {"'<M8[D]'"});
  CHECK(throws<IoError>([] { io::load_npy(python_file("stored.npz")); }, {"load_npz"}));
  CHECK(throws<IoError>([] { io::load_npz(python_file("scalar.npy")); }, {"load_npy"}));
}

StateDict python_arrays() {
  return {{"a.weight", python_numbers({3, 2}, float32)},
          {"b", python_numbers({}, int64)},
          {"c", zeros({0}, {.dtype = float64})},
          {"d", python_numbers({40, 25}, float64)}};
}

TEST_CASE("archives of NumPy load, stored and deflated", "[io][npz]") {
  CHECK(same_bits(io::load_npz(python_file("stored.npz")), python_arrays()));
  CHECK(same_bits(io::load_npz(python_file("deflated.npz")), python_arrays()));
}

TEST_CASE("a state that is saved as npz loads with the same bits", "[io][npz]") {
  const IoFolder folder;
  for (const bool compress : {false, true}) {
    io::save_npz(folder / "x.npz", test::odd_tensors(), {.compress = compress});
    CHECK(same_bits(io::load_npz(folder / "x.npz"), test::odd_tensors()));
    io::save_npz(folder / "x.npz", {}, {.compress = compress});
    CHECK(io::load_npz(folder / "x.npz").empty());
  }
  io::save_npz(folder / "a.npz", {{"zeros", zeros({1000})}}, {.compress = true});
  CHECK(std::filesystem::file_size(folder / "a.npz") < 400);
  io::save_npz(folder / "x.npz", {{"lr", 0.1}, {"step", 3}, {"on", true}});
  CHECK(same_bits(io::load_npz(folder / "x.npz"), StateDict{{"lr", tensor(0.1, {.dtype = float64})},
                                                            {"step", tensor(3)},
                                                            {"on", tensor(true)}}));
  CHECK(throws<ValueError>(
      [&] {
        io::save_npz(folder / "x.npz", {{"a", "text"}});
      },
      {"save_npz: 'a' is a text"}));
  for (const std::string& name : {std::string("/etc/x"), std::string("a\0b", 3)})
    CHECK(throws<ValueError>(
        [&] {
          io::save_npz(folder / "x.npz", {{name, 1.0}});
        },
        {"save_npz: ", "'/'", "null byte"}));
  CHECK(io::load_npz(folder / "x.npz").size() == 3);  // as it was
}

TEST_CASE("zip64 archives are written and read", "[io][npz]") {
  const IoFolder folder;
  for (const std::uint64_t limit : {0, 50, 150, 300, 1000})  // instead of 4 GiB
    for (const bool compress : {false, true}) {
      io::OutputFile file(folder / "x.npz");
      io::detail::ZipWriter archive(file, limit);
      for (int i = 0; i < 3; ++i)
        archive.add("a" + std::to_string(i) + ".npy", npy_of(header_of("'<f4'", "(1,)")),
                    std::as_bytes(std::span("\0\0\x80?", 4)), compress);
      archive.finish();
      file.commit();
      const StateDict state = io::load_npz(folder / "x.npz");
      REQUIRE(state.size() == 3);
      CHECK(same_bits(state.get<Tensor>("a2"), tensor({1.0}, {.dtype = float32})));
    }
}

TEST_CASE("members that other programs add are read or refused by name", "[io][npz]") {
  const IoFolder folder;
  const std::string one = npy_of(header_of("'<f4'", "(1,)"), bytes_of(1.0F));
  io::write_file(folder / "x",
                 zip_of({{.name = "folder/"}, {.name = "folder/a.npy", .data = one}}, "a comment"));
  CHECK(io::load_npz(folder / "x").contains("folder/a"));
  io::write_file(folder / "x", zip_of({{.name = "readme.txt", .data = "text"}}));
  CHECK(throws<IoError>([&] { io::load_npz(folder / "x"); }, {"'readme.txt'", ".npy"}));
}

TEST_CASE("a member that inflates beyond its header is stopped there", "[io][npz]") {
  const IoFolder folder;
  const std::string header = header_of("'<f4'", "(1,)");
  const std::string bomb = npy_of(header, std::string(200 << 20, '\0'));
  // 200 MiB of zeros that claim to be 4 bytes.
  io::write_file(
      folder / "x",
      zip_of(
          {{.name = "a.npy", .data = bomb, .deflate = true, .size = npy_of(header).size() + 4}}));
  release_cached_memory();
  reset_peak_memory();
  const std::size_t before = memory_stats().current;
  CHECK(throws<IoError>([&] { io::load_npz(folder / "x"); }, {"'a.npy'", "inflates to more than"}));
  CHECK(memory_stats().peak - before < 4096);
}

std::vector<HostileFile> hostile_arrays() {
  const std::string good = header_of("'<f4'", "(1,)");
  std::vector<HostileFile> files;
  const auto add = [&](const std::string& header, std::vector<std::string> words,
                       const std::string& data = "1234") {
    files.push_back({npy_of(header, data), std::move(words)});
  };
  for (const char* text : {"",
                           " ",
                           "{",
                           "}",
                           "{}",
                           "{}x",
                           "[]",
                           "None",
                           "{'descr'}",
                           "{'descr': }",
                           "{'descr': '<f4'}",
                           "{'descr': '<f4', 'shape': (1,)}",
                           "{'fortran_order': False, 'shape': (1,)}",
                           "{'descr': '<f4', 'fortran_order': False}",
                           "{descr: '<f4'}",
                           "{'descr': '<f4}",
                           "{'descr': <f4, 'fortran_order': False, 'shape': (1,)}",
                           "{'a': 1}",
                           "{1: 2}",
                           "{'descr': '<f4' 'x'}",
                           "{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}",
                           "{'descr': '<f4', 'fortran_order': false, 'shape': (1,)}",
                           "import os"})
    add(text, {});
  add(good + "x", {"follows"});
  add(std::string("{'descr': '<f4\0', 'fortran_order': False, 'shape': (1,)}", 56),
      {"not supported"});
  add("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)}",
      {"'descr' occurs twice"});
  add("{'descr': '<f4', 'shape': (1,), 'fortran_order': False, 'shape': (1,)}",
      {"'shape' occurs twice"});
  add("{'descr': '<f4', 'shape': (1,), 'fortran_order': False, 'fortran_order': True}", {"twice"});
  add("{'descr': '<f4', 'shape': (1,), 'fortran_order': False, 'more': 1}", {"unknown key 'more'"});
  for (const char* descr :
       {"''",    "'<'",    "'<f'", "'<f3'", "'<f44'", "'<<f4'", "'<f16'", "'<c8'",  "'|S4'",
        "'|V4'", "'<m8'",  "'x'",  "'|O'",  "'O'",    "'|O8'",  "'<f-4'", "'<i16'", "'<u8'",
        "'>U1'", "'<f4 '", "'>O'", "'f'",   "'4f'",   "'<'",    "'|b2'"})
    add(header_of(descr, "(1,)"), {"the array"});
  add(header_of("[('a', '<f4')]", "(1,)"), {"structured"});
  add(header_of("['<f4']", "(1,)"), {"structured"});
  add(header_of("4", "(1,)"), {"a text"});
  for (const char* shape :
       {"1", "(1)", "[1]", "(-1,)", "(1.0,)", "('1',)", "((1,),)", "(1,", "1,)", "(,)", "(1,,)",
        "(1 1)", "None", "(18446744073709551616,)", "(0x1,)", "(True,)", "(1,)(1,)"})
    add(header_of("'<f4'", shape), {"the array"});
  for (const char* shape :
       {"(18446744073709551615,)", "(9223372036854775807,)", "(4611686018427387904, 4)",
        "(4294967296, 4294967296)", "(0, 4294967296, 4294967296)"})
    add(header_of("'<f4'", shape), {"too large"});
  add(header_of("'<f4'", "(2,)"), {"truncated", "takes 8 bytes, and 4 follow"});
  add(header_of("'<f4'", "(1000000000000,)"), {"truncated"});
  add(header_of("'>f8'", "(100000, 10000000)", "True"), {"truncated"});
  add(header_of("'<f4'", "()"), {"too long"}, "12345");
  add(header_of("'<f4'", "(0,)"), {"too long"}, "1");
  add(header_of("'<f4'", "(1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1)"), {"17 axes"});
  add(header_of(
          "'<f4'", "(" +
                       [] {
                         std::string ones;
                         for (int i = 0; i < 1000; ++i) ones += "1,";
                         return ones;
                       }() +
                       ")"),
      {"64 axes"});
  add(header_of("'|b1'", "(4,)"), {"a bool is"});
  for (const int version : {0, 4, 127, -1})
    files.push_back({npy_of(good, "1234", static_cast<char>(version)), {"version"}});
  std::string bytes = npy_of(good, "1234", 2);
  for (const std::uint32_t length : {~0U, 1U << 31, 1U << 20, 200U}) {
    bytes.replace(8, 4, bytes_of(length));
    files.push_back({bytes, {"the header has"}});
  }
  for (std::size_t i = 0; i < 6; ++i) {
    bytes = npy_of(good, "1234");
    bytes[i] = 'x';
    files.push_back({bytes, {"\\x93NUMPY"}});
  }
  return files;
}

TEST_CASE("hostile npy files are refused by name and reason", "[io][npy][hostile]") {
  const auto load_it = [](const auto& path) { io::load_npy(path); };
  CHECK(hostile_arrays().size() >= 100);
  test::check_refused(hostile_arrays(), load_it);
  test::check_refused(test::beginnings(io::read_file(python_file("be_f8.npy"))), load_it);
  test::check_mutations(io::read_file(python_file("fortran.npy")), 3000, load_it);
}

std::vector<HostileFile> hostile_archives() {
  const std::string one = npy_of(header_of("'<f4'", "(1,)"), bytes_of(1.0F));
  std::vector<HostileFile> files = test::hostile_zips({.name = "a.npy", .data = one});
  const auto add = [&](const Member& member, std::vector<std::string> words) {
    files.push_back({zip_of({member}), std::move(words)});
  };
  add({.name = ".npy", .data = one}, {"'.npy'", "non-empty"});
  add({.name = "a..b.npy", .data = one}, {"'a..b.npy'"});
  add({.name = "", .data = one}, {"member ''"});
  add({.name = "a", .data = one}, {"member 'a'"});
  add({.name = std::string("a\0.npy", 6), .data = ""}, {"'a\\x00.npy'"});
  add({.name = "a.npy", .data = ""}, {"'a.npy'", "0 bytes"});
  add({.name = "a.npy", .data = "x", .deflate = true}, {"'a.npy'", "1 bytes"});
  add({.name = "a.npy", .data = one + "x"}, {"'a.npy'", "too long"});
  for (const HostileFile& array : hostile_arrays()) {
    add({.name = "a.npy", .data = array.bytes}, {"'a.npy'"});
    add({.name = "a.npy", .data = array.bytes, .deflate = true}, {"'a.npy'"});
  }
  return files;
}

TEST_CASE("hostile npz files are refused by name and reason", "[io][npz][hostile]") {
  const auto load_it = [](const auto& path) { io::load_npz(path); };
  CHECK(hostile_archives().size() >= 100);
  test::check_refused(hostile_archives(), load_it);
  for (const char* name : {"stored.npz", "deflated.npz"}) {
    const std::string bytes = io::read_file(python_file(name));
    test::check_refused(test::beginnings(bytes.substr(0, 100)), load_it);
    test::check_refused({{bytes.substr(0, bytes.size() - 1)},
                         {bytes.substr(0, bytes.size() / 2)},
                         {bytes.substr(0, bytes.size() - 30)},
                         {bytes.substr(1)},
                         {bytes + "x"},
                         {"x" + bytes}},
                        load_it);
    test::check_mutations(bytes, 3000, load_it);
  }
}

}  // namespace
}  // namespace xgrad

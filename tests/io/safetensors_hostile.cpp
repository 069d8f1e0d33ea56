#include <xgrad/io/file.hpp>
#include <xgrad/io/safetensors.hpp>

#include "io/folder.hpp"
#include "io/hostile.hpp"
#include "io/safetensors_bytes.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"

namespace xgrad {
namespace {

using test::bytes_of;
using test::entry;
using test::file_of;
using test::HostileFile;
using test::IoFolder;

std::string valid_file() {
  const IoFolder folder;
  StateDict state{{"a", tensor({1.0, 2.0})}, {"b", tensor({true})}, {"n", 3}};
  io::save_safetensors(folder / "x", state, {{"k", "v"}});
  return io::read_file(folder / "x");
}

std::vector<HostileFile> hostile_lengths() {
  std::vector<HostileFile> files;
  for (const std::uint64_t length :
       {std::uint64_t{3}, std::uint64_t{100'000'001}, ~std::uint64_t{0}, ~std::uint64_t{0} - 7,
        std::uint64_t{1} << 63, (std::uint64_t{1} << 63) - 1, std::uint64_t{1} << 40})
    files.push_back({bytes_of(length) + "{}", {"header"}});
  files.push_back({bytes_of(std::uint64_t{100'000'000}) + "{}", {"is truncated"}});
  files.push_back({file_of(""), {"must start with '{'"}});
  return files;
}

std::vector<HostileFile> hostile_json() {
  std::vector<HostileFile> files;
  for (const char* header : {"{",
                             "}",
                             "[]",
                             "null",
                             "1",
                             "\"a\"",
                             "{}}",
                             "{} x",
                             "{,}",
                             "{\"a\"}",
                             "{\"a\":}",
                             "{'a':{}}",
                             "{\"a\":{}",
                             "\xef\xbb\xbf{}",
                             " {}",
                             "{\"\xff\":{}}",
                             "{\"a\\ud800\":{}}",
                             "{/**/}",
                             "{\"a\":NaN}",
                             "{}\xff",
                             "{\"a\":{\"dtype\":\"F32\",}}",
                             "{\"a\":[0}",
                             "{\"\\q\":1}"})
    files.push_back({file_of(header)});
  files.push_back({file_of(std::string("{}\0", 3)), {"JSON"}});
  files.push_back({file_of(std::string("{\"a\0\":1}", 8)), {"JSON"}});
  for (const char* value : {"1", "-1", "1.5", "null", "true", "\"text\"", "[]", "[1]", "[[1]]"})
    files.push_back({file_of(std::string(R"({"a":)") + value + "}"), {"not expected"}});
  for (const char* value : {"1", "-1", "null", "[]", "{}", "[\"a\"]", "{\"a\":\"b\"}", "false"}) {
    files.push_back({file_of(std::string(R"({"__metadata__":{"a":)") + value + "}}"),
                     {"__metadata__", "not expected"}});
    if (value[0] != '{')
      files.push_back(
          {file_of(std::string(R"({"__metadata__":)") + value + "}"), {"__metadata__"}});
  }
  // Nested a million times.
  std::string deep = "{\"a\":";
  for (int i = 0; i < 1'000'000; ++i) deep += "{\"shape\":";
  files.push_back({file_of(deep), {"an object at 'shape'"}});
  files.push_back({file_of("{\"a\":{\"shape\":" + std::string(1'000'000, '[')), {"a list"}});
  files.push_back({file_of("{\"__metadata__\":" + std::string(1'000'000, '['))});
  return files;
}

std::vector<HostileFile> hostile_entries() {
  const std::string good = entry("F32", "[1]", "[0,4]");
  const auto one = [](const std::string& value, std::vector<std::string> words,
                      const std::string& data = "1234") {
    return HostileFile{file_of(R"({"a":)" + value + "}", data), std::move(words)};
  };
  return {
      {file_of(R"({"a":)" + good + R"(,"a":)" + good + "}", "1234"), {"'a'", "twice"}},
      {file_of(R"({"__metadata__":{},"__metadata__":{}})"), {"__metadata__", "two"}},
      {file_of(R"({"__metadata__":{"a":"b","a":"c"}})"), {"'a' occurs twice"}},
      one(R"({"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]})", {"dtype", "twice"}),
      one(R"({"dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4]})", {"shape", "twice"}),
      one(R"({"dtype":"F32","shape":[1],"data_offsets":[0,4],"data_offsets":[0,4]})", {"twice"}),
      one(R"({"shape":[1],"data_offsets":[0,4]})", {"'a'", "dtype is missing"}),
      one(R"({"dtype":"F32","data_offsets":[0,4]})", {"shape is missing"}),
      one(R"({"dtype":"F32","shape":[1]})", {"data_offsets is missing"}),
      one("{}", {"dtype is missing"}),
      one(R"({"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1})", {"unknown key 'x'"}),
      one(R"({"dtype":"F33","shape":[1],"data_offsets":[0,4]})", {"unknown dtype 'F33'"}),
      one(R"({"dtype":"f32","shape":[1],"data_offsets":[0,4]})", {"unknown dtype"}),
      one(R"({"dtype":"","shape":[1],"data_offsets":[0,4]})", {"unknown dtype"}),
      one(R"({"dtype":1,"shape":[1],"data_offsets":[0,4]})", {"number 1"}),
      one(R"({"dtype":["F32"],"shape":[1],"data_offsets":[0,4]})", {"a list"}),
      one(R"({"dtype":null,"shape":[1],"data_offsets":[0,4]})", {"null"}),
      one(R"({"dtype":"F32","shape":1,"data_offsets":[0,4]})", {"number 1"}),
      one(R"({"dtype":"F32","shape":"1","data_offsets":[0,4]})", {"text '1'"}),
      one(R"({"dtype":"F32","shape":["1"],"data_offsets":[0,4]})", {"text '1'"}),
      one(R"({"dtype":"F32","shape":[[1]],"data_offsets":[0,4]})", {"a list"}),
      one(R"({"dtype":"F32","shape":[{}],"data_offsets":[0,4]})", {"an object"}),
      one(R"({"dtype":"F32","shape":{},"data_offsets":[0,4]})", {"an object"}),
      one(R"({"dtype":"F32","shape":null,"data_offsets":[0,4]})", {"null"}),
      one(entry("F32", "[-1]", "[0,4]"), {"number -1"}),
      one(entry("F32", "[1.0]", "[0,4]"), {"number '1.0'"}),
      one(entry("F32", "[1e0]", "[0,4]"), {"number"}),
      one(entry("F32", "[18446744073709551616]", "[0,4]"), {"number"}),
      one(entry("F32", "[18446744073709551615]", "[0,4]"), {"too large"}),
      one(entry("F32", "[4611686018427387904, 4]", "[0,4]"), {"too large"}),
      one(entry("F32", "[4294967296, 4294967296]", "[0,0]"), {"too large"}, ""),
      one(entry("F32", "[0, 9223372036854775808]", "[0,0]"), {"too large"}, ""),
      one(entry("F32", "[0, 4294967296, 4294967296]", "[0,0]"), {"too large"}, ""),
      one(entry("F32", "[2]", "[0,4]"), {"shape [2] of F32 takes 8 bytes"}),
      one(entry("F32", "[]", "[0,0]"), {"takes 4 bytes"}, ""),
      one(entry("F64", "[1]", "[0,4]"), {"takes 8 bytes"}),
      one(entry("F4", "[3]", "[0,2]"), {"whole bytes"}, "12"),
      one(entry("F32", "[1]", "[4,0]"), {"[4, 0]"}),
      one(entry("F32", "[1]", "[0]"), {"[0]"}),
      one(entry("F32", "[1]", "[]"), {"[]"}),
      one(entry("F32", "[1]", "[0,4,8]"), {"too long"}),
      one(entry("F32", "[1]", "[-4,0]"), {"number -4"}),
      one(entry("F32", "[1]", "[1,5]"), {"begin at 1 instead of 0"}, "12345"),
      one(entry("F32", "[1]", "[0,4]"), {"is truncated"}, "123"),
      one(entry("F32", "[1]", "[0,4]"), {"is too long"}, "12345"),
      one(entry("F32", "[1]", "[18446744073709551612,18446744073709551615]"), {"takes 4 bytes"}),
      one(entry("U8", "[4611686018427387904]", "[0,4611686018427387904]"), {"'a'", "too large"}),
      one(entry("U8", "[100000000000]", "[0,100000000000]"), {"is truncated"}),
      one(entry("F64", "[100000000000]", "[0,800000000000]"), {"is truncated"}),
      one(entry("BOOL", "[4]", "[0,4]"), {"'a'", "a bool is"}),
      one(entry("F32", "[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]", "[0,4]"), {"17 axes"}),
      one(entry(
              "F32",
              "[" + std::string(1, '1') +
                  [] {
                    std::string ones;
                    for (int i = 0; i < 1'000'000; ++i) ones += ",1";
                    return ones;
                  }() +
                  "]",
              "[0,4]"),
          {"too long"}),
      // Overlaps and gaps.
      {file_of(R"({"a":)" + good + R"(,"b":)" + good + "}", "1234"), {"instead of 4"}},
      {file_of(R"({"a":)" + good + R"(,"b":)" + entry("F32", "[1]", "[3,7]") + "}", "1234567"),
       {"'b'", "begin at 3 instead of 4"}},
      {file_of(R"({"a":)" + good + R"(,"b":)" + entry("F32", "[1]", "[5,9]") + "}", "123456789"),
       {"'b'", "begin at 5 instead of 4"}},
      {file_of(R"({"a":)" + good + R"(,"b":)" + entry("F32", "[0]", "[2,2]") + "}", "1234"),
       {"'b'", "begin at 2 instead of 4"}},
      {file_of(R"({"a":)" + good + R"(,"b":)" + entry("F32", "[0]", "[5,5]") + "}", "1234"),
       {"'b'"}},
      {file_of("{}", "1"), {"is too long"}},
      // Names that a StateDict does not have.
      {file_of(R"({"":)" + good + "}", "1234"), {"parts"}},
      {file_of(R"({"a..b":)" + good + "}", "1234"), {"'a..b'"}},
      {file_of(R"({".a":)" + good + "}", "1234"), {"'.a'"}},
      {file_of(R"({"a\n":)" + entry("F3", "[1]", "[0,4]") + "}", "1234"), {"'a\\x0a'"}},
      {file_of("{\"" + std::string(1'000'000, 'n') + "\":" + entry("F3", "[1]", "[0,4]") + "}",
               "1234"),
       {"nnn...'"}},
  };
}

std::vector<HostileFile> hostile_values() {
  std::vector<HostileFile> files;
  for (const char* value :
       {"", "double", "double 1", "double 1 ", "double x 1", "double 1 x", "double -1 1",
        "double 1 1 ", "int64 1 1.5", "int64 1 9223372036854775808", "bool 1 1", "bool 1 TRUE",
        "float 1 1", "double 99999999999999999999 1", "Double 1 1", "shared 0 no", "shared 0 ",
        " "})
    files.push_back(
        {file_of(std::string(R"({"__metadata__":{"xgrad:v":")") + value + R"("}})"), {"v"}});
  files.push_back({file_of(R"({"__metadata__":{"xgrad:":"bool 1 true"}})"), {"'xgrad:'"}});
  files.push_back({file_of(R"({"__metadata__":{"xgrad:a..b":"bool 1 true"}})"), {"a..b"}});
  files.push_back({file_of(R"({"__metadata__":{"xgrad:a":"bool 1 true","xgrad:b":"bool 1 true"}})"),
                   {"xgrad:b"}});
  files.push_back({file_of(R"({"__metadata__":{"xgrad:a":"bool 1 true"},"a":)" +
                               entry("F32", "[1]", "[0,4]") + "}",
                           "1234"),
                   {"'a' is both a tensor and a value"}});
  return files;
}

TEST_CASE("hostile safetensors files are refused by name and reason",
          "[io][safetensors][hostile]") {
  CHECK(hostile_json().size() + hostile_entries().size() >= 100);
  for (const auto& files : {hostile_lengths(), hostile_json(), hostile_entries(), hostile_values(),
                            test::beginnings(valid_file())})
    test::check_refused(files, [](const auto& path) { io::load_safetensors(path); });
}

TEST_CASE("changed bytes of a safetensors file do no harm", "[io][safetensors][hostile]") {
  test::check_mutations(valid_file(), 3000, [](const auto& path) { io::load_safetensors(path); });
}

}  // namespace
}  // namespace xgrad

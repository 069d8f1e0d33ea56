#include <xgrad/io/safetensors.hpp>

#include <cstring>

#include <sys/resource.h>

#include <xgrad/graph/memory.hpp>
#include <xgrad/io/file.hpp>

#include "io/folder.hpp"
#include "io/hostile.hpp"
#include "io/states.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"

namespace xgrad {
namespace {

using test::bytes_of;
using test::HostileFile;
using test::IoFolder;
using test::same_bits;
using test::throws;

std::string file_of(const std::string& header, const std::string& data = "") {
  return bytes_of(std::uint64_t{header.size()}) + header + data;
}

// A tensor's entry: {"dtype":"F32","shape":[2],"data_offsets":[0,8]}.
std::string entry(const std::string& dtype, const std::string& shape, const std::string& offsets) {
  return R"({"dtype":")" + dtype + R"(","shape":)" + shape + R"(,"data_offsets":)" + offsets + "}";
}

StateDict load(const IoFolder& folder, const std::string& bytes) {
  io::write_file(folder / "x.safetensors", bytes);
  return io::load_safetensors(folder / "x.safetensors");
}

StateDict saved_and_loaded(const StateDict& state,
                           io::SharedTensors shared = io::SharedTensors::copied) {
  const IoFolder folder;
  io::save_safetensors(folder / "x.safetensors", state, {}, shared);
  return io::load_safetensors(folder / "x.safetensors");
}

TEST_CASE("a state that is saved as safetensors loads with the same bits", "[io][safetensors]") {
  CHECK(same_bits(saved_and_loaded(test::odd_tensors()), test::odd_tensors()));
  CHECK(same_bits(saved_and_loaded(test::odd_state()), test::odd_state()));
  CHECK(saved_and_loaded({}).empty());
  CHECK(same_bits(saved_and_loaded({{"only", 1.5}}), StateDict{{"only", 1.5}}));
}

TEST_CASE("a file has the bytes that the format says", "[io][safetensors]") {
  const IoFolder folder;
  StateDict state{{"b", tensor({true})}, {"a.w", tensor({{1.0F, 2.0F}}, {.dtype = float32})}};
  io::save_safetensors(folder / "x", state, {{"format", "pt"}});
  std::string header = R"({"__metadata__":{"format":"pt"},)"
                       R"("b":{"dtype":"BOOL","shape":[1],"data_offsets":[8,9]},)"
                       R"("a.w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}})";
  header.resize((header.size() + 7) / 8 * 8, ' ');
  CHECK(io::read_file(folder / "x") ==
        file_of(header, bytes_of(1.0F) + bytes_of(2.0F) + std::string(1, '\1')));
}

TEST_CASE("metadata are kept, and numbers are not among them", "[io][safetensors]") {
  const IoFolder folder;
  const io::Metadata metadata{{"format", "pt"}, {"note", "\xc3\xa9\n"}};
  io::save_safetensors(folder / "x", test::odd_state(), metadata);
  CHECK(io::SafetensorsFile(folder / "x").metadata() == metadata);
}

TEST_CASE("small dtypes are widened without loss", "[io][safetensors]") {
  const IoFolder folder;
  const auto widened = [&](const std::string& dtype, const std::string& data, std::size_t size) {
    const std::string count = std::to_string(data.size() / size);
    return load(folder, file_of(R"({"x":)" +
                                    entry(dtype, "[" + count + "]",
                                          "[0," + std::to_string(data.size()) + "]") +
                                    "}",
                                data))
        .get<Tensor>("x");
  };
  constexpr double inf = std::numeric_limits<double>::infinity();
  CHECK(same_bits(widened("I8", "\x80\x7f\xff", 1), tensor({-128, 127, -1})));
  CHECK(same_bits(widened("U8", "\x80\x7f\xff", 1), tensor({128, 127, 255})));
  CHECK(same_bits(widened("I16", bytes_of<std::int16_t>(-32768), 2), tensor({-32768})));
  CHECK(same_bits(widened("U16", bytes_of<std::uint16_t>(65535), 2), tensor({65535})));
  CHECK(same_bits(widened("I32", bytes_of<std::int32_t>(-2147483648), 4), tensor({-2147483648LL})));
  CHECK(same_bits(widened("U32", bytes_of<std::uint32_t>(4294967295U), 4), tensor({4294967295LL})));
  // numpy.array([1, -2, 65504, 6e-8, inf, nan], 'float16').view('uint16')
  const std::uint16_t halves[] = {0x3c00, 0xc000, 0x7bff, 0x0001, 0x7c00, 0x7e00};
  CHECK(test::all_close(
      widened("F16", std::string(reinterpret_cast<const char*>(halves), sizeof halves), 2),
      tensor({1.0, -2.0, 65504.0, 0x1p-24, inf, NAN}), 0));
  CHECK(test::all_close(widened("BF16", std::string("\x80\x3f\x80\xff\xc0\x7f\x01\x00", 8), 2),
                        tensor({1.0, -inf, NAN, 0x1p-133}), 0));
  // The limits that OCP's specification of 8-bit floats names.
  CHECK(test::all_close(widened("F8_E4M3", "\x7e\x01\x07\x08\xb8\x7f", 1),
                        tensor({448.0, 0x1p-9, 0.875 * 0x1p-6, 0x1p-6, -1.0, NAN}), 0));
  CHECK(test::all_close(widened("F8_E5M2", "\x7b\x01\x03\x04\xbc\x7c\x7f", 1),
                        tensor({57344.0, 0x1p-16, 0.75 * 0x1p-14, 0x1p-14, -1.0, inf, NAN}), 0));
}

TEST_CASE("every float16 becomes the number that its bits say", "[io][safetensors]") {
  const IoFolder folder;
  std::string data;
  for (unsigned bits = 0; bits < 65536; ++bits) data += bytes_of(static_cast<std::uint16_t>(bits));
  const Tensor x =
      load(folder, file_of(R"({"x":)" + entry("F16", "[65536]", "[0,131072]") + "}", data))
          .get<Tensor>("x");
  int wrong = 0;
  for (unsigned bits = 0; bits < 65536; ++bits) {
    const double fraction = bits & 1023;
    const int exponent = bits >> 10 & 31;
    double expected = exponent == 0    ? std::ldexp(fraction, -24)
                      : exponent == 31 ? (fraction == 0 ? INFINITY : NAN)
                                       : std::ldexp(1024 + fraction, exponent - 25);
    expected = std::copysign(expected, bits < 32768 ? 1.0 : -1.0);
    const double got = x.data<float>()[bits];
    wrong += !(std::memcmp(&got, &expected, 8) == 0 || (std::isnan(got) && std::isnan(expected)));
  }
  CHECK(wrong == 0);
}

TEST_CASE("dtypes that the library does not have are refused by name", "[io][safetensors]") {
  const IoFolder folder;
  const auto all = file_of(
      R"({"u":)" + entry("U64", "[1]", "[0,8]") + R"(,"f":)" + entry("F32", "[1]", "[8,12]") + "}",
      std::string(8, '\0') + bytes_of(2.5F));
  CHECK(throws<IoError>([&] { load(folder, all); },
                        {"load_safetensors: ", "x.safetensors: tensor 'u'", "U64", "I64"}));
  const io::SafetensorsFile file(folder / "x.safetensors");
  CHECK(file.tensor("f").item<float>() == 2.5F);  // the others can be read
  for (const char* dtype : {"C64", "F4", "F6_E2M3", "F6_E3M2", "F8_E8M0"}) {
    const std::string bytes = dtype[0] == 'C'   ? "64"
                              : dtype[1] == '4' ? "4"
                              : dtype[1] == '6' ? "6"
                                                : "8";
    CHECK(throws<IoError>(
        [&] {
          load(folder, file_of(R"({"u":)" + entry(dtype, "[8]", "[0," + bytes + "]") + "}",
                               std::string(std::stoul(bytes), '\0')));
        },
        {"tensor 'u'", dtype, "not supported"}));
  }
}

TEST_CASE("entries may stand in any order, with spaces, and without metadata",
          "[io][safetensors]") {
  const IoFolder folder;
  const StateDict state =
      load(folder, file_of("{ \"b\" : " + entry("F32", "[]", "[8,12]") +
                               ",\n\"e\":" + entry("F64", "[0]", "[8,8]") +
                               ",\"a\":" + entry("I64", "[1]", "[0,8]") + " }  \n ",
                           bytes_of(std::int64_t{5}) + bytes_of(1.5F)));
  CHECK(same_bits(state, StateDict{{"b", tensor(1.5F, {.dtype = float32})},
                                   {"e", zeros({0}, {.dtype = float64})},
                                   {"a", tensor({5})}}));
  CHECK(load(folder, file_of("{}")).empty());
  CHECK(load(folder, file_of(R"({"__metadata__":{}})")).empty());
}

TEST_CASE("tensors that share memory are written as often as asked", "[io][safetensors]") {
  const Tensor w = test::uniform({4, 3}, -1, 1, 1, float32);
  const StateDict tied{{"embedding.weight", w},
                       {"scale", 0.5},
                       {"other", tensor({1.0})},
                       {"head.weight", w.detach()}};
  const IoFolder folder;
  io::save_safetensors(folder / "copied", tied);
  io::save_safetensors(folder / "once", tied, {}, io::SharedTensors::once);
  CHECK(std::filesystem::file_size(folder / "copied") >
        std::filesystem::file_size(folder / "once") + 40 - 100);

  const StateDict copied = io::load_safetensors(folder / "copied");
  CHECK(same_bits(copied, tied));
  CHECK(copied.get<Tensor>("embedding.weight").data<float>() !=
        copied.get<Tensor>("head.weight").data<float>());

  const StateDict once = io::load_safetensors(folder / "once");
  CHECK(same_bits(once, tied));
  CHECK(once.get<Tensor>("embedding.weight").data<float>() ==
        once.get<Tensor>("head.weight").data<float>());
  const io::SafetensorsFile file(folder / "once");
  CHECK(file.names() == std::vector<std::string>{"embedding.weight", "other"});
  CHECK(file.metadata() == io::Metadata{{"head.weight", "embedding.weight"}});
}

TEST_CASE("the names of Python's save_model give the tensor that was kept", "[io][safetensors]") {
  const IoFolder folder;
  const StateDict state =
      load(folder, file_of(R"({"__metadata__":{"format":"pt","head.weight":"embedding.weight"},)"
                           R"("embedding.weight":)" +
                               entry("F32", "[1]", "[0,4]") + "}",
                           bytes_of(3.0F)));
  CHECK(state.size() == 2);
  CHECK(state.get<Tensor>("head.weight").item<float>() == 3.0F);
}

TEST_CASE("one tensor of a file is read alone", "[io][safetensors]") {
  const IoFolder folder;
  const Tensor small = tensor({1.0, 2.0, 3.0});
  io::save_safetensors(folder / "x", {{"large", zeros({1 << 22})}, {"small", small}});
  release_cached_memory();
  reset_peak_memory();
  const std::size_t before = memory_stats().current;
  const io::SafetensorsFile file(folder / "x");
  CHECK(same_bits(file.tensor("small"), small));
  CHECK(memory_stats().peak - before < 4096);
  CHECK(file.names() == std::vector<std::string>{"large", "small"});
  CHECK(file.shape("large") == std::vector<std::int64_t>{1 << 22});
  CHECK(file.dtype("large") == "F32");
  CHECK(file.contains("small"));
  CHECK_FALSE(file.contains("no"));
  CHECK(throws<ValueError>([&] { file.tensor("no"); }, {"there is no tensor 'no'", "/x"}));
}

TEST_CASE("what the format cannot hold is refused, and no file is written", "[io][safetensors]") {
  const IoFolder folder;
  const auto save = [&](const StateDict& state, const io::Metadata& metadata = {}) {
    return [&folder, state, metadata] { io::save_safetensors(folder / "x", state, metadata); };
  };
  CHECK(throws<ValueError>(save({{"__metadata__", 1.0}}), {"save_safetensors", "__metadata__"}));
  CHECK(throws<ValueError>(save({{"a", "\xff"}}), {"save_safetensors", "UTF-8"}));
  CHECK(throws<ValueError>(save({{"a\xff", tensor(1.0)}}), {"UTF-8", "a\\xff"}));
  CHECK(throws<ValueError>(save({}, {{"xgrad:a", "b"}}), {"'xgrad:a'"}));
  CHECK(throws<ValueError>(save({}, {{"a", "\xff"}}), {"UTF-8"}));
  CHECK(throws<IoError>([] { io::save_safetensors("/no/such/x", {}); },
                        {"save_safetensors: /no/such/x", "safetensors.cpp"}));
  CHECK(folder.names().empty());
}

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
      {file_of("{\"" + std::string(1'000'000, 'n') + "\":" + entry("F3", "[1]", "[0,4]") + "}"),
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

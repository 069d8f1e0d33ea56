#include <xgrad/io/safetensors.hpp>

#include <cstring>

#include <xgrad/graph/memory.hpp>
#include <xgrad/io/file.hpp>

#include "io/folder.hpp"
#include "io/hostile.hpp"
#include "io/safetensors_bytes.hpp"
#include "io/states.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"

namespace xgrad {
namespace {

using test::bytes_of;
using test::entry;
using test::file_of;
using test::IoFolder;
using test::same_bits;
using test::throws;

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
  CHECK(file.contains("head.weight"));
  CHECK(same_bits(file.tensor("head.weight"), w));
}

TEST_CASE("metadata that happen to be names of tensors are no tensors", "[io][safetensors]") {
  const IoFolder folder;
  const std::string one = R"({"dtype":"F32","shape":[1],"data_offsets":[0,4]})";
  const StateDict state = load(
      folder, file_of(R"({"__metadata__":{"format":"weight","title":"weight","part":"a.weight"},)"
                      R"("weight":)" +
                          one + "}",
                      std::string(4, '\0')));
  CHECK(state.size() == 1);
  CHECK(state.contains("weight"));
}

TEST_CASE("a tensor of ours that is written once may have names of any form", "[io][safetensors]") {
  const IoFolder folder;
  const Tensor shared = tensor({1.0, 2.0});
  const StateDict state{{"a.weight", shared}, {"b.w", shared}};
  io::save_safetensors(folder / "x", state, {}, io::SharedTensors::once);
  CHECK(same_bits(io::load_safetensors(folder / "x"), state));
  const io::SafetensorsFile file(folder / "x");
  CHECK(file.contains("b.w"));
  CHECK(same_bits(file.tensor("b.w"), shared));
}

TEST_CASE("an odd tensor does not keep the others of a file from being read", "[io][safetensors]") {
  const IoFolder folder;
  io::write_file(folder / "x",
                 file_of(R"({"a..b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
                         R"("c":{"dtype":"F8_E4M3FNUZ","shape":[4],"data_offsets":[4,8]},)"
                         R"("d":{"dtype":"BOOL","shape":[1],"data_offsets":[8,9]}})",
                         std::string(9, '\0')));
  const io::SafetensorsFile file(folder / "x");
  CHECK(file.names() == std::vector<std::string>{"a..b", "c", "d"});
  CHECK(same_bits(file.tensor("d"), tensor({false})));
  CHECK(same_bits(file.tensor("a..b"), tensor({0.0}, {.dtype = float32})));
  CHECK(file.dtype("c") == "F8_E4M3FNUZ");
  CHECK(throws<IoError>([&] { file.tensor("c"); }, {"tensor 'c'", "unknown dtype 'F8_E4M3FNUZ'"}));
  CHECK(throws<IoError>([&] { io::load_safetensors(folder / "x"); },
                        {"tensor 'a..b'", "parts separated by dots"}));
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

}  // namespace
}  // namespace xgrad

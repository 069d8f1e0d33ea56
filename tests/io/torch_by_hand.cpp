// Files of PyTorch made by hand: pickles, storages and archives.
#include <xgrad/io/torch.hpp>

#include <algorithm>
#include <limits>

#include <xgrad/io/file.hpp>

#include "io/files.hpp"
#include "io/folder.hpp"
#include "io/hostile.hpp"
#include "io/zips.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"

namespace xgrad {
namespace {

using test::bytes_of;
using test::HostileFile;
using test::IoFolder;
using test::python_file;
using test::same_bits;
using test::zip_of;

std::string text(const std::string& s) {
  return "X" + bytes_of(static_cast<std::uint32_t>(s.size())) + s;
}
std::string global(const std::string& module, const std::string& name) {
  return "c" + module + "\n" + name + "\n";
}
std::string integer(std::int64_t n) { return "\x8a\x08" + bytes_of(n); }

// A pickle of {"x": value}.
std::string dict_of(const std::string& value, const std::string& key = text("x")) {
  return "\x80\x02}" + key + value + "s.";
}
std::string storage(const std::string& type = "FloatStorage", std::int64_t count = 4,
                    const std::string& key = "0") {
  return "(" + text("storage") + global("torch", type) + text(key) + text("cpu") + integer(count) +
         "tQ";
}
std::string list(const std::vector<std::int64_t>& numbers) {
  std::string all = "(";
  for (const auto n : numbers) all += integer(n);
  return all + "t";
}
std::string tensor_of(std::int64_t offset, const std::vector<std::int64_t>& sizes,
                      const std::vector<std::int64_t>& strides,
                      const std::string& from = storage()) {
  return global("torch._utils", "_rebuild_tensor_v2") + "(" + from + integer(offset) + list(sizes) +
         list(strides) + "\x89" + global("collections", "OrderedDict") + ")RtR";
}

std::string file_of(const std::string& pickle, const std::string& data = std::string(16, '\0'),
                    const std::string& byteorder = "little") {
  return zip_of({{.name = "archive/data.pkl", .data = pickle},
                 {.name = "archive/byteorder", .data = byteorder},
                 {.name = "archive/data/0", .data = data}});
}

StateDict load_bytes(const std::string& bytes) {
  const IoFolder folder;
  io::write_file(folder / "x.pt", bytes);
  return io::load_torch(folder / "x.pt");
}

TEST_CASE("archives by hand load: deflated, big-endian, untyped storages", "[io][torch]") {
  const std::string floats = bytes_of(1.0F) + bytes_of(2.0F) + bytes_of(3.0F) + bytes_of(4.0F);
  const StateDict expected{{"x", tensor({{1.0, 2.0}, {3.0, 4.0}}, {.dtype = float32})}};
  const std::string pickle = dict_of(tensor_of(0, {2, 2}, {2, 1}));
  CHECK(same_bits(load_bytes(file_of(pickle, floats)), expected));
  CHECK(same_bits(load_bytes(zip_of({{.name = "data.pkl", .data = pickle, .deflate = true},
                                     {.name = "data/0", .data = floats, .deflate = true}})),
                  expected));
  std::string swapped = floats;
  for (std::size_t i = 0; i < 16; i += 4)
    std::reverse(swapped.begin() + i, swapped.begin() + i + 4);
  CHECK(same_bits(load_bytes(file_of(pickle, swapped, "big")), expected));
  const std::string untyped = global("torch._utils", "_rebuild_tensor_v3") + "(" +
                              storage("UntypedStorage", 16) + integer(0) + list({2, 2}) +
                              list({2, 1}) + "\x89" + global("collections", "OrderedDict") + ")R" +
                              global("torch", "float32") + "tR";
  CHECK(same_bits(load_bytes(file_of(dict_of(untyped), floats)), expected));
}

std::vector<HostileFile> hostile_pickles() {
  std::vector<HostileFile> files;
  const auto add = [&](const std::string& pickle, std::vector<std::string> words) {
    files.push_back({file_of(pickle), std::move(words)});
  };
  const std::string good = tensor_of(0, {4}, {1});
  for (const char* bytes :
       {"", "\x80", "\x80\x02", "\x80\x03.", "\x80\x04\x95", ".", "N.", "(lp0\n."})
    add(bytes, {});
  add("\x80\x02.", {"0 values are left"});
  add("\x80\x02NN.", {"2 values are left"});
  add("\x80\x02(.", {"values are left"});
  for (const char* value : {"N", "\x88", "K\1", "G\0\0\0\0\0\0\0\0", "]"})
    add("\x80\x02" + std::string(value) + (value[0] == ']' ? "N" : "") + ".", {});
  add("\x80\x02" + text("only") + ".", {"holds a text"});
  // Opcodes that state dicts do not have.
  for (const char opcode :
       std::string("0123456789ilopdgFILPSTVBC\x82\x83\x84\x8b\x8c\x8d\x8e\x8f\x90\x91\x92\x93\x94"
                   "\x95\x96\x97\x98\xff\x01 \n"))
    add("\x80\x02}" + std::string(1, opcode) + std::string(20, '\0') + ".", {"opcode 0x"});
  // Names that would run code, or that PyTorch does not write.
  for (const auto& [module, name] :
       std::vector<std::pair<std::string, std::string>>{{"os", "system"},
                                                        {"posix", "system"},
                                                        {"builtins", "eval"},
                                                        {"builtins", "exec"},
                                                        {"__builtin__", "getattr"},
                                                        {"subprocess", "Popen"},
                                                        {"torch", "load"},
                                                        {"torch.jit", "load"},
                                                        {"torch._utils", "_rebuild"},
                                                        {"torch", ""},
                                                        {"", ""},
                                                        {"collections", "OrderedDict "},
                                                        {"torch", "FloatStorage\0x"},
                                                        {"torch.nn", "Linear"},
                                                        {"numpy", "ndarray"},
                                                        {"copyreg", "__reduce_ex__"},
                                                        {"webbrowser", "open"},
                                                        {"torch", "ComplexDoubleStorage"},
                                                        {"torch", "float128"}})
    add(dict_of(global(module, name) + "(" + text("x") + "tR"), {"which is not read"});
  add("\x80\x02"
      "cos",
      {"does not end"});
  // The stack and the memo.
  for (const char* bytes :
       {"\x85",    "\x86", "\x87", "t",         "a",   "e",         "s",     "u",    "R",   "\x81",
        "b",       "Q",    "q\0",  "r\0\0\0\0", "h\0", "j\0\0\0\0", "}u",    "}(Nu", "}Ns", "NNs",
        "N(e",     "N(Ne", "Na",   ")(Ne",      ")Na", "(\x85",     "(Q",    "}(b",  "NQ",  ")Q",
        "NN\x86Q", "(s",   "]Nb",  "NNb",       "NNR", "N)R",       "NN\x81"})
    add("\x80\x02" + std::string(bytes) + std::string(8, '\0') + ".", {"data.pkl"});
  add("\x80\x02j\xff\xff\xff\xff.", {"value 4294967295 is not remembered"});
  add("\x80\x02X\xff\xff\xff\xff.", {"ends early"});
  add("\x80\x02X\xff\xff\xff\x7f.", {"ends early"});
  add("\x80\x02U\xff.", {"ends early"});
  add("\x80\x02\x8a\x09" + std::string(9, '\1') + ".", {"more than 64 bits"});
  add("\x80\x02\x8a\xff.", {"ends early"});
  add("\x80\x02G\0\0.", {});
  add(dict_of(global("torch", "FloatStorage") + ")R"), {"is called"});
  add(dict_of(global("torch", "float32") + ")R"), {"is called"});
  add(dict_of(global("torch._utils", "_rebuild_tensor_v2") + ")R"), {"no storage"});
  add(dict_of(global("torch._utils", "_rebuild_parameter") + ")R"), {"no arguments"});
  add(dict_of(global("torch._utils", "_rebuild_parameter") + "N\x85R"), {"None"});
  add(dict_of(global("torch._utils", "_rebuild_tensor_v3") + "(" + storage() + integer(0) +
              list({4}) + list({1}) + "\x89NtR"),
      {"no dtype"});
  add(dict_of(global("torch._tensor", "_rebuild_from_type_v2") + ")R"), {"attributes"});
  add(dict_of(global("torch._tensor", "_rebuild_from_type_v2") + "(" +
              global("torch._tensor", "_rebuild_from_type_v2") + "N)NtR"),
      {"attributes"});
  add(dict_of(global("collections", "OrderedDict") + "N\x85R"), {"OrderedDict"});
  add(dict_of(global("torch", "Size") + "N\x85R"), {"torch.Size"});
  add(dict_of(global("torch", "Size") + ")R"), {"torch.Size"});
  // Keys and names.
  for (const std::string& key : {std::string("N"), std::string(")"), std::string("\x88"),
                                 std::string("G") + std::string(8, '\1')})
    add(dict_of(good, key), {"a key is"});
  add(dict_of(good, text("")), {"''"});
  add(dict_of(good, text("a..b")), {"'a..b'"});
  add(dict_of(good, text(".")), {"'.'"});
  add(dict_of(good, text(std::string(5000, 'n'))), {"too long"});
  add("\x80\x02}" + text("x") + good + "s" + text("x") + good + "s.", {"'x' occurs twice"});
  add("\x80\x02}" + text("1") + good + "sK\1" + good + "s.", {"'1' occurs twice"});
  return files;
}

std::vector<HostileFile> hostile_tensors() {
  std::vector<HostileFile> files;
  const auto add = [&](const std::string& value, std::vector<std::string> words,
                       const std::string& data = std::string(16, '\0')) {
    files.push_back({file_of(dict_of(value), data), std::move(words)});
  };
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  const std::string within = "not within the storage";
  add(tensor_of(0, {5}, {1}), {"'x'", within});
  add(tensor_of(1, {4}, {1}), {within});
  add(tensor_of(4, {1}, {1}), {within});
  add(tensor_of(4, {}, {}), {within});
  add(tensor_of(most, {1}, {1}), {within});
  add(tensor_of(most, {2}, {most}), {within});
  add(tensor_of(0, {2}, {4}), {within});
  add(tensor_of(0, {2}, {most}), {within});
  add(tensor_of(0, {3, 3}, {most, most}), {within});
  add(tensor_of(2, {2, 2}, {2, 1}), {within});
  add(tensor_of(0, {most}, {1}), {"too large"});
  add(tensor_of(0, {most, most}, {0, 0}), {"too large"});
  add(tensor_of(0, {0, most, most}, {0, 0, 0}), {"too large"});
  add(tensor_of(0, {std::int64_t{1} << 40}, {0}), {"several times"});
  add(tensor_of(0, {100'000'000}, {0}), {"several times"});
  add(tensor_of(0, {1 << 13, 1 << 13, 1 << 13}, {0, 0, 0}), {"several times"});
  add(tensor_of(-1, {1}, {1}), {"the offset is -1"});
  add(tensor_of(0, {-1}, {1}), {"size is -1"});
  add(tensor_of(0, {4}, {-1}), {"stride is -1"});
  add(tensor_of(0, {4}, {}), {"1 sizes and 0 strides"});
  add(tensor_of(0, {}, {1}), {"0 sizes and 1 strides"});
  add(tensor_of(0, std::vector<std::int64_t>(17, 1), std::vector<std::int64_t>(17, 1)),
      {"16 numbers"});
  const auto all = [](const std::string& from) { return tensor_of(0, {4}, {1}, from); };
  add(all(storage("FloatStorage", 5)), {"16 bytes", "5 elements"});
  add(all(storage("FloatStorage", 3)), {"16 bytes", "3 elements"});
  add(all(storage("DoubleStorage", 4)), {"16 bytes"});
  add(all(storage("FloatStorage", -4)), {"size of a storage is -4"});
  add(all(storage("FloatStorage", most)), {"16 bytes"});
  add(all(storage("FloatStorage", most / 4 + 5)), {"16 bytes"});
  add(all(storage("DoubleStorage", std::int64_t{1} << 61)), {"16 bytes"});
  add(all(storage("BoolStorage", 16)), {"a bool is"}, std::string(16, '\2'));
  add(all(storage("UntypedStorage", 16)), {"no dtype"});
  add(all(storage("FloatStorage", 4, "1")), {"'data/1'", "missing"});
  add(all(storage("FloatStorage", 4, "../data.pkl")), {"missing"});
  add(all(storage("FloatStorage", 4, "")), {"missing"});
  add(all("N"), {"no storage"});
  add(all(")"), {"no storage"});
  add(all(text("storage") + "Q"), {"not described"});
  for (const char* id : {"(tQ", "NQ", "}Q", "(NNNNNtQ"}) add(all(id), {"not described"});
  add(all("(" + text("module") + global("torch", "FloatStorage") + text("0") + text("cpu") +
          integer(4) + "tQ"),
      {"not described"});
  add(all("(" + text("storage") + global("torch", "float32") + text("0") + text("cpu") +
          integer(4) + "tQ"),
      {"not described"});
  add(all("(" + text("storage") + text("FloatStorage") + text("0") + text("cpu") + integer(4) +
          "tQ"),
      {"not described"});
  add(all("(" + text("storage") + global("torch", "FloatStorage") + integer(0) + text("cpu") +
          integer(4) + "tQ"),
      {"not described"});
  add(all("(" + text("storage") + global("torch", "FloatStorage") + text("0") + text("cpu") +
          "NtQ"),
      {"None"});
  add(global("torch._utils", "_rebuild_tensor_v2") + "(" + storage() + "N" + list({4}) + list({1}) +
          "tR",
      {"offset"});
  add(global("torch._utils", "_rebuild_tensor_v2") + "(" + storage() + integer(0) + "N" +
          list({1}) + "tR",
      {"size"});
  add(global("torch._utils", "_rebuild_tensor_v2") + "(" + storage() + integer(0) + list({4}) +
          "Nt" + "R",
      {"stride"});
  add(global("torch._utils", "_rebuild_tensor_v2") + "(" + storage() + integer(0) + "(" +
          text("4") + "t" + list({1}) + "tR",
      {"a text"});
  files.push_back(
      {file_of(dict_of(tensor_of(0, {4}, {1})), std::string(16, '\0'), "middle"), {"byteorder"}});
  files.push_back(
      {file_of(dict_of(tensor_of(0, {4}, {1})), std::string(16, '\0'), ""), {"byteorder"}});
  return files;
}

// Small pickles of much: values within each other, in themselves, too many.
std::vector<HostileFile> hostile_sizes() {
  std::vector<HostileFile> files;
  std::string doubling = "\x80\x02]";
  doubling += "q" + std::string(1, '\0') + "N";
  doubling += "a";
  for (int i = 0; i < 40; ++i) {  // each list has the one before twice
    const std::string before = "h" + std::string(1, static_cast<char>(i));
    doubling += "](" + before + before + "eq" + std::string(1, static_cast<char>(i + 1));
  }
  doubling = "\x80\x02](" + doubling.substr(2) + "e.";
  files.push_back({file_of(doubling), {"within each other"}});
  const std::string itself =
      "\x80\x02]q" + std::string(1, '\0') + "h" + std::string(1, '\0') + "a.";
  files.push_back({file_of(itself), {"within each other"}});
  std::string deep = "\x80\x02" + std::string(1'000'000, ']') + std::string(999'999, 'a') + ".";
  files.push_back({file_of(deep), {"within each other"}});
  files.push_back({file_of("\x80\x02" + std::string(5'000'000, '(') + "."), {"too many values"}});
  files.push_back({file_of("\x80\x02" + std::string(5'000'000, ']') + "."), {"too many values"}});
  std::string many = "\x80\x02](";
  for (int i = 0; i < 3'000'000; ++i) many += 'N';
  files.push_back({file_of(many + "e."), {"within each other"}});
  std::string remembered = "\x80\x02N";
  for (std::uint32_t i = 0; i < 4'500'000; ++i) remembered += "r" + bytes_of(i);
  files.push_back({file_of(remembered + "."), {"too many values"}});
  // 70 MiB of zeros, deflated to 70 KiB.
  files.push_back(
      {zip_of({{.name = "a/data.pkl", .data = std::string(70 << 20, '\0'), .deflate = true}}),
       {"state dicts have at most"}});
  // A long text in many places.
  std::string texts = "\x80\x02](" + text(std::string(1 << 20, 'x')) + "q" + std::string(1, '\0');
  for (int i = 0; i < 100'000; ++i) texts += "h" + std::string(1, '\0');
  files.push_back({file_of(texts + "e."), {"64 MiB"}});
  return files;
}

std::vector<HostileFile> hostile_archives() {
  const std::string pickle = dict_of(tensor_of(0, {4}, {1}));
  std::vector<HostileFile> files = test::hostile_zips({.name = "data.pkl", .data = pickle});
  files.push_back({zip_of({}), {"without data.pkl"}});
  files.push_back({zip_of({{.name = "a/data.pkl.txt", .data = pickle}}), {"without data.pkl"}});
  files.push_back({zip_of({{.name = "adata.pkl", .data = pickle}}), {"without data.pkl"}});
  files.push_back({zip_of({{.name = "a/data.pkl", .data = pickle}}), {"missing"}});
  files.push_back({zip_of({{.name = "a/data.pkl", .data = pickle},
                           {.name = "b/data/0", .data = std::string(16, '\0')}}),
                   {"missing"}});
  files.push_back({zip_of({{.name = "a/data.pkl", .data = pickle},
                           {.name = "a/data/0", .data = std::string(16, '\0'), .crc = 5}}),
                   {"checksum"}});
  files.push_back(
      {zip_of({{.name = "a/constants.pkl", .data = ""}, {.name = "a/data.pkl", .data = pickle}}),
       {"TorchScript"}});
  files.push_back({"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.", {"before 1.6"}});
  std::string tar(600, '\0');
  tar.replace(257, 5, "ustar");
  files.push_back({tar, {"before 1.6"}});
  return files;
}

// Tensors that need what is not read, and files in which nothing else is.
std::vector<HostileFile> hostile_names() {
  std::vector<HostileFile> files;
  const auto add = [&](const std::string& value, std::vector<std::string> words) {
    files.push_back({file_of(dict_of(value)), std::move(words)});
    files.back().words.emplace_back("'x");
  };
  // With something that can be read: {"y": 1, "x": value}.
  const auto add_beside = [&](const std::string& value, std::vector<std::string> words) {
    files.push_back(
        {file_of("\x80\x02}" + text("y") + "K\1s" + text("x") + value + "s."), std::move(words)});
  };
  const auto all = [](const std::string& from) { return tensor_of(0, {4}, {1}, from); };
  const std::string unknown = global("m", "f"), call = unknown + ")R";
  const std::string v3 = global("torch._utils", "_rebuild_tensor_v3") + "(" +
                         storage("UntypedStorage", 16) + integer(0) + list({4}) + list({1}) +
                         "\x89" + global("collections", "OrderedDict") + ")R";
  for (const char* type : {"ComplexFloatStorage", "ComplexDoubleStorage"})
    add_beside(all(storage(type)), {"'x'", type, "torch.view_as_real(x)"});
  for (const char* type : {"QInt8Storage", "QUInt8Storage", "QInt32Storage", "QUInt4x2Storage"})
    add_beside(all(storage(type)), {"'x'", type, "x.dequantize()"});
  add_beside(v3 + global("torch", "uint64") + "tR", {"'torch.uint64'", "x.to(torch.int64)"});
  add_beside(v3 + global("torch", "complex64") + "tR", {"torch.complex64", "view_as_real"});
  add_beside(v3 + global("torch", "float8_e4m3fnuz") + "tR", {"float8_e4m3fnuz", "x.float()"});
  add_beside(v3 + global("m", "dtype") + "tR", {"'m.dtype'", "could run code"});
  add_beside(all(storage("Unknown")), {"'torch.Unknown'", "which is not read"});
  add_beside(storage("Unknown"), {"'torch.Unknown'"});
  add_beside(unknown + storage() + "\x85R", {"'m.f'", "could run code"});
  add_beside(global("torch._utils", "_rebuild_new") + ")R", {"_rebuild_new"});
  add_beside(global("torch._utils", "_rebuild_parameter") + call + "\x85R", {"'m.f'"});
  add_beside(global("torch._utils", "_rebuild_tensor_v2") + "(" + call + call + call + "NtR",
             {"'m.f'"});
  const std::string from_type = global("torch._tensor", "_rebuild_from_type_v2") + "(";
  add_beside(from_type + unknown + global("torch", "Tensor") + ")}tR", {"'m.f'"});
  add_beside(from_type + global("torch._utils", "_rebuild_tensor_v2") + unknown + ")}tR",
             {"'m.f'"});
  // Nothing else is there.
  for (const std::string& value :
       {unknown, call, unknown + ")\x81", call + "}b", call + text("k") + "Ns", call + "Na",
        call + "(NNe", call + "(NNu", unknown + call + "\x85R", call + ")R", "](" + call + "e",
        global("__builtin__", "set") + "](" + call + "e\x85R",
        global("torch", "Size") + call + "\x85R", global("_codecs", "encode") + call + "\x85R"})
    add(value, {"'m.f'", "which is not read"});
  add("\x8a\x09" + std::string(9, '\1'), {"more than 64 bits"});
  add(global("\xff" + std::string(300, 'n'), "f"), {"\\xffnnn", "which is not read"});
  // Containers that Python does not write so.
  const auto wrong = [&](const std::string& value, const std::string& word) {
    files.push_back({file_of(dict_of(value)), {word}});
  };
  wrong(global("collections", "Counter") + "]\x85R", "a Counter is made of a list");
  wrong(global("__builtin__", "set") + "N\x85R", "a set is made of None");
  wrong(global("_codecs", "encode") + "N\x85R", "bytes are made of None");
  for (const char* bad : {"\xc4\x80", "\xc3", "\xc3z", "\xe2\x82\xac", "\xff", "a\x80"})
    wrong(global("_codecs", "encode") + "(" + text(bad) + text("latin1") + "tR",
          "other characters than 0 to 255");
  wrong(call + "(Ns", "a value is missing");
  wrong("N)R", "a call needs");
  // A dict of keys that are left out, in many places.
  std::string keys = "\x80\x02](}q" + std::string(1, '\0') + "(";
  for (int i = 0; i < 1'000'000; ++i) keys += "NN";
  keys += "u";
  for (int i = 0; i < 1'000'000; ++i) keys += "h" + std::string(1, '\0');
  files.push_back({file_of(keys + "e."), {"within each other"}});
  std::string names = "\x80\x02](" + unknown + "q" + std::string(1, '\0');
  for (int i = 0; i < 1'000'000; ++i) names += ")R";
  files.push_back({file_of(names + "e."), {"'m.f'"}});
  std::string many = "\x80\x02](";
  for (int i = 0; i < 4'500'000; ++i) many += "ca\nb\n";
  files.push_back({file_of(many + "e."), {"too many values"}});
  return files;
}

TEST_CASE("names that are not read are refused where a tensor needs them, or nothing is left",
          "[io][torch][hostile]") {
  test::check_refused(hostile_names(), [](const auto& path) { io::load_torch(path); });
}

TEST_CASE("hostile files of PyTorch are refused by name and reason", "[io][torch][hostile]") {
  const auto load_it = [](const auto& path) { io::load_torch(path); };
  for (const auto& files :
       {hostile_pickles(), hostile_tensors(), hostile_sizes(), hostile_archives()})
    test::check_refused(files, load_it);
  CHECK(hostile_pickles().size() >= 100);
}

TEST_CASE("changed bytes of a file of PyTorch do no harm", "[io][torch][hostile]") {
  const auto load_it = [](const auto& path) { io::load_torch(path); };
  for (const char* name : {"checkpoint.pt", "views.pt", "foreign.pt"})
    test::check_mutations(io::read_file(python_file(name)), 2000, load_it);
  const std::string bytes = io::read_file(python_file("tensor.pt"));
  test::check_refused(test::beginnings(bytes), load_it);
  // The pickle alone, where changes do most.
  const IoFolder folder;
  test::check_mutations(dict_of(tensor_of(0, {2, 2}, {2, 1})), 5000, [&](const auto& path) {
    io::write_file(folder / "x", file_of(io::read_file(path)));
    io::load_torch(folder / "x");
  });
}

}  // namespace
}  // namespace xgrad

#include <xgrad/io/torch.hpp>

#include <algorithm>
#include <limits>

#include <xgrad/io/file.hpp>
#include <xgrad/io/npy.hpp>

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
using test::Member;
using test::python_file;
using test::same_bits;
using test::throws;
using test::Verdict;
using test::zip_of;

StateDict load(const std::string& name) { return io::load_torch(python_file(name + ".pt")); }

// The tensors of X.pt are the arrays of X.npz, which NumPy has written.
Verdict same_as_arrays(const std::string& name) {
  StateDict tensors;
  for (const auto& [key, value] : load(name))
    if (std::holds_alternative<Tensor>(value)) tensors.set(key, value);
  return same_bits(tensors, io::load_npz(python_file(name + ".npz")));
}

TEST_CASE("what PyTorch has saved loads with the same bits", "[io][torch]") {
  for (const char* name :
       {"model", "dtypes", "views", "checkpoint", "tensor", "cuda", "attributes"}) {
    INFO(name);
    CHECK(same_as_arrays(name));
  }
}

TEST_CASE("a state dict has PyTorch's names in its order", "[io][torch]") {
  std::vector<std::string> names;
  for (const auto& entry : load("model")) names.push_back(entry.name);
  CHECK(names == std::vector<std::string>{"0.weight", "0.bias", "1.weight", "1.bias",
                                          "1.running_mean", "1.running_var",
                                          "1.num_batches_tracked", "2.weight", "2.bias"});
  CHECK(load("model").get<Tensor>("1.num_batches_tracked").dtype() == int64);
}

TEST_CASE("values of a checkpoint become entries with dots", "[io][torch]") {
  const StateDict checkpoint = load("checkpoint");
  CHECK(checkpoint.get<std::int64_t>("epoch") == 3);
  CHECK(checkpoint.get<double>("loss") == 0.25);
  CHECK_FALSE(checkpoint.get<bool>("done"));
  CHECK(checkpoint.get<std::string>("name") == "first");
  CHECK_FALSE(checkpoint.contains("nothing"));
  CHECK(checkpoint.get<std::int64_t>("sizes.0") == 3);
  CHECK(checkpoint.get<std::int64_t>("sizes.1.1") == 2);
  CHECK(checkpoint.get<std::int64_t>("shape.0") == 5);
  CHECK(checkpoint.get<std::string>("dtype") == "torch.float32");
  CHECK(checkpoint.get<std::int64_t>("large") == std::int64_t{1} << 62);
  CHECK(checkpoint.get<std::int64_t>("negative") == -(std::int64_t{1} << 40));
  CHECK(checkpoint.get<double>("optimizer.param_groups.0.betas.1") == 0.95);
  CHECK(checkpoint.get<std::int64_t>("optimizer.param_groups.0.params.5") == 5);
  CHECK(checkpoint.get<Tensor>("optimizer.state.0.exp_avg").shape() == Shape{4, 3});
}

TEST_CASE("tensors of one storage share it where they are all of it", "[io][torch]") {
  const StateDict views = load("views");
  const auto* const base = views.get<Tensor>("base").data<float>();
  CHECK(views.get<Tensor>("same").data<float>() == base);
  CHECK(views.get<Tensor>("flat").data<float>() == base);
  CHECK(views.get<Tensor>("rows").data<float>() != base);
}

TEST_CASE("what is not a state dict is refused with what to do", "[io][torch]") {
  const auto refused = [](const std::string& kind, std::initializer_list<std::string> words) {
    const auto path = python_file("refused_" + kind + ".pt");
    CHECK(throws<IoError>([&] { io::load_torch(path); }, words));
    CHECK(throws<IoError>([&] { io::load_torch(path); }, {"load_torch: ", path.string()}));
  };
  refused("legacy", {"before 1.6", "torch.save(torch.load(path), path)"});
  refused("protocol", {"protocol is 4"});
  refused("model", {"torch.nn.modules.container.Sequential", "model.state_dict()"});
  refused("script", {"TorchScript", "torch.jit.load"});
  refused("complex", {"torch.ComplexFloatStorage"});
  refused("sparse", {"_rebuild_sparse_tensor"});
  refused("quantized", {"_rebuild_qtensor"});
  refused("code", {"posix.system"});
  CHECK_FALSE(std::filesystem::exists("/tmp/xgrad_must_not_exist"));
  CHECK(throws<IoError>([] { io::load_torch(python_file("stored.npz")); }, {"load_npz"}));
  CHECK(throws<IoError>([] { io::load_torch(python_file("odd.safetensors")); },
                        {"load_safetensors"}));
}

// Pickles by hand.
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

TEST_CASE("hostile files of PyTorch are refused by name and reason", "[io][torch][hostile]") {
  const auto load_it = [](const auto& path) { io::load_torch(path); };
  for (const auto& files :
       {hostile_pickles(), hostile_tensors(), hostile_sizes(), hostile_archives()})
    test::check_refused(files, load_it);
  CHECK(hostile_pickles().size() >= 100);
}

TEST_CASE("changed bytes of a file of PyTorch do no harm", "[io][torch][hostile]") {
  const auto load_it = [](const auto& path) { io::load_torch(path); };
  for (const char* name : {"checkpoint.pt", "views.pt"})
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

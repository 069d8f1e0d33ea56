#include <cstdlib>

#include <sys/wait.h>

#include <xgrad/io/file.hpp>
#include <xgrad/io/npy.hpp>
#include <xgrad/io/safetensors.hpp>
#include <xgrad/nn/embedding.hpp>
#include <xgrad/nn/layer.hpp>
#include <xgrad/nn/linear.hpp>
#include <xgrad/nn/normalization.hpp>
#include <xgrad/ops/matmul.hpp>

#include "io/files.hpp"
#include "io/folder.hpp"
#include "npy_header.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"
#include "zip_writer.hpp"

namespace xgrad {
namespace {

using test::IoFolder;
using test::python_file;
using test::python_numbers;
using test::same_bits;

struct Tied : nn::Layer<Tied> {
  nn::Embedding embedding = child("embedding", nn::Embedding(5, 3));
  nn::BatchNorm1d norm = child("norm", nn::BatchNorm1d(3));
  struct Head : nn::Layer<Head> {
    Tensor weight;
    explicit Head(const Tensor& shared) : weight(parameter("weight", shared)) {}
    Tensor forward(const Tensor& x) { return matmul(x, weight.transpose(0, 1)); }
  };
  Head head = child("head", Head(embedding.get_parameter("weight")));
  Tensor forward(const Tensor& x) { return head(norm(embedding(x))); }
};

StateDict numbers() {
  return {{"f4", python_numbers({2, 3}, float32)},
          {"f8", python_numbers({2, 3}, float64)},
          {"i8", python_numbers({2, 3}, int64)},
          {"b1", python_numbers({2, 3}, bool_)},
          {"scalar", tensor(-1.25)},
          {"empty", zeros({3, 0, 2})}};
}

void write_zip64(const std::filesystem::path& path) {
  io::OutputFile file(path);
  io::detail::ZipWriter archive(file, 0);
  for (const auto& [name, value] : numbers()) {
    const auto& array = std::get<Tensor>(value);
    archive.add(name + ".npy", io::detail::npy_header(array), io::detail::bytes_of(array), false);
  }
  archive.finish();
  file.commit();
}

TEST_CASE("Python reads what is written here", "[io][python]") {
  const IoFolder folder;
  StateDict state = numbers();
  state.set("lr", 0.1);
  io::save_npy(folder / "x.npy", python_numbers({2, 3}, float32));
  io::save_npz(folder / "x.npz", numbers());
  io::save_npz(folder / "deflated.npz", numbers(), {.compress = true});
  write_zip64(folder / "zip64.npz");
  io::save_safetensors(folder / "x.safetensors", state, {{"format", "pt"}});
  const Tied model;
  io::save_safetensors(folder / "copied.safetensors", model.state_dict());
  io::save_safetensors(folder / "once.safetensors", model.state_dict(), {},
                       io::SharedTensors::once);
  const std::string python =
      std::filesystem::exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
  const int status = std::system(
      (python + " " + python_file("check.py").string() + " " + folder.path.string()).c_str());
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  if (code == 77 || code == 127) WARN("there is no Python with NumPy: install python3-numpy");
  CHECK((code == 0 || code == 77 || code == 127));
}

TEST_CASE("a model with tied weights loads strictly from either file", "[io][safetensors]") {
  const IoFolder folder;
  for (const auto shared : {io::SharedTensors::copied, io::SharedTensors::once}) {
    const Tied model;
    io::save_safetensors(folder / "x", model.state_dict(), {}, shared);
    Tied other;
    other.load_state_dict(io::load_safetensors(folder / "x"));
    CHECK(same_bits(other.state_dict(), model.state_dict()));
  }
}

TEST_CASE("a file that Python made by the format loads", "[io][safetensors]") {
  const StateDict state = io::load_safetensors(python_file("dtypes.safetensors"));
  for (const auto& [name, value] : state) {
    INFO(name);
    const bool is_float = name[0] == 'F';
    const DType dtype = name == "F64"    ? float64
                        : is_float       ? float32
                        : name == "BOOL" ? bool_
                                         : int64;
    CHECK(same_bits(std::get<Tensor>(value), python_numbers({2, 3}, dtype, name[0] == 'U')));
  }
  CHECK(state.size() == 11);
  CHECK(io::SafetensorsFile(python_file("dtypes.safetensors")).metadata().at("note") ==
        "caf\u00e9");
  CHECK(same_bits(io::load_safetensors(python_file("odd.safetensors")),
                  StateDict{{"scalar", tensor(-1.25, {.dtype = float32})},
                            {"empty", zeros({0, 4}, {.dtype = float64})},
                            {"bf16", python_numbers({2, 3}, float32)},
                            {"last", tensor({true, false, true})}}));
}

}  // namespace
}  // namespace xgrad

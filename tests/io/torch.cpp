#include <xgrad/io/torch.hpp>

#include <xgrad/io/npy.hpp>

#include "io/files.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"

namespace xgrad {
namespace {

using test::python_file;
using test::same_bits;
using test::throws;
using test::Verdict;

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
       {"model", "dtypes", "views", "checkpoint", "tensor", "cuda", "attributes", "foreign"}) {
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

// All entries but those of tensors, as "name=value ".
std::string plain_entries(const StateDict& state) {
  std::string all;
  for (const auto& [name, value] : state)
    if (!std::holds_alternative<Tensor>(value))
      all += name + "=" + xgrad::detail::describe(value) + "; ";
  return all;
}

TEST_CASE("values of other types do not keep the rest of a file from being read", "[io][torch]") {
  StateDict state = load("foreign");
  CHECK(state.get<std::int64_t>("scheduler.milestones.30") == 1);
  CHECK(state.get<std::int64_t>("scheduler.milestones.80") == 2);
  CHECK(state.get<std::int64_t>("some.0") == 3);
  CHECK(state.get<std::string>("fixed.0") == "a");
  CHECK(state.get<std::string>("bytes") == std::string("\0a\xff\xc3", 4));
  CHECK(state.get<std::string>("no_bytes").empty());
  CHECK(state.get<std::int64_t>("default.a") == 1);
  CHECK(state.get<std::int64_t>("list.0") == 1);
  CHECK(state.get<std::int64_t>("list.2") == 3);
  CHECK(state.get<std::int64_t>("odd.8") == 8);
  CHECK(state.get<std::int64_t>("odd.name") == 9);
  CHECK(state.get<std::int64_t>("epoch") == 3);
  CHECK(state.below("odd").size() == 2);
  CHECK(state.below("list").size() == 2);
  for (const char* name : {"none", "config", "note", "class", "array", "scalar", "path", "large",
                           "list.1", "complex_dtype"}) {
    INFO(name << " in " << plain_entries(state));
    CHECK_FALSE(state.contains(name));
    CHECK(state.below(name).empty());
  }
}

TEST_CASE("code in a file is left out, and never run", "[io][torch]") {
  const StateDict state = load("code");
  CHECK(state.size() == 1);
  CHECK(state.get<std::int64_t>("y") == 1);
  CHECK_FALSE(std::filesystem::exists("/tmp/xgrad_must_not_exist"));
}

TEST_CASE("what is not a state dict is refused with what to do", "[io][torch]") {
  const auto refused = [](const std::string& kind, std::initializer_list<std::string> words) {
    const auto path = python_file("refused_" + kind + ".pt");
    CHECK(throws<IoError>([&] { io::load_torch(path); }, words));
    CHECK(throws<IoError>([&] { io::load_torch(path); }, {"load_torch: ", path.string()}));
  };
  refused("legacy", {"before 1.6", "torch.save(torch.load(path), path)"});
  refused("protocol", {"protocol is 4"});
  refused("model",
          {"torch.nn.modules.container.Sequential", "could run code", "model.state_dict()"});
  refused("script", {"TorchScript", "torch.jit.load"});
  refused("complex", {"'x'", "torch.ComplexFloatStorage", "torch.view_as_real(x)"});
  refused("complex_parameter", {"'y.0'", "torch.ComplexDoubleStorage", "torch.view_as_real(x)"});
  refused("sparse", {"_rebuild_sparse_tensor", "x.to_dense()"});
  refused("quantized", {"_rebuild_qtensor", "x.dequantize()"});
  refused("code", {"posix.system"});
  CHECK_FALSE(std::filesystem::exists("/tmp/xgrad_must_not_exist"));
  CHECK(throws<IoError>([] { io::load_torch(python_file("stored.npz")); }, {"load_npz"}));
  CHECK(throws<IoError>([] { io::load_torch(python_file("odd.safetensors")); },
                        {"load_safetensors"}));
}

}  // namespace
}  // namespace xgrad

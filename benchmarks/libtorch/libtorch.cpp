#include "libtorch.hpp"

namespace bench {
namespace {

using torch::Tensor;

at::ScalarType dtype_of(Input::Type type) {
  switch (type) {
    case Input::Type::float32:
    case Input::Type::permutation:
      return torch::kFloat32;
    case Input::Type::float64:
      return torch::kFloat64;
    case Input::Type::int64:
      return torch::kInt64;
    case Input::Type::boolean:
      return torch::kBool;
  }
  throw std::invalid_argument("there is no such type of input");
}

template <class F>
void on_elements(const Tensor& t, F f) {
  if (t.scalar_type() == torch::kFloat32) return f(t.data_ptr<float>());
  if (t.scalar_type() == torch::kFloat64) return f(t.data_ptr<double>());
  if (t.scalar_type() == torch::kInt64) return f(t.data_ptr<std::int64_t>());
  f(t.data_ptr<bool>());
}

struct State {
  Op op;
  Tensors inputs;
  Tensor gradient, result;
  bool random;

  void forward() {
    const torch::NoGradGuard guard;
    result = Tensor();
    result = op(inputs);
  }
  void both() {
    for (Tensor& x : inputs)
      if (x.requires_grad()) x.mutable_grad() = Tensor();
    result = Tensor();
    result = op(inputs);
    result.backward(gradient);
  }
  Answer answer() const {
    const torch::NoGradGuard guard;
    if (random) return {Digest::of(result.mean().item<double>())};
    Answer all{digest(result)};
    for (const Tensor& x : inputs)
      if (x.requires_grad()) all.push_back(digest(x.grad()));
    return all;
  }
};

}  // namespace

Digest digest(const Tensor& t) {
  const Tensor dense = t.detach().contiguous();
  Digest d;
  on_elements(dense, [&](const auto* elements) { d = Digest::of(elements, dense.numel()); });
  return d;
}

Tensor filled(const Input& input, std::size_t i) {
  Tensor t = torch::empty(input.shape, dtype_of(input.type));
  on_elements(t, [&](auto* elements) { input.fill(elements, i); });
  return t;
}

std::function<Work(const Setup&)> work_of(Op op, bool random) {
  return [op = std::move(op), random](const Setup& setup) -> Work {
    auto s = std::make_shared<State>(State{op, {}, {}, {}, random});
    for (std::size_t i = 0; i < setup.inputs.size(); ++i) {
      const Input& input = setup.inputs[i];
      s->inputs.push_back(filled(input, i));
      s->inputs.back().set_requires_grad(setup.backward && input.differentiable &&
                                         input.is_floating());
    }
    if (setup.backward) {
      s->forward();
      s->gradient =
          filled(upstream(s->result.sizes().vec(), s->result.scalar_type() == torch::kFloat64),
                 upstream_index);
    }
    const bool backward = setup.backward;
    return {[s, backward] { backward ? s->both() : s->forward(); }, [s] { return s->answer(); }};
  };
}

Work training(std::function<double()> step, std::size_t verified) {
  const auto losses = std::make_shared<std::vector<double>>();
  return {[losses, step = std::move(step), verified] {
            const double loss = step();
            if (losses->size() < verified) losses->push_back(loss);
          },
          [losses] {
            Answer all;
            for (const double loss : *losses) all.push_back(Digest::of(loss));
            return all;
          }};
}

void set_parameters(torch::nn::Module& model, const std::vector<Parameter>& from) {
  const torch::NoGradGuard guard;
  auto own = model.named_parameters();
  TORCH_CHECK(own.size() == from.size(), "the models have different parameters");
  for (const Parameter& p : from) {
    Tensor& to = own[p.name];
    to.copy_(torch::tensor(p.elements).view(to.sizes()));
  }
}

Tensor inputs_of(const Batch& b) {
  return (b.characters.empty() ? torch::tensor(b.images) : torch::tensor(b.characters))
      .view(b.input_shape);
}
Tensor targets_of(const Batch& b) {
  return (b.classes.empty() ? torch::tensor(b.numbers) : torch::tensor(b.classes))
      .view(b.target_shape);
}

}  // namespace bench

extern "C" void xgrad_bench_load_peer(bench::Peer* peer) {
  using namespace bench;
  peer->name = "libtorch " TORCH_VERSION;
  peer->set_threads = [](int threads) { at::set_num_threads(threads); };
  for (const auto& part : {overhead_works, elementwise_works, row_works, reduction_works,
                           rearrangement_works, window_works, sorting_works, product_works,
                           linalg_works, optimizer_works, mlp_works, model_works, data_works})
    for (auto& work : part()) peer->works.insert(work);
}

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/reference.hpp"

using namespace xgrad;
using test::Json;

namespace {

std::vector<Tensor> tensors_from(const Json& list) {
  std::vector<Tensor> tensors;
  for (const Json& j : list) tensors.push_back(j.is_null() ? Tensor() : test::tensor_from(j));
  return tensors;
}

}  // namespace

TEST_CASE("clipping bounds gradients as PyTorch does", "[optim][clip]") {
  const Json data = test::read_reference("optimizers.json");
  int number = 0;
  for (const Json& c : data.at("clips")) {
    DYNAMIC_SECTION(++number << " " << c.at("kwargs").dump()) {
      const auto gradients = tensors_from(c.at("grads")), clipped = tensors_from(c.at("clipped"));
      std::vector<Tensor> params;
      for (const Tensor& g : gradients) {
        params.push_back(g.defined() ? zeros_like(g).requires_grad_()
                                     : zeros({2}).requires_grad_());
        params.back().set_grad(g);
      }
      const Json& k = c.at("kwargs");
      if (c.at("function") == "clip_grad_norm_") {
        const Tensor norm = optim::clip_grad_norm_(params, k.at("max_norm").get<double>(),
                                                   test::number_from(k.at("norm_type")));
        CHECK(norm.item<double>() == Approx(c.at("total_norm").get<double>()).epsilon(1e-13));
      } else {
        optim::clip_grad_value_(params, k.at("clip_value").get<double>());
      }
      for (std::size_t i = 0; i < params.size(); ++i)
        CHECK(test::all_close(params[i].grad(), clipped[i], 1e-12));
      // what the caller holds is as it was
      CHECK(test::all_close(gradients[0], tensors_from(c.at("grads"))[0], 0));
    }
  }
}

TEST_CASE("clipping in the step equals clipping before it", "[optim][clip]") {
  const DType dtype = GENERATE(float32, float64);
  const auto run = [&](bool fused) {
    std::vector<Tensor> params{test::uniform({37, 11}, -1, 1, 1, dtype).requires_grad_(),
                               test::uniform({5}, -1, 1, 2, dtype).requires_grad_()};
    optim::SGDOptions o{.lr = 0.1, .momentum = 0.9};
    if (fused) o.clip_norm = 0.7, o.clip_value = 0.3;
    optim::SGD optimizer(params, o);
    for (unsigned step = 0; step < 3; ++step) {
      for (Tensor& p : params) p.set_grad(test::uniform(p.shape(), -1, 1, 10 + step, dtype));
      if (!fused) {
        optim::clip_grad_value_(params, 0.3);
        optim::clip_grad_norm_(params, 0.7);
      }
      optimizer.step();
    }
    return params[0].detach();
  };
  CHECK(test::all_close(run(true), run(false), dtype == float32 ? 1e-6 : 1e-14));
}

TEST_CASE("every length is stepped by the same rule", "[optim][sgd]") {
  for (const std::int64_t n : {0, 1, 2, 15, 16, 17, 40000}) {
    Tensor p = ones({n}, {.requires_grad = true});
    optim::SGD optimizer({p}, {.lr = 0.5, .weight_decay = 0.5});
    p.set_grad(full({n}, 2.0));
    optimizer.step();
    CHECK(test::all_close(p.detach(), full({n}, 1 - 0.5 * 2.5), 1e-7));
  }
}

TEST_CASE("a step is a change in place, which a later sweep notices", "[optim][sgd]") {
  Tensor w = ones({2}, {.requires_grad = true});
  w.set_name("w");
  optim::SGD optimizer({w}, {.lr = 0.1});
  const Tensor loss = (w * w).sum();
  w.set_grad(ones({2}));
  optimizer.step();
  const int line = __LINE__ - 1;
  CHECK(test::throws<GraphError>([&] { loss.backward(); },
                                 {"mul", "'w'", "sgd.cpp:" + std::to_string(line)}));
  const Tensor alias = w.grad();
  optimizer.zero_grad();
  CHECK(!w.grad().defined());
  const Tensor before = w.detach().clone();
  optimizer.step();  // no gradient: passed over, not decayed
  CHECK(test::same_bits(w.detach(), before));
}

TEST_CASE("options that cannot be are refused", "[optim][sgd]") {
  const auto with = [](optim::SGDOptions o) {
    return [o] { optim::SGD({ones({1}, {.requires_grad = true})}, o); };
  };
  CHECK(test::throws<ValueError>(with({.lr = -1}), {"SGD", "lr is -1", "at least 0"}));
  CHECK(test::throws<ValueError>(with({.lr = NAN}), {"lr"}));
  CHECK(test::throws<ValueError>(with({.momentum = -0.1}), {"momentum"}));
  CHECK(test::throws<ValueError>(with({.weight_decay = -0.1}), {"weight_decay"}));
  CHECK(test::throws<ValueError>(with({.nesterov = true}), {"nesterov"}));
  CHECK(test::throws<ValueError>(with({.momentum = 0.9, .dampening = 0.1, .nesterov = true}),
                                 {"dampening"}));
  CHECK(test::throws<ValueError>(with({.clip_norm = -1}), {"clip_norm"}));
  CHECK(test::throws<ValueError>([] { optim::SGD(std::vector<Tensor>{}); }, {"no parameters"}));
  Tensor w = ones({1}, {.requires_grad = true});
  CHECK(test::throws<ValueError>([&] { optim::SGD({w, w}); }, {"twice"}));
  CHECK(test::throws<GraphError>([&] { optim::SGD({w * 2}); }, {"leaves"}));
  CHECK(
      test::throws<ValueError>([&] { optim::clip_grad_norm_(w, -1); }, {"clip_grad_norm_", "-1"}));
  CHECK(test::throws<ValueError>([&] { optim::clip_grad_norm_(w, 1, 0); }, {"norm_type is 0"}));
  CHECK(test::throws<ValueError>([&] { optim::clip_grad_value_(w, -1); }, {"clip_grad_value_"}));
}

TEST_CASE("gradients that are NaN stay so through clipping", "[optim][clip]") {
  Tensor w = ones({2}, {.requires_grad = true});
  w.set_grad(tensor({double(NAN), 5.}));
  optim::clip_grad_value_(w, 1);
  CHECK(std::isnan(w.grad().data<float>()[0]));
  CHECK(w.grad().data<float>()[1] == 1);
  CHECK(std::isnan(optim::clip_grad_norm_(w, 1).item<double>()));
  CHECK(std::isnan(w.grad().data<float>()[1]));
  CHECK(optim::clip_grad_norm_({}, 1).item<double>() == 0);
}

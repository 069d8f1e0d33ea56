#include "ops/case_list.hpp"

#include <xgrad/xgrad.hpp>

#include "support/compare.hpp"

namespace xgrad::test {
namespace {

using Inputs = Cases::Inputs;

void add_reductions(Cases& c) {
  using Reduce = Tensor (*)(Operand, const Dims&, Flag);
  const std::pair<const char*, Reduce> ops[] = {
      {"sum", sum}, {"mean", mean}, {"amax", amax}, {"amin", amin}, {"logsumexp", logsumexp}};
  for (const auto& [name, op] : ops)
    for (const bool keepdim : {false, true}) {
      const auto reduce = [&, op = op](Dims dims) {
        return [op, dims, keepdim](const Inputs& x) { return op(x[0], dims, keepdim); };
      };
      c.add(name, {uniform({}, -2, 2, 41)}, reduce({}));
      c.add(name, {uniform({5}, -2, 2, 42)}, reduce(0));
      c.add(name, {uniform({3, 5}, -2, 2, 43)}, reduce({}));
      c.add(name, {uniform({3, 5}, -2, 2, 44)}, reduce(0));
      c.add(name, {uniform({3, 5}, -2, 2, 45)}, reduce(-1));
      c.add(name, {uniform({2, 3, 4}, -2, 2, 46)}, reduce({0, 2}));
      c.add(name, {uniform({2, 1, 4}, -2, 2, 47)}, reduce(1));
      c.add(name, {uniform({2, 3, 2, 2}, -2, 2, 48)}, reduce({1, 2}));
      c.add(name, {uniform({0, 3}, -2, 2, 49)}, reduce(1));
    }
  for (const bool keepdim : {false, true}) {
    for (const Shape& shape : std::vector<Shape>{{5}, {3, 5}, {2, 3, 4}, {4, 1, 2}}) {
      c.add("var", {uniform(shape, -2, 2, 141)},
            [=](const Inputs& x) { return var(x[0], 0, keepdim); });
      c.add("std of all", {uniform(shape, -2, 2, 142)},
            [=](const Inputs& x) { return xgrad::std(x[0], {}, keepdim, 0); });
      c.add("prod", {uniform(shape, 0.5, 2, 143)},
            [=](const Inputs& x) { return prod(x[0], 0, keepdim); });
      c.add("prod of all with a zero", {uniform(shape, 0.5, 2, 144)}, [=](const Inputs& x) {
        const Tensor zero = (arange(x[0].numel()) != 1).to(x[0].dtype());
        return prod(x[0] * reshape(zero, x[0].shape()), {}, keepdim);
      });
    }
    c.add("var over two dims", {uniform({2, 3, 4}, -2, 2, 145)}, [=](const Inputs& x) {
      return var(x[0], {0, 2}, keepdim, 0);
    });
    c.add("std along the last", {uniform({2, 5}, -2, 2, 146)},
          [=](const Inputs& x) { return xgrad::std(x[0], -1, keepdim); });
    c.add("prod of two zeros", {tensor({{0., 2., 0.}, {3., 0., 5.}}, {.dtype = float64})},
          [=](const Inputs& x) { return prod(x[0], 1, keepdim); });
    c.add("prod of nothing", {uniform({0, 3}, -2, 2, 147)},
          [=](const Inputs& x) { return prod(x[0], 0, keepdim); });
  }
  for (const Shape& shape : std::vector<Shape>{{}, {5}, {3, 5}, {2, 3, 4}, {0, 3}})
    for (const int dim : {0, -1})
      c.add("cumsum", {uniform(shape, -2, 2, 148)},
            [=](const Inputs& x) { return cumsum(x[0], dim); });
  c.add("sum over nothing", {uniform({3, 0}, -2, 2, 50)},
        [](const Inputs& x) { return sum(x[0], 1); });
}

void add_products(Cases& c) {
  struct Pair {
    Shape a, b;
  };
  const std::vector<Pair> sizes{{{3}, {3}},
                                {{2, 3}, {3}},
                                {{3}, {3, 2}},
                                {{2, 3}, {3, 4}},
                                {{1, 5}, {5, 1}},
                                {{2, 0}, {0, 3}},
                                {{0, 2}, {2, 3}},
                                {{4, 2, 3}, {4, 3, 2}},
                                {{4, 2, 3}, {3, 2}},
                                {{2, 3}, {4, 3, 2}},
                                {{2, 1, 2, 3}, {3, 3, 1}},
                                {{4, 2, 3}, {3}},
                                {{3}, {4, 3, 2}}};
  for (const Pair& s : sizes)
    c.add("matmul", {uniform(s.a, -2, 2, 51), uniform(s.b, -2, 2, 52)},
          [](const Inputs& x) { return matmul(x[0], x[1]); });
  for (const Shape& x : std::vector<Shape>{{3}, {2, 3}, {2, 4, 3}, {0, 3}}) {
    const Inputs in{uniform(x, -2, 2, 53), uniform({5, 3}, -2, 2, 54), uniform({5}, -2, 2, 55)};
    c.add("linear", in, [](const Inputs& v) { return linear(v[0], v[1], v[2]); });
    c.add("linear without bias", {in[0], in[1]},
          [](const Inputs& v) { return linear(v[0], v[1]); });
  }
}

void add_shapes(Cases& c) {
  const auto one = [&](const char* name, const Shape& s, const std::function<Tensor(Tensor)>& f) {
    c.add(name, {uniform(s, -2, 2, 61)}, [f](const Inputs& x) { return f(x[0]) * f(x[0]); });
  };
  one("reshape", {3, 4}, [](const Tensor& x) { return reshape(x, {2, -1}); });
  one("reshape", {}, [](const Tensor& x) { return reshape(x, {1, 1}); });
  one("reshape", {0, 3}, [](const Tensor& x) { return reshape(x, {3, 0}); });
  one("flatten", {2, 3, 4}, [](const Tensor& x) { return flatten(x, 1); });
  one("flatten", {}, [](const Tensor& x) { return flatten(x); });
  one("transpose", {3, 4}, [](const Tensor& x) { return transpose(x, 0, 1); });
  one("transpose", {2, 3, 4, 2}, [](const Tensor& x) { return transpose(x, 1, -1); });
  one("transpose", {2, 0, 3}, [](const Tensor& x) { return transpose(x, 0, 2); });
  one("t", {3, 2}, [](const Tensor& x) { return t(x); });
  one("expand", {3, 1}, [](const Tensor& x) { return expand(x, {2, -1, 4}); });
  one("expand", {}, [](const Tensor& x) { return expand(x, {3}); });
  one("clone", {3}, [](const Tensor& x) { return x.clone(); });
  one("permute", {2, 3, 4}, [](const Tensor& x) { return permute(x, {2, 0, 1}); });
  one("permute", {3, 2}, [](const Tensor& x) { return permute(x, {1, 0}); });
  one("permute", {2, 0, 3}, [](const Tensor& x) { return permute(x, {1, -1, 0}); });
  one("permute", {}, [](const Tensor& x) { return permute(x, {}); });
  one("squeeze", {1, 3, 1}, [](const Tensor& x) { return squeeze(x); });
  one("squeeze", {1, 3, 1}, [](const Tensor& x) { return squeeze(x, -1); });
  one("unsqueeze", {3, 2}, [](const Tensor& x) { return unsqueeze(x, -2); });
  one("unsqueeze", {}, [](const Tensor& x) { return unsqueeze(x, 0); });
  one("flip", {3, 4}, [](const Tensor& x) { return flip(x, {0, -1}); });
  one("flip", {2, 3, 2}, [](const Tensor& x) { return flip(x, {1}); });
  one("flip", {0, 3}, [](const Tensor& x) { return flip(x, {0}); });
  one("roll", {3, 4}, [](const Tensor& x) { return roll(x, {1, -2}, {0, 1}); });
  one("roll", {3, 4}, [](const Tensor& x) { return roll(x, {5}); });
}

void add_parts(Cases& c) {
  const auto one = [&](const char* name, const Shape& s, const std::function<Tensor(Tensor)>& f) {
    c.add(name, {uniform(s, -2, 2, 161)}, [f](const Inputs& x) { return f(x[0]) * f(x[0]); });
  };
  one("x[i]", {3, 4}, [](const Tensor& x) { return x[-1]; });
  one("x[i][j]", {3, 4}, [](const Tensor& x) { return x[1][2]; });
  one("index", {5, 4}, [](const Tensor& x) { return x.index({Slice(1, -1), 2}); });
  one("index", {7, 4}, [](const Tensor& x) { return x.index({Slice(None, None, 3), None}); });
  one("index", {2, 3, 4}, [](const Tensor& x) { return x.index({Ellipsis, Slice(1, 3)}); });
  one("index of nothing", {3, 2}, [](const Tensor& x) { return x.index({Slice(2, 1)}); });
  one("select", {2, 3, 4}, [](const Tensor& x) { return select(x, 1, 2); });
  one("narrow", {3, 5}, [](const Tensor& x) { return narrow(x, -1, 1, 3); });
  one("rows added up", {4, 3}, [](const Tensor& x) { return x[0] + x[2] * x[0] + x[3]; });
  one("split", {5, 3}, [](const Tensor& x) {
    const auto parts = split(x, 2);
    return parts[0] * parts[1] + sum(parts[2]);
  });
  one("unbind", {3, 2}, [](const Tensor& x) {
    const auto rows = unbind(x);
    return rows[0] * rows[1] - rows[2];
  });
  one("chunk", {7}, [](const Tensor& x) { return chunk(x, 3)[1]; });
  const Inputs two{uniform({2, 3}, -2, 2, 162), uniform({4, 3}, -2, 2, 163)};
  c.add("cat", two, [](const Inputs& x) { return square(cat({x[0], x[1], x[0]})); });
  c.add("cat along the last", {uniform({2, 0, 3}, -2, 2, 164), uniform({2, 0, 1}, -2, 2, 165)},
        [](const Inputs& x) {
          return square(cat({x[0], x[1]}, -1));
        });
  c.add("cat with nothing", {uniform({0}, -2, 2, 166), uniform({2, 3}, -2, 2, 167)},
        [](const Inputs& x) {
          return square(cat({x[0], x[1]}, 1));
        });
  c.add("stack", {two[0], uniform({2, 3}, -2, 2, 168)}, [](const Inputs& x) {
    return square(stack({x[0], x[1]}, -1));
  });
  const Tensor places = tensor({{0, 2, 1}, {2, 2, 0}});
  c.add("gather", {uniform({3, 3}, -2, 2, 169)},
        [=](const Inputs& x) { return square(gather(x[0], 0, places)); });
  c.add("gather along the last", {uniform({2, 3}, -2, 2, 170)},
        [=](const Inputs& x) { return square(gather(x[0], 1, places)); });
  c.add("scatter_add", {uniform({3, 3}, -2, 2, 171), uniform({2, 3}, -2, 2, 172)},
        [=](const Inputs& x) { return square(scatter_add(x[0], 0, places, x[1])); });
  c.add("embedding", {uniform({4, 2}, -2, 2, 173)},
        [=](const Inputs& x) { return square(embedding(places, x[0])); });
}

void add_networks(Cases& c) {
  for (const double p : {0.0, 0.3, 1.0})
    c.add("dropout", {uniform({3, 7}, -2, 2, 181)}, [p](const Inputs& x) {
      Generator generator(5);
      return square(dropout(x[0], p, true, &generator));
    });
  for (const Shape& s : std::vector<Shape>{{4, 3}, {2, 3, 5}, {2, 3, 2, 2}, {2, 3, 4, 5}}) {
    const Inputs in{uniform(s, -2, 2, 182), uniform({3}, 0.5, 2, 183), uniform({3}, -1, 1, 184)};
    c.add("batch_norm", in, [](const Inputs& x) {
      return batch_norm(x[0], {}, {}, {.weight = x[1], .bias = x[2], .training = true});
    });
    c.add("batch_norm without scale", {in[0]},
          [](const Inputs& x) { return batch_norm(x[0], {}, {}, {.training = true}); });
    c.add("batch_norm in evaluation", in, [](const Inputs& x) {
      const Tensor mean = zeros({3}, {.dtype = x[0].dtype()}) + 0.5, var = mean * 3;
      return batch_norm(x[0], mean, var, {.weight = x[1], .bias = x[2]});
    });
  }
  for (const Shape& s : std::vector<Shape>{{4, 3}, {2, 5, 3}, {3}}) {
    const Inputs in{uniform(s, -2, 2, 185), uniform({3}, 0.5, 2, 186), uniform({3}, -1, 1, 187)};
    c.add("layer_norm", in, [](const Inputs& x) { return layer_norm(x[0], {3}, x[1], x[2]); });
    c.add("layer_norm without scale", {in[0]},
          [](const Inputs& x) { return layer_norm(x[0], {3}); });
  }
  c.add("layer_norm over two axes", {uniform({2, 3, 4}, -2, 2, 188), uniform({3, 4}, -2, 2, 189)},
        [](const Inputs& x) {
          return layer_norm(x[0], {3, 4}, x[1]);
        });
}

void add_losses(Cases& c) {
  const auto softmaxes = [&](const Shape& s, int dim) {
    c.add("softmax", {uniform(s, -2, 2, 71)},
          [dim](const Inputs& x) { return softmax(x[0], dim); });
    c.add("log_softmax", {uniform(s, -2, 2, 72)},
          [dim](const Inputs& x) { return log_softmax(x[0], dim); });
  };
  softmaxes({5}, 0);
  softmaxes({3, 5}, 1);
  softmaxes({3, 5}, 0);
  softmaxes({2, 3, 4}, 1);
  softmaxes({2, 19}, -1);
  softmaxes({}, 0);
  softmaxes({3, 1}, 1);
  softmaxes({0, 4}, 1);
  const Tensor classes = tensor({1, 0, 3}), weight = uniform({4}, 0.5, 2, 73);
  for (const Reduction r : {Reduction::none, Reduction::mean, Reduction::sum}) {
    c.add("cross_entropy", {uniform({3, 4}, -2, 2, 74)},
          [=](const Inputs& x) { return cross_entropy(x[0], classes, {.reduction = r}); });
    c.add("cross_entropy weighted, smoothed, some ignored", {uniform({3, 4}, -2, 2, 75)},
          [=](const Inputs& x) {
            return cross_entropy(
                x[0], classes,
                {.weight = weight, .ignore_index = 0, .reduction = r, .label_smoothing = 0.3});
          });
    c.add("cross_entropy of probabilities", {uniform({3, 4}, -2, 2, 76), uniform({3, 4}, 0, 1, 77)},
          [=](const Inputs& x) {
            return cross_entropy(x[0], x[1],
                                 {.weight = weight, .reduction = r, .label_smoothing = 0.1});
          });
    c.add("cross_entropy over positions", {uniform({2, 4, 3}, -2, 2, 78)}, [=](const Inputs& x) {
      return cross_entropy(x[0], tensor({{0, 1, 2}, {3, 2, 1}}), {.reduction = r});
    });
    c.add("nll_loss", {uniform({3, 4}, -2, 2, 79)}, [=](const Inputs& x) {
      return nll_loss(x[0], classes, {.weight = weight, .reduction = r});
    });
    const Inputs pair{uniform({3, 4}, -2, 2, 80), uniform({4}, -2, 2, 81)};
    c.add("mse_loss", pair, [=](const Inputs& x) { return mse_loss(x[0], x[1], r); });
    c.add("l1_loss", pair, [=](const Inputs& x) { return l1_loss(x[0], x[1], r); });
    c.add("smooth_l1_loss", pair,
          [=](const Inputs& x) { return smooth_l1_loss(x[0], x[1], r, 0.7); });
    c.add("huber_loss", pair, [=](const Inputs& x) { return huber_loss(x[0], x[1], r, 0.7); });
    const Inputs chances{uniform({3, 4}, 0.1, 0.9, 83), uniform({3, 4}, 0.1, 0.9, 84),
                         uniform({4}, 0.5, 2, 85)};
    c.add("binary_cross_entropy", chances,
          [=](const Inputs& x) { return binary_cross_entropy(x[0], x[1], x[2], r); });
    c.add("binary_cross_entropy_with_logits", {uniform({3, 4}, -3, 3, 86), chances[1], chances[2]},
          [=](const Inputs& x) {
            return binary_cross_entropy_with_logits(
                x[0], x[1], {.weight = x[2], .reduction = r, .pos_weight = x[2]});
          });
    c.add("kl_div", {uniform({3, 4}, -3, 0, 87), chances[1]},
          [=](const Inputs& x) { return kl_div(x[0], x[1], r); });
    c.add("kl_div of logarithms", {uniform({3, 4}, -3, 0, 88), uniform({3, 4}, -3, 0, 89)},
          [=](const Inputs& x) { return kl_div(x[0], x[1], r, true); });
  }
  c.add("kl_div, batchmean", {uniform({3, 4}, -3, 0, 90), uniform({3, 4}, 0.1, 0.9, 91)},
        [](const Inputs& x) { return kl_div(x[0], x[1], Reduction::batchmean); });
  c.add("cross_entropy of one sample", {uniform({4}, -2, 2, 82)},
        [](const Inputs& x) { return cross_entropy(x[0], tensor(2)); });
}

}  // namespace

std::vector<OpCase> all_op_cases() {
  Cases cases;
  add_documented(cases);
  add_listed(cases);
  add_elementwise(cases);
  add_reductions(cases);
  add_products(cases);
  add_shapes(cases);
  add_parts(cases);
  add_networks(cases);
  add_losses(cases);
  return std::move(cases.list);
}

}  // namespace xgrad::test

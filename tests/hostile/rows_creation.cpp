#include "hostile/rows.hpp"

namespace xgrad::test {
namespace {

TensorOptions options(Draw& d) {
  static const std::vector<DType> dtypes = {float32, float64, int64, bool_};
  TensorOptions o;
  if (d.chance(0.7)) o.dtype = d.one_of(dtypes);
  if (o.dtype) d.tell(to_string(*o.dtype));
  o.requires_grad = d.chance(0.2);
  return o;
}

}  // namespace

std::vector<Row> creation_rows() {
  return {
      ROW("zeros", zeros(d.shape(), options(d))),
      ROW("ones", ones(d.shape(), options(d))),
      ROW("full", full(d.shape(), d.real(), options(d))),
      ROW("full", full(d.shape(), d.number(), options(d))),
      ROW("empty", zeros_like(empty(d.shape(), options(d)))),
      ROW("eye", eye(d.number())),
      ROW("eye", eye(d.number(), d.number(), options(d))),
      ROW("zeros_like", zeros_like(d.tensor(), options(d))),
      ROW("ones_like", ones_like(d.tensor(), options(d))),
      ROW("full_like", full_like(d.tensor(), d.real(), options(d))),
      ROW("arange", arange(d.number())),
      ROW("arange", arange(d.number(), d.number(), d.number(), options(d))),
      ROW("arange", arange(d.real(), d.real(), d.real(), options(d))),
      ROW("linspace", linspace(d.real(), d.real(), d.number(), options(d))),
      ROW("rand", rand(d.shape(), options(d))),
      ROW("randn", randn(d.shape(), options(d))),
      ROW("randint", randint(d.number(), d.number(), d.shape(), options(d))),
      ROW("rand_like", rand_like(d.tensor(), options(d))),
      ROW("randn_like", randn_like(d.tensor(), options(d))),
      ROW("randint_like", randint_like(d.tensor(), d.number(), d.number(), options(d))),
      ROW("randperm", randperm(d.number(), options(d))),
      ROW("normal", normal(d.real(), d.real(), d.shape(), options(d))),
      ROW("normal", normal(d.tensor(), d.floats())),
      ROW("normal", normal(d.floats(), d.real())),
      ROW("bernoulli", bernoulli(d.tensor())),
      ROW("poisson", poisson(d.tensor())),
      ROW("multinomial", multinomial(d.tensor(), d.number(), d.flag())),
      ROW("tril_indices", tril_indices(d.number(), d.number(), d.number())),
      ROW("triu_indices", triu_indices(d.number(), d.number(), d.number())),
      ROW("size", zeros({}) + double(d.tensor().size(d.dim()))),
      ROW("item", zeros({}) + d.tensor().item<double>()),
      ROW("to", d.tensor().to(options(d).dtype.value_or(float32))),
      ROW("reshape", d.tensor().reshape(d.shape())),
      ROW("flatten", d.tensor().flatten(d.dim(), d.dim())),
      ROW("select", d.tensor()[d.number()]),
      ROW("index", d.tensor().index(d.indices())),
      ROW("permute", d.tensor().permute(d.dims())),
      ROW("squeeze", d.tensor().squeeze(d.dims())),
      ROW("unsqueeze", d.tensor().unsqueeze(d.dim())),
      ROW("argmax", d.tensor().argmax(d.dim(), d.flag())),
      ROW("sum", d.tensor().sum(d.dims(), d.flag())),
      ROW("mean", d.tensor().mean(d.dims(), d.flag())),
      ROW("matmul", d.tensor().matmul(d.tensor())),
      ROW("clone", d.tensor().clone()),
  };
}

}  // namespace xgrad::test

// Members of Tensor that have no free function of the same name.
#include <xgrad/graph/tensor.hpp>

#include <cmath>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/random.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/comparison.hpp>
#include <xgrad/ops/indexing.hpp>
#include <xgrad/ops/reshape.hpp>
#include <xgrad/ops/sampling.hpp>

#include "in_place.hpp"

namespace xgrad {

Tensor Tensor::operator[](Position i) const {
  return xgrad::select(Operand(*this, i.site), 0, i.at);
}
Tensor Tensor::view_as(const Tensor& other, Site site) const {
  const OpScope scope("view_as", site);
  return xgrad::view(Operand(*this, site), other.shape());
}
Tensor Tensor::reshape_as(const Tensor& other, Site site) const {
  const OpScope scope("reshape_as", site);
  return xgrad::reshape(Operand(*this, site), other.shape());
}
Tensor Tensor::type_as(const Tensor& other, Site site) const {
  const OpScope scope("type_as", site);
  return to(other.dtype(), site);
}

Tensor Tensor::new_empty(const Shape& shape, Site site) const {
  const OpScope scope("new_empty", site);
  return xgrad::empty(shape, {.dtype = dtype()}, site);
}
Tensor Tensor::new_zeros(const Shape& shape, Site site) const {
  const OpScope scope("new_zeros", site);
  return xgrad::zeros(shape, {.dtype = dtype()}, site);
}
Tensor Tensor::new_ones(const Shape& shape, Site site) const {
  const OpScope scope("new_ones", site);
  return xgrad::ones(shape, {.dtype = dtype()}, site);
}
Tensor Tensor::new_full(const Shape& shape, Operand number, Site site) const {
  const OpScope scope("new_full", site);
  Tensor made = xgrad::empty(shape, {.dtype = dtype()}, site);
  return made.fill_(number, site);
}

Tensor& Tensor::copy_(const Tensor& source, Site site) {
  const InPlace change("copy_", *this, {{source, site}}, site);
  assign(source, site);
  return *this;
}
Tensor& Tensor::fill_(Operand value, Site site) {
  const InPlace change("fill_", *this, {value}, site);
  if (value.shape().dim() != 0)
    throw ShapeError(
        fmt::format("fill_: the value is {}; it must be a number or a tensor without "
                    "axes. To copy the elements of a tensor, use copy_",
                    describe(value)));
  assign(value.materialize(dtype()), site);
  return *this;
}
Tensor& Tensor::zero_(Site site) {
  const InPlace change("zero_", *this, {}, site);
  return fill_(Operand(0), site);
}

Tensor& Tensor::uniform_(double from, double to, Generator* generator, Site site) {
  const InPlace change("uniform_", *this, {}, site);
  if (!(from <= to) || !std::isfinite(to - from))
    throw ValueError(fmt::format(
        "uniform_: from is {} and to is {}; from must be at most to, and their distance finite",
        from, to));
  const Tensor y = rand_like(*this, {.generator = generator}) * (to - from) + from;
  return change.write(xgrad::where(y < to, y, from));  // y may have been rounded to it
}
Tensor& Tensor::normal_(double mean, double std, Generator* generator, Site site) {
  const InPlace change("normal_", *this, {}, site);
  return change.write(
      xgrad::normal(mean, std, shape(), {.dtype = dtype(), .generator = generator}, site));
}
Tensor& Tensor::bernoulli_(double p, Generator* generator, Site site) {
  const InPlace change("bernoulli_", *this, {}, site);
  return change.write(xgrad::bernoulli(xgrad::full(shape(), p, {.dtype = float64}), generator, site)
                          .to(dtype(), site));
}

Tensor& Tensor::detach_() {
  if (is_leaf()) return requires_grad_(false);
  return *this = detach();
}

}  // namespace xgrad

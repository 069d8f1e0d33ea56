// sampling.hpp: random tensors by distributions that tensors give. Uniform and normal ones of a
// shape are in <xgrad/graph/random.hpp>. @grad none.
//
// All draw from a Generator, the thread's default if none is named: the same bits for the same
// seed.
#pragma once

#include <xgrad/graph/operand.hpp>
#include <xgrad/graph/random.hpp>

namespace xgrad {

/// 1 with probability p, else 0, for each element of p; its dtype. @throws ValueError for p outside
/// [0, 1].
Tensor bernoulli(const Tensor& p, Generator* generator = nullptr,
                 Site site = {__builtin_FILE(), __builtin_LINE()});
/// Normal with these means and standard deviations, which broadcast; numbers or tensors.
/// @throws ValueError for a negative standard deviation.
Tensor normal(Operand mean, Operand std, Generator* generator = nullptr);
/// The same of a shape; float32 if not told otherwise.
Tensor normal(double mean, double std, const Shape& shape, const TensorOptions& options = {},
              Site site = {__builtin_FILE(), __builtin_LINE()});
/// Poisson-distributed integers with these means; their dtype (Knuth, 1969; Hormann, 1993).
/// @throws ValueError for a negative mean.
Tensor poisson(const Tensor& rates, Generator* generator = nullptr,
               Site site = {__builtin_FILE(), __builtin_LINE()});
/// The numbers from 0 to n - 1 in random order: int64 if not told otherwise (Fisher and Yates,
/// 1938).
Tensor randperm(std::int64_t n, const TensorOptions& options = {},
                Site site = {__builtin_FILE(), __builtin_LINE()});
/// Positions drawn by weights: n for each row of (rows, positions), or of a vector; int64. Without
/// replacement each comes at most once.
/// @throws ShapeError for more axes; ValueError for negative weights, rows without any, or more
/// draws without replacement than positions with a weight.
Tensor multinomial(const Tensor& weights, std::int64_t n, Flag replacement = false,
                   Generator* generator = nullptr,
                   Site site = {__builtin_FILE(), __builtin_LINE()});

}  // namespace xgrad

// sampling.hpp: random tensors from distributions whose parameters are tensors; @grad none.
//
// <xgrad/graph/random.hpp> has uniform and normal tensors of a given shape. All functions draw from
// a Generator, by default that of the thread. The same seed gives the same bits.
#pragma once

#include <xgrad/graph/operand.hpp>
#include <xgrad/graph/random.hpp>

namespace xgrad {

/// 1 with probability p, else 0, for each element of p. The result has the dtype of p.
/// @throws ValueError for p outside [0, 1].
Tensor bernoulli(const Tensor& p, Generator* generator = nullptr,
                 Site site = {__builtin_FILE(), __builtin_LINE()});
/// Normally distributed numbers with the given means and standard deviations, which broadcast.
/// @throws ValueError for a negative standard deviation.
Tensor normal(Operand mean, Operand std, Generator* generator = nullptr);
/// Normally distributed numbers in the given shape, by default of the default dtype.
Tensor normal(double mean, double std, const Shape& shape, const TensorOptions& options = {},
              Site site = {__builtin_FILE(), __builtin_LINE()});
/// Poisson-distributed integers with the given rates (Knuth, 1969; Hormann, 1993). The result has
/// the dtype of rates. @throws ValueError for a rate that is negative or not finite.
Tensor poisson(const Tensor& rates, Generator* generator = nullptr,
               Site site = {__builtin_FILE(), __builtin_LINE()});
/// A random permutation of the integers from 0 to n - 1; int64 by default (Fisher and Yates, 1938).
Tensor randperm(std::int64_t n, const TensorOptions& options = {},
                Site site = {__builtin_FILE(), __builtin_LINE()});
/// Draws n indices, as int64, from each row of weights, 1-d or 2-d. The probability of an index is
/// proportional to its weight. Without replacement, no index is drawn twice.
/// @throws ShapeError for more dims, or n < 1; ValueError for negative weights, a row of zeros, or,
/// without replacement, a row with fewer than n nonzero weights.
Tensor multinomial(const Tensor& weights, std::int64_t n, Flag replacement = false,
                   Generator* generator = nullptr,
                   Site site = {__builtin_FILE(), __builtin_LINE()});

}  // namespace xgrad

// init.hpp: functions that initialize parameters. They change a leaf in place and return it.
//
// For a weight (out, in, ...), fan_in is the size of the second dim and fan_out the size of the
// first, each multiplied by the sizes of the remaining dims. Functions that need them, or a matrix,
// throw ShapeError if the tensor has fewer than two dims. Random functions use `generator`, by
// default the thread's default generator.
#pragma once

#include <string_view>

#include <xgrad/graph/random.hpp>

namespace xgrad::nn::init {

Tensor constant_(Tensor x, double value, Site site = {__builtin_FILE(), __builtin_LINE()});
Tensor zeros_(Tensor x, Site site = {__builtin_FILE(), __builtin_LINE()});
Tensor ones_(Tensor x, Site site = {__builtin_FILE(), __builtin_LINE()});
/// Sets the diagonal of a matrix to 1 and everything else to 0.
Tensor eye_(Tensor x, Site site = {__builtin_FILE(), __builtin_LINE()});
/// Draws from the uniform distribution on [low, high).
Tensor uniform_(Tensor x, double low = 0, double high = 1, Generator* generator = nullptr,
                Site site = {__builtin_FILE(), __builtin_LINE()});
/// Draws from the normal distribution.
Tensor normal_(Tensor x, double mean = 0, double std = 1, Generator* generator = nullptr,
               Site site = {__builtin_FILE(), __builtin_LINE()});

/// The recommended gain for a nonlinearity: 1 for "linear" and "sigmoid", 5/3 for "tanh", sqrt(2)
/// for "relu", sqrt(2 / (1 + a^2)) for "leaky_relu" with negative slope a, 3/4 for "selu".
/// @throws ValueError for any other name.
double calculate_gain(std::string_view nonlinearity, double a = 0.01,
                      Site site = {__builtin_FILE(), __builtin_LINE()});

/// Draws from the uniform distribution on [-b, b], b = gain sqrt(6 / (fan_in + fan_out)) (Glorot
/// and Bengio, AISTATS 2010).
Tensor xavier_uniform_(Tensor x, double gain = 1, Generator* generator = nullptr,
                       Site site = {__builtin_FILE(), __builtin_LINE()});
/// Draws from the normal distribution with standard deviation gain sqrt(2 / (fan_in + fan_out)).
Tensor xavier_normal_(Tensor x, double gain = 1, Generator* generator = nullptr,
                      Site site = {__builtin_FILE(), __builtin_LINE()});

/// fan_in preserves the variance of the values in the forward pass, fan_out that of the gradients
/// in the backward pass.
enum class FanMode { fan_in, fan_out };
/// Draws from the uniform distribution on [-b, b], b = gain sqrt(3 / fan), where gain is
/// calculate_gain(nonlinearity, a) (He et al., ICCV 2015).
Tensor kaiming_uniform_(Tensor x, double a = 0, FanMode mode = FanMode::fan_in,
                        std::string_view nonlinearity = "leaky_relu",
                        Generator* generator = nullptr,
                        Site site = {__builtin_FILE(), __builtin_LINE()});
/// Draws from the normal distribution with standard deviation gain / sqrt(fan).
Tensor kaiming_normal_(Tensor x, double a = 0, FanMode mode = FanMode::fan_in,
                       std::string_view nonlinearity = "leaky_relu", Generator* generator = nullptr,
                       Site site = {__builtin_FILE(), __builtin_LINE()});

/// Fills x, viewed as a matrix (first dim, product of the others), with a random (semi-)orthogonal
/// matrix times gain, uniformly distributed (Saxe et al., ICLR 2014). Uses a QR factorization.
Tensor orthogonal_(Tensor x, double gain = 1, Generator* generator = nullptr,
                   Site site = {__builtin_FILE(), __builtin_LINE()});

}  // namespace xgrad::nn::init

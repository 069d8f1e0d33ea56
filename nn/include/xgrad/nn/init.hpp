// init.hpp: starting values for parameters. They change a leaf in place and give it back.
//
// fan_in and fan_out are the sizes of the second and the first dim, times the product of the
// others: what a weight (out, in, ...) takes in and gives out. Functions that need them, or a
// matrix, throw ShapeError below two dims. Random ones draw from the generator, by default the
// thread's.
#pragma once

#include <string_view>

#include <xgrad/graph/random.hpp>

namespace xgrad::nn::init {

Tensor constant_(Tensor x, double value, Site site = {__builtin_FILE(), __builtin_LINE()});
Tensor zeros_(Tensor x, Site site = {__builtin_FILE(), __builtin_LINE()});
Tensor ones_(Tensor x, Site site = {__builtin_FILE(), __builtin_LINE()});
/// Ones on the diagonal of a matrix, zeros elsewhere.
Tensor eye_(Tensor x, Site site = {__builtin_FILE(), __builtin_LINE()});
/// Uniform in [low, high).
Tensor uniform_(Tensor x, double low = 0, double high = 1, Generator* generator = nullptr,
                Site site = {__builtin_FILE(), __builtin_LINE()});
Tensor normal_(Tensor x, double mean = 0, double std = 1, Generator* generator = nullptr,
               Site site = {__builtin_FILE(), __builtin_LINE()});

/// What a nonlinearity does to the standard deviation: 1 for "linear" and "sigmoid", 5/3 for
/// "tanh", sqrt(2) for "relu", sqrt(2 / (1 + a^2)) for "leaky_relu" of slope a, 3/4 for "selu".
/// @throws ValueError for another name.
double calculate_gain(std::string_view nonlinearity, double a = 0.01,
                      Site site = {__builtin_FILE(), __builtin_LINE()});

/// Uniform in +-gain sqrt(6 / (fan_in + fan_out)) (Glorot and Bengio, AISTATS 2010).
Tensor xavier_uniform_(Tensor x, double gain = 1, Generator* generator = nullptr,
                       Site site = {__builtin_FILE(), __builtin_LINE()});
/// Normal with standard deviation gain sqrt(2 / (fan_in + fan_out)).
Tensor xavier_normal_(Tensor x, double gain = 1, Generator* generator = nullptr,
                      Site site = {__builtin_FILE(), __builtin_LINE()});

/// Which side keeps its variance: the values on the way forward, or the gradients on the way back.
enum class FanMode { fan_in, fan_out };
/// Uniform in +-gain sqrt(3 / fan), gain that of a nonlinearity with slope a (He et al., ICCV
/// 2015).
Tensor kaiming_uniform_(Tensor x, double a = 0, FanMode mode = FanMode::fan_in,
                        std::string_view nonlinearity = "leaky_relu",
                        Generator* generator = nullptr,
                        Site site = {__builtin_FILE(), __builtin_LINE()});
/// Normal with standard deviation gain / sqrt(fan).
Tensor kaiming_normal_(Tensor x, double a = 0, FanMode mode = FanMode::fan_in,
                       std::string_view nonlinearity = "leaky_relu", Generator* generator = nullptr,
                       Site site = {__builtin_FILE(), __builtin_LINE()});

/// A matrix (first dim, product of the others) whose shorter side is orthonormal, times gain: a
/// random one, each as likely as any other (Saxe et al., ICLR 2014). By QR factorisation.
Tensor orthogonal_(Tensor x, double gain = 1, Generator* generator = nullptr,
                   Site site = {__builtin_FILE(), __builtin_LINE()});

}  // namespace xgrad::nn::init

// machine.hpp: where the suite runs, and an environment that is fair to both sides.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace bench {

/// Starts the program again, if need be, in an environment that suits both sides: OpenBLAS with
/// the kernels for this processor, libtorch with its widest kernels and, with `peers`, tcmalloc for
/// both, where it is installed.
void restart_in_fair_environment(char** argv, bool peers);

/// Throws std::runtime_error if OpenBLAS runs kernels for a lesser processor than this one.
void require_fitting_blas();

/// For this program and for OpenBLAS, whose threads are its own: libtorch's products would use all
/// processors.
void set_threads(int threads);

/// Names and values: processor, compiler, instruction set, kernels of the BLAS, versions.
std::vector<std::pair<std::string, std::string>> description();

}  // namespace bench

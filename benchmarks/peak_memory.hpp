// peak_memory.hpp: what a case takes at most, in a process of its own.
#pragma once

#include <optional>
#include <string>

namespace bench {

/// The peak resident memory, in MB, of this program when it runs nothing but the case, by us or by
/// the peer. Nothing if it fails.
std::optional<double> peak_memory(const std::string& name, bool of_peer);
/// What that process prints at its end. The usage that wait4 gives counts what this program had
/// when it started the other.
void print_peak_memory();

}  // namespace bench

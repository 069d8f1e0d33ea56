// workers.hpp: the workers that help the thread that calls them, oneTBB's. Kept apart, because
// ThreadSanitizer cannot see the order of oneTBB's own accesses.
#pragma once

#include <cstdint>

namespace xgrad::detail {

/// Whether this process is the child of a fork, whose workers stayed in the parent.
bool is_forked() noexcept;
/// The most threads that set_num_threads takes.
int most_threads();

/// How many threads work for the calling thread, with it.
int team_size();
void set_team_size(int threads);
/// Calls run(context, i) for each i in [0, count) on the threads of the team; which must not throw.
void run_on_team(std::int64_t count, void (*run)(void*, std::int64_t), void* context);

}  // namespace xgrad::detail

// timing.hpp: a case, verified and timed beside the peer and the limit.
//
// Machines change their speed by half for minutes, so the sides take turns (ours, the peer's, the
// limit, ours, ...), and what counts is the ratio within a round.
#pragma once

#include <optional>

#include "suite.hpp"

namespace bench {

/// Quotients, a round each.
struct Ratio {
  double median = 0, low = 0, high = 0;
};

/// What was measured of a case.
struct Row {
  Case what;
  int threads = 1;
  std::string verified_by;
  double ours = 0, ours_best = 0, peer = 0, floor = 0;  // medians, in the unit of the case
  std::optional<Ratio> over_ours;                       // the peer's time over ours
  std::optional<Ratio> of_limit;                        // the limit's time over ours
  double faults = 0;                                    // fresh pages that a call of ours touches
  std::optional<double> peak_mb, peer_peak_mb;
};

struct TimingOptions {
  int rounds = 7;
  int threads = 1;
};

/// @throws std::runtime_error  if the answers differ.
Row timed(const Case& c, const Peer* peer, const TimingOptions& options);

/// Verifies a case beside the peer and keeps its answer for save_expected, without timing it.
void record(const Case& c, const Peer& peer);

/// The peer's work for a case, if it has it.
std::optional<Work> peer_work(const Case& c, const Peer* peer, const Setup& setup);

/// Runs a case's work as often as it is verified, for its peak memory.
void run_once(const Case& c, const Peer* peer);

}  // namespace bench

#include "timing.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include <fmt/format.h>
#include <sys/resource.h>

#include "expected.hpp"
#include "limits.hpp"
#include "machine.hpp"

namespace bench {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}
long page_faults() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_minflt;
}

struct Contender {
  Work work;
  std::vector<double> seconds = {};  // a call of each round
  long calls = 0, faults = 0;

  void round(double budget) {
    const long before = page_faults();
    const auto start = Clock::now();
    int n = 0;
    do {
      work.run();
      ++n;
    } while (seconds_since(start) < budget);
    seconds.push_back(seconds_since(start) / n);
    faults += page_faults() - before;
    calls += n;
  }
  void forget() {
    seconds.clear();
    calls = faults = 0;
  }
};

double median(std::vector<double> v) {
  std::sort(v.begin(), v.end());
  return v[v.size() / 2];
}

Ratio ratio_of(const Contender& other, const Contender& ours) {
  std::vector<double> all;
  for (std::size_t r = 0; r < ours.seconds.size(); ++r)
    all.push_back(other.seconds[r] / ours.seconds[r]);
  const auto [low, high] = std::minmax_element(all.begin(), all.end());
  return {median(all), *low, *high};
}

Answer answer_of(const Work& work, int calls) {
  for (int i = 0; i < calls; ++i) work.run();
  return work.answer();
}

void require_near(const Case& c, const Answer& ours, const Answer& expected,
                  const std::string& source) {
  if (ours.size() != expected.size())
    throw std::runtime_error(
        fmt::format("{}: {} arrays, {} has {}", c.name, ours.size(), source, expected.size()));
  for (std::size_t i = 0; i < ours.size(); ++i) {
    const Digest &a = ours[i], &b = expected[i];
    if (!a.near(b, c.tolerance))
      throw std::runtime_error(
          fmt::format("{}: array {} of {} differs: {} elements, sums {}, {}, {}; {} has {} "
                      "elements, {}, {}, {}",
                      c.name, i, ours.size(), a.count, a.sum, a.weighted, a.magnitude, source,
                      b.count, b.sum, b.weighted, b.magnitude));
  }
}

// Who confirmed our answer.
std::string verify(const Case& c, const Work& ours, const std::optional<Work>& theirs,
                   const Peer* peer) {
  const Answer answer = answer_of(ours, c.verified_calls);
  if (theirs) {
    const Answer expected = answer_of(*theirs, c.verified_calls);
    const std::string who = c.theirs ? "the other program" : peer->name;
    require_near(c, answer, expected, who);
    record_expected(c.name, expected);
    return who;
  }
  if (const auto expected = expected_answer(c.name)) {
    require_near(c, answer, *expected, "the recorded answer");
    return "record";
  }
  if (answer.empty() || c.group == "compile time" || c.group == "start-up" || c.by_name_only)
    return "itself";
  throw std::runtime_error(c.name +
                           ": nothing to verify it with; --peers --record records answers");
}

std::optional<Work> floor_of(const Case& c) {
  if (c.floor) return c.floor();
  if (!c.traffic) return std::nullopt;
  const Traffic t = c.traffic();
  return stream(t.read, t.written);
}

}  // namespace

std::optional<Work> peer_work(const Case& c, const Peer* peer, const Setup& setup) {
  if (peer == nullptr) return std::nullopt;
  if (c.theirs) return c.theirs();
  const auto found = peer->works.find(c.peer.empty() ? c.name : c.peer);
  if (found == peer->works.end()) return std::nullopt;
  return found->second(setup);
}

Row timed(const Case& c, const Peer* peer, const TimingOptions& options) {
  set_threads(options.threads);
  if (peer != nullptr) peer->set_threads(options.threads);
  const Made made = c.make();
  const std::optional<Work> theirs = peer_work(c, peer, made.setup), floor = floor_of(c);
  Row row{c, options.threads, verify(c, made.work, theirs, peer), 0, 0, 0, 0, {}, {}, 0, {}, {}};

  std::vector<Contender> all{{made.work}};
  if (theirs) all.push_back({*theirs});
  if (floor) all.push_back({*floor});
  if (c.warm_up)
    for (Contender& x : all) x.round(c.seconds);
  for (Contender& x : all) x.forget();
  for (int r = 0; r < options.rounds; ++r)
    for (Contender& x : all) x.round(c.seconds);

  const double unit = 1e9 / c.per_call;
  const Contender& ours = all.front();
  row.ours = median(ours.seconds) * unit;
  row.ours_best = *std::min_element(ours.seconds.begin(), ours.seconds.end()) * unit;
  row.faults = static_cast<double>(ours.faults) / static_cast<double>(ours.calls);
  if (theirs) {
    row.peer = median(all[1].seconds) * unit;
    row.over_ours = ratio_of(all[1], ours);
  }
  if (floor) {
    row.floor = median(all.back().seconds) * unit;
    row.of_limit = ratio_of(all.back(), ours);
  }
  return row;
}

void record(const Case& c, const Peer& peer) {
  const Made made = c.make();
  verify(c, made.work, c.theirs ? std::nullopt : peer_work(c, &peer, made.setup), &peer);
}

void run_once(const Case& c, const Peer* peer) {
  set_threads(1);
  const Made made = c.make();
  if (peer == nullptr) {
    answer_of(made.work, c.verified_calls);
    return;
  }
  peer->set_threads(1);
  if (const auto theirs = peer_work(c, peer, made.setup)) answer_of(*theirs, c.verified_calls);
}

}  // namespace bench

#include "differential/shrink.hpp"

#include <functional>

#include "calls/draw.hpp"
#include "differential/accepted.hpp"
#include "differential/worker.hpp"

namespace xgrad::test {
namespace {

// "result", "gradient", "we refuse", "in float32, they refuse", ...
std::string kind_of(const std::string& difference) {
  return difference.substr(0, difference.find_first_of(":0123456789"));
}

// How the difference of a call is found, and how often it may be.
struct Search {
  std::function<std::string(const std::string& op, const Json& call)> difference;
  int most;
};

class Shrinker {
 public:
  Shrinker(const Op& op, std::vector<std::uint64_t> choices, const std::string& difference,
           Search search)
      : op_(op),
        choices_(std::move(choices)),
        difference_(difference),
        kind_(kind_of(difference)),
        search_(std::move(search)) {}

  Shrunk operator()() {
    for (bool better = true; better && tried_ < search_.most;) {
      better = false;
      for (std::size_t length = choices_.size(); length > 0; length = length / 2)
        better = without(length) || better;
      for (std::size_t i = 0; i < choices_.size(); ++i) better = lower(i) || better;
    }
    return {call_of(choices_), difference_};
  }

 private:
  Json call_of(const std::vector<std::uint64_t>& made) const {
    Choices choices(made);
    return draw_call(op_.signature, choices);
  }
  // Takes the choices if the difference is still there.
  bool take(std::vector<std::uint64_t> made) {
    while (!made.empty() && made.back() == 0) made.pop_back();
    if (made == choices_ || ++tried_ > search_.most) return false;
    const Json call = call_of(made);
    const std::string found = search_.difference(op_.name, call);
    if (found.empty() || kind_of(found) != kind_ ||
        accepted_by(op_.name, found, summary_of(call)) >= 0)
      return false;
    choices_ = std::move(made);
    difference_ = found;
    return true;
  }
  bool without(std::size_t length) {
    bool better = false;
    for (std::size_t at = 0; at + length <= choices_.size(); at += length) {
      std::vector<std::uint64_t> fewer = choices_;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(at),
                  fewer.begin() + static_cast<std::ptrdiff_t>(at + length));
      better = take(fewer) || better;
    }
    return better;
  }
  bool lower(std::size_t i) {
    for (const std::uint64_t less : {std::uint64_t{0}, choices_[i] / 2, choices_[i] - 1}) {
      if (i >= choices_.size() || choices_[i] == 0 || less >= choices_[i]) continue;
      std::vector<std::uint64_t> smaller = choices_;
      smaller[i] = less;
      if (take(smaller)) return true;
    }
    return false;
  }

  const Op& op_;
  std::vector<std::uint64_t> choices_;
  std::string difference_, kind_;
  Search search_;
  int tried_ = 0;
};

std::string judged_here(const std::string& op, const Json& call) {
  return judge(op, call, [](const char*) {}).difference;
}
std::string judged_apart(const std::string& op, const Json& call) {
  std::string found;
  run_trials(
      1,
      [&](std::size_t) {
        return Trial{op, call};
      },
      [&](std::size_t, const TrialResult& r) {
        if (r.end == End::different) found = r.text;
      });
  return found;
}

}  // namespace

Shrunk shrunk(const Op& op, std::vector<std::uint64_t> choices, const std::string& difference) {
  if (is_ending(difference))
    return Shrinker(op, std::move(choices), difference, {judged_apart, 40})();
  const std::string told = run_apart([&] {
    const Shrunk least = Shrinker(op, choices, difference, {judged_here, 2000})();
    return Json{{"call", least.call}, {"difference", least.difference}}.dump();
  });
  if (told.empty()) {  // a smaller call crashes
    Choices made(choices);
    return {draw_call(op.signature, made), difference};
  }
  const Json least = Json::parse(told);
  return {least.at("call"), least.at("difference").get<std::string>()};
}

}  // namespace xgrad::test

#include "differential/judge.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "differential/ours.hpp"
#include "differential/theirs.hpp"

namespace xgrad::test {
namespace {

template <class F>
void for_each_tensor(Json& j, F f) {
  if (is_tensor(j)) return f(j);
  if (j.is_structured())
    for (Json& inner : j) for_each_tensor(inner, f);
}
template <class F>
Json changed(Json call, F f) {
  for_each_tensor(call["args"], f);
  for_each_tensor(call["kwargs"], f);
  return call;
}
bool is_float(const Json& t) {
  const auto dtype = t.at("dtype").get<std::string>();
  return dtype == "float64" || dtype == "float32";
}

Json as_float32(const Json& call) {
  return changed(call, [](Json& t) {
    if (is_float(t)) t["dtype"] = "float32";
  });
}
// The numbers that float32 holds, in float64.
Json rounded(const Json& call) {
  return changed(call, [](Json& t) {
    if (!is_float(t)) return;
    t["dtype"] = "float64";
    for (Json& x : t["data"])
      if (x.is_number()) x = static_cast<double>(static_cast<float>(x.get<double>()));
  });
}
// Every float up or down by a part of it.
template <class PartOf>
Json moved_by(const Json& call, unsigned seed, PartOf part_of) {
  std::mt19937 random(seed);
  std::vector<Json> seen;
  return changed(call, [&](Json& t) {
    if (t.contains("same")) {
      t["data"] = seen.at(t.at("same").get<std::size_t>()).at("data");
    } else if (is_float(t)) {
      const double part = part_of(t);
      for (Json& x : t["data"])
        if (x.is_number()) x = x.get<double>() * (1 + (random() % 2 == 0 ? part : -part));
    }
    seen.push_back(t);
  });
}
Json moved(const Json& call, unsigned seed, double part) {
  return moved_by(call, seed, [part](const Json&) { return part; });
}
// By an ulp.
Json nudged(const Json& call, unsigned seed, bool single) {
  return moved_by(call, seed, [single](const Json& t) {
    return single || t.at("dtype") == "float32" ? 0x1p-23 : 0x1p-52;
  });
}
bool has_float32(const Json& call) {
  bool has = false;
  changed(call, [&](Json& t) { has = has || t.at("dtype") == "float32"; });
  return has;
}
// Differences cannot be taken beside 0 or infinity.
bool is_ordinary(const Json& call) {
  bool all = true;
  changed(call, [&](Json& t) {
    if (!is_float(t)) return;
    all = all && t.at("dtype") == "float64";
    for (const Json& x : t.at("data"))
      all = all && x.is_number() && std::abs(x.get<double>()) > 1e-3 &&
            std::abs(x.get<double>()) < 1e3;
  });
  return all;
}

// The call with plain numbers in the place of such.
Json made_ordinary(const Json& call) {
  std::mt19937 random(1);
  return changed(call, [&](Json& t) {
    if (!is_float(t)) return;
    for (Json& x : t.at("data"))
      if (!x.is_number() || std::abs(x.get<double>()) <= 1e-3 || std::abs(x.get<double>()) >= 1e3)
        x = 0.25 + static_cast<double>(random() % 1000) / 2000;
  });
}

// How far numbers may be apart.
class Tolerance {
 public:
  explicit Tolerance(bool single)
      : relative_(single ? 1e-4 : 1e-9), absolute_(single ? 1e-5 : 1e-12) {}
  double of(double wanted, double largest) const {
    return relative_ * std::abs(wanted) + absolute_ * std::max(1.0, std::min(largest, 1e3));
  }

 private:
  double relative_, absolute_;
};

double largest_of(const Array& a) {
  double most = 0;
  for (const double x : a.data)
    if (std::isfinite(x)) most = std::max(most, std::abs(x));
  return most;
}
bool all_finite(const std::vector<Array>& all) {
  return std::all_of(all.begin(), all.end(), [](const Array& a) {
    return std::all_of(a.data.begin(), a.data.end(), [](double x) { return std::isfinite(x); });
  });
}
bool alike(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

// How far others of the same call are from it.
double spread(const std::vector<std::vector<Array>>& others, std::size_t which, std::size_t k,
              double centre) {
  double most = 0;
  for (const std::vector<Array>& other : others) {
    if (which >= other.size() || k >= other[which].data.size()) return INFINITY;
    const double x = other[which].data[k];
    if (alike(x, centre)) continue;
    const double off = std::abs(x - centre);
    most = std::isnan(off) ? INFINITY : std::max(most, off);
  }
  return most;
}

struct Others {
  std::vector<std::vector<Array>> ours, theirs;
};
struct Comparison {
  const char* what;
  bool single;  // float32 was among the inputs
  bool dtypes = true;

  std::string difference(const std::vector<Array>& ours, const std::vector<Array>& theirs,
                         const Others& others = {}) const {
    if (ours.size() != theirs.size())
      return fmt::format("{}s: we give {}, they {}", what, ours.size(), theirs.size());
    for (std::size_t i = 0; i < ours.size(); ++i) {
      const std::string d = of_one(ours, theirs, i, others);
      if (!d.empty()) return fmt::format("{} {}{}", what, i, d);
    }
    return "";
  }

 private:
  std::string of_one(const std::vector<Array>& all_ours, const std::vector<Array>& all_theirs,
                     std::size_t i, const Others& others) const {
    const Array &ours = all_ours[i], &theirs = all_theirs[i];
    if (ours.shape != theirs.shape)
      return fmt::format(": shapes, ours [{}], theirs [{}]", fmt::join(ours.shape, ", "),
                         fmt::join(theirs.shape, ", "));
    if (dtypes && ours.dtype != theirs.dtype)
      return fmt::format(": dtypes, ours {}, theirs {}", ours.dtype, theirs.dtype);
    const Tolerance tolerance(single || theirs.dtype == "float32" || ours.dtype == "float32");
    const bool exact = theirs.dtype == "int64" || theirs.dtype == "bool";
    const double largest = largest_of(theirs);
    for (std::size_t k = 0; k < ours.data.size(); ++k) {
      const double x = ours.data[k], y = theirs.data[k];
      if (alike(x, y)) continue;
      const double allowed = (exact ? 0 : tolerance.of(y, largest)) +
                             32 * (spread(others.ours, i, k, x) + spread(others.theirs, i, k, y));
      if (std::abs(x - y) <= allowed && std::isfinite(y)) continue;
      if (std::isinf(allowed)) continue;
      return fmt::format(": element {}, ours {:.17g}, theirs {:.17g}", k, x, y);
    }
    return "";
  }
};

class Judge {
 public:
  Judge(const std::string& op, const Json& call, const Announce& announce)
      : op_(op), call_(call), announce_(announce), single_(has_float32(call)) {}

  Judgement judge() {
    const Answer theirs = ask_them(call_), ours = ask_us(call_);
    if (!theirs.refused.empty() && !ours.refused.empty()) return {Found::both_refuse, ""};
    std::string d = refusal(ours, theirs);
    if (d.empty()) d = difference(ours, theirs);
    if (d.empty()) d = difference_in_float32();
    return {d.empty() ? Found::same : Found::different, d};
  }

 private:
  Answer ask_them(const Json& call) const {
    announce_("libtorch");
    return their_answer(op_, call);
  }
  Answer ask_us(const Json& call) const {
    announce_("xgrad");
    return our_answer(op_, call);
  }

  static std::string refusal(const Answer& ours, const Answer& theirs) {
    if (!ours.refused.empty()) return "we refuse: " + ours.refused;
    if (!theirs.refused.empty()) return "they refuse: " + theirs.refused;
    return "";
  }

  // The same call beside it, from both.
  const std::vector<std::pair<Answer, Answer>>& neighbours() {
    if (neighbours_.empty())
      for (unsigned seed = 1; seed <= 4; ++seed) {
        const Json call = nudged(call_, seed, false);
        neighbours_.emplace_back(ask_us(call), ask_them(call));
      }
    return neighbours_;
  }
  Others others(std::vector<Array> Answer::*part) {
    Others all;
    for (const auto& [ours, theirs] : neighbours()) {
      all.ours.push_back(ours.*part);
      all.theirs.push_back(theirs.*part);
    }
    return all;
  }
  std::string difference(const char* what, const Answer& ours, const Answer& theirs,
                         std::vector<Array> Answer::*part) {
    const Comparison comparison{what, single_};
    const std::string d = comparison.difference(ours.*part, theirs.*part);
    return d.find("element") == std::string::npos
               ? d
               : comparison.difference(ours.*part, theirs.*part, others(part));
  }

  std::string difference(const Answer& ours, const Answer& theirs) {
    std::string d = difference("result", ours, theirs, &Answer::values);
    if (!d.empty()) return d;
    if (!all_finite(theirs.values)) return "";
    if (!theirs.no_first.empty()) return ours.no_first.empty() ? checked(false) : "";
    if (!ours.no_first.empty()) return "we have no gradient: " + ours.no_first;
    d = difference("gradient", ours, theirs, &Answer::first);
    if (!d.empty()) return d + agreement(false);
    if (!ours.no_second.empty())
      return theirs.no_second.empty() ? "we have no second gradient: " + ours.no_second : "";
    if (!theirs.no_second.empty()) return checked(true);
    d = difference("second gradient", ours, theirs, &Answer::second);
    return d.empty() ? d : d + agreement(true);
  }
  // Which of two that differ is right, where differences can tell.
  std::string agreement(bool second) const {
    const Json call = made_ordinary(rounded(call_));
    const Answer theirs = ask_them(call), ours = ask_us(call);
    const auto part = second ? &Answer::second : &Answer::first;
    const bool differ = !Comparison{"", single_}.difference(ours.*part, theirs.*part).empty();
    return differ && problem_of(call, second).empty() ? "; differences agree with ours" : "";
  }
  // What they cannot tell, by differences. A kink or a jump that lies within a difference is not
  // there a little further on.
  std::string checked(bool second) const {
    if (!is_ordinary(call_)) return "";
    std::string problem = problem_of(call_, second);
    for (unsigned seed = 1; seed <= 2 && !problem.empty(); ++seed)
      problem = problem_of(moved(call_, seed, 1e-3), second);
    return problem;
  }
  std::string problem_of(const Json& call, bool second) const {
    announce_("xgrad");
    try {
      const std::string problem = our_gradients_problem(op_, call, second);
      return problem.empty() ? "" : fmt::format("{}gradcheck: {}", second ? "grad" : "", problem);
    } catch (const std::exception& e) {
      return fmt::format("{}gradcheck throws: {}", second ? "grad" : "", e.what());
    }
  }

  std::string difference_in_float32() const {
    const Json call = as_float32(call_);
    if (call == call_) return "";
    const Answer theirs = ask_them(call), ours = ask_us(call);
    if (!theirs.refused.empty() && !ours.refused.empty()) return "";
    std::string d = refusal(ours, theirs);
    if (d.empty()) d = Comparison{"result", true}.difference(ours.values, theirs.values);
    if (d.find("element") != std::string::npos) d = beside_float64(ours, theirs);
    return d.empty() ? "" : "in float32, " + d;
  }
  // Not their float32 then, but what float64 gives for what float32 holds, as far as that is sure.
  std::string beside_float64(const Answer& ours, const Answer& theirs) const {
    const Json exact = rounded(call_);
    Others others{{}, {theirs.values}};
    for (unsigned seed = 1; seed <= 4; ++seed)
      others.theirs.push_back(ask_them(nudged(exact, seed, true)).values);
    return Comparison{"result", true, false}.difference(ours.values, ask_them(exact).values,
                                                        others);
  }

  const std::string& op_;
  const Json& call_;
  const Announce& announce_;
  bool single_;
  std::vector<std::pair<Answer, Answer>> neighbours_;
};

bool is_moderate(double x) { return x == 0 || (std::abs(x) > 1e-10 && std::abs(x) < 1e10); }
std::string short_form(const Json& j) {
  if (!is_tensor(j) && j.is_array()) {
    std::vector<std::string> all;
    for (const Json& inner : j) all.push_back(short_form(inner));
    return fmt::format("[{}]", fmt::join(all, ", "));
  }
  if (!is_tensor(j)) return j.is_string() ? j.get<std::string>() : j.dump();
  const Json& data = j.at("data");
  const bool special = std::any_of(data.begin(), data.end(), [](const Json& x) {
    return x.is_string() || (x.is_number_float() && !is_moderate(x.get<double>()));
  });
  return fmt::format("{}[{}]{}{}", j.at("dtype").get<std::string>(),
                     fmt::join(j.at("shape").get<std::vector<int>>(), ","), special ? "*" : "",
                     j.contains("same") ? " again" : "");
}

}  // namespace

Judgement judge(const std::string& op, const Json& call, const Announce& announce) {
  return Judge(op, call, announce).judge();
}

std::string summary_of(const Json& call) {
  std::vector<std::string> all;
  for (const Json& a : call.at("args")) all.push_back(short_form(a));
  for (const auto& [name, a] : call.at("kwargs").items()) all.push_back(name + "=" + short_form(a));
  return fmt::format("{}", fmt::join(all, ", "));
}

}  // namespace xgrad::test

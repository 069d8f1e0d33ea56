#include "strong_wolfe.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace xgrad::optim::detail {
namespace {

constexpr double sufficient_decrease = 1e-4, curvature = 0.9, least_change = 1e-9;
constexpr int most_steps = 25;

// Where the cubic through two points and their slopes is least, within bounds; the middle of the
// bounds if it has no minimum.
double least_of_cubic(const LinePoint& a, const LinePoint& b, double low, double high) {
  const double d1 = a.slope + b.slope - 3 * (a.loss - b.loss) / (a.t - b.t);
  const double square = d1 * d1 - a.slope * b.slope;
  if (!(square >= 0)) return (low + high) / 2;
  const double d2 = std::sqrt(square);
  const auto &left = a.t <= b.t ? a : b, &right = a.t <= b.t ? b : a;
  const double least = right.t - (right.t - left.t) * ((right.slope + d2 - d1) /
                                                       (right.slope - left.slope + 2 * d2));
  return std::min(std::max(least, low), high);
}

class Search {
 public:
  Search(const std::function<LinePoint(double)>& at, const LinePoint& start, double direction)
      : at_(at), start_(start), direction_(direction) {}

  LinePoint run(double first) {
    if (!find_bracket(first)) narrow();
    return low();
  }

 private:
  // NaN does, too.
  bool falls_too_little(const LinePoint& p) const {
    return !(p.loss <= start_.loss + sufficient_decrease * p.t * start_.slope);
  }
  bool is_flat(const LinePoint& p) const { return std::abs(p.slope) <= -curvature * start_.slope; }

  // Goes on until two points have a good one between them. True if one was met on the way.
  bool find_bracket(double first) {
    LinePoint before = start_, now = at_(first);
    for (; steps_ < most_steps; ++steps_) {
      if (falls_too_little(now) || (steps_ > 1 && now.loss >= before.loss)) {
        set_bracket(before, now);
        return false;
      }
      if (is_flat(now)) {
        set_bracket(now, now);
        return true;
      }
      if (now.slope >= 0) {
        set_bracket(before, now);
        return false;
      }
      const double next =
          least_of_cubic(before, now, now.t + 0.01 * (now.t - before.t), now.t * 10);
      before = std::exchange(now, at_(next));
    }
    set_bracket(start_, now);
    return false;
  }
  void set_bracket(const LinePoint& a, const LinePoint& b) {
    bracket_[0] = a, bracket_[1] = b;
    order();
  }
  // The first where the other is NaN.
  void order() { low_ = bracket_[1].loss < bracket_[0].loss ? 1 : 0; }
  LinePoint& low() { return bracket_[low_]; }
  LinePoint& high() { return bracket_[1 - low_]; }

  void narrow() {
    for (; steps_ < most_steps; ++steps_) {
      if (std::abs(bracket_[1].t - bracket_[0].t) * direction_ < least_change) return;
      const LinePoint now = at_(next_inside());
      if (falls_too_little(now) || now.loss >= low().loss) {
        high() = now;
        order();
        continue;
      }
      const bool done = is_flat(now);
      if (!done && now.slope * (high().t - low().t) >= 0) high() = low();
      low() = now;
      if (done) return;
    }
  }
  // Twice in a row near the same end of the bracket is once too often.
  double next_inside() {
    const double left = std::min(bracket_[0].t, bracket_[1].t),
                 right = std::max(bracket_[0].t, bracket_[1].t), margin = 0.1 * (right - left);
    const double t = least_of_cubic(bracket_[0], bracket_[1], left, right);
    const bool near = std::min(right - t, t - left) < margin;
    const bool moved = near && (was_near_ || t >= right || t <= left);
    was_near_ = near && !moved;
    if (!moved) return t;
    return std::abs(t - right) < std::abs(t - left) ? right - margin : left + margin;
  }

  const std::function<LinePoint(double)>& at_;
  const LinePoint& start_;
  double direction_;
  LinePoint bracket_[2] = {};
  int low_ = 0, steps_ = 0;
  bool was_near_ = false;
};

}  // namespace

LinePoint strong_wolfe(const std::function<LinePoint(double t)>& at, const LinePoint& start,
                       double first, double direction) {
  return Search(at, start, direction).run(first);
}

}  // namespace xgrad::optim::detail

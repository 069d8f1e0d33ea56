// series.hpp: Series, what a report shows of a series of numbers, in bounded memory.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace xgrad::viz {

struct Point {
  std::int64_t step;
  double time;  // seconds since 1970
  double value;
};

/// The points of consecutive steps.
struct Bucket {
  explicit Bucket(const Point& p);
  void add(const Point& p);
  void merge(const Bucket& later);
  /// The points to show, in the order of their steps.
  std::vector<Point> points() const;

  std::int64_t count = 0;  ///< of finite points
  double sum = 0;
  Point first, last, least, largest;  ///< of the finite points, if there are any
  std::array<Point, 3> special;       ///< the first NaN, infinity and -infinity
  std::array<bool, 3> has_special{};

 private:
  void add_special(const Point& p);
};

/// Points by step, thinned. Bucket i has the steps from i * width() on. While no more than
/// `max_buckets` steps have points, the width is 1, and a point replaces that of its step. Then the
/// width is doubled, as often as needed.
class Series {
 public:
  static constexpr std::size_t max_buckets = 512;

  /// @param session  the number of the opening of the run that wrote the point. The first point of
  ///                 a later session removes those of earlier ones from its step on.
  void add(const Point& p, int session);

  std::int64_t width() const noexcept { return std::int64_t{1} << shift_; }
  const std::vector<Bucket>& buckets() const noexcept { return buckets_; }
  /// How many points were recorded.
  std::int64_t total() const noexcept { return total_; }

 private:
  std::int64_t index_of(const Bucket& b) const;
  void remove_from(std::int64_t step);
  void widen();

  int shift_ = 0, session_ = 0;
  std::int64_t total_ = 0;
  std::vector<Bucket> buckets_;
};

}  // namespace xgrad::viz

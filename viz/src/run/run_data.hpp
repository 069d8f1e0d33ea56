// run_data.hpp: RunData, what a report shows of a run.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "run/distribution.hpp"
#include "run/sampled.hpp"
#include "run/series.hpp"

namespace xgrad::viz {

/// Values by name, in the order in which the names came.
template <class T>
class Named {
 public:
  template <class... Arguments>
  T& get(std::string_view name, Arguments&&... arguments) {
    const auto found = positions_.find(name);
    if (found != positions_.end()) return entries_[found->second].second;
    positions_.emplace(name, entries_.size());
    return entries_.emplace_back(name, T(std::forward<Arguments>(arguments)...)).second;
  }
  std::size_t size() const noexcept { return entries_.size(); }
  auto begin() const noexcept { return entries_.begin(); }
  auto end() const noexcept { return entries_.end(); }

 private:
  std::deque<std::pair<std::string, T>> entries_;
  std::map<std::string, std::size_t, std::less<>> positions_;
};

/// When and where something was recorded.
struct At {
  std::int64_t step;
  double time;  // seconds since 1970
};

/// A run in bounded memory for each name. The members are called in the order of the log.
class RunData {
 public:
  static constexpr std::size_t max_histograms = 64, max_images = 16, max_texts = 64;

  /// A Run opens the folder.
  void begin(std::string name, double time);
  void end(std::string status, double time);
  void scalar(std::string_view name, At at, double value);
  void histogram(std::string_view name, At at, Distribution value);
  void image(std::string_view name, At at, std::string png_base64);
  void text(std::string_view name, At at, std::string value);
  void graph(std::string_view name, double time, std::string svg);
  void hparam(std::string_view name, double time, std::string json);

  std::string name, folder, status = "open";
  double started = 0, last = 0;
  std::int64_t records = 0, damaged = 0;
  int sessions = 0;
  Named<Series> scalars;
  Named<Sampled<Distribution>> histograms;
  Named<Sampled<std::string>> images, texts;
  Named<std::string> graphs, hparams;

 private:
  void count(double time);
};

}  // namespace xgrad::viz

#include "run/run_data.hpp"

#include <algorithm>

namespace xgrad::viz {

void RunData::count(double time) {
  ++records;
  if (started == 0) started = time;
  last = std::max(last, time);
}

void RunData::begin(std::string its_name, double time) {
  ++sessions;
  name = std::move(its_name);
  status = "open";
  count(time);
}

void RunData::end(std::string its_status, double time) {
  status = std::move(its_status);
  count(time);
}

void RunData::scalar(std::string_view its_name, At at, double value) {
  scalars.get(its_name).add({at.step, at.time, value}, sessions);
  count(at.time);
}

void RunData::histogram(std::string_view its_name, At at, Distribution value) {
  histograms.get(its_name, max_histograms).add({at.step, at.time, std::move(value)}, sessions);
  count(at.time);
}

void RunData::image(std::string_view its_name, At at, std::string png_base64) {
  images.get(its_name, max_images).add({at.step, at.time, std::move(png_base64)}, sessions);
  count(at.time);
}

void RunData::text(std::string_view its_name, At at, std::string value) {
  texts.get(its_name, max_texts).add({at.step, at.time, std::move(value)}, sessions);
  count(at.time);
}

void RunData::graph(std::string_view its_name, double time, std::string svg) {
  graphs.get(its_name) = std::move(svg);
  count(time);
}

void RunData::hparam(std::string_view its_name, double time, std::string json) {
  hparams.get(its_name) = std::move(json);
  count(time);
}

}  // namespace xgrad::viz

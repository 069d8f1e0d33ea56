#include <xgrad/viz/animation.hpp>

#include <cmath>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/io/file.hpp>

#include "checks.hpp"
#include "figure/gnuplot.hpp"

namespace xgrad::viz {

Animation::Animation(const AnimationOptions& options, Site site) : options_(options) {
  check_within("Animation", "seconds_per_frame", options.seconds_per_frame, 0.01, 100, site);
}

void Animation::add(const Figure& figure, Site site) {
  if (frames_ == 0) {
    width_ = figure.width();
    height_ = figure.height();
  }
  if (figure.width() != width_ || figure.height() != height_)
    throw ShapeError(fmt::format("Animation::add: the figure is {} by {} points; the frames before "
                                 "are {} by {}",
                                 figure.width(), figure.height(), width_, height_),
                     site);
  commands_ += figure.script();
  ++frames_;
}

std::string Animation::gif(Site site) const {
  if (frames_ == 0) throw ValueError("Animation::gif: there are no frames; add some first", site);
  const std::string terminal = fmt::format(
      "gif enhanced rounded size {},{} background '#ffffff' font 'DejaVu Sans,9' animate delay {} "
      "loop {}",
      width_, height_, std::lround(100 * options_.seconds_per_frame), options_.loop ? 0 : 1);
  return plotting::run_gnuplot("Animation::gif", terminal, commands_, site);
}

void Animation::save(const std::filesystem::path& path, Site site) const {
  if (path.extension() != ".gif")
    throw ValueError(fmt::format("Animation::save: '{}' does not end with .gif", path.string()),
                     site);
  io::write_file(path, gif(site), site);
}

}  // namespace xgrad::viz

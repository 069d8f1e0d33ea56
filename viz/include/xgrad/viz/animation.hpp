// animation.hpp: Animation, figures one after the other in a GIF.
#pragma once

#include <filesystem>
#include <string>

#include <xgrad/viz/figure.hpp>

namespace xgrad::viz {

struct AnimationOptions {
  double seconds_per_frame = 0.1;  ///< rounded to hundredths, as GIF has them
  bool loop = true;                ///< starts again at the end
};

/// Frames of an animated GIF, which gnuplot draws. GIF has at most 256 colours.
///
///     viz::Animation animation;
///     for (int step = 0; step < 50; ++step) animation.add(draw(step));
///     animation.save("training.gif");
class Animation {
 public:
  /// @throws ValueError  unless a frame is shown for 0.01 to 100 seconds.
  explicit Animation(const AnimationOptions& options = {}, Site site = Site::here());

  /// Adds a frame; later changes of the figure do not change it.
  /// @throws ShapeError  if the figure has not the size of the first one.
  void add(const Figure& figure, Site site = Site::here());
  std::size_t size() const noexcept { return frames_; }

  /// The bytes of the GIF. @throws ValueError  without frames; IoError  as Figure::png.
  std::string gif(Site site = Site::here()) const;
  /// Writes the GIF, whole or not at all. @throws ValueError  if the name does not end with .gif.
  void save(const std::filesystem::path& path, Site site = Site::here()) const;

 private:
  AnimationOptions options_;
  std::size_t frames_ = 0;
  int width_ = 0, height_ = 0;
  std::string commands_;
};

}  // namespace xgrad::viz

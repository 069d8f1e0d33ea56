// transforms.hpp: plain functions that change a batch of images, some of them at random, and a
// dataset with such a function applied.
//
// Images are (samples, ..., height, width): the first dim counts the samples, the last two are the
// image's. Any dtype; results are new tensors without history. @throws ShapeError for fewer than 3
// dims.
#pragma once

#include <concepts>
#include <memory>
#include <utility>
#include <vector>

#include <xgrad/data/dataset.hpp>
#include <xgrad/graph/random.hpp>

namespace xgrad::data {

/// Where random transforms take their numbers from. What is drawn for a sample depends on the seed,
/// the epoch and the sample's index alone: not on the batch that it is in, nor on threads, nor on
/// what was drawn before. Different transforms draw different numbers; the same transform, applied
/// twice, needs two seeds.
struct Draws {
  std::uint64_t seed = 0;
  std::uint64_t epoch = 0;
  std::span<const std::int64_t> indices = {};  ///< one for each sample of the batch

  /// The generator of the sample in that row of the batch. `stream` tells users apart; numbers from
  /// 1000 on are free for transforms of your own.
  /// @throws ValueError  for a row without an index.
  Generator generator(std::int64_t row, std::uint64_t stream = 1000,
                      Site site = {__builtin_FILE(), __builtin_LINE()}) const;
};

/// A height and a width; one number means both.
struct ImageSize {
  std::int64_t height, width;
  ImageSize(Count both) : height(both), width(both) {}
  template <class Integer>
  requires std::is_integral_v<Integer> ImageSize(Integer both) : ImageSize(Count(both)) {}
  ImageSize(Count high, Count wide) : height(high), width(wide) {}
};

/// (x - mean) / std, with one mean and one standard deviation for each channel, which is the third
/// dim from the end, or one for all. float32 or float64.
/// @throws ShapeError  for another number of them; ValueError  for a std that is not positive.
Tensor normalize(const Tensor& images, const std::vector<double>& mean,
                 const std::vector<double>& std, Site site = {__builtin_FILE(), __builtin_LINE()});

/// Images of another size, by bilinear interpolation with a low-pass filter for shrinking, as
/// torchvision's `Resize` of tensors. float32 or float64; the ratio of width to height may change.
/// @throws ShapeError  for an empty image; ValueError  for an empty size.
Tensor resize(const Tensor& images, ImageSize size,
              Site site = {__builtin_FILE(), __builtin_LINE()});

/// The middle of each image; of an odd margin the larger half is at the bottom and on the right.
/// @throws ShapeError  if the image is smaller.
Tensor center_crop(const Tensor& images, ImageSize size,
                   Site site = {__builtin_FILE(), __builtin_LINE()});

struct RandomCropOptions {
  std::int64_t padding = 0;  ///< pixels on each side, added before the crop
  double fill = 0;           ///< their value
};
/// A part of each image, of that size, from a place drawn uniformly.
/// @throws ShapeError  if the padded image is smaller; ValueError  for a negative padding.
Tensor random_crop(const Tensor& images, ImageSize size, const Draws& draws,
                   RandomCropOptions options = {},
                   Site site = {__builtin_FILE(), __builtin_LINE()});

/// Each image mirrored left to right with probability p. @throws ValueError  unless 0 <= p <= 1.
Tensor random_horizontal_flip(const Tensor& images, const Draws& draws, double p = 0.5,
                              Site site = {__builtin_FILE(), __builtin_LINE()});
/// Each image turned upside down with probability p. @throws ValueError  unless 0 <= p <= 1.
Tensor random_vertical_flip(const Tensor& images, const Draws& draws, double p = 0.5,
                            Site site = {__builtin_FILE(), __builtin_LINE()});

/// A dataset whose batches go through a function, in the loader's thread:
///
///     data::Transformed augmented(set, [](data::Batch batch, const data::Draws& draws) {
///       batch.inputs = data::random_crop(batch.inputs, 28, draws, {.padding = 2});
///       return batch;
///     });
///
/// The function takes a batch, or a batch and the Draws; what it returns is the batch of this
/// dataset. It may run in several threads at once. The indices in the Draws are those of this
/// dataset, so a Subset of a Transformed draws what the whole would.
template <BatchDataset D, class F>
class Transformed {
 public:
  Transformed(D dataset, F transform, std::uint64_t seed = 0)
      : dataset_(std::make_shared<const D>(std::move(dataset))),
        transform_(std::move(transform)),
        seed_(seed) {}

  std::int64_t size() const { return dataset_->size(); }
  auto get(std::span<const std::int64_t> indices, std::uint64_t epoch = 0) const {
    if constexpr (std::invocable<const F&, BatchOf<D>, const Draws&>)
      return transform_(get_batch(*dataset_, indices, epoch, Site{}), Draws{seed_, epoch, indices});
    else
      return transform_(get_batch(*dataset_, indices, epoch, Site{}));
  }

 private:
  std::shared_ptr<const D> dataset_;
  F transform_;
  std::uint64_t seed_;
};

}  // namespace xgrad::data

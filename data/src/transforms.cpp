#include <xgrad/data/transforms.hpp>

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/graph/op_scope.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/indexing.hpp>
#include <xgrad/ops/interpolation.hpp>
#include <xgrad/ops/padding.hpp>
#include <xgrad/ops/rearrange.hpp>

namespace xgrad::data {
namespace {

using xgrad::detail::describe;

enum Stream : std::uint64_t { crop_stream, horizontal_stream, vertical_stream };

std::uint64_t first64(const Generator::Bits& bits) {
  return std::uint64_t{bits.word[0]} << 32 | bits.word[1];
}

void check_images(const char* op, const Tensor& images) {
  if (images.dim() < 3)
    throw ShapeError(fmt::format("{}: images are {}; they must be (samples, ..., height, width)",
                                 op, describe(images)));
}

void check_draws(const char* op, const Tensor& images, const Draws& draws) {
  check_images(op, images);
  if (static_cast<std::int64_t>(draws.indices.size()) != images.size(0))
    throw ShapeError(
        fmt::format("{}: images are {}, but draws has {} indices; there must be one "
                    "for each image",
                    op, describe(images), draws.indices.size()));
}

void check_crop(const char* op, const Tensor& images, const ImageSize& size) {
  if (size.height < 0 || size.width < 0 || size.height > images.size(-2) ||
      size.width > images.size(-1))
    throw ShapeError(fmt::format("{}: a crop of {} x {} does not fit into images of {} x {}", op,
                                 size.height, size.width, images.size(-2), images.size(-1)));
}

// The part of one sample that begins at (top, left).
Tensor part_of(const Tensor& sample, std::int64_t top, std::int64_t left, const ImageSize& size) {
  return narrow(narrow(sample, -2, top, size.height), -1, left, size.width);
}

void copy_into_row(Tensor& to, std::int64_t row, const Tensor& sample) {
  const auto bytes = static_cast<std::size_t>(sample.numel()) * size_of(to.dtype());
  if (bytes > 0)
    std::memcpy(
        static_cast<char*>(to.node().storage->data()) + static_cast<std::size_t>(row) * bytes,
        sample.node().storage->data(), bytes);
}

Tensor random_flip(const char* op, const Tensor& images, const Draws& draws, double p, int dim,
                   Stream stream, Site site) {
  const OpScope scope(op, site);
  const NoGrad guard;
  check_draws(op, images, draws);
  if (!(p >= 0 && p <= 1))
    throw ValueError(fmt::format("{}: p is {}; it must be in [0, 1]", op, p));
  Tensor flipped = images.detach().clone();
  for (std::int64_t i = 0; i < images.size(0); ++i) {
    Generator generator = draws.generator(i, stream);
    if (static_cast<double>(generator.next().word[0]) * 0x1p-32 < p)
      copy_into_row(flipped, i, flip(images[i], {dim}));
  }
  return flipped;
}

}  // namespace

// Each number keys the generator that the next one is looked up in.
Generator Draws::generator(std::int64_t row, std::uint64_t stream, Site site) const {
  if (row < 0 || row >= static_cast<std::int64_t>(indices.size()))
    throw ValueError(
        fmt::format("Draws: there are {} indices, none for row {}", indices.size(), row), site);
  std::uint64_t key = first64(Generator(seed).at(epoch));
  key = first64(
      Generator(key).at(static_cast<std::uint64_t>(indices[static_cast<std::size_t>(row)])));
  return Generator(first64(Generator(key).at(stream)));
}

Tensor normalize(const Tensor& images, const std::vector<double>& mean,
                 const std::vector<double>& std, Site site) {
  const OpScope scope("normalize", site);
  const NoGrad guard;
  check_images("normalize", images);
  if (!is_floating(images.dtype()))
    throw DTypeError(
        fmt::format("normalize: images are {}; they must be float32 or float64", describe(images)));
  const auto channels = static_cast<std::size_t>(images.size(-3));
  for (const auto* values : {&mean, &std})
    if (values->size() != 1 && values->size() != channels)
      throw ShapeError(
          fmt::format("normalize: images are {}, but there are {} means and {} stds; "
                      "there must be one, or one for each of the {} channels",
                      describe(images), mean.size(), std.size(), channels));
  for (const double s : std)
    if (!(s > 0)) throw ValueError(fmt::format("normalize: a std is {}; it must be positive", s));
  const auto per_channel = [&](const std::vector<double>& values) {
    return tensor(values)
        .to(images.dtype())
        .reshape({static_cast<std::int64_t>(values.size()), 1, 1});
  };
  return (images.detach() - per_channel(mean)) / per_channel(std);
}

Tensor resize(const Tensor& images, ImageSize size, Site site) {
  const OpScope scope("resize", site);
  const NoGrad guard;
  check_images("resize", images);
  Shape shape = images.shape();
  const Tensor planes = images.detach().reshape({-1, 1, images.size(-2), images.size(-1)});
  shape[shape.dim() - 2] = size.height, shape[shape.dim() - 1] = size.width;
  return interpolate(planes,
                     {.size = {size.height, size.width}, .mode = "bilinear", .antialias = true})
      .reshape(shape);
}

Tensor center_crop(const Tensor& images, ImageSize size, Site site) {
  const OpScope scope("center_crop", site);
  const NoGrad guard;
  check_images("center_crop", images);
  check_crop("center_crop", images, size);
  return part_of(images.detach(), (images.size(-2) - size.height) / 2,
                 (images.size(-1) - size.width) / 2, size);
}

Tensor random_crop(const Tensor& images, ImageSize size, const Draws& draws,
                   RandomCropOptions options, Site site) {
  const OpScope scope("random_crop", site);
  const NoGrad guard;
  check_draws("random_crop", images, draws);
  if (options.padding < 0)
    throw ValueError(
        fmt::format("random_crop: padding is {}; it must be at least 0", options.padding));
  const std::vector<std::int64_t> around(4, options.padding);
  const Tensor padded = options.padding == 0
                            ? images.detach()
                            : pad(images.detach(), around, "constant", options.fill);
  check_crop("random_crop", padded, size);
  Shape shape = padded.shape();
  shape[shape.dim() - 2] = size.height;
  shape[shape.dim() - 1] = size.width;
  Tensor crops = empty(shape, {.dtype = images.dtype()});
  const auto rows = static_cast<std::uint64_t>(padded.size(-2) - size.height + 1);
  const auto columns = static_cast<std::uint64_t>(padded.size(-1) - size.width + 1);
  for (std::int64_t i = 0; i < images.size(0); ++i) {
    Generator generator = draws.generator(i, crop_stream);
    const auto top = static_cast<std::int64_t>(generator.below(rows));
    const auto left = static_cast<std::int64_t>(generator.below(columns));
    copy_into_row(crops, i, part_of(padded[i], top, left, size));
  }
  return crops;
}

Tensor random_horizontal_flip(const Tensor& images, const Draws& draws, double p, Site site) {
  return random_flip("random_horizontal_flip", images, draws, p, -1, horizontal_stream, site);
}

Tensor random_vertical_flip(const Tensor& images, const Draws& draws, double p, Site site) {
  return random_flip("random_vertical_flip", images, draws, p, -2, vertical_stream, site);
}

}  // namespace xgrad::data

// make_dataset.hpp: small datasets to try a model on, as scikit-learn makes them.
//
// Inputs are (samples, features) of the dtype asked for, float32 or float64. Targets are int64
// classes, (samples), but for make_regression. With random_state the samples are those of that
// seed, the same bits on any number of threads; without, they come from the thread's default
// generator. @throws ValueError  for a negative number of samples or a negative noise.
#pragma once

#include <optional>
#include <utility>

#include <xgrad/data/dataset.hpp>
#include <xgrad/graph/default_dtype.hpp>

namespace xgrad::data {

struct MakeMoonsOptions {
  bool shuffle = true;
  double noise = 0;  ///< standard deviation of normal noise that is added to each coordinate
  std::optional<std::uint64_t> random_state = {};
  DType dtype = get_default_dtype();
};
/// Two half circles that reach into each other, in two dimensions; class 0 is the upper one.
Batch make_moons(Count n_samples = 100, const MakeMoonsOptions& options = {},
                 Site site = {__builtin_FILE(), __builtin_LINE()});

struct MakeCirclesOptions {
  bool shuffle = true;
  double noise = 0;
  std::optional<std::uint64_t> random_state = {};
  double factor = 0.8;  ///< radius of the inner circle
  DType dtype = get_default_dtype();
};
/// A circle of radius 1, class 0, and one within it, class 1.
/// @throws ValueError  unless 0 <= factor < 1.
Batch make_circles(Count n_samples = 100, const MakeCirclesOptions& options = {},
                   Site site = {__builtin_FILE(), __builtin_LINE()});

struct MakeSpiralsOptions {
  std::int64_t n_classes = 2;
  bool shuffle = true;
  double noise = 0;
  std::optional<std::uint64_t> random_state = {};
  double turns = 1;  ///< of each arm around the centre
  DType dtype = get_default_dtype();
};
/// Spiral arms from the centre to radius 1, one for each class, the same angle apart.
/// @throws ValueError  unless n_classes is at least 1 and turns is finite.
Batch make_spirals(Count n_samples = 100, const MakeSpiralsOptions& options = {},
                   Site site = {__builtin_FILE(), __builtin_LINE()});

struct MakeBlobsOptions {
  Tensor centers = {};         ///< (n_centers, n_features); drawn from center_box if undefined
  std::int64_t n_centers = 3;  ///< of those that are drawn
  double cluster_std = 1;
  std::pair<double, double> center_box = {-10.0, 10.0};
  bool shuffle = true;
  std::optional<std::uint64_t> random_state = {};
  DType dtype = get_default_dtype();
};
struct Blobs {
  Tensor inputs, targets;
  Tensor centers;  ///< (n_centers, n_features)
};
/// Normal clouds around centers, one for each class. With `centers`, n_features is theirs.
/// @throws ValueError  unless n_features is at least 1, n_centers at least 1, cluster_std at least
///                     0 and center_box a range; ShapeError  for centers that are not a matrix.
Blobs make_blobs(Count n_samples = 100, Count n_features = 2, const MakeBlobsOptions& options = {},
                 Site site = {__builtin_FILE(), __builtin_LINE()});

struct MakeRegressionOptions {
  std::int64_t n_informative = 10;  ///< features that the targets depend on
  std::int64_t n_targets = 1;
  double bias = 0;
  std::optional<std::int64_t> effective_rank = {};  ///< of the inputs; independent ones by default
  double tail_strength = 0.5;  ///< share of the small singular values, with effective_rank
  double noise = 0;            ///< standard deviation of normal noise on the targets
  bool shuffle = true;         ///< of samples and features
  std::optional<std::uint64_t> random_state = {};
  DType dtype = get_default_dtype();
};
struct Regression {
  Tensor inputs, targets;
  Tensor coef;  ///< (n_features), or (n_features, n_targets) for more than one target
};
/// A linear model with normal inputs: targets = inputs coef + bias + noise. coef is uniform in
/// [0, 100) in n_informative rows and 0 in the others. Targets are (samples), or (samples,
/// n_targets) for more than one.
/// @throws ValueError  unless n_features and n_targets are at least 1, n_informative at least 0,
///                     effective_rank at least 1 and tail_strength in [0, 1].
Regression make_regression(Count n_samples = 100, Count n_features = 100,
                           const MakeRegressionOptions& options = {},
                           Site site = {__builtin_FILE(), __builtin_LINE()});

}  // namespace xgrad::data

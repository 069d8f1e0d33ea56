// data_loader_options.hpp: what a DataLoader can be told.
#pragma once

#include <cstdint>

#include <xgrad/data/sampler.hpp>

namespace xgrad::data {

struct DataLoaderOptions {
  std::int64_t batch_size = 1;
  bool shuffle = false;
  Sampler sampler = {};             ///< the order of the samples; excludes shuffle
  BatchSampler batch_sampler = {};  ///< the batches; excludes all options above, and drop_last
  bool drop_last = false;           ///< skip the last batch if it is not full
  std::uint64_t seed = 0;  ///< of the shuffling, in which each epoch has its own order, and of what
                           ///< the dataset draws from the default generator
  int workers = 1;         ///< threads that prepare batches; 0: the loop's own thread does
  int prefetch = 2;        ///< batches that each worker prepares ahead; 0: no workers
};

}  // namespace xgrad::data

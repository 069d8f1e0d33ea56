#include <xgrad/nn/distance.hpp>

namespace xgrad::nn::detail {
template const ModuleType* module_type<CosineSimilarity>();
template const ModuleType* module_type<PairwiseDistance>();
}  // namespace xgrad::nn::detail

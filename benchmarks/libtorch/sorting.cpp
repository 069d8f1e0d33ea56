#include "libtorch.hpp"

namespace bench {

using V = const Tensors&;

Works sorting_works() {
  const auto sorted_by = [](int64_t dim) {
    return work_of([dim](V v) { return std::get<0>(v[0].sort(dim)); });
  };
  return {
      {"sort 1 Mi", sorted_by(0)},
      {"sort 4096x1024, dim 1", sorted_by(1)},
      {"sort 4096x1024, dim 0", sorted_by(0)},
      {"topk 4096x1024, 10", work_of([](V v) { return std::get<0>(v[0].topk(10, 1)); })},
      {"kthvalue 4096x1024", work_of([](V v) { return std::get<0>(v[0].kthvalue(512, 1)); })},
      {"median 4096x1024", work_of([](V v) { return std::get<0>(v[0].median(1)); })},
      {"unique 1 Mi int64", work_of([](V v) { return std::get<0>(at::_unique(v[0])); })},
      {"bincount 1 Mi", work_of([](V v) { return v[0].bincount(); })},
      {"histc 1 Mi", work_of([](V v) { return v[0].histc(100, -1, 1); })},
      {"searchsorted 1 Mi in 1024", work_of([](V v) { return torch::searchsorted(v[0], v[1]); })},
      {"gather 4096x1024, dim 1", work_of([](V v) { return v[0].gather(1, v[1]); })},
      {"scatter_add 4096x1024, dim 1",
       work_of([](V v) { return v[0].scatter_add(1, v[1], v[2]); })},
      {"index_select 4096 rows", work_of([](V v) { return v[0].index_select(0, v[1]); })},
      {"index_add 4096 rows", work_of([](V v) { return v[0].index_add(0, v[1], v[2]); })},
      {"embedding 64x64 of 1000x128", work_of([](V v) { return torch::embedding(v[0], v[1]); })},
      {"one_hot 4096 of 1000", work_of([](V v) { return torch::one_hot(v[0], 1000); })},
      {"masked_select 4096x1024", work_of([](V v) { return v[0].masked_select(v[1]); })}};
}

}  // namespace bench

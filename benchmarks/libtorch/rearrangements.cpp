// Results are copied where libtorch gives a view, since xgrad's are always contiguous.
#include "libtorch.hpp"

namespace bench {

using V = const Tensors&;
using torch::indexing::Slice;

Works rearrangement_works() {
  return {{"transpose 4096x4096", work_of([](V v) { return v[0].transpose(0, 1).contiguous(); })},
          {"transpose 16x64x4x32, dims 1 and 2",
           work_of([](V v) { return v[0].transpose(1, 2).contiguous(); })},
          {"permute 64x32x28x28 to channels last", work_of([](V v) {
             return v[0].permute({0, 2, 3, 1}).contiguous();
           })},
          {"cat, dim 0", work_of([](V v) {
             return torch::cat({v[0], v[1]}, 0);
           })},
          {"cat, dim 1", work_of([](V v) {
             return torch::cat({v[0], v[1]}, 1);
           })},
          {"stack, dim 1", work_of([](V v) {
             return torch::stack({v[0], v[1]}, 1);
           })},
          {"narrow, dim 1", work_of([](V v) { return v[0].narrow(1, 100, 800).contiguous(); })},
          {"narrow, dim 0", work_of([](V v) { return v[0].narrow(0, 100, 3200).clone(); })},
          {"every second column", work_of([](V v) {
             return v[0].index({Slice(), Slice(0, 1024, 2)}).contiguous();
           })},
          {"flip, dim 1", work_of([](V v) { return v[0].flip({1}); })},
          {"roll, dim 1", work_of([](V v) { return v[0].roll({100}, {1}); })},
          {"repeat 1x4", work_of([](V v) {
             return v[0].repeat({1, 4});
           })},
          {"expand a column", work_of([](V v) {
             return v[0].expand({4096, 1024}).contiguous();
           })},
          {"pad 64x32x28x28 by 2", work_of([](V v) {
             return torch::constant_pad_nd(v[0], {2, 2, 2, 2});
           })},
          {"tril", work_of([](V v) { return v[0].tril(); })},
          {"diagonal", work_of([](V v) { return v[0].diagonal().contiguous(); })}};
}

}  // namespace bench

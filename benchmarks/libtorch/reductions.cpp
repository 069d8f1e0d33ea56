#include "libtorch.hpp"

namespace bench {

using V = const Tensors&;

Works reduction_works() {
  return {{"sum", work_of([](V v) { return v[0].sum(); })},
          {"sum, dim 0", work_of([](V v) { return v[0].sum(0); })},
          {"sum, dim 1", work_of([](V v) { return v[0].sum(1); })},
          {"mean, dim 1", work_of([](V v) { return v[0].mean(1); })},
          {"amax, dim 1", work_of([](V v) { return v[0].amax(1); })},
          {"amax, dim 0", work_of([](V v) { return v[0].amax(0); })},
          {"max with indices, dim 1", work_of([](V v) { return std::get<0>(v[0].max(1)); })},
          {"argmax, dim 1", work_of([](V v) { return v[0].argmax(1); })},
          {"var, dim 1", work_of([](V v) { return v[0].var(1); })},
          {"std, dim 0", work_of([](V v) { return v[0].std(0); })},
          {"norm, dim 1", work_of([](V v) { return v[0].norm(2, 1); })},
          {"norm of all", work_of([](V v) { return v[0].norm(); })},
          {"prod, dim 1", work_of([](V v) { return v[0].prod(1); })},
          {"any, dim 1", work_of([](V v) { return v[0].any(1); })},
          {"all, dim 1", work_of([](V v) { return v[0].all(1); })},
          {"cumsum, dim 1", work_of([](V v) { return v[0].cumsum(1); })},
          {"cumsum, dim 0", work_of([](V v) { return v[0].cumsum(0); })},
          {"cumprod, dim 1", work_of([](V v) { return v[0].cumprod(1); })}};
}

}  // namespace bench

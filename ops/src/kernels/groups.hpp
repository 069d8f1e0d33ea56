// groups.hpp: elements reduced by the group that each belongs to.
#pragma once

#include <cstdint>

#include <xgrad/graph/dtype.hpp>

#include "kernels/extreme.hpp"

namespace xgrad::detail {

// group[k] in [0, groups) is that of element k; -1 is none.

/// best[g] = the first extreme of group g, or its last NaN; -1 for a group without elements.
void extremes_of_groups(DType dtype, Extreme which, std::int64_t n, const void* x,
                        const std::int64_t* group, std::int64_t groups, std::int64_t* best);
/// y[g] *= the elements of group g, one after the other; integers wrap. Not bool.
void products_of_groups(DType dtype, std::int64_t n, const void* x, const std::int64_t* group,
                        void* y);
/// order[0, ...) = the elements that have a group, one group after the other; returns how many.
/// begins[i] is true where order[i] is the first of its group; last[g] = where in the order group g
/// ends, -1 for one without elements. `order` and `begins` have room for n.
std::int64_t order_by_group(std::int64_t n, const std::int64_t* group, std::int64_t groups,
                            std::int64_t* order, bool* begins, std::int64_t* last);

}  // namespace xgrad::detail

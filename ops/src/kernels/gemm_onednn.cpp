// Products by oneDNN, which else only conv_onednn.cpp and onednn_cache.hpp know.
#ifdef XGRAD_ONEDNN
#include "kernels/gemm.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <map>
#include <unordered_map>

#include <oneapi/dnnl/dnnl.hpp>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/parallel.hpp>

#include "kernels/onednn_cache.hpp"
#include "kernels/workspace.hpp"

namespace xgrad::detail {
namespace {

using dnnl::memory;

struct Key {
  GemmShape size;
  std::int64_t row_a, row_b, row_c;  // elements from a row in memory to the next
  bool bias;
  bool accumulate;
  friend bool operator==(const Key&, const Key&) = default;
};
struct KeyHash {
  std::size_t operator()(const Key& key) const noexcept {
    const GemmShape& s = key.size;
    Mixer mix;
    for (const std::int64_t part : {s.batch, s.m, s.n, s.k, key.row_a, key.row_b, key.row_c})
      mix(part);
    mix(std::int64_t{s.transpose_a} | s.transpose_b << 1 | key.bias << 2 | key.accumulate << 3);
    return mix.hash;
  }
};

// oneDNN's own objects, each of which one thread uses; so the scratchpad is ours as well.
class Matmul {
 public:
  Matmul(const Key& key, const dnnl::engine& engine) {
    const GemmShape& s = key.size;
    const auto matrix = [&](std::int64_t rows, std::int64_t columns, bool transposed,
                            std::int64_t row) {
      const std::int64_t whole = row * (transposed ? columns : rows);
      return memory::desc({s.batch, rows, columns}, memory::data_type::f32,
                          transposed ? memory::dims{whole, 1, row} : memory::dims{whole, row, 1});
    };
    const memory::desc a = matrix(s.m, s.k, s.transpose_a, key.row_a),
                       b = matrix(s.k, s.n, s.transpose_b, key.row_b),
                       c = matrix(s.m, s.n, false, key.row_c);
    const memory::desc bias({1, 1, s.n}, memory::data_type::f32, memory::dims{s.n, s.n, 1});
    dnnl::primitive_attr attributes;
    attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    if (key.accumulate) {
      dnnl::post_ops add_to_c;
      add_to_c.append_sum(1.0F);
      attributes.set_post_ops(add_to_c);
    }
    const dnnl::matmul::primitive_desc planned =
        key.bias ? plan(engine, attributes, a, b, bias, c) : plan(engine, attributes, a, b, c);
    primitive_ = dnnl::matmul(planned);
    scratch_bytes_ = static_cast<std::int64_t>(planned.scratchpad_desc().get_size());
    arguments_ = {{DNNL_ARG_SRC, memory(a, engine, nullptr)},
                  {DNNL_ARG_WEIGHTS, memory(b, engine, nullptr)},
                  {DNNL_ARG_DST, memory(c, engine, nullptr)},
                  {DNNL_ARG_SCRATCHPAD, memory(planned.scratchpad_desc(), engine, nullptr)}};
    if (key.bias) arguments_.emplace(DNNL_ARG_BIAS, memory(bias, engine, nullptr));
  }

  void run(dnnl::stream& stream, const float* a, const float* b, const float* bias, float* c) {
    const Workspace<char> scratch(std::max<std::int64_t>(scratch_bytes_, 1));
    set(DNNL_ARG_SRC, a);
    set(DNNL_ARG_WEIGHTS, b);
    set(DNNL_ARG_DST, c);
    set(DNNL_ARG_SCRATCHPAD, scratch.data());
    if (bias != nullptr) set(DNNL_ARG_BIAS, bias);
    primitive_.execute(stream, arguments_);
  }

 private:
  template <class... Desc>
  static dnnl::matmul::primitive_desc plan(const dnnl::engine& engine,
                                           const dnnl::primitive_attr& attributes,
                                           const Desc&... operands) {
#if DNNL_VERSION_MAJOR >= 3
    return {engine, operands..., attributes};
#else
    return {dnnl::matmul::desc(operands...), attributes, engine};
#endif
  }

  void set(int argument, const void* p) {
    arguments_.at(argument).set_data_handle(const_cast<void*>(p));
  }

  dnnl::matmul primitive_;
  std::unordered_map<int, memory> arguments_;
  std::int64_t scratch_bytes_ = 0;
};

using Cache = PrimitiveCache<Key, KeyHash, Matmul>;

Cache& cache() {
  static thread_local Cache of_thread;
  return of_thread;
}

// How the work is cut into parts: a batch into several matrices each; a matrix into rows, each part
// of which packs all of B again, or if there are few of them, into columns.
struct Parts {
  std::int64_t matrices = 1, down, across, height, width, count;

  /// `rows` and `columns` are about what a part has, or all.
  Parts(const GemmShape& s, std::int64_t rows, std::int64_t columns)
      : down(std::max<std::int64_t>(1, s.m / rows)),
        across(std::max<std::int64_t>(1, s.n / columns)),
        height(side(s.m, down)),
        width(side(s.n, across)) {
    if (s.batch > 1)
      matrices = std::clamp<std::int64_t>(work_of_a_part / (s.m * s.n) / s.k, 1, s.batch);
    count = (s.batch + matrices - 1) / matrices * down * across;
  }

  /// By size alone.
  static Parts by_size(const GemmShape& s) {
    const bool small = 1.0 * s.m * s.n * s.k < 2.0 * work_of_a_part;
    if (s.batch > 1 || small) return {s, s.m, s.n};
    if (s.m < 2 * least_rows) return {s, s.m, std::max(least_columns, s.n / 16)};
    return {s, std::clamp(s.m / 2, least_rows, most_rows), s.n};
  }
  /// For so many threads.
  static Parts by_threads(const GemmShape& s, int threads) {
    const Parts parts = by_size(s);
    if (parts.down == 1) return parts;
    return {s, std::clamp(s.m / threads, least_rows, most_rows), s.n};
  }

  // The last part has what is left, and is not the smallest one.
  std::int64_t rows(const GemmShape& s, std::int64_t i) const {
    return i + 1 < down ? height : s.m - i * height;
  }
  std::int64_t columns(const GemmShape& s, std::int64_t j) const {
    return j + 1 < across ? width : s.n - j * width;
  }

 private:
  static constexpr std::int64_t work_of_a_part = 1 << 20;  // multiply-adds
  static constexpr std::int64_t least_rows = 32, most_rows = 128, least_columns = 256;

  // Of one of several parts: a multiple of a register.
  static std::int64_t side(std::int64_t size, std::int64_t parts) {
    return parts == 1 ? size : size / parts / 16 * 16;
  }
};

struct Operands {
  const float *a, *b, *bias;
  float* c;
};

void run_whole(const Key& key, const Operands& o) {
  const OneThread guard;
  cache().at(key).run(cache().stream, o.a, o.b, o.bias, o.c);
}

// One part, all of its sums in this thread.
void run_part(const Key& whole, const Parts& parts, std::int64_t index, const Operands& o) {
  const GemmShape& s = whole.size;
  const std::int64_t z = index / (parts.down * parts.across) * parts.matrices,
                     down = index / parts.across % parts.down, across = index % parts.across,
                     i = down * parts.height, j = across * parts.width;
  Key key = whole;
  key.size.batch = std::min(parts.matrices, s.batch - z);
  key.size.m = parts.rows(s, down);
  key.size.n = parts.columns(s, across);
  run_whole(key, {o.a + z * s.m * s.k + (s.transpose_a ? i : i * s.k),
                  o.b + z * s.k * s.n + (s.transpose_b ? j * s.k : j),
                  o.bias == nullptr ? nullptr : o.bias + j, o.c + z * s.m * s.n + i * s.n + j});
}

// False, with nothing done that matters, if oneDNN cannot.
bool run_parts(const Key& whole, const Parts& parts, const Operands& o) {
  std::atomic<bool> any = false, all = true;
  parallel_chunks(parts.count, [&](std::int64_t index) {
    try {
      run_part(whole, parts, index, o);
      any = true;
    } catch (const dnnl::error&) {
      all = false;
    }
  });
  if (any && !all && whole.accumulate)  // it cannot be added once more
    throw MemoryError("matrix product: no memory for oneDNN");
  return all;
}

// Numbers whose sums show in which order they were added.
void fill_unevenly(float* numbers, std::int64_t count) {
  std::uint32_t state = 1;
  for (std::int64_t i = 0; i < count; ++i) {
    state = state * 1664525U + 1013904223U;
    numbers[i] = static_cast<float>(static_cast<std::int32_t>(state)) * 0x1p-31F;
  }
}

// Whether the whole gives the bits that its parts give, tried once for each cut. In what order
// oneDNN adds is its own affair. The answer for the largest is no, so as not to double their
// memory.
bool parts_agree(const Key& key, const Parts& parts) {
  const GemmShape& s = key.size;
  const std::int64_t a = s.batch * s.m * s.k, b = s.batch * s.k * s.n, c = s.batch * s.m * s.n;
  if (a + b + 2 * c > 1 << 24) return false;
  const Workspace<float> inputs(a + b + s.n), whole(c), apart(c);
  fill_unevenly(inputs.data(), a + b + s.n);
  fill_unevenly(whole.data(), c);
  fill_unevenly(apart.data(), c);
  const float* const bias = key.bias ? inputs.data() + a + b : nullptr;
  run_whole(key, {inputs.data(), inputs.data() + a, bias, whole.data()});
  for (std::int64_t i = 0; i < parts.count; ++i)
    run_part(key, parts, i, {inputs.data(), inputs.data() + a, bias, apart.data()});
  return std::memcmp(whole.data(), apart.data(), static_cast<std::size_t>(c) * sizeof(float)) == 0;
}

bool parts_agree_once(const Key& key, const Parts& parts) {
  static thread_local std::map<std::int64_t, std::unordered_map<Key, bool, KeyHash>> by_height;
  auto& known = by_height[parts.height];
  if (const auto found = known.find(key); found != known.end()) return found->second;
  if (known.size() == Cache::limit) known.clear();
  return known[key] = parts_agree(key, parts);
}

// The parts for this number of threads, which give the same bits as for any other.
Parts parts_for(const Key& key, const Parts& by_size) {
  if (by_size.down == 1 || !parts_agree_once(key, by_size)) return by_size;
  const Parts parts = Parts::by_threads(key.size, num_threads());
  return parts.height == by_size.height || parts_agree_once(key, parts) ? parts : by_size;
}

}  // namespace

bool gemm_onednn(const GemmShape& s, const float* a, const float* b, const float* bias,
                 bool accumulate, float* c) {
  try {
    const Key key{s,   s.transpose_a ? s.m : s.k, s.transpose_b ? s.k : s.n,
                  s.n, bias != nullptr,           accumulate};
    const Operands operands{a, b, bias, c};
    const Parts by_size = Parts::by_size(s);
    if (by_size.count > 1 && !(num_threads() == 1 && parts_agree_once(key, by_size)))
      return run_parts(key, parts_for(key, by_size), operands);
    run_whole(key, operands);
    return true;
  } catch (const dnnl::error&) {  // no implementation for this size, or no memory
    return false;
  }
}

}  // namespace xgrad::detail
#endif

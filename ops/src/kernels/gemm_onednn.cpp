// Products by oneDNN; beside conv_onednn.cpp the only file that knows it.
#ifdef XGRAD_ONEDNN
#include "kernels/gemm.hpp"

#include <algorithm>
#include <atomic>
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
  std::int64_t matrices = 1, height, width;
  std::int64_t down, across, count;

  /// `rows` and `columns` are about what a part has.
  Parts(const GemmShape& s, std::int64_t rows, std::int64_t columns)
      : height(side(s.m, rows)), width(side(s.n, columns)) {
    if (s.batch > 1)
      matrices = std::clamp<std::int64_t>(work_of_a_part / (s.m * s.n) / s.k, 1, s.batch);
    down = (s.m + height - 1) / height;
    across = (s.n + width - 1) / width;
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

 private:
  static constexpr std::int64_t work_of_a_part = 1 << 20;  // multiply-adds
  static constexpr std::int64_t least_rows = 32, most_rows = 128, least_columns = 256;

  // Equal parts of about `part`, at multiples of a register, or the whole.
  static std::int64_t side(std::int64_t size, std::int64_t part) {
    const std::int64_t n = std::max<std::int64_t>(1, size / part);
    return n == 1 ? size : ((size + n - 1) / n + 15) / 16 * 16;
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
                     i = index / parts.across % parts.down * parts.height,
                     j = index % parts.across * parts.width;
  Key key = whole;
  key.size.batch = std::min(parts.matrices, s.batch - z);
  key.size.m = std::min(parts.height, s.m - i);
  key.size.n = std::min(parts.width, s.n - j);
  run_whole(key, {o.a + z * s.m * s.k + (s.transpose_a ? i : i * s.k),
                  o.b + z * s.k * s.n + (s.transpose_b ? j * s.k : j),
                  o.bias == nullptr ? nullptr : o.bias + j, o.c + z * s.m * s.n + i * s.n + j});
}

// False, with nothing done that matters, if oneDNN cannot.
bool run_parts(const Key& whole, const Parts& parts, const Operands& o) {
  std::atomic<bool> good = true;
  parallel_chunks(parts.count, [&](std::int64_t index) {
    try {
      run_part(whole, parts, index, o);
    } catch (const dnnl::error&) {
      good = false;
    }
  });
  if (!good && whole.accumulate)  // other parts have been added to
    throw MemoryError("matrix product: no memory for oneDNN");
  return good;
}

// Numbers whose sums show in which order they were added.
void fill_unevenly(float* numbers, std::int64_t count) {
  std::uint32_t state = 1;
  for (std::int64_t i = 0; i < count; ++i) {
    state = state * 1664525U + 1013904223U;
    numbers[i] = static_cast<float>(static_cast<std::int32_t>(state)) * 0x1p-31F;
  }
}

// Whether the whole gives the bits that its parts give, tried once for each size. In what order
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
  return std::equal(whole.data(), whole.data() + c, apart.data());
}

bool parts_agree_once(const Key& key, const Parts& parts) {
  static thread_local std::unordered_map<Key, bool, KeyHash> known;
  if (const auto found = known.find(key); found != known.end()) return found->second;
  if (known.size() == Cache::limit) known.clear();
  return known[key] = parts_agree(key, parts);
}

}  // namespace

bool gemm_onednn(const GemmShape& s, const float* a, const float* b, const float* bias,
                 bool accumulate, float* c) {
  try {
    const Key key{s,   s.transpose_a ? s.m : s.k, s.transpose_b ? s.k : s.n,
                  s.n, bias != nullptr,           accumulate};
    const Operands operands{a, b, bias, c};
    const Parts parts = Parts::by_size(s);
    if (parts.count == 1 || (num_threads() == 1 && parts_agree_once(key, parts))) {
      run_whole(key, operands);
      return true;
    }
    const bool free = parts.down > 1 && parts_agree_once(key, parts);  // rows can be cut anywhere
    return run_parts(key, free ? Parts::by_threads(s, num_threads()) : parts, operands);
  } catch (const dnnl::error&) {  // no implementation for this size, or no memory
    return false;
  }
}

}  // namespace xgrad::detail
#endif

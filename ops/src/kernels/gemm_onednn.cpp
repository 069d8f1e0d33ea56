// Products by oneDNN; beside convolution_onednn.cpp the only file that knows it.
#ifdef XGRAD_ONEDNN
#include "kernels/gemm.hpp"

#include <algorithm>
#include <atomic>
#include <string_view>
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
  int threads;  // oneDNN plans for the number it is made with
  friend bool operator==(const Key&, const Key&) = default;
};
struct KeyHash {
  std::size_t operator()(const Key& key) const noexcept {
    const GemmShape& s = key.size;
    Mixer mix;
    for (const std::int64_t part : {s.batch, s.m, s.n, s.k, key.row_a, key.row_b, key.row_c})
      mix(part);
    mix(std::int64_t{s.transpose_a} | s.transpose_b << 1 | key.bias << 2 | key.accumulate << 3 |
        key.threads << 4);
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
    depends_on_threads_ = std::string_view(planned.impl_info_str()).starts_with("gemm");
    scratch_bytes_ = static_cast<std::int64_t>(planned.scratchpad_desc().get_size());
    arguments_ = {{DNNL_ARG_SRC, memory(a, engine, nullptr)},
                  {DNNL_ARG_WEIGHTS, memory(b, engine, nullptr)},
                  {DNNL_ARG_DST, memory(c, engine, nullptr)},
                  {DNNL_ARG_SCRATCHPAD, memory(planned.scratchpad_desc(), engine, nullptr)}};
    if (key.bias) arguments_.emplace(DNNL_ARG_BIAS, memory(bias, engine, nullptr));
  }

  /// Whether it cuts sums among threads, as oneDNN's older kernels do, those for AVX2.
  bool depends_on_threads() const noexcept { return depends_on_threads_; }

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
  bool depends_on_threads_ = false;
};

using Cache = PrimitiveCache<Key, KeyHash, Matmul>;

Cache& cache() {
  static thread_local Cache of_thread;
  return of_thread;
}

// How the work is cut into parts, by its size alone: large matrices into tiles of C, whose sides
// are those that cost least among the ones tried; batches of small ones into several whole ones
// each.
struct Parts {
  explicit Parts(const GemmShape& s)
      : height(side(s.m, s.m * s.n < (1 << 18) ? 128 : 512)),
        width(side(s.n, 1024)),
        down((s.m + height - 1) / height),
        across((s.n + width - 1) / width) {
    if (down * across == 1)
      matrices = std::clamp<std::int64_t>(work_of_a_part / (s.m * s.n) / s.k, 1, s.batch);
    count = (s.batch + matrices - 1) / matrices * down * across;
  }

  std::int64_t height, width, down, across;
  std::int64_t matrices = 1;
  std::int64_t count;

 private:
  static constexpr std::int64_t work_of_a_part = 1 << 20;  // multiply-adds

  static std::int64_t side(std::int64_t size, std::int64_t most) {
    const std::int64_t n = (size + most - 1) / most;
    return ((size + n - 1) / n + 15) / 16 * 16;
  }
};

// One part, all of its sums in this thread.
void run_part(const Key& whole, const Parts& parts, std::int64_t index, const float* a,
              const float* b, const float* bias, float* c) {
  const GemmShape& s = whole.size;
  const std::int64_t z = index / (parts.down * parts.across) * parts.matrices,
                     i = index / parts.across % parts.down * parts.height,
                     j = index % parts.across * parts.width;
  Key key = whole;
  key.size.batch = std::min(parts.matrices, s.batch - z);
  key.size.m = std::min(parts.height, s.m - i);
  key.size.n = std::min(parts.width, s.n - j);
  key.threads = 1;
  const OneDnnThreads guard(1);
  cache().at(key).run(cache().stream, a + z * s.m * s.k + (s.transpose_a ? i : i * s.k),
                      b + z * s.k * s.n + (s.transpose_b ? j * s.k : j),
                      bias == nullptr ? nullptr : bias + j, c + z * s.m * s.n + i * s.n + j);
}

// False, with nothing done that matters, if oneDNN cannot.
bool run_parts(const Key& whole, const float* a, const float* b, const float* bias, float* c) {
  const Parts parts(whole.size);
  std::atomic<bool> good = true;
  parallel_chunks(parts.count, [&](std::int64_t index) {
    try {
      run_part(whole, parts, index, a, b, bias, c);
    } catch (const dnnl::error&) {
      good = false;
    }
  });
  if (!good && whole.accumulate)  // other parts have been added to
    throw MemoryError("matrix product: no memory for oneDNN");
  return good;
}

}  // namespace

bool gemm_onednn(const GemmShape& s, const float* a, const float* b, const float* bias,
                 bool accumulate, float* c) {
  try {
    const Key key{s,
                  s.transpose_a ? s.m : s.k,
                  s.transpose_b ? s.k : s.n,
                  s.n,
                  bias != nullptr,
                  accumulate,
                  num_threads()};
    Matmul& whole = cache().at(key);
    if (whole.depends_on_threads()) return run_parts(key, a, b, bias, c);
    whole.run(cache().stream, a, b, bias, c);
    return true;
  } catch (const dnnl::error&) {  // no implementation for this size, or no memory
    return false;
  }
}

}  // namespace xgrad::detail
#endif

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

// Tiles of C, cut by its size alone; wide ones, since short rows far apart share few cache lines.
struct Tiles {
  explicit Tiles(const GemmShape& s)
      : height(side(s.m, s.m * s.n < (1 << 18) ? 128 : 512)),
        width(side(s.n, 1024)),
        down((s.m + height - 1) / height),
        across((s.n + width - 1) / width) {}

  std::int64_t height, width, down, across;

 private:
  static std::int64_t side(std::int64_t size, std::int64_t most) {
    const std::int64_t count = (size + most - 1) / most;
    return ((size + count - 1) / count + 15) / 16 * 16;
  }
};

// One tile of C, all of its sums in this thread.
void run_tile(const Key& whole, const Tiles& tiles, std::int64_t index, const float* a,
              const float* b, const float* bias, float* c) {
  const GemmShape& s = whole.size;
  const std::int64_t z = index / (tiles.down * tiles.across),
                     i = index / tiles.across % tiles.down * tiles.height,
                     j = index % tiles.across * tiles.width;
  Key key = whole;
  key.size.batch = 1;
  key.size.m = std::min(tiles.height, s.m - i);
  key.size.n = std::min(tiles.width, s.n - j);
  key.threads = 1;
  const OneDnnThreads guard(1);
  cache().at(key).run(cache().stream, a + z * s.m * s.k + (s.transpose_a ? i : i * s.k),
                      b + z * s.k * s.n + (s.transpose_b ? j * s.k : j),
                      bias == nullptr ? nullptr : bias + j, c + z * s.m * s.n + i * s.n + j);
}

// False, with nothing done that matters, if oneDNN cannot.
bool run_tiles(const Key& whole, const float* a, const float* b, const float* bias, float* c) {
  const Tiles tiles(whole.size);
  std::atomic<bool> good = true;
  parallel_chunks(whole.size.batch * tiles.down * tiles.across, [&](std::int64_t index) {
    try {
      run_tile(whole, tiles, index, a, b, bias, c);
    } catch (const dnnl::error&) {
      good = false;
    }
  });
  if (!good && whole.accumulate)  // other tiles have been added to
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
    if (whole.depends_on_threads()) return run_tiles(key, a, b, bias, c);
    whole.run(cache().stream, a, b, bias, c);
    return true;
  } catch (const dnnl::error&) {  // no implementation for this size, or no memory
    return false;
  }
}

}  // namespace xgrad::detail
#endif

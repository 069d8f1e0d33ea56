// Products by oneDNN; beside convolution_onednn.cpp the only file that knows it.
#ifdef XGRAD_ONEDNN
#include "kernels/gemm.hpp"

#include <algorithm>
#include <unordered_map>

#include <oneapi/dnnl/dnnl.hpp>

#include <xgrad/graph/parallel.hpp>

#include "kernels/onednn_cache.hpp"
#include "kernels/workspace.hpp"

namespace xgrad::detail {
namespace {

using dnnl::memory;

struct Key {
  GemmShape size;
  bool bias;
  bool accumulate;
  int threads;  // oneDNN plans for the number it is made with
  friend bool operator==(const Key&, const Key&) = default;
};
struct KeyHash {
  std::size_t operator()(const Key& key) const noexcept {
    const GemmShape& s = key.size;
    Mixer mix;
    for (const std::int64_t part : {s.batch, s.m, s.n, s.k}) mix(part);
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
    const auto matrix = [&](std::int64_t rows, std::int64_t columns, bool transposed) {
      const memory::dims strides = transposed ? memory::dims{rows * columns, 1, rows}
                                              : memory::dims{rows * columns, columns, 1};
      return memory::desc({s.batch, rows, columns}, memory::data_type::f32, strides);
    };
    const memory::desc a = matrix(s.m, s.k, s.transpose_a), b = matrix(s.k, s.n, s.transpose_b),
                       c = matrix(s.m, s.n, false);
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

}  // namespace

bool gemm_onednn(const GemmShape& size, const float* a, const float* b, const float* bias,
                 bool accumulate, float* c) {
  try {
    static thread_local Cache cache;
    cache.at({size, bias != nullptr, accumulate, num_threads()}).run(cache.stream, a, b, bias, c);
    return true;
  } catch (const dnnl::error&) {  // no implementation for this size, or no memory
    return false;
  }
}

}  // namespace xgrad::detail
#endif

// Convolutions by oneDNN, which chooses its own layouts; tensors are brought to them and back.
#ifdef XGRAD_ONEDNN
#include <algorithm>
#include <array>
#include <unordered_map>
#include <vector>

#include <oneapi/dnnl/dnnl.hpp>

#include <xgrad/graph/memory.hpp>
#include <xgrad/graph/parallel.hpp>

#include "convolution_kernels.hpp"
#include "onednn_cache.hpp"

namespace xgrad::detail {
namespace {

using dnnl::memory;

struct Key {
  ConvSize size;
  ConvMap map;
  bool bias;
  int threads;  // oneDNN plans for the number it is made with
  friend bool operator==(const Key&, const Key&) = default;
};
struct KeyHash {
  std::size_t operator()(const Key& key) const noexcept {
    const ConvSize& s = key.size;
    Mixer mix;
    for (const std::int64_t part : {s.batch, s.groups, s.in, s.out}) mix(part);
    for (int i = 0; i < 3; ++i)
      for (const std::int64_t part :
           {s.from[i], s.window[i], s.to[i], s.stride[i], s.padding[i], s.dilation[i]})
        mix(part);
    mix(static_cast<std::int64_t>(key.map) | key.bias << 2 | key.threads << 3);
    return mix.hash;
  }
};

// The sizes as oneDNN has them: two spatial axes where the first is of no use.
struct Dims {
  memory::dims image, weight, result, bias, stride, dilation, padding;
  explicit Dims(const ConvSize& s) {
    const bool flat = s.from[0] == 1 && s.window[0] == 1 && s.to[0] == 1 && s.padding[0] == 0;
    image = {s.batch, s.groups * s.in};
    result = {s.batch, s.groups * s.out};
    weight = s.groups == 1 ? memory::dims{s.out, s.in} : memory::dims{s.groups, s.out, s.in};
    bias = {s.groups * s.out};
    for (int i = flat ? 1 : 0; i < 3; ++i) {
      image.push_back(s.from[i]);
      result.push_back(s.to[i]);
      weight.push_back(s.window[i]);
      stride.push_back(s.stride[i]);
      dilation.push_back(s.dilation[i] - 1);
      padding.push_back(s.padding[i]);
    }
  }
};

// Row-major.
memory::desc plain(const memory::dims& dims) {
  memory::dims strides(dims.size(), 1);
  for (std::size_t i = dims.size() - 1; i > 0; --i) strides[i - 1] = strides[i] * dims[i];
  return {dims, memory::data_type::f32, strides};
}
memory::desc any_layout(const memory::dims& dims) {
  return {dims, memory::data_type::f32, memory::format_tag::any};
}

// One of the three maps. Which operands are read and which is written differs; each may need
// another layout than the tensors'.
class Convolution {
 public:
  Convolution(const Key& key, const dnnl::engine& engine) : engine_(engine) {
    const Dims d(key.size);
    dnnl::primitive_attr attributes;
    attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    const memory::desc x = any_layout(d.image), w = any_layout(d.weight), y = any_layout(d.result),
                       b = plain(d.bias);
    const auto direct = dnnl::algorithm::convolution_direct;
#if DNNL_VERSION_MAJOR >= 3
    const auto hint = dnnl::convolution_forward::primitive_desc(
        engine, dnnl::prop_kind::forward_training, direct, x, w, y, d.stride, d.dilation, d.padding,
        d.padding, attributes);
#else
    const dnnl::convolution_forward::primitive_desc hint(
        {dnnl::prop_kind::forward_training, direct, x, w, y, d.stride, d.dilation, d.padding,
         d.padding},
        attributes, engine);
#endif
    switch (key.map) {
      case ConvMap::forth: {
#if DNNL_VERSION_MAJOR >= 3
        const auto p = key.bias ? dnnl::convolution_forward::primitive_desc(
                                      engine, dnnl::prop_kind::forward_training, direct, x, w, b, y,
                                      d.stride, d.dilation, d.padding, d.padding, attributes)
                                : hint;
#else
        const auto p = key.bias ? dnnl::convolution_forward::primitive_desc(
                                      {dnnl::prop_kind::forward_training, direct, x, w, b, y,
                                       d.stride, d.dilation, d.padding, d.padding},
                                      attributes, engine)
                                : hint;
#endif
        finish(dnnl::convolution_forward(p), p.scratchpad_desc(),
               {Operand{DNNL_ARG_SRC, plain(d.image), p.src_desc()},
                Operand{DNNL_ARG_WEIGHTS, plain(d.weight), p.weights_desc()},
                Operand{DNNL_ARG_DST, plain(d.result), p.dst_desc()}});
        break;
      }
      case ConvMap::back: {
#if DNNL_VERSION_MAJOR >= 3
        const dnnl::convolution_backward_data::primitive_desc p(
            engine, direct, x, w, y, d.stride, d.dilation, d.padding, d.padding, hint, attributes);
#else
        const dnnl::convolution_backward_data::primitive_desc p(
            {direct, x, w, y, d.stride, d.dilation, d.padding, d.padding}, attributes, engine,
            hint);
#endif
        finish(dnnl::convolution_backward_data(p), p.scratchpad_desc(),
               {Operand{DNNL_ARG_DIFF_DST, plain(d.result), p.diff_dst_desc()},
                Operand{DNNL_ARG_WEIGHTS, plain(d.weight), p.weights_desc()},
                Operand{DNNL_ARG_DIFF_SRC, plain(d.image), p.diff_src_desc()}});
        break;
      }
      case ConvMap::weight: {
#if DNNL_VERSION_MAJOR >= 3
        const dnnl::convolution_backward_weights::primitive_desc p(
            engine, direct, x, w, y, d.stride, d.dilation, d.padding, d.padding, hint, attributes);
#else
        const dnnl::convolution_backward_weights::primitive_desc p(
            {direct, x, w, y, d.stride, d.dilation, d.padding, d.padding}, attributes, engine,
            hint);
#endif
        finish(dnnl::convolution_backward_weights(p), p.scratchpad_desc(),
               {Operand{DNNL_ARG_SRC, plain(d.image), p.src_desc()},
                Operand{DNNL_ARG_DIFF_DST, plain(d.result), p.diff_dst_desc()},
                Operand{DNNL_ARG_DIFF_WEIGHTS, plain(d.weight), p.diff_weights_desc()}});
        break;
      }
    }
    if (key.bias) bias_ = memory(b, engine, nullptr);
  }

  void run(dnnl::stream& stream, const void* a, const void* b, const void* bias, void* y) {
    std::size_t bytes = scratch_.get_size();
    std::array<std::size_t, 3> at{};
    for (std::size_t i = 0; i < 3; ++i)
      if (operands_[i].needs_reorder())
        at[i] = bytes, bytes += round_up(operands_[i].own.get_size());
    const Block room = allocate_block(std::max<std::size_t>(bytes, 1));
    char* const base = static_cast<char*>(room.memory);
    std::unordered_map<int, memory> arguments{
        {DNNL_ARG_SCRATCHPAD, memory(scratch_, engine_, base)}};
    const void* const given[] = {a, b, y};
    for (std::size_t i = 0; i < 3; ++i) {
      const Operand& o = operands_[i];
      memory outside(o.plain, engine_, const_cast<void*>(given[i]));
      memory inside = o.needs_reorder() ? memory(o.own, engine_, base + at[i]) : outside;
      if (i < 2 && o.needs_reorder())
        dnnl::reorder(outside, inside).execute(stream, outside, inside);
      arguments.emplace(o.argument, inside);
    }
    if (bias != nullptr) {
      bias_.set_data_handle(const_cast<void*>(bias));
      arguments.emplace(DNNL_ARG_BIAS, bias_);
    }
    primitive_.execute(stream, arguments);
    if (operands_[2].needs_reorder()) {
      memory inside = arguments.at(operands_[2].argument), outside(operands_[2].plain, engine_, y);
      dnnl::reorder(inside, outside).execute(stream, inside, outside);
    }
    free_block(room.memory, room.size_class);
  }

 private:
  struct Operand {
    int argument = 0;
    memory::desc plain, own;
    bool needs_reorder() const { return plain != own; }
  };
  static std::size_t round_up(std::size_t bytes) { return (bytes + 63) / 64 * 64; }
  void finish(const dnnl::primitive& primitive, const memory::desc& scratch,
              const std::array<Operand, 3>& operands) {
    primitive_ = primitive;
    scratch_ = scratch;
    operands_ = operands;
  }

  dnnl::engine engine_;
  dnnl::primitive primitive_;
  memory::desc scratch_;
  std::array<Operand, 3> operands_;
  memory bias_;
};

using Cache = PrimitiveCache<Key, KeyHash, Convolution>;

// oneDNN's sums over a batch hang on the number of threads; those of one thread do not.
class Threads {
 public:
  explicit Threads(int count) : before_(num_threads()) { set_num_threads(count); }
  ~Threads() { set_num_threads(before_); }
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;

 private:
  const int before_;
};

void run(const ConvSize& size, ConvMap map, int threads, const float* a, const float* b,
         const float* bias, float* y) {
  static thread_local Cache cache;
  const Threads guard(threads);
  cache.at({size, map, bias != nullptr, threads}).run(cache.stream, a, b, bias, y);
}

// Parts of a batch for threads of our own, cut by size alone.
std::int64_t parts_of(const ConvSize& s) {
  constexpr double work_of_a_part = 1 << 22;  // multiply-adds
  const double work = static_cast<double>(s.batch * s.groups * s.in * s.out) *
                      static_cast<double>(s.to_numel() * s.window_numel());
  return std::clamp<std::int64_t>(static_cast<std::int64_t>(work / work_of_a_part), 1,
                                  std::min<std::int64_t>(s.batch, 16));
}

}  // namespace

void convolve_onednn(const ConvSize& size, ConvMap map, const float* a, const float* b,
                     const float* bias, float* y) {
  if (size.batch == 1 && map != ConvMap::weight)
    return run(size, map, num_threads(), a, b, bias, y);
  const std::int64_t parts = parts_of(size);
  if (parts == 1) return run(size, map, 1, a, b, bias, y);
  const std::int64_t image = size.groups * size.in * size.from_numel(),
                     result = size.groups * size.out * size.to_numel(),
                     weight = size.groups * size.out * size.in * size.window_numel();
  std::vector<float> sums(map == ConvMap::weight ? static_cast<std::size_t>(parts * weight) : 0);
  parallel_chunks(parts, [&](std::int64_t part) {
    const std::int64_t begin = part * size.batch / parts, end = (part + 1) * size.batch / parts;
    ConvSize own = size;
    own.batch = end - begin;
    switch (map) {
      case ConvMap::forth:
        return run(own, map, 1, a + begin * image, b, bias, y + begin * result);
      case ConvMap::back:
        return run(own, map, 1, a + begin * result, b, nullptr, y + begin * image);
      case ConvMap::weight:
        return run(own, map, 1, a + begin * image, b + begin * result, nullptr,
                   sums.data() + part * weight);
    }
  });
  if (map != ConvMap::weight) return;
  std::copy_n(sums.data(), weight, y);
  for (std::int64_t part = 1; part < parts; ++part)
    for (std::int64_t i = 0; i < weight; ++i)
      y[i] += sums[static_cast<std::size_t>(part * weight + i)];
}

}  // namespace xgrad::detail
#endif

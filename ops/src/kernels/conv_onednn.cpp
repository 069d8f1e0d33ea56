// Convolutions by oneDNN, which chooses its own layouts; tensors are brought to them and back.
#ifdef XGRAD_ONEDNN
#include "kernels/conv.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <unordered_map>

#include <oneapi/dnnl/dnnl.hpp>

#include "kernels/onednn_cache.hpp"
#include "kernels/workspace.hpp"

namespace xgrad::detail {
namespace {

using dnnl::memory;

struct Key {
  ConvSize size;
  ConvMap map;
  bool bias;
  std::int64_t channels;  // of the tensor that the results are a part of
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
    mix(key.channels);
    mix(static_cast<std::int64_t>(key.map) | key.bias << 2);
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
// The first of the channels of a row-major tensor that has more.
memory::desc plain_channels(const memory::dims& dims, std::int64_t channels) {
  memory::dims whole = dims;
  whole[1] = channels;
  return plain(whole).submemory_desc(dims, memory::dims(dims.size(), 0));
}
memory::desc any_layout(const memory::dims& dims) {
  return {dims, memory::data_type::f32, memory::format_tag::any};
}

// The primitives of a size in whatever layout suits them. The versions of oneDNN are told in
// different orders.
class Descriptions {
 public:
  using Forward = dnnl::convolution_forward;

  Descriptions(const Dims& d, const dnnl::engine& engine)
      : d_(d),
        engine_(engine),
        x_(any_layout(d.image)),
        w_(any_layout(d.weight)),
        y_(any_layout(d.result)) {
    attributes_.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  }

  Forward::primitive_desc forward(bool bias) const {
    return bias ? forward_of(x_, w_, plain(d_.bias), y_) : forward_of(x_, w_, y_);
  }
  template <class Backward>
  typename Backward::primitive_desc backward() const {
#if DNNL_VERSION_MAJOR >= 3
    return {engine_,    direct,         x_,         w_, y_, d_.stride, d_.dilation, d_.padding,
            d_.padding, forward(false), attributes_};
#else
    return {{direct, x_, w_, y_, d_.stride, d_.dilation, d_.padding, d_.padding},
            attributes_,
            engine_,
            forward(false)};
#endif
  }

 private:
  static constexpr auto direct = dnnl::algorithm::convolution_direct;

  template <class... Operands>
  Forward::primitive_desc forward_of(const Operands&... operands) const {
    constexpr auto kind = dnnl::prop_kind::forward_training;
#if DNNL_VERSION_MAJOR >= 3
    return {engine_,     kind,       direct,     operands..., d_.stride,
            d_.dilation, d_.padding, d_.padding, attributes_};
#else
    return {{kind, direct, operands..., d_.stride, d_.dilation, d_.padding, d_.padding},
            attributes_,
            engine_};
#endif
  }

  const Dims& d_;
  const dnnl::engine& engine_;
  const memory::desc x_, w_, y_;
  dnnl::primitive_attr attributes_;
};

// One of the three maps. Which operands are read and which is written differs; each may need
// another layout than the tensors'.
class Convolution {
 public:
  Convolution(const Key& key, const dnnl::engine& engine) : engine_(engine) {
    const Dims d(key.size);
    const Descriptions descriptions(d, engine);
    switch (key.map) {
      case ConvMap::forward:
        finish_forward(d, descriptions.forward(key.bias));
        break;
      case ConvMap::backward_data:
        finish_backward_data(d, descriptions.backward<dnnl::convolution_backward_data>());
        break;
      case ConvMap::backward_weights:
        finish_backward_weights(d, key.channels,
                                descriptions.backward<dnnl::convolution_backward_weights>());
        break;
    }
    if (key.bias) bias_ = memory(plain(d.bias), engine, nullptr);
  }

  void run(dnnl::stream& stream, const void* a, const void* b, const void* bias, void* y) {
    std::size_t bytes = scratch_.get_size();
    std::array<std::size_t, 3> at{};
    for (std::size_t i = 0; i < 3; ++i)
      if (operands_[i].needs_reorder())
        at[i] = bytes, bytes += round_up(operands_[i].own.get_size());
    const Workspace<char> workspace(static_cast<std::int64_t>(std::max<std::size_t>(bytes, 1)));
    char* const base = workspace.data();
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
    for (const Operand& o : operands)
      if (o.argument == DNNL_ARG_WEIGHTS || o.argument == DNNL_ARG_DIFF_WEIGHTS) check_reorder(o);
  }
  void finish_forward(const Dims& d, const dnnl::convolution_forward::primitive_desc& p) {
    finish(dnnl::convolution_forward(p), p.scratchpad_desc(),
           {Operand{DNNL_ARG_SRC, plain(d.image), p.src_desc()},
            Operand{DNNL_ARG_WEIGHTS, plain(d.weight), p.weights_desc()},
            Operand{DNNL_ARG_DST, plain(d.result), p.dst_desc()}});
  }
  void finish_backward_data(const Dims& d,
                            const dnnl::convolution_backward_data::primitive_desc& p) {
    finish(dnnl::convolution_backward_data(p), p.scratchpad_desc(),
           {Operand{DNNL_ARG_DIFF_DST, plain(d.result), p.diff_dst_desc()},
            Operand{DNNL_ARG_WEIGHTS, plain(d.weight), p.weights_desc()},
            Operand{DNNL_ARG_DIFF_SRC, plain(d.image), p.diff_src_desc()}});
  }
  void finish_backward_weights(const Dims& d, std::int64_t channels,
                               const dnnl::convolution_backward_weights::primitive_desc& p) {
    finish(dnnl::convolution_backward_weights(p), p.scratchpad_desc(),
           {Operand{DNNL_ARG_SRC, plain(d.image), p.src_desc()},
            Operand{DNNL_ARG_DIFF_DST, plain_channels(d.result, channels), p.diff_dst_desc()},
            Operand{DNNL_ARG_DIFF_WEIGHTS, plain(d.weight), p.diff_weights_desc()}});
  }
  // oneDNN 3.7 loses weights on the way to layouts whose blocks of channels they do not fill. A
  // layout that does not give back what went into it is not used. @throws dnnl::error
  void check_reorder(const Operand& o) const {
    if (!o.needs_reorder()) return;
    const auto count = static_cast<std::int64_t>(o.plain.get_size() / sizeof(float));
    const Workspace<float> there(count), back(count);
    const Workspace<char> workspace(static_cast<std::int64_t>(o.own.get_size()));
    for (std::int64_t i = 0; i < count; ++i) there.data()[i] = static_cast<float>(i % 8191);
    std::fill_n(back.data(), count, -1.0F);
    dnnl::stream stream(engine_);
    memory from(o.plain, engine_, there.data()), inside(o.own, engine_, workspace.data()),
        to(o.plain, engine_, back.data());
    dnnl::reorder(from, inside).execute(stream, from, inside);
    dnnl::reorder(inside, to).execute(stream, inside, to);
    stream.wait();
    if (!std::equal(there.data(), there.data() + count, back.data()))
      throw dnnl::error(dnnl_unimplemented, "a layout of weights loses some of them");
  }

  dnnl::engine engine_;
  dnnl::primitive primitive_;
  memory::desc scratch_;
  std::array<Operand, 3> operands_;
  memory bias_;
};

using Cache = PrimitiveCache<Key, KeyHash, Convolution>;

}  // namespace

// oneDNN's own error says that it has no implementation for this size, or no memory.
bool convolve_onednn(const ConvSize& size, ConvMap map, std::int64_t channels, const float* a,
                     const float* b, const float* bias, float* y) noexcept {
  try {
    static thread_local Cache cache;
    const OneThread guard;
    cache.at({size, map, bias != nullptr, channels}).run(cache.stream, a, b, bias, y);
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace xgrad::detail
#endif

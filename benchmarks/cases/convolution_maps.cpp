// Each of the three maps of a convolution, by the backend that is chosen, with oneDNN as the limit
// (docs/decisions/0037). Only by --filter "convolution maps".
#include <memory>
#include <stdexcept>

#include <fmt/format.h>

#include <xgrad/xgrad.hpp>

#include "../suite.hpp"
#include "convolutions.hpp"
#include "kernels/conv_parts.hpp"

namespace bench {

#ifdef XGRAD_ONEDNN

namespace {

using xgrad::Tensor;
using xgrad::detail::ConvMap;
using xgrad::detail::ConvSize;

ConvSize size_of(const Convolution& c) {
  const std::int64_t to = c.side + 2 * c.padding - c.window + 1;
  return {c.batch,
          c.groups,
          c.in,
          c.out,
          {1, c.side, c.side},
          {1, c.window, c.window},
          {1, to, to},
          {1, 1, 1},
          {0, c.padding, c.padding},
          {1, 1, 1}};
}

struct Operands {
  ConvSize size;
  ConvMap map;
  Tensor a, b, result;

  Operands(const Convolution& c, ConvMap m) : size(size_of(c)), map(m) {
    const std::int64_t image = size.batch * size.groups * size.in * size.from_numel(),
                       to = size.batch * size.groups * size.out * size.to_numel(),
                       weight = size.groups * size.out * size.in * size.window_numel();
    const std::int64_t sizes[3][3] = {
        {image, weight, to}, {to, weight, image}, {image, to, weight}};
    const auto& n = sizes[static_cast<int>(m)];
    a = filled({{n[0]}}, 0);
    b = filled({{n[1]}}, 1);
    result = xgrad::zeros({n[2]});
  }
};

Work by_choice(const Convolution& c, ConvMap map) {
  const auto o = std::make_shared<Operands>(c, map);
  return {[o] {
            const float *a = o->a.data<float>(), *b = o->b.data<float>();
            float* const y = o->result.mutable_data<float>();
            switch (o->map) {
              case ConvMap::forward:
                return convolve(xgrad::float32, o->size, a, b, nullptr, y);
              case ConvMap::backward_data:
                return convolve_backward_data(xgrad::float32, o->size, a, b, y);
              case ConvMap::backward_weights:
                return convolve_backward_weights(xgrad::float32, o->size, a, b, y);
            }
          },
          [o] { return Answer{digest(o->result)}; }};
}
Work by_onednn(const Convolution& c, ConvMap map) {
  const auto o = std::make_shared<Operands>(c, map);
  return {[o] {
            xgrad::detail::convolve_in_parts(xgrad::detail::convolve_onednn, 1, o->size, o->map,
                                             o->a.data<float>(), o->b.data<float>(), nullptr,
                                             o->result.mutable_data<float>());
          },
          [o] { return Answer{digest(o->result)}; }};
}

Made verified(const Convolution& c, ConvMap map) {
  const Work chosen = by_choice(c, map), onednn = by_onednn(c, map);
  chosen.run();
  onednn.run();
  if (!chosen.answer()[0].near(onednn.answer()[0], 1e-4))
    throw std::runtime_error(fmt::format("{}: oneDNN's result differs", c.name));
  return {chosen, {}};
}

}  // namespace

Cases convolution_map_cases() {
  Cases all;
  for (const Convolution& c : convolutions())
    for (const auto& [what, map] : {std::pair{"forward", ConvMap::forward},
                                    {"for the image", ConvMap::backward_data},
                                    {"for the weight", ConvMap::backward_weights}}) {
      Case row;
      row.group = "convolution maps";
      row.name = fmt::format("{}, {}", c.name, what);
      row.unit = "us";
      row.per_call = 1e3;
      row.by_name_only = true;
      row.make = [c, m = map] { return verified(c, m); };
      row.floor = [c, m = map] { return by_onednn(c, m); };
      all.push_back(std::move(row));
    }
  return all;
}

#else

Cases convolution_map_cases() { return {}; }

#endif

}  // namespace bench

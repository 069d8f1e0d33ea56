// norm_arrays.hpp: what a norm scales and shifts by, and where its gradients go.
#pragma once

namespace xgrad::detail {

/// Scales and shifts; null for 1 and 0.
struct NormAffine {
  const void* weight = nullptr;
  const void* bias = nullptr;
};
/// Null for those that nobody wants.
struct NormGradients {
  void* x = nullptr;
  void* weight = nullptr;
  void* bias = nullptr;
};

}  // namespace xgrad::detail

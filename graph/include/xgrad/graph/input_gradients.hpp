// input_gradients.hpp: the arguments of a local gradient: `Inputs`, the saved values, and
// `InputGradients`, which receives the gradients.
#pragma once

#include <span>

#include <xgrad/graph/tensor.hpp>

namespace xgrad {

namespace detail {
struct Step;  // a sweep's visit to one node
}

/// The saved inputs and output of the op whose local gradient runs.
class Inputs {
 public:
  explicit Inputs(detail::Step& step) noexcept : step_(&step) {}
  /// Input i. @throws GraphError if the op did not save it.
  Tensor operator[](int i) const;
  /// The op's result, or result k of several. @throws GraphError if the op did not save it.
  Tensor output(int k = 0) const;
  /// The shape and dtype of input i, which must require a gradient or be saved.
  /// @throws GraphError otherwise.
  const Shape& shape(int i) const;
  DType dtype(int i) const;

  /// For kernels, without checks: the node of input i, which may be null (see detail::Edge), and
  /// the storage of the saved output.
  detail::Node* node(int i) const noexcept;
  detail::Storage* saved_output() const noexcept;

 private:
  detail::Step* step_;
};

/// Accumulates the gradients of the op's inputs.
class InputGradients {
 public:
  explicit InputGradients(detail::Step& step) noexcept : step_(&step) {}
  /// Whether the sweep needs the gradient of input i. Others need not be computed.
  bool wants(int i) const noexcept;
  /// Adds a gradient for input i. A gradient of the broadcast shape is summed back to the input's
  /// shape, and one of another float type is converted.
  /// @throws GraphError  with create_graph, if dy has a history and the gradient has none, because
  ///                     the second derivative would be lost.
  void add(int i, Tensor gradient);

  /// The gradient buffer of input i, for kernels that accumulate in place (a GEMM with beta = 1):
  /// row-major, of the input's shape and dtype. If `accumulate` is false, the buffer is
  /// uninitialized and the kernel must overwrite it.
  /// @throws GraphError  with create_graph, or if the sweep does not need this gradient.
  struct Buffer {
    void* data;
    bool accumulate;
  };
  Buffer buffer(int i);

  /// Continues the sweep through `outputs`, which the local gradient has just computed from the
  /// inputs with ops, instead of adding gradients. `upstream` has one gradient per output,
  /// undefined if there is none.
  void backward_through(const std::vector<Tensor>& outputs, std::span<const Tensor> upstream);

  /// Whether the gradients must be differentiable themselves.
  bool create_graph() const noexcept;
  /// @throws GraphError, naming the op, if create_graph() is true.
  void require_first_order() const;

 private:
  detail::Step* step_;
};

}  // namespace xgrad

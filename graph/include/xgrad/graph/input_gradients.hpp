// input_gradients.hpp: what a local gradient gets: the values it reads, and where its results go.
#pragma once

#include <span>

#include <xgrad/graph/tensor.hpp>

namespace xgrad {

namespace detail {
struct Step;  // one node's turn in a sweep
}

/// The inputs (and the output) of the op whose local gradient runs.
class Inputs {
 public:
  explicit Inputs(detail::Step& step) noexcept : step_(&step) {}
  /// Input i. @throws GraphError if `record` was not told that it is read.
  Tensor operator[](int i) const;
  /// The op's own result, or result k of several. @throws GraphError likewise.
  Tensor output(int k = 0) const;
  /// Shape and dtype are known whether or not the value is read.
  const Shape& shape(int i) const;
  DType dtype(int i) const;

  /// For kernels: the node of input i, null for a number, and the storage of the output; unchecked.
  detail::Node* node(int i) const noexcept;
  detail::Storage* saved_output() const noexcept;

 private:
  detail::Step* step_;
};

/// Where the gradients of the inputs are added up.
class InputGradients {
 public:
  explicit InputGradients(detail::Step& step) noexcept : step_(&step) {}
  /// Whether input i needs a gradient; nothing need be computed for the others.
  bool wants(int i) const noexcept;
  /// Adds a gradient for input i. It may have the broadcast shape: it is summed back; and another
  /// float type: it is converted. @throws GraphError with create_graph, if dy has a history and
  /// the gradient has none: the second derivative would be lost.
  void add(int i, Tensor gradient);

  /// Memory for a kernel that adds for itself: row-major, of input i's shape and dtype. If
  /// `accumulate` is false it holds nothing yet and has to be filled. First order only.
  struct Buffer {
    void* data;
    bool accumulate;
  };
  Buffer buffer(int i);

  /// Instead of adding: the sweep goes on through what the local gradient has just computed by ops
  /// from the inputs. `outputs` have the upstream gradients, undefined where there is none.
  void backward_through(const std::vector<Tensor>& outputs, std::span<const Tensor> upstream);

  /// Whether the gradients must be differentiable themselves.
  bool create_graph() const noexcept;
  /// @throws GraphError, naming the op, if they must be.
  void require_first_order() const;

 private:
  detail::Step* step_;
};

}  // namespace xgrad

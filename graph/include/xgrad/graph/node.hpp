// node.hpp: a graph node: a value and, if an op computed it, the op. Users see it as a Tensor.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>

#include <xgrad/graph/storage.hpp>

namespace xgrad {

class Inputs;
class InputGradients;
class Tensor;

namespace detail {

/// Computes the gradients of an op's inputs and adds them to dx. `dy` has one upstream gradient per
/// result, undefined for results that were not used. `captures` points to the numbers that the
/// local gradient captured.
using LocalGradient = void (*)(const void* captures, std::span<const Tensor> dy, Inputs in,
                               InputGradients dx);

class Sweep;
struct AutogradMeta;
struct Function;

// Two reference counts in one word. A reader keeps the value alive, an edge only the node. When the
// last reader is dropped, the storage returns to the cache, even if the node stays in the graph.
using Counts = std::uint64_t;
inline constexpr Counts one_reader = 1;
inline constexpr Counts one_edge = Counts{1} << 32;
constexpr Counts readers_of(Counts c) { return c & (one_edge - 1); }

enum NodeFlag : std::uint8_t {
  requires_grad_flag = 1,  // gradients flow to the node or through it
  retain_grad_flag = 2,    // a computed node that keeps its gradient
};

struct Node {
  explicit Node(Value&& value) noexcept
      : storage(std::move(value.storage)), shape(std::move(value.shape)), dtype(value.dtype) {}

  std::atomic<Counts> counts{one_reader};
  StorageRef storage;        // empty once the value has no readers
  Shape shape;               // valid even without storage
  std::uint64_t number = 0;  // creation number: every edge points to a lower one
  Node* gradient = nullptr;  // .grad; holds a reader of that node; guarded by grad_lock
  Node* slot = nullptr;      // the gradient collected so far by the sweep in `owner`
  std::atomic<Sweep*> owner{nullptr};
  AutogradMeta* autograd_meta = nullptr;  // its name and hooks
  Site site;                              // where it was created
  DType dtype = float32;
  std::uint8_t flags = 0;
  std::atomic_flag grad_lock = ATOMIC_FLAG_INIT;
  bool has_function = false;  // a Function follows in the same block
  std::uint32_t size_class = 0;

  bool requires_grad() const noexcept { return (flags & requires_grad_flag) != 0; }
  Function* function() noexcept {
    return has_function ? reinterpret_cast<Function*>(this + 1) : nullptr;
  }
  bool is_leaf() const noexcept { return !has_function; }
};

// An edge from an op's result to one of its inputs. `node` is null for a number that is not saved,
// for an undefined tensor, and for an input that neither requires a gradient nor is saved.
struct Edge {
  Node* node = nullptr;
  std::uint32_t version = 0;  // of the storage when the input was saved
  bool reads = false;         // the input is saved: the edge also holds a reader of its node
};

// How a value was computed: the op, its inputs, and its local gradient with its captures.
// In memory it follows its Node; the edges and then the captures follow it.
struct Function {
  enum class Kind : std::uint8_t { single, tuple, tuple_element };

  const char* op;
  const char* rule = "";  // the local gradient as a formula; may be empty
  LocalGradient run;
  Storage* saved_output = nullptr;      // the op's result, if the local gradient reads it
  struct TupleState* tuple = nullptr;   // for a tuple: shapes and saved values of its results
  std::uint32_t output_version = 0;     // version of saved_output when it was saved
  std::atomic<std::int32_t> sweeps{0};  // how many run through it now; used_up once released
  std::uint32_t edge_count = 0;
  std::uint32_t index = 0;  // for a tuple element: which result; for a tuple: how many results
  Kind kind = Kind::single;
  bool elementwise = false;  // each output element depends on one element of each input
  bool own_lines = false;    // a user's local gradient: its ops keep their own lines

  static constexpr std::int32_t used_up = -1;
  Edge* edges() noexcept { return reinterpret_cast<Edge*>(this + 1); }
  void* captures() noexcept { return edges() + edge_count_made; }
  std::uint32_t edge_count_made = 0;  // edge_count before the release
};

/// Locks a node's `.grad` until the end of the scope.
class GradientLock {
 public:
  explicit GradientLock(Node& node) noexcept : lock_(node.grad_lock) {
    while (lock_.test_and_set(std::memory_order_acquire)) {
    }
  }
  ~GradientLock() { lock_.clear(std::memory_order_release); }
  GradientLock(const GradientLock&) = delete;
  GradientLock& operator=(const GradientLock&) = delete;

 private:
  std::atomic_flag& lock_;
};

/// Creates a node without a function. The caller owns its only reader.
Node* make_leaf(Value&& value);
/// Creates a node with a Function that has `edges` null edges and `captures` bytes for captures.
Node* make_node(Value&& value, std::size_t edges, std::size_t captures);

/// The creation number of this thread's newest node.
std::uint64_t newest_number() noexcept;
/// Gives the node a creation number above `inputs`, the largest one of its inputs, which may come
/// from other threads.
void number_above(Node* node, std::uint64_t inputs) noexcept;

/// Drops the last reader, which frees the value, and the node too if it has no edges. The functions
/// that free nodes do not recurse.
void drop_last_reader(Node* node) noexcept;
void drop_edge(Node* node) noexcept;
/// Drops an edge together with the reader that it holds.
void drop_reading_edge(Node* node) noexcept;
/// Releases the edges, the saved values and the tuple state. The node remains as a value.
void release_function(Function& function) noexcept;

inline void add_reader(Node* node) noexcept {
  node->counts.fetch_add(one_reader, std::memory_order_relaxed);
}
inline void add_edge(Node* node, bool reads) noexcept {
  node->counts.fetch_add(reads ? one_edge + one_reader : one_edge, std::memory_order_relaxed);
}
inline void drop_reader(Node* node) noexcept {
  Counts counts = node->counts.load(std::memory_order_acquire);
  while (readers_of(counts) > 1)
    if (node->counts.compare_exchange_weak(counts, counts - one_reader, std::memory_order_acq_rel,
                                           std::memory_order_acquire))
      return;
  drop_last_reader(node);
}

}  // namespace detail
}  // namespace xgrad

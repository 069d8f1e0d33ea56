// node.hpp: a value and how it came to be. Users see it through Tensor.
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

/// Adds the gradients of an op's inputs into dx. `dy` has an upstream gradient for each result,
/// undefined where nobody used it; `captures` is what the local gradient captured.
using LocalGradient = void (*)(const void* captures, std::span<const Tensor> dy, Inputs in,
                               InputGradients dx);

class Sweep;
struct AutogradMeta;
struct Function;

// Two counts in one word. A reader keeps the value, an edge only the node: when the last reader
// goes, the storage goes back to the cache, though the node may stay in the graph.
using Counts = std::uint64_t;
inline constexpr Counts one_reader = 1;
inline constexpr Counts one_edge = Counts{1} << 32;
constexpr Counts readers_of(Counts c) { return c & (one_edge - 1); }

enum NodeFlag : std::uint8_t {
  requires_grad_flag = 1,  // gradients flow to or through it
  retain_grad_flag = 2,    // an interior node that keeps its gradient
};

struct Node {
  explicit Node(Value&& value) noexcept
      : storage(std::move(value.storage)), shape(std::move(value.shape)), dtype(value.dtype) {}

  std::atomic<Counts> counts{one_reader};
  StorageRef storage;        // empty once nobody will read the value
  Shape shape;               // stays when the value goes
  std::uint64_t number = 0;  // creation number: every edge points to a lower one
  Node* gradient = nullptr;  // .grad, a reader of that node; guarded by grad_lock
  Node* slot = nullptr;      // what the sweep that owns the slot has collected so far
  std::atomic<Sweep*> owner{nullptr};
  AutogradMeta* autograd_meta = nullptr;  // a name, hooks
  Site site;                              // where it was made
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

// From an op's result to one of its inputs. A number, an undefined tensor, or an input that neither
// wants a gradient nor is read, has no node.
struct Edge {
  Node* node = nullptr;
  std::uint32_t version = 0;  // of the storage when it was read
  bool reads = false;         // holds a reader beside the edge, if it has a node
};

// How a value came to be: the op, its inputs, its local gradient with what that captured.
// Lies behind its Node, then come the edges, then the captures.
struct Function {
  enum class Kind : std::uint8_t { single, tuple, tuple_element };

  const char* op;
  const char* rule = "";  // the local gradient in a formula's words; may be empty
  LocalGradient run;
  Storage* saved_output = nullptr;      // own value, where the local gradient reads it
  struct TupleState* tuple = nullptr;   // of a tuple: shapes and saved values of its results
  std::uint32_t output_version = 0;     // of saved_output when it was saved
  std::atomic<std::int32_t> sweeps{0};  // running through it now; used_up once it is released
  std::uint32_t edge_count = 0;
  std::uint32_t index = 0;  // of a tuple element: which result; of a tuple: how many
  Kind kind = Kind::single;
  bool elementwise = false;  // each output element depends on one of each input
  bool own_lines = false;    // ops in the local gradient have their own lines: it is the user's

  static constexpr std::int32_t used_up = -1;
  Edge* edges() noexcept { return reinterpret_cast<Edge*>(this + 1); }
  void* captures() noexcept { return edges() + edge_count_made; }
  std::uint32_t edge_count_made = 0;  // edge_count before the release
};

/// Holds a node's lock on its gradient.
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

/// A leaf or a constant around a value. One reader: the caller.
Node* make_leaf(Value&& value);
/// A node with room for a function of so many edges and bytes of captures; edges are null.
Node* make_node(Value&& value, std::size_t edges, std::size_t captures);

/// The number of the newest node of this thread.
std::uint64_t newest_number() noexcept;
/// Numbers the node above its inputs, whichever threads they came from.
void number_above(Node* node, std::uint64_t inputs) noexcept;

/// Lets go of the value's last reader, or of a node nobody holds; never recurses.
void drop_last_reader(Node* node) noexcept;
void drop_edge(Node* node) noexcept;
/// Lets go of an edge and, at once, of the reader that it holds.
void drop_reading_edge(Node* node) noexcept;
/// Lets go of inputs, saved values and captures; the node stays as a value.
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

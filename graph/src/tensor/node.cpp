#include <xgrad/graph/node.hpp>

#include <algorithm>
#include <new>

#include <xgrad/graph/memory.hpp>

#include "tensor/autograd_meta.hpp"
#include "tensor/tuple.hpp"

namespace xgrad::detail {
namespace {

thread_local std::uint64_t last_number = 0;

// Nodes whose counts are zero, linked through `slot`, until the loop in `destroy` frees them.
thread_local Node* doomed = nullptr;
thread_local bool destroying = false;

Node* construct(Value&& value, std::size_t bytes) {
  const Block block = allocate_block(bytes);
  Node* const node = new (block.memory) Node(std::move(value));
  node->size_class = block.size_class;
  node->number = ++last_number;
  return node;
}

void free_node(Node* node) noexcept {
  if (node->gradient != nullptr) drop_reader(node->gradient);
  if (Function* const function = node->function()) release_function(*function);
  delete node->autograd_meta;
  const std::uint32_t size_class = node->size_class;
  node->~Node();
  free_block(node, size_class);
}

// Freeing a node may doom its inputs; they queue up instead of recursing.
void destroy(Node* node) noexcept {
  node->slot = doomed;
  doomed = node;
  if (destroying) return;
  destroying = true;
  while (doomed != nullptr) free_node(std::exchange(doomed, doomed->slot));
  destroying = false;
}

}  // namespace

Node* make_leaf(Value&& value) { return construct(std::move(value), sizeof(Node)); }

Node* make_node(Value&& value, std::size_t edges, std::size_t captures) {
  Node* const node = construct(std::move(value),
                               sizeof(Node) + sizeof(Function) + edges * sizeof(Edge) + captures);
  node->has_function = true;
  Function* const function = new (node + 1) Function;
  function->edge_count = function->edge_count_made = static_cast<std::uint32_t>(edges);
  std::uninitialized_value_construct_n(function->edges(), edges);
  return node;
}

// The reader becomes an edge while the value goes, so that the node outlives it.
void drop_last_reader(Node* node) noexcept {
  if (node->counts.load(std::memory_order_acquire) == one_reader) {
    destroy(node);
    return;
  }
  if (!node->storage) {  // an op has taken it over
    if (node->counts.fetch_sub(one_reader, std::memory_order_acq_rel) == one_reader) destroy(node);
    return;
  }
  node->counts.fetch_add(one_edge - one_reader, std::memory_order_acq_rel);
  node->storage.reset();
  drop_edge(node);
}

void drop_edge(Node* node) noexcept {
  if (node->counts.load(std::memory_order_acquire) == one_edge ||
      node->counts.fetch_sub(one_edge, std::memory_order_acq_rel) == one_edge)
    destroy(node);
}

void drop_reading_edge(Node* node) noexcept {
  Counts counts = node->counts.load(std::memory_order_acquire);
  while (readers_of(counts) > 1)  // others keep the value, and so the node
    if (node->counts.compare_exchange_weak(counts, counts - one_edge - one_reader,
                                           std::memory_order_acq_rel, std::memory_order_acquire))
      return;
  drop_last_reader(node);
  drop_edge(node);
}

void release_function(Function& function) noexcept {
  const std::uint32_t count = std::exchange(function.edge_count, std::uint32_t{0});
  for (std::uint32_t i = 0; i < count; ++i) {
    const Edge& edge = function.edges()[i];
    if (edge.node == nullptr) continue;
    edge.reads ? drop_reading_edge(edge.node) : drop_edge(edge.node);
  }
  StorageRef(std::exchange(function.saved_output, nullptr)).reset();
  delete std::exchange(function.tuple, nullptr);
}

std::uint64_t newest_number() noexcept { return last_number; }

// Creation numbers are per thread: raising the thread's last one above the inputs' keeps the order
// where values cross threads.
void number_above(Node* node, std::uint64_t inputs) noexcept {
  last_number = std::max(last_number, inputs + 1);
  node->number = last_number;
}

}  // namespace xgrad::detail

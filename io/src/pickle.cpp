#include "pickle.hpp"

#include <algorithm>
#include <bit>
#include <unordered_map>

#include <fmt/format.h>

#include "in_quotes.hpp"
#include "little_endian.hpp"
#include "pickle_calls.hpp"
#include "pickle_opaque.hpp"

namespace xgrad::io::detail {
namespace {

// Python's pickle machine, with a stack on which null is a mark.
class PickleMachine {
 public:
  PickleMachine(std::string_view bytes, PickleArena& arena, const Place& place)
      : bytes_(bytes), arena_(arena), place_(place) {}

  const PickleValue& run() {
    read_protocol();
    while (!stopped_) step(next_byte());
    if (stack_.size() != 1 || stack_.back() == nullptr)
      fail(fmt::format("{} values are left at its end, instead of one", stack_.size()));
    return *stack_.back();
  }

 private:
  [[noreturn]] void fail(std::string_view why) const {
    place_.fail(fmt::format("the pickle is wrong at byte {}: {}", at_, why));
  }

  // The bytes.
  std::string_view take(std::uint64_t count) {
    if (count > bytes_.size() - at_) fail("it ends early");
    const std::string_view taken = bytes_.substr(at_, count);
    at_ += count;
    return taken;
  }
  std::uint8_t next_byte() { return static_cast<std::uint8_t>(take(1)[0]); }
  template <class T>
  T number() {
    return number_at<T>(take(sizeof(T)), 0);
  }
  std::string_view line() {
    const std::size_t end = bytes_.find('\n', at_);
    if (end == std::string_view::npos) fail("a name does not end");
    const std::string_view taken = take(end - at_);
    ++at_;
    return taken;
  }

  // The stack and the memo.
  void push(const PickleValue* value) {
    if (stack_.size() >= most_pickle_values) fail("it has too many values");
    stack_.push_back(value);
  }
  void push(PickleValue value) {
    if (arena_.size() >= most_pickle_values) fail("it has too many values");
    arena_.push_back(std::move(value));
    push(&arena_.back());
  }
  const PickleValue& pop() {
    if (stack_.empty() || stack_.back() == nullptr) fail("a value is missing");
    const PickleValue* const top = stack_.back();
    stack_.pop_back();
    return *top;
  }
  PickleList pop_to_mark() {
    const auto mark = std::find(stack_.rbegin(), stack_.rend(), nullptr);
    if (mark == stack_.rend()) fail("a mark is missing");
    PickleList items(mark.base(), stack_.end());
    stack_.erase(mark.base() - 1, stack_.end());
    return items;
  }
  // The value below, which items are added to. All values are in the arena, which is ours.
  template <class T>
  T& top(const char* kind) {
    if (stack_.empty() || stack_.back() == nullptr) fail("a value is missing");
    if (auto* const value = std::get_if<T>(const_cast<PickleValue*>(stack_.back()))) return *value;
    fail(fmt::format("{} is {} and cannot be added to", kind, describe(*stack_.back())));
  }
  void put(std::uint32_t place) {
    if (stack_.empty() || stack_.back() == nullptr) fail("a value is missing");
    if (memo_.size() >= most_pickle_values) fail("it has too many values");
    memo_[place] = stack_.back();
  }
  void get(std::uint32_t place) {
    const auto found = memo_.find(place);
    if (found == memo_.end()) fail(fmt::format("value {} is not remembered", place));
    push(found->second);
  }

  void read_protocol() {
    if (next_byte() != 0x80) fail("it does not start with its protocol");
    if (const int protocol = next_byte(); protocol != 2)
      fail(fmt::format("its protocol is {}; torch.save writes 2, which is its default", protocol));
  }

  void step(std::uint8_t opcode);
  bool step_plain(std::uint8_t opcode);
  bool step_sequence(std::uint8_t opcode);
  bool step_call(std::uint8_t opcode);

  // What is added to it is left out with it.
  bool is_opaque_on_top() const {
    return !stack_.empty() && stack_.back() != nullptr &&
           std::holds_alternative<PickleOpaque>(*stack_.back());
  }
  void append(PickleList items) {
    if (is_opaque_on_top()) return;
    auto& list = top<PickleSequence>("a list");
    if (list.is_tuple) fail("a tuple cannot be added to");
    list.items.insert(list.items.end(), items.begin(), items.end());
  }
  void set_items(const PickleList& items) {
    if (is_opaque_on_top()) return;
    auto& dict = top<PickleDict>("a dict");
    if (items.size() % 2 != 0) fail("a key has no value");
    for (std::size_t i = 0; i < items.size(); i += 2)
      dict.items.emplace_back(items[i], items[i + 1]);
  }
  void set_item() {
    const PickleValue& value = pop();
    const PickleValue& key = pop();
    set_items({&key, &value});
  }
  void push_tuple(std::size_t count) {
    PickleList items(count);
    for (std::size_t i = count; i-- > 0;) items[i] = &pop();
    push(PickleSequence{std::move(items), true});
  }
  void push_long() {
    const std::string_view digits = take(next_byte());
    if (digits.size() > 8) return push(opaque(large_integer));
    std::int64_t number = digits.empty() || digits.back() >= 0 ? 0 : -1;
    std::memcpy(&number, digits.data(), digits.size());
    push(number);
  }
  void push_double() {
    const auto bits = __builtin_bswap64(number<std::uint64_t>());
    push(std::bit_cast<double>(bits));
  }
  void push_global();
  void call();
  void build();

  std::string_view bytes_;
  std::size_t at_ = 0;
  PickleArena& arena_;
  const Place& place_;
  PickleList stack_;
  std::unordered_map<std::uint32_t, const PickleValue*> memo_;
  bool stopped_ = false;
};

void PickleMachine::push_global() {
  std::string name(line());
  name += " ";
  name += line();
  if (const auto number = find_global(name)) return push(PickleGlobal{*number});
  push(opaque(name));
}

void PickleMachine::call() {
  const auto* const arguments = std::get_if<PickleSequence>(&pop());
  const PickleValue& function = pop();
  const auto* const global = std::get_if<PickleGlobal>(&function);
  const auto* const unknown = std::get_if<PickleOpaque>(&function);
  if (arguments == nullptr || (global == nullptr && unknown == nullptr))
    fail("a call needs a name and arguments");
  if (unknown != nullptr) return push(call_opaque(*unknown, arguments->items));
  push(call_global(*global, arguments->items, place_));
}

// The state of an OrderedDict is its _metadata; that of a tensor its Python attributes.
void PickleMachine::build() {
  pop();
  if (stack_.empty() || stack_.back() == nullptr) fail("a value is missing");
  if (!std::holds_alternative<PickleDict>(*stack_.back()) &&
      !std::holds_alternative<PickleTensor>(*stack_.back()) && !is_opaque_on_top())
    fail(fmt::format("{} cannot have a state", describe(*stack_.back())));
}

bool PickleMachine::step_plain(std::uint8_t opcode) {
  switch (opcode) {
    case 'N':
      return push(PickleNone{}), true;
    case 0x88:
      return push(true), true;
    case 0x89:
      return push(false), true;
    case 'J':
      return push(std::int64_t{number<std::int32_t>()}), true;
    case 'K':
      return push(std::int64_t{next_byte()}), true;
    case 'M':
      return push(std::int64_t{number<std::uint16_t>()}), true;
    case 0x8a:
      return push_long(), true;
    case 'G':
      return push_double(), true;
    case 'X':
      return push(std::string(take(number<std::uint32_t>()))), true;
    case 'U':
      return push(std::string(take(next_byte()))), true;
    default:
      return false;
  }
}

bool PickleMachine::step_sequence(std::uint8_t opcode) {
  switch (opcode) {
    case '(':
      return push(static_cast<const PickleValue*>(nullptr)), true;
    case ')':
      return push_tuple(0), true;
    case 0x85:
    case 0x86:
    case 0x87:
      return push_tuple(opcode - 0x84U), true;
    case 't':
      return push(PickleSequence{pop_to_mark(), true}), true;
    case ']':
      return push(PickleSequence{}), true;
    case '}':
      return push(PickleDict{}), true;
    case 'a':
      return append({&pop()}), true;
    case 'e':
      return append(pop_to_mark()), true;
    case 's':
      return set_item(), true;
    case 'u':
      return set_items(pop_to_mark()), true;
    default:
      return false;
  }
}

bool PickleMachine::step_call(std::uint8_t opcode) {
  switch (opcode) {
    case 'c':
      return push_global(), true;
    case 'R':
    case 0x81:
      return call(), true;
    case 'b':
      return build(), true;
    case 'Q':
      return push(storage_of(pop(), place_)), true;
    case 'h':
      return get(next_byte()), true;
    case 'j':
      return get(number<std::uint32_t>()), true;
    case 'q':
      return put(next_byte()), true;
    case 'r':
      return put(number<std::uint32_t>()), true;
    case '.':
      return stopped_ = true;
    default:
      return false;
  }
}

void PickleMachine::step(std::uint8_t opcode) {
  if (!step_plain(opcode) && !step_sequence(opcode) && !step_call(opcode))
    fail(fmt::format("the opcode 0x{:02x} is not one that state dicts have", opcode));
}

}  // namespace

const PickleValue& read_pickle(std::string_view bytes, PickleArena& arena, const Place& place) {
  return PickleMachine(bytes, arena, place).run();
}

}  // namespace xgrad::io::detail

#include "hostile/judge.hpp"

#include <cxxabi.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <new>
#include <string_view>

#include <fmt/format.h>

#include "calls/call.hpp"

namespace xgrad::test {
namespace {

using Kind = Verdict::Kind;

Verdict fault(const std::string& which, const std::string& seen) {
  return {Kind::fault, which + ": " + seen};
}

// Names that the headers define by another function, or by several, which then tell their own.
const std::multimap<std::string_view, std::string_view> aliases = {
    {"__getitem__", "index"},
    {"broadcast_to", "expand"},
    {"expand_as", "expand"},
    {"view", "reshape"},
    {"view_as", "reshape"},
    {"swapaxes", "transpose"},
    {"inverse", "linalg.inv"},
    {"ravel", "reshape"},
    {"rsub", "sub"},
    {"floor_divide", "div"},
    {"randn_like", "randn"},
    {"rand_like", "rand"},
    {"randint_like", "randint"},
    {"vecdot", "linalg.vecdot"},
    {"BatchNorm1d", "batch_norm"},
    {"LayerNorm", "layer_norm"},
    {"Linear", "linear"},
    {"Embedding", "embedding"},
    {"PReLU", "prelu"},
    {"Dropout", "dropout"},
    {"round", "rint"},
    {"polygamma", "digamma"},
    {"DataLoader", "TensorDataset"},
    {"ImageFolder", "read_image"},
    {"ImageFolder", "resize"},
    {"ImageFolder", "default_collate"},
    {"ImageFolder", "DataLoader"},
    {"Sampler", "DataLoader"},
    {"Npy", "TensorDataset"},
    {"Npz", "TensorDataset"},
    {"Subset", "TensorDataset"},
    {"random_split", "TensorDataset"},
    {"positive", "undefined"}};

// Without the namespaces before it, and without an underscore in front.
std::string_view bare(std::string_view op) {
  op.remove_prefix(std::min(op.size(), op.rfind('.') + 1));
  op.remove_prefix(std::min(op.size(), op.find_first_not_of('_')));
  return op;
}
bool names(std::string_view text, std::string_view op) {
  const auto [first, last] = aliases.equal_range(op);
  return text.find(bare(op)) != std::string_view::npos ||
         std::any_of(first, last, [&](const auto& alias) {
           return text.find(alias.second) != std::string_view::npos;
         });
}

Verdict judge_error(const std::string& op, const Error& e) {
  const std::string_view text = e.what();
  if (text.find("is not a reduction") != std::string_view::npos ||  // an enumeration in C++
      text.find("positions have one axis") != std::string_view::npos)
    return {Kind::no_such_call, ""};
  if (op.empty()) return {Kind::refused, e.what()};  // ops that a local gradient is made of
  if (e.site().file == nullptr) return fault("an error without a line", e.what());
  if (std::string_view(e.site().file).find("/tests/") == std::string_view::npos)
    return fault("an error that names a line of the library", e.what());
  const bool is_argument = text.starts_with("a shape of ");  // that could not be made
  if (!is_argument && !names(text, op))
    return fault("an error that does not name the op", e.what());
  return {Kind::refused, e.what()};
}
Verdict judge_bad_alloc(const std::bad_alloc& e) {
  const std::string_view text = e.what();
  if (text.find("bytes") == std::string_view::npos || text.find('[') == std::string_view::npos)
    return fault("a bad_alloc that names no shape or bytes", e.what());
  return {Kind::no_memory, e.what()};
}
std::string type_of(const std::exception& e) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> name(
      abi::__cxa_demangle(typeid(e).name(), nullptr, nullptr, &status), &std::free);
  return status == 0 ? name.get() : typeid(e).name();
}

// What is wrong with a result; nothing for "".
std::string broken(const Tensor& t) {
  if (!t.defined()) return "a result is undefined";
  std::int64_t elements = 1, positive = 1;
  for (const std::int64_t n : t.shape()) {
    if (n < 0) return "a result has a negative size: " + to_string(t.shape());
    elements *= n > 0 && elements > (std::int64_t{1} << 60) / n ? 0 : n;
    if (n > 0 && __builtin_mul_overflow(positive, n, &positive)) elements = elements == 0 ? 0 : -1;
  }
  if (elements != t.numel() || elements < 0)
    return "a result's elements cannot be counted: " + to_string(t.shape());
  return "";
}

// Reads each element, so that AddressSanitizer sees what is not there.
void read_all(const Tensor& t) {
  constexpr std::int64_t most = std::int64_t{1} << 22;
  dispatch(t.dtype(), [&]<class T>() {
    const T* const x = t.data<T>();
    volatile T last{};
    for (std::int64_t i = 0; i < std::min(t.numel(), most); ++i) last = x[i];
    if (t.numel() > 0) last = x[t.numel() - 1];
    static_cast<void>(last);
  });
}

void sweep(const std::vector<Tensor>& results) {
  constexpr std::int64_t most = std::int64_t{1} << 20;
  for (const Tensor& t : results)
    if (t.requires_grad() && t.numel() <= most) sum(t).backward({}, {.retain_graph = true});
}

Verdict judge_values(const std::vector<Tensor>& results) {
  for (const Tensor& t : results) {
    if (const std::string what = broken(t); !what.empty()) return fault("a broken value", what);
    read_all(t);
  }
  return {Kind::value, ""};
}

}  // namespace

Verdict judge(const std::string& op, const std::function<std::vector<Tensor>()>& call) {
  std::string where = op;
  try {
    const std::vector<Tensor> results = call();
    const Verdict v = judge_values(results);
    where = "";
    if (v.kind == Kind::value) sweep(results);
    return v;
  } catch (const Json::exception&) {
    return {Kind::no_such_call, ""};
  } catch (const NoSuchCall&) {
    return {Kind::no_such_call, ""};
  } catch (const std::bad_alloc& e) {
    return judge_bad_alloc(e);
  } catch (const Error& e) {
    return judge_error(where, e);
  } catch (const std::exception& e) {
    return fault("a foreign exception", type_of(e) + ": " + e.what());
  } catch (...) {
    return fault("a foreign exception", "of an unknown type");
  }
}

}  // namespace xgrad::test

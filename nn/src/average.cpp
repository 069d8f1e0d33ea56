#include <xgrad/nn/average.hpp>

#include <algorithm>
#include <cstddef>
#include <set>
#include <utility>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/op_scope.hpp>
#include <xgrad/graph/parallel.hpp>
#include <xgrad/graph/state_reader.hpp>

namespace xgrad::nn {

namespace {

using xgrad::detail::parallel_grain;
using xgrad::detail::parallel_ranges;

// The elements to change, in a tensor that shares its storage with a module or an average.
std::byte* bytes_of(const Tensor& t, Site site) {
  t.node().storage->changed_at(site);
  return static_cast<std::byte*>(t.node().storage->data());
}

std::int64_t size_in_bytes(const Tensor& t) {
  return t.numel() * static_cast<std::int64_t>(size_of(t.dtype()));
}

void swap_elements(const Tensor& a, const Tensor& b, Site site) {
  std::byte *const x = bytes_of(a, site), *const y = bytes_of(b, site);
  parallel_ranges(size_in_bytes(a), parallel_grain, [&](std::int64_t begin, std::int64_t end) {
    std::swap_ranges(x + begin, x + end, y + begin);
  });
}

void average_elements(const Tensor& from, const Tensor& to, double share, Site site) {
  dispatch_floating(to.dtype(), [&]<class T>() {
    const auto* const value = static_cast<const T*>(from.node().storage->data());
    T* const average = reinterpret_cast<T*>(bytes_of(to, site));
    parallel_ranges(to.numel(), parallel_grain, [&](std::int64_t begin, std::int64_t end) {
      const T weight = static_cast<T>(share);
      for (std::int64_t i = begin; i < end; ++i) average[i] += weight * (value[i] - average[i]);
    });
  });
}

}  // namespace

SwappedAverages::SwappedAverages(std::vector<Pair> pairs, std::shared_ptr<bool> swapped, Site site)
    : pairs_(std::move(pairs)), swapped_(std::move(swapped)) {
  for (const auto& [module, average] : pairs_) swap_elements(module, average, site);
  *swapped_ = true;
}
SwappedAverages::~SwappedAverages() {
  if (swapped_ == nullptr) return;
  for (const auto& [module, average] : pairs_) swap_elements(module, average, {});
  *swapped_ = false;
}

Averages::Averages(const char* kind, const Module& module, Flag use_buffers, Site site)
    : kind_(kind) {
  const OpScope scope(kind, site);
  std::set<const void*> buffers;
  for (const Tensor& b : module.buffers()) buffers.insert(b.node().storage.get());
  for (const auto& [name, value] : module.state_dict()) {
    const Tensor& t = std::get<Tensor>(value);
    const bool is_buffer = buffers.contains(t.node().storage.get());
    entries_.push_back({name, t.clone(), is_floating(t.dtype()) && (use_buffers || !is_buffer)});
  }
}

void Averages::check_not_swapped(const char* member, Site site) const {
  if (*swapped_)
    throw GraphError(fmt::format("{}.{}: the averages are swapped in; end the scope of swap_in's "
                                 "guard first",
                                 kind_, member),
                     site);
}

// The module's tensors, in the order of the entries.
std::vector<Tensor> Averages::tensors_of(const Module& module, const char* member,
                                         Site site) const {
  check_not_swapped(member, site);
  const StateDict state = module.state_dict();
  xgrad::detail::StateReader reader(state);
  std::vector<Tensor> tensors;
  for (const Entry& e : entries_)
    tensors.push_back(reader.tensor(e.name, e.average.shape(), e.average.dtype()));
  reader.check_fits(kind_, "the module must be like the averaged one");
  return tensors;
}

void Averages::update_parameters(const Module& module, Site site) {
  const OpScope scope(kind_, site);
  const std::vector<Tensor> now = tensors_of(module, "update_parameters", site);
  const double share = n_averaged_ == 0 ? 1 : share_of_next(n_averaged_);
  for (std::size_t i = 0; i < now.size(); ++i)
    if (n_averaged_ == 0 || !entries_[i].averaged)
      entries_[i].average.assign(now[i], site);
    else
      average_elements(now[i], entries_[i].average, share, site);
  ++n_averaged_;
}

void Averages::copy_to(Module& module, Site site) const {
  const std::vector<Tensor> now = tensors_of(module, "copy_to", site);
  for (std::size_t i = 0; i < now.size(); ++i) Tensor(now[i]).assign(entries_[i].average, site);
}

SwappedAverages Averages::swap_in(Module& module, Site site) {
  const std::vector<Tensor> now = tensors_of(module, "swap_in", site);
  std::vector<SwappedAverages::Pair> pairs;
  std::set<const void*> seen;  // a tensor under two names is swapped once
  for (std::size_t i = 0; i < now.size(); ++i)
    if (seen.insert(now[i].node().storage.get()).second)
      pairs.push_back({now[i], entries_[i].average});
  return SwappedAverages(std::move(pairs), swapped_, site);
}

StateDict Averages::state_dict() const {
  StateDict state{{"n_averaged", n_averaged_}};
  for (const Entry& e : entries_) state.set("module." + e.name, e.average);
  return state;
}

void Averages::load_state_dict(const StateDict& state, Site site) {
  const OpScope scope("load_state_dict", site);
  check_not_swapped("load_state_dict", site);
  xgrad::detail::StateReader reader(state);
  std::int64_t n = 0;
  reader.read("n_averaged", n);
  if (n < 0) reader.refuse("n_averaged", "a number from 0", fmt::to_string(n));
  std::vector<Tensor> from;
  for (const Entry& e : entries_)
    from.push_back(reader.tensor("module." + e.name, e.average.shape(), e.average.dtype()));
  reader.check_fits(kind_, "the module must be like the averaged one");
  for (std::size_t i = 0; i < from.size(); ++i) entries_[i].average.assign(from[i], site);
  n_averaged_ = n;
}

EMA::EMA(const Module& module, double decay, Flag use_buffers, Site site)
    : Averages("EMA", module, use_buffers, site), decay_(decay) {
  if (!(decay >= 0 && decay <= 1))
    throw ValueError(fmt::format("EMA: decay is {}; it must be in [0, 1]", decay), site);
}

}  // namespace xgrad::nn

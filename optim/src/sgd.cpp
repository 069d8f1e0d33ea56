#include <xgrad/optim/sgd.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/lanes.hpp>
#include <xgrad/graph/parallel.hpp>

#include "flush_denormals.hpp"
#include "gradient_norm.hpp"

namespace xgrad::optim {
namespace {

using xgrad::detail::Lane;

template <class T>
T* advanced(T* p, std::int64_t i) {
  return p == nullptr ? nullptr : p + i;
}

// The update of one parameter's elements; what it does not need is null or makes no difference.
template <class T>
struct Update {
  T* p;
  const T* g;
  T* buffer;   // null without momentum
  bool first;  // the buffer holds nothing yet
  bool nesterov;
  bool bounded;
  T bound, scale, weight_decay, momentum, fresh, lr;

  Update from(std::int64_t i) const {
    Update u = *this;
    u.p += i;
    u.g += i;
    u.buffer = advanced(buffer, i);
    return u;
  }
};

struct SgdStep {
  template <class Width, class T>
  static void run(const Update<T>* update, std::int64_t n) {
    using L = Lane<T, Width>;
    const Rule<L> rule(*update);
    T *const p = update->p, *const buffer = update->buffer;
    const T* const g = update->g;
    std::int64_t i = 0;
    for (; i + L::size <= n; i += L::size)
      rule.at(
          p + i, g + i, advanced(buffer, i), [](const T* x) { return L::load(x); },
          [](const L& v, T* x) { v.store(x); });
    if (const int rest = static_cast<int>(n - i); rest > 0)
      rule.at(
          p + i, g + i, advanced(buffer, i), [=](const T* x) { return L::load(x, rest); },
          [=](const L& v, T* x) { v.store(x, rest); });
  }

 private:
  // The constants, spread over lanes once.
  template <class L>
  struct Rule {
    template <class T>
    explicit Rule(const Update<T>& u)
        : has_buffer(u.buffer != nullptr),
          first(u.first),
          nesterov(u.nesterov),
          bounded(u.bounded),
          decays(u.weight_decay != 0),
          bound(u.bound),
          scale(u.scale),
          weight_decay(u.weight_decay),
          momentum(u.momentum),
          fresh(u.fresh),
          lr(u.lr) {}

    template <class T, class Load, class Store>
    void at(T* p, const T* gradient, T* buffer, Load load, Store store) const {
      L g = load(gradient);
      const L before = load(p);
      if (bounded) g = where(g > bound, bound, where(g < -bound, -bound, g));
      g = g * scale;
      if (decays) g = g + weight_decay * before;
      if (has_buffer) {
        const L b = first ? g : momentum * load(buffer) + fresh * g;
        store(b, buffer);
        g = nesterov ? g + momentum * b : b;
      }
      store(before - lr * g, p);
    }

    bool has_buffer, first, nesterov, bounded, decays;
    L bound, scale, weight_decay, momentum, fresh, lr;
  };
};

void check(const SGDOptions& o, Site site) {
  const auto refuse = [&](const char* what, double value, const char* rule) {
    throw ValueError(fmt::format("SGD: {} is {}; it must be {}", what, value, rule), site);
  };
  if (!(o.lr >= 0)) refuse("lr", o.lr, "at least 0");
  if (!(o.momentum >= 0)) refuse("momentum", o.momentum, "at least 0");
  if (!(o.weight_decay >= 0)) refuse("weight_decay", o.weight_decay, "at least 0");
  if (o.clip_norm && !(*o.clip_norm >= 0)) refuse("clip_norm", *o.clip_norm, "at least 0");
  if (o.clip_value && !(*o.clip_value >= 0)) refuse("clip_value", *o.clip_value, "at least 0");
  if (o.nesterov && o.momentum == 0) refuse("momentum", 0, "above 0 for nesterov");
  if (o.nesterov && o.dampening != 0) refuse("dampening", o.dampening, "0 for nesterov");
}

void check(const Tensor& p, Site site) {
  if (!p.is_leaf() || !is_floating(p.dtype()))
    throw GraphError(fmt::format("SGD: {} cannot be stepped; parameters are leaves of a float type",
                                 xgrad::detail::describe(p)),
                     site);
}

void check_gradient(const Tensor& p, const Tensor& g, Site site) {
  if (g.shape() != p.shape() || g.dtype() != p.dtype())
    throw ShapeError(fmt::format("SGD: the parameter is {}, its gradient {}",
                                 xgrad::detail::describe(p), xgrad::detail::describe(g)),
                     site);
}

template <class T>
Update<T> update_of(Tensor& p, const Tensor& g, Tensor& buffer, const SGDOptions& o, double scale,
                    Site site) {
  Update<T> u{};
  u.g = g.data<T>();
  u.nesterov = o.nesterov;
  u.bounded = o.clip_value.has_value();
  u.bound = static_cast<T>(o.clip_value.value_or(0));
  u.scale = static_cast<T>(o.maximize ? -scale : scale);
  u.weight_decay = static_cast<T>(o.weight_decay);
  u.momentum = static_cast<T>(o.momentum);
  u.fresh = static_cast<T>(1 - o.dampening);
  u.lr = static_cast<T>(o.lr);
  if (o.momentum != 0) {
    u.first = !buffer.defined();
    if (u.first) buffer = empty_like(p.detach());
    u.buffer = buffer.mutable_data<T>(site);
  }
  u.p = p.mutable_data<T>(site);
  return u;
}

void step_one(Tensor& p, Tensor& buffer, const SGDOptions& o, double scale, Site site) {
  const Tensor g = p.grad();
  if (!g.defined()) return;
  dispatch_floating(p.dtype(), [&]<class T>() {
    const Update<T> u = update_of<T>(p, g, buffer, o, scale, site);
    xgrad::detail::parallel_ranges(
        p.numel(), xgrad::detail::parallel_grain, [&](std::int64_t begin, std::int64_t end) {
          const FlushDenormals flush;
          const Update<T> part = u.from(begin);
          xgrad::detail::run_best<SgdStep, const Update<T>*, std::int64_t>(&part, end - begin);
        });
  });
}

}  // namespace

SGD::SGD(std::vector<Tensor> params, SGDOptions options, Site site)
    : SGD(std::vector<SGDGroup>{{std::move(params), options}}, site) {}

SGD::SGD(std::vector<SGDGroup> groups, Site site) : groups_(std::move(groups)) {
  std::vector<const xgrad::detail::Node*> seen;
  for (const SGDGroup& group : groups_) {
    check(group.options, site);
    buffers_.emplace_back(group.params.size());
    for (const Tensor& p : group.params) {
      check(p, site);
      if (std::find(seen.begin(), seen.end(), &p.node()) != seen.end())
        throw ValueError(fmt::format("SGD: {} comes twice; a parameter belongs to one group",
                                     xgrad::detail::describe(p)),
                         site);
      seen.push_back(&p.node());
    }
  }
  if (seen.empty()) throw ValueError("SGD: there are no parameters to step", site);
}

void SGD::step(Site site) {
  std::vector<Tensor> all;
  for (const SGDGroup& group : groups_) {
    check(group.options, site);
    for (const Tensor& p : group.params) {
      if (const Tensor g = p.grad(); g.defined()) check_gradient(p, g, site);
      all.push_back(p);
    }
  }
  const SGDOptions& first = groups_.front().options;
  const double scale =
      first.clip_norm
          ? detail::clip_factor(detail::total_norm(all, 2, first.clip_value), *first.clip_norm)
          : 1;
  for (std::size_t i = 0; i < groups_.size(); ++i)
    for (std::size_t k = 0; k < groups_[i].params.size(); ++k)
      step_one(groups_[i].params[k], buffers_[i][k], groups_[i].options, scale, site);
}

void SGD::zero_grad() {
  for (SGDGroup& group : groups_)
    for (Tensor& p : group.params) p.zero_grad();
}

Tensor SGD::momentum_buffer(const Tensor& parameter) const {
  for (std::size_t i = 0; i < groups_.size(); ++i)
    for (std::size_t k = 0; k < groups_[i].params.size(); ++k)
      if (&groups_[i].params[k].node() == &parameter.node()) return buffers_[i][k];
  return {};
}

}  // namespace xgrad::optim

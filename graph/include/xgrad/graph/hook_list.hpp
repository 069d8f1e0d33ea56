// hook_list.hpp: HookHandle, which owns a registered hook, and the lists of hooks.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include <xgrad/graph/op_scope.hpp>

namespace xgrad {

namespace detail {
struct RemovableHooks {
  virtual ~RemovableHooks() = default;
  virtual void remove(std::uint64_t number) noexcept = 0;
};
}  // namespace detail

/// Owns a registered hook: destroying the handle removes the hook. A handle can be moved, can
/// outlive the tensor or module, and can be owned by its own hook.
class [[nodiscard]] HookHandle {
 public:
  HookHandle() = default;
  HookHandle(HookHandle&& other) noexcept
      : list_(std::move(other.list_)), number_(std::exchange(other.number_, 0)) {}
  HookHandle& operator=(HookHandle&& other) noexcept {
    remove();
    list_ = std::move(other.list_);
    number_ = std::exchange(other.number_, 0);
    return *this;
  }
  ~HookHandle() { remove(); }
  /// Removes the hook.
  void remove() noexcept {
    const std::uint64_t number = std::exchange(number_, 0);
    if (const auto list = number == 0 ? nullptr : list_.lock()) list->remove(number);
  }
  /// Keeps the hook registered for the lifetime of the tensor or module.
  void release() noexcept { number_ = 0; }

  HookHandle(std::weak_ptr<detail::RemovableHooks> list, std::uint64_t number) noexcept
      : list_(std::move(list)), number_(number) {}

 private:
  std::weak_ptr<detail::RemovableHooks> list_;
  std::uint64_t number_ = 0;
};

namespace detail {

/// Hooks in the order of registration. Each has a number, by which its handle finds it.
template <class Signature>
class HookList : public RemovableHooks {
 public:
  using Hook = std::function<Signature>;

  bool empty() const noexcept { return hooks_.empty(); }
  // The hook is destroyed last, after the list is consistent, because it may own the handle.
  void remove(std::uint64_t number) noexcept override {
    const auto at = after(number - 1);
    if (at == hooks_.end() || at->first != number) return;
    const std::shared_ptr<Hook> hook = std::move(at->second);
    hooks_.erase(at);
  }

  static HookHandle add(std::shared_ptr<HookList>& list, Hook hook) {
    if (list == nullptr) list = std::make_shared<HookList>();
    list->hooks_.emplace_back(list->last_ + 1, std::make_shared<Hook>(std::move(hook)));
    return {list, ++list->last_};
  }
  /// Calls f(hook) for each hook that is registered now, with the OpScope suspended. A hook that is
  /// removed in the meantime is not called. A running hook stays alive until it returns.
  template <class F>
  static void for_each(std::shared_ptr<HookList> list, F&& f) {
    if (list == nullptr) return;
    const OpScopeGuard users_own;
    const std::uint64_t last = list->last_;
    for (auto at = list->hooks_.begin(); at != list->hooks_.end() && at->first <= last;) {
      const auto [number, hook] = *at;
      f(*hook);
      at = list->after(number);
    }
  }

 private:
  // The first hook with a greater number.
  auto after(std::uint64_t number) {
    return std::upper_bound(hooks_.begin(), hooks_.end(), number,
                            [](std::uint64_t n, const auto& hook) { return n < hook.first; });
  }

  std::uint64_t last_ = 0;
  std::vector<std::pair<std::uint64_t, std::shared_ptr<Hook>>> hooks_;
};

}  // namespace detail
}  // namespace xgrad

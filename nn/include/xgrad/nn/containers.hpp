// containers.hpp: ModuleList, ModuleDict and ParameterList.
#pragma once

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <type_traits>
#include <utility>

#include <xgrad/nn/module.hpp>

namespace xgrad::nn {

namespace detail {

/// Iterates over `get(entry)` of each entry.
template <auto get, class Entry>
class EntryIterator {
 public:
  using reference = decltype(get(std::declval<const Entry&>()));
  using value_type = std::remove_cvref_t<reference>;
  using difference_type = std::ptrdiff_t;

  explicit EntryIterator(const Entry* at = nullptr) : at_(at) {}
  reference operator*() const { return get(*at_); }
  EntryIterator& operator++() {
    ++at_;
    return *this;
  }
  EntryIterator operator++(int) {
    EntryIterator before = *this;
    ++at_;
    return before;
  }
  bool operator==(const EntryIterator&) const = default;

 private:
  const Entry* at_;
};

/// The AnyModule itself, or the module as an M.
template <class M>
decltype(auto) module_as(const NamedModule& entry) {
  if constexpr (std::is_same_v<M, AnyModule>)
    return static_cast<const AnyModule&>(entry.module);
  else
    return static_cast<M&>(*entry.module);
}
inline const Tensor& tensor_of(const NamedTensor& entry) { return entry.tensor; }

void check_position(const char* list, std::size_t i, std::size_t size, Site site);

}  // namespace detail

/// A list of modules of type M, named "0", "1", ... A ModuleList<> holds modules of any type. The
/// list itself cannot be called.
///
///     nn::ModuleList<Block> blocks =
///         child("blocks", nn::ModuleList<Block>(6, [] { return Block(128); }));
///     for (Block& block : blocks) x = block(x, mask);
template <class M = AnyModule>
class ModuleList : public Module {
 public:
  ModuleList() = default;
  template <class... Each>
  requires(sizeof...(Each) > 0 && (std::is_base_of_v<Module, Each> && ...) &&
           !(std::is_same_v<Each, ModuleList> || ...)) explicit ModuleList(const Each&... modules) {
    (append(modules), ...);
  }
  /// A list of n modules, each created by make().
  template <std::invocable F>
  ModuleList(std::size_t n, F make) {
    for (std::size_t i = 0; i < n; ++i) append(make());
  }

  /// Appends a module. Its type must be M, unless the list holds modules of any type.
  template <class Each>
  requires(std::is_same_v<Each, M> ||
           (std::is_same_v<M, AnyModule> &&
            std::is_base_of_v<Module, Each>)) ModuleList& append(const Each& module) {
    if constexpr (std::is_same_v<Each, AnyModule>)
      add_child(std::to_string(size()), module);
    else
      add_child(std::to_string(size()), AnyModule(module));
    return *this;
  }
  std::size_t size() const noexcept { return registered().size(); }
  decltype(auto) operator[](std::size_t i) const { return detail::module_as<M>(registered()[i]); }
  /// Module i. @throws ValueError  if i is out of range.
  decltype(auto) at(std::size_t i, Site site = {__builtin_FILE(), __builtin_LINE()}) const {
    detail::check_position("ModuleList", i, size(), site);
    return (*this)[i];
  }
  using iterator = detail::EntryIterator<&detail::module_as<M>, NamedModule>;
  iterator begin() const { return iterator(registered().data()); }
  iterator end() const { return iterator(registered().data() + size()); }
};

/// Modules of any type by name. The dictionary itself cannot be called.
///
///     nn::ModuleDict heads = child("heads", nn::ModuleDict());
///     heads.set("digit", nn::Linear(64, 10));
///     Tensor y = heads["digit"](x);
class ModuleDict : public Module {
 public:
  ModuleDict() = default;
  ModuleDict(std::initializer_list<NamedModule> modules) {
    for (const NamedModule& m : modules) add_child(m.name, m.module);
  }

  /// Adds a module. @throws ValueError  if the name is taken or invalid.
  template <class M>
  requires std::is_base_of_v<Module, M>
  void set(std::string name, const M& module) { add_child(std::move(name), AnyModule(module)); }
  std::size_t size() const noexcept { return registered().size(); }
  bool contains(const std::string& name) const;
  /// The module of that name. @throws ValueError  if there is none.
  AnyModule at(const std::string& name, Site site = {__builtin_FILE(), __builtin_LINE()}) const {
    return get_submodule(name, site);
  }
  AnyModule operator[](const std::string& name) const { return at(name, {}); }
  auto begin() const noexcept { return registered().begin(); }
  auto end() const noexcept { return registered().end(); }
};

/// A list of parameters, named "0", "1", ...
class ParameterList : public Module {
 public:
  ParameterList() = default;
  ParameterList(std::initializer_list<Tensor> values) {
    for (const Tensor& v : values) append(v);
  }

  /// Appends a leaf and makes it require a gradient.
  ParameterList& append(Tensor value, Site site = {__builtin_FILE(), __builtin_LINE()});
  std::size_t size() const noexcept { return registered_parameters().size(); }
  Tensor operator[](std::size_t i) const { return registered_parameters()[i].tensor; }
  /// Parameter i. @throws ValueError  if i is out of range.
  Tensor at(std::size_t i, Site site = {__builtin_FILE(), __builtin_LINE()}) const {
    detail::check_position("ParameterList", i, size(), site);
    return (*this)[i];
  }
  using iterator = detail::EntryIterator<&detail::tensor_of, NamedTensor>;
  iterator begin() const { return iterator(registered_parameters().data()); }
  iterator end() const { return iterator(registered_parameters().data() + size()); }
};

}  // namespace xgrad::nn

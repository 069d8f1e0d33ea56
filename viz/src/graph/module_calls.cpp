#include <xgrad/viz/module_calls.hpp>

#include <algorithm>
#include <thread>
#include <utility>

#include <xgrad/graph/hook_list.hpp>
#include <xgrad/graph/node.hpp>

namespace xgrad::viz {

struct ModuleCalls::State {
  const std::thread::id thread = std::this_thread::get_id();
  std::vector<NamedTensor> tensors;
  std::vector<Call> calls;
  std::vector<std::pair<const nn::Module*, Call>> open;
  std::vector<HookHandle> hooks;

  bool here() const { return std::this_thread::get_id() == thread; }

  void begin(const nn::Module& module, const std::string& name, const std::string& type) {
    if (here()) open.push_back({&module, {name, type, detail::newest_number() + 1, 0}});
  }
  // Calls that were left by an exception are still open; they are forgotten.
  void end(const nn::Module& module) {
    if (!here()) return;
    const auto is_this = [&](const auto& call) { return call.first == &module; };
    if (std::none_of(open.begin(), open.end(), is_this)) return;
    while (!is_this(open.back())) open.pop_back();
    Call call = std::move(open.back().second);
    open.pop_back();
    call.last = detail::newest_number();
    if (call.first <= call.last) calls.push_back(std::move(call));
  }
  void watch(const nn::NamedModule& named) {
    if (!named.module->is_layer()) return;  // runs no hooks
    const std::string name = named.name, type = named.module.type_name();
    hooks.push_back(named.module->register_forward_pre_hook(
        [this, name, type](const nn::Module& module, std::vector<Tensor>&) {
          begin(module, name, type);
        }));
    hooks.push_back(named.module->register_forward_hook(
        [this](const nn::Module& module, const std::vector<Tensor>&, std::vector<Tensor>&) {
          end(module);
        }));
  }
};

ModuleCalls::ModuleCalls(const nn::Module& model) : state_(std::make_unique<State>()) {
  state_->tensors = model.named_parameters();
  for (NamedTensor& buffer : model.named_buffers()) state_->tensors.push_back(std::move(buffer));
  for (const nn::NamedModule& named : model.named_modules()) state_->watch(named);
}
ModuleCalls::~ModuleCalls() = default;

std::vector<ModuleCalls::Call> ModuleCalls::calls() const {
  std::vector<Call> calls = state_->calls;  // in the order in which they ended: inner ones first
  std::reverse(calls.begin(), calls.end());
  std::stable_sort(calls.begin(), calls.end(),
                   [](const Call& a, const Call& b) { return a.first < b.first; });
  return calls;
}
const std::vector<NamedTensor>& ModuleCalls::tensors() const noexcept { return state_->tensors; }
void ModuleCalls::clear() { state_->calls.clear(); }

}  // namespace xgrad::viz

#include <xgrad/optim/torch_state.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <initializer_list>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/op_scope.hpp>

namespace xgrad::optim {
namespace {

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// A name in parts: "state", 3, "exp_avg".
struct Name {
  std::string_view kind, entry;
  std::size_t number = 0;
  bool is_numbered = false;

  explicit Name(std::string_view name) {
    const std::size_t dot = std::min(name.find('.'), name.size());
    kind = name.substr(0, dot);
    const std::string_view rest = name.substr(std::min(dot + 1, name.size()));
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    is_numbered = error == std::errc() && end != rest.data() + rest.size() && *end == '.';
    if (is_numbered) entry = rest.substr(static_cast<std::size_t>(end - rest.data()) + 1);
  }
};

bool is_scalar(const StateDict::Value& value) {
  const auto* const tensor = std::get_if<Tensor>(&value);
  return tensor != nullptr && tensor->dim() == 0 && is_floating(tensor->dtype());
}

double number_in(const StateDict::Value& value) {
  return std::get<Tensor>(value).detach().to(float64).item<double>();
}

/// From PyTorch's names and types to those of `Optimizer::state_dict`.
class Conversion {
 public:
  Conversion(const Optimizer& optimizer, const StateDict& theirs, Site site)
      : ours_(optimizer.state_dict()), theirs_(theirs), site_(site) {}

  StateDict run() {
    check();
    take_our_options();
    for (const auto& [name, value] : theirs_) convert(name, value);
    for (std::size_t i = 0; i < sizes_.size(); ++i)
      state_.set(fmt::format("param_groups.{}.num_params", i), sizes_[i]);
    add_missing_steps();
    return std::move(state_);
  }

 private:
  [[noreturn]] void fail(const std::string& why) const {
    throw ValueError("load_torch_state: " + why, site_);
  }

  void check() const {
    const auto name = ours_.get<std::string>("optimizer");
    if (name == "LBFGS" || !ours_.contains("param_groups.0.num_params"))
      fail(fmt::format("{} cannot load a state of PyTorch's", name));
    if (!theirs_.contains("param_groups.0.params.0"))
      fail(
          "the state has no entry 'param_groups.0.params.0'; it must be that of a PyTorch "
          "optimizer, such as load_torch(\"checkpoint.pt\").below(\"optimizer\")");
  }

  // Which stay where PyTorch has none of the name.
  void take_our_options() {
    for (const auto& [name, value] : ours_)
      if (!name.starts_with("state.") && !name.ends_with(".num_params")) state_.set(name, value);
  }

  void convert(const std::string& name, const StateDict::Value& value) {
    const Name parts(name);
    if (!parts.is_numbered)
      state_.set(name, value);  // load_state_dict refuses it by name
    else if (parts.kind == "param_groups")
      convert_option(name, parts, value);
    else
      convert_kept(name, parts, value);
  }

  void convert_option(const std::string& name, const Name& parts, const StateDict::Value& value) {
    if (parts.entry.starts_with("params."))
      count(parts.number, name, value);
    else if (parts.entry.starts_with("param_names."))
      return;  // PyTorch 2.6 and newer; the parameters are told by their numbers
    else if (parts.entry == "decoupled_weight_decay" && !ours_.contains(name))
      check_decay(value);
    else if (!is_one_of(parts.entry, {"foreach", "fused", "capturable", "differentiable"}))
      state_.set(name, is_scalar(value) ? StateDict::Value(number_in(value)) : value);
  }

  // PyTorch numbers the parameters through the groups, as `state_dict` does.
  void count(std::size_t group, const std::string& name, const StateDict::Value& value) {
    if (group >= theirs_.size() || integer_in(value) != parameters_++)
      fail(fmt::format("'{}' is {}; the parameters of PyTorch's groups are numbered from 0 on",
                       name, xgrad::detail::describe(value)));
    sizes_.resize(std::max(sizes_.size(), group + 1));
    ++sizes_[group];
  }
  static std::int64_t integer_in(const StateDict::Value& value) {
    return xgrad::detail::value_as<std::int64_t>(value).value_or(-1);
  }

  // Newer versions of PyTorch have AdamW as Adam with this option.
  void check_decay(const StateDict::Value& value) const {
    const auto name = ours_.get<std::string>("optimizer");
    const bool* const decoupled = std::get_if<bool>(&value);
    if (decoupled == nullptr || *decoupled != (name == "AdamW"))
      fail(
          fmt::format("the state's decoupled_weight_decay is {}, which {} does not have; it is "
                      "true in states of AdamW alone",
                      xgrad::detail::describe(value), name));
  }

  void convert_kept(const std::string& name, const Name& parts, const StateDict::Value& value) {
    if (parts.entry == "step")
      state_.set(name, tensor(steps_in(name, value)));
    else if (is_one_of(parts.entry, {"eta", "mu", "mu_product"}))
      state_.set(name, number_kept(value));
    else
      state_.set(name, value);
  }
  static StateDict::Value number_kept(const StateDict::Value& value) {
    if (is_scalar(value)) return tensor(number_in(value), {.dtype = float64});
    const std::optional<double> number = xgrad::detail::value_as<double>(value);
    return number ? StateDict::Value(tensor(*number, {.dtype = float64})) : value;
  }
  // An integer, or a number in a tensor of floats.
  std::int64_t steps_in(const std::string& name, const StateDict::Value& value) const {
    constexpr double most = 0x1p53;
    const double steps =
        is_scalar(value) ? number_in(value) : xgrad::detail::value_as<double>(value).value_or(-1);
    if (!(steps >= 0 && steps <= most) || std::floor(steps) != steps)
      fail(fmt::format("'{}' is {}; it must be a number from 0 to 2^53", name,
                       xgrad::detail::describe(value)));
    return static_cast<std::int64_t>(steps);
  }

  void add_missing_steps() {
    for (const auto& [name, value] : theirs_) {
      const Name parts(name);
      const std::string step = fmt::format("state.{}.step", parts.number);
      if (parts.kind == "state" && parts.is_numbered && !state_.contains(step))
        state_.set(step, tensor(std::int64_t{1}));
    }
  }

  const StateDict ours_;
  const StateDict& theirs_;
  const Site site_;
  StateDict state_;
  std::vector<std::int64_t> sizes_;  // of PyTorch's groups
  std::int64_t parameters_ = 0;      // in all of them
};

}  // namespace

void load_torch_state(Optimizer& optimizer, const StateDict& state, Site site) {
  const OpScope scope("load_torch_state", site);
  optimizer.load_state_dict(Conversion(optimizer, state, site).run(), site);
}

}  // namespace xgrad::optim

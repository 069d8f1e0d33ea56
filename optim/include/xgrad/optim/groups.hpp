// groups.hpp: parameter groups by the parameters' names.
#pragma once

#include <concepts>
#include <functional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <xgrad/graph/state_dict.hpp>
#include <xgrad/optim/optimizer.hpp>

namespace xgrad::optim {

/// Chooses parameters: by a pattern of their full names, "*.bias|*norm*", where `*` is any text,
/// `?` any character and `|` stands between alternatives; or by a function.
class ParamFilter {
 public:
  ParamFilter(const char* pattern) : ParamFilter(std::string(pattern)) {}
  ParamFilter(std::string pattern);
  template <std::predicate<const NamedTensor&> F>
  ParamFilter(F chooses) : chooses_(std::move(chooses)), text_("the function") {}

  bool operator()(const NamedTensor& parameter) const { return chooses_(parameter); }
  /// The pattern, in quotes, for messages.
  const std::string& text() const noexcept { return text_; }

 private:
  std::function<bool(const NamedTensor&)> chooses_;
  std::string text_;
};

/// Other options for some parameters.
template <class Options>
struct GroupRule {
  ParamFilter which;
  std::function<void(Options& options)> change;
};

/// For rules: `{{"*.bias|*norm*", optim::no_weight_decay}}`.
inline constexpr auto no_weight_decay = [](auto& options) { options.weight_decay = 0; };

namespace detail {
/// The parameters that no rule chooses, then those of each rule: each goes to the first.
std::vector<std::vector<Tensor>> split_parameters(const std::vector<NamedTensor>& parameters,
                                                  const std::vector<ParamFilter>& rules, Site site);
}  // namespace detail

/// Parameter groups for an optimizer: one with the options as they are, and one for each rule, with
/// the options as the rule changes them. A parameter belongs to the first rule that chooses it.
///
///     optim::AdamW optimizer(optim::groups(model.named_parameters(),
///                                          optim::AdamWOptions{.lr = 3e-4, .weight_decay = 0.1},
///                                          {{"*.bias|*norm*", optim::no_weight_decay}}));
///
/// @param rules  in which `change` is any function of the options:
///               `{{"head.*", [](auto& o) { o.lr *= 10; }}}`. `which` may be a function, too:
///               `[](const NamedTensor& p) { return p.tensor.dim() < 2; }`.
/// @return  the group of the parameters that no rule chooses comes first, if there are any.
/// @throws ValueError  if a rule has no parameters; the message lists their names.
template <class Options>
std::vector<ParamGroup<Options>> groups(
    const std::vector<NamedTensor>& parameters, const Options& options,
    const std::type_identity_t<std::vector<GroupRule<Options>>>& rules,
    Site site = {__builtin_FILE(), __builtin_LINE()}) {
  std::vector<ParamFilter> filters;
  for (const GroupRule<Options>& rule : rules) filters.push_back(rule.which);
  std::vector<std::vector<Tensor>> split = detail::split_parameters(parameters, filters, site);
  std::vector<ParamGroup<Options>> all;
  if (!split[0].empty()) all.push_back({std::move(split[0]), options});
  for (std::size_t i = 0; i < rules.size(); ++i) {
    all.push_back({std::move(split[i + 1]), options});
    rules[i].change(all.back().options);
  }
  return all;
}

}  // namespace xgrad::optim

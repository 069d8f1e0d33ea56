#include <xgrad/optim/groups.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/name_pattern.hpp>

namespace xgrad::optim {

ParamFilter::ParamFilter(std::string pattern)
    : chooses_([pattern](const NamedTensor& p) {
        return xgrad::detail::matches_pattern(p.name, pattern);
      }),
      text_("'" + pattern + "'") {}

namespace detail {
namespace {

std::string some_names(const std::vector<NamedTensor>& parameters) {
  constexpr std::size_t most = 12;
  std::string text;
  for (std::size_t i = 0; i < std::min(most, parameters.size()); ++i)
    text += (text.empty() ? "" : ", ") + parameters[i].name;
  return parameters.size() > most ? text + ", ..." : text;
}

[[noreturn]] void refuse(const std::vector<NamedTensor>& parameters, const ParamFilter& rule,
                         Site site) {
  const bool taken = std::any_of(parameters.begin(), parameters.end(), rule);
  throw ValueError(
      fmt::format("groups: {} chooses no parameter{}; the names are [{}]", rule.text(),
                  taken ? " that an earlier rule has not chosen" : "", some_names(parameters)),
      site);
}

}  // namespace

std::vector<std::vector<Tensor>> split_parameters(const std::vector<NamedTensor>& parameters,
                                                  const std::vector<ParamFilter>& rules,
                                                  Site site) {
  std::vector<std::vector<Tensor>> split(rules.size() + 1);
  for (const NamedTensor& p : parameters) {
    const auto first =
        std::find_if(rules.begin(), rules.end(), [&](const ParamFilter& rule) { return rule(p); });
    const auto number = static_cast<std::size_t>(first - rules.begin());
    split[first == rules.end() ? 0 : number + 1].push_back(p.tensor);
  }
  for (std::size_t i = 0; i < rules.size(); ++i)
    if (split[i + 1].empty()) refuse(parameters, rules[i], site);
  return split;
}

}  // namespace detail

}  // namespace xgrad::optim

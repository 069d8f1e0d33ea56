#include "differential/ours.hpp"

#include <algorithm>
#include <stdexcept>

#include "calls/call.hpp"

namespace xgrad::test {
namespace {

Array array_of(const Tensor& x) {
  const NoGrad guard;
  const Tensor all = x.detach().to(float64);
  const auto data = all.span<double>();
  return {std::vector<std::int64_t>(x.shape().begin(), x.shape().end()),
          to_string(x.dtype()),
          {data.begin(), data.end()}};
}
Tensor weights_like(const Tensor& x, std::size_t which) {
  std::vector<double> w(static_cast<std::size_t>(x.numel()));
  for (std::size_t k = 0; k < w.size(); ++k) w[k] = weight(which, k);
  return reshape(tensor(w), x.shape()).to(x.dtype());
}
std::vector<Tensor> leaves_of(const std::vector<Tensor>& tensors) {
  std::vector<Tensor> leaves;
  for (const Tensor& t : tensors) {
    const auto is_same = [&t](const Tensor& leaf) { return &leaf.node() == &t.node(); };
    if (t.requires_grad() && std::none_of(leaves.begin(), leaves.end(), is_same))
      leaves.push_back(t);
  }
  return leaves;
}
// One for each leaf; zeros where nothing came.
std::vector<Tensor> gradients(const std::vector<Tensor>& results, const std::vector<Tensor>& leaves,
                              bool create_graph) {
  std::vector<Tensor> outputs, upstream, found(leaves.size());
  for (std::size_t k = 0; k < results.size(); ++k)
    if (results[k].requires_grad()) {
      outputs.push_back(results[k]);
      upstream.push_back(weights_like(results[k], k));
    }
  if (!outputs.empty() && !leaves.empty())
    found = grad(outputs, leaves,
                 {.grad_outputs = upstream, .create_graph = create_graph, .allow_unused = true});
  for (std::size_t i = 0; i < leaves.size(); ++i)
    if (!found[i].defined()) found[i] = zeros_like(leaves[i].detach());
  return found;
}

}  // namespace

Answer our_answer(const std::string& op, const Json& told) {
  Answer answer;
  std::vector<Tensor> tensors, results, slopes;
  try {
    results = call(op, told, tensors);
    for (const Tensor& y : results) answer.values.push_back(array_of(y));
  } catch (const std::exception& e) {
    answer.refused = e.what();
    return answer;
  }
  const std::vector<Tensor> leaves = leaves_of(tensors);
  try {
    slopes = gradients(results, leaves, true);
  } catch (const std::exception& e) {
    answer.no_second = e.what();
  }
  try {
    if (!answer.no_second.empty()) slopes = gradients(results, leaves, false);
    for (const Tensor& g : slopes) answer.first.push_back(array_of(g));
  } catch (const std::exception& e) {
    answer.no_first = e.what();
  }
  if (!answer.no_second.empty()) return answer;
  try {
    for (const Tensor& g : gradients(slopes, leaves, false)) answer.second.push_back(array_of(g));
  } catch (const std::exception& e) {
    answer.no_second = e.what();
    answer.second.clear();
  }
  return answer;
}

std::string our_gradients_problem(const std::string& op, const Json& told, bool second) {
  const std::vector<Tensor> tensors = tensors_of(told), leaves = leaves_of(tensors);
  const auto of_leaves = [&](const std::vector<Tensor>& x) {
    std::vector<Tensor> all = tensors, results;
    for (Tensor& t : all)
      for (std::size_t k = 0; k < leaves.size(); ++k)
        if (&t.node() == &leaves[k].node()) t = x[k];
    for (const Tensor& y : functions().at(op).function({told.at("args"), told.at("kwargs"), all}))
      if (y.dtype() == float64) results.push_back(y);
    return results;
  };
  const GradcheckOptions options{.atol = 1e-4, .rtol = 1e-3};
  const GradcheckResult found =
      second ? gradgradcheck(of_leaves, leaves, options) : gradcheck(of_leaves, leaves, options);
  return found ? "" : found.message;
}

}  // namespace xgrad::test

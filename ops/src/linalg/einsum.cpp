#include <xgrad/ops/einsum.hpp>

#include <algorithm>
#include <map>
#include <string>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/diagonal.hpp>
#include <xgrad/ops/matmul.hpp>
#include <xgrad/ops/reduction.hpp>
#include <xgrad/ops/reshape.hpp>

namespace xgrad {
namespace {

// The axes of a tensor by their letters; those of "..." have negative numbers, the last being -1.
using Letters = std::vector<int>;
struct Term {
  Tensor value;
  Letters letters;
};

std::string label_of(int letter) { return letter < 0 ? "..." : std::string(1, char(letter)); }

[[noreturn]] void refuse(std::string_view equation, const std::string& why) {
  throw ValueError(fmt::format("einsum: '{}': {}", equation, why));
}

class Equation {
 public:
  Equation(std::string_view text, const TensorList& operands) : text_(text) {
    std::string plain;
    for (const char c : text)
      if (c != ' ') plain += c;
    const std::size_t arrow = plain.find("->");
    const std::vector<std::string> inputs = parts_of(plain.substr(0, arrow));
    if (inputs.size() != operands.size())
      refuse(text_,
             fmt::format("the equation has {} terms for {} operands; there must be one for each",
                         inputs.size(), operands.size()));
    for (std::size_t i = 0; i < inputs.size(); ++i)
      terms_.push_back({operands[i], letters_of(inputs[i], operands[i].dim(), &operands[i])});
    result_ = arrow == std::string::npos ? implied() : letters_of(plain.substr(arrow + 2), -1, {});
    check_result();
    for (Term& t : terms_) learn_sizes(t);
    for (Term& t : terms_) t = without_repeats(std::move(t));
  }

  Tensor result() {
    while (terms_.size() > 1) contract_cheapest();
    return finished(summed(terms_.front(), {0}));
  }

 private:
  static std::vector<std::string> parts_of(const std::string& inputs) {
    std::vector<std::string> parts(1);
    for (const char c : inputs)
      if (c == ',')
        parts.emplace_back();
      else
        parts.back() += c;
    return parts;
  }

  // rank: how many axes there are, -1 for the result, whose "..." has all there are.
  Letters letters_of(const std::string& part, int rank, const Tensor* operand) {
    Letters letters;
    const auto dots = static_cast<int>(std::count(part.begin(), part.end(), '.'));
    const int named = static_cast<int>(part.size()) - dots;
    const int spread = rank < 0 ? widest_ : rank - named;
    if (operand != nullptr && (spread < 0 || (dots == 0 && spread != 0)))
      refuse(text_, fmt::format("the term '{}' does not match {}; it must have one letter for each "
                                "dim, or '...' for the others",
                                part, detail::describe(*operand)));
    for (std::size_t i = 0; i < part.size(); ++i) {
      if (part[i] == '.') {
        if (part.compare(i, 3, "...") != 0 || dots != 3)
          refuse(text_, "dots must form one ellipsis ('...') in a term");
        for (int k = spread; k > 0; --k) letters.push_back(-k);
        i += 2;
      } else if (!std::isalpha(static_cast<unsigned char>(part[i]))) {
        refuse(text_, fmt::format("'{}' is not a letter; dims are named by the letters a-z and A-Z",
                                  part[i]));
      } else {
        letters.push_back(part[i]);
      }
    }
    if (dots > 0) widest_ = std::max(widest_, spread);
    return letters;
  }

  // The letters that come once, in order, behind the axes of "...".
  Letters implied() const {
    std::map<int, int> times;
    for (const Term& t : terms_)
      for (const int l : t.letters) ++times[l];
    Letters letters;
    for (int k = widest_; k > 0; --k) letters.push_back(-k);
    for (const auto& [letter, n] : times)
      if (letter > 0 && n == 1) letters.push_back(letter);
    return letters;
  }
  void check_result() const {
    for (std::size_t i = 0; i < result_.size(); ++i) {
      const int l = result_[i];
      const bool known = std::any_of(terms_.begin(), terms_.end(), [l](const Term& t) {
        return std::find(t.letters.begin(), t.letters.end(), l) != t.letters.end();
      });
      if (!known ||
          std::find(result_.begin() + std::ptrdiff_t(i) + 1, result_.end(), l) != result_.end())
        refuse(text_,
               fmt::format("'{}' in the output must appear in a term, and only once in the output",
                           label_of(l)));
    }
  }

  // Sizes of 1 broadcast.
  void learn_sizes(const Term& t) {
    for (std::size_t i = 0; i < t.letters.size(); ++i) {
      const std::int64_t n = t.value.size(static_cast<int>(i));
      std::int64_t& known = sizes_.try_emplace(t.letters[i], n).first->second;
      if (known == 1) known = n;
      if (n != known && n != 1)
        throw ShapeError(fmt::format(
            "einsum: '{}': '{}' has size {} in {}, and {} elsewhere; the sizes must be equal or 1",
            text_, label_of(t.letters[i]), n, detail::describe(t.value), known));
    }
  }

  Term without_repeats(Term t) const {
    for (std::size_t i = 0; i < t.letters.size(); ++i)
      for (std::size_t k = i + 1; k < t.letters.size();) {
        if (t.letters[i] != t.letters[k]) {
          ++k;
          continue;
        }
        t.value = diagonal(t.value, 0, static_cast<int>(i), static_cast<int>(k));
        const int letter = t.letters[i];
        t.letters.erase(t.letters.begin() + std::ptrdiff_t(k));
        t.letters.erase(t.letters.begin() + std::ptrdiff_t(i));
        t.letters.push_back(letter);
        k = i + 1;
      }
    return t;
  }

  bool is_needed(int letter, const std::vector<std::size_t>& except) const {
    if (std::find(result_.begin(), result_.end(), letter) != result_.end()) return true;
    for (std::size_t i = 0; i < terms_.size(); ++i)
      if (std::find(except.begin(), except.end(), i) == except.end() &&
          std::find(terms_[i].letters.begin(), terms_[i].letters.end(), letter) !=
              terms_[i].letters.end())
        return true;
    return false;
  }

  // The cost of a pair's product, and what it leaves.
  double cost_of(std::size_t a, std::size_t b) const {
    double cost = 1;
    Letters all = terms_[a].letters;
    for (const int l : terms_[b].letters)
      if (std::find(all.begin(), all.end(), l) == all.end()) all.push_back(l);
    for (const int l : all) cost *= static_cast<double>(sizes_.at(l));
    return cost;
  }

  void contract_cheapest() {
    std::size_t best_a = 0, best_b = 1;
    for (std::size_t a = 0; a < terms_.size(); ++a)
      for (std::size_t b = a + 1; b < terms_.size(); ++b)
        if (cost_of(a, b) < cost_of(best_a, best_b)) best_a = a, best_b = b;
    Term product = contracted(best_a, best_b);
    terms_[best_a] = std::move(product);
    terms_.erase(terms_.begin() + std::ptrdiff_t(best_b));
  }

  static bool has(const Letters& letters, int l) {
    return std::find(letters.begin(), letters.end(), l) != letters.end();
  }
  // Without the axes that nobody else has.
  Term summed(const Term& t, const std::vector<std::size_t>& except,
              const Letters& beside = {}) const {
    std::vector<int> over;
    Letters kept;
    for (std::size_t i = 0; i < t.letters.size(); ++i)
      if (is_needed(t.letters[i], except) || has(beside, t.letters[i]))
        kept.push_back(t.letters[i]);
      else
        over.push_back(static_cast<int>(i));
    return over.empty() ? t : Term{sum(t.value, over), kept};
  }
  // The axes in the order of some letters, each group of them made one.
  Tensor grouped(const Term& t, const std::vector<Letters>& groups) const {
    std::vector<int> order;
    Shape shape = t.value.shape();
    std::vector<std::int64_t> full, sizes;
    for (const Letters& group : groups) {
      std::int64_t n = 1;
      for (const int l : group) {
        const auto i = std::find(t.letters.begin(), t.letters.end(), l) - t.letters.begin();
        order.push_back(static_cast<int>(i));
        full.push_back(sizes_.at(l));
        n *= sizes_.at(l);
      }
      sizes.push_back(n);
    }
    return reshape(expand(permute(t.value, order), full), sizes);
  }

  // Shared axes that stay are a batch, shared ones that go are summed by matmul.
  Term contracted(std::size_t ia, std::size_t ib) const {
    const std::vector<std::size_t> both{ia, ib};
    const Term a = summed(terms_[ia], both, terms_[ib].letters),
               b = summed(terms_[ib], both, terms_[ia].letters);
    Letters batch, rows, columns, over;
    for (const int l : a.letters)
      (!has(b.letters, l) ? rows : is_needed(l, both) ? batch : over).push_back(l);
    for (const int l : b.letters)
      if (!has(a.letters, l)) columns.push_back(l);
    const Tensor product =
        matmul(grouped(a, {batch, rows, over}), grouped(b, {batch, over, columns}));
    Letters letters = batch;
    letters.insert(letters.end(), rows.begin(), rows.end());
    letters.insert(letters.end(), columns.begin(), columns.end());
    std::vector<std::int64_t> sizes;
    for (const int l : letters) sizes.push_back(sizes_.at(l));
    return {reshape(product, sizes), letters};
  }

  Tensor finished(const Term& t) const {
    std::vector<int> order;
    for (const int l : result_)
      order.push_back(
          static_cast<int>(std::find(t.letters.begin(), t.letters.end(), l) - t.letters.begin()));
    return permute(t.value, order);
  }

  const std::string_view text_;
  int widest_ = 0;  // axes of the longest "..."
  std::vector<Term> terms_;
  Letters result_;
  std::map<int, std::int64_t> sizes_;
};

}  // namespace

Tensor einsum(std::string_view equation, const TensorList& operands, Site site) {
  const OpScope scope("einsum", site);
  if (operands.empty()) refuse(equation, "there are no operands; there must be at least one");
  return Equation(equation, operands).result();
}

}  // namespace xgrad

#include "calls/draw.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <numeric>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "calls/spoil.hpp"

namespace xgrad::test {

std::uint64_t Choices::below(std::uint64_t count) {
  if (!replays_) return made_.emplace_back(random_() % count);
  if (next_ < made_.size()) return std::min(made_[next_++], count - 1);
  return 0;
}

namespace {

using Sizes = std::vector<std::int64_t>;
using Text = std::string_view;

// At separators outside of brackets.
std::vector<Text> split(Text text, char separator) {
  std::vector<Text> parts;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i == text.size() || (text[i] == separator && depth == 0)) {
      if (i > begin) parts.push_back(text.substr(begin, i - begin));
      begin = i + 1;
    } else if (Text("([{").find(text[i]) != Text::npos) {
      ++depth;
    } else if (Text(")]}").find(text[i]) != Text::npos) {
      --depth;
    }
  }
  return parts;
}
std::vector<Text> split_at(Text text, Text separator) {
  std::vector<Text> parts;
  for (std::size_t at; (at = text.find(separator)) != Text::npos;
       text.remove_prefix(at + separator.size()))
    parts.push_back(text.substr(0, at));
  parts.push_back(text);
  return parts;
}
// What is between the first of open and the last of close; empty if there is none.
Text between(Text text, char open, char close) {
  const std::size_t from = text.find(open), to = text.rfind(close);
  return from == Text::npos || to == Text::npos ? Text() : text.substr(from + 1, to - from - 1);
}
bool starts_with(Text text, Text begin) { return text.substr(0, begin.size()) == begin; }
std::int64_t count_of(const Sizes& sizes) {
  return std::accumulate(sizes.begin(), sizes.end(), std::int64_t{1}, std::multiplies<>());
}
double rounded(double x, double digits = 1e4) { return std::round(x * digits) / digits; }

// One call: what its arguments have said so far of sizes.
class Draw {
 public:
  explicit Draw(Choices& choices) : choices_(choices) {}

  Json call(Text signature) {
    const std::vector<Text> parts = split_at(one_of(split_at(signature, " // ")), "|");
    for (const Text kind : split(parts[0], ' ')) draw_positional(kind);
    if (parts.size() > 1)
      for (const Text option : split(parts[1], ' ')) draw_option(option);
    return {{"args", arguments_}, {"kwargs", options_}};
  }

 private:
  template <class T>
  T one_of(const std::vector<T>& all) {
    return all[choices_.below(all.size())];
  }
  std::int64_t between_ints(std::int64_t low, std::int64_t high) {
    return high <= low ? low
                       : low + static_cast<std::int64_t>(
                                   choices_.below(static_cast<std::uint64_t>(high - low + 1)));
  }

  void draw_positional(Text kind) {
    if (kind == "einsum") return draw_einsum();
    if (kind == "fold2") return draw_fold();
    const bool repeated = kind.size() > 3 && kind.substr(kind.size() - 3) == "...";
    if (repeated) kind.remove_suffix(3);
    const auto count = repeated ? between_ints(1, 3) : 1;
    for (std::int64_t k = 0; k < count; ++k) arguments_.push_back(value(kind));
  }
  void draw_option(Text option) {
    const std::size_t equals = option.find('=');
    const bool always = option[equals - 1] == '!';
    const Text kind = option.substr(equals + 1);
    if (!always && choices_.below(2) == 0) return;
    options_[std::string(option.substr(0, equals - (always ? 1 : 0)))] = value(kind);
  }

  Json value(Text kinds) {
    const std::vector<Text> all = split(kinds, '/');
    const std::size_t chosen = choices_.below(all.size());
    Text kind = all[chosen];
    if (kind.front() != '[') return value_of(std::string(kind));
    std::size_t named = chosen;  // the axes alone: the class is that of a kind before
    while (all[named].front() == '[') --named;
    return value_of(std::string(all[named].substr(0, all[named].find('['))) + std::string(kind));
  }

  Json value_of(const std::string& kind) {
    if (kind.front() == '{') return word(between(kind, '{', '}'));
    if (kind.back() == ']') return tensor(kind);
    const Text inner = between(kind, '(', ')');
    const Text name = Text(kind).substr(0, kind.find('('));
    if (name == "list") return list(inner);
    if (name == "int") return integer(inner);
    if (name == "real") return real(inner);
    if (name == "bool") return choices_.below(2) == 1;
    if (name == "none") return nullptr;
    if (name == "num") return number();
    if (name == "at") return at(inner);
    if (name == "rank") return group(inner).size();
    if (name == "size") return evaluate(inner);
    if (name == "sizes") return group(inner);
    if (starts_with(name, "dim") || name == "permutation") return dims(name);
    if (starts_with(name, "ints")) return ints(name.substr(4), inner);
    if (starts_with(name, "each")) return each(name.back() - '0', inner);
    if (starts_with(name, "size")) return kept_sizes(name.back() - '0', inner);
    if (starts_with(name, "scales")) return scales(name.back() - '0', inner);
    if (name == "parts") return parts(evaluate(inner));
    if (name == "margins") return margins(inner);
    if (name == "broadened") return broadened();
    if (name == "reshaped") return reshaped();
    if (name == "repeats") return repeats();
    if (name == "indices" || name == "places") return indices(name == "places");
    throw std::logic_error("there is no kind " + kind);
  }

  // Sizes.

  std::int64_t some_size() {
    constexpr std::int64_t sizes[] = {1, 2, 3, 2, 3, 4, 5, 7};
    return choices_.one_in(14) ? 0 : sizes[choices_.below(8)];
  }
  std::int64_t size(const std::string& name) {
    const auto known = sizes_.find(name);
    return known != sizes_.end() ? known->second : sizes_[name] = some_size();
  }
  std::int64_t evaluate(Text sum) {
    std::int64_t total = 0, sign = 1;
    while (!sum.empty()) {
      if (sum[0] == '-' || sum[0] == '+') {
        sign = sum[0] == '-' ? -1 : 1;
        sum.remove_prefix(1);
      }
      const std::size_t end = std::min(sum.find_first_of("+-"), sum.size());
      std::int64_t product = sign;
      for (const Text factor : split(sum.substr(0, end), '*'))
        product *=
            std::isdigit(factor[0]) ? std::stoll(std::string(factor)) : size(std::string(factor));
      total += product;
      sum.remove_prefix(end);
    }
    return total;
  }
  std::pair<std::int64_t, std::int64_t> bounds(Text range) {
    const std::vector<Text> ends = split_at(range, "..");
    return {evaluate(ends[0]), evaluate(ends[1])};
  }

  const Sizes& group(Text name, bool alone = false) {
    const auto known = groups_.find(std::string(name));
    if (known != groups_.end()) return known->second;
    return groups_[std::string(name)] = some_axes(alone);
  }
  Sizes some_axes(bool alone) {
    static const std::vector<int> many{1, 2, 0, 3, 2, 4, 1, 5}, few{0, 1, 2, 0, 1, 0, 1, 3};
    Sizes axes(static_cast<std::size_t>(one_of(alone ? many : few)));
    std::int64_t elements = 1;
    for (std::int64_t& n : axes) {
      n = some_size();
      if (elements * n > 80) n = 1;
      elements *= n;
    }
    return axes;
  }
  Sizes for_broadcasting(Sizes shape) {
    while (!shape.empty() && choices_.one_in(6)) shape.erase(shape.begin());
    for (std::int64_t& n : shape)
      if (choices_.one_in(6)) n = 1;
    return shape;
  }
  Sizes up_to(Sizes shape) {
    for (std::int64_t& n : shape)
      if (choices_.one_in(3)) n = between_ints(0, n);
    return shape;
  }
  Sizes same_or_larger(const Json& argument) {
    if (!is_tensor(argument)) return {};
    Sizes shape = argument.at("shape").get<Sizes>();
    for (std::int64_t& n : shape) n += choices_.one_in(6);
    return shape;
  }

  Sizes axis(Text name, bool alone) {
    if (name.back() == '?') {
      name.remove_suffix(1);
      const auto known = there_.find(std::string(name));
      const bool shared = std::isupper(name[0]) != 0;
      const bool is = shared && known != there_.end() ? known->second : choices_.below(4) != 3;
      if (shared) there_[std::string(name)] = is;
      return is ? axis(name, alone) : Sizes();
    }
    if (name == "*") return some_axes(alone);
    if (name[0] == '*') return group(name.substr(1), alone);
    if (starts_with(name, "~*")) return for_broadcasting(group(name.substr(2), alone));
    if (starts_with(name, "-*")) return up_to(group(name.substr(2), alone));
    if (name[0] == '-') return {between_ints(0, evaluate(name.substr(1)))};
    if (name[0] == '=')
      return same_or_larger(arguments_.at(static_cast<std::size_t>(name[1] - '0')));
    if (std::islower(name[0])) return {some_size()};
    if (name.back() != ')') return {std::max<std::int64_t>(evaluate(name), 0)};
    const std::string variable(name.substr(0, name.find('(')));
    if (sizes_.count(variable) == 0) {
      const auto [low, high] = bounds(between(name, '(', ')'));
      sizes_[variable] = between_ints(low, high);
    }
    return {sizes_[variable]};
  }
  Sizes shape_of(Text axes) {
    const std::vector<Text> names = split(axes, ',');
    Sizes shape;
    for (const Text name : names)
      for (const std::int64_t n : axis(name, names.size() == 1)) shape.push_back(n);
    return shape;
  }

  // Tensors.

  Json tensor(const std::string& kind) {
    const std::size_t bracket = kind.rfind('[');
    const std::string head = kind.substr(0, bracket);
    const std::string name = head.substr(0, head.find_first_of("(~"));
    Sizes shape = shape_of(between(kind.substr(bracket), '[', ']'));
    if (head.back() == '~') shape = for_broadcasting(shape);
    Json t{{"shape", shape}, {"dtype", dtype(name)}};
    if (name == "distinct")
      t["data"] = distinct(shape, evaluate(between(head, '(', ')')));
    else
      t["data"] = elements(name, between(head, '(', ')'), shape, t["dtype"]);
    const bool is_float = starts_with(t["dtype"].get<std::string>(), "float");
    const bool constant = name == "w" || name == "signs";
    if (is_float && !choices_.one_in(8) && !constant) t["requires_grad"] = true;
    if (!first_) first_ = shape;
    return t;
  }
  std::string dtype(const std::string& name) {
    if (name == "i" || name == "distinct") return "int64";
    if (name == "b") return "bool";
    const std::uint64_t way = choices_.below(name == "x" ? 16 : 48);
    const std::uint64_t from = name == "x" ? 12 : 45;
    return way < from        ? "float64"
           : way == from + 1 ? "bool"
           : way == from + 2 ? "float32"
                             : "int64";
  }
  // Small numbers, told by few digits; in order and apart for the simplest choice.
  std::vector<double> numbers(std::int64_t count, double low, double high, bool whole) {
    const std::uint64_t seed = choices_.below(std::uint64_t{1} << 20);
    std::mt19937_64 random(seed);
    std::vector<double> all(static_cast<std::size_t>(count));
    for (std::size_t k = 0; k < all.size(); ++k) {
      const double part = seed == 0 ? (static_cast<double>((k * 7 + 9) % 17) + 0.37) / 17
                                    : static_cast<double>(random() >> 11) * 0x1p-53;
      all[k] = whole ? std::min(std::ceil(low) +
                                    std::floor(part * (std::floor(high) - std::ceil(low) + 1)),
                                std::floor(high))
                     : rounded(low + (high - low) * part);
    }
    return all;
  }
  Json elements(const std::string& name, Text range, const Sizes& shape, const std::string& dtype) {
    double low = -3, high = 3;
    if (!range.empty() &&
        (name == "i" || range.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != Text::npos)) {
      const auto [first, last] = bounds(range);
      low = static_cast<double>(first), high = static_cast<double>(std::max(first, last));
    } else if (!range.empty()) {
      const std::vector<Text> ends = split_at(range, "..");
      low = std::stod(std::string(ends[0])), high = std::stod(std::string(ends[1]));
    }
    std::vector<double> all = numbers(count_of(shape), low, high, dtype == "int64");
    shape_elements(name, shape, all);
    Json data = Json::array();
    for (const double x : all) {
      if (dtype == "bool")
        data.push_back(x > (low + high) / 2);
      else if (dtype == "int64")
        data.push_back(static_cast<std::int64_t>(x));
      else
        data.push_back(x);
    }
    return data;
  }
  // What matrices, log-probabilities and signs are.
  static void shape_elements(const std::string& name, const Sizes& shape, std::vector<double>& x) {
    if (name == "signs")
      for (double& each : x) each = each < 0 ? -1 : 1;
    if (shape.empty() || shape.back() == 0 || x.empty()) return;
    const auto columns = static_cast<std::size_t>(shape.back());
    const std::size_t rows =
        shape.size() < 2 ? 1 : static_cast<std::size_t>(shape[shape.size() - 2]);
    for (std::size_t from = 0; from < x.size(); from += rows * columns) {
      double* const m = x.data() + from;
      if (name == "normalized") normalize_rows(m, rows, columns);
      if (rows != columns) continue;
      if (name == "symmetric" || name == "definite") mirror(m, rows, name == "definite");
      if (name == "dominant")
        for (std::size_t i = 0; i < rows; ++i)
          m[i * rows + i] += std::copysign(static_cast<double>(3 * rows), m[i * rows + i]);
    }
  }
  static void normalize_rows(double* m, std::size_t rows, std::size_t columns) {
    for (std::size_t i = 0; i < rows; ++i, m += columns) {
      double sum = 0;
      for (std::size_t j = 0; j < columns; ++j) sum += std::exp(m[j]);
      for (std::size_t j = 0; j < columns; ++j) m[j] = rounded(m[j] - std::log(sum), 1e8);
    }
  }
  static void mirror(double* m, std::size_t n, bool definite) {
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < i; ++j) m[j * n + i] = m[i * n + j];
      if (definite) m[i * n + i] = std::abs(m[i * n + i]) + 3.0 * static_cast<double>(n);
    }
  }
  // Different numbers below n along the axis behind *A.
  Json distinct(const Sizes& shape, std::int64_t n) {
    const std::size_t axis = groups_.count("A") != 0 ? groups_["A"].size() : 0;
    const std::uint64_t seed = choices_.below(std::uint64_t{1} << 20);
    std::mt19937_64 random(seed);
    const std::int64_t length = axis < shape.size() ? shape[axis] : 1;
    const std::int64_t inner =
        axis < shape.size()
            ? count_of(Sizes(shape.begin() + static_cast<std::ptrdiff_t>(axis) + 1, shape.end()))
            : 1;
    std::vector<std::int64_t> all(static_cast<std::size_t>(count_of(shape)));
    Sizes order(static_cast<std::size_t>(std::max(n, length)));
    std::iota(order.begin(), order.end(), 0);
    for (std::size_t lane = 0; length > 0 && lane < all.size() / static_cast<std::size_t>(length);
         ++lane) {
      if (seed != 0) std::shuffle(order.begin(), order.begin() + n, random);
      const auto row = static_cast<std::int64_t>(lane) / inner,
                 column = static_cast<std::int64_t>(lane) % inner;
      for (std::int64_t k = 0; k < length; ++k)
        all[static_cast<std::size_t>((row * length + k) * inner + column)] =
            order[static_cast<std::size_t>(k)];
    }
    return all;
  }

  // Numbers and words.

  Json integer(Text range) {
    const auto [low, high] = bounds(range);
    return between_ints(low, high);
  }
  Json real(Text range) {
    const std::vector<Text> ends = split_at(range, "..");
    const double low = std::stod(std::string(ends[0])), high = std::stod(std::string(ends[1]));
    const std::uint64_t part = choices_.below(65);
    return part == 1 ? low
           : part == 2
               ? high
               : rounded(low + (high - low) * (part == 0 ? 32.0 : static_cast<double>(part)) / 64,
                         1e6);
  }
  Json number() {
    static const std::vector<Json> all{1, 2, 0, -1, 0.5, -1.5, 3, 2.25, 0.0, -2, 0.3, 1.0};
    return one_of(all);
  }
  Json word(Text words) {
    const std::string chosen(one_of(split(words, ',')));
    const Json parsed = Json::parse(chosen, nullptr, false);
    return parsed.is_discarded() ? Json(chosen) : parsed;
  }
  Json list(Text kinds) {
    const std::vector<Text> each = split(kinds, ',');
    const bool named = kinds.find(',') != Text::npos && (each.size() > 1 || kinds.back() == ',');
    Json all = Json::array();
    const auto count = named ? static_cast<std::int64_t>(each.size()) : between_ints(1, 3);
    for (std::int64_t k = 0; k < count; ++k)
      all.push_back(value(named ? each[static_cast<std::size_t>(k)] : kinds));
    return all;
  }
  Json ints(Text count, Text range) {
    const std::int64_t n = count.empty() ? between_ints(0, 3) : std::stoll(std::string(count));
    Json all = Json::array();
    for (std::int64_t k = 0; k < n; ++k) all.push_back(integer(range));
    return all;
  }
  Json each(int n, Text range) {
    if (choices_.below(2) == 0) return integer(range);
    return ints(std::to_string(n), range);
  }
  Json kept_sizes(int n, Text range) {
    Json all = each(n, range);
    if (all.is_array() && n > 1 && choices_.one_in(4))
      all[choices_.below(static_cast<std::uint64_t>(n))] = nullptr;
    return all;
  }
  Json scales(int n, Text range) {
    if (choices_.below(2) == 0) return real(range);
    Json all = Json::array();
    for (int k = 0; k < n; ++k) all.push_back(real(range));
    return all;
  }
  Json parts(std::int64_t n) {
    Json all = Json::array();
    while (n > 0 && all.size() < 3 && choices_.below(3) != 0) {
      all.push_back(between_ints(0, n));
      n -= all.back().get<std::int64_t>();
    }
    all.push_back(n);
    return all;
  }
  Json margins(Text range) {
    Json all = Json::array();
    for (std::int64_t k = between_ints(0, rank()); k > 0; --k) {
      all.push_back(integer(range));
      all.push_back(integer(range));
    }
    return all;
  }

  // Axes.

  std::int64_t rank() const { return first_ ? static_cast<std::int64_t>(first_->size()) : 0; }
  std::int64_t counted(std::int64_t axis, std::int64_t of) {  // from either end
    return choices_.below(3) == 2 ? axis - of : axis;
  }
  Json at(Text name) {
    return counted(static_cast<std::int64_t>(group(name).size()),
                   std::max<std::int64_t>(rank(), 1));
  }
  Json dims(Text name) {
    const std::int64_t r = std::max<std::int64_t>(name == "dim+1" ? rank() + 1 : rank(), 1);
    if (name == "dim" || name == "dim+1") return counted(between_ints(0, r - 1), r);
    if (name == "dims" && choices_.below(2) == 0) return counted(between_ints(0, r - 1), r);
    Sizes all(static_cast<std::size_t>(rank()));
    std::iota(all.begin(), all.end(), 0);
    for (std::size_t k = 0; k < all.size(); ++k)  // 0 leaves the order as it is
      std::swap(all[k], all[k + choices_.below(all.size() - k)]);
    std::size_t count = all.size();
    if (name == "dimpair") count = std::min<std::size_t>(count, 2);
    if (name == "dims" || name == "dimlist") count = choices_.below(all.size() + 1);
    all.resize(count);
    for (std::int64_t& d : all) d = counted(d, r);
    return all;
  }

  // What a shape asks for.

  Json broadened() {
    Sizes target = *first_;
    for (std::int64_t& n : target)
      n = n == 1 ? std::max<std::int64_t>(1, some_size()) : choices_.one_in(3) ? -1 : n;
    for (std::int64_t k = between_ints(0, 2); k > 0; --k)
      target.insert(target.begin(), some_size());
    return target;
  }
  Json reshaped() {
    std::int64_t left = count_of(*first_);
    Sizes target;
    for (std::int64_t k = between_ints(0, 3); k > 0; --k) {
      const std::int64_t n = left == 0 ? some_size() : one_of(Sizes{1, 2, 3, 4, 5});
      if (left != 0 && left % n != 0) continue;
      target.push_back(n);
      if (left != 0) left /= n;
    }
    if (left != 1 || choices_.one_in(4)) target.push_back(choices_.one_in(3) ? -1 : left);
    return target;
  }
  Json repeats() {
    Sizes all(first_->size() + static_cast<std::size_t>(between_ints(0, 1)));
    for (std::int64_t& n : all) n = one_of(Sizes{1, 2, 3, 0, 1, 2});
    return all;
  }
  Json indices(bool once) {
    Json all = Json::array();
    const Sizes shape = *first_;
    const std::int64_t length = between_ints(1, 3);
    bool has_ellipsis = false;
    for (std::size_t axis = 0; axis < shape.size();) {
      const std::int64_t n = shape[axis];
      switch (choices_.below(8)) {
        case 0:
          return all;
        case 1:
        case 2:
          all.push_back(slice(n));
          ++axis;
          break;
        case 3:
          all.push_back(nullptr);
          break;
        case 4:
          if (!has_ellipsis) {
            all.push_back({{"ellipsis", true}});
            axis += choices_.below(shape.size() - axis + 1);
          }
          has_ellipsis = true;
          break;
        case 5:
          all.push_back(index_tensor(n, length, once));
          ++axis;
          break;
        case 6:
          all.push_back(elements_of_mask(n));
          ++axis;
          break;
        default:
          all.push_back(between_ints(-n, n - 1));
          ++axis;
      }
    }
    return all;
  }
  Json slice(std::int64_t n) {
    Json ends = Json::array({nullptr, nullptr, nullptr});
    for (int k = 0; k < 2; ++k)
      if (choices_.below(2) == 1) ends[static_cast<std::size_t>(k)] = between_ints(-n - 1, n + 1);
    if (choices_.one_in(3)) ends[2] = between_ints(1, 3);
    return {{"slice", ends}};
  }
  Json index_tensor(std::int64_t n, std::int64_t length, bool once) {
    if (once) {
      length = std::min(length, n);
      Sizes all(static_cast<std::size_t>(length));
      std::iota(all.begin(), all.end(), n - length);
      return {{"shape", {length}}, {"dtype", "int64"}, {"data", all}};
    }
    const Sizes shape = one_of(std::vector<Sizes>{{length}, {}, {2, length}, {length, 1}});
    Json t{{"shape", shape}, {"dtype", "int64"}, {"data", Json::array()}};
    for (std::int64_t k = count_of(shape); k > 0; --k) t["data"].push_back(between_ints(-n, n - 1));
    return t;
  }
  Json elements_of_mask(std::int64_t n) {
    Json t{{"shape", {n}}, {"dtype", "bool"}, {"data", Json::array()}};
    for (std::int64_t k = 0; k < n; ++k) t["data"].push_back(choices_.below(2) == 0);
    return t;
  }

  // Whole calls.

  void draw_einsum() {
    const std::string letters = "ijklm";
    const bool dots = choices_.one_in(6), implicit = choices_.one_in(4);
    std::string equation, used;
    Json operands = Json::array();
    for (std::int64_t k = between_ints(1, 3); k > 0; --k) {
      std::string own;
      Sizes shape = dots ? for_broadcasting(group("dots")) : Sizes();
      for (std::int64_t axes = between_ints(dots ? 0 : 1, 3); axes > 0; --axes) {
        const char letter = letters[choices_.below(letters.size())];
        if (own.find(letter) != std::string::npos && !choices_.one_in(4)) continue;
        own += letter;
        shape.push_back(size(std::string(1, static_cast<char>(std::toupper(letter)))));
        if (used.find(letter) == std::string::npos) used += letter;
      }
      equation += fmt::format("{}{}{}", equation.empty() ? "" : ",", dots ? "..." : "", own);
      operands.push_back(tensor_of("f", shape));
    }
    if (!implicit) {
      equation += dots ? "->..." : "->";
      for (std::size_t k = used.size(); k > 0; --k) std::swap(used[k - 1], used[choices_.below(k)]);
      for (const char letter : used)
        if (choices_.below(3) != 0) equation += letter;
    }
    arguments_ = {equation, operands};
  }
  Json tensor_of(const std::string& name, const Sizes& shape) {
    return tensor(fmt::format("{}[{}]", name, fmt::join(shape, ",")));
  }
  void draw_fold() {
    std::int64_t kernel[2], output[2], blocks = 1;
    std::map<std::string, std::int64_t> options;
    for (const auto& [name, low] : {std::pair{"dilation", 1}, {"padding", 0}, {"stride", 1}}) {
      options[name] = low;
      if (choices_.below(2) == 1) options_[name] = options[name] = between_ints(low, low + 1);
    }
    for (int k = 0; k < 2; ++k) {
      kernel[k] = between_ints(1, 3), output[k] = between_ints(3, 6);
      blocks *= (output[k] + 2 * options["padding"] - options["dilation"] * (kernel[k] - 1) - 1) /
                    options["stride"] +
                1;
    }
    Sizes shape{size("C") * kernel[0] * kernel[1], std::max<std::int64_t>(blocks, 0)};
    if (choices_.below(4) != 3) shape.insert(shape.begin(), size("N"));
    arguments_ = {tensor_of("f", shape), {output[0], output[1]}, {kernel[0], kernel[1]}};
  }

  Choices& choices_;
  std::map<std::string, std::int64_t> sizes_;
  std::map<std::string, Sizes> groups_;
  std::map<std::string, bool> there_;
  std::optional<Sizes> first_;
  Json arguments_ = Json::array(), options_ = Json::object();
};

}  // namespace

Json draw_call(std::string_view signature, Choices& choices) {
  Json call = Draw(choices).call(signature);
  spoil(call, choices);
  return call;
}

}  // namespace xgrad::test

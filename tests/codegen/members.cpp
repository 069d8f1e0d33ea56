#include "members.hpp"

#include <algorithm>
#include <fstream>
#include <ostream>
#include <regex>
#include <sstream>
#include <stdexcept>

#include "declarations.hpp"
#include "text.hpp"

namespace xgrad::codegen {
namespace {

// In these, a temporary may give its memory to the result, so members of it are their own.
bool reuses_temporaries(const std::string& header) {
  return header == "arithmetic.hpp" || header == "elementwise.hpp" || header == "activation.hpp" ||
         header == "special.hpp" || header == "formulas.hpp" || header == "aliases.hpp";
}

bool is_tensor(const Parameter& p) { return p.type == "Operand" || p.type == "const Tensor&"; }

// Types that graph does not know in full, so that they have no default there.
bool is_incomplete(const Parameter& p) { return is_tensor(p) || p.type == "Slice"; }

// Functions of the same name for images have other arguments, which members do not take.
bool is_known(const Parameter& p) {
  static const std::set<std::string> known{"Dim",
                                           "Flag",
                                           "Count",
                                           "Slice",
                                           "int",
                                           "double",
                                           "bool",
                                           "std::int64_t",
                                           "std::string_view",
                                           "Generator*",
                                           "const Dims&",
                                           "const Shape&",
                                           "const std::vector<int>&",
                                           "const std::vector<std::int64_t>&",
                                           "const std::vector<Index>&",
                                           "std::optional<Dim>",
                                           "std::optional<double>",
                                           "std::optional<std::int64_t>"};
  return is_tensor(p) || known.count(p.type) != 0;
}

// Which argument the tensor is.
std::size_t self_of(const std::string& name) { return name == "where" || name == "polygamma"; }

std::vector<Parameter> others(const Declaration& d) {
  std::vector<Parameter> rest = d.parameters;
  rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(self_of(d.name)));
  return rest;
}

// The parameters of each overload: one without what has a default that graph cannot write, and one
// with each such argument.
std::vector<std::vector<Parameter>> overloads(const Declaration& d) {
  std::vector<std::vector<Parameter>> all;
  std::vector<Parameter> taken;
  for (const Parameter& p : others(d)) {
    if (is_incomplete(p) && !p.value.empty()) {
      all.push_back(taken);
      for (Parameter& before : taken) before.value.clear();
      taken.push_back({p.type, p.name, ""});
    } else {
      taken.push_back(p);
    }
  }
  all.push_back(taken);
  return all;
}

// The last parameter of these may be written without braces: x.view(2, -1).
std::string bare_type(const Declaration& d) {
  static const std::map<std::string, std::string> types{{"view", "Count"},
                                                        {"reshape", "Count"},
                                                        {"expand", "Count"},
                                                        {"repeat", "Count"},
                                                        {"permute", "Dim"}};
  const auto at = types.find(d.name);
  return at == types.end() ? "" : at->second;
}

std::vector<std::vector<Parameter>> bare_overloads(const Declaration& d) {
  std::vector<std::vector<Parameter>> all;
  const std::string type = bare_type(d);
  for (int n = 2; !type.empty() && n <= 4; ++n) {
    std::vector<Parameter> sizes;
    for (int i = 0; i < n; ++i)
      sizes.push_back({type, std::string(1, static_cast<char>('a' + i)), ""});
    all.push_back(sizes);
  }
  return all;
}

std::string declared(const std::vector<Parameter>& parameters, bool with_values) {
  std::vector<std::string> all;
  for (const Parameter& p : parameters) {
    all.push_back(p.type + " " + p.name + (with_values && !p.value.empty() ? " = " + p.value : ""));
  }
  return joined(all);
}

std::vector<std::string> names_of(const std::vector<Parameter>& parameters) {
  std::vector<std::string> names;
  for (const Parameter& p : parameters) names.push_back(p.name);
  return names;
}

// A line of up to 100 characters, broken behind commas.
std::string wrapped(const std::string& text, std::size_t indent) {
  std::string out, line = text;
  while (line.size() > 100) {
    const std::size_t at = line.rfind(", ", 99);
    if (at == std::string::npos || at <= indent) break;
    out += line.substr(0, at + 1) + "\n";
    line = std::string(indent, ' ') + line.substr(at + 2);
  }
  return out + line + "\n";
}

// What a member calls: the function with the tensor in its place.
std::string call(const Declaration& d, std::vector<std::string> arguments,
                 const std::string& self) {
  const std::size_t at = self_of(d.name);
  const std::string maker = d.parameters[at].type == "Operand" ? "operand" : "tensor";
  arguments.insert(arguments.begin() + static_cast<std::ptrdiff_t>(at),
                   maker + "(" + self + (maker == "operand" ? ", site)" : ")"));
  if (d.takes_site) {  // behind what was left out
    for (std::size_t i = arguments.size(); i < d.parameters.size(); ++i)
      arguments.push_back(d.parameters[i].value);
    arguments.push_back("site");
  }
  return "xgrad::" + d.name + "(" + joined(arguments) + ")";
}

std::string declaration(const std::string& returns, const std::string& name,
                        const std::vector<Parameter>& parameters) {
  const std::string all = declared(parameters, true);
  return returns + " " + name + "(" + (all.empty() ? "" : all + ", ") + "Site site = Site::here())";
}
std::string definition(const std::string& returns, const std::string& name,
                       const std::vector<Parameter>& parameters) {
  const std::string all = declared(parameters, false);
  return returns + " TensorMembers::" + name + "(" + (all.empty() ? "" : all + ", ") + "Site site)";
}

// A function with a body of a line or several.
std::string function(const std::string& head, const std::vector<std::string>& body) {
  if (body.size() == 1 && head.size() + body[0].size() + 5 <= 100)
    return head + " { " + body[0] + " }\n";
  std::string text = wrapped(head + " {", 4);
  for (const std::string& line : body) text += wrapped("  " + line, 6);
  return text + "}\n";
}

// " const", or " const&" and " &&".
std::vector<std::string> qualifiers(const Declaration& d) {
  return reuses_temporaries(d.header) ? std::vector<std::string>{" const&", " &&"}
                                      : std::vector<std::string>{" const"};
}

void define(std::ostream& out, const Declaration& d, const std::vector<Parameter>& parameters,
            const std::vector<std::string>& arguments) {
  for (const std::string& qualifier : qualifiers(d)) {
    const std::string self = qualifier == " &&" ? "std::move(*this)" : "*this";
    out << function(definition(d.returns, d.name, parameters) + qualifier,
                    {"return " + call(d, arguments, self) + ";"});
  }
}

const char* const made =
    "// Made by the target xgrad_members from the headers that are named below; do not edit.\n"
    "// clang-format off\n";

// The operands that must not require a gradient.
std::vector<std::string> operands_of(const std::vector<Parameter>& parameters) {
  std::vector<std::string> operands;
  for (const Parameter& p : parameters)
    if (is_tensor(p)) operands.push_back(p.type == "Operand" ? p.name : "{" + p.name + ", site}");
  return operands;
}

// The includes of a source: of all headers with members.
std::set<std::string> headers_of(const std::vector<Declaration>& all) {
  std::set<std::string> headers;
  for (const Declaration& d : all) headers.insert(d.header);
  return headers;
}

void begin_source(std::ostream& out, const char* what, const std::set<std::string>& headers) {
  out << "// " << what << "\n" << made << "#include <xgrad/graph/tensor_members.hpp>\n\n";
  for (const std::string& h : headers) out << "#include <xgrad/ops/" << h << ">\n";
}

}  // namespace

Members::Members(const std::string& methods, const std::vector<std::string>& headers) {
  std::ifstream file(methods);
  if (!file) throw std::runtime_error("cannot read " + methods);
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line[0] == '#' ? "" : line);
    for (std::string word; words >> word;) methods_.insert(word);
  }
  for (const std::string& h : headers) read(h);
}

void Members::read(const std::string& header) {
  for (const Declaration& d : declarations_in(header)) {
    const std::size_t self = self_of(d.name);
    if (methods_.count(d.name) == 0 || d.parameters.size() <= self) continue;
    if (!is_tensor(d.parameters[self])) continue;
    if (!std::all_of(d.parameters.begin(), d.parameters.end(), is_known)) continue;
    members_.push_back(d);
    names_.insert(d.header + " " + d.name);
    if (has_in_place(d)) in_place_names_.insert(d.header + " " + d.name);
  }
}

// bernoulli_ is another thing; the others change the shape.
bool Members::has_in_place(const Declaration& d) const {
  static const std::set<std::string> not_these{"bernoulli", "squeeze",  "unsqueeze", "t",
                                               "transpose", "swapaxes", "swapdims"};
  return d.returns == "Tensor" && methods_.count(d.name + "_") != 0 && not_these.count(d.name) == 0;
}

void Members::write_header(std::ostream& out) const {
  out << "// tensor_members.hpp: the ops that are members of Tensor.\n"
      << made << R"(#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <xgrad/graph/shape.hpp>
#include <xgrad/graph/site.hpp>
#include <xgrad/graph/strict.hpp>

namespace xgrad {

class Generator;
class Index;
class Operand;
class Tensor;
struct MinMax;
struct Slice;
struct ValuesIndices;
namespace linalg {
struct SignLogabsdet;
}

/// The base class of Tensor: a member for each op that is a method of PyTorch's Tensor.
///
/// `x.clamp(0, 1)` is `clamp(x, 0, 1)`. The header named above each group documents the functions.
/// Two to four sizes or dims of view, reshape, expand, repeat and permute need no braces:
/// `x.view(2, -1)`. The module `ops` defines the members.
///
/// A member whose name ends with an underscore writes the result into the tensor, which must be a
/// leaf: `w.mul_(0.5)`. It records nothing: w stays a leaf, and operands must not require a gradient,
/// except under NoGrad.
/// @throws GraphError  if the tensor is not a leaf, or an operand requires a gradient.
/// @throws ShapeError  if the result has another shape.
/// @throws DTypeError  if the tensor cannot hold the result, as integers cannot hold fractions.
class TensorMembers {
 public:)";
  std::string header;
  for (const Declaration& d : members_) {
    if (d.header != header) out << "\n  // <xgrad/ops/" << (header = d.header) << ">\n";
    std::vector<std::vector<Parameter>> all = overloads(d);
    for (const auto& bare : bare_overloads(d)) all.push_back(bare);
    for (const auto& parameters : all)
      for (const std::string& qualifier : qualifiers(d))
        out << wrapped("  " + declaration(d.returns, d.name, parameters) + qualifier + ";", 6);
    if (!has_in_place(d)) continue;
    for (const auto& parameters : overloads(d))
      out << wrapped("  " + declaration("Tensor&", d.name + "_", parameters) + ";", 6);
  }
  out << "\n protected:\n  TensorMembers() = default;\n};\n\n}  // namespace xgrad\n";
}

void Members::write_source(std::ostream& out) const {
  begin_source(out, "The ops as members of Tensor.", headers_of(members_));
  out << R"(
namespace xgrad {
namespace {

const Tensor& tensor(const TensorMembers& x) { return static_cast<const Tensor&>(x); }
Operand operand(const TensorMembers& x, Site site) { return {tensor(x), site}; }
Operand operand(TensorMembers&& x, Site site) { return {static_cast<Tensor&&>(x), site}; }

}  // namespace

)";
  for (const Declaration& d : members_) {
    for (const auto& parameters : overloads(d)) define(out, d, parameters, names_of(parameters));
    for (const auto& bare : bare_overloads(d))
      define(out, d, bare, {"{" + joined(names_of(bare)) + "}"});
  }
  out << "\n}  // namespace xgrad\n";
}

void Members::write_in_place_source(std::ostream& out) const {
  std::vector<Declaration> changing;
  for (const Declaration& d : members_)
    if (has_in_place(d)) changing.push_back(d);
  begin_source(out, "The ops that change a leaf.", headers_of(changing));
  out << R"(
#include "in_place.hpp"

namespace xgrad {
namespace {

Operand operand(const InPlace& change, Site site) { return {change.tensor(), site}; }

}  // namespace

)";
  for (const Declaration& d : changing)
    for (const auto& parameters : overloads(d)) {
      const std::string name = d.name + "_";
      out << function(definition("Tensor&", name, parameters),
                      {"const InPlace change(" + quoted(name) + ", *this, {" +
                           joined(operands_of(parameters)) + "}, site);",
                       "return change.write(" + call(d, names_of(parameters), "change") + ");"});
    }
  out << "\n}  // namespace xgrad\n";
}

// "add(a, b)[1]" taken apart.
struct Members::Call {
  std::string name, self, rest, behind;
};

Members::Call Members::call_of(const std::string& header, const std::string& expression) const {
  const std::string plain = std::regex_replace(expression, std::regex("^xgrad::"), "");
  const std::size_t open = plain.find('(');
  const std::string name = plain.substr(0, open);
  if (open == std::string::npos || names_.count(header + " " + name) == 0) return {};
  const std::size_t close = closing(plain, open);
  std::vector<std::string> arguments = parts_of(plain.substr(open + 1, close - open - 1), ',');
  const auto self = arguments.begin() + static_cast<std::ptrdiff_t>(self_of(name));
  Call call{name, *self, "", plain.substr(close + 1)};
  arguments.erase(self);
  call.rest = joined(arguments);
  return call;
}

std::string Members::as_member(const std::string& header, const std::string& expression) const {
  const Call c = call_of(header, expression);
  return c.name.empty() ? "" : "(" + c.self + ")." + c.name + "(" + c.rest + ")" + c.behind;
}

std::string Members::in_place(const std::string& header, const std::string& expression) const {
  const Call c = call_of(header, expression);
  if (c.name.empty() || !c.behind.empty() || in_place_names_.count(header + " " + c.name) == 0)
    return "";
  return "Tensor changed = (" + c.self + ").detach().clone(); changed." + c.name + "_(" + c.rest +
         "); return changed";
}

}  // namespace xgrad::codegen

#include "declarations.hpp"

#include <fstream>
#include <regex>
#include <sstream>
#include <stdexcept>

#include "text.hpp"

namespace xgrad::codegen {
namespace {

// Without comments. What a preprocessor line defines stays, since formulas are rows of lists.
std::string code_of(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::string code;
  for (std::string line; std::getline(file, line);) code += line.substr(0, line.find("//")) + "\n";
  return code;
}

Parameter parameter_from(const std::string& text) {
  const std::vector<std::string> sides = parts_of(text, '=');
  const std::size_t name = sides[0].find_last_of(" &*") + 1;
  return {trimmed(sides[0].substr(0, name)), sides[0].substr(name),
          sides.size() > 1 ? trimmed(text.substr(text.find('=') + 1)) : ""};
}

Declaration declaration_from(const std::string& returns, const std::string& name,
                             const std::string& parameters) {
  Declaration d{"", returns, name, {}, false};
  const std::string text = std::regex_replace(trimmed(parameters), std::regex("\\s+"), " ");
  if (text.empty()) return d;
  for (const std::string& p : parts_of(text, ',')) d.parameters.push_back(parameter_from(p));
  if (d.parameters.back().type == "Site") d.takes_site = true, d.parameters.pop_back();
  return d;
}

// The rows X(op, ...) of a list of formulas.
void add_rows(const std::string& code, const std::string& list, const std::string& parameters,
              std::vector<Declaration>& all) {
  const std::size_t begin = code.find("#define " + list + "(X)");
  if (begin == std::string::npos) return;
  std::size_t end = begin;  // of the last line that goes on in the next one
  do end = code.find('\n', end + 1);
  while (end != std::string::npos && code[end - 1] == '\\');
  const std::string rows = code.substr(begin, end - begin);
  const std::regex row("\\n  X\\(([a-z0-9_]+),");
  for (std::sregex_iterator at(rows.begin(), rows.end(), row), none; at != none; ++at)
    all.push_back(declaration_from("Tensor", (*at)[1], parameters));
}

// Which namespace a line opens or closes changes `space`.
void follow_namespace(const std::string& line, std::string& space) {
  std::smatch match;
  if (std::regex_search(line, match, std::regex("^(?:inline )?namespace ([a-z:]*) ?\\{")))
    space += "/" + match[1].str();
  else if (line.rfind("}", 0) == 0 && !space.empty() && line.find(';') == std::string::npos)
    space.erase(space.rfind('/'));
}

}  // namespace

std::vector<Declaration> declarations_in(const std::string& path) {
  const std::string code = code_of(path);
  std::vector<Declaration> all;
  add_rows(code, "XGRAD_FORMULAS", "Operand x", all);
  add_rows(code, "XGRAD_FORMULAS_OF_TWO", "Operand a, Operand b", all);
  const std::regex declared(
      "^(?:inline )?(Tensor|bool|std::vector<Tensor>|[A-Z][A-Za-z]+|linalg::[A-Za-z]+) "
      "([a-z][a-z0-9_]*)\\(");
  std::string space;
  bool in_function = false, is_template = false;
  for (std::size_t at = 0; at < code.size(); at = code.find('\n', at) + 1) {
    const std::string line = code.substr(at, code.find('\n', at) - at);
    std::smatch match;
    if (in_function) {  // up to the brace that closes it, at the line's beginning
      in_function = line.rfind("}", 0) != 0;
    } else if (space == "/xgrad" && !is_template && std::regex_search(line, match, declared)) {
      const std::size_t open = at + static_cast<std::size_t>(match[0].length()) - 1;
      const std::size_t close = closing(code, open);
      all.push_back(declaration_from(match[1], match[2], code.substr(open + 1, close - open - 1)));
      const std::size_t brace = code.find_first_of("{;", close);
      in_function = code[brace] == '{' && code[brace + 1] == '\n';
      at = brace;
    } else {
      follow_namespace(line, space);
    }
    if (line.empty() || line.back() != '>') is_template = line.rfind("template", 0) == 0;
  }
  for (Declaration& d : all) d.header = path.substr(path.rfind('/') + 1);
  return all;
}

}  // namespace xgrad::codegen

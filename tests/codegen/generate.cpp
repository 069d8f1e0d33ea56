// Reads the ops' public headers and writes the test cases that their comments tell:
//
//     /// @check trace(x); x [3, 3]; x [2, 4] in (0.5, 2)
//
// is the expression with a tensor x of each shape, its elements drawn from (-2, 2) or as told.
// Several inputs stand beside each other, `a [3], b [2, 3]`; `any` is a tensor x of all usual
// shapes, `pairs` are a and b of shapes that broadcast. `@orders 1` says that create_graph throws.
// What is declared without a @check, and neither inline nor tagged `@unchecked` or `@grad none`, is
// listed for a test to find. In a comment of two slashes the tag is for all that follows.
//
// Its other modes write, or compare, the members of Tensor (members.hpp), and the cases that
// compare them with the functions.
#include <fstream>
#include <iostream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "members.hpp"
#include "text.hpp"

namespace {

using namespace xgrad::codegen;

struct Input {
  std::string name, sizes, low = "-2", high = "2";
};

class Catalogue {
 public:
  /// With members, the cases of functions that are members too, each in its three forms.
  explicit Catalogue(const Members* members = nullptr) : members_(members) {}

  void read(const std::string& path) {
    std::ifstream file(path);
    if (!file) throw std::runtime_error("cannot read " + path);
    std::string line, comment, declaration;
    std::string space;
    bool is_template = false;
    no_gradients_ = false;
    header_ = path.substr(path.rfind('/') + 1);
    cases_ += "  cases.header(" + quoted(header_) + ");\n";
    while (std::getline(file, line)) {
      const std::string text = trimmed(line);
      if (text.rfind("// ", 0) == 0 && text.find("@grad none") != std::string::npos)
        no_gradients_ = true;
      if (text.rfind("template", 0) == 0) is_template = true;
      if (text.rfind("///", 0) == 0) {
        if (!declaration.empty()) comment.clear(), declaration.clear();
        comment += text.substr(3) + "\n";
        continue;
      }
      std::smatch match;
      if (std::regex_search(text, match, std::regex("^(?:inline )?namespace ([a-z:]+) \\{")))
        space = std::regex_replace(match[1].str() + "::", std::regex("^xgrad::"), "");
      if (text.rfind("}  // namespace", 0) == 0) space.clear();
      if (!is_template && std::regex_search(line, match, declared_))
        declare(space + match[1].str(), text, comment);
      if (text.rfind("template", 0) != 0) is_template = false;
      if (!comment.empty() && !text.empty()) {
        if (declaration.empty()) checks_in(comment);
        declaration = text;
      }
      if (text.empty()) comment.clear(), declaration.clear();
    }
  }

  void write_members(std::ostream& out) const {
    out << "// Made by tests/codegen/generate.cpp from the ops' headers.\n"
           "#include <xgrad/xgrad.hpp>\n#include \"ops/case_list.hpp\"\n"
           "#pragma GCC diagnostic ignored \"-Wunused-parameter\"\n"
           "#pragma GCC diagnostic ignored \"-Wunused-variable\"\n"
           "namespace xgrad::test {\n"
           "using namespace xgrad;\nusing Inputs = Cases::Inputs;\n"
           "void add_members(Cases& cases, Cases& members, Cases& in_place) {\n"
        << cases_ << "}\n}  // namespace xgrad::test\n";
  }

  void write(std::ostream& out) const {
    out << "// Made by tests/codegen/generate.cpp from the ops' headers.\n"
           "#include <xgrad/xgrad.hpp>\n#include \"ops/case_list.hpp\"\n"
           "namespace xgrad::test {\n"
           "using namespace xgrad;\nusing Inputs = Cases::Inputs;\n"
           "void add_documented(Cases& cases) {\n"
        << cases_ << "}\nconst std::vector<std::string>& unchecked_ops() {\n"
        << "  static const std::vector<std::string> names{";
    for (const std::string& name : unchecked()) out << quoted(name) << ", ";
    out << "};\n  return names;\n}\n}  // namespace xgrad::test\n";
  }

 private:
  void declare(const std::string& name, const std::string& text, const std::string& comment) {
    const bool told = comment.find("@grad none") != std::string::npos ||
                      comment.find("@unchecked") != std::string::npos;
    if (told) exempt_names_.insert(name);
    const bool is_private = name.rfind("detail::", 0) == 0;
    if (text.rfind("inline", 0) != 0 && !is_private && !no_gradients_) declared_names_.insert(name);
  }
  std::set<std::string> unchecked() const {
    std::set<std::string> left;
    for (const std::string& name : declared_names_)
      if (checked_names_.count(name) + exempt_names_.count(name) == 0) left.insert(name);
    return left;
  }

  void checks_in(const std::string& comment) {
    const bool once = comment.find("@orders 1") != std::string::npos;
    std::size_t at = 0;
    while ((at = comment.find("@check", at)) != std::string::npos) {
      at += 6;
      std::size_t end = comment.find('@', at);
      const std::size_t blank = comment.find("\n\n", at);
      end = std::min(end, blank);
      check(comment.substr(at, end == std::string::npos ? end : end - at), once);
    }
  }

  void check(std::string text, bool once) {
    text = std::regex_replace(text, std::regex("\\s+"), " ");
    const std::vector<std::string> parts = parts_of(text, ';');
    const std::string& expression = parts[0];
    checked_names_.insert(
        std::regex_replace(expression.substr(0, expression.find('(')), std::regex("^xgrad::"), ""));
    for (std::size_t i = 1; i < parts.size(); ++i) write_cases(expression, parts[i], once);
  }

  void write_cases(const std::string& expression, const std::string& inputs, bool once) {
    const std::string member = members_ == nullptr ? "" : members_->as_member(header_, expression);
    if (members_ == nullptr || !member.empty())
      write_case("cases", expression, "return " + expression, inputs, once);
    if (member.empty()) return;
    write_case("members", member, "return " + member, inputs, once);
    const std::string change = members_->in_place(header_, expression);
    write_case("in_place", change.empty() ? "" : member, change.empty() ? "return {}" : change,
               inputs, once);
  }

  static std::string range_of(const std::string& text, const std::string& otherwise) {
    std::smatch match;
    return std::regex_search(text, match, std::regex("in \\(([^)]*)\\)")) ? match[1].str()
                                                                          : otherwise;
  }
  static Input input_from(const std::string& text) {
    std::smatch match;
    if (!std::regex_search(text, match, std::regex("^([a-z0-9_]+) \\[([^\\]]*)\\]")))
      throw std::runtime_error("no input: " + text);
    Input input{match[1], match[2]};
    const auto range = parts_of(range_of(text, "-2, 2"), ',');
    input.low = range.at(0), input.high = range.at(1);
    return input;
  }

  void write_case(const std::string& list, const std::string& expression,
                  const std::string& statement, const std::string& inputs, bool once) {
    const std::string name = expression.substr(0, expression.find('('));
    std::ostringstream s;
    const bool any = inputs.rfind("any", 0) == 0, pairs = inputs.rfind("pairs", 0) == 0;
    if (any || pairs) {
      s << "  " << list << (any ? ".any(" : ".pairs(") << quoted(name) << ", " << quoted(expression)
        << ", " << range_of(inputs, "-2, 2") << ", "
        << (any ? "[](const Tensor& x)" : "[](const Tensor& a, const Tensor& b)") << " -> Tensor { "
        << statement << "; });\n";
      cases_ += s.str();
      return;
    }
    std::string bindings;
    s << "  " << list << ".documented(" << quoted(name) << ", " << quoted(expression) << ", {";
    int i = 0;
    for (const std::string& part : parts_of(inputs, ',')) {
      const Input in = input_from(part);
      s << "{" << quoted(in.name) << ", {" << in.sizes << "}, " << in.low << ", " << in.high
        << "}, ";
      bindings += "const Tensor& " + in.name + " = in[" + std::to_string(i++) + "]; ";
    }
    s << "}, " << (once ? "true" : "false") << ", [](const Inputs& in) -> Tensor { " << bindings
      << statement << "; });\n";
    cases_ += s.str();
  }

  const std::regex declared_{
      "^(?:inline )?(?:Tensor|std::vector<Tensor>|[A-Z][A-Za-z]+|linalg::[A-Za-z]+) "
      "([a-z][a-z0-9_]*)\\("};
  const Members* const members_;
  std::string header_;  // the one being read
  std::string cases_;
  std::set<std::string> declared_names_, checked_names_, exempt_names_;
  bool no_gradients_ = false;  // what follows in the header being read, as a comment says
};

// The lines of docs/pytorch.md as statements, each in a scope behind the page's block of code.
void write_cookbook(const std::string& page, std::ostream& out) {
  std::ifstream file(page);
  if (!file) throw std::runtime_error("cannot read " + page);
  std::string preamble, rows;
  bool in_code = false;
  const std::regex row("^\\| `.*` \\| `(.*)` \\|$");
  for (std::string line; std::getline(file, line);) {
    std::smatch match;
    if (line.rfind("```", 0) == 0)
      in_code = !in_code;
    else if (in_code)
      preamble += line + "\n";
    else if (std::regex_match(line, match, row)) {
      const std::string code = match[1];
      // A graph is used up by the line that sweeps it.
      const bool sweeps = code.find("loss") == 0 || code.find("(loss") != std::string::npos;
      rows += "  run(" + quoted(code) + (sweeps ? ", [] { " + preamble : ", [=]() mutable { ") +
              code + "; });\n";
    }
  }
  out << "// Made by tests/codegen/generate.cpp from " << page << "\n" << preamble << rows;
}

using Arguments = std::vector<std::string>;

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The files of Tensor's members as the headers have them, written or compared.
bool members(const Members& all, const Arguments& files, bool check) {
  const auto writers = {&Members::write_header, &Members::write_source,
                        &Members::write_in_place_source};
  bool good = true;
  auto file = files.begin();
  for (const auto& write : writers) {
    std::ostringstream text;
    (all.*write)(text);
    if (!check) std::ofstream(*file) << text.str();
    if (text_of(*file) != text.str())
      good = false,
      std::cerr << *file << " is not what the ops' headers give; build xgrad_members\n";
    ++file;
  }
  return good;
}

bool run(const std::string& mode, const Arguments& files) {
  const auto rest = [&](std::size_t from) {
    return Arguments(files.begin() + static_cast<std::ptrdiff_t>(from), files.end());
  };
  if (mode == "--members" || mode == "--check-members")
    return members(Members(files.at(0), rest(4)), {files.at(1), files.at(2), files.at(3)},
                   mode == "--check-members");
  std::ofstream out(files.at(0));
  if (mode == "--cookbook") {
    write_cookbook(files.at(1), out);
  } else if (mode == "--member-cases") {
    const Members all(files.at(1), rest(2));
    Catalogue catalogue(&all);
    for (const std::string& header : rest(2)) catalogue.read(header);
    catalogue.write_members(out);
  } else {
    Catalogue catalogue;
    for (const std::string& header : rest(1)) catalogue.read(header);
    catalogue.write(out);
  }
  return static_cast<bool>(out);
}

}  // namespace

// --catalogue OUT HEADER... | --cookbook OUT PAGE | --member-cases OUT METHODS HEADER...
// | --members or --check-members METHODS HEADER SOURCE IN_PLACE_SOURCE HEADER...
int main(int argc, char** argv) try {
  if (argc < 3) throw std::runtime_error("which files?");
  return run(argv[1], Arguments(argv + 2, argv + argc)) ? 0 : 1;
} catch (const std::exception& e) {
  std::cerr << e.what() << '\n';
  return 1;
}

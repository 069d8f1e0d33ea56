// Hostile calls of every function: arguments at the limits of their types, of rank and of memory.
//
//     xgrad_test_hostile [--cases N] [--seed S] [--op NAME] [--case K] [--seconds T]
//
// Each call has to end in a value, in a std::bad_alloc that names shape and bytes, or in an Error
// that names the op and the line that called it. What ends otherwise is printed with its number:
// the same seed and --case make that call alone again.
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>

#include "hostile/judge.hpp"
#include "hostile/mutate.hpp"
#include "hostile/rows.hpp"
#include "hostile/watch.hpp"

using namespace xgrad;
using namespace xgrad::test;

namespace {

struct Settings {
  std::int64_t cases = XGRAD_TEST_SANITIZED ? 5000 : 20000, seed = 1;
  std::optional<std::int64_t> only = {};
  std::string op = "";
  unsigned seconds = 10;
};

Settings settings_from(int argc, char** argv) {
  Settings s;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    if (name == "--cases")
      s.cases = std::stoll(argv[i + 1]);
    else if (name == "--seed")
      s.seed = std::stoll(argv[i + 1]);
    else if (name == "--case")
      s.only = std::stoll(argv[i + 1]);
    else if (name == "--seconds")
      s.seconds = static_cast<unsigned>(std::stoul(argv[i + 1]));
    else if (name == "--op")
      s.op = argv[i + 1];
    else
      throw std::invalid_argument("unknown option " + name);
  }
  return s;
}

std::vector<Row> rows_named(const std::string& op) {
  std::vector<Row> rows;
  for (const auto& list : {creation_rows(), op_rows(), module_rows(), data_rows()})
    for (const Row& row : list)
      if (std::strstr(row.name, op.c_str()) != nullptr) rows.push_back(row);
  return rows;
}

// Call n: one of either kind, so that each function comes as often as any other.
class Calls {
 public:
  explicit Calls(const Settings& s) : seed_(s.seed), rows_(rows_named(s.op)), mutation_(s.op) {
    if (functions_count() == 0) throw std::invalid_argument("no function is named " + s.op);
  }
  std::size_t functions_count() const { return rows_.size() + mutation_.names().size(); }

  Verdict operator()(std::int64_t n, Note& note) const {
    Verdict v{Verdict::Kind::no_such_call, ""};
    for (std::int64_t attempt = 0; v.kind == Verdict::Kind::no_such_call; ++attempt) {
      note.clear();
      Draw d(static_cast<std::uint64_t>(seed_ * 1'000'003 + n + (attempt << 40)), note);
      v = once(d, note);
    }
    if (v.kind == Verdict::Kind::refused && has(v.text, "undefined tensor") &&
        !has(note.text(), "undefined"))
      return {Verdict::Kind::fault, "an argument was given up too early: " + v.text};
    return v;
  }

 private:
  static bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
  }
  Verdict once(Draw& d, Note& note) const {
    const std::size_t k = d.below(functions_count());
    if (k < rows_.size()) {
      note.append(fmt::format("{}: ", rows_[k].name));
      return judge(rows_[k].name, [&] { return rows_[k].run(d); });
    }
    try {
      const Mutant m = mutation_.draw(d);
      note.append(told(m) + " ");
      return judge(m.op, [&] { return run(m, d); });
    } catch (const Json::exception&) {  // a mutation that leaves no call
      return {Verdict::Kind::no_such_call, ""};
    }
  }

  std::int64_t seed_;
  std::vector<Row> rows_;
  Mutation mutation_;
};

int report(const Settings& s, const Calls& calls, const Tally& t) {
  std::map<std::string, std::vector<std::string>> kinds;  // by what is wrong and by function
  for (const std::string& f : t.faults) {
    const std::size_t call = f.rfind("\n    call "), name = f.find(": ", call) + 2;
    kinds[f.substr(0, f.find(':')) + " / " + f.substr(name, f.find_first_of(":(", name) - name)]
        .push_back(f);
  }
  for (const auto& [kind, all] : kinds)
    std::cout << fmt::format("{} ({} calls), as\n  {}\n", kind, all.size(), all.front());
  std::cout << fmt::format(
      "{} hostile calls of {} functions (seed {}): {} values, {} errors, {} without memory, {} "
      "faults\n",
      t.values + t.refused + t.no_memory + std::int64_t(t.faults.size()), calls.functions_count(),
      s.seed, t.values, t.refused, t.no_memory, t.faults.size());
  return t.faults.empty() ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

int main(int argc, char** argv) try {
  const Settings s = settings_from(argc, argv);
  const Calls calls(s);
  const Tally t = watch(s.only.value_or(0), s.only ? 1 : s.cases, s.seconds, std::cref(calls));
  return report(s, calls, t);
} catch (const std::exception& e) {
  std::cerr << e.what() << '\n';
  return EXIT_FAILURE;
}

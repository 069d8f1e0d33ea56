// mutate.hpp: ordinary calls, of ops.json or drawn from a signature, with some arguments replaced by
// hostile ones.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "hostile/draw.hpp"
#include "calls/call.hpp"

namespace xgrad::test {

/// A call by PyTorch's name, its arguments as ops.json has them.
struct Mutant {
  std::string op;
  Json arguments, options;
};

class Mutation {
 public:
  /// The calls of the functions whose name holds `op`.
  explicit Mutation(const std::string& op);
  bool empty() const noexcept { return names_.empty(); }
  const std::vector<std::string>& names() const noexcept { return names_; }
  Mutant draw(Draw& d) const;

 private:
  Mutant ordinary(Draw& d) const;

  std::vector<std::string> names_;
  std::map<std::string, std::vector<Mutant>> cases_;
  std::vector<std::string> words_;
};

/// Makes the tensors and calls. @throws Json::exception if C++ has no such call: an argument of
/// another type, or a number beyond int.
Results run(const Mutant& call, Draw& d);
/// The call as text.
std::string told(const Mutant& call);

}  // namespace xgrad::test

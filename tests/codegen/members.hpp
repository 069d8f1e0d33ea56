// members.hpp: which functions of the ops' headers are members of Tensor too, and their text.
//
// A function is a member if PyTorch's Tensor has it (tests/reference/tensor_methods.txt) and one of
// its arguments is the tensor: the first, but for `where` and `polygamma`. `f_` changes the tensor
// in place where PyTorch has it and the shape stays.
#pragma once

#include <iosfwd>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace xgrad::codegen {

struct Parameter {
  std::string type, name, value;  // value: the default, "" for none
};

/// A function as its header declares it. The last parameter is not told if it is a Site.
struct Declaration {
  std::string header, returns, name;
  std::vector<Parameter> parameters;
  bool takes_site = false;
};

class Members {
 public:
  /// @param methods  the file that has the names of PyTorch's methods.
  Members(const std::string& methods, const std::vector<std::string>& headers);

  void write_header(std::ostream& out) const;
  void write_source(std::ostream& out) const;
  void write_in_place_source(std::ostream& out) const;

  /// "sort(x, 0).values", as a header has it, as "x.sort(0).values"; "" for what is no member.
  std::string as_member(const std::string& header, const std::string& expression) const;
  /// "add(a, b)" as a statement that adds b to a copy of a; "" where there is no add_.
  std::string in_place(const std::string& header, const std::string& expression) const;

 private:
  struct Call;
  void read(const std::string& header);
  bool has_in_place(const Declaration& d) const;
  Call call_of(const std::string& header, const std::string& expression) const;

  std::set<std::string> methods_;
  std::set<std::string> names_, in_place_names_;  // "sorting.hpp sort"
  std::vector<Declaration> members_;              // in the order of their headers
};

}  // namespace xgrad::codegen

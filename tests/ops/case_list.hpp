// case_list.hpp: builds the list of op cases.
#pragma once

#include <string>
#include <utility>

#include <xgrad/graph/operand.hpp>

#include "ops/op_cases.hpp"

namespace xgrad::test {

class Cases {
 public:
  using Unary = Tensor (*)(Operand);
  using Inputs = std::vector<Tensor>;

  /// Odd, empty, 0-d, and more axes.
  static const std::vector<Shape>& shapes();

  void add(const std::string& name, Inputs inputs, std::function<Tensor(const Inputs&)> op);
  /// The op on all shapes, its inputs in [low, high].
  void unary(const std::string& name, Unary op, double low, double high);
  /// The op on pairs of shapes that broadcast.
  void binary(const std::string& name,
              const std::function<Tensor(const Tensor&, const Tensor&)>& op, double low,
              double high);

  /// What a header tells of an op: the expression on one tensor of each usual shape, on pairs that
  /// broadcast, or on inputs of given shapes and ranges. f stands in the line of the call.
  struct Drawn {
    const char* name;
    Shape shape;
    double low, high;
  };
  /// The header that the next ones are in.
  void header(const char* name) { header_ = name; }
  void any(const char* op, const char* expression, double low, double high,
           Tensor (*f)(const Tensor&), Site site = {__builtin_FILE(), __builtin_LINE()});
  void pairs(const char* op, const char* expression, double low, double high,
             Tensor (*f)(const Tensor&, const Tensor&),
             Site site = {__builtin_FILE(), __builtin_LINE()});
  void documented(const char* op, const char* expression, const std::vector<Drawn>& inputs,
                  bool once, Tensor (*f)(const Inputs&),
                  Site site = {__builtin_FILE(), __builtin_LINE()});

  std::vector<OpCase> list;

 private:
  void tell(const char* op, const char* expression, const std::string& names,
            const std::string& shapes, Site site);
  std::string header_;
};

/// Those that the headers tell (generated), and those of the lists of formulas.
void add_documented(Cases& cases);
void add_listed(Cases& cases);
/// Of those that are members of Tensor (generated): the function, the member, and the member that
/// changes a copy of the tensor in place, with an empty name where there is none.
void add_members(Cases& cases, Cases& members, Cases& in_place);

void add_elementwise(Cases& cases);

}  // namespace xgrad::test

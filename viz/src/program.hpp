// program.hpp: runs a program that is installed on the machine, such as dot or gnuplot.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <xgrad/graph/site.hpp>

namespace xgrad::viz {

/// A call of a program: no shell stands between, so arguments may contain any characters.
struct Program {
  std::string name;                    ///< looked for on PATH, unless it contains a slash
  std::vector<std::string> arguments;  ///< without the name
  std::string package;                 ///< what to install, as Debian and Ubuntu call it
  double seconds = 300;                ///< a program that runs longer is killed
};

/// What a program wrote, both of any bytes.
struct ProgramOutput {
  std::string output, errors;
};

/// Runs a program with `input` as its standard input, in the locale C.UTF-8, and waits for its end.
/// The program need not read its input. Safe to call on several threads.
/// @param caller  the name that error messages start with.
/// @throws IoError  if the program is not installed (the message says what to install), cannot be
///         started, is killed, takes too long, or ends with a status other than 0. The message then
///         quotes what it wrote to its standard error.
ProgramOutput run_program(const char* caller, const Program& program, std::string_view input,
                          Site site = {});

}  // namespace xgrad::viz

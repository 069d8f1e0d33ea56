#include "figure/gnuplot.hpp"

#include <xgrad/graph/error.hpp>

#include "program.hpp"

namespace xgrad::viz::plotting {

std::string run_gnuplot(const char* caller, const std::string& terminal,
                        const std::string& commands, Site site) {
  // -d leaves the user's settings out, and with "-" gnuplot stops at an error.
  const Program gnuplot{.name = "gnuplot", .arguments = {"-d", "-"}, .package = "gnuplot-nox"};
  const ProgramOutput result = run_program(
      caller, gnuplot, "set encoding utf8\nset terminal " + terminal + "\n" + commands, site);
  if (result.output.empty())
    throw IoError(std::string(caller) + ": gnuplot drew nothing: " + result.errors, site);
  return result.output;
}

}  // namespace xgrad::viz::plotting

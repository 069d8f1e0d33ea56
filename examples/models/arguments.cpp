#include "arguments.hpp"

#include <cstdlib>
#include <utility>

#include <CLI/CLI.hpp>

// CLI11 takes words from the last to the first.
Arguments::Arguments(int argc, char** argv, std::string description)
    : words_(argv + 1, argv + argc), description_(std::move(description)) {}

template <class T>
T Arguments::value(const std::string& name, T otherwise, const std::string& help) {
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  app.add_option(name, otherwise, help)->capture_default_str();
  known_.push_back({name, app.get_option(name)->get_default_str(), help});
  try {
    app.parse(std::vector<std::string>(words_.rbegin(), words_.rend()));
  } catch (const CLI::ParseError& e) {
    std::exit(app.exit(e));
  }
  return otherwise;
}
int Arguments::integer(const std::string& name, int otherwise, const std::string& help) {
  return value(name, otherwise, help);
}
double Arguments::number(const std::string& name, double otherwise, const std::string& help) {
  return value(name, otherwise, help);
}
std::string Arguments::text(const std::string& name, const std::string& otherwise,
                            const std::string& help) {
  return value(name, otherwise, help);
}

void Arguments::check() const {
  CLI::App app(description_);
  std::vector<std::string> values(known_.size());
  for (std::size_t i = 0; i < known_.size(); ++i)
    app.add_option(known_[i].name, values[i], known_[i].help)->default_str(known_[i].otherwise);
  try {
    app.parse(std::vector<std::string>(words_.rbegin(), words_.rend()));
  } catch (const CLI::ParseError& e) {
    std::exit(app.exit(e));
  }
}

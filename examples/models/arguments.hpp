// arguments.hpp: the command line of the examples of models.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

/// Options by name, each with a default value.
///
///     Arguments arguments(argc, argv, "Trains LeNet-5 on MNIST.");
///     const int epochs = arguments.integer("--epochs", 10, "passes through the training data");
///     arguments.check();  // prints the help or refuses what is unknown, and then exits
class Arguments {
 public:
  Arguments(int argc, char** argv, std::string description);
  int integer(const std::string& name, int otherwise, const std::string& help);
  double number(const std::string& name, double otherwise, const std::string& help);
  std::string text(const std::string& name, const std::string& otherwise, const std::string& help);
  void check() const;

 private:
  template <class T>
  T value(const std::string& name, T otherwise, const std::string& help);

  struct Known {
    std::string name, otherwise, help;
  };
  std::vector<std::string> words_;
  std::string description_;
  std::vector<Known> known_;
};

// The ops of docs/extending.md in a user's project: by formula, by composition, by record.
#include <cstdio>
#include <cstdlib>

template <class Result>
void check(const Result& result) {
  if (static_cast<bool>(result)) return;
  std::puts("a check of docs/extending.md failed");
  std::exit(1);
}

#include "extending_page.hpp"

int main() {
  test_formulas();
  test_compositions();
  test_recorded();
}

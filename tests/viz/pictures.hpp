// pictures.hpp: what the tests of pictures share.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <regex>
#include <set>
#include <string>

#include <unistd.h>

#include "support/catch.hpp"
#include "support/png.hpp"

namespace xgrad::test {

inline bool has_gnuplot() {
  static const bool found = std::system("gnuplot --version > /dev/null 2>&1") == 0;
  return found;
}
inline bool has_graphviz() {
  static const bool found = std::system("dot -V > /dev/null 2>&1") == 0;
  return found;
}
// Without gnuplot, which users need not have, there is nothing to look at.
#define SKIP_WITHOUT(NAME, FOUND)               \
  if (!(FOUND)) {                               \
    WARN("skipped: " NAME " is not installed"); \
    return;                                     \
  }
#define SKIP_WITHOUT_GNUPLOT SKIP_WITHOUT("gnuplot", xgrad::test::has_gnuplot())
#define SKIP_WITHOUT_GRAPHVIZ SKIP_WITHOUT("Graphviz", xgrad::test::has_graphviz())

/// The texts of an SVG, without the elements within them.
inline std::multiset<std::string> texts_of(const std::string& svg) {
  std::multiset<std::string> all;
  for (std::size_t at = 0; (at = svg.find("<text", at)) != std::string::npos;) {
    at = svg.find('>', at) + 1;
    const std::size_t end = svg.find("</text>", at);
    std::string text;
    bool inside = false;
    for (const char c : svg.substr(at, end - at)) {
      inside = inside || c == '<';
      if (!inside) text += c;
      inside = inside && c != '>';
    }
    const std::pair<const char*, const char*> entities[] = {
        {"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}};
    for (const auto& [entity, character] : entities)
      for (std::size_t i = 0; (i = text.find(entity, i)) != std::string::npos; ++i)
        text.replace(i, std::string(entity).size(), character);
    all.insert(text);
  }
  return all;
}

inline int count_of(const std::string& text, const std::string& part) {
  int n = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; ++at) ++n;
  return n;
}

// A folder of its own, gone at the end.
class PictureFolder {
 public:
  PictureFolder()
      : path_(std::filesystem::temp_directory_path() /
              ("xgrad_pictures_" + std::to_string(getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~PictureFolder() { std::filesystem::remove_all(path_); }
  PictureFolder(const PictureFolder&) = delete;
  PictureFolder& operator=(const PictureFolder&) = delete;

  std::string at(const std::string& name) const { return (path_ / name).string(); }
  std::set<std::string> files() const {
    std::set<std::string> all;
    for (const auto& file : std::filesystem::directory_iterator(path_))
      all.insert(file.path().filename().string());
    return all;
  }

 private:
  std::filesystem::path path_;
};

/// The folder that files without a path are written to, until the end of the scope.
class CurrentFolder {
 public:
  explicit CurrentFolder(const std::string& path) { std::filesystem::current_path(path); }
  ~CurrentFolder() { std::filesystem::current_path(before_); }
  CurrentFolder(const CurrentFolder&) = delete;
  CurrentFolder& operator=(const CurrentFolder&) = delete;

 private:
  std::filesystem::path before_ = std::filesystem::current_path();
};

}  // namespace xgrad::test

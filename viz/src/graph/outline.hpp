// outline.hpp: the parts of a graph and the modules around them, before anything is drawn: which
// parts are equal repeats, and which are drawn as one.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace xgrad::viz {

/// A graph as its pictures need it: parts in an order in which inputs precede what is computed from
/// them, leaves before all others. The parts of a cluster that are no leaves follow each other.
struct Outline {
  struct Part {
    std::uint32_t alike = 0;  ///< equal for parts that may stand for each other
    bool leaf = false;
    std::size_t cluster = 0;
    std::vector<std::size_t> inputs;
  };
  struct Cluster {
    std::string type;            ///< of the module, as "Linear"
    std::string name;            ///< the full name of the module, as "encoder.layers.0"
    std::string note;            ///< what its frame says besides
    std::uint32_t alike = 0;     ///< equal for modules of one type
    std::uint32_t relation = 0;  ///< equal for those that are called the same within their parents
    std::size_t parent = 0;      ///< the first cluster is the whole graph
    std::size_t begin = 0, end = 0;  ///< its parts, but for leaves
    std::int64_t times = 1;          ///< how many equal ones it stands for
    std::string last;                ///< the name of the last one of these
  };
  std::vector<Part> parts;
  std::vector<Cluster> clusters{1};
  std::size_t leaves = 0;  ///< how many of the parts

  /// Whether a cluster stands for several, or is in one that does: numbers would be those of one
  /// alone.
  bool is_repeated(std::size_t cluster) const {
    for (; cluster != 0; cluster = clusters[cluster].parent)
      if (clusters[cluster].times > 1) return true;
    return false;
  }
};

/// Finds runs of equal clusters, and of equal sequences of clusters and parts, and gives each part
/// the one that is drawn for it: itself, or its counterpart in the first of the run. The clusters
/// of the first get `times`; a sequence gets a new cluster of its own, without a name.
/// @param least  how many equal clusters make a run, at least 2. Runs of single parts are longer.
std::vector<std::size_t> fold_repeats(Outline& outline, std::size_t least);

/// What is drawn as one box: a part, a cluster with everything in it, or equal parts in one place.
struct Group {
  std::size_t part = 0;      ///< the part, or the last one
  std::size_t cluster = 0;   ///< the cluster that it stands for; 0 if it stands for parts
  std::size_t inside = 0;    ///< the cluster that it is drawn in
  std::int64_t modules = 0;  ///< how many clusters of one type it stands for
  std::int64_t parts = 1;    ///< how many drawn parts it stands for
};
struct Grouping {
  std::vector<Group> groups;
  std::vector<std::size_t> of_part;          ///< the group of each part
  bool by_module = false, by_place = false;  ///< how it was summarised to fit
};

struct GroupingOptions {
  bool whole_layers = false;  ///< a cluster without clusters is one box
  int depth = -1;          ///< clusters at this depth are one box; -1: none. The graph has depth 0
  std::size_t most = 400;  ///< boxes; if there are more, they are summarised
};

/// @param shown  what fold_repeats gave.
/// @param place  for each part, a number that is equal for parts of one op and line of code.
Grouping group_parts(const Outline& outline, const std::vector<std::size_t>& shown,
                     const std::vector<std::uint32_t>& place, const GroupingOptions& options);

}  // namespace xgrad::viz

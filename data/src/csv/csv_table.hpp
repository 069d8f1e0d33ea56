// csv_table.hpp: a whole table, read and checked.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "csv_column.hpp"

namespace xgrad::data::detail {

struct CsvTable {
  std::string content;                   // the fields are views of it
  std::vector<std::string> names;        // of the columns
  std::vector<std::string_view> fields;  // row by row
  std::vector<std::int64_t> lines;       // where the rows begin
  std::vector<CsvColumn> columns;
  std::optional<TensorDataset> samples;

  std::size_t rows() const noexcept { return lines.size(); }
  /// The number of a column. @throws ValueError  that lists the columns.
  std::size_t index_of(const std::string& name, Site site) const;
  std::vector<std::string_view> column(std::size_t index) const;
};

/// @throws IoError, ValueError  as Csv.
std::shared_ptr<const CsvTable> read_csv(const std::string& path, const CsvOptions& options,
                                         Site site);

}  // namespace xgrad::data::detail

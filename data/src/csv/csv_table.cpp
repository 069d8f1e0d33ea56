#include "csv_table.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>

#include "csv_parser.hpp"

namespace xgrad::data::detail {
namespace {

/// The columns that the options name, by number.
struct Roles {
  std::vector<std::size_t> inputs, targets;
  bool used(std::size_t column) const {
    return std::find(inputs.begin(), inputs.end(), column) != inputs.end() ||
           std::find(targets.begin(), targets.end(), column) != targets.end();
  }
};

void check_options(const CsvOptions& options, Site site) {
  if (options.delimiter == '"' || options.delimiter == '\n' || options.delimiter == '\r' ||
      options.delimiter == '\0')
    throw ValueError("Csv: delimiter must not be a quote, a newline or a null byte", site);
  if (options.dtype != float32 && options.dtype != float64)
    throw ValueError(
        fmt::format("Csv: dtype is {}; it must be float32 or float64", name(options.dtype)), site);
}

void take_names(CsvTable& table, const InputFile& file) {
  table.names.assign(table.fields.begin(), table.fields.end());
  table.fields.clear();
  std::vector<std::string> sorted = table.names;
  std::sort(sorted.begin(), sorted.end());
  const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
  if (twice != sorted.end()) file.fail(fmt::format("has two columns '{}'", *twice));
}

void number_columns(CsvTable& table) {
  for (std::size_t i = 0; i < table.fields.size(); ++i) table.names.push_back(fmt::to_string(i));
}

void read_rows(CsvTable& table, CsvParser& parser, const InputFile& file) {
  for (;;) {
    const std::size_t before = table.fields.size();
    if (!parser.next(table.fields, table.names.size() > 1)) return;
    table.lines.push_back(parser.line());
    if (const std::size_t got = table.fields.size() - before; got != table.names.size())
      file.fail(fmt::format("line {} has {} fields; the first row has {}", parser.line(), got,
                            table.names.size()));
  }
}

void parse(CsvTable& table, const CsvOptions& options, const InputFile& file) {
  CsvParser parser(table.content, options.delimiter, file);
  if (!parser.next(table.fields, true)) file.fail("is empty");
  if (options.header) {
    take_names(table, file);
  } else {
    number_columns(table);
    table.lines.push_back(parser.line());
  }
  read_rows(table, parser, file);
}

std::vector<std::size_t> indices_of(const CsvTable& table, const std::vector<std::string>& names,
                                    Site site) {
  std::vector<std::size_t> indices;
  for (const std::string& name : names) indices.push_back(table.index_of(name, site));
  return indices;
}

Roles roles_of(const CsvTable& table, const CsvOptions& options, Site site) {
  Roles roles{indices_of(table, options.inputs, site), indices_of(table, options.targets, site)};
  if (roles.targets.empty()) roles.targets.push_back(table.names.size() - 1);
  if (!roles.inputs.empty()) return roles;
  for (std::size_t i = 0; i < table.names.size(); ++i)
    if (!roles.used(i)) roles.inputs.push_back(i);
  return roles;
}

bool lacks_values(const CsvTable& table, std::size_t row, const Roles& roles,
                  const CsvOptions& options) {
  for (std::size_t c = 0; c < table.names.size(); ++c)
    if (roles.used(c) && is_missing(table.fields[row * table.names.size() + c], options))
      return true;
  return false;
}

void drop_rows(CsvTable& table, const Roles& roles, const CsvOptions& options) {
  const std::size_t width = table.names.size();
  std::size_t kept = 0;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (lacks_values(table, row, roles, options)) continue;
    std::copy_n(table.fields.begin() + static_cast<std::ptrdiff_t>(row * width), width,
                table.fields.begin() + static_cast<std::ptrdiff_t>(kept * width));
    table.lines[kept++] = table.lines[row];
  }
  table.fields.resize(kept * width);
  table.lines.resize(kept);
}

void read_columns(CsvTable& table, const Roles& roles, const CsvOptions& options,
                  const InputFile& file) {
  for (std::size_t i = 0; i < table.names.size(); ++i) {
    const CsvFields fields{table.names[i], table.column(i), table.lines, file};
    const auto type = options.types.find(table.names[i]);
    CsvColumn column =
        read_column(fields, type == options.types.end() ? CsvType::automatic : type->second,
                    options, roles.used(i));
    const bool is_target =
        std::find(roles.targets.begin(), roles.targets.end(), i) != roles.targets.end();
    if (is_target && column.type == CsvType::text) column = as_category(fields, options, true);
    table.columns.push_back(std::move(column));
  }
}

[[noreturn]] void refuse_text(const CsvTable& table, std::size_t column, const InputFile& file) {
  file.fail(fmt::format(
      "column '{0}' is text and cannot be an input; leave it out of `inputs`, or number "
      "its texts with .types = {{{{\"{0}\", CsvType::category}}}}",
      table.names[column]));
}

// (rows, columns), of `dtype`.
Tensor side_by_side(const CsvTable& table, const std::vector<std::size_t>& columns, DType dtype,
                    const InputFile& file) {
  const auto rows = static_cast<std::int64_t>(table.rows());
  const auto width = static_cast<std::int64_t>(columns.size());
  Tensor all = empty({rows, width}, {.dtype = float64});
  double* const to = all.mutable_data<double>();
  for (std::int64_t c = 0; c < width; ++c) {
    const std::size_t column = columns[static_cast<std::size_t>(c)];
    if (!table.columns[column].values.defined()) refuse_text(table, column, file);
    const Tensor values = table.columns[column].values.to(float64);
    for (std::int64_t r = 0; r < rows; ++r) to[r * width + c] = values.data<double>()[r];
  }
  return all.to(dtype);
}

Tensor targets_of(const CsvTable& table, const Roles& roles, DType dtype, const InputFile& file) {
  const CsvColumn& first = table.columns[roles.targets[0]];
  if (roles.targets.size() == 1 && first.values.dtype() == int64) return first.values;
  return side_by_side(table, roles.targets, dtype, file);
}

}  // namespace

std::size_t CsvTable::index_of(const std::string& name, Site site) const {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end())
    throw ValueError(
        fmt::format("Csv: there is no column '{}'; there are '{}'", name, fmt::join(names, "', '")),
        site);
  return static_cast<std::size_t>(found - names.begin());
}

std::vector<std::string_view> CsvTable::column(std::size_t index) const {
  std::vector<std::string_view> column;
  column.reserve(rows());
  for (std::size_t i = index; i < fields.size(); i += names.size()) column.push_back(fields[i]);
  return column;
}

std::shared_ptr<const CsvTable> read_csv(const std::string& path, const CsvOptions& options,
                                         Site site) {
  check_options(options, site);
  InputFile file("Csv", path, site);
  const auto table = std::make_shared<CsvTable>();
  table->content = file.read_rest();
  parse(*table, options, file);
  for (const auto& [name, type] : options.types) table->index_of(name, site);
  const Roles roles = roles_of(*table, options, site);
  if (options.missing == CsvMissing::drop) drop_rows(*table, roles, options);
  read_columns(*table, roles, options, file);
  table->samples.emplace(side_by_side(*table, roles.inputs, options.dtype, file),
                         targets_of(*table, roles, options.dtype, file), site);
  return table;
}

}  // namespace xgrad::data::detail

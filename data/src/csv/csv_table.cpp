#include "csv_table.hpp"

#include <algorithm>
#include <limits>

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

void check_categories(const CsvOptions& options, Site site) {
  for (const auto& [column, texts] : options.categories) {
    const auto type = options.types.find(column);
    if (type != options.types.end() && type->second != CsvType::category &&
        type->second != CsvType::automatic)
      throw ValueError(
          fmt::format("Csv: column '{}' has categories, and types say that it is none", column),
          site);
    std::vector<std::string> sorted = texts;
    std::sort(sorted.begin(), sorted.end());
    if (texts.empty() || std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end())
      throw ValueError(
          fmt::format("Csv: the categories of column '{}' must be some texts, once each", column),
          site);
  }
}

void check_options(const CsvOptions& options, Site site) {
  if (options.delimiter == '"' || options.delimiter == '\n' || options.delimiter == '\r' ||
      options.delimiter == '\0')
    throw ValueError("Csv: delimiter must not be a quote, a newline or a null byte", site);
  if (options.dtype != float32 && options.dtype != float64)
    throw ValueError(
        fmt::format("Csv: dtype is {}; it must be float32 or float64", name(options.dtype)), site);
  if (options.max_expansion < 1)
    throw ValueError(
        fmt::format("Csv: max_expansion is {}; it must be at least 1", options.max_expansion),
        site);
  check_categories(options, site);
}

// The most bytes that the text may have.
std::int64_t most_bytes(const InputFile& file, const CsvOptions& options) {
  constexpr std::int64_t always = 16 << 20, most = std::numeric_limits<std::int64_t>::max();
  if (!file.is_gzipped() || file.size() > (most - always) / options.max_expansion - 1) return most;
  return file.size() * options.max_expansion + always;
}

std::string read_text(InputFile& file, const CsvOptions& options) {
  const std::int64_t most = most_bytes(file, options);
  std::int64_t line = 1;
  const auto check = [&](std::string_view part) {
    const std::size_t null = part.find('\0');
    line += std::count(part.begin(), part.begin() + std::min(null, part.size()), '\n');
    if (null != std::string_view::npos)
      file.fail(fmt::format("line {} has a null byte, so the file is no text", line));
  };
  std::string text =
      file.read_rest(most == std::numeric_limits<std::int64_t>::max() ? most : most + 1, check);
  if (static_cast<std::int64_t>(text.size()) > most)
    file.fail(fmt::format(
        "has more than {} bytes when it is decompressed, and {} in the file; if it is meant, "
        "raise max_expansion, which is {}",
        most, file.size(), options.max_expansion));
  return text;
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

// A table of one column is most often one with another delimiter.
void check_inputs(const CsvTable& table, const CsvOptions& options, const InputFile& file) {
  if (table.names.size() != 1 || !options.inputs.empty()) return;
  const std::string_view text = options.header ? table.names[0] : table.fields[0];
  const std::size_t other = text.find_first_of(";\t|,: ");
  const std::string_view shown = text.substr(0, 80);
  const std::string_view guess = other == std::string_view::npos ? "" : text.substr(other, 1);
  file.fail(fmt::format(
      "has one column{}, which is the target{}",
      options.header ? fmt::format(" '{}'", shown)
                     : fmt::format(", whose first value is '{}'", shown),
      guess.empty() ? "; inputs are missing"
                    : fmt::format("; is the delimiter '{}'?", guess == "\t" ? "\\t" : guess)));
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

CsvType type_of(const std::string& column, const CsvOptions& options) {
  if (options.categories.contains(column)) return CsvType::category;
  const auto type = options.types.find(column);
  return type == options.types.end() ? CsvType::automatic : type->second;
}

void read_columns(CsvTable& table, const Roles& roles, const CsvOptions& options,
                  const InputFile& file) {
  for (std::size_t i = 0; i < table.names.size(); ++i) {
    const CsvFields fields{table.names[i], table.column(i), table.lines, file};
    CsvColumn column =
        read_column(fields, type_of(table.names[i], options), options, roles.used(i));
    const bool is_target =
        std::find(roles.targets.begin(), roles.targets.end(), i) != roles.targets.end();
    if (is_target && column.type == CsvType::text) column = as_category(fields, options, true);
    table.columns.push_back(std::move(column));
  }
}

[[noreturn]] void refuse_text(const CsvTable& table, std::size_t column, const CsvOptions& options,
                              const InputFile& file) {
  const CsvFields fields{table.names[column], table.column(column), table.lines, file};
  file.fail(fmt::format(
      "column '{0}' is text{1} and cannot be an input; leave it out of `inputs`, or number "
      "its texts with .types = {{{{\"{0}\", CsvType::category}}}}",
      fields.name, first_text(fields, options)));
}

// (rows, columns), of `dtype`.
Tensor side_by_side(const CsvTable& table, const std::vector<std::size_t>& columns,
                    const CsvOptions& options, const InputFile& file) {
  const DType dtype = options.dtype;
  const auto rows = static_cast<std::int64_t>(table.rows());
  const auto width = static_cast<std::int64_t>(columns.size());
  Tensor all = empty({rows, width}, {.dtype = float64});
  double* const to = all.mutable_data<double>();
  for (std::int64_t c = 0; c < width; ++c) {
    const std::size_t column = columns[static_cast<std::size_t>(c)];
    if (!table.columns[column].values.defined()) refuse_text(table, column, options, file);
    const Tensor values = table.columns[column].values.to(float64);
    for (std::int64_t r = 0; r < rows; ++r) to[r * width + c] = values.data<double>()[r];
  }
  return all.to(dtype);
}

Tensor targets_of(const CsvTable& table, const Roles& roles, const CsvOptions& options,
                  const InputFile& file) {
  const CsvColumn& first = table.columns[roles.targets[0]];
  if (roles.targets.size() == 1 && first.values.dtype() == int64) return first.values;
  return side_by_side(table, roles.targets, options, file);
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
  table->content = read_text(file, options);
  parse(*table, options, file);
  for (const auto& [name, type] : options.types) table->index_of(name, site);
  for (const auto& [name, texts] : options.categories) table->index_of(name, site);
  check_inputs(*table, options, file);
  const Roles roles = roles_of(*table, options, site);
  if (options.missing == CsvMissing::drop) drop_rows(*table, roles, options);
  read_columns(*table, roles, options, file);
  table->samples.emplace(side_by_side(*table, roles.inputs, options, file),
                         targets_of(*table, roles, options, file), site);
  return table;
}

}  // namespace xgrad::data::detail

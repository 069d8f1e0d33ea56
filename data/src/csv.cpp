#include <xgrad/data/csv.hpp>

#include <numeric>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/op_scope.hpp>

#include "csv/csv_table.hpp"

namespace xgrad::data {

Csv::Csv(const std::string& path, const CsvOptions& options, Site site) : site_(site) {
  const OpScope scope("Csv", site);
  table_ = detail::read_csv(path, options, site);
}

std::int64_t Csv::size() const { return table_->samples->size(); }

Batch Csv::get(std::span<const std::int64_t> indices) const {
  const OpScope scope("Csv", site_);
  return table_->samples->get(indices);
}

Batch Csv::all() const {
  std::vector<std::int64_t> indices(static_cast<std::size_t>(size()));
  std::iota(indices.begin(), indices.end(), 0);
  return get(indices);
}

const std::vector<std::string>& Csv::columns() const noexcept { return table_->names; }

CsvType Csv::type(const std::string& column) const {
  return table_->columns[table_->index_of(column, site_)].type;
}

Tensor Csv::column(const std::string& column) const {
  const Tensor& values = table_->columns[table_->index_of(column, site_)].values;
  if (!values.defined())
    throw ValueError(fmt::format("Csv: column '{}' is text; text(\"{}\") has it", column, column),
                     site_);
  return values.clone();
}

std::vector<std::string> Csv::text(const std::string& column) const {
  const std::vector<std::string_view> fields = table_->column(table_->index_of(column, site_));
  return {fields.begin(), fields.end()};
}

const std::vector<std::string>& Csv::categories(const std::string& column) const {
  const detail::CsvColumn& found = table_->columns[table_->index_of(column, site_)];
  if (found.type != CsvType::category)
    throw ValueError(fmt::format("Csv: column '{}' is no category", column), site_);
  return found.categories;
}

}  // namespace xgrad::data

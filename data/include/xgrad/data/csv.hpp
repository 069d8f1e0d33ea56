// csv.hpp: tables as text.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <xgrad/data/dataset.hpp>
#include <xgrad/graph/default_dtype.hpp>

namespace xgrad::data {

/// What the values of a column are.
enum class CsvType {
  automatic,  ///< integer if all values are, otherwise number if all are, otherwise text
  number,     ///< floating-point numbers, of the table's dtype
  integer,    ///< int64
  category,   ///< one of a few texts; the tensor has their numbers in sorted order, int64
  text,       ///< anything; read with `Csv::text`
};

/// What becomes of missing values in the columns of inputs and targets.
enum class CsvMissing {
  refuse,  ///< an IoError that names line and column
  nan,     ///< NaN, and the column consists of numbers then; -1 in a category, as in pandas
  fill,    ///< the number `fill`; refused in a category
  drop,    ///< the row is left out
};

struct CsvOptions {
  char delimiter = ',';
  bool header = true;  ///< the first row has the columns' names; otherwise these are "0", "1", ...
  std::vector<std::string> inputs = {};   ///< columns; all but the targets by default
  std::vector<std::string> targets = {};  ///< columns; the last one by default
  std::map<std::string, CsvType> types = {};
  /// Categories with given texts, numbered from 0 on in this order, as those of another file:
  /// `{{"city", train.categories("city")}}`. Another text is refused.
  std::map<std::string, std::vector<std::string>> categories = {};
  CsvMissing missing = CsvMissing::refuse;
  double fill = 0;
  /// Values that are missing, without spaces around them.
  std::vector<std::string> missing_values = {"", "?", "NA", "N/A", "NaN", "nan", "NULL", "null"};
  DType dtype = get_default_dtype();  ///< of numbers
  /// A gzipped table is refused if it has more bytes than this many times those of the file, and 16
  /// MiB.
  std::int64_t max_expansion = 200;
};

namespace detail {
struct CsvTable;
}

/// A table in a text file, plain or gzipped:
///
///     data::Csv houses("houses.csv", {.targets = {"price"}});
///     data::DataLoader loader(houses, {.batch_size = 32, .shuffle = true});
///     for (auto& [x, y] : loader) ...  // x is (32, columns), y is (32, 1)
///
/// Fields may be in double quotes, within which delimiters and newlines are text and "" is a quote.
/// Lines end with LF or CRLF. A byte order mark is skipped, and so are empty lines, except in a
/// table of one column. Numbers may have spaces around them; they are read the same in any locale.
///
/// Inputs are numbers (n, columns), of `dtype`; integers become numbers, categories the numbers of
/// their texts. A single target of integers or categories is (n), int64, as cross_entropy takes it;
/// other targets are numbers (n, columns). A target of text becomes a category. A column of text
/// cannot be an input, unless `types` calls it a category.
///
/// Numbers of categories belong to one file. Where two are to have the same, as in training and
/// testing, the second takes those of the first:
///
///     data::Csv test("test.csv", {.categories = {{"city", train.categories("city")}}});
///
/// Numbers that are too small for the dtype are 0. Where `CsvMissing::nan` numbers missing classes
/// -1, `cross_entropy` leaves them out with
/// `.ignore_index = -1`.
class Csv {
 public:
  /// @throws IoError     if the file is missing, is no regular file or has a null byte; if a quote
  /// is
  ///                     not closed or stands where it may not; if rows have different numbers of
  ///                     fields or two columns one name; if a value is not of its column's type or
  ///                     out of range; for missing values (CsvMissing), and texts that `categories`
  ///                     does not have; for a table of a single column, which would be the target;
  ///                     if a gzipped table is too large (max_expansion). It names line and column.
  /// @throws ValueError  for options that name a column that is not there, or that cannot be.
  explicit Csv(const std::string& path, const CsvOptions& options = {},
               Site site = {__builtin_FILE(), __builtin_LINE()});

  /// The number of rows.
  std::int64_t size() const;
  /// @throws ValueError  for an index that is not there.
  Batch get(std::span<const std::int64_t> indices) const;
  /// All inputs and targets.
  Batch all() const;

  /// The columns' names, in the order of the file.
  const std::vector<std::string>& columns() const noexcept;
  /// Never automatic. @throws ValueError  for a column that is not there, as do those below.
  CsvType type(const std::string& column) const;
  /// A column of numbers, integers or categories, (n). In columns that are neither inputs nor
  /// targets, a missing number is NaN, a missing category -1, and an integer column with missing
  /// values consists of numbers.
  /// @throws ValueError  for a column of text.
  Tensor column(const std::string& column) const;
  /// The fields of any column as they stand in the file, without quotes.
  std::vector<std::string> text(const std::string& column) const;
  /// The texts of a category column, by number. @throws ValueError  for a column of another type.
  const std::vector<std::string>& categories(const std::string& column) const;

 private:
  std::shared_ptr<const detail::CsvTable> table_;
  Site site_;
};

}  // namespace xgrad::data

// The input's first byte chooses the options; the rest is the table.
#include <xgrad/data/csv.hpp>
#include <xgrad/graph/error.hpp>

#include "in_memory.hpp"

namespace {

using xgrad::data::Csv;
using xgrad::data::CsvMissing;
using xgrad::data::CsvOptions;
using xgrad::data::CsvType;

CsvOptions options_of(std::uint8_t choice) {
  constexpr CsvMissing missing[] = {CsvMissing::refuse, CsvMissing::nan, CsvMissing::fill,
                                    CsvMissing::drop};
  return {.delimiter = (choice & 4) != 0 ? ';' : ',',
          .header = (choice & 8) == 0,
          .missing = missing[choice & 3],
          .fill = (choice & 16) != 0 ? 0.5 : -1};
}

void read_columns(const Csv& csv) {
  for (const std::string& name : csv.columns()) {
    csv.text(name);
    if (csv.type(name) != CsvType::text) csv.column(name);
    if (csv.type(name) == CsvType::category) csv.categories(name);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  try {
    const Csv csv(xgrad::fuzz::file_of(data + 1, size - 1), options_of(*data));
    csv.all();
    read_columns(csv);
  } catch (const xgrad::IoError&) {
  }
  return 0;
}

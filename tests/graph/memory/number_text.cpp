#include <limits>

#include <xgrad/graph/number_text.hpp>

#include "support/catch.hpp"

using namespace xgrad::detail;

TEST_CASE("large integers have a comma after each three digits", "[graph][number_text]") {
  CHECK(grouped(0) == "0");
  CHECK(grouped(999) == "999");
  CHECK(grouped(1000) == "1,000");
  CHECK(grouped(1234567) == "1,234,567");
  CHECK(grouped(-123) == "-123");
  CHECK(grouped(-1234) == "-1,234");
  CHECK(grouped(-123456) == "-123,456");
  CHECK(grouped(std::numeric_limits<std::int64_t>::min()) == "-9,223,372,036,854,775,808");
}

TEST_CASE("bytes have the unit that fits", "[graph][number_text]") {
  CHECK(in_bytes(0) == "0 B");
  CHECK(in_bytes(1023) == "1023 B");
  CHECK(in_bytes(1536) == "1.5 KiB");
  CHECK(in_bytes(std::int64_t{5} << 20) == "5.0 MiB");
  CHECK(in_bytes(std::int64_t{5} << 30) == "5.00 GiB");
}

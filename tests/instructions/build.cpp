#include "instructions/build.hpp"

#include <gnu/libc-version.h>
#include <sys/utsname.h>

#include <string>

namespace xgrad::test {
namespace {

std::string architecture() {
  utsname names{};
  return uname(&names) == 0 ? names.machine : "unknown";
}

}  // namespace

nlohmann::ordered_json this_build() {
  return {{"architecture", architecture()},
          {"compiler", XGRAD_TEST_COMPILER},
          {"build type", XGRAD_TEST_BUILD_TYPE},
          {"flags", XGRAD_TEST_FLAGS},
          {"libc", std::string("glibc ") + gnu_get_libc_version()}};
}

}  // namespace xgrad::test

// The learning rates of PyTorch's schedulers: none of them is built yet, and each is told.
#include <vector>

#include "reference/runner/not_built.hpp"
#include "support/catch.hpp"
#include "support/reference.hpp"

using namespace xgrad;
using test::Json;

TEST_CASE("schedulers are those that are not built yet", "[pytorch][schedulers]") {
  const Json data = test::read_reference("schedulers.json");
  const std::vector<std::string> not_built{
      "StepLR",           "MultiStepLR",  "ExponentialLR",    "CosineAnnealingLR",
      "OneCycleLR",       "CyclicLR",     "LinearLR",         "CosineAnnealingWarmRestarts",
      "ConstantLR",       "PolynomialLR", "LambdaLR",         "MultiplicativeLR",
      "ChainedScheduler", "SequentialLR", "ReduceLROnPlateau"};
  for (const Json& c : data.at("cases"))
    CHECK(test::is_listed(not_built, c.at("scheduler").get<std::string>()));
  test::tell_not_built("schedulers.json", "all of it", not_built);
}

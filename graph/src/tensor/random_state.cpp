#include <xgrad/graph/random.hpp>

#include <bit>

#include <xgrad/graph/op_scope.hpp>
#include <xgrad/graph/state_dict.hpp>
#include <xgrad/graph/state_reader.hpp>

namespace xgrad {

StateDict Generator::state_dict() const {
  return {{"seed", std::bit_cast<std::int64_t>(seed_)},
          {"counter", std::bit_cast<std::int64_t>(counter_)}};
}

void Generator::load_state_dict(const StateDict& state, Site site) {
  const OpScope scope("load_state_dict", site);
  detail::StateReader reader(state);
  std::int64_t seed = 0, counter = 0;
  reader.read("seed", seed);
  reader.read("counter", counter);
  reader.check_fits("Generator", "it has a seed and a counter");
  seed_ = std::bit_cast<std::uint64_t>(seed);
  counter_ = std::bit_cast<std::uint64_t>(counter);
}

}  // namespace xgrad

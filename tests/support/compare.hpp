// compare.hpp: what tests compare by. Each gives a result that is true or says what is wrong.
#pragma once

#include <cmath>
#include <functional>
#include <ostream>
#include <string>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/state_dict.hpp>
#include <xgrad/graph/tensor.hpp>

namespace xgrad::test {

struct Verdict {
  bool good;
  std::string text;
  explicit operator bool() const { return good; }
  friend std::ostream& operator<<(std::ostream& out, const Verdict& v) { return out << v.text; }
};

/// Same shape, and |a - b| <= atol + rtol |b| for each element; NaN equals NaN.
Verdict all_close(const Tensor& a, const Tensor& b, double atol, double rtol = 0);
/// Same shape, dtype and bits.
Verdict same_bits(const Tensor& a, const Tensor& b);
/// Same names in the same order, of the same types, with the same bits.
Verdict same_bits(const StateDict& a, const StateDict& b);

/// The message of the E that f throws contains all the parts.
template <class E>
Verdict throws(const std::function<void()>& f, std::initializer_list<std::string> parts) {
  try {
    f();
  } catch (const E& e) {
    const std::string message = e.what();
    for (const std::string& part : parts)
      if (message.find(part) == std::string::npos)
        return {false, "'" + part + "' is not in the message: " + message};
    return {true, message};
  } catch (const std::exception& e) {
    return {false, std::string("another exception: ") + e.what()};
  }
  return {false, "nothing was thrown"};
}

/// float64 leaves without ties and away from 0, the same for the same seed.
Tensor uniform(const Shape& shape, double low, double high, unsigned seed, DType dtype = float64);

/// The same, wanting a gradient.
inline Tensor leaf(const Shape& shape, double low, double high, unsigned seed,
                   DType dtype = float64) {
  return uniform(shape, low, high, seed, dtype).requires_grad_();
}

}  // namespace xgrad::test

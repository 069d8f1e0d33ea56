// No op reads behind the elements of memory that is not the library's, at any address: pages that
// may not be touched follow it.
#include <cstring>

#include <sys/mman.h>
#include <unistd.h>

#include <xgrad/xgrad.hpp>

#include "ops/op_cases.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/trial.hpp"

using namespace xgrad;
using test::OpCase;
using test::trial;

namespace {

// A copy whose last byte is the last one before a page that may not be touched.
Tensor at_the_edge(const Tensor& x) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  const auto bytes = static_cast<std::size_t>(x.numel()) * size_of(x.dtype());
  const std::size_t usable = (bytes + page - 1) / page * page, all = usable + page;
  void* const pages =
      mmap(nullptr, all, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  REQUIRE(pages != MAP_FAILED);
  REQUIRE(mprotect(static_cast<char*>(pages) + usable, page, PROT_NONE) == 0);
  char* const elements = static_cast<char*>(pages) + usable - bytes;
  if (bytes != 0) std::memcpy(elements, x.node().storage->data(), bytes);
  return from_blob(static_cast<void*>(elements), x.shape(), [=](void*) { munmap(pages, all); },
                   {.dtype = x.dtype()});
}

std::vector<Tensor> all_at_the_edge(const std::vector<Tensor>& tensors) {
  std::vector<Tensor> moved;
  for (const Tensor& x : tensors) moved.push_back(at_the_edge(x).requires_grad_());
  return moved;
}

std::vector<Tensor> leaves(const std::vector<Tensor>& tensors) {
  std::vector<Tensor> moved;
  for (const Tensor& x : tensors) moved.push_back(x.clone().requires_grad_());
  return moved;
}

// The value, and the gradients for an upstream gradient.
std::vector<Tensor> computed(const OpCase& c, const std::vector<Tensor>& x, const Tensor& dy) {
  const Tensor y = c.op(x);
  std::vector<Tensor> all{y.detach()};
  if (!y.requires_grad()) return all;
  for (const Tensor& g : grad(y, x, {.grad_outputs = {dy}, .allow_unused = true})) all.push_back(g);
  return all;
}

void check_same(const std::vector<Tensor>& a, const std::vector<Tensor>& b) {
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    CHECK(a[i].defined() == b[i].defined());
    if (a[i].defined()) CHECK(test::all_close(a[i], b[i], 1e-12, 1e-12));
  }
}

void check_elementwise(const Tensor& x, const Tensor& b) {
  const Tensor e = at_the_edge(x), f = at_the_edge(b);
  CHECK(test::same_bits(e * 2 + e, x * 2 + x));
  CHECK(test::same_bits(where(f, e, -e), where(b, x, -x)));
  CHECK(test::same_bits(e > 0, x > 0));
  CHECK(test::same_bits(e.sum(), x.sum()));
  CHECK(test::same_bits(f | f, b));
}

}  // namespace

TEST_CASE("ops and their gradients stay within borrowed memory", "[ops][from_blob]") {
  for (const OpCase& c : test::all_op_cases())
    trial(c.name, [&] {
      manual_seed(1);
      const Tensor dy = ones_like(c.op(c.inputs).detach());
      manual_seed(1);
      const std::vector<Tensor> expected = computed(c, leaves(c.inputs), dy);
      manual_seed(1);
      check_same(computed(c, all_at_the_edge(c.inputs), at_the_edge(dy)), expected);
    });
}

TEST_CASE("rows of every length and dtype stay within borrowed memory", "[ops][from_blob]") {
  for (const DType d : {bool_, int64, float32, float64})
    for (std::int64_t n = 0; n < 70; ++n) {
      INFO(name(d) << " " << n);
      const Tensor x = randint(0, 2, {n}, {.dtype = d});
      if (d == bool_)
        CHECK(test::same_bits(at_the_edge(x) & at_the_edge(x), x));
      else
        check_elementwise(x, randint(0, 2, {n}, {.dtype = bool_}));
    }
}

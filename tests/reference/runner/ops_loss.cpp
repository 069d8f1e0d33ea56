#include "reference/runner/call.hpp"

namespace xgrad::test {
namespace {

template <Tensor (*f)(Operand, Operand, Reduction)>
Results loss(const Call& c) {
  return {f(c.operand(0), c.operand(1), c.reduction())};
}
CrossEntropyOptions cross_entropy_options(const Call& c) {
  return {.weight = c.option_tensor("weight"),
          .ignore_index = c.option<std::int64_t>("ignore_index", -100),
          .reduction = c.reduction(),
          .label_smoothing = c.option("label_smoothing", 0.0)};
}

}  // namespace

void add_loss(Table& table) {
  table.insert({
      {"nn.functional.binary_cross_entropy",
       ONE(binary_cross_entropy(c.operand(0), c.operand(1), c.option_tensor("weight"),
                                c.reduction()))},
      {"nn.functional.binary_cross_entropy_with_logits",
       ONE(binary_cross_entropy_with_logits(c.operand(0), c.operand(1),
                                            {.weight = c.option_tensor("weight"),
                                             .reduction = c.reduction(),
                                             .pos_weight = c.option_tensor("pos_weight")}))},
      {"nn.functional.cosine_embedding_loss",
       ONE(cosine_embedding_loss(c.operand(0), c.operand(1), c.operand(2), c.option("margin", 0.0),
                                 c.reduction()))},
      {"nn.functional.cross_entropy",
       ONE(cross_entropy(c.operand(0), c.tensor(1), cross_entropy_options(c)))},
      {"nn.functional.ctc_loss",
       ONE(ctc_loss(c.operand(0), c.tensor(1), c.tensor(2), c.tensor(3),
                    {.blank = c.option<std::int64_t>("blank", 0),
                     .reduction = c.reduction(),
                     .zero_infinity = c.option("zero_infinity", false)}))},
      {"nn.functional.gaussian_nll_loss",
       ONE(gaussian_nll_loss(c.operand(0), c.operand(1), c.operand(2),
                             {.full = c.option("full", false),
                              .eps = c.option("eps", 1e-6),
                              .reduction = c.reduction()}))},
      {"nn.functional.hinge_embedding_loss",
       ONE(hinge_embedding_loss(c.operand(0), c.operand(1), c.option("margin", 1.0),
                                c.reduction()))},
      {"nn.functional.huber_loss",
       ONE(huber_loss(c.operand(0), c.operand(1), c.reduction(), c.option("delta", 1.0)))},
      {"nn.functional.kl_div",
       ONE(kl_div(c.operand(0), c.operand(1), c.reduction(), c.option("log_target", false)))},
      {"nn.functional.l1_loss", loss<l1_loss>},
      {"nn.functional.margin_ranking_loss",
       ONE(margin_ranking_loss(c.operand(0), c.operand(1), c.operand(2), c.option("margin", 0.0),
                               c.reduction()))},
      {"nn.functional.mse_loss", loss<mse_loss>},
      {"nn.functional.multi_margin_loss",
       ONE(multi_margin_loss(c.operand(0), c.tensor(1),
                             {.p = c.option("p", 1),
                              .margin = c.option("margin", 1.0),
                              .weight = c.option_tensor("weight"),
                              .reduction = c.reduction()}))},
      {"nn.functional.multilabel_margin_loss",
       ONE(multilabel_margin_loss(c.operand(0), c.tensor(1), c.reduction()))},
      {"nn.functional.multilabel_soft_margin_loss",
       ONE(multilabel_soft_margin_loss(c.operand(0), c.operand(1), c.option_tensor("weight"),
                                       c.reduction()))},
      {"nn.functional.nll_loss",
       ONE(nll_loss(c.operand(0), c.tensor(1), cross_entropy_options(c)))},
      {"nn.functional.poisson_nll_loss",
       ONE(poisson_nll_loss(c.operand(0), c.operand(1),
                            {.log_input = c.option("log_input", true),
                             .full = c.option("full", false),
                             .eps = c.option("eps", 1e-8),
                             .reduction = c.reduction()}))},
      {"nn.functional.smooth_l1_loss",
       ONE(smooth_l1_loss(c.operand(0), c.operand(1), c.reduction(), c.option("beta", 1.0)))},
      {"nn.functional.soft_margin_loss", loss<soft_margin_loss>},
      {"nn.functional.triplet_margin_loss",
       ONE(triplet_margin_loss(c.operand(0), c.operand(1), c.operand(2),
                               {.margin = c.option("margin", 1.0),
                                .p = c.option("p", 2.0),
                                .eps = c.option("eps", 1e-6),
                                .swap = c.option("swap", false),
                                .reduction = c.reduction()}))},
  });
}

}  // namespace xgrad::test

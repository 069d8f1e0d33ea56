#include "calls/call.hpp"

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
  add(table,
      {
          {"nn.functional.binary_cross_entropy",
           "f(0..1)[*A] f(0..1)[*A] | weight=w[~*A] reduction={none,mean,sum}",
           ONE(binary_cross_entropy(c.operand(0), c.operand(1), c.option_tensor("weight"),
                                    c.reduction()))},
          {"nn.functional.binary_cross_entropy_with_logits",
           "f[*A] f(0..1)[*A] | weight=w[~*A] pos_weight=w(0.1..3)[~*A] reduction={none,mean,sum}",
           ONE(binary_cross_entropy_with_logits(c.operand(0), c.operand(1),
                                                {.weight = c.option_tensor("weight"),
                                                 .reduction = c.reduction(),
                                                 .pos_weight = c.option_tensor("pos_weight")}))},
          {"nn.functional.cosine_embedding_loss",
           "f[N,M] f[N,M] signs[N] | margin=real(-1..1) reduction={none,mean,sum} // "
           "f[M] f[M] signs[] | margin=real(-1..1) reduction={none,mean,sum}",
           ONE(cosine_embedding_loss(c.operand(0), c.operand(1), c.operand(2),
                                     c.option("margin", 0.0), c.reduction()))},
          {"nn.functional.cross_entropy",
           "f[N,C,*A] i(0..C-1)[N,*A] | weight=w(0..2)[C] ignore_index={0,1,-100} "
           "reduction={none,mean,sum} label_smoothing=real(0..1) // "
           "f[C] i(0..C-1)[] | weight=w(0..2)[C] ignore_index={0,1,-100} reduction={none,mean,sum} "
           "label_smoothing=real(0..1) // "
           "f[N?,C,*A] f(0..1)[N?,C,*A] | weight=w(0..2)[C] reduction={none,mean,sum} "
           "label_smoothing=real(0..1)",
           ONE(cross_entropy(c.operand(0), c.tensor(1), cross_entropy_options(c)))},
          {"nn.functional.ctc_loss",
           "normalized[T(4..7),N(1..3),C(3..4)] i(1..2)[N,S(1..3)] i(3..T)[N] i(0..S)[N] | "
           "blank={0} reduction={none,mean,sum} zero_infinity=bool // "
           "normalized[T(4..7),C(3..4)] i(1..2)[S(1..3)] i(3..T)[] i(1..S)[] | "
           "reduction={none,mean,sum} zero_infinity=bool",
           ONE(ctc_loss(c.operand(0), c.tensor(1), c.tensor(2), c.tensor(3),
                        {.blank = c.option<std::int64_t>("blank", 0),
                         .reduction = c.reduction(),
                         .zero_infinity = c.option("zero_infinity", false)}))},
          {"nn.functional.gaussian_nll_loss",
           "f[*A,N] f[*A,N] f(0.1..3)[*A,N]/[*A,1]/[*A] | full=bool eps=real(0.000001..0.1) "
           "reduction={none,mean,sum}",
           ONE(gaussian_nll_loss(c.operand(0), c.operand(1), c.operand(2),
                                 {.full = c.option("full", false),
                                  .eps = c.option("eps", 1e-6),
                                  .reduction = c.reduction()}))},
          {"nn.functional.hinge_embedding_loss",
           "f[~*A] signs[~*A] | margin=num reduction={none,mean,sum}",
           ONE(hinge_embedding_loss(c.operand(0), c.operand(1), c.option("margin", 1.0),
                                    c.reduction()))},
          {"nn.functional.huber_loss",
           "f[~*A] f[~*A] | delta=real(0.1..3) reduction={none,mean,sum}",
           ONE(huber_loss(c.operand(0), c.operand(1), c.reduction(), c.option("delta", 1.0)))},
          {"nn.functional.kl_div",
           "f[~*A] f(0..1)[~*A] | reduction={none,mean,sum,batchmean} log_target=bool",
           ONE(kl_div(c.operand(0), c.operand(1), c.reduction(), c.option("log_target", false)))},
          {"nn.functional.l1_loss", "f[~*A] f[~*A] | reduction={none,mean,sum}", loss<l1_loss>},
          {"nn.functional.margin_ranking_loss",
           "f[*A] f[*A] signs[*A] | margin=num reduction={none,mean,sum}",
           ONE(margin_ranking_loss(c.operand(0), c.operand(1), c.operand(2),
                                   c.option("margin", 0.0), c.reduction()))},
          {"nn.functional.mse_loss", "f[~*A] f[~*A] | reduction={none,mean,sum}", loss<mse_loss>},
          {"nn.functional.multi_margin_loss",
           "f[N,C(1..5)] i(0..C-1)[N] | p={1,2} margin=num weight=w[C] reduction={none,mean,sum} "
           "// "
           "f[C(1..5)] i(0..C-1)[]/[1] | p={1,2} margin=num weight=w[C] reduction={none,mean,sum}",
           ONE(multi_margin_loss(c.operand(0), c.tensor(1),
                                 {.p = c.option("p", 1),
                                  .margin = c.option("margin", 1.0),
                                  .weight = c.option_tensor("weight"),
                                  .reduction = c.reduction()}))},
          {"nn.functional.multilabel_margin_loss",
           "f[N?,C(1..5)] i(-1..C-1)[N?,C] | reduction={none,mean,sum}",
           ONE(multilabel_margin_loss(c.operand(0), c.tensor(1), c.reduction()))},
          {"nn.functional.multilabel_soft_margin_loss",
           "f[*A,C] f(0..1)[*A,C] | weight=w[C] reduction={none,mean,sum}",
           ONE(multilabel_soft_margin_loss(c.operand(0), c.operand(1), c.option_tensor("weight"),
                                           c.reduction()))},
          {"nn.functional.nll_loss",
           "f[N,C,*A] i(0..C-1)[N,*A] | weight=w(0..2)[C] ignore_index={0,1,-100} "
           "reduction={none,mean,sum} // "
           "f[C] i(0..C-1)[] | weight=w(0..2)[C] ignore_index={0,1,-100} reduction={none,mean,sum}",
           ONE(nll_loss(c.operand(0), c.tensor(1), cross_entropy_options(c)))},
          {"nn.functional.poisson_nll_loss",
           "f[~*A] f(0..4)[~*A] | log_input=bool full=bool eps=real(0.000001..0.1) "
           "reduction={none,mean,sum}",
           ONE(poisson_nll_loss(c.operand(0), c.operand(1),
                                {.log_input = c.option("log_input", true),
                                 .full = c.option("full", false),
                                 .eps = c.option("eps", 1e-8),
                                 .reduction = c.reduction()}))},
          {"nn.functional.smooth_l1_loss",
           "f[~*A] f[~*A] | beta=real(0..3) reduction={none,mean,sum}",
           ONE(smooth_l1_loss(c.operand(0), c.operand(1), c.reduction(), c.option("beta", 1.0)))},
          {"nn.functional.soft_margin_loss", "f[~*A] signs[~*A] | reduction={none,mean,sum}",
           loss<soft_margin_loss>},
          {"nn.functional.triplet_margin_loss",
           "f[*A,N] f[*A,N] f[*A,N] | margin=num p={1,2,3,1.5} eps=real(0.000001..0.1) swap=bool "
           "reduction={none,mean,sum}",
           ONE(triplet_margin_loss(c.operand(0), c.operand(1), c.operand(2),
                                   {.margin = c.option("margin", 1.0),
                                    .p = c.option("p", 2.0),
                                    .eps = c.option("eps", 1e-6),
                                    .swap = c.option("swap", false),
                                    .reduction = c.reduction()}))},
      });
}

}  // namespace xgrad::test

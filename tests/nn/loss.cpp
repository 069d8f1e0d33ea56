// Losses as modules: they pass their options on, and keep their weights as buffers.
#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;

TEST_CASE("losses are their ops with the options", "[nn][loss]") {
  const Tensor x = test::uniform({3, 4}, -1, 1, 1), y = test::uniform({3, 4}, -1, 1, 2);
  const Tensor p = test::uniform({3, 4}, 0.1, 0.9, 3), sign = where(y > 0, 1, -1);
  const Tensor classes = tensor({1, 3, 0}), w = test::uniform({4}, 0.5, 2, 4);
  CHECK(test::same_bits(nn::MSELoss(Reduction::sum)(x, y), mse_loss(x, y, Reduction::sum)));
  CHECK(test::same_bits(nn::HuberLoss(Reduction::mean, 0.3)(x, y),
                        huber_loss(x, y, Reduction::mean, 0.3)));
  CHECK(test::same_bits(nn::SmoothL1Loss(Reduction::none, 0.3)(x, y),
                        smooth_l1_loss(x, y, Reduction::none, 0.3)));
  CHECK(test::same_bits(nn::BCELoss(w)(p, p), binary_cross_entropy(p, p, w)));
  CHECK(test::same_bits(nn::BCEWithLogitsLoss({.pos_weight = w})(x, p),
                        binary_cross_entropy_with_logits(x, p, {.pos_weight = w})));
  CHECK(test::same_bits(nn::KLDivLoss(Reduction::batchmean, true)(x, y),
                        kl_div(x, y, Reduction::batchmean, true)));
  const CrossEntropyOptions smooth{.weight = w, .ignore_index = 0, .label_smoothing = 0.1};
  CHECK(
      test::same_bits(nn::CrossEntropyLoss(smooth)(x, classes), cross_entropy(x, classes, smooth)));
  CHECK(
      test::same_bits(nn::NLLLoss({.weight = w})(x, classes), nll_loss(x, classes, {.weight = w})));
  CHECK(test::same_bits(nn::MultiMarginLoss({.p = 2, .weight = w})(x, classes),
                        multi_margin_loss(x, classes, {.p = 2, .weight = w})));
  CHECK(
      test::same_bits(nn::MultiLabelSoftMarginLoss(w)(x, p), multilabel_soft_margin_loss(x, p, w)));
  CHECK(test::same_bits(nn::MultiLabelMarginLoss()(x[0], tensor({2, 0, -1, 1})),
                        multilabel_margin_loss(x[0], tensor({2, 0, -1, 1}))));
  CHECK(test::same_bits(nn::HingeEmbeddingLoss(0.5)(x, sign), hinge_embedding_loss(x, sign, 0.5)));
  CHECK(test::same_bits(nn::CosineEmbeddingLoss(0.2)(x, y, tensor({1, -1, 1})),
                        cosine_embedding_loss(x, y, tensor({1, -1, 1}), 0.2)));
  const Tensor scores = log_softmax(test::uniform({4, 1, 3}, -1, 1, 5), -1);
  CHECK(test::same_bits(nn::CTCLoss()(scores, tensor({{1, 2}}), tensor({4}), tensor({2})),
                        ctc_loss(scores, tensor({{1, 2}}), tensor({4}), tensor({2}))));
}

TEST_CASE("a loss keeps its weight as a buffer", "[nn][loss]") {
  nn::CrossEntropyLoss loss({.weight = ones({3})});
  CHECK(loss.state_dict().contains("weight"));
  CHECK(loss.parameters().empty());
  loss.to(float64);
  CHECK(loss(test::uniform({2, 3}, -1, 1, 1), tensor({0, 2})).dtype() == float64);
  CHECK(nn::NLLLoss().buffers().empty());
  nn::BCEWithLogitsLoss both({.weight = ones({3}), .pos_weight = ones({3})});
  CHECK(both.buffers().size() == 2);
}

TEST_CASE("a triplet loss takes a distance", "[nn][loss]") {
  const Tensor a = test::uniform({3, 4}, -1, 1, 1), p = test::uniform({3, 4}, -1, 1, 2),
               n = test::uniform({3, 4}, -1, 1, 3);
  CHECK(test::all_close(nn::TripletMarginWithDistanceLoss({.margin = 2, .swap = true})(a, p, n),
                        triplet_margin_loss(a, p, n, {.margin = 2, .swap = true}), 1e-5));
  const nn::TripletMarginWithDistanceLoss loss(
      {.distance_function = [](const Tensor& x, const Tensor& y) { return abs(x - y).sum(-1); },
       .reduction = Reduction::none});
  const Tensor expected = clamp_min(abs(a - p).sum(-1) - abs(a - n).sum(-1) + 1, 0);
  CHECK(test::all_close(loss(a, p, n), expected, 1e-14));
  CHECK(test::throws<ValueError>(
      [&] { nn::TripletMarginWithDistanceLoss({.reduction = Reduction::batchmean})(a, p, n); },
      {"TripletMarginWithDistanceLoss", "reduction"}));
}

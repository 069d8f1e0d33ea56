#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;

TEST_CASE("layers that rearrange have inverses", "[nn][shape]") {
  const Tensor x = test::uniform({2, 8, 3, 2}, -1, 1, 1);
  CHECK(test::same_bits(nn::PixelUnshuffle(2)(nn::PixelShuffle(2)(x)), x));
  CHECK(test::same_bits(nn::ChannelShuffle(4)(nn::ChannelShuffle(2)(x)), x));
  CHECK(test::same_bits(nn::Unflatten(1, {8, 3, 2})(nn::Flatten()(x)), x));
  CHECK(test::same_bits(nn::Fold({3, 2}, 1)(nn::Unfold(1)(x)), x));
  CHECK(nn::Upsample({.scale_factor = 2})(x).shape() == Shape{2, 8, 6, 4});
  CHECK(nn::Upsample({.size = {5, 7}, .mode = "bilinear"})(x).shape() == Shape{2, 8, 5, 7});
}

TEST_CASE("layers that rearrange print as PyTorch's", "[nn][shape]") {
  CHECK(to_string(nn::Flatten()) == "Flatten(start_dim=1, end_dim=-1)");
  CHECK(to_string(nn::Unflatten(1, {2, 5})) == "Unflatten(dim=1, unflattened_size=(2, 5))");
  CHECK(to_string(nn::PixelShuffle(3)) == "PixelShuffle(upscale_factor=3)");
  CHECK(to_string(nn::PixelUnshuffle(3)) == "PixelUnshuffle(downscale_factor=3)");
  CHECK(to_string(nn::ChannelShuffle(2)) == "ChannelShuffle(groups=2)");
  CHECK(to_string(nn::Unfold({2, 3})) ==
        "Unfold(kernel_size=(2, 3), dilation=1, padding=0, stride=1)");
  CHECK(to_string(nn::Fold({4, 5}, 2)) ==
        "Fold(output_size=(4, 5), kernel_size=2, dilation=1, padding=0, stride=1)");
  CHECK(to_string(nn::Upsample({.scale_factor = 2, .mode = "bilinear"})) ==
        "Upsample(scale_factor=2, mode='bilinear')");
  CHECK(to_string(nn::Upsample({.size = {4, 5}})) == "Upsample(size=(4, 5), mode='nearest')");
}

TEST_CASE("a bilinear layer is linear in each input", "[nn][linear]") {
  const nn::Bilinear layer(2, 3, 4, {.bias = false, .dtype = float64});
  const Tensor a = test::uniform({5, 2}, -1, 1, 1), b = test::uniform({5, 3}, -1, 1, 2),
               c = test::uniform({5, 3}, -1, 1, 3);
  CHECK(test::all_close(layer(a * 2, b + c).detach(), (2 * (layer(a, b) + layer(a, c))).detach(),
                        1e-12));
  CHECK(to_string(layer) == "Bilinear(in1_features=2, in2_features=3, out_features=4, bias=False)");
  CHECK(test::throws<ValueError>([] { nn::Bilinear(0, 1, 1); }, {"Bilinear", "in1_features"}));
  nn::Bilinear counted(2, 3, 4);
  CHECK(nn::summary(counted, {{5, 2}, {5, 3}}).multiply_adds == 5 * 4 * 2 * 4);
}

TEST_CASE("distances as layers", "[nn][distance]") {
  const Tensor a = test::uniform({4, 3}, -1, 1, 1), b = test::uniform({4, 3}, -1, 1, 2);
  CHECK(test::same_bits(nn::CosineSimilarity(0)(a, b), cosine_similarity(a, b, 0)));
  CHECK(test::same_bits(nn::PairwiseDistance(1, 1e-6, true)(a, b),
                        pairwise_distance(a, b, 1, 1e-6, true)));
}

#include <xgrad/data/char_text.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/op_scope.hpp>
#include <xgrad/ops/counting.hpp>
#include <xgrad/ops/indexing.hpp>
#include <xgrad/ops/sorting.hpp>

#include "input_file.hpp"
#include "utf8.hpp"

namespace xgrad::data {
namespace {

std::string as_utf8(std::int64_t code_point) {
  std::string text;
  detail::append_utf8(text, code_point);
  return text;
}

}  // namespace

std::string read_text(const std::string& path, Site site) {
  const OpScope scope("read_text", site);
  return detail::InputFile("read_text", path, site).read_rest();
}

CharText::CharText(std::string_view text, Count length, const CharTextOptions& options, Site site)
    : length_(length), stride_(options.stride), site_(site) {
  const OpScope scope("CharText", site);
  if (length_ < 1 || stride_ < 1)
    throw ValueError(fmt::format("CharText: length is {} and stride is {}; both must be at least 1",
                                 length_, stride_));
  const Tensor points = detail::code_points("CharText", text);
  vocabulary_ = options.vocabulary.empty() ? unique(points)
                                           : detail::code_points("CharText", options.vocabulary);
  auto [sorted, numbers] = sort(vocabulary_);
  sorted_ = sorted, numbers_ = numbers;
  const auto all = sorted_.span<std::int64_t>();
  if (const auto twice = std::adjacent_find(all.begin(), all.end()); twice != all.end())
    throw ValueError(fmt::format("CharText: the vocabulary has '{}' twice", as_utf8(*twice)));
  tokens_ = encode(text, site);
}

CharText::CharText(const CharText& like, Tensor tokens) : CharText(like) {
  tokens_ = std::move(tokens);
}

std::int64_t CharText::size() const {
  const std::int64_t beginnings = tokens_.numel() - length_;
  return beginnings <= 0 ? 0 : (beginnings - 1) / stride_ + 1;
}

Batch CharText::get(std::span<const std::int64_t> indices) const {
  const OpScope scope("CharText", site_);
  const Shape shape{static_cast<std::int64_t>(indices.size()), length_};
  Tensor inputs = empty(shape, {.dtype = int64}), targets = empty(shape, {.dtype = int64});
  std::int64_t *x = inputs.mutable_data<std::int64_t>(), *y = targets.mutable_data<std::int64_t>();
  for (const std::int64_t i : indices) {
    if (i < 0 || i >= size())
      throw ValueError(
          fmt::format("CharText: index {} is out of range; it must be in [0, {})", i, size()));
    const std::int64_t* const from = tokens_.data<std::int64_t>() + i * stride_;
    x = std::copy_n(from, length_, x);
    y = std::copy_n(from + 1, length_, y);
  }
  return {inputs, targets};
}

std::string CharText::vocabulary() const {
  std::string text;
  for (const std::int64_t point : vocabulary_.span<std::int64_t>())
    detail::append_utf8(text, point);
  return text;
}

Tensor CharText::encode(std::string_view text, Site site) const {
  const OpScope scope("CharText", site);
  Tensor points = detail::code_points("CharText", text);
  const auto known = sorted_.span<std::int64_t>();
  std::int64_t* const p = points.mutable_data<std::int64_t>();
  for (std::int64_t i = 0; i < points.numel(); ++i) {
    const auto at = std::lower_bound(known.begin(), known.end(), p[i]);
    if (at == known.end() || *at != p[i])
      throw ValueError(
          fmt::format("CharText: '{}' (U+{:04X}) is not in the vocabulary of {} "
                      "characters",
                      as_utf8(p[i]), p[i], known.size()));
    p[i] = numbers_.data<std::int64_t>()[at - known.begin()];
  }
  return points;
}

std::string CharText::decode(const Tensor& tokens, Site site) const {
  const OpScope scope("CharText", site);
  if (tokens.dtype() != int64)
    throw DTypeError(fmt::format("CharText: tokens are {}; they must be int64",
                                 xgrad::detail::describe(tokens)));
  std::string text;
  for (const std::int64_t token : tokens.span<std::int64_t>()) {
    if (token < 0 || token >= vocab_size())
      throw ValueError(fmt::format("CharText: token {} is out of range; it must be in [0, {})",
                                   token, vocab_size()));
    detail::append_utf8(text, vocabulary_.data<std::int64_t>()[token]);
  }
  return text;
}

std::pair<CharText, CharText> CharText::split(double fraction, Site site) const {
  const OpScope scope("CharText", site);
  if (!(fraction >= 0 && fraction <= 1))
    throw ValueError(fmt::format("CharText: fraction is {}; it must be in [0, 1]", fraction));
  const std::int64_t all = tokens_.numel();
  const auto cut = static_cast<std::int64_t>(std::floor(fraction * static_cast<double>(all)));
  return {CharText(*this, narrow(tokens_, 0, 0, cut)),
          CharText(*this, narrow(tokens_, 0, cut, all - cut))};
}

}  // namespace xgrad::data

// char_text.hpp: a text as a dataset of characters, for models that predict the next one.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <xgrad/data/dataset.hpp>

namespace xgrad::data {

/// The whole of a text file, plain or gzipped.
/// @throws IoError  if the file is missing, may not be read, is not a regular file, or its gzip
///                  data are damaged.
std::string read_text(const std::string& path, Site site = {__builtin_FILE(), __builtin_LINE()});

struct CharTextOptions {
  std::int64_t stride = 1;      ///< characters from the beginning of a window to that of the next
  std::string vocabulary = {};  ///< the characters that there are; by default those of the text
};

/// Windows of a text, as numbers of characters: x is a window, y the same one character later.
///
///     data::CharText text(data::read_text("shakespeare.txt"), 64);
///     for (auto [x, y] : data::DataLoader(text, {.batch_size = 32, .shuffle = true}))
///       cross_entropy(model.forward(x), y.flatten()) ...
///     text.decode(text.encode("ROMEO:"));  // "ROMEO:"
///
/// Characters are Unicode's code points, and texts are UTF-8. They are numbered in the vocabulary's
/// order: by default that of their code points. Copies share the text.
class CharText {
 public:
  /// @param length  characters in a window.
  /// @throws ValueError  if length or stride is below 1, the text is not UTF-8, it holds a
  ///                     character that the vocabulary lacks, or the vocabulary has one twice.
  CharText(std::string_view text, Count length, const CharTextOptions& options = {},
           Site site = {__builtin_FILE(), __builtin_LINE()});

  /// Windows in the text: 0 if it has fewer than length + 1 characters.
  std::int64_t size() const;
  /// Inputs and targets (n, length), both int64.
  /// @throws ValueError  for an index that is not there.
  Batch get(std::span<const std::int64_t> indices) const;

  /// All of the text: int64, (characters).
  const Tensor& tokens() const noexcept { return tokens_; }
  /// The different characters, as UTF-8, in the order of their numbers.
  std::string vocabulary() const;
  std::int64_t vocab_size() const { return vocabulary_.numel(); }
  std::int64_t length() const noexcept { return length_; }

  /// The numbers of a text's characters, (characters), int64.
  /// @throws ValueError  if it is not UTF-8 or has a character that the vocabulary lacks.
  Tensor encode(std::string_view text, Site site = {__builtin_FILE(), __builtin_LINE()}) const;
  /// The text of such numbers, of any shape, row by row.
  /// @throws DTypeError  unless they are int64; ValueError  for one that is not in the vocabulary.
  std::string decode(const Tensor& tokens, Site site = {__builtin_FILE(), __builtin_LINE()}) const;

  /// Two texts, cut after that fraction of the characters, with the vocabulary of the whole. Their
  /// windows have no character in common, which `random_split` cannot promise.
  /// @throws ValueError  unless 0 <= fraction <= 1.
  std::pair<CharText, CharText> split(double fraction,
                                      Site site = {__builtin_FILE(), __builtin_LINE()}) const;

 private:
  CharText(const CharText& like, Tensor tokens);

  Tensor vocabulary_;  // code points, by number
  Tensor sorted_;      // code points in rising order,
  Tensor numbers_;     // and the number of each
  Tensor tokens_;
  std::int64_t length_, stride_;
  Site site_;
};

}  // namespace xgrad::data

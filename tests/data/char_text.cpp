#include <zlib.h>

#include <xgrad/xgrad.hpp>

#include "data/folder.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using data::CharText;
using test::same_bits;
using Numbers = std::vector<std::int64_t>;

TEST_CASE("windows of a text and the same one character later", "[data][text]") {
  const CharText text("abcab", 3);
  CHECK(text.vocabulary() == "abc");
  CHECK(text.vocab_size() == 3);
  CHECK(text.length() == 3);
  CHECK(text.size() == 2);
  const auto [x, y] = text.get(Numbers{1, 0});
  CHECK(same_bits(x, tensor({{1, 2, 0}, {0, 1, 2}})));
  CHECK(same_bits(y, tensor({{2, 0, 1}, {1, 2, 0}})));
  CHECK(same_bits(text.tokens(), tensor({0, 1, 2, 0, 1})));
  CHECK(text.get(Numbers{}).inputs.shape() == Shape{0, 3});
  CHECK(test::throws<ValueError>([&] { text.get(Numbers{2}); },
                                 {"CharText", "2", "[0, 2)", "char_text.cpp"}));
  CHECK(test::throws<ValueError>([&] { text.get(Numbers{-1}); }, {"-1"}));
}

TEST_CASE("every stride counts the windows that fit", "[data][text]") {
  const std::string letters = "abcdefghijk";
  for (std::int64_t stride = 1; stride < 13; ++stride)
    for (std::int64_t length = 1; length < 13; ++length) {
      const CharText text(letters, length, {.stride = stride});
      std::int64_t fit = 0;
      while (fit * stride + length + 1 <= 11) ++fit;
      CHECK(text.size() == fit);
      if (fit > 0)
        CHECK(text.get(Numbers{fit - 1}).targets.data<std::int64_t>()[length - 1] ==
              (fit - 1) * stride + length);
    }
  CHECK(CharText("", 1).size() == 0);
  CHECK(CharText("abc", std::int64_t{1} << 62).size() == 0);
}

TEST_CASE("decode is the inverse of encode", "[data][text]") {
  const std::string sample = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80z\n";  // 1 to 4 bytes each
  const CharText text(sample, 2);
  CHECK(text.vocab_size() == 6);
  CHECK(text.vocabulary() == "\naz\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
  CHECK(text.decode(text.encode(sample)) == sample);
  CHECK(text.decode(text.encode("")) == "");
  CHECK(text.decode(tensor({{1, 2}, {2, 1}})) == "azza");
  CHECK(test::throws<ValueError>([&] { text.encode("b"); },
                                 {"'b'", "U+0062", "6 char", "char_text.cpp"}));
  CHECK(test::throws<ValueError>([&] { text.decode(tensor({6})); }, {"token 6", "[0, 6)"}));
  CHECK(test::throws<DTypeError>([&] { text.decode(tensor({0.0})); }, {"float32"}));
}

TEST_CASE("a vocabulary that is given decides the numbers", "[data][text]") {
  const CharText text("abba", 1, {.vocabulary = "b?a"});
  CHECK(same_bits(text.tokens(), tensor({2, 0, 0, 2})));
  CHECK(text.vocabulary() == "b?a");
  CHECK(same_bits(text.encode("?"), tensor({1})));
  CHECK(text.decode(tensor({0, 1, 2})) == "b?a");
  CHECK(test::throws<ValueError>([] { CharText("abc", 1, {.vocabulary = "ab"}); }, {"'c'"}));
  CHECK(test::throws<ValueError>([] { CharText("a", 1, {.vocabulary = "aba"}); }, {"'a' twice"}));
}

TEST_CASE("a split has no character in common and one vocabulary", "[data][text]") {
  const CharText text("aaaaaaabbb", 2);
  const auto [train, test_text] = text.split(0.7);
  CHECK(train.tokens().numel() == 7);
  CHECK(test_text.tokens().numel() == 3);
  CHECK(train.vocabulary() == "ab");
  CHECK(test_text.vocabulary() == "ab");
  CHECK(test_text.size() == 1);
  CHECK(same_bits(test_text.get(Numbers{0}).inputs, tensor({{1, 1}})));
  CHECK(text.split(0).first.size() == 0);
  CHECK(text.split(1).second.size() == 0);
  CHECK(test::throws<ValueError>([&] { text.split(1.1); }, {"fraction is 1.1", "char_text.cpp"}));
}

TEST_CASE("what is not UTF-8 is refused with its place", "[data][text]") {
  const auto refuses = [](std::string text, const std::string& offset) {
    INFO(text);
    CHECK(
        test::throws<ValueError>([&] { CharText("ok" + text, 1); }, {"UTF-8", "offset " + offset}));
  };
  refuses("\x80", "2");  // a byte that continues nothing
  refuses("\xC3", "2");  // cut short
  refuses("a\xE2\x82", "3");
  refuses("\xC0\xAF", "2");  // overlong
  refuses("\xE0\x80\xAF", "2");
  refuses("\xF0\x80\x80\xAF", "2");
  refuses("\xED\xA0\x80", "2");      // a surrogate
  refuses("\xF4\x90\x80\x80", "2");  // beyond U+10FFFF
  refuses("\xFF", "2");
  refuses("\xF8\x88\x80\x80\x80", "2");  // five bytes
  CHECK(CharText("\xF4\x8F\xBF\xBF\xEF\xBF\xBF", 1).vocab_size() == 2);
}

TEST_CASE("lengths and strides below 1 are refused", "[data][text]") {
  CHECK(test::throws<ValueError>([] { CharText("abc", 0); }, {"length is 0", "char_text.cpp"}));
  CHECK(test::throws<ValueError>([] { CharText("abc", 1, {.stride = 0}); }, {"stride is 0"}));
}

TEST_CASE("a text file is read whole, plain or gzipped", "[data][text]") {
  const test::Folder folder;
  std::string text;
  for (int i = 0; i < 40000; ++i) text += std::to_string(i * i % 1009);
  folder.write("plain.txt", std::vector<char>(text.begin(), text.end()));
  CHECK(data::read_text(folder.at("plain.txt")) == text);
  const gzFile zipped = gzopen(folder.at("text.gz").c_str(), "wb");
  gzwrite(zipped, text.data(), static_cast<unsigned>(text.size()));
  gzclose(zipped);
  CHECK(data::read_text(folder.at("text.gz")) == text);
  folder.write("empty.txt", std::vector<char>{});
  CHECK(data::read_text(folder.at("empty.txt")).empty());
  CHECK(test::throws<IoError>([&] { data::read_text(folder.at("none")); },
                              {"read_text", "none", "char_text.cpp"}));
  CHECK(test::throws<IoError>([&] { data::read_text(folder.path.string()); }, {"directory"}));
  std::filesystem::resize_file(folder.at("text.gz"), 100);
  CHECK(test::throws<IoError>([&] { data::read_text(folder.at("text.gz")); }, {"truncated"}));
}

TEST_CASE("the text in the repository has 65 characters", "[data][text]") {
  const CharText text(data::read_text(XGRAD_TEST_DATA "/../text/shakespeare.txt"), 64,
                      {.stride = 64});
  CHECK(text.tokens().numel() == 1115394);
  CHECK(text.vocab_size() == 65);
  CHECK(text.size() == 17428);
  CHECK(text.decode(text.get(Numbers{0}).inputs).starts_with("First Citizen:\nBefore we proceed"));
}

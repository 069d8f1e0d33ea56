#include <clocale>
#include <cmath>

#include <zlib.h>
#include <xgrad/xgrad.hpp>

#include "data/folder.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using data::Csv;
using data::CsvMissing;
using data::CsvOptions;
using data::CsvType;

namespace {

struct File {
  test::Folder folder;
  std::string path = folder.at("table.csv");
  Csv read(const std::string& text, const CsvOptions& options = {}) const {
    folder.write("table.csv", std::vector<char>(text.begin(), text.end()));
    return Csv(path, options);
  }
  void refuses(const std::string& text, std::initializer_list<std::string> words,
               const CsvOptions& options = {}) const {
    INFO(text);
    CHECK(test::throws<IoError>([&] { read(text, options); }, words));
    CHECK(test::throws<IoError>([&] { read(text, options); }, {"Csv", "table.csv", "csv.cpp"}));
  }
};

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a table of numbers becomes inputs and targets", "[data][csv]") {
  const File file;
  const Csv csv = file.read("a,b,price\n1,2.5,10\n-3, 4e2 ,0.5\n+5,6,7\n");
  CHECK(csv.size() == 3);
  CHECK(csv.columns() == Texts{"a", "b", "price"});
  const auto [x, y] = csv.all();
  CHECK(test::same_bits(x, tensor({{1.0, 2.5}, {-3.0, 400.0}, {5.0, 6.0}})));
  CHECK(test::same_bits(y, tensor({{10.0}, {0.5}, {7.0}})));
  const std::vector<std::int64_t> some{2, 0};
  CHECK(test::same_bits(csv.get(some).targets, tensor({{7.0}, {10.0}})));
  CHECK(csv.type("a") == CsvType::integer);
  CHECK(csv.type("b") == CsvType::number);
  CHECK(test::same_bits(csv.column("a"), tensor({1, -3, 5})));
  CHECK(csv.text("b") == Texts{"2.5", " 4e2 ", "6"});
  const Csv doubles = file.read("a,b\n0.1,1e-300\n", {.dtype = float64});
  CHECK(doubles.all().inputs.data<double>()[0] == 0.1);
  CHECK(doubles.all().targets.data<double>()[0] == 1e-300);
  const std::vector<std::int64_t> none{3};
  CHECK(test::throws<ValueError>([&] { csv.get(none); }, {"Csv", "index 3", "csv.cpp"}));
}

TEST_CASE("targets of integers and texts are classes", "[data][csv]") {
  const File file;
  const Csv iris = file.read("size,kind\n1.5,setosa\n2.5,versicolor\n3,setosa\n");
  CHECK(test::same_bits(iris.all().targets, tensor({0, 1, 0})));
  CHECK(iris.categories("kind") == Texts{"setosa", "versicolor"});
  CHECK(iris.type("kind") == CsvType::category);
  CHECK(test::same_bits(file.read("x,y\n1,4\n2,7\n").all().targets, tensor({4, 7})));
  const CsvOptions as_number{.types = {{"y", CsvType::number}}};
  CHECK(test::same_bits(file.read("x,y\n1,4\n2,7\n", as_number).all().targets,
                        tensor({{4.0}, {7.0}})));
  const auto [x, y] = file.read("a,b,c\n1,2,3\n", {.inputs = {"c"}, .targets = {"b", "a"}}).all();
  CHECK(test::same_bits(x, tensor({{3.0}})));
  CHECK(test::same_bits(y, tensor({{2.0, 1.0}})));
}

TEST_CASE("columns can be chosen, and text among the inputs cannot", "[data][csv]") {
  const File file;
  const std::string text = "city,rooms,price\nUlm,3,1\nBonn,4,2\nUlm,5,3\n";
  CHECK(file.read(text, {.inputs = {"rooms"}}).all().inputs.shape() == Shape{3, 1});
  file.refuses(text, {"column 'city' is text", "CsvType::category"});
  const Csv numbered = file.read(text, {.types = {{"city", CsvType::category}}});
  CHECK(test::same_bits(numbered.all().inputs, tensor({{1.0, 3.0}, {0.0, 4.0}, {1.0, 5.0}})));
  CHECK(test::same_bits(numbered.column("city"), tensor({1, 0, 1})));
  const Csv unused = file.read(text, {.inputs = {"rooms"}});
  CHECK(unused.text("city") == Texts{"Ulm", "Bonn", "Ulm"});
  CHECK(test::throws<ValueError>([&] { unused.column("city"); }, {"'city' is text", "csv.cpp"}));
  CHECK(test::throws<ValueError>([&] { unused.categories("city"); }, {"no category"}));
  const auto refuses_options = [&](const CsvOptions& options,
                                   std::initializer_list<std::string> words) {
    CHECK(test::throws<ValueError>([&] { file.read(text, options); }, words));
  };
  refuses_options({.inputs = {"room"}}, {"no column 'room'", "'city', 'rooms', 'price'"});
  refuses_options({.targets = {"cost"}}, {"'cost'"});
  refuses_options({.types = {{"town", CsvType::text}}}, {"'town'"});
  refuses_options({.delimiter = '"'}, {"delimiter"});
  refuses_options({.delimiter = '\n'}, {"delimiter"});
  refuses_options({.dtype = int64}, {"dtype is int64"});
}

TEST_CASE("lines, quotes, delimiters and headers come in their forms", "[data][csv]") {
  const File file;
  const auto expected = file.read("a,b\n1,2\n3,4\n").all();
  const auto same = [&](const std::string& text, const CsvOptions& options = {}) {
    INFO(text);
    const auto [x, y] = file.read(text, options).all();
    CHECK(test::same_bits(x, expected.inputs));
    CHECK(test::same_bits(y, expected.targets));
  };
  same("a,b\r\n1,2\r\n3,4\r\n");
  same("a,b\n1,2\n3,4");  // no newline at the end
  same(
      "\xEF\xBB\xBF"
      "a,b\n1,2\n3,4\n");                 // a byte order mark
  same("\n\na,b\n\n1,2\r\n\r\n3,4\n\n");  // empty lines
  same("\"a\",\"b\"\n\"1\",2\n3,\"4\"");
  same("a;b\n1;2\n3;4\n", {.delimiter = ';'});
  same("a\tb\n1\t2\n3\t4\n", {.delimiter = '\t'});
  same("1,2\n3,4\n", {.header = false});
  CHECK(file.read("1,2\n3,4\n", {.header = false}).columns() == Texts{"0", "1"});
  const Csv quoted = file.read("t,\"a \"\"b\"\", c\"\n\"x,\ny\",1\n\"\"\"\",2\n\"\",3\n",
                               {.inputs = {"a \"b\", c"}, .targets = {"a \"b\", c"}});
  CHECK(quoted.columns() == Texts{"t", "a \"b\", c"});
  CHECK(quoted.text("t") == Texts{"x,\ny", "\"", ""});
  const Csv one =
      file.read("a\n1\n\n2\n", {.inputs = {"a"}, .missing = CsvMissing::fill, .fill = 9});
  CHECK(test::same_bits(one.column("a"), tensor({1, 9, 2})));  // an empty line is a value here
  CHECK(file.read("a,b\n").size() == 0);
  CHECK(file.read("a,b\n").all().inputs.shape() == Shape{0, 1});
}

TEST_CASE("missing values are refused, filled or dropped", "[data][csv]") {
  const File file;
  const std::string text = "a,b,y\n1,,0\n2,3,1\nNA,5, ? \n";
  file.refuses(text, {"line 4", "column 'a'", "missing"});
  const Csv nan = file.read(text, {.missing = CsvMissing::nan});
  const Tensor x = nan.all().inputs;
  CHECK((std::isnan(x.data<float>()[1]) && std::isnan(x.data<float>()[4])));
  CHECK(x.data<float>()[5] == 5);
  CHECK(nan.all().targets.dtype() == float32);
  const Csv filled = file.read(text, {.missing = CsvMissing::fill, .fill = -1});
  CHECK(test::same_bits(filled.all().inputs, tensor({{1.0, -1.0}, {2.0, 3.0}, {-1.0, 5.0}})));
  CHECK(test::same_bits(filled.all().targets, tensor({0, 1, -1})));
  CHECK(file.read(text, {.missing = CsvMissing::fill, .fill = 0.5}).column("a").dtype() == float32);
  const Csv dropped = file.read(text, {.missing = CsvMissing::drop});
  CHECK(test::same_bits(dropped.all().inputs, tensor({{2.0, 3.0}})));
  CHECK(dropped.text("b") == Texts{"3"});
  // Columns that are not used may lack values.
  const Csv unused = file.read("a,b,y\n1,,2\n3,4,5\n", {.inputs = {"a"}});
  CHECK(unused.size() == 2);
  CHECK(std::isnan(unused.column("b").data<float>()[0]));
  // A category numbers a missing text -1: pandas.Categorical(["b", None, "a"]).codes
  const std::string classes = "x,y\n1,b\n2, NA \n3,a\n";
  file.refuses(classes, {"line 3", "'y'", "missing", "category", "drop", "nan"});
  file.refuses(classes, {"line 3", "'y'", "nan"}, {.missing = CsvMissing::fill});
  const Csv coded = file.read(classes, {.missing = CsvMissing::nan});
  CHECK(test::same_bits(coded.all().targets, tensor({1, -1, 0})));
  CHECK(coded.categories("y") == Texts{"a", "b"});
  const Tensor scores = tensor({{0.0, 1.0}, {2.0, 3.0}, {1.0, -1.0}});
  CHECK(test::same_bits(cross_entropy(scores, coded.all().targets, {.ignore_index = -1}),
                        cross_entropy(scores.index({tensor({0, 2})}), tensor({1, 0}))));
  const CsvOptions inputs{.inputs = {"y"}, .targets = {"x"}, .types = {{"y", CsvType::category}}};
  file.refuses(classes, {"line 3", "'y'"}, inputs);
  CsvOptions numbered = inputs;
  numbered.missing = CsvMissing::nan;
  CHECK(test::same_bits(file.read(classes, numbered).all().inputs, tensor({{1.0}, {-1.0}, {0.0}})));
  const Csv aside =
      file.read("x,z,y\n1,b,1\n2,,2\n", {.inputs = {"x"}, .types = {{"z", CsvType::category}}});
  CHECK(test::same_bits(aside.column("z"), tensor({0, -1})));
  const Csv none =
      file.read("x,y\n1,\n2,\n", {.types = {{"y", CsvType::category}}, .missing = CsvMissing::nan});
  CHECK((none.categories("y").empty() && none.all().targets.dtype() == int64));
  CHECK(file.read("x,y\n1,a\n2,\n", {.missing = CsvMissing::drop}).size() == 1);
  file.refuses("x,y\n1.5,2\n-99,1\n", {"line 3", "'x'"}, {.missing_values = {"-99"}});
  file.refuses("x,y\n,1\n", {"column 'x' is missing", "integers"},
               {.types = {{"x", CsvType::integer}}, .missing = CsvMissing::nan});
}

TEST_CASE("tables that are not what they should be are refused with line and column",
          "[data][csv]") {
  const File file;
  file.refuses("", {"is empty"});
  file.refuses("\n\n", {"is empty"});
  file.refuses("a,b\n1,2\n3\n", {"line 3 has 1 fields", "the first row has 2"});
  file.refuses("a,b\n1,2,3\n", {"line 2 has 3 fields"});
  file.refuses("a,a\n1,2\n", {"two columns 'a'"});
  file.refuses("a,b\n1,\"2\n3,4\n", {"line 2", "not closed"});
  file.refuses("a,b\n1,\"2\"3\n", {"line 2", "behind a closing quote"});
  file.refuses("a,b\n1,2\"\"3\n", {"line 2", "quote within"});
  file.refuses("a,b\r1,2\r", {"line 1", "carriage return"});
  file.refuses(std::string("a,b\n1,\0\n", 8), {"line 2", "null byte"});
  file.refuses("x,y\n\"1\n\n\",2\n3\n", {"line 5 has 1"});  // newlines in quotes count
  const CsvOptions numbers{.types = {{"x", CsvType::number}, {"y", CsvType::integer}}};
  file.refuses("x,y\n1,2\nabc,3\n", {"line 3, column 'x'", "'abc'", "a number"}, numbers);
  file.refuses("x,y\n1,2.5\n", {"column 'y'", "'2.5'", "an integer"}, numbers);
  file.refuses("x,y\n1e999,2\n", {"'1e999'", "range"}, numbers);
  file.refuses("x,y\n1,99999999999999999999\n", {"range"}, numbers);
  file.refuses("x,y\n1 2,3\n", {"'1 2'"}, numbers);
  file.refuses("x,y\n0x10,3\n", {"'0x10'"}, numbers);
  file.refuses("x,y\n+-1,3\n", {"'+-1'"}, numbers);
  file.refuses("x,y\n" + std::string(1000, 'q') + ",3\n", {"qqq...'"}, numbers);
  CHECK(test::throws<IoError>([&] { Csv csv(file.folder.at("none.csv")); }, {"none.csv"}));
  CHECK(test::throws<IoError>([&] { Csv csv(file.folder.path.string()); }, {"a directory"}));
}

TEST_CASE("two files number their categories alike if one takes those of the other",
          "[data][csv]") {
  const File file;
  const Csv train = file.read("city,rooms,kind\nUlm,1,house\nBonn,2,flat\nKiel,3,house\n",
                              {.types = {{"city", CsvType::category}}});
  const CsvOptions same{
      .categories = {{"city", train.categories("city")}, {"kind", train.categories("kind")}}};
  const Csv test = file.read("city,rooms,kind\nUlm,4,house\n", same);
  CHECK(test::same_bits(test.all().inputs, tensor({{2.0, 4.0}})));
  CHECK(test::same_bits(test.all().targets, tensor({1})));
  CHECK(test.categories("city") == Texts{"Bonn", "Kiel", "Ulm"});
  file.refuses("city,rooms,kind\nUlm,1,house\nRom,4,flat\n",
               {"line 3", "'city'", "'Rom'", "'Bonn', 'Kiel', 'Ulm'"}, same);
  file.refuses("city,rooms,kind\nUlm,1,tent\n", {"line 2", "'kind'", "'tent'"}, same);
  file.refuses("city,rooms,kind\n,1,flat\n", {"line 2", "'city'", "missing"}, same);
  CsvOptions nan = same;
  nan.missing = CsvMissing::nan;
  CHECK(test::same_bits(file.read("city,rooms,kind\nUlm,1,?\n", nan).all().targets, tensor({-1})));
  // In any order, and of numbers.
  const CsvOptions sizes{.categories = {{"y", {"20", "3", "100"}}}};
  CHECK(test::same_bits(file.read("x,y\n1,3\n2,100\n3,20\n", sizes).all().targets,
                        tensor({1, 2, 0})));
  const auto refuses_options = [&](const CsvOptions& options,
                                   std::initializer_list<std::string> words) {
    CHECK(test::throws<ValueError>([&] { file.read("x,y\n1,2\n", options); }, words));
  };
  refuses_options({.categories = {{"z", {"a"}}}}, {"no column 'z'"});
  refuses_options({.categories = {{"y", {"a", "b", "a"}}}}, {"'y'", "once each"});
  refuses_options({.categories = {{"y", {}}}}, {"'y'", "some texts"});
  refuses_options({.types = {{"y", CsvType::number}}, .categories = {{"y", {"a"}}}},
                  {"'y'", "types"});
}

TEST_CASE("a table with another delimiter is told by its single column", "[data][csv]") {
  const File file;
  file.refuses("a;b\n1;2\n", {"one column 'a;b'", "the target", "is the delimiter ';'?"});
  file.refuses("a\tb\n1\t2\n", {"is the delimiter '\\t'?"});
  file.refuses("1;2\n3;4\n", {"first value is '1;2'", "is the delimiter ';'?"}, {.header = false});
  file.refuses("a,b\n1,2\n", {"is the delimiter ','?"}, {.delimiter = ';'});
  file.refuses("a\n1\n", {"one column 'a'", "inputs are missing"});
}

TEST_CASE("the first field that makes a column text is told", "[data][csv]") {
  const File file;
  file.refuses("a,b,y\n1,2,0\n3,4,1\nNA,4x,1\n5,z,1\n",
               {"column 'b' is text (line 4 has '4x')", "CsvType::category"},
               {.missing = CsvMissing::nan});
  file.refuses("a,y\n1,2\n", {"column 'a' is text and"}, {.types = {{"a", CsvType::text}}});
}

TEST_CASE("numbers that are too small become 0, and those too large are refused", "[data][csv]") {
  const File file;
  const CsvOptions doubles{.dtype = float64};
  std::setlocale(LC_ALL, "de_DE.UTF-8");
  const Tensor x =
      file.read("x,y\n1e-400,1.0\n-1e-5000,2\n5e-324,3\n0.00012e-310,4\n", doubles).all().inputs;
  std::setlocale(LC_ALL, "C");
  CHECK(x.data<double>()[0] == 0);
  CHECK(x.data<double>()[1] == 0);
  CHECK(x.data<double>()[2] == 5e-324);
  CHECK(x.data<double>()[3] == 0.00012e-310);
  const CsvOptions number{.types = {{"x", CsvType::number}}};
  file.refuses("x,y\n1e400,1\n", {"'1e400'", "range"}, number);
  file.refuses("x,y\n-1e999999999999,1\n", {"range"}, number);
  file.refuses("x,y\n1e-400z,1\n", {"'1e-400z'"}, number);
}

TEST_CASE("what a gzipped table inflates to is bounded", "[data][csv]") {
  const test::Folder folder;
  const std::string path = folder.at("table.csv.gz");
  const auto write = [&](const std::string& text) {
    gzFile packed = gzopen(path.c_str(), "wb9");
    REQUIRE(gzwrite(packed, text.data(), static_cast<unsigned>(text.size())) > 0);
    gzclose(packed);
  };
  std::string text = "x,y\n";
  for (int i = 0; i < 10'000'000; ++i) text += "0,0\n";  // 40 MB, of 40 KB
  write(text);
  CHECK(test::throws<IoError>([&] { Csv csv(path); },
                              {"table.csv.gz", "decompressed", "max_expansion, which is 200"}));
  CHECK(Csv(path, {.max_expansion = 2000}).size() == 10'000'000);
  CHECK(test::throws<ValueError>([&] { Csv(path, {.max_expansion = 0}); }, {"max_expansion is 0"}));
  write("x,y\n1,2\n" + std::string(100'000'000, '\0'));
  CHECK(test::throws<IoError>([&] { Csv(path, {.max_expansion = 1 << 20}); },
                              {"line 3 has a null byte"}));
}

TEST_CASE("every byte string is read or refused with an IoError", "[data][csv]") {
  const File file;
  const std::string letters = "a1,\"\n\r x.\0", whole = "a,\"b\"\"c\"\r\n1,\"x\ny\"\n2,z";
  Generator generator(5);
  int read = 0, refused = 0;
  const auto attempt = [&](const std::string& text) {
    try {
      const Csv csv = file.read(text, {.missing = CsvMissing::nan});
      ++read;
    } catch (const IoError&) {
      ++refused;
    }
  };
  for (std::size_t cut = 0; cut <= whole.size(); ++cut) attempt(whole.substr(0, cut));
  for (int i = 0; i < 3000; ++i) {
    std::string text;
    for (std::uint64_t n = generator.below(14); n > 0; --n)
      text += letters[generator.below(letters.size())];
    attempt(text);
  }
  CHECK(read > 100);
  CHECK(refused > 100);
}

TEST_CASE("a gzipped table is read in any locale, and by a loader", "[data][csv]") {
  const test::Folder folder;
  const std::string text = "x,y\n1.5,0\n2.5,1\n3.5,0\n", path = folder.at("table.csv.gz");
  gzFile packed = gzopen(path.c_str(), "wb");
  REQUIRE(gzwrite(packed, text.data(), static_cast<unsigned>(text.size())) > 0);
  gzclose(packed);
  std::setlocale(LC_ALL, "de_DE.UTF-8");  // where it is installed
  const Csv csv(path);
  std::setlocale(LC_ALL, "C");
  data::DataLoader loader(csv, {.batch_size = 2, .workers = 2});
  std::vector<float> all;
  for (const auto& [x, y] : loader)
    for (const float v : x.span<float>()) all.push_back(v);
  CHECK(all == std::vector<float>{1.5F, 2.5F, 3.5F});
}

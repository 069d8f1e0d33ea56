#include <filesystem>
#include <optional>

#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <xgrad/xgrad.hpp>

#include "data/folder.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using data::Mnist;
using test::Folder;
namespace fs = std::filesystem;

namespace {

using Bytes = std::vector<unsigned char>;

Bytes gzip(const Bytes& plain) {
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  Bytes packed(deflateBound(&stream, plain.size()));
  stream.next_in = const_cast<unsigned char*>(plain.data());
  stream.avail_in = static_cast<unsigned>(plain.size());
  stream.next_out = packed.data();
  stream.avail_out = static_cast<unsigned>(packed.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

// An IDX file of one axis; the elements repeat, so that deflate has something to refer back to.
Bytes idx(int count) {
  Bytes bytes{
      0, 0, 8, 1, 0, 0, static_cast<unsigned char>(count >> 8), static_cast<unsigned char>(count)};
  for (int i = 0; i < count; ++i) bytes.push_back(static_cast<unsigned char>(i * i % 23));
  return bytes;
}

Bytes elements(const Bytes& idx) { return {idx.begin() + 8, idx.end()}; }

// What reading `bytes` gives; nothing if it is refused by an IoError.
std::optional<Bytes> read(const Folder& folder, const Bytes& bytes) {
  folder.write("file", bytes);
  try {
    return data::read_idx(folder.at("file")).bytes;
  } catch (const IoError&) {
    return {};
  }
}

}  // namespace

TEST_CASE("the subset of MNIST is read from gzipped files", "[data][mnist]") {
  const Mnist train(XGRAD_TEST_DATA), test_set(XGRAD_TEST_DATA, Mnist::Part::test);
  CHECK(train.size() == 6000);
  CHECK(test_set.size() == 1000);
  const std::int64_t first[] = {0, 1, 2};
  const auto [images, labels] = train.get(first);
  CHECK(images.shape() == Shape{3, 784});
  CHECK(test::same_bits(labels, tensor({5, 0, 4})));  // as everybody knows them
  CHECK(amax(images).item<double>() == 1);
  CHECK(amin(images).item<double>() == 0);
  CHECK(images.sum().item<double>() > 200);
  CHECK(test_set.all().targets.shape() == Shape{1000});
  const std::int64_t none[] = {6000};
  CHECK(test::throws<ValueError>([&] { train.get(none); }, {"6000"}));
}

TEST_CASE("plain files are read as well", "[data][mnist]") {
  const Folder folder;
  folder.write_images(2);
  folder.write_labels({3, 7});
  const auto [images, labels] = Mnist(folder.path.string()).all();
  CHECK(images.data<float>()[1567] == Approx(0.2F));
  CHECK(test::same_bits(labels, tensor({3, 7})));
}

TEST_CASE("files that are not what they should be give a clear IoError", "[data][mnist]") {
  const Folder folder;
  const std::string path = folder.path.string();
  const auto read = [&] { Mnist m(path); };
  CHECK(test::throws<IoError>(read, {"train-images-idx3-ubyte", path, "download", "https://"}));
  CHECK(test::throws<IoError>([&] { data::read_idx(path + "/none"); }, {"none", "opened"}));
  folder.write_images(2);
  CHECK(test::throws<IoError>(read, {"train-labels-idx1-ubyte"}));
  folder.write_labels({3});
  CHECK(test::throws<IoError>(read, {"2 images", "[1]"}));
  folder.write_labels({3, 12});
  CHECK(test::throws<IoError>(read, {"12", "digit"}));
  folder.write_labels({3, 7});
  folder.write_images(2, 100);
  CHECK(test::throws<IoError>(read, {"truncated", "100 of 1568"}));
  folder.write_images(2, 0, 1);
  CHECK(test::throws<IoError>(read, {"more data"}));
  folder.write("train-images-idx3-ubyte", {0x1f, 0x00, 8, 3});
  CHECK(test::throws<IoError>(read, {"1f 00 08 03", "00 00 08"}));
  folder.write("train-images-idx3-ubyte", {0, 0});
  CHECK(test::throws<IoError>(read, {"truncated"}));
  folder.write("train-images-idx3-ubyte", {});
  CHECK(test::throws<IoError>(read, {"truncated"}));
  folder.write("train-images-idx3-ubyte",
               {0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 9});
  CHECK(test::throws<IoError>(read, {"according to its header", "at most 4294967296 bytes"}));
}

TEST_CASE("a truncated gzip file gives an IoError", "[data][mnist]") {
  const Folder folder;
  fs::copy(std::string(XGRAD_TEST_DATA) + "/t10k-images-idx3-ubyte.gz", folder.path / "cut.gz");
  fs::resize_file(folder.path / "cut.gz", 20000);
  CHECK(test::throws<IoError>([&] { data::read_idx((folder.path / "cut.gz").string()); },
                              {"truncated"}));
}

TEST_CASE("a damaged bit of a gzipped file is refused or changes nothing", "[data][mnist]") {
  const Folder folder;
  const Bytes plain = idx(300), packed = gzip(plain);
  REQUIRE(read(folder, packed) == elements(plain));
  int refused = 0;
  for (std::size_t bit = 0; bit < 8 * packed.size(); ++bit) {
    Bytes damaged = packed;
    damaged[bit / 8] ^= static_cast<unsigned char>(1 << bit % 8);
    const std::optional<Bytes> got = read(folder, damaged);
    INFO("bit " << bit);
    CHECK((!got || *got == elements(plain)));
    refused += got ? 0 : 1;
  }
  CHECK(refused > 8 * static_cast<int>(packed.size()) - 80);  // the header's time and system aside
}

TEST_CASE("every truncation of a file is refused", "[data][mnist]") {
  const Folder folder;
  const bool zipped = GENERATE(false, true);
  const Bytes whole = zipped ? gzip(idx(300)) : idx(300);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    INFO(size << " of " << whole.size());
    CHECK(!read(folder, Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))));
  }
}

TEST_CASE("members of a gzip file follow each other, other bytes do not", "[data][mnist]") {
  const Folder folder;
  const Bytes plain = idx(300);
  Bytes packed = gzip(Bytes(plain.begin(), plain.begin() + 100));
  const Bytes second = gzip(Bytes(plain.begin() + 100, plain.end()));
  packed.insert(packed.end(), second.begin(), second.end());
  CHECK(read(folder, packed) == elements(plain));
  packed.push_back('!');
  CHECK(!read(folder, packed));
}

TEST_CASE("a large gzipped file is read whole", "[data][mnist]") {
  const Folder folder;
  Bytes plain{0, 0, 8, 2, 0, 0x2f, 0, 1, 0, 0, 0, 1};
  for (std::size_t i = 0; i < 0x2f0001; ++i) plain.push_back(static_cast<unsigned char>(i % 251));
  CHECK(read(folder, gzip(plain)) == Bytes(plain.begin() + 12, plain.end()));
}

TEST_CASE("a header cannot claim more than the file can hold", "[data][mnist]") {
  const Folder folder;
  const Bytes claim{0, 0, 8, 1, 255, 255, 255, 255, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7};
  const auto reading = [&] { data::read_idx(folder.at("claim")); };
  folder.write("claim", claim);
  CHECK(test::throws<IoError>(reading, {"truncated", "4294967283 of 4294967295", "mnist.cpp"}));
  folder.write("claim", gzip(claim));
  CHECK(test::throws<IoError>(reading, {"truncated", "of 4294967295"}));
}

TEST_CASE("what is not a regular file is named as what it is", "[data][mnist]") {
  const Folder folder;
  const auto refuses = [&](const std::string& name, std::initializer_list<std::string> words) {
    CHECK(test::throws<IoError>([&] { data::read_idx(folder.at(name)); }, words));
  };
  fs::create_directory(folder.at("inner"));
  refuses("inner", {"read_idx", "inner is a directory", "regular file", "mnist.cpp"});
  REQUIRE(mkfifo(folder.at("pipe").c_str(), 0600) == 0);
  refuses("pipe", {"pipe is a FIFO"});
  fs::create_symlink("/dev/null", folder.at("null"));
  refuses("null", {"null is a device"});
  fs::create_symlink("loop", folder.at("loop"));
  refuses("loop", {"loop cannot be opened", "symbolic links"});
  refuses(std::string(5000, 'n'), {"cannot be opened", "name too long"});
  refuses("inner/none", {"cannot be opened", "No such file"});
  refuses(std::string("in\0ner", 6), {"null byte"});
  if (geteuid() != 0) {  // root may read everything
    folder.write("locked", idx(3));
    fs::permissions(folder.at("locked"), fs::perms::none);
    refuses("locked", {"locked cannot be opened", "Permission denied"});
  }
}

TEST_CASE("a folder that cannot be looked into gives an IoError", "[data][mnist]") {
  const Folder folder;
  const auto open = [&](const std::string& name) { Mnist set(folder.at(name)); };
  fs::create_symlink("loop", folder.at("loop"));
  CHECK(test::throws<IoError>([&] { open("loop"); }, {"loop", "symbolic links"}));
  CHECK(test::throws<IoError>([&] { open("none"); }, {"none", "Mnist"}));
  CHECK(test::throws<IoError>([&] { open(std::string(5000, 'n')); }, {"name too long"}));
  if (geteuid() != 0) {
    fs::create_directory(folder.at("locked"));
    fs::permissions(folder.at("locked"), fs::perms::none);
    CHECK(test::throws<IoError>([&] { open("locked"); }, {"Permission denied"}));
  }
}

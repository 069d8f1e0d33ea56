#include "run/event_file.hpp"

#include <bit>
#include <cmath>
#include <map>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"
#include "viz/run_folder.hpp"

using namespace xgrad;
using test::IoFolder;

namespace {

std::uint64_t little_endian(std::string_view bytes) {
  std::uint64_t n = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) n = n << 8 | static_cast<unsigned char>(bytes[i]);
  return n;
}

// CRC-32C bit by bit, and its mask.
std::uint32_t masked(std::string_view bytes) {
  std::uint32_t c = ~0U;
  for (const char b : bytes) {
    c ^= static_cast<unsigned char>(b);
    for (int i = 0; i < 8; ++i) c = (c >> 1) ^ ((c & 1) * 0x82f63b78U);
  }
  c = ~c;
  return ((c >> 15) | (c << 17)) + 0xa282ead8U;
}

// A message of a protocol buffer: its fields by number. Numbers are kept as their bytes.
struct Message {
  std::multimap<std::uint64_t, std::string> fields;

  explicit Message(std::string_view bytes) {
    while (!bytes.empty()) {
      const std::uint64_t key = varint(bytes);
      const std::size_t type = key & 7;
      std::string value;
      if (type == 0) {
        const std::uint64_t n = varint(bytes);
        value.assign(reinterpret_cast<const char*>(&n), sizeof n);
      } else {
        const std::size_t size = type == 1 ? 8 : type == 5 ? 4 : varint(bytes);
        REQUIRE((type == 1 || type == 5 || type == 2));
        REQUIRE(size <= bytes.size());
        value = bytes.substr(0, size);
        bytes.remove_prefix(size);
      }
      fields.emplace(key >> 3, value);
    }
  }
  static std::uint64_t varint(std::string_view& bytes) {
    std::uint64_t n = 0;
    for (int shift = 0;; shift += 7) {
      REQUIRE(!bytes.empty());
      const auto b = static_cast<unsigned char>(bytes[0]);
      bytes.remove_prefix(1);
      n |= std::uint64_t{b & 0x7fU} << shift;
      if (b < 0x80) return n;
    }
  }
  const std::string& at(std::uint64_t field) const {
    REQUIRE(fields.count(field) == 1);
    return fields.find(field)->second;
  }
  Message message(std::uint64_t field) const { return Message(at(field)); }
  double number(std::uint64_t field) const {
    return std::bit_cast<double>(little_endian(at(field)));
  }
  std::int64_t integer(std::uint64_t field) const {
    return static_cast<std::int64_t>(little_endian(at(field)));
  }
  std::vector<double> numbers(std::uint64_t field) const {
    std::vector<double> all;
    const std::string& packed = at(field);
    for (std::size_t i = 0; i < packed.size(); i += 8)
      all.push_back(std::bit_cast<double>(little_endian(std::string_view(packed).substr(i, 8))));
    return all;
  }
};

std::vector<Message> events(const std::string& file) {
  std::vector<Message> all;
  std::string_view rest = file;
  while (!rest.empty()) {
    REQUIRE(rest.size() >= 16);
    const std::size_t size = little_endian(rest.substr(0, 8));
    CHECK(little_endian(rest.substr(8, 4)) == masked(rest.substr(0, 8)));
    REQUIRE(rest.size() >= size + 16);
    const std::string_view data = rest.substr(12, size);
    CHECK(little_endian(rest.substr(12 + size, 4)) == masked(data));
    all.emplace_back(data);
    rest.remove_prefix(size + 16);
  }
  return all;
}

std::vector<std::filesystem::path> event_files(const std::string& folder) {
  std::vector<std::filesystem::path> found;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().filename().string().starts_with("events.out.tfevents."))
      found.push_back(entry);
  return found;
}

}  // namespace

TEST_CASE("CRC-32C agrees with RFC 3720", "[viz][tensorboard]") {
  CHECK(viz::crc32c("123456789") == 0xe3069283);
  CHECK(viz::crc32c(std::string(32, '\0')) == 0x8a9136aa);
  CHECK(viz::crc32c(std::string(32, '\xff')) == 0x62a8ab43);
}

TEST_CASE("TensorBoard's file has what was recorded", "[viz][tensorboard]") {
  const IoFolder folder;
  viz::Run run(folder / "run", {.flush_every = 0, .tensorboard = true});
  run.scalar("loss", 7, 0.5);
  run.scalar("loss", -1, std::nan(""));
  run.histogram("weights", 8, arange(0, 81).to(float32) / 2);
  run.image("digit", 9, full({3, 2, 5}, 0.5));
  run.text("note", 10, "a text");
  run.close();
  REQUIRE(event_files(run.folder()).size() == 1);
  const auto all = events(test::content(event_files(run.folder())[0]));
  REQUIRE(all.size() == 6);
  CHECK(all[0].at(3) == "brain.Event:2");
  CHECK(all[0].number(1) > 1.6e9);

  const auto value = [&](std::size_t i) { return all[i].message(5).message(1); };
  CHECK(all[1].integer(2) == 7);
  CHECK(value(1).at(1) == "loss");
  CHECK(std::bit_cast<float>(static_cast<std::uint32_t>(little_endian(value(1).at(2)))) == 0.5f);
  CHECK(all[2].integer(2) == -1);
  CHECK(
      std::isnan(std::bit_cast<float>(static_cast<std::uint32_t>(little_endian(value(2).at(2))))));

  const Message histogram = value(3).message(5);
  CHECK(histogram.number(1) == 0);
  CHECK(histogram.number(2) == 40);
  CHECK(histogram.number(3) == 81);
  CHECK(std::abs(histogram.number(4) - 1620) < 1e-9);
  CHECK(std::abs(histogram.number(5) - 43470) < 1e-6);  // sum of (i / 2)^2
  const std::vector<double> limits = histogram.numbers(6), buckets = histogram.numbers(7);
  REQUIRE(limits.size() == 40);
  REQUIRE(buckets.size() == 40);
  CHECK(std::abs(limits[0] - 1) < 1e-12);
  CHECK(limits[39] == 40);
  CHECK(buckets[0] == 2);
  CHECK(buckets[39] == 3);

  const Message image = value(4).message(4);
  CHECK(image.integer(1) == 2);
  CHECK(image.integer(2) == 5);
  CHECK(image.integer(3) == 3);
  CHECK(image.at(4).substr(1, 3) == "PNG");

  CHECK(value(5).message(8).integer(1) == 7);
  CHECK(value(5).message(8).at(8) == "a text");
  CHECK(value(5).message(9).message(1).at(1) == "text");
}

TEST_CASE("each opening makes a file of its own, if asked", "[viz][tensorboard]") {
  const IoFolder folder;
  for (int i = 0; i < 3; ++i) viz::Run(folder / "run", {.tensorboard = true}).scalar("x", i, i);
  CHECK(event_files(folder / "run").size() == 3);
  viz::Run(folder / "other").scalar("x", 1, 1);
  CHECK(event_files(folder / "other").empty());
}

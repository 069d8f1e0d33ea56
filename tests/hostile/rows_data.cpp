// Samplers, loaders with workers, and the datasets that read files, most of them damaged.
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "data/pictures.hpp"
#include "hostile/rows.hpp"

namespace xgrad::test {
namespace {

// A folder for the files of a call; gone after it.
class Files {
 public:
  Files() : path_(std::filesystem::temp_directory_path() / name()) {
    std::filesystem::create_directories(path_);
  }
  ~Files() { std::filesystem::remove_all(path_); }
  Files(const Files&) = delete;
  Files& operator=(const Files&) = delete;

  std::string path() const { return path_.string(); }
  std::string at(const std::string& name) const { return (path_ / name).string(); }
  std::string write(const std::string& name, const std::string& bytes) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << bytes;
    return at(name);
  }

 private:
  static std::string name() { return "xgrad_hostile_" + std::to_string(getpid()); }
  std::filesystem::path path_;
};

std::string bytes_in(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Some bytes are others, or its end is missing, mostly.
std::string damaged(Draw& d, std::string bytes) {
  if (d.chance(0.3)) return bytes;
  for (std::size_t n = d.below(4); n > 0 && !bytes.empty(); --n)
    bytes[d.below(bytes.size())] = static_cast<char>(d.below(256));
  if (d.chance(0.3)) bytes.resize(d.below(bytes.size() + 1));
  d.tell("a file of " + std::to_string(bytes.size()) + " bytes");
  return bytes;
}

std::string table(Draw& d) {
  static const std::vector<std::string> fields = {
      "1",  "-2.5", "1e308", "9223372036854775808", "",     "NA",  "text", "\"a,\nb\"",
      "\"", "a\"b", " 3 ",   std::string(1, '\0'),  "\r\n", "nan", "inf",  "1e999"};
  std::string text = d.chance(0.8) ? "a,b,c\n" : "";
  for (std::size_t row = d.below(5); row > 0; --row) {
    for (std::size_t n = d.chance(0.9) ? 3 : d.below(5); n > 0; --n)
      text += d.one_of(fields) + (n > 1 ? "," : "\n");
  }
  d.tell("the table '" + text + "'");
  return text;
}

data::CsvOptions csv_options(Draw& d) {
  using enum data::CsvMissing;
  static const std::vector<data::CsvMissing> missing = {refuse, nan, fill, drop};
  static const std::vector<DType> dtypes = {float32, float64, int64, bool_};
  static const std::vector<data::CsvType> types = {data::CsvType::automatic, data::CsvType::number,
                                                   data::CsvType::integer, data::CsvType::category,
                                                   data::CsvType::text};
  data::CsvOptions o{.header = d.flag(), .missing = d.one_of(missing), .fill = d.real()};
  if (d.chance(0.1)) o.delimiter = static_cast<char>(d.below(256));
  if (d.chance(0.3)) o.inputs = {d.word({"a", "b", "0"})};
  if (d.chance(0.3)) o.targets = {d.word({"a", "b", "c"}), d.word({"b", "c"})};
  if (d.chance(0.3)) o.types = {{d.word({"a", "b", "c", "1"}), d.one_of(types)}};
  if (d.chance(0.3)) o.dtype = d.one_of(dtypes);
  return o;
}

int few_workers(Draw& d) { return d.chance(0.1) ? d.dim() : static_cast<int>(d.below(4)); }

Results listed(const data::Batch& b) { return {b.inputs, b.targets}; }

Results rows_of_csv(Draw& d) {
  const Files files;
  const data::Csv csv(files.write("table.csv", damaged(d, table(d))), csv_options(d));
  return listed(d.flag() ? csv.all() : csv.get(d.numbers()));
}
Results column_of_csv(Draw& d) {
  const Files files;
  const data::Csv csv(files.write("table.csv", table(d)), csv_options(d));
  return {csv.column(d.word({"a", "b", "c"}))};
}

// A file as NumPy has it, of a drawn tensor of few elements.
std::string array_file(Draw& d, const Files& files, const std::string& name) {
  io::save_npy(files.at(name), d.filled(d.small_shape(), d.flag() ? float32 : int64, true));
  return files.write(name, damaged(d, bytes_in(files.at(name))));
}
Results batch_of_npy(Draw& d) {
  const Files files;
  const data::Npy set(array_file(d, files, "x.npy"), array_file(d, files, "y.npy"));
  return listed(set.get(d.numbers()));
}
Results batch_of_npz(Draw& d) {
  const Files files;
  io::save_npz(files.at("set.npz"), {{"x", d.filled(d.small_shape(), float32, true)},
                                     {"y", d.filled(d.small_shape(), int64, true)}});
  const data::Npz set(files.write("set.npz", damaged(d, bytes_in(files.at("set.npz")))),
                      d.word({"x", "y"}), d.word({"y"}));
  return listed(set.get(d.numbers()));
}
Results batch_of_cifar10(Draw& d) {
  const Files files;
  std::string records(3073 * d.below(3), '\7');
  if (d.chance(0.2)) records += '\1';
  files.write(d.word({"test_batch.bin"}) + "x", "");
  files.write("test_batch.bin", damaged(d, records));
  return listed(data::Cifar10(files.path(), data::Cifar10::Part::test).get(d.numbers()));
}

std::string picture(Draw& d) {
  const int width = 1 + static_cast<int>(d.below(6)), height = 1 + static_cast<int>(d.below(6));
  const Bytes pixels(static_cast<std::size_t>(3 * width * height), 77);
  const bool flag = d.flag();
  const Bytes file =
      d.flag() ? png({width, height, 8, 2, flag}, pixels) : jpeg({width, height, 3, flag}, pixels);
  return damaged(d, {file.begin(), file.end()});
}
data::ImageMode mode(Draw& d) { return d.flag() ? data::ImageMode::rgb : data::ImageMode::grey; }
Tensor image_in(Draw& d) {
  const Files files;
  const data::ReadImageOptions options{.mode = mode(d), .max_pixels = d.number()};
  return data::read_image(files.write("picture", picture(d)), options);
}
data::ImageFolder image_folder(Draw& d, const Files& files) {
  for (std::size_t n = d.below(5); n > 0; --n)
    files.write(std::string(d.flag() ? "a/" : "b/") + std::to_string(n) + ".png", picture(d));
  data::ImageFolderOptions options{.mode = mode(d)};
  if (d.chance(0.7)) options.size = {d.number(), d.number()};
  return data::ImageFolder(files.path(), options);
}
Results sample_of_image_folder(Draw& d) {
  const Files files;
  return listed(image_folder(d, files).get(d.number()));
}
Results batch_of_image_folder(Draw& d) {
  const Files files;
  data::DataLoader loader(image_folder(d, files), {.batch_size = 2, .workers = few_workers(d)});
  for (const data::Batch& b : loader) return listed(b);
  return {};
}

data::Sampler sampler(Draw& d) {
  const data::RandomSamplerOptions random{.replacement = d.flag(), .num_samples = d.number()};
  switch (d.below(4)) {
    case 0:
      return data::SequentialSampler(d.number());
    case 1:
      return data::RandomSampler(d.number(), random);
    case 2:
      return data::SubsetRandomSampler(d.numbers());
    default:
      return data::DistributedSampler(
          d.number(), {.num_replicas = d.number(), .rank = d.number(), .drop_last = d.flag()});
  }
}
Tensor random_indices(Draw& d) {
  data::RandomSamplerOptions options{.replacement = d.flag(), .seed = d.bits()};
  if (d.chance(0.7)) options.num_samples = d.number();
  return data::RandomSampler(d.number(), options).indices(d.bits());
}
Tensor distributed_indices(Draw& d) {
  return data::DistributedSampler(d.number(), {.num_replicas = d.number(),
                                               .rank = d.number(),
                                               .shuffle = d.flag(),
                                               .drop_last = d.flag()})
      .indices();
}
Tensor sizes_of_batches(Draw& d) {
  const data::BatchSampler batches(sampler(d), d.number(), d.flag());
  std::vector<std::int64_t> sizes;
  for (const auto& batch : batches.batches())
    sizes.push_back(static_cast<std::int64_t>(batch.size()));
  return tensor(sizes);
}
Results sampled_batch(Draw& d) {
  data::DataLoader loader(data::TensorDataset(zeros({4, 2}), zeros({4})),
                          {.batch_size = d.number(), .sampler = sampler(d), .workers = 0});
  for (const data::Batch& b : loader) return listed(b);
  return {};
}
Results batches_of_workers(Draw& d) {
  data::DataLoader loader(data::TensorDataset(d.floats(), d.positions()),
                          {.batch_size = d.number(),
                           .shuffle = d.flag(),
                           .drop_last = d.flag(),
                           .workers = few_workers(d),
                           .prefetch = static_cast<int>(d.below(3)) - (d.chance(0.1) ? 3 : 0)});
  Results last;
  for (const data::Batch& b : loader) last = listed(b);
  return last;
}
Results collated(Draw& d) {
  std::vector<data::Batch> samples;
  for (std::size_t n = d.below(4); n > 0; --n) samples.push_back({d.floats(), d.positions()});
  return listed(data::default_collate(samples));
}

}  // namespace

std::vector<Row> data_rows() {
  return {
      ROW("SequentialSampler", data::SequentialSampler(d.number()).indices()),
      ROW("RandomSampler", random_indices(d)),
      ROW("WeightedRandomSampler",
          data::WeightedRandomSampler(d.floats(), d.number(), {.replacement = d.flag()}).indices()),
      ROW("SubsetRandomSampler", data::SubsetRandomSampler(d.positions()).indices(d.bits())),
      ROW("DistributedSampler", distributed_indices(d)),
      ROW("Sampler", sizes_of_batches(d)),
      ROWS("DataLoader", batches_of_workers(d)),
      ROWS("Sampler", sampled_batch(d)),
      ROW("default_collate", data::default_collate(d.tensors())),
      ROWS("default_collate", collated(d)),
      ROWS("Csv", rows_of_csv(d)),
      ROWS("Csv", column_of_csv(d)),
      ROWS("Npy", batch_of_npy(d)),
      ROWS("Npz", batch_of_npz(d)),
      ROWS("Cifar10", batch_of_cifar10(d)),
      ROW("read_image", image_in(d)),
      ROWS("ImageFolder", sample_of_image_folder(d)),
      ROWS("ImageFolder", batch_of_image_folder(d)),
  };
}

}  // namespace xgrad::test

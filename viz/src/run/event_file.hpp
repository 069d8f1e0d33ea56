// event_file.hpp: EventFile, a file of TensorBoard's events.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "run/distribution.hpp"
#include "run/log_file.hpp"
#include "run/run_data.hpp"

namespace xgrad::viz {

/// A file that TensorBoard reads: records with masked CRC-32C sums, each of which holds a protocol
/// buffer `Event`. The format is that of tensorflow/core/lib/io/record_writer.h and
/// tensorflow/core/{util/event,framework/summary}.proto.
class EventFile {
 public:
  /// Makes a file in the folder, whose name no other run has. @throws IoError
  EventFile(const std::string& folder, double time, Site site);
  void scalar(std::string_view name, At at, double value);
  void histogram(std::string_view name, At at, const Distribution& value);
  void image(std::string_view name, At at, std::int64_t height, std::int64_t width,
             std::int64_t channels, std::string_view png);
  void text(std::string_view name, At at, std::string_view text);
  void sync() { file_.sync(); }

 private:
  void write(std::string_view event);

  LogFile file_;
};

/// CRC-32C (Castagnoli), as in RFC 3720. That of "123456789" is 0xe3069283.
std::uint32_t crc32c(std::string_view bytes);

}  // namespace xgrad::viz

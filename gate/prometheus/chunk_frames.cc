#include "gate/prometheus/chunk_frames.h"

#include <algorithm>

#include <absl/strings/str_cat.h>

#include "gate/base/crc32c.h"
#include "gate/base/limits.h"

namespace slogate {
namespace {

constexpr size_t kChecksumBytes = 4;
constexpr size_t kMostLengthBytes = 4;  // 28 bits; limits::kFrameBytes has fewer
static_assert(limits::kFrameBytes < size_t{1} << (7 * kMostLengthBytes));

absl::Status At(size_t frame, const absl::Status& status) {
  if (status.ok()) return status;
  return absl::Status(status.code(),
                      absl::StrCat("frame ", frame, ": ", std::string(status.message())));
}

absl::Status TooLarge() {
  return absl::ResourceExhaustedError(
      absl::StrCat("it is no frame, or larger than ", limits::kFrameBytes, " bytes"));
}

bool IsLastOfNumber(char byte) { return (static_cast<unsigned char>(byte) & 0x80) == 0; }

}  // namespace

absl::Status ChunkFrames::Feed(absl::string_view bytes) {
  while (status_.ok() && !bytes.empty()) status_ = At(number_, Take(bytes));
  return status_;
}

absl::Status ChunkFrames::Finish() {
  if (!status_.ok()) return status_;
  if (!header_.empty()) {
    status_ = At(number_, absl::DataLossError("it is cut short"));
    return status_;
  }
  status_ = response_.Finish();
  return status_;
}

// Takes at least one byte away.
absl::Status ChunkFrames::Take(absl::string_view& bytes) {
  if (!data_bytes_) {
    const char byte = bytes[0];
    bytes.remove_prefix(1);
    return TakeHeader(byte);
  }
  // Memory grows with what has come, not with what was announced.
  const absl::string_view more = bytes.substr(0, *data_bytes_ - data_.size());
  data_.append(more.data(), more.size());
  bytes.remove_prefix(more.size());
  if (data_.size() < *data_bytes_) return absl::OkStatus();
  if (Crc32c(data_) != checksum_) return absl::DataLossError("its checksum is wrong");
  if (absl::Status status = response_.Decode(data_); !status.ok()) return status;
  ++number_;
  header_.clear();
  data_bytes_.reset();
  data_.clear();
  return absl::OkStatus();
}

absl::Status ChunkFrames::TakeHeader(char byte) {
  header_ += byte;
  const auto last = std::find_if(header_.begin(), header_.end(), IsLastOfNumber);
  const auto length_bytes = static_cast<size_t>(last - header_.begin()) + 1;
  if (length_bytes > kMostLengthBytes) return TooLarge();
  if (header_.size() < length_bytes + kChecksumBytes) return absl::OkStatus();

  size_t length = 0;
  for (size_t i = 0; i < length_bytes; ++i)
    length |= (static_cast<unsigned char>(header_[i]) & size_t{0x7f}) << (7 * i);
  if (length == 0) return absl::DataLossError("it is empty");
  if (length > limits::kFrameBytes) return TooLarge();
  checksum_ = 0;
  for (size_t i = 0; i < kChecksumBytes; ++i)
    checksum_ = checksum_ << 8 | static_cast<unsigned char>(header_[length_bytes + i]);
  data_bytes_ = length;
  return absl::OkStatus();
}

}  // namespace slogate

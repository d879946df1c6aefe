#include "gate/ledger/checkpoint.h"

#include <algorithm>
#include <optional>
#include <vector>

#include <absl/status/status.h>
#include <absl/strings/ascii.h>
#include <absl/strings/escaping.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <absl/strings/strip.h>

#include "gate/base/base64.h"

namespace slogate {
namespace {

constexpr absl::string_view kOrigin = "slogate/";
constexpr size_t kLogIdBytes = 63;

// nullopt unless all three are as they are printed: one checkpoint has one text.
std::optional<Checkpoint> Read(absl::string_view log_id, absl::string_view size,
                               absl::string_view root) {
  Checkpoint checkpoint;
  const std::optional<std::string> bytes = DecodeBase64(root);
  if (!IsLogId(log_id) || !bytes || bytes->size() != checkpoint.root.size() ||
      !absl::SimpleAtoi(size, &checkpoint.size) || absl::StrCat(checkpoint.size) != size) {
    return std::nullopt;
  }
  checkpoint.log_id = std::string(log_id);
  std::copy(bytes->begin(), bytes->end(), checkpoint.root.begin());
  return checkpoint;
}

std::string Root(const Checkpoint& checkpoint) {
  return absl::Base64Escape(Bytes(checkpoint.root));
}

}  // namespace

bool IsLogId(absl::string_view text) {
  const auto alphanumeric = [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c));
  };
  return !text.empty() && text.size() <= kLogIdBytes && alphanumeric(text[0]) &&
         std::all_of(text.begin(), text.end(),
                     [&](char c) { return alphanumeric(c) || c == '.' || c == '_' || c == '-'; });
}

std::string PrintCheckpoint(const Checkpoint& checkpoint) {
  return absl::StrCat(checkpoint.log_id, ":", checkpoint.size, ":", Root(checkpoint));
}

absl::StatusOr<Checkpoint> ParseCheckpoint(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, ':');
  if (parts.size() == 3) {
    if (const auto checkpoint = Read(parts[0], parts[1], parts[2])) return *checkpoint;
  }
  return absl::InvalidArgumentError(
      "not a checkpoint, which looks like ID:SIZE:ROOT, where ID is the ledger's, SIZE its number "
      "of "
      "records and ROOT 44 characters of base64 that end in '='");
}

std::string PrintCheckpointBody(const Checkpoint& checkpoint) {
  return absl::StrCat(kOrigin, checkpoint.log_id, "\n", checkpoint.size, "\n", Root(checkpoint),
                      "\n");
}

absl::StatusOr<Checkpoint> ParseCheckpointBody(absl::string_view text) {
  std::vector<absl::string_view> lines = absl::StrSplit(text, '\n');
  const bool ended = lines.back().empty();
  lines.pop_back();
  const bool full =
      std::none_of(lines.begin(), lines.end(), [](absl::string_view line) { return line.empty(); });
  if (ended && full && lines.size() >= 3 && absl::ConsumePrefix(&lines[0], kOrigin)) {
    if (const auto checkpoint = Read(lines[0], lines[1], lines[2])) return *checkpoint;
  }
  return absl::InvalidArgumentError(
      "not the checkpoint of a ledger, which has the lines slogate/ID, its number of records, and "
      "the "
      "root in base64");
}

}  // namespace slogate

// A ledger outside its database: the records' own bytes, one a line, and their head as the last line.
// gate/ledger/README.md tells the format to others.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <absl/status/statusor.h>
#include <absl/strings/string_view.h>

#include "gate/history/record.h"
#include "gate/ledger/checkpoint.h"

namespace slogate {

// The last line of an export, with its end.
std::string ExportTrailer(const Checkpoint& head);

// Reads an export line by line: Add each without its end, then Finish.
class ExportReader {
 public:
  enum class Line : uint8_t { kRecord, kTrailer };
  // InvalidArgument for a line after the last, or a last line that cannot be read.
  absl::StatusOr<Line> Add(absl::string_view line);
  // The head that the last line names. InvalidArgument where it did not come: the export is not whole.
  absl::StatusOr<Checkpoint> Finish() const;

 private:
  std::optional<Checkpoint> head_;
};

// For auditors' tables: RFC 4180, CRLF at line ends. A cell that a spreadsheet would take for a formula gets a
// ' in front.
std::string CsvHeader();
std::string CsvLine(const Record& record);

}  // namespace slogate

// The bytes of a record, checked in one pass without building a tree: verifying a ledger of a million
// records reads every one of them.
#pragma once

#include <cstdint>

#include <absl/status/statusor.h>
#include <absl/strings/string_view.h>

namespace slogate {

// What every record has, for its place in the ledger. The views are into the record's bytes, and
// hold the text as it stands there, so with its escapes, where it has any; a text that needs none,
// such as a word or a time, has one written form only.
struct RecordFrame {
  int64_t version = 0;                         // "v"
  int64_t seq = 0;                             // not negative
  absl::string_view log_id, prev, kind, time;  // prev: 64 lower-case hex digits
};

// Accepts a record that is an object in the one form of JSON that is written here, and has what
// RecordFrame names: just the bytes that json::Parse takes and json::Dump gives back (one line, no
// blanks, keys sorted and distinct, only the escapes that must be). What else the record holds is not
// looked at. InvalidArgument says what is wrong, and at which byte, counted from 1.
absl::StatusOr<RecordFrame> ScanRecord(absl::string_view bytes);

}  // namespace slogate

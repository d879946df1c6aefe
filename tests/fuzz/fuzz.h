// The fuzz targets. Each takes any bytes at all, requires what must hold whatever they are, and
// returns whether it took them for good. `./dev fuzz` feeds them to libFuzzer; what lies in
// corpus/NAME runs as unit tests, where good_… must be taken and bad_… must not.
#pragma once

#include <absl/strings/string_view.h>

namespace slogate {

bool FuzzPolicy(absl::string_view input);    // policy and SLO files, parted by lines of "====="
bool FuzzSelector(absl::string_view input);  // one selector
bool FuzzAnswer(absl::string_view input);    // HTTP status and content type in a line, then a body
bool FuzzDecimal(absl::string_view input);   // one number
bool FuzzDecision(absl::string_view input);  // one decision document
bool FuzzPipeline(absl::string_view input);  // a pipeline's file: its name in a line, then its text
bool FuzzRecord(absl::string_view input);    // one record of a ledger
bool FuzzNote(absl::string_view input);      // a verifier key in a line, then a signed note
bool FuzzChunk(absl::string_view input);     // one chunk of samples
bool FuzzFrames(absl::string_view input);    // the answer to a remote read

// Where `holds` is false: a failed unit test, or the end of libFuzzer's run.
void Require(bool holds, absl::string_view what);

// Requires that `text` is fit for a terminal: whole UTF-8, and nothing in it that a terminal obeys
// but line ends.
void RequirePrintable(absl::string_view text, absl::string_view what);

}  // namespace slogate

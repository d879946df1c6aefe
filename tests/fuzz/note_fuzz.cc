#include <algorithm>
#include <string>
#include <vector>

#include <absl/strings/escaping.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>

#include "gate/ledger/checkpoint.h"
#include "gate/ledger/note.h"
#include "tests/fuzz/fuzz.h"
#include "tests/testing/ed25519_keys.h"

namespace slogate {
namespace {

// Whether any word in `note` ends in a signature of `text`, found without any of the strictness of
// the reader of notes.
bool SignedSomewhere(absl::string_view note, absl::string_view text, const NoteKey& key) {
  const std::vector<absl::string_view> words = absl::StrSplit(note, absl::ByAnyChar(" \n"));
  return std::any_of(words.begin(), words.end(), [&](absl::string_view word) {
    std::string bytes;
    return absl::Base64Unescape(word, &bytes) && bytes.size() == 68 &&
           VerifyEd25519(key.public_key, text, absl::string_view(bytes).substr(4));
  });
}

void RequireSignable(absl::string_view text) {
  static const Ed25519Key& key = *new Ed25519Key(*Ed25519Key::FromPem(
      fake::Ed25519Pem("810a1402d5146c8d84f2443330f54080ebf98ee17d9c74f6252fc5d5c7283173")));
  const absl::StatusOr<std::string> note = SignNote(text, "slogate/acme", key);
  if (!note.ok()) return;
  const absl::StatusOr<std::string> again = VerifyNote(*note, {"slogate/acme", key.public_key()});
  Require(again.ok() && *again == text, "what is signed verifies, as it was");
  Require(!VerifyNote(*note, {"slogate/acm", key.public_key()}).ok(), "by that key only");
}

void RequireOneForm(absl::string_view text) {
  if (const absl::StatusOr<Checkpoint> read = ParseCheckpoint(text); read.ok())
    Require(PrintCheckpoint(*read) == text, "a checkpoint has one line");
  if (const absl::StatusOr<Checkpoint> read = ParseCheckpointBody(text); read.ok())
    Require(absl::StartsWith(text, PrintCheckpointBody(*read)), "a checkpoint has one text");
}

}  // namespace

bool FuzzNote(absl::string_view input) {
  const std::vector<absl::string_view> parts = absl::StrSplit(input, absl::MaxSplits('\n', 1));
  RequireOneForm(parts[0]);
  if (parts.size() < 2) return false;
  RequireOneForm(parts[1]);
  RequireSignable(parts[1]);

  const absl::StatusOr<NoteKey> key = ParseNoteKey(parts[0]);
  if (!key.ok()) {
    RequirePrintable(std::string(key.status().message()), "a refusal is printable");
    return false;
  }
  Require(PrintNoteKey(*key) == parts[0], "a verifier key has one text");
  const absl::StatusOr<std::string> text = VerifyNote(parts[1], *key);
  if (!text.ok()) {
    RequirePrintable(std::string(text.status().message()), "a refusal is printable");
    return false;
  }
  RequireOneForm(*text);
  Require(absl::StartsWith(parts[1], absl::StrCat(*text, "\n\xe2\x80\x94 ")),
          "a note's text stands before its signatures");
  Require(absl::EndsWith(*text, "\n"), "a note's text has its line end");
  Require(SignedSomewhere(parts[1], *text, *key), "only a signed text is given back");
  return true;
}

}  // namespace slogate

#include "gate/ledger/note.h"

#include <algorithm>
#include <optional>
#include <vector>

#include <absl/status/status.h>
#include <absl/strings/escaping.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <absl/strings/strip.h>

#include "gate/base/base64.h"
#include "gate/base/limits.h"
#include "gate/base/sha256.h"
#include "gate/text/diagnostic.h"
#include "gate/text/utf8.h"

namespace slogate {
namespace {

constexpr char kType = 0x01;  // Ed25519
constexpr size_t kIdBytes = 4;
constexpr absl::string_view kDash = "\xe2\x80\x94 ";  // U+2014 and a blank

// The characters with Unicode's property White_Space.
bool IsBlank(char32_t c) {
  return (c >= 0x09 && c <= 0x0d) || c == 0x20 || c == 0x85 || c == 0xa0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f ||
         c == 0x3000;
}

bool IsName(absl::string_view name) {
  if (name.empty()) return false;
  while (!name.empty()) {
    const Utf8Character c = FirstCharacter(name);
    if (!c.valid || c.code < 0x20 || c.code == '+' || IsBlank(c.code)) return false;
    name.remove_prefix(c.bytes);
  }
  return true;
}

// Whether a note may hold it: UTF-8, and of control characters only line ends.
bool IsText(absl::string_view text) {
  while (!text.empty()) {
    const Utf8Character c = FirstCharacter(text);
    if (!c.valid || (c.code < 0x20 && c.code != '\n')) return false;
    text.remove_prefix(c.bytes);
  }
  return true;
}

// The type and the key itself, as key texts and ids hold them.
std::string Encoded(const Ed25519PublicKey& key) {
  return absl::StrCat(std::string(1, kType), Bytes(key));
}

std::string KeyId(absl::string_view name, const Ed25519PublicKey& key) {
  const Digest digest = Sha256({name, "\n", Encoded(key)});
  return std::string(Bytes(digest).substr(0, kIdBytes));
}

struct SignatureLine {
  absl::string_view name;
  std::string id, signature;
};

std::optional<SignatureLine> ParseLine(absl::string_view line) {
  if (!absl::ConsumePrefix(&line, kDash)) return std::nullopt;
  const std::vector<absl::string_view> parts = absl::StrSplit(line, ' ');
  if (parts.size() != 2 || !IsName(parts[0])) return std::nullopt;
  const std::optional<std::string> bytes = DecodeBase64(parts[1]);
  if (!bytes || bytes->size() <= kIdBytes) return std::nullopt;
  return SignatureLine{parts[0], bytes->substr(0, kIdBytes), bytes->substr(kIdBytes)};
}

absl::Status NoNote(absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat(
      "not a signed note, which is a text, a blank line and lines \"\u2014 NAME SIGNATURE\": ",
      why));
}

}  // namespace

absl::StatusOr<NoteKey> ParseNoteKey(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, absl::MaxSplits('+', 2));
  const std::optional<std::string> bytes =
      parts.size() == 3 ? DecodeBase64(parts[2]) : std::nullopt;
  NoteKey key;
  if (!bytes || bytes->size() != 1 + key.public_key.size() || !IsName(parts[0])) {
    return absl::InvalidArgumentError(
        "not a verifier key, which looks like NAME+01234567+BASE64, with a name without blanks");
  }
  if (bytes->front() != kType) {
    return absl::InvalidArgumentError("a verifier key of another kind than Ed25519 (type 1)");
  }
  key.name = std::string(parts[0]);
  std::copy(bytes->begin() + 1, bytes->end(), key.public_key.begin());
  if (PrintNoteKey(key) != text) {
    return absl::InvalidArgumentError(
        "the parts of this verifier key do not belong together; copy it again, whole");
  }
  return key;
}

std::string PrintNoteKey(const NoteKey& key) {
  return absl::StrCat(key.name, "+", absl::BytesToHexString(KeyId(key.name, key.public_key)), "+",
                      absl::Base64Escape(Encoded(key.public_key)));
}

absl::StatusOr<std::string> SignNote(absl::string_view text, absl::string_view name,
                                     const Ed25519Key& key) {
  if (!IsName(name)) {
    return absl::InvalidArgumentError(
        "a key's name is not empty and has no blanks, no control characters and no '+'");
  }
  if (!absl::EndsWith(text, "\n") || !IsText(text)) {
    return absl::InvalidArgumentError(
        "a text to sign is UTF-8, ends in a line end and has no other control characters");
  }
  const Ed25519Signature signature = key.Sign(text);
  std::string note = absl::StrCat(
      text, "\n", kDash, name, " ",
      absl::Base64Escape(absl::StrCat(KeyId(name, key.public_key()), Bytes(signature))), "\n");
  if (note.size() > limits::kNoteBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("a signed note has at most ", limits::kNoteBytes, " bytes"));
  }
  return note;
}

absl::StatusOr<std::string> VerifyNote(absl::string_view note, const NoteKey& key) {
  if (note.size() > limits::kNoteBytes)
    return NoNote(absl::StrCat("it has more than ", limits::kNoteBytes, " bytes"));
  if (!IsText(note)) return NoNote("it is not UTF-8, or has control characters");
  // The text may have blank lines of its own; signatures cannot.
  const size_t blank = note.rfind("\n\n");
  if (blank == absl::string_view::npos) return NoNote("there is no blank line");
  const absl::string_view text = note.substr(0, blank + 1);
  absl::string_view signatures = note.substr(blank + 2);
  if (!absl::ConsumeSuffix(&signatures, "\n")) return NoNote("no signature line ends it");

  const std::string id = KeyId(key.name, key.public_key);
  size_t lines = 0;
  bool verified = false;
  for (const absl::string_view line : absl::StrSplit(signatures, '\n')) {
    if (++lines > limits::kNoteSignatures)
      return NoNote(absl::StrCat("it has more than ", limits::kNoteSignatures, " signatures"));
    const std::optional<SignatureLine> parsed = ParseLine(line);
    if (!parsed)
      return NoNote(absl::StrCat("line ", lines, " after the blank one is no signature"));
    if (parsed->name != key.name || parsed->id != id) continue;
    if (!VerifyEd25519(key.public_key, text, parsed->signature)) {
      return absl::UnauthenticatedError(
          absl::StrCat("the signature of ", Printable(key.name),
                       " is false: the note was changed, or made by somebody else"));
    }
    verified = true;
  }
  if (!verified) {
    return absl::UnauthenticatedError(
        absl::StrCat("the note is not signed by the key ", Printable(PrintNoteKey(key))));
  }
  return std::string(text);
}

}  // namespace slogate

// Signed notes, as C2SP's signed-note specification (https://c2sp.org/signed-note) has them: a text, a
// blank line, and a line for each signature. Only Ed25519, the specification's signature type 0x01.
#pragma once

#include <string>

#include <absl/status/statusor.h>
#include <absl/strings/string_view.h>

#include "gate/base/ed25519.h"

namespace slogate {

// Whose signature is asked for. The name tells keys apart, usually "host/path": not empty, no blanks,
// no '+'.
struct NoteKey {
  std::string name;
  Ed25519PublicKey public_key{};
};

// A verifier key's text: NAME+ID+KEY, where ID is the first four bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖
// public key) in hex and KEY is 0x01 ‖ public key in base64. InvalidArgument for anything else, so also
// where the ID shows that a part of it was changed.
absl::StatusOr<NoteKey> ParseNoteKey(absl::string_view text);
std::string PrintNoteKey(const NoteKey& key);

// `text` with its signature. InvalidArgument for a text that does not end in a line end, is no UTF-8, has
// control characters or is too long, and for a name that no key may have.
absl::StatusOr<std::string> SignNote(absl::string_view text, absl::string_view name,
                                     const Ed25519Key& key);

// The text that `key` signed, with its line end. Other keys' signatures are skipped; one by `key` that
// is false spoils the note, whatever else it holds. InvalidArgument where it is no signed note or
// beyond limits::kNoteBytes or kNoteSignatures; Unauthenticated where `key` did not sign this text.
absl::StatusOr<std::string> VerifyNote(absl::string_view note, const NoteKey& key);

}  // namespace slogate

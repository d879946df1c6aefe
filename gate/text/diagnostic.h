// Diagnostics: mistakes in what people wrote (policy files, SLO files, the command line's values),
// each with its place. Many at once, for the author to mend; never used for servers (findings) or
// for our own files and disks (absl::Status).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <absl/strings/string_view.h>
#include <absl/types/span.h>

namespace slogate {

// A place in a text: 1-based, columns in code points. 0:0 is no place, or the whole file.
struct Position {
  int line = 0;
  int column = 0;
  friend bool operator==(const Position&, const Position&) = default;
};

enum class Severity : uint8_t { kError, kWarning };

struct Diagnostic {
  Severity severity = Severity::kError;
  std::string id;    // stable, such as "unknown_key"; each is told in policies/reference.md
  std::string file;  // as the user named it
  Position at;
  std::string message;  // one line, what is wrong, without a full stop
  std::string hint;     // one line, the way out; may be empty
};

// A file as it was read.
struct SourceFile {
  std::string path;
  std::string text;
  // What is indented below a key belongs to it, so that below a secret's key it is masked, too.
  bool indented = true;
};

// A value, or what stood in its way. `value` is set iff no diagnostic is an error; warnings may
// stand beside it.
template <class T>
struct Parsed {
  std::optional<T> value;
  std::vector<Diagnostic> diagnostics;
};

bool HasErrors(absl::Span<const Diagnostic> diagnostics);

// Each diagnostic as "file:line:column: error: message [id]", the source line with a caret under
// the column, and the hint; sorted by file (in the order of `files`), then place; at most
// limits::kShownDiagnostics. Secrets in source lines are masked (MaskSecrets, and whole lines where
// the key stands on an earlier one), control characters and invalid UTF-8 are shown as escapes,
// long lines are cut round the caret.
std::string Render(std::vector<Diagnostic> diagnostics, absl::Span<const SourceFile> files);

// A line of a policy with what may be a credential replaced by "***": the user information of a
// URL, and the value of a key that names a secret (token, password, secret, authorization, api key,
// cookie).
std::string MaskSecrets(absl::string_view line);

// Text from outside made safe to show on one terminal line: control characters, line breaks,
// bidirectional and zero-width characters and invalid UTF-8 become visible escapes such as \x1b or
// \u202e.
std::string Printable(absl::string_view text);

// The first `bytes` of `text`, not cutting a character in two, with "…" where something was left
// out.
std::string Cut(absl::string_view text, size_t bytes);

}  // namespace slogate

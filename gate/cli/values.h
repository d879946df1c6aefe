// The values of options that mean something to people or to a shell.
#pragma once

#include <string>
#include <vector>

#include <absl/strings/string_view.h>

namespace slogate {

// "sha256:" and 64 lower-case hex digits.
bool IsDigest(absl::string_view text);

// The same, or at least 8 of the digits with or without the prefix: how people name a decision.
bool IsDecisionId(absl::string_view text);

// Names, versions, commits and tickets stand in records and on terminals: appends to `wrong` where
// `value` is longer than 200 bytes, or holds control, bidirectional or zero-width characters or
// invalid UTF-8.
void CheckValue(absl::string_view option, absl::string_view value, std::vector<std::string>& wrong);

// The kinds that `slogate schema` prints.
std::vector<std::string> SchemaKinds();

// The shells that `slogate completion` knows.
std::vector<std::string> Shells();

// "unknown shell 'tcsh'; there are bash, zsh, fish", with a suggestion instead of the list for a
// slip.
std::string UnknownWord(absl::string_view what, absl::string_view word,
                        const std::vector<std::string>& known);

// The command line for a shell, without --change and --ticket, which a way out may add anew.
std::string RepeatableCommand(const std::vector<std::string>& arguments);

}  // namespace slogate

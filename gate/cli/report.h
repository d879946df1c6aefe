// What commands share of talking to people and of reading the files they name.
#pragma once

#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/strings/string_view.h>
#include <absl/types/span.h>

#include "gate/cli/world.h"
#include "gate/text/diagnostic.h"

namespace slogate {

// Writes to standard output; kExitOk, or kExitInternal with a word on standard error where that
// failed.
int Say(World& world, absl::string_view text);

// The same for words that quote what others wrote: where GitHub's runner reads them, it obeys none.
int SayQuoting(World& world, absl::string_view text);

// Writes to standard error; nothing can be done where that fails.
void Complain(World& world, absl::string_view text);

// One line on standard error, "slogate: …".
void Complain(World& world, const absl::Status& status);

// Shows all diagnostics on standard error with a count of them; nothing where there are none.
void ShowDiagnostics(World& world, const std::vector<Diagnostic>& diagnostics,
                     absl::Span<const SourceFile> files);

// Reads the files in order; each that cannot be read, or is named twice, is a diagnostic.
std::vector<SourceFile> ReadFiles(World& world, const std::vector<std::string>& paths,
                                  std::vector<Diagnostic>& diagnostics);

// Whether text on `stream` may have colour: a terminal that shows it, and nobody set NO_COLOR.
bool WantsColour(World& world, Stream& stream);

}  // namespace slogate

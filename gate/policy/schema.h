// What is generated from the descriptions of the policy language: the JSON Schemas and the
// reference page.
#pragma once

#include <optional>
#include <string>

#include <absl/strings/string_view.h>

namespace slogate {

// The JSON Schema of a kind of file, "ReleasePolicy" or "ServiceObjectives"; nullopt for any other.
std::optional<std::string> PolicySchema(absl::string_view kind);

// The reference page, in Markdown: every key of both kinds of file, and every diagnostic.
std::string PolicyReference();

}  // namespace slogate

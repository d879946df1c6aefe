// Text from outside made safe for where it is placed, one function a place. Each takes any bytes;
// none lets them become anything but text there.
#pragma once

#include <string>

#include <absl/strings/string_view.h>

namespace slogate {

// The message of a workflow command of GitHub Actions, at most 4,096 characters of it.
std::string EscapeWorkflowMessage(absl::string_view text);

// The value of a property of such a command.
std::string EscapeWorkflowProperty(absl::string_view text);

// A name with its value as the environment files of GitHub Actions take them, between delimiters
// made of `token`, which no text from outside can know.
std::string EnvironmentFileEntry(absl::string_view name, absl::string_view value,
                                 absl::string_view token);

// Inline text of GitHub-flavoured Markdown, also in a table's cell: no markup, HTML, link or
// mention comes of it.
std::string EscapeMarkdown(absl::string_view text);

// A block of code that shows `text` as it is.
std::string MarkdownCode(absl::string_view text);

// Text or an attribute's value in XML 1.0; what XML cannot hold becomes U+FFFD.
std::string EscapeXml(absl::string_view text);

}  // namespace slogate

#include "adapters/escape.h"

#include <algorithm>

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>

#include "gate/text/diagnostic.h"
#include "gate/text/utf8.h"

namespace slogate {
namespace {

// The runner cuts messages here, and might cut an escape in two.
constexpr size_t kMessageCharacters = 4'000;

constexpr absl::string_view kReplacement = "\xef\xbf\xbd";

}  // namespace

std::string EscapeWorkflowMessage(absl::string_view text) {
  return absl::StrReplaceAll(Cut(text, kMessageCharacters),
                             {{"%", "%25"}, {"\r", "%0D"}, {"\n", "%0A"}});
}

std::string EscapeWorkflowProperty(absl::string_view text) {
  return absl::StrReplaceAll(EscapeWorkflowMessage(text), {{":", "%3A"}, {",", "%2C"}});
}

std::string EnvironmentFileEntry(absl::string_view name, absl::string_view value,
                                 absl::string_view token) {
  // On Linux only LF ends a line there; a CR would become part of the delimiter or the value.
  const std::string lines = absl::StrReplaceAll(value, {{"\r", ""}});
  return absl::StrCat(name, "<<slogate_", token, "\n", lines, lines.empty() ? "" : "\n", "slogate_",
                      token, "\n");
}

std::string EscapeMarkdown(absl::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '&':
        escaped += "&amp;";
        break;
      case '@':
        escaped += "&#64;";
        break;
      case '\n':
      case '\r':
      case '\t':
        escaped += ' ';
        break;
      case ' ':
      case ',':
      case '"':
      case '\'':
      case '%':
        escaped += c;
        break;
      default:
        if (absl::ascii_ispunct(static_cast<unsigned char>(c))) escaped += '\\';
        escaped += c;
    }
  }
  return escaped;
}

std::string MarkdownCode(absl::string_view text) {
  size_t longest = 0, run = 0;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(std::max<size_t>(3, longest + 1), '`');
  return absl::StrCat(fence, "text\n", text, "\n", fence, "\n");
}

std::string EscapeXml(absl::string_view text) {
  std::string escaped;
  while (!text.empty()) {
    const Utf8Character first = FirstCharacter(text);
    const absl::string_view bytes = text.substr(0, first.bytes);
    text.remove_prefix(first.bytes);
    const char c = bytes[0];
    const bool control = first.bytes == 1 && static_cast<unsigned char>(c) < 0x20;
    const bool none = first.code == 0xFFFE || first.code == 0xFFFF;
    if (!first.valid || none || (control && c != '\n' && c != '\t')) {
      absl::StrAppend(&escaped, kReplacement);
    } else if (c == '<' || c == '>' || c == '&' || c == '"' || c == '\'' || control) {
      absl::StrAppend(&escaped, "&#", static_cast<int>(c), ";");
    } else {
      absl::StrAppend(&escaped, bytes);
    }
  }
  return escaped;
}

}  // namespace slogate

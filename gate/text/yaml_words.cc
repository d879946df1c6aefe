#include "gate/text/yaml_words.h"

#include <algorithm>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <re2/re2.h>

#include "gate/text/utf8.h"

namespace slogate {
namespace {

absl::string_view LineOf(absl::string_view text, int line) {
  for (int i = 1; i < line; ++i) {
    const size_t end = text.find('\n');
    if (end == absl::string_view::npos) return "";
    text.remove_prefix(end + 1);
  }
  return text.substr(0, text.find('\n'));
}

// A metric's name or an opening brace, then a label, an operator and a quote:
// `http_total{code=~"5.."`.
bool HoldsBareSelector(absl::string_view line) {
  static const RE2& kSelector = *new RE2(R"re(\{\s*[a-zA-Z_]\w*\s*(=|!=|=~|!~)\s*["'])re");
  return RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), kSelector);
}

struct Hint {
  absl::string_view problem;  // a part of libyaml's words
  absl::string_view hint;
};

constexpr Hint kHints[] = {
    {"tab character", "indent with blanks, not with tabs"},
    {"did not find expected ',' or", "look for a missing comma or bracket before this place"},
    {"mapping values are not allowed", "check the indentation; quote a text that holds ': '"},
    {"did not find expected key", "check the indentation and the quotes just before this place"},
    {"could not find expected ':'", "write 'key: value', with a blank after the colon"},
    {"did not find expected '-' indicator", "give all entries of a list the same indentation"},
    {"block sequence entries are not allowed", "begin the list on a line of its own"},
    {"Unicode character escape code", "write the character itself instead of its \\u escapes"},
    {"unknown escape character", "use single quotes, or write \\\\ for a backslash"},
    {"did not find expected alphabetic or numeric character",
     "quote a text that begins with '&' or '*'"},
};

std::string HintFor(const YamlMistake& mistake, absl::string_view line) {
  if (absl::StrContains(mistake.problem, "cannot start any token")) {
    const size_t index = line.find_first_not_of(' ');
    if (index != absl::string_view::npos && line[index] == '\t')
      return "indent with blanks, not with tabs";
    return "quote a text that begins with '@', '`' or '%'";
  }
  if (HoldsBareSelector(line))
    return "quote the selector: 'http_requests_total{service=\"checkout\"}'";
  for (const Hint& hint : kHints) {
    if (absl::StrContains(mistake.problem, hint.problem)) return std::string(hint.hint);
  }
  return "";
}

// Where the mistake is. At the end of a text without a last line end, libyaml is one line ahead.
Position InText(const YamlMistake& mistake, absl::string_view text) {
  const int lines = 1 + static_cast<int>(std::count(text.begin(), text.end(), '\n'));
  if (mistake.at.line <= lines) return mistake.at;
  if (mistake.context_at.line > 0 && mistake.context_at.line <= lines) return mistake.context_at;
  return {lines, 1 + static_cast<int>(CountCharacters(LineOf(text, lines)))};
}

}  // namespace

Diagnostic Explain(const YamlMistake& mistake, const SourceFile& file) {
  Diagnostic result = {.id = "yaml_syntax", .file = file.path, .at = mistake.at};
  if (absl::StrContains(mistake.problem, "directive") ||
      absl::StrContains(mistake.context, "directive") ||
      absl::StrContains(mistake.problem, "incompatible YAML")) {
    result.id = "directive";
    result.message = "directives are not allowed";
    result.hint = "remove the lines that begin with '%'";
    return result;
  }
  if (absl::StrContains(mistake.problem, "<document start>")) {
    result.id = "second_document";
    result.message = "the file goes on after its first document";
    result.hint = "put each document into a file of its own; check the indentation";
    return result;
  }
  if (absl::StrContains(mistake.context, "quoted scalar") &&
      absl::StrContains(mistake.problem, "end of stream")) {
    result.at = mistake.context_at;
    result.message = "this quote is never closed";
    result.hint = "end the text with the same quote";
    return result;
  }
  result.at = InText(mistake, file.text);
  result.message =
      absl::StrCat(mistake.problem, mistake.context.empty() ? "" : " ", mistake.context);
  result.hint = HintFor(mistake, LineOf(file.text, result.at.line));
  return result;
}

}  // namespace slogate

#include "gate/cli/values.h"

#include <algorithm>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/strip.h>

#include "gate/base/suggest.h"
#include "gate/text/diagnostic.h"
#include "gate/text/shell_quote.h"

namespace slogate {
namespace {

constexpr absl::string_view kDigestPrefix = "sha256:";

bool IsHex(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace

bool IsDigest(absl::string_view text) {
  return absl::ConsumePrefix(&text, kDigestPrefix) && text.size() == 64 && IsHex(text);
}

bool IsDecisionId(absl::string_view text) {
  absl::ConsumePrefix(&text, kDigestPrefix);
  return text.size() >= 8 && text.size() <= 64 && IsHex(text);
}

void CheckValue(absl::string_view option, absl::string_view value,
                std::vector<std::string>& wrong) {
  if (value.size() > 200) {
    wrong.push_back(absl::StrCat(option, " has ", value.size(), " bytes; at most 200 are taken"));
  } else if (Printable(value) != value) {
    wrong.push_back(absl::StrCat(
        option, " holds characters that a terminal does not show as they are: ", Printable(value)));
  }
}

std::vector<std::string> SchemaKinds() {
  return {"ReleasePolicy", "ServiceObjectives", "reference"};
}

std::vector<std::string> Shells() { return {"bash", "zsh", "fish"}; }

std::string UnknownWord(absl::string_view what, absl::string_view word,
                        const std::vector<std::string>& known) {
  std::string rest = DidYouMean(word, known);
  if (rest.empty()) rest = absl::StrCat("; there are ", absl::StrJoin(known, ", "));
  return absl::StrCat("unknown ", what, " '", Printable(word), "'", rest);
}

std::string RepeatableCommand(const std::vector<std::string>& arguments) {
  std::string command = "slogate";
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument == "--change" || argument == "--ticket") {
      ++i;  // its value
    } else if (!absl::StartsWith(argument, "--change=") &&
               !absl::StartsWith(argument, "--ticket=")) {
      absl::StrAppend(&command, " ", QuotedForShell(argument));
    }
  }
  return command;
}

}  // namespace slogate

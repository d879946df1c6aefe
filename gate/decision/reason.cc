#include "gate/decision/reason.h"

#include <algorithm>
#include <set>
#include <vector>

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include "gate/base/limits.h"
#include "gate/text/diagnostic.h"
#include "gate/text/utf8.h"

namespace slogate {
namespace {

constexpr size_t kFewCharacters = 5;

using Characters = std::vector<char32_t>;

bool IsSpace(char32_t code) {
  return (code >= 0x09 && code <= 0x0d) || code == 0x20 || code == 0x85 || code == 0xa0 ||
         code == 0x1680 || (code >= 0x2000 && code <= 0x200a) || code == 0x2028 || code == 0x2029 ||
         code == 0x202f || code == 0x205f || code == 0x2800 || code == 0x3000 || code == 0x3164;
}

// Blanks, and what nobody sees: neither says anything.
bool IsBlank(absl::string_view text, const Utf8Character& character) {
  const absl::string_view bytes = text.substr(0, character.bytes);
  return IsSpace(character.code) || Printable(bytes) != bytes;
}

// Words in small letters, as ASCII knows them.
std::vector<Characters> WordsOf(absl::string_view text) {
  std::vector<Characters> words(1);
  while (!text.empty()) {
    const Utf8Character character = FirstCharacter(text);
    if (!IsBlank(text, character)) {
      const bool ascii = character.code < 0x80;
      words.back().push_back(ascii ? static_cast<char32_t>(absl::ascii_tolower(
                                         static_cast<unsigned char>(character.code)))
                                   : character.code);
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
    text.remove_prefix(character.bytes);
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

// The shortest beginning that the word repeats at least twice, to its end; else all of it. By the
// failure function of Knuth, Morris and Pratt.
Characters UnitOf(const Characters& word) {
  std::vector<size_t> border(word.size(), 0);
  for (size_t i = 1; i < word.size(); ++i) {
    size_t length = border[i - 1];
    while (length > 0 && word[i] != word[length]) length = border[length - 1];
    border[i] = word[i] == word[length] ? length + 1 : 0;
  }
  const size_t period = word.size() - border.back();
  if (2 * period > word.size()) return word;
  return {word.begin(), word.begin() + static_cast<std::ptrdiff_t>(period)};
}

size_t LengthOf(const std::vector<Characters>& words) {
  size_t length = words.empty() ? 0 : words.size() - 1;  // the blanks between them
  for (const Characters& word : words) length += word.size();
  return length;
}

bool IsText(absl::string_view text) {
  while (!text.empty()) {
    const Utf8Character character = FirstCharacter(text);
    if (!character.valid || character.code == 0) return false;
    text.remove_prefix(character.bytes);
  }
  return true;
}

bool IsOneWord(absl::string_view text) {
  while (!text.empty()) {
    const Utf8Character character = FirstCharacter(text);
    if (IsBlank(text, character)) return false;
    text.remove_prefix(character.bytes);
  }
  return true;
}

}  // namespace

size_t SayingLength(absl::string_view reason) {
  const std::vector<Characters> words = WordsOf(reason);
  std::set<char32_t> characters;
  std::set<Characters> units;
  for (const Characters& word : words) {
    characters.insert(word.begin(), word.end());
    units.insert(UnitOf(word));
  }
  if (characters.size() < kFewCharacters) return characters.size();
  const size_t length = LengthOf(words);
  const size_t distinct = LengthOf({units.begin(), units.end()});
  return 2 * distinct < length ? distinct : length;
}

std::string WhyNotReason(absl::string_view reason, size_t min_length) {
  if (reason.size() > limits::kReasonBytes) {
    return absl::StrCat("the reason has ", reason.size(), " bytes, and at most ",
                        limits::kReasonBytes, " are kept: put the rest into the ticket");
  }
  if (!IsText(reason)) {
    return "the reason is no text: it holds NUL or bytes that are not UTF-8";
  }
  const size_t length = SayingLength(reason);
  if (length >= min_length) return "";
  if (length == 0) {
    return absl::StrCat("the reason is empty: say in at least ", min_length,
                        " characters why the release cannot wait");
  }
  return absl::StrCat("the reason says ", length, " of the ", min_length,
                      " characters that the policy wants, blanks and repetitions not counted: say "
                      "why the release cannot wait");
}

std::string WhyNotTicket(absl::string_view ticket, const std::optional<std::string>& prefix) {
  const std::string wanted = prefix.value_or("");
  if (ticket.empty()) {
    return wanted.empty() ? "" : absl::StrCat("the ticket is missing: give --ticket ", wanted, "…");
  }
  if (!IsOneWord(ticket) || ticket.size() > limits::kTicketBytes) {
    return absl::StrCat("the ticket is not one word of at most ", limits::kTicketBytes,
                        " bytes: give it as it is called");
  }
  if (!absl::StartsWith(ticket, wanted) || ticket.size() == wanted.size()) {
    return absl::StrCat("the ticket must begin with ", wanted, ": give --ticket ", wanted, "…");
  }
  return "";
}

}  // namespace slogate

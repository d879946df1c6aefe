#include "gate/policy/promql.h"

#include <algorithm>
#include <utility>

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "gate/base/limits.h"
#include "gate/base/suggest.h"
#include "gate/policy/promql_string.h"
#include "gate/policy/selector.h"
#include "gate/text/diagnostic.h"
#include "gate/text/utf8.h"

namespace slogate {
namespace {

bool InWord(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_'; }

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Where a placeholder stands, with its '$'.
struct Place {
  size_t offset = 0, length = 0;
  absl::string_view name;  // without it
};

class Scanner {
 public:
  explicit Scanner(absl::string_view text) : text_(text) {}

  // False where the text is broken; `mistake()` then says how.
  bool Scan() {
    if (text_.size() > limits::kSelectorBytes) {
      return Fail(limits::kSelectorBytes,
                  absl::StrCat("the PromQL is longer than ", limits::kSelectorBytes, " bytes"),
                  "record what it computes as a series of its own, and name that");
    }
    if (std::all_of(text_.begin(), text_.end(), IsBlank)) {
      return Fail(0, "the PromQL is empty", "write an expression that gives one number");
    }
    if (!CheckCharacters()) return false;
    while (at_ < text_.size()) {
      if (!Take()) return false;
    }
    if (open_.empty()) return true;
    const absl::string_view bracket = text_.substr(open_.back(), 1);
    return Fail(open_.back(), absl::StrCat("the bracket '", bracket, "' is not closed"),
                "close it, or remove it");
  }

  std::string TakeLine() { return std::move(line_); }
  const std::vector<Place>& places() const { return places_; }
  const PromqlMistake& mistake() const { return mistake_; }

 private:
  bool Fail(size_t offset, std::string message, std::string hint) {
    mistake_ = {offset, std::move(message), std::move(hint)};
    return false;
  }

  bool CheckCharacters() {
    for (size_t i = 0; i < text_.size();) {
      const Utf8Character character = FirstCharacter(text_.substr(i));
      if (!character.valid)
        return Fail(i, "the PromQL is not valid UTF-8", "save the file as UTF-8");
      const absl::string_view bytes = text_.substr(i, character.bytes);
      if (!IsBlank(text_[i]) && Printable(bytes) != bytes) {
        return Fail(i, "the PromQL has a character that cannot be seen",
                    "remove it, or write it as an escape such as \\u200b");
      }
      i += character.bytes;
    }
    return true;
  }

  bool Take() {
    const char c = text_[at_];
    if (c == '"' || c == '\'' || c == '`') return TakeString();
    if (c == '#') {
      return Fail(at_, "a comment would swallow what slogate adds",
                  "remove it, or put it beside the PromQL in the file");
    }
    if (c == '$') return TakePlaceholder();
    if (IsBlank(c)) return TakeBlanks();
    if (c == '(' || c == '[' || c == '{') open_.push_back(at_);
    if ((c == ')' || c == ']' || c == '}') && !Close(c)) {
      return Fail(at_, absl::StrCat("the bracket '", text_.substr(at_, 1), "' closes nothing"),
                  "open it, or remove it");
    }
    line_ += text_[at_++];
    return true;
  }

  bool TakeBlanks() {
    while (at_ < text_.size() && IsBlank(text_[at_])) ++at_;
    if (!line_.empty() && at_ < text_.size()) line_ += ' ';
    return true;
  }

  bool TakeString() {
    const size_t start = at_;
    std::string value;
    PromqlStringMistake wrong;
    if (!TakePromqlString(text_, at_, value, wrong)) {
      return Fail(wrong.offset, wrong.message, wrong.hint);
    }
    const absl::string_view quoted = text_.substr(start, at_ - start);
    if (quoted.find_first_of("\t\n\r") != absl::string_view::npos) {
      return Fail(start, "a value within quotes has a tab or a line end",
                  "write it as an escape: \\t or \\n");
    }
    absl::StrAppend(&line_, quoted);
    return true;
  }

  bool TakePlaceholder() {
    const size_t start = at_++;
    while (at_ < text_.size() && InWord(text_[at_])) ++at_;
    places_.push_back({start, at_ - start, text_.substr(start + 1, at_ - start - 1)});
    absl::StrAppend(&line_, text_.substr(start, at_ - start));
    return true;
  }

  bool Close(char bracket) {
    if (open_.empty()) return false;
    const char opened = text_[open_.back()];
    open_.pop_back();
    return opened == (bracket == ')' ? '(' : bracket == ']' ? '[' : '{');
  }

  absl::string_view text_;
  size_t at_ = 0;
  std::string line_;          // what was read, on one line
  std::vector<size_t> open_;  // brackets, by their offsets
  std::vector<Place> places_;
  PromqlMistake mistake_;
};

std::vector<Place> PlacesIn(absl::string_view text) {
  Scanner scanner(text);
  scanner.Scan();
  return scanner.places();
}

// Extends `place` over one comma beside it.
Place WithComma(absl::string_view text, Place place) {
  size_t after = place.offset + place.length;
  while (after < text.size() && IsBlank(text[after])) ++after;
  if (after < text.size() && text[after] == ',') {
    place.length = after + 1 - place.offset;
    return place;
  }
  size_t before = place.offset;
  while (before > 0 && IsBlank(text[before - 1])) --before;
  if (before > 0 && text[before - 1] == ',') {
    place.length += place.offset - (before - 1);
    place.offset = before - 1;
  }
  return place;
}

Promql Filled(const Promql& promql, absl::string_view name, absl::string_view value) {
  Promql filled;
  size_t copied = 0;
  for (Place place : PlacesIn(promql.text)) {
    if (place.name != name) continue;
    if (value.empty()) place = WithComma(promql.text, place);
    absl::StrAppend(&filled.text, promql.text.substr(copied, place.offset - copied), value);
    copied = place.offset + place.length;
  }
  absl::StrAppend(&filled.text, promql.text.substr(copied));
  return filled;
}

}  // namespace

bool ParsePromql(absl::string_view text, const std::vector<absl::string_view>& placeholders,
                 Promql& promql, PromqlMistake& mistake) {
  Scanner scanner(text);
  if (!scanner.Scan()) {
    mistake = scanner.mistake();
    return false;
  }
  for (const Place& place : scanner.places()) {
    if (std::count(placeholders.begin(), placeholders.end(), place.name) > 0) continue;
    const std::vector<std::string> known(placeholders.begin(), placeholders.end());
    mistake = {place.offset,
               absl::StrCat("nothing is known here to put in place of '$", place.name, "'",
                            DidYouMean(std::string(place.name), known)),
               absl::StrCat("only $", absl::StrJoin(placeholders, " and $"), " can stand here")};
    return false;
  }
  promql.text = scanner.TakeLine();
  return true;
}

bool Mentions(const Promql& promql, absl::string_view placeholder) {
  const std::vector<Place> places = PlacesIn(promql.text);
  return std::any_of(places.begin(), places.end(),
                     [&](const Place& place) { return place.name == placeholder; });
}

Promql WithWindow(const Promql& promql, absl::string_view window) {
  return Filled(promql, kWindowPlaceholder, window);
}

Promql WithMatchers(const Promql& promql, const std::map<std::string, std::string>& matchers) {
  const std::string all = absl::StrJoin(matchers, ",", [](std::string* out, const auto& matcher) {
    out->append(Print(Matcher{matcher.first, "=", matcher.second}));
  });
  return Filled(promql, kMatchersPlaceholder, all);
}

}  // namespace slogate

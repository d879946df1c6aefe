#include "gate/policy/selector.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/string_view.h>
#include <re2/re2.h>

#include "gate/base/limits.h"
#include "gate/policy/promql_string.h"
#include "gate/text/utf8.h"

namespace slogate {
namespace {

constexpr char kWantsSelector[] =
    "write a counter's name and matchers: http_requests_total{service=\"checkout\"}";
constexpr char kWantsCounter[] =
    "give the counter itself; slogate adds increase, sum and the window";

// Aggregations may be followed by `by (…)` before their parenthesis.
constexpr std::array<absl::string_view, 14> kAggregations = {
    "avg", "bottomk", "count",    "count_values", "group",  "limitk", "limit_ratio",
    "max", "min",     "quantile", "stddev",       "stdvar", "sum",    "topk"};
constexpr std::array<absl::string_view, 14> kReserved = {
    "and", "atan2", "bool",   "by", "group_left", "group_right", "ignoring",
    "inf", "nan",   "offset", "on", "or",         "unless",      "without"};

template <class Items, class Item>
bool Has(const Items& items, const Item& item) {
  return std::find(items.begin(), items.end(), item) != items.end();
}

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool StartsLabel(char c) { return absl::ascii_isalpha(static_cast<unsigned char>(c)) || c == '_'; }
bool StartsMetric(char c) { return StartsLabel(c) || c == ':'; }
bool InLabel(char c) {
  return StartsLabel(c) || absl::ascii_isdigit(static_cast<unsigned char>(c));
}
bool InMetric(char c) { return InLabel(c) || c == ':'; }

// RE2 is what Prometheus' own engine follows. The cap is RE2's usual one; no selector comes near
// it.
RE2::Options RegexOptions() {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(int64_t{8} << 20);
  return options;
}

// As Prometheus compiles it: a matcher matches whole values.
std::string Anchored(const std::string& regex) { return absl::StrCat("^(?:", regex, ")$"); }

// What RE2 says against `regex`; empty where it is one. Tried alone first, so that "a)(b" cannot
// pair its parentheses with those of the anchors.
std::string RegexMistake(const std::string& regex) {
  const RE2 alone(regex, RegexOptions());
  if (!alone.ok()) return alone.error();
  const RE2 anchored(Anchored(regex), RegexOptions());
  return anchored.ok() ? "" : anchored.error();
}

bool Accepts(const Matcher& matcher, const std::string& value) {
  if (matcher.op == "=") return value == matcher.value;
  if (matcher.op == "!=") return value != matcher.value;
  const bool matches = RE2::FullMatch(value, RE2(Anchored(matcher.value), RegexOptions()));
  return matches == (matcher.op == "=~");
}

class SelectorParser {
 public:
  SelectorParser(absl::string_view text, SelectorMistake& mistake)
      : text_(text), mistake_(mistake) {}

  bool Parse(Selector& selector) {
    if (text_.size() > limits::kSelectorBytes) {
      return Fail(limits::kSelectorBytes,
                  absl::StrCat("the selector is longer than ", limits::kSelectorBytes, " bytes"),
                  "match fewer values, or shorten the regular expression");
    }
    if (!CheckCharacters()) return false;
    SkipBlanks();
    if (AtEnd()) return Fail(0, "the selector is empty", kWantsSelector);
    if (StartsMetric(Peek())) {
      if (!TakeMetric(selector)) return false;
      SkipBlanks();
    } else if (Peek() != '{') {
      return FailStart();
    }
    if (!AtEnd() && Peek() == '{' && !TakeMatchers(selector)) return false;
    SkipBlanks();
    return AtEnd() || FailTrailing();
  }

 private:
  bool Fail(size_t offset, std::string message, std::string hint) {
    mistake_ = {offset, std::move(message), std::move(hint)};
    return false;
  }

  bool AtEnd() const { return at_ == text_.size(); }
  char Peek() const { return text_[at_]; }
  bool NextIs(absl::string_view token) const { return absl::StartsWith(text_.substr(at_), token); }
  void SkipBlanks() {
    while (!AtEnd() && IsBlank(Peek())) ++at_;
  }
  template <class Predicate>
  absl::string_view TakeWhile(Predicate in) {
    const size_t start = at_;
    while (!AtEnd() && in(Peek())) ++at_;
    return text_.substr(start, at_ - start);
  }

  bool CheckCharacters() {
    for (size_t i = 0; i < text_.size();) {
      const Utf8Character character = FirstCharacter(text_.substr(i));
      if (!character.valid)
        return Fail(i, "the selector is not valid UTF-8", "save the file as UTF-8");
      if (absl::ascii_iscntrl(static_cast<unsigned char>(text_[i])) && !IsBlank(text_[i])) {
        return Fail(i, "the selector has a control character",
                    "remove it, or write it as an escape such as \\x01");
      }
      i += character.bytes;
    }
    return true;
  }

  bool FailStart() {
    if (Peek() == '"' || Peek() == '\'' || Peek() == '`') {
      return Fail(at_, "a selector does not begin with a quote",
                  "write the metric name without quotes: http_requests_total{code=\"500\"}");
    }
    return Fail(
        at_,
        absl::StrCat("a selector begins with a metric name or '{', not with '", Character(), "'"),
        kWantsSelector);
  }

  bool TakeMetric(Selector& selector) {
    const size_t start = at_;
    const absl::string_view word = TakeWhile(InMetric);
    const std::string lower = absl::AsciiStrToLower(word);  // PromQL's words ignore case
    const size_t after = at_;
    SkipBlanks();
    const absl::string_view next = TakeWhile(InMetric);
    const bool grouped = Has(kAggregations, lower) && (next == "by" || next == "without");
    at_ = after;
    if (grouped || FollowedByParenthesis()) {
      return Fail(start, absl::StrCat("'", word, "(…)' is a function, not a selector"),
                  kWantsCounter);
    }
    if (Has(kReserved, lower) || Has(kAggregations, lower)) {
      return Fail(start, absl::StrCat("'", word, "' is a word of PromQL, not a metric name"),
                  kWantsSelector);
    }
    selector.metric = std::string(word);
    return true;
  }

  bool FollowedByParenthesis() {
    SkipBlanks();
    return !AtEnd() && Peek() == '(';
  }

  bool TakeMatchers(Selector& selector) {
    const size_t open = at_++;
    for (SkipBlanks(); AtEnd() || Peek() != '}'; SkipBlanks()) {
      if (AtEnd()) return FailUnclosed(open);
      if (!TakeMatcher(selector)) return false;
      SkipBlanks();
      if (AtEnd()) return FailUnclosed(open);
      if (Peek() == ',') {
        ++at_;
      } else if (Peek() != '}') {
        return Fail(at_, absl::StrCat("',' or '}' must follow the value, not '", Character(), "'"),
                    "separate matchers with commas: {service=\"checkout\",code=\"500\"}");
      }
    }
    ++at_;
    if (selector.matchers_only() &&
        std::all_of(selector.matchers.begin(), selector.matchers.end(), LeavesNothingOut)) {
      return Fail(open, "these matchers choose nothing: each is empty or matches everything",
                  "name the label and value that tell these events from all: {code=~\"5..\"}");
    }
    return true;
  }

  // An empty value is usually a template's variable that was not set.
  static bool LeavesNothingOut(const Matcher& matcher) {
    return (matcher.value.empty() && (matcher.op == "=" || matcher.op == "=~")) ||
           (matcher.value == ".*" && matcher.op == "=~");
  }

  bool FailUnclosed(size_t open) {
    return Fail(open, "the brace '{' is not closed", "add '}' after the last matcher");
  }

  bool TakeMatcher(Selector& selector) {
    const size_t start = at_;
    if (!StartsLabel(Peek())) {
      return Fail(at_, absl::StrCat("a label name must stand here, not '", Character(), "'"),
                  "label names are letters, digits and '_', without quotes: {code=\"500\"}");
    }
    Matcher matcher;
    matcher.label = std::string(TakeWhile(InLabel));
    if (matcher.label == "__name__") {
      return Fail(start, "the metric name cannot be a matcher",
                  "write the name before the brace: http_requests_total{…}");
    }
    SkipBlanks();
    if (!TakeOperator(matcher)) return false;
    SkipBlanks();
    const size_t value = at_;
    if (AtEnd() || (Peek() != '"' && Peek() != '\'' && Peek() != '`')) {
      return Fail(at_, absl::StrCat("the value of '", matcher.label, "' must stand in quotes"),
                  absl::StrCat("write ", matcher.label, matcher.op, "\"…\""));
    }
    PromqlStringMistake wrong;
    if (!TakePromqlString(text_, at_, matcher.value, wrong)) {
      return Fail(wrong.offset, wrong.message, wrong.hint);
    }
    if (matcher.op == "=~" || matcher.op == "!~") {
      const std::string why = RegexMistake(matcher.value);
      if (!why.empty()) {
        return Fail(
            value, absl::StrCat("the regular expression of '", matcher.label, "' is broken: ", why),
            "matchers use RE2 syntax; a backslash within double quotes is written twice");
      }
    }
    selector.matchers.push_back(std::move(matcher));
    return true;
  }

  bool TakeOperator(Matcher& matcher) {
    if (NextIs("==")) {
      return Fail(at_, "'==' compares numbers", absl::StrCat("write ", matcher.label, "=\"…\""));
    }
    for (const absl::string_view op : {"=~", "!~", "!=", "="}) {
      if (!NextIs(op)) continue;
      matcher.op = std::string(op);
      at_ += op.size();
      return true;
    }
    return Fail(at_, absl::StrCat("one of = != =~ !~ must follow the label '", matcher.label, "'"),
                absl::StrCat("write ", matcher.label, "=\"…\""));
  }

  // What stands after a whole selector: mostly PromQL that slogate writes itself.
  bool FailTrailing() {
    const size_t start = at_;
    if (Peek() == '[') {
      const size_t close = text_.find(']', at_);
      const absl::string_view range =
          close == absl::string_view::npos ? text_.substr(at_) : text_.substr(at_, close + 1 - at_);
      return Fail(start, absl::StrCat("a range such as ", range, " does not belong here"),
                  "remove it; slogate adds the window itself");
    }
    if (Peek() == '#')
      return Fail(start, "a comment does not belong here",
                  "remove it, or put it beside the selector in the file");
    if (Peek() == '{')
      return Fail(start, "a second '{' does not belong here",
                  "put all matchers in one pair of braces");
    const std::string word = absl::AsciiStrToLower(TakeWhile(InLabel));
    at_ = start;
    if (word == "offset" || Peek() == '@') {
      return Fail(start, absl::StrCat("'", word.empty() ? "@" : word, "' does not belong here"),
                  "remove it; slogate evaluates every query at one instant of its own");
    }
    if (Has(kReserved, word) || absl::StrContains("+-*/%^=!<>", Peek())) {
      return Fail(start,
                  absl::StrCat("the operator '", word.empty() ? std::string(1, Peek()) : word,
                               "' does not belong here"),
                  "give one selector; slogate does the arithmetic");
    }
    return Fail(start, absl::StrCat("'", Character(), "' does not belong after the selector"),
                kWantsSelector);
  }

  absl::string_view Character() const {
    return text_.substr(at_, FirstCharacter(text_.substr(at_)).bytes);
  }

  absl::string_view text_;
  SelectorMistake& mistake_;
  size_t at_ = 0;
};

}  // namespace

bool ParseSelector(absl::string_view text, Selector& selector, SelectorMistake& mistake) {
  selector = Selector();
  return SelectorParser(text, mistake).Parse(selector);
}

std::string Print(const Matcher& matcher) {
  return absl::StrCat(matcher.label, matcher.op, QuotePromql(matcher.value));
}

std::string Print(const Selector& selector) {
  if (selector.matchers.empty()) return selector.metric;
  const auto print = [](std::string* out, const Matcher& matcher) { out->append(Print(matcher)); };
  return absl::StrCat(selector.metric, "{", absl::StrJoin(selector.matchers, ",", print), "}");
}

Selector Complete(const Selector& half, const Selector& whole) {
  if (!half.matchers_only()) return half;
  Selector complete = whole;
  for (const Matcher& matcher : half.matchers) {
    if (!Has(whole.matchers, matcher)) complete.matchers.push_back(matcher);
  }
  return complete;
}

Selector WithMatchers(Selector selector, const std::map<std::string, std::string>& matchers) {
  for (const auto& [label, value] : matchers) {
    Matcher matcher{label, "=", value};
    if (!Has(selector.matchers, matcher)) selector.matchers.push_back(std::move(matcher));
  }
  return selector;
}

bool SameSelection(const Selector& a, const Selector& b) {
  const auto all_in = [](const Selector& some, const Selector& all) {
    return std::all_of(some.matchers.begin(), some.matchers.end(),
                       [&](const Matcher& matcher) { return Has(all.matchers, matcher); });
  };
  return a.metric == b.metric && all_in(a, b) && all_in(b, a);
}

std::optional<std::pair<Matcher, Matcher>> Contradiction(const Selector& selector) {
  for (const Matcher& equal : selector.matchers) {
    if (equal.op != "=") continue;
    for (const Matcher& other : selector.matchers) {
      if (other.label == equal.label && !Accepts(other, equal.value)) return {{equal, other}};
    }
  }
  return std::nullopt;
}

}  // namespace slogate

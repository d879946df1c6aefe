// Policies, questions and readings as short texts, for tables about evidence. A question is
// "events requests{code=~\"5..\"} 1h", for a window that ended earlier "events requests 31d@9d", or with
// how old a sample may be, "coverage requests 30d 5m";
// a reading "100", "90..110", "~100" (an estimate), "^100" (a step, left
// out), "none" (no such data), or the word of a finding's kind.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <absl/strings/strip.h>

#include "gate/base/duration.h"
#include "gate/evidence/event_count.h"
#include "gate/evidence/evidence.h"
#include "gate/policy/effective.h"
#include "gate/policy/load.h"

namespace slogate {

using Strings = std::vector<std::string>;
using Readings = std::map<std::string, std::string>;

inline constexpr char kSpent[] =
    "{id: spent, when: {budget_remaining: {at_most: 0%}}, verdict: deny}";
inline constexpr char kFastBurn[] =
    "{id: fast, when: {burn_rate: {above: 10, over: 1h}}, verdict: hold}";

struct PolicyParts {
  Strings rules = {kSpent};
  Strings slos;
  std::string more = "";         // further keys, a line each
  std::string environment = "";  // "" where the policy has none
};

// An SLO of 99.9 % over 30 d.
inline std::string SloWith(const std::string& name, const std::string& events) {
  return absl::StrCat("{name: ", name, ", objective: 99.9%, window: 30d, sli: {events: {", events,
                      "}}}");
}

// The policy as loading and combining its YAML makes it; a failed test where that has mistakes.
inline EffectivePolicy PolicyOf(const PolicyParts& parts) {
  std::string yaml = R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: acme}
sources: {main: {url: 'https://prometheus.example:9090'}}
service: checkout
)";
  absl::StrAppend(&yaml, parts.more, "rules:\n");
  for (const std::string& rule : parts.rules) absl::StrAppend(&yaml, "  - ", rule, "\n");
  absl::StrAppend(&yaml, "slos:\n");
  for (const std::string& slo : parts.slos) absl::StrAppend(&yaml, "  - ", slo, "\n");
  const std::vector<SourceFile> files = {{"policy.yaml", yaml}};
  const Parsed<PolicyFiles> loaded = LoadPolicyFiles(files);
  EXPECT_TRUE(loaded.value) << Render(loaded.diagnostics, files);
  Target target;
  if (!parts.environment.empty()) target.environment = parts.environment;
  Parsed<EffectivePolicy> combined = Combine(loaded.value.value(), target);
  EXPECT_TRUE(combined.value) << Render(combined.diagnostics, files);
  return std::move(combined.value).value();
}

inline std::string Text(const Question& question) {
  std::string text = absl::StrCat(Word(question.kind), " ", Print(question.selector), " ",
                                  PrintDuration(question.over));
  if (question.max_age > absl::ZeroDuration())
    absl::StrAppend(&text, " ", PrintDuration(question.max_age));
  if (question.ago > absl::ZeroDuration()) absl::StrAppend(&text, "@", PrintDuration(question.ago));
  return text;
}

inline Strings Texts(const std::vector<Question>& questions) {
  Strings texts;
  for (const Question& question : questions) texts.push_back(Text(question));
  return texts;
}

inline Question Asked(const std::string& text) {
  const Strings words = absl::StrSplit(text, ' ');
  Question question;
  question.kind = QuestionFromWord(words.at(0)).value();
  question.source = "main";
  if (question.kind == QuestionKind::kClock) return question;
  SelectorMistake mistake;
  EXPECT_TRUE(ParseSelector(words.at(1), question.selector, mistake)) << mistake.message;
  const Strings window = absl::StrSplit(words.at(2), '@');
  question.over = ParseDuration(window[0]).value();
  if (window.size() > 1) question.ago = ParseDuration(window[1]).value();
  if (words.size() > 3) question.max_age = ParseDuration(words[3]).value();
  return question;
}

inline Reading Answered(const Question& question, const std::string& name,
                        const std::string& text) {
  Reading reading{question, {}, false, {}, {}};
  if (text == "none") return reading;
  if (const std::optional<FindingKind> kind = FindingFromWord(text)) {
    reading.findings.push_back({*kind, {}, {}, absl::StrCat("said of ", name)});
    return reading;
  }
  reading.estimate = absl::StartsWith(text, "~");
  reading.step = absl::StartsWith(text, "^");
  const Strings ends = absl::StrSplit(absl::StripPrefix(absl::StripPrefix(text, "~"), "^"), "..");
  reading.value = Bounds{Rational::FromDecimal(ends.front()).value(),
                         Rational::FromDecimal(ends.back()).value()};
  return reading;
}

inline Reading Answered(const std::string& question, const std::string& text) {
  return Answered(Asked(question), question, text);
}

inline Evidence Told(const Readings& readings) {
  Evidence evidence;
  for (const auto& [question, answer] : readings) {
    evidence.readings.push_back(Answered(question, answer));
  }
  return evidence;
}

// The same for questions that no short text can tell, "" for those that nobody asked.
inline Evidence Told(const std::vector<Question>& questions, const Strings& answers) {
  EXPECT_EQ(questions.size(), answers.size());
  Evidence evidence;
  for (size_t i = 0; i < questions.size() && i < answers.size(); ++i) {
    if (answers[i].empty()) continue;
    evidence.readings.push_back(
        Answered(questions[i], absl::StrCat(Word(questions[i].kind), " ", i), answers[i]));
  }
  return evidence;
}

inline std::string Text(const Bounds& bounds) {
  const std::string low = bounds.low.ExactDecimal().value_or("?");
  return bounds.exact() ? low : absl::StrCat(low, "..", bounds.high.ExactDecimal().value_or("?"));
}

inline std::string Text(const EventCount& count) {
  return absl::StrCat(Text(count.bad), " of ", Text(count.total),
                      count.estimate ? " (estimate)" : "",
                      count.interpolated ? " (interpolated)" : "",
                      count.previous_total ? absl::StrCat(", by ", Text(count.Basis())) : "");
}

// "stale, 600 against 300: no sample of …".
inline std::string Text(const Finding& finding) {
  std::string text(Word(finding.kind));
  if (finding.measured || finding.limit) {
    const auto number = [](const std::optional<Rational>& value) {
      return value ? value->ExactDecimal().value_or(
                         absl::StrCat("about ", value->Fixed(4, Rounding::kDown)))
                   : "nothing";
    };
    absl::StrAppend(&text, ", ", number(finding.measured), " against ", number(finding.limit));
  }
  return absl::StrCat(text, ": ", finding.detail);
}

// What counting came to: the count, or the findings.
inline Strings Texts(const std::variant<EventCount, std::vector<Finding>>& counted) {
  if (const auto* count = std::get_if<EventCount>(&counted)) return {Text(*count)};
  Strings texts;
  for (const Finding& finding : std::get<std::vector<Finding>>(counted)) {
    texts.push_back(Text(finding));
  }
  return texts;
}

}  // namespace slogate

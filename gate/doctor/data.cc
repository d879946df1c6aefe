#include "gate/doctor/data.h"

#include <algorithm>
#include <set>
#include <utility>
#include <variant>
#include <vector>

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

#include "gate/base/duration.h"
#include "gate/decision/sentences.h"
#include "gate/evidence/counter.h"
#include "gate/evidence/plan.h"
#include "gate/evidence/sli_events.h"
#include "gate/evidence/slots.h"
#include "gate/evidence/watched.h"
#include "gate/text/diagnostic.h"

namespace slogate {
namespace {

// "12 d", rounded down to whole seconds.
std::string Spoken(const Rational& seconds) {
  int64_t whole = 0;
  if (!absl::SimpleAtoi(seconds.Fixed(0, Rounding::kDown), &whole)) return "an unknown time";
  return whole == 0 ? "less than 1 s" : SpeakDuration(absl::Seconds(whole));
}

std::string Row(absl::string_view name, absl::string_view text) {
  return absl::StrCat("  ", name, std::string(10 - name.size(), ' '), text, "\n");
}

std::string OfSelector(const EffectivePolicy& policy, const std::string& source,
                       const EffectiveSlo& slo, const Selector& selector,
                       const Evidence& evidence) {
  std::string text = Row("series", Printable(Print(selector)));
  const absl::Duration limit = policy.findings.stale_older_than;
  const Reading* newest = evidence.Find({QuestionKind::kNewestSample, source, selector, limit});
  if (HasData(newest)) {
    absl::StrAppend(&text, Row("newest", absl::StrCat("sample ", Spoken(newest->value->high),
                                                      " old; at most ", SpeakDuration(limit))));
  }
  const absl::Duration reach = ReachOf(WindowsFor(policy, slo, ApplicabilityOf(policy, slo)));
  const Reading* history = evidence.Find({QuestionKind::kHistory, source, selector, reach});
  if (HasData(history)) {
    const bool whole = history->value->low >= Seconds(slo.window);
    absl::StrAppend(
        &text, Row("stored", whole ? absl::StrCat("all of the window, ", SpeakDuration(slo.window))
                                   : absl::StrCat("since ", Spoken(history->value->low),
                                                  "; the window is ", SpeakDuration(slo.window))));
  }
  const Reading* coverage =
      evidence.Find({QuestionKind::kCoverage, source, selector, slo.window, limit});
  if (HasData(coverage)) {
    const auto [length, count] = SlotsOf(slo.window, limit);
    absl::StrAppend(
        &text, Row("samples", absl::StrCat("in ", coverage->value->low.Fixed(0, Rounding::kDown),
                                           " of ", count, " slots of ", SpeakDuration(length))));
  }
  return text;
}

// A counter of which there is no series yet, while the SLI's other one has data.
std::string NotBornYet(const std::string& source, const EffectiveSlo& slo,
                       const Evidence& evidence) {
  const auto* events = std::get_if<EventsSli>(&slo.sli);
  if (events == nullptr) return "";
  const std::vector<Question> asked = AskEvents(*events, source, slo.window);
  for (size_t i = 0; i < asked.size(); ++i) {
    const Reading* other = evidence.Find(asked[1 - i]);
    if (!IsEmpty(evidence.Find(asked[i])) || !HasData(other)) continue;
    // Raw samples show what such a counter begins with.
    if (!other->answers.empty() && evidence.answers[other->answers.back()].path == kSamplesPath)
      continue;
    return Row("not yet",
               absl::StrCat("no series of ", Printable(Print(asked[i].selector)),
                            " in the window: if the "
                            "first failure makes it,\n            that failure is never counted; "
                            "start such counters at 0"));
  }
  return "";
}

// What one source has for an SLO.
std::string OfSource(const EffectivePolicy& policy, const std::string& source,
                     const EffectiveSlo& slo, const Evidence& evidence) {
  std::string text;
  for (const Selector& selector : Watched(source, slo, evidence)) {
    absl::StrAppend(&text, OfSelector(policy, source, slo, selector, evidence));
  }
  absl::StrAppend(&text, NotBornYet(source, slo, evidence));
  return text;
}

}  // namespace

DataReport DescribeData(const EffectivePolicy& policy, const Decision& decision) {
  DataReport report;
  const Ruling& ruling = decision.ruling;
  const auto stops = [](const JudgedFinding& finding) { return finding.verdict >= Verdict::kHold; };
  report.sound = std::none_of(ruling.findings.begin(), ruling.findings.end(), stops);
  for (const SourceNote& source : decision.sources) {
    const bool answered = std::any_of(decision.evidence.answers.begin(),
                                      decision.evidence.answers.end(), [&](const Answer& answer) {
                                        return answer.source == source.name &&
                                               answer.status >= 200 && answer.status < 300;
                                      });
    absl::StrAppend(&report.text, "source ", source.name, ": ", source.url,
                    answered ? " answers\n" : " gave no answer to go by\n");
  }
  for (const EffectiveSlo& slo : policy.slos) {
    absl::StrAppend(&report.text, "\n", slo.name, ", ", SpeakDuration(slo.window), "\n");
    for (const EffectiveSource& source : policy.sources) {
      if (policy.sources.size() > 1) absl::StrAppend(&report.text, Row("source", source.name));
      absl::StrAppend(&report.text, OfSource(policy, source.name, slo, decision.evidence));
    }
    std::set<std::pair<FindingKind, std::string>> told;
    for (const JudgedFinding& finding : ruling.findings) {
      if (finding.slo != slo.name || !told.insert({finding.finding.kind, finding.source}).second) {
        continue;
      }
      absl::StrAppend(&report.text,
                      Row(Word(finding.verdict), absl::StrCat(Word(finding.finding.kind), ": ",
                                                              FindingText(finding, decision))),
                      Row("", Advice(finding.finding.kind, finding.source, decision).text));
    }
    if (told.empty())
      absl::StrAppend(&report.text, Row("sound", "nothing stands in the way of a verdict"));
  }
  return report;
}

}  // namespace slogate

#include <algorithm>
#include <utility>

#include <absl/strings/str_cat.h>

#include "gate/base/duration.h"
#include "gate/base/sha256.h"
#include "gate/base/version.h"
#include "gate/decision/document.h"
#include "gate/decision/document_calendar.h"
#include "gate/decision/document_past.h"
#include "gate/decision/document_question.h"
#include "gate/decision/numbers.h"
#include "gate/decision/sentences.h"

namespace slogate {
namespace {

using json::Array;
using json::Object;
using json::Value;

// Of numbers that are read; exact values are texts.
Value Number(const Rational& value, Rounding rounding) {
  return Value::Number(DecimalText(value, rounding));
}

Value Seconds(absl::Duration duration) { return Value::Number(absl::ToInt64Seconds(duration)); }

Value TextOrNull(const std::string& text) { return text.empty() ? Value() : Value(text); }

Value OptionalNumber(const std::optional<Rational>& value, Rounding rounding) {
  return value ? Number(*value, rounding) : Value();
}

// Too little is found of coverage, history and events, too much of age and skew.
Rounding WorseRounding(FindingKind kind) {
  const bool too_little = kind == FindingKind::kGap || kind == FindingKind::kShortHistory ||
                          kind == FindingKind::kFewEvents;
  return too_little ? Rounding::kDown : Rounding::kUp;
}

// Measured values and the bounds made of them are decimals, so their text is exact.
Value Exact(const Rational& value) {
  std::optional<std::string> exact = value.ExactDecimal();
  return exact ? *std::move(exact) : value.Significant(40, Rounding::kDown);
}

Value TruthValue(const Reason& reason) {
  if (reason.applicability != Applicability::kApplies) return "not_applicable";
  switch (reason.truth) {
    case Truth::kTrue:
      return "true";
    case Truth::kFalse:
      return "false";
    case Truth::kUnknown:
      break;
  }
  return "unknown";
}

Value Measured(const Leg* leg) {
  if (leg == nullptr || !leg->measured) return {};
  return Number(WorseEnd(*leg), WorseRounding(leg->measure));
}

Value ThresholdValue(const Leg* leg) {
  return leg == nullptr ? Value() : Number(leg->threshold, WorseRounding(leg->measure));
}

Value LegValue(const Leg& leg) {
  Reason alone;
  alone.truth = leg.truth;
  return Object{{"measure", Word(leg.measure)},
                {"over_seconds", Seconds(leg.over)},
                {"measured", Measured(&leg)},
                {"threshold", ThresholdValue(&leg)},
                {"truth", TruthValue(alone)}};
}

Value ReasonValue(const Decision& decision, const Reason& reason) {
  Array legs;
  for (const Leg& leg : reason.legs) legs.push_back(LegValue(leg));
  const Leg* nearest = reason.Nearest();
  return Object{
      {"id", reason.rule},
      {"slo", TextOrNull(reason.slo)},
      {"at", absl::StrCat(decision.policy_file, ":", reason.at.line, ":", reason.at.column)},
      {"truth", TruthValue(reason)},
      {"verdict", Word(reason.verdict)},
      {"measured", Measured(nearest)},
      {"threshold", ThresholdValue(nearest)},
      {"legs", std::move(legs)},
      {"skipped_by", TextOrNull(reason.skipped_by)},
      {"text", ReasonText(reason)}};
}

Value SloValue(const SloResult& slo, absl::Time instant) {
  Object value{{"name", slo.name},
               {"objective", Number(slo.objective, Rounding::kUp)},
               {"window", WindowValue(slo, instant)},
               {"unit", slo.unit},
               {"total", {}},
               {"bad", {}},
               {"bad_low", {}},
               {"basis_total", {}},
               {"allowed", {}},
               {"consumed_ratio", {}},
               {"remaining_ratio", {}},
               {"estimate", {}},
               {"recovers_at", {}}};
  if (slo.recovers_at) value["recovers_at"] = PrintTime(*slo.recovers_at);
  if (slo.budget) {
    const Budget& budget = *slo.budget;
    value["total"] = Number(budget.total.low, Rounding::kDown);
    value["bad"] = Number(budget.bad.high, Rounding::kUp);
    value["bad_low"] = Number(budget.bad.low, Rounding::kDown);
    value["basis_total"] = Number(budget.basis.low, Rounding::kDown);
    value["allowed"] = Number(budget.allowed.low, Rounding::kDown);
    value["estimate"] = budget.estimate;
    if (budget.consumed) value["consumed_ratio"] = Number(budget.consumed->high, Rounding::kUp);
    if (budget.remaining) value["remaining_ratio"] = Number(budget.remaining->low, Rounding::kDown);
  }
  return value;
}

Value FindingValue(const Decision& decision, const JudgedFinding& judged) {
  const Rounding worse = WorseRounding(judged.finding.kind);
  return Object{{"kind", Word(judged.finding.kind)},
                {"slo", judged.slo},
                {"window_seconds", judged.window ? Seconds(*judged.window) : Value()},
                {"source", TextOrNull(judged.source)},
                {"measured", OptionalNumber(judged.finding.measured, worse)},
                {"limit", OptionalNumber(judged.finding.limit, worse)},
                {"verdict", Word(judged.verdict)},
                {"decisive", judged.decisive},
                {"skipped_by", TextOrNull(judged.skipped_by)},
                {"text", FindingText(judged, decision)}};
}

Value ReadingValue(const Reading& reading, const std::vector<size_t>& index) {
  Array findings, answers;
  for (const Finding& finding : reading.findings) {
    findings.push_back(Object{{"kind", Word(finding.kind)},
                              {"measured", finding.measured ? Exact(*finding.measured) : Value()},
                              {"limit", finding.limit ? Exact(*finding.limit) : Value()},
                              {"detail", finding.detail}});
  }
  for (const size_t answer : reading.answers) {
    answers.push_back(Value::Number(static_cast<int64_t>(index[answer])));
  }
  Value value;
  if (reading.value)
    value = Object{{"low", Exact(reading.value->low)}, {"high", Exact(reading.value->high)}};
  Value rest;
  if (reading.rest) {
    rest = Object{{"whole", Print(reading.rest->whole)},
                  {"low", Exact(reading.rest->events.low)},
                  {"high", Exact(reading.rest->events.high)}};
  }
  const Question& question = reading.question;
  const bool selects = question.kind != QuestionKind::kClock;
  Object object{
      {"kind", Word(question.kind)},
      {"source", question.source},
      {"selector", TextOrNull(Print(question.selector))},
      {"over_seconds", selects ? Seconds(question.over) : Value()},
      {"ago_seconds", question.kind == QuestionKind::kEvents ? Seconds(question.ago) : Value()},
      {"max_age_seconds",
       question.kind == QuestionKind::kCoverage ? Seconds(question.max_age) : Value()},
      {"value", std::move(value)},
      {"estimate", reading.estimate},
      {"findings", std::move(findings)},
      {"step", reading.step},
      {"rest", std::move(rest)},
      {"answers", std::move(answers)}};
  AddRareMembers(question, object);
  return object;
}

Value SourceValue(const SourceNote& source) {
  Object value{{"name", source.name}, {"url", source.url}};
  if (source.kind == ServerKind::kPrometheus) return value;
  value["kind"] = Word(source.kind);
  value["parameters"] = ParametersText(source.kind);
  return value;
}

// Every raw answer stands once, where a reading first points to it: the order of the readings is
// the same in a replay, the order in which the source was asked is not.
Value EvidenceValue(const Decision& decision) {
  std::vector<size_t> index(decision.evidence.answers.size());
  std::map<Answer, size_t> known;
  Array answers, readings;
  for (const Reading& reading : decision.evidence.readings) {
    for (const size_t i : reading.answers) {
      const Answer& answer = decision.evidence.answers[i];
      const auto [place, added] = known.emplace(answer, answers.size());
      index[i] = place->second;
      if (!added) continue;
      answers.push_back(Value::Dumped(Object{{"source", answer.source},
                                             {"path", answer.path},
                                             {"query", answer.query},
                                             {"status", Value::Number(int64_t{answer.status})},
                                             {"body", answer.body}}));
    }
  }
  for (const Reading& reading : decision.evidence.readings)
    readings.push_back(Value::Dumped(ReadingValue(reading, index)));
  Object evidence;
  if (decision.sources.size() == 1) {
    evidence["source"] = SourceValue(decision.sources.front());
  } else {
    Array sources;
    for (const SourceNote& source : decision.sources) sources.push_back(SourceValue(source));
    evidence["sources"] = std::move(sources);
    evidence["combine"] = Word(decision.combine);
  }
  evidence["answers"] = std::move(answers);  // what stands in braces is copied, whole
  evidence["readings"] = std::move(readings);
  return evidence;
}

absl::string_view Word(WayOut::Kind kind) {
  switch (kind) {
    case WayOut::Kind::kChange:
      return "change";
    case WayOut::Kind::kWait:
      return "wait";
    case WayOut::Kind::kMend:
      return "mend";
    case WayOut::Kind::kOverride:
      return "override";
    case WayOut::Kind::kProve:
      return "prove";
  }
  return "";
}

Value WayOutValue(const Decision& decision, const WayOut& way) {
  const WayOutText words = DescribeWayOut(way, decision);
  return Object{{"kind", Word(way.kind)},
                {"text", absl::StrCat(words.text, words.note.empty() ? "" : " ", words.note)},
                {"command", words.command}};
}

Value RunClaimsValue(const RunClaims& claims) {
  Object value;
  for (const auto& [field, claimed] : claims) {
    value[field] = Object{{"value", claimed.value}, {"variable", claimed.variable}};
  }
  return value;
}

Value SubjectValue(const Decision& decision) {
  const Subject& subject = decision.request.subject;
  const Claim& claim = decision.ruling.claim;
  return Object{{"service", subject.service},
                {"environment", TextOrNull(subject.environment)},
                {"artifact", TextOrNull(subject.artifact)},
                {"version", TextOrNull(subject.version)},
                {"commit", TextOrNull(subject.commit)},
                {"change", Object{{"claimed", claim.claimed},
                                  {"effective", claim.effective},
                                  {"problem", TextOrNull(claim.problem)},
                                  {"ticket", TextOrNull(claim.ticket)}}},
                {"run_url", TextOrNull(subject.run_url)},
                {"actor", TextOrNull(subject.actor)},
                {"claimed", RunClaimsValue(decision.claims)}};
}

Value PolicyValue(const Decision& decision) {
  Array files;
  for (const SourceFile& file : decision.files) {
    files.push_back(
        Object{{"path", file.path}, {"sha256", Sha256Hex(file.text)}, {"text", file.text}});
  }
  return Object{{"name", decision.policy_name}, {"files", std::move(files)}};
}

}  // namespace

std::string WriteDocument(const Decision& decision, std::string* id) {
  const Ruling& ruling = decision.ruling;
  Array slos, rules, findings, next;
  for (const SloResult& slo : ruling.slos)
    slos.push_back(Value::Dumped(SloValue(slo, decision.instant)));
  for (const Reason& reason : ruling.reasons)
    rules.push_back(Value::Dumped(ReasonValue(decision, reason)));
  for (const JudgedFinding& finding : ruling.findings)
    findings.push_back(FindingValue(decision, finding));
  for (const WayOut& way : ruling.next) next.push_back(WayOutValue(decision, way));
  Value document = Object{
      {"apiVersion", "slogate/v1"},
      {"kind", "Decision"},
      {"verdict", Word(ruling.verdict)},
      {"outcome", Word(ruling.outcome)},
      {"basis", Word(ruling.basis)},
      {"enforcement", Word(ruling.enforcement)},
      {"dry_run", decision.dry_run},
      {"exit_code", Value::Number(int64_t{ExitCodeOf(ruling.verdict, ruling.outcome)})},
      {"instant", PrintTime(decision.instant)},
      {"instant_source", Word(decision.instant_source)},
      {"subject", SubjectValue(decision)},
      {"policy", PolicyValue(decision)},
      {"calendar", CalendarValue(decision.calendar)},
      {"findings", std::move(findings)},
      {"next", std::move(next)},
      {"override", OverrideValue(ruling)},
      {"closed_by", TextsValue(ruling.closed_by)},
      {"refused_overrides", RefusedValue(ruling)},
      {"gate", Object{{"version", Version()}}},
  };
  document.object()["slos"] = std::move(slos);  // not in braces: see above
  document.object()["rules"] = std::move(rules);
  document.object()["evidence"] = EvidenceValue(decision);
  document.object()["history"] = HistoryValue(decision.request.history);
  std::string digest = absl::StrCat("sha256:", Sha256Hex(json::Dump(document) + "\n"));
  if (id != nullptr) *id = digest;
  document.object()["id"] = std::move(digest);
  return json::Dump(document) + "\n";
}

}  // namespace slogate

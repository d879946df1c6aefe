#include "tests/decision/story.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <sstream>
#include <utility>

#include <gtest/gtest.h>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <absl/strings/strip.h>

#include "gate/base/duration.h"
#include "gate/decision/decide.h"
#include "gate/decision/document_question.h"
#include "gate/evidence/plan.h"
#include "gate/evidence/slots.h"

namespace slogate::fake {
namespace {

constexpr char kInstant[] = "2026-11-23T03:12:40Z";

absl::Time Instant() { return ParseTime(kInstant).value(); }

Rational Decimal(absl::string_view text) {
  const std::optional<Rational> value = Rational::FromDecimal(text);
  EXPECT_TRUE(value) << "no decimal: " << text;
  return value.value_or(0);
}

std::string Unsaid(const Question& question) {
  switch (question.kind) {
    case QuestionKind::kClock:
      return absl::StrCat(absl::ToUnixSeconds(Instant()));
    case QuestionKind::kEvents:
      ADD_FAILURE() << "no fact for " << KeyOf(question);
      return "none";
    case QuestionKind::kNewestSample:
      return "15";
    case QuestionKind::kHistory:
      return absl::StrCat(absl::ToInt64Seconds(question.over));
    case QuestionKind::kCoverage:
      return absl::StrCat(SlotsOf(question.over, question.max_age).count);
    case QuestionKind::kSeriesSeen:
      return "0";
    case QuestionKind::kSlices:
      return absl::StrCat(SlicesIn(question.over, question.slicing->length));
    case QuestionKind::kSlicesWhere:
      return "0";
    case QuestionKind::kNumber:
      ADD_FAILURE() << "no fact for " << KeyOf(question);
      return "none";
    case QuestionKind::kHistogramEvents:
    case QuestionKind::kHistogramWithin:
    case QuestionKind::kBucketBounds:
      return "none";
  }
  return "none";
}

Reading ReadingOf(const Question& question, const std::string& fact) {
  Reading reading;
  reading.question = question;
  if (fact == "none") return reading;
  if (absl::StartsWith(fact, "!")) {
    const std::optional<FindingKind> kind = FindingFromWord(fact.substr(1));
    EXPECT_TRUE(kind) << fact;
    reading.findings.push_back({kind.value_or(FindingKind::kMalformedAnswer), {}, {}, "as told"});
    return reading;
  }
  reading.step = absl::StartsWith(fact, "^");
  const std::vector<std::string> ends = absl::StrSplit(absl::StripPrefix(fact, "^"), "..");
  reading.value = Bounds{Decimal(ends.front()), Decimal(ends.back())};
  reading.estimate = !reading.value->exact();
  return reading;
}

std::string TruthWord(const Reason& reason) {
  switch (reason.applicability) {
    case Applicability::kApplies:
      break;
    case Applicability::kNotSelected:
      return "not_selected";
    case Applicability::kWindowTooLong:
      return "window_too_long";
    case Applicability::kUnreachable:
      return "unreachable";
  }
  return reason.truth == Truth::kTrue    ? "true"
         : reason.truth == Truth::kFalse ? "false"
                                         : "unknown";
}

std::string WayWord(const WayOut& way) {
  switch (way.kind) {
    case WayOut::Kind::kChange:
      return absl::StrCat("change ", way.change,
                          way.ticket_prefix.empty() ? "" : absl::StrCat(" ", way.ticket_prefix),
                          way.released_before ? " of another artifact" : "");
    case WayOut::Kind::kWait:
      return absl::StrCat("wait", way.until ? absl::StrCat(" until ", PrintTime(*way.until)) : "");
    case WayOut::Kind::kMend:
      return absl::StrCat("mend ", Word(way.finding));
    case WayOut::Kind::kOverride:
      return absl::StrCat("override", way.terms ? "" : " with an artifact",
                          way.terms ? absl::StrCat(" ", way.terms->pending) : "");
    case WayOut::Kind::kProve:
      return absl::StrCat("prove ", way.change, " ", way.terms->pending);
  }
  return "";
}

std::string GoldenPath(const std::string& name) {
  return absl::StrCat(SLOGATE_SOURCE_DIR, "/tests/decision/golden/", name);
}

}  // namespace

std::string KeyOf(const Question& question) {
  const std::string source = question.source == "main" ? "" : absl::StrCat(question.source, ": ");
  if (question.kind == QuestionKind::kClock) return absl::StrCat(source, "clock");
  if (question.slicing || !question.promql.text.empty()) {
    return absl::StrCat(source, Described(question));
  }
  return absl::StrCat(
      source, Word(question.kind), " ", Print(question.selector), " ", PrintDuration(question.over),
      question.ago > absl::ZeroDuration() ? absl::StrCat("@", PrintDuration(question.ago)) : "");
}

Evidence FactsSource::Measure(absl::Span<const Question> questions, absl::Time /*at*/) {
  Evidence evidence;
  for (const Question& question : questions) {
    const std::string key = KeyOf(question);
    const std::optional<std::string> fact = SaidTo(key);
    const std::string said = fact ? *fact : Unsaid(question);
    Reading reading = ReadingOf(question, said);
    reading.answers = {evidence.answers.size()};
    const bool answered = reading.findings.empty();
    evidence.answers.push_back({question.source, "/api/v1/query", key, answered ? 200 : 0,
                                answered ? absl::StrCat("{\"is\":\"", said, "\"}") : ""});
    evidence.readings.push_back(std::move(reading));
  }
  return evidence;
}

std::optional<std::string> FactsSource::SaidTo(const std::string& key) const {
  const size_t colon = key.find(": ");
  const std::string of_main = colon == std::string::npos ? key : key.substr(colon + 2);
  for (const std::string& form : {key, of_main}) {
    for (const std::string& short_form : {form, form.substr(0, form.rfind(' '))}) {
      const auto fact = facts_.find(short_form);
      if (fact != facts_.end()) return fact->second;
    }
  }
  return std::nullopt;
}

EffectivePolicy PolicyOf(const std::string& text, const Target& target) {
  const std::vector<SourceFile> files = {{"policy.yaml", text}};
  const Parsed<PolicyFiles> loaded = LoadPolicyFiles(files);
  if (!loaded.value) {
    std::fputs(Render(loaded.diagnostics, files).c_str(), stderr);
    std::abort();
  }
  Parsed<EffectivePolicy> combined = Combine(*loaded.value, target);
  if (!combined.value) {
    std::fputs(Render(combined.diagnostics, files).c_str(), stderr);
    std::abort();
  }
  return PinnedAt(*std::move(combined.value), Instant());
}

Evidence EvidenceOf(const EffectivePolicy& policy, const Facts& facts) {
  FactsSource source(facts);
  Evidence evidence = source.Measure(ClockQuestions(policy), Instant());
  evidence.Append(MeasureAll(policy, source, Instant()));
  return evidence;
}

Facts Over(Facts facts, const Facts& others) {
  facts.insert(others.begin(), others.end());
  return facts;
}

Decision DecisionOf(const std::string& policy_text, const Facts& facts, const Request& request,
                    const Target& target) {
  const EffectivePolicy policy = PolicyOf(policy_text, target);
  Decision decision;
  decision.files = {{"policy.yaml", policy_text}};
  decision.policy_name = policy.metadata.name;
  decision.policy_file = policy.file;
  decision.runbook = policy.metadata.runbook;
  decision.sources = SourcesOf(policy);
  decision.combine = policy.combine;
  decision.calendar = policy.calendar;
  decision.instant = Instant();
  decision.instant_source = InstantSource::kServer;
  decision.command = "slogate check --policy policy.yaml";
  decision.request = request;
  decision.request.subject.service = policy.service;
  decision.request.subject.environment = policy.environment;
  decision.evidence = EvidenceOf(policy, facts);
  decision.ruling = Decide(policy, decision.evidence, decision.request);
  return decision;
}

std::string Summary(const Ruling& ruling) {
  std::string text =
      absl::StrCat(Word(ruling.verdict), " ", Word(ruling.outcome), " ", Word(ruling.basis), "\n");
  for (const Reason& reason : ruling.reasons) {
    absl::StrAppend(
        &text, "rule ", reason.rule, " ", reason.slo.empty() ? "-" : reason.slo, " ",
        TruthWord(reason),
        reason.skipped_by.empty() ? "" : absl::StrCat(", skipped by ", reason.skipped_by), "\n");
  }
  for (const JudgedFinding& finding : ruling.findings) {
    absl::StrAppend(
        &text, "finding ", Word(finding.finding.kind), " ", finding.slo, " ",
        finding.window ? PrintDuration(*finding.window) : "all", " ", Word(finding.verdict),
        finding.softened ? " softened" : "", finding.decisive ? " decisive" : "",
        finding.skipped_by.empty() ? "" : absl::StrCat(", skipped by ", finding.skipped_by), "\n");
  }
  for (const WayOut& way : ruling.next) absl::StrAppend(&text, "next ", WayWord(way), "\n");
  return text;
}

std::string Golden(const std::string& name) {
  std::ifstream file(GoldenPath(name), std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void ExpectGolden(const std::string& name, const std::string& got) {
  if (std::getenv("SLOGATE_UPDATE") != nullptr) {
    std::ofstream(GoldenPath(name), std::ios::binary) << got;
  }
  EXPECT_EQ(got, Golden(name)) << "tests/decision/golden/" << name
                               << "; SLOGATE_UPDATE=1 writes it anew, for you to look at";
}

}  // namespace slogate::fake

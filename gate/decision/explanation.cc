#include "gate/decision/explanation.h"

#include <map>
#include <set>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "gate/base/duration.h"
#include "gate/base/sha256.h"
#include "gate/decision/audit.h"
#include "gate/decision/document_question.h"
#include "gate/decision/numbers.h"
#include "gate/decision/screen.h"
#include "gate/decision/sentences.h"

namespace slogate {
namespace {

std::string TextOf(const Screen& screen) {
  std::string text = absl::StrCat(screen.headline, "\n");
  for (const std::string& line : screen.lines) absl::StrAppend(&text, line, "\n");
  return text;
}

class Teller {
 public:
  explicit Teller(const Decision& decision) : decision_(decision) {}

  std::string Tell(const std::string& file, const std::string& id) {
    text_ = TextOf(ScreenFor(decision_, {std::nullopt, std::nullopt, id}));
    Heading("Decision");
    Line("id", id);
    Line("file", file);
    Line(
        "outcome",
        absl::StrCat(Word(decision_.ruling.outcome), ", basis ", Word(decision_.ruling.basis), ", ",
                     Word(decision_.ruling.enforcement), decision_.dry_run ? ", dry run" : ""));
    Claimed("closed by", absl::StrJoin(decision_.ruling.closed_by, ", "));
    Line("instant", absl::StrCat(PrintTime(decision_.instant), " by the ", InstantOwner()));
    TellSubject();
    TellOverrides();
    Heading("Policy");
    Line("name", decision_.policy_name);
    for (const SourceFile& source : decision_.files) {
      Line("file", absl::StrCat(source.path, "  sha256:", Sha256Hex(source.text)));
    }
    TellSources();
    TellSlos();
    TellRules();
    TellFindings();
    TellHistory();
    TellQuestions();
    return std::move(text_);
  }

 private:
  void Heading(absl::string_view title) { absl::StrAppend(&text_, "\n", title, "\n"); }
  void Line(absl::string_view name, absl::string_view value) {
    absl::StrAppend(&text_, "  ", name, std::string(name.size() < 16 ? 16 - name.size() : 2, ' '),
                    value, "\n");
  }
  void Claimed(absl::string_view name, const std::string& value) {
    if (!value.empty()) Line(name, value);
  }

  absl::string_view InstantOwner() const {
    switch (decision_.instant_source) {
      case InstantSource::kServer:
        return decision_.sources.size() == 1 ? "source's clock"
                                             : "oldest of the sources' clocks, less the delay";
      case InstantSource::kGate:
        return decision_.sources.size() == 1
                   ? "gate's clock, as the source's did not answer"
                   : "gate's clock, less the delay, as none of the sources' answered";
      case InstantSource::kFlag:
        return "flag --at";
    }
    return "";
  }

  void TellSources() {
    for (const SourceNote& source : decision_.sources) {
      const std::string parameters = ParametersText(source.kind);
      Line("source",
           absl::StrCat(source.name, " at ", source.url,
                        source.kind == ServerKind::kPrometheus ? "" : " as ",
                        source.kind == ServerKind::kPrometheus ? "" : Word(source.kind),
                        parameters.empty() ? "" : absl::StrCat(", asked with ", parameters)));
    }
    if (decision_.sources.size() == 1) return;
    Line("combined", decision_.combine == Combining::kSum
                         ? "sum: the events of all sources are added"
                         : "worst: of each window, the source with the larger share of bad events");
  }

  void TellSubject() {
    const Subject& subject = decision_.request.subject;
    const Claim& claim = decision_.ruling.claim;
    Heading("Subject, as claimed by the caller");
    Line("service", subject.service);
    Claimed("environment", subject.environment);
    Claimed("version", subject.version);
    Claimed("artifact", subject.artifact);
    Claimed("commit", subject.commit);
    Line("change",
         claim.claimed == claim.effective
             ? claim.claimed
             : absl::StrCat(claim.claimed, ", judged as ", claim.effective, ": ", claim.problem));
    Claimed("ticket", claim.ticket);
  }

  void TellOverrides() {
    const Ruling& ruling = decision_.ruling;
    if (ruling.opened_by) {
      Heading(ruling.basis == Basis::kOverride ? "Override" : "Consent to the change class");
      for (const auto& [name, text] : AuditLines(*ruling.opened_by)) Line(name, text);
    }
    if (ruling.refused.empty()) return;
    Heading("Overrides for this release that do not open the gate");
    for (const RefusedOverride& refused : ruling.refused) Line(Printable(refused.id), refused.why);
  }

  void TellHistory() {
    const std::optional<History>& history = decision_.request.history;
    if (!history) return;
    Heading(absl::StrCat("History, by the ledger \"", Printable(history->log_id), "\" at ",
                         MomentText(history->now)));
    if (history->records.empty()) absl::StrAppend(&text_, "  none that matters\n");
    for (const auto& [seq, text] : HistoryLines(*history)) Line(seq, text);
  }

  void TellSlos() {
    for (const SloResult& slo : decision_.ruling.slos) {
      Heading(absl::StrCat("SLO \"", slo.name, "\": ", slo.objective_text,
                           slo.within ? absl::StrCat(" within ", SpeakDuration(*slo.within)) : "",
                           " over ", WholeWindowText(slo), ", (",
                           PrintTime(decision_.instant - slo.window), " to ",
                           PrintTime(decision_.instant), "]"));
      if (!slo.budget) {
        Line(slo.unit, "not measured");
        continue;
      }
      const Budget& budget = *slo.budget;
      Line(slo.unit,
           absl::StrCat(
               Range(budget.total, Rounding::kDown), " in all, ", Range(budget.bad, Rounding::kUp),
               " bad, ", Range(budget.allowed, Rounding::kDown), " allowed",
               budget.by_previous ? absl::StrCat(" by the ", Range(budget.basis, Rounding::kDown),
                                                 " of the period before")
                                  : "",
               budget.estimate ? " (estimates)" : ""));
      if (budget.remaining) {
        Line("consumed", PercentText(*budget.consumed, 0, Rounding::kUp));
        Line("remaining", PercentText(*budget.remaining, 0, Rounding::kDown));
      }
    }
  }

  // Both ends where they are apart by more than rounding.
  static std::string Range(const Bounds& bounds, Rounding rounding) {
    if (bounds.high - bounds.low < Rational(1)) return CountText(bounds, rounding);
    return absl::StrCat(CountText(bounds.low, Rounding::kDown), " to ",
                        CountText(bounds.high, Rounding::kUp));
  }

  void TellRules() {
    Heading("Rules");
    for (const Reason& reason : decision_.ruling.reasons) {
      const absl::string_view truth = reason.applicability != Applicability::kApplies
                                          ? "not applicable"
                                      : reason.truth == Truth::kTrue  ? "true"
                                      : reason.truth == Truth::kFalse ? "false"
                                                                      : "unknown";
      Line(truth,
           absl::StrCat(
               reason.rule, " (", Word(reason.verdict), ", ", decision_.policy_file, ":",
               reason.at.line, ":", reason.at.column, ")",
               reason.slo.empty() ? "" : absl::StrCat(" for \"", reason.slo, "\""), ": ",
               ReasonText(reason),
               reason.skipped_by.empty() ? "" : absl::StrCat("; skipped by ", reason.skipped_by)));
    }
  }

  void TellFindings() {
    Heading("Findings");
    if (decision_.ruling.findings.empty()) absl::StrAppend(&text_, "  none\n");
    for (const JudgedFinding& finding : decision_.ruling.findings) {
      Line(
          Word(finding.finding.kind),
          absl::StrCat(
              "for \"", finding.slo, "\"",
              finding.window ? absl::StrCat(" over ", SpeakDuration(*finding.window)) : "", ": ",
              FindingText(finding, decision_), "; ", Word(finding.verdict), ", ",
              finding.decisive ? "decisive" : "not decisive",
              finding.skipped_by.empty() ? "" : absl::StrCat(", skipped by ", finding.skipped_by)));
      const WayOutText advice = Advice(finding.finding.kind, finding.source, decision_);
      Line("",
           absl::StrCat("to do: ", advice.text, advice.option.empty() ? "" : ": ", advice.option));
    }
  }

  // Every question with the queries that answered it, as one can paste them. Where one answer serves
  // several questions, it is shown once.
  void TellQuestions() {
    Heading(absl::StrCat("Questions, each evaluated at ", PrintTime(decision_.instant)));
    std::map<size_t, size_t> shown;  // answers, by the number that they have here
    for (const Reading& reading : decision_.evidence.readings) {
      const Question& question = reading.question;
      absl::StrAppend(&text_, "  ",
                      decision_.sources.size() == 1 ? "" : absl::StrCat(question.source, ": "),
                      Described(question), Way(reading), "\n");
      for (const size_t index : reading.answers) {
        const Answer& answer = decision_.evidence.answers[index];
        const auto [place, first] = shown.emplace(index, shown.size() + 1);
        if (!first) {
          absl::StrAppend(&text_, "    answer ", place->second, ", above\n");
          continue;
        }
        absl::StrAppend(&text_, "    answer ", place->second, "\n    ", answer.path, "  ",
                        answer.query, "\n");
        if (answer.status == 0) {
          absl::StrAppend(&text_, "    no answer\n");
        } else {
          absl::StrAppend(&text_, "    HTTP ", answer.status, "  ", Printable(answer.body), "\n");
        }
      }
      if (reading.value) {
        absl::StrAppend(
            &text_, "    value  ", Exact(reading.value->low),
            reading.value->exact() ? "" : absl::StrCat(" to ", Exact(reading.value->high)), "\n");
      } else if (reading.findings.empty()) {
        absl::StrAppend(&text_, "    value  none\n");
      }
      for (const Finding& finding : reading.findings) {
        absl::StrAppend(&text_, "    ", Word(finding.kind), "  ", finding.detail, "\n");
      }
    }
  }

  // Which way events were counted.
  absl::string_view Way(const Reading& reading) const {
    if (reading.question.kind != QuestionKind::kEvents || !reading.value ||
        reading.answers.empty()) {
      return "";
    }
    const bool samples = decision_.evidence.answers[reading.answers.back()].path == kSamplesPath;
    return samples ? ", counted from raw samples" : ", by the server's increase()";
  }

  static std::string Exact(const Rational& value) {
    return value.ExactDecimal().value_or(value.Significant(20, Rounding::kDown));
  }

  const Decision& decision_;
  std::string text_;
};

}  // namespace

std::string ScreenText(const Decision& decision) { return TextOf(ScreenFor(decision, {})); }

std::string Explanation(const Decision& decision, const std::string& file, const std::string& id) {
  return Teller(decision).Tell(file, id);
}

}  // namespace slogate

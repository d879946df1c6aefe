#include "gate/decision/sentences.h"

#include <algorithm>
#include <vector>

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_replace.h>

#include "gate/base/duration.h"
#include "gate/decision/numbers.h"

namespace slogate {
namespace {

absl::string_view Noun(Measure measure) {
  switch (measure) {
    case Measure::kBudgetRemaining:
      return "remaining";
    case Measure::kBudgetSpent:
      return "budget spent";
    case Measure::kBurnRate:
      return "burn rate";
    case Measure::kSli:
      return "SLI";
    case Measure::kLastRelease:
      return "last release";
    case Measure::kFreezeSince:
    case Measure::kFreezeLeft:
      return "freeze";
  }
  return "";
}

// What a value must be for the rule not to fire, and what makes it fire.
absl::string_view MustBe(Comparator comparator) {
  switch (comparator) {
    case Comparator::kAtMost:
      return "must be above";
    case Comparator::kBelow:
      return "must be at least";
    case Comparator::kAtLeast:
      return "must be below";
    case Comparator::kAbove:
      return "must be at most";
  }
  return "";
}

absl::string_view FiresWhen(Comparator comparator) {
  switch (comparator) {
    case Comparator::kAtMost:
      return "at most";
    case Comparator::kBelow:
      return "below";
    case Comparator::kAtLeast:
      return "at least";
    case Comparator::kAbove:
      return "above";
  }
  return "";
}

// A value, or the two ends where the threshold lies between them.
std::string LegText(const Leg& leg) {
  if (leg.measured && leg.truth == Truth::kUnknown) {
    Leg low = leg, high = leg;
    low.measured = Bounds::Exactly(leg.measured->low);
    high.measured = Bounds::Exactly(leg.measured->high);
    return absl::StrCat("between ", MeasuredText(low), " and ", MeasuredText(high));
  }
  return MeasuredText(leg);
}

absl::string_view WhatIsWrong(FindingKind kind) {
  switch (kind) {
    case FindingKind::kUnreachable:
      return "no usable answer from";
    case FindingKind::kUnauthorized:
      return "the credentials were refused by";
    case FindingKind::kRejectedQuery:
      return "the query was refused by";
    case FindingKind::kTimedOut:
      return "waited in vain for";
    case FindingKind::kMalformedAnswer:
      return "not the answer to the question from";
    case FindingKind::kTooLarge:
      return "too much data from";
    case FindingKind::kPartialAnswer:
      return "only part of the data from";
    case FindingKind::kNotFinite:
      return "no finite number from";
    case FindingKind::kManySeries:
      return "several series instead of one sum from";
    default:
      return "something is wrong with";  // kinds that FindingText words otherwise
  }
  return "";
}

std::string SpeakSeconds(const Rational& seconds) {
  int64_t whole = 0;
  if (!absl::SimpleAtoi(seconds.Fixed(0, Rounding::kDown), &whole)) return "an unknown time";
  return SpeakDuration(absl::Seconds(whole));
}

// Whose traffic the budget goes by.
absl::string_view PreviousText(const SloResult& slo) {
  if (!slo.calendar) return "the period before";
  switch (slo.calendar->unit) {
    case CalendarUnit::kWeek:
      return "last week";
    case CalendarUnit::kMonth:
      return "last month";
    case CalendarUnit::kQuarter:
      return "last quarter";
  }
  return "";
}

std::string FreezeText(const Reason& reason) {
  const Freeze& freeze = *reason.freeze;
  return absl::StrCat(reason.truth == Truth::kTrue ? "releases stop" : "no freeze now", ": from ",
                      PrintTime(freeze.from), " until ", PrintTime(freeze.to));
}

std::string LastReleaseText(const Leg& leg) {
  const std::string wanted = SpeakSeconds(leg.threshold);
  if (leg.measured) {
    return absl::StrCat("last release ", SpeakSeconds(leg.measured->low), " ago, must be at least ",
                        wanted, " ago");
  }
  return leg.truth == Truth::kFalse
             ? absl::StrCat("no release in the last ", wanted)
             : absl::StrCat("last release not known, as no ledger was asked; must be at least ",
                            wanted, " ago");
}

const SloResult& ResultFor(const std::string& name, const Decision& decision) {
  const auto& slos = decision.ruling.slos;
  return *std::find_if(slos.begin(), slos.end(),
                       [&](const SloResult& one) { return one.name == name; });
}

std::string FewEventsText(const Finding& finding, const SloResult& slo) {
  std::string text = absl::StrCat(
      "the budget allows ", CountText(finding.measured.value_or(0), Rounding::kDown), " ", slo.unit,
      ", less than ", CountText(finding.limit.value_or(0), Rounding::kUp));
  if (!slo.chance) return text;
  const Rational allowed = Rational(1) - slo.objective;
  const Bounds& ratio = slo.chance->bad_ratio;
  return absl::StrCat(text, ", so chance has its say: from ",
                      PercentText(ratio.low, allowed, Rounding::kDown), " to ",
                      PercentText(ratio.high, allowed, Rounding::kUp), " of all ", slo.unit,
                      " may fail (", PercentText(slo.chance->confidence, 0, Rounding::kDown),
                      " sure), where ", PercentText(allowed, 0, Rounding::kDown), " is allowed");
}

// What is wrong with the data of one source, or of the only one.
std::string DefectText(const JudgedFinding& judged, const Decision& decision) {
  const Finding& finding = judged.finding;
  switch (finding.kind) {
    case FindingKind::kStale:
      return absl::StrCat(
          "no sample of ", finding.detail, " in the last ", SpeakSeconds(finding.limit.value_or(0)),
          finding.measured
              ? absl::StrCat("; the newest is up to ", SpeakSeconds(*finding.measured), " old")
              : "");
    case FindingKind::kGap:
      return absl::StrCat(
          "samples cover ",
          PercentText(finding.measured.value_or(0), finding.limit.value_or(0), Rounding::kDown),
          " of the window, less than ", PercentText(finding.limit.value_or(0), 0, Rounding::kUp),
          ": ", finding.detail);
    case FindingKind::kShortHistory:
      return absl::StrCat("only ", SpeakSeconds(finding.measured.value_or(0)), " of the ",
                          SpeakSeconds(finding.limit.value_or(0)), " window are stored of ",
                          finding.detail);
    case FindingKind::kBirths:
      return absl::StrCat(
          "most counters of ", finding.detail,
          " began at about one time and held more than was counted since: they may be "
          "old ones under new labels, so what they began with is not counted");
    case FindingKind::kNoTraffic:
      return absl::StrCat(ResultFor(judged.slo, decision).unit == absl::string_view("slices")
                              ? "no slices with data"
                              : "no events",
                          " in the SLO's window, so nothing says how much of the budget is spent");
    case FindingKind::kFewEvents:
      return FewEventsText(finding, ResultFor(judged.slo, decision));
    case FindingKind::kNoBucket:
      return absl::StrCat(finding.detail,
                          finding.measured
                              ? absl::StrCat(" before the last ", SpeakSeconds(*finding.measured))
                              : "");
    case FindingKind::kClockSkew:
    case FindingKind::kNoSeries:
      return finding.detail;
    default:
      if (decision.from_record) return finding.detail;
      return absl::StrCat(WhatIsWrong(finding.kind), " ", SourceNamed(judged.source, decision).url,
                          ": ", finding.detail);
  }
}

}  // namespace

std::string Quoted(const std::string& name) { return absl::StrCat("\"", name, "\""); }

const SourceNote& SourceNamed(const std::string& name, const Decision& decision) {
  const auto found = std::find_if(decision.sources.begin(), decision.sources.end(),
                                  [&](const SourceNote& source) { return source.name == name; });
  return found == decision.sources.end() ? decision.sources.front() : *found;
}

std::string MomentText(absl::Time time) {
  return PrintTime(absl::FromUnixSeconds(absl::ToUnixSeconds(time)));
}

std::string SubjectText(const Subject& subject) {
  if (subject.environment.empty()) return subject.service;
  return absl::StrCat(subject.service, " → ", subject.environment);
}

std::string ReasonText(const Reason& reason) {
  switch (reason.applicability) {
    case Applicability::kApplies:
      break;
    case Applicability::kNotSelected:
      return "looks at no SLO of this service";
    case Applicability::kWindowTooLong:
      return "does not apply: its window is not shorter than the SLO's";
    case Applicability::kUnreachable:
      return "does not apply: the objective can never reach the threshold";
  }
  if (reason.legs.empty()) return "not known";
  if (reason.freeze) return FreezeText(reason);
  const Leg& first = reason.legs.front();
  if (first.measure == Measure::kLastRelease) return LastReleaseText(first);
  std::string text(Noun(first.measure));
  std::vector<std::string> values, confirmations;
  for (const Leg& leg : reason.legs) {
    std::string value = LegText(leg);
    if (leg.measure != Measure::kBudgetRemaining) {
      absl::StrAppend(&value, " over ", SpeakDuration(leg.over));
    }
    if (leg.confirms) {
      const absl::string_view how = leg.truth == Truth::kTrue    ? "confirmed"
                                    : leg.truth == Truth::kFalse ? "not confirmed"
                                                                 : "confirmation open";
      confirmations.push_back(absl::StrCat(how, ": burn rate ", value, ", ",
                                           FiresWhen(leg.comparator), " ", ThresholdText(leg),
                                           " confirms"));
    } else {
      values.push_back(std::move(value));
    }
  }
  absl::StrAppend(&text, " ", absl::StrJoin(values, " and "));
  if (values.size() > 1) {
    absl::StrAppend(&text, "; fires when all are ", FiresWhen(first.comparator), " ",
                    ThresholdText(first));
  } else if (first.closed_at) {
    absl::StrAppend(&text, ", closed at ", MomentText(*first.closed_at), ", reopens above ",
                    ThresholdText(first));
  } else {
    absl::StrAppend(&text, ", ", MustBe(first.comparator), " ", ThresholdText(first));
  }
  if (!confirmations.empty()) absl::StrAppend(&text, "; ", absl::StrJoin(confirmations, "; "));
  if (reason.truth == Truth::kUnknown && first.measured && first.truth == Truth::kUnknown) {
    absl::StrAppend(&text, ": too close to tell");
  }
  return text;
}

std::string WindowText(const SloResult& slo) {
  if (!slo.calendar) {
    return SpeakDuration(slo.period ? slo.period->end - slo.period->start : slo.window);
  }
  switch (slo.calendar->unit) {
    case CalendarUnit::kWeek:
      return "weekly";
    case CalendarUnit::kMonth:
      return "monthly";
    case CalendarUnit::kQuarter:
      return "quarterly";
  }
  return "";
}

std::string WholeWindowText(const SloResult& slo) {
  if (!slo.calendar) return WindowText(slo);
  return absl::StrCat("a ", Word(slo.calendar->unit), " in ", slo.calendar->time_zone);
}

std::string BudgetText(const SloResult& slo) {
  if (!slo.budget) return "not measured";
  const Budget& budget = *slo.budget;
  return absl::StrCat(CountText(budget.bad, budget.allowed, Rounding::kUp), " bad of ",
                      CountText(budget.total, Rounding::kDown), " ", slo.unit, "; ",
                      absl::StrReplaceAll(slo.objective_text, {{"%", " %"}}),
                      slo.within ? absl::StrCat(" within ", SpeakDuration(*slo.within)) : "",
                      " allows ", CountText(budget.allowed, budget.bad, Rounding::kDown),
                      budget.by_previous
                          ? absl::StrCat(", by the ", CountText(budget.basis, Rounding::kDown),
                                         " of ", PreviousText(slo))
                          : "");
}

std::string CauseText(const Reason& reason, const Decision& decision) {
  const Leg& leg = reason.legs.front();
  if (reason.freeze) {
    const std::string& why = reason.freeze->reason;
    return absl::StrCat("Releases stop until ", PrintTime(reason.freeze->to), " by the freeze ",
                        Quoted(reason.rule), why.empty() ? "." : absl::StrCat(": ", why, "."));
  }
  if (leg.measure == Measure::kLastRelease) {
    return absl::StrCat(SubjectText(decision.request.subject), " was last released ",
                        SpeakSeconds(leg.measured->low), " ago; the policy wants ",
                        SpeakSeconds(leg.threshold), " between releases.");
  }
  const SloResult& slo = ResultFor(reason.slo, decision);
  const std::string window = WindowText(slo);
  switch (leg.measure) {
    case Measure::kBudgetRemaining: {
      const std::string band =
          leg.closed_at ? absl::StrCat(" The rule closed the gate at ", MomentText(*leg.closed_at),
                                       " and reopens it above ", ThresholdText(leg), ".")
                        : "";
      if (leg.measured && leg.measured->low.sign() <= 0) {
        return absl::StrCat("The ", window, " error budget of ", Quoted(slo.name),
                            " is spent: ", BudgetText(slo), ".", band);
      }
      return absl::StrCat("Only ", MeasuredText(leg), " of the ", window, " error budget of ",
                          Quoted(slo.name), " is left: ", BudgetText(slo), ".", band);
    }
    case Measure::kBudgetSpent:
      return absl::StrCat(Quoted(slo.name), " used ", MeasuredText(leg), " of its ", window,
                          " error budget in the last ", SpeakDuration(leg.over), ".");
    case Measure::kBurnRate:
      return absl::StrCat(Quoted(slo.name), " burns its ", window, " error budget ",
                          MeasuredText(leg), " times as fast as it lasts, over ",
                          SpeakDuration(leg.over), ".");
    case Measure::kSli:
      return absl::StrCat("The SLI of ", Quoted(slo.name), " over ", SpeakDuration(leg.over),
                          " is ", MeasuredText(leg), ".");
    case Measure::kLastRelease:
    case Measure::kFreezeSince:
    case Measure::kFreezeLeft:
      break;  // told above
  }
  return "";
}

std::string RecoveryText(const SloResult& slo, absl::Time instant) {
  if (!slo.recovers_at) return "";
  const absl::Duration left = absl::Ceil(*slo.recovers_at - instant, absl::Minutes(1));
  std::string text =
      slo.calendar
          ? absl::StrCat("A new budget begins at ", MomentText(*slo.recovers_at), ", in ",
                         SpeakDuration(left), ".")
          : absl::StrCat("It recovers about ", MomentText(*slo.recovers_at), ", in ",
                         SpeakDuration(left),
                         ", if nothing more fails (estimate: traffic as over the window).");
  if (slo.most_spent && slo.budget) {
    const absl::Time end = instant - slo.most_spent->ago;
    absl::StrAppend(&text, " Most of it went between ", MomentText(end - slo.most_spent->over),
                    " and ", MomentText(end), ".");
  }
  return text;
}

std::string OpenText(const Reason& reason, const Decision& decision) {
  if (reason.WithoutHistory()) {
    return absl::StrCat("Not known when ", SubjectText(decision.request.subject),
                        " was last released: no ledger was asked.");
  }
  return absl::StrCat("Too close to tell: ", Quoted(reason.slo), " is where rule ", reason.rule,
                      " begins to fire.");
}

std::string FindingText(const JudgedFinding& judged, const Decision& decision) {
  const bool one_of_several = decision.sources.size() > 1 && !judged.source.empty();
  return absl::StrCat(one_of_several ? absl::StrCat(judged.source, ": ") : "",
                      DefectText(judged, decision));
}

}  // namespace slogate

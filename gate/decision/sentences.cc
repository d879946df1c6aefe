#include "gate/decision/sentences.h"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include <absl/strings/ascii.h>
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

std::string Upper(absl::string_view word) { return absl::AsciiStrToUpper(word); }

std::string Quoted(const std::string& name) { return absl::StrCat("\"", name, "\""); }

// What people call a change of a well-known class; others go by their name.
std::string ChangePhrase(const std::string& name) {
  if (name == "rollback") return "roll back";
  if (name == "security") return "ship a fix for a vulnerability";
  return absl::StrCat("release it as ", name);
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

}  // namespace

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
  const Leg& first = reason.legs.front();
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
  } else {
    absl::StrAppend(&text, ", ", MustBe(first.comparator), " ", ThresholdText(first));
  }
  if (!confirmations.empty()) absl::StrAppend(&text, "; ", absl::StrJoin(confirmations, "; "));
  if (reason.truth == Truth::kUnknown && first.measured && first.truth == Truth::kUnknown) {
    absl::StrAppend(&text, ": too close to tell");
  }
  return text;
}

std::string BudgetText(const SloResult& slo) {
  if (!slo.budget) return "not measured";
  const Budget& budget = *slo.budget;
  return absl::StrCat(CountText(budget.bad, budget.allowed, Rounding::kUp), " bad of ",
                      CountText(budget.total, Rounding::kDown), " events; ",
                      absl::StrReplaceAll(slo.objective_text, {{"%", " %"}}),
                      slo.within ? absl::StrCat(" within ", SpeakDuration(*slo.within)) : "",
                      " allows ", CountText(budget.allowed, budget.bad, Rounding::kDown));
}

std::string CauseText(const Reason& reason, const SloResult& slo) {
  const std::string window = SpeakDuration(slo.window);
  const Leg& leg = reason.legs.front();
  switch (leg.measure) {
    case Measure::kBudgetRemaining:
      if (leg.measured && leg.measured->low.sign() <= 0) {
        return absl::StrCat("The ", window, " error budget of ", Quoted(slo.name),
                            " is spent: ", BudgetText(slo), ".");
      }
      return absl::StrCat("Only ", MeasuredText(leg), " of the ", window, " error budget of ",
                          Quoted(slo.name), " is left: ", BudgetText(slo), ".");
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
  }
  return "";
}

std::string FindingText(const JudgedFinding& judged, const Decision& decision) {
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
    case FindingKind::kNoTraffic:
      return "no events in the SLO's window, so nothing says how much of the budget is spent";
    case FindingKind::kFewEvents:
      return absl::StrCat(
          "the budget allows ", CountText(finding.measured.value_or(0), Rounding::kDown),
          " events, less than ", CountText(finding.limit.value_or(0), Rounding::kUp),
          ": a single failure would decide");
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
      return absl::StrCat(WhatIsWrong(finding.kind), " ", decision.source_url, ": ",
                          finding.detail);
  }
}

WayOutText Advice(FindingKind kind, const Decision& decision) {
  if (decision.from_record && !Traits(kind).may_be_softened) {
    return {"measure anew: what the record does not hold, slogate check has to ask", "", ""};
  }
  const std::string& url = decision.source_url;
  const auto look = [&](absl::string_view text, std::string command) {
    return WayOutText{std::string(text), command, command};
  };
  const auto say = [&](std::string text) {
    return WayOutText{std::move(text), "", decision.command};
  };
  switch (kind) {
    case FindingKind::kUnreachable:
      return look(absl::StrCat("check that the source ", Quoted(decision.source_name),
                               " runs and can be reached from here"),
                  absl::StrCat("curl -fsS ", url, "/-/ready"));
    case FindingKind::kUnauthorized:
      return say(absl::StrCat("check the secret of the source ", Quoted(decision.source_name),
                              " in ", decision.policy_file));
    case FindingKind::kRejectedQuery:
      return say(
          "paste the query that slogate explain shows into Prometheus, and mend the selector");
    case FindingKind::kTimedOut:
      return say("run again, with a longer --deadline if the source is slow");
    case FindingKind::kMalformedAnswer:
      return look("look what answers there, a proxy or a login page perhaps",
                  absl::StrCat("curl -i '", url, "/api/v1/query?query=1'"));
    case FindingKind::kTooLarge:
      return say("narrow the selector, or raise the source's query limits");
    case FindingKind::kPartialAnswer:
      return say("bring back the stores that the source misses, then run again");
    case FindingKind::kNotFinite:
    case FindingKind::kManySeries:
      return say(
          "paste the query that slogate explain shows into Prometheus to see what it returns");
    case FindingKind::kClockSkew:
      return say("synchronise the clocks of this machine and of the source (NTP)");
    case FindingKind::kNoBucket:
      return say(
          "set within: to a bound that the histogram has (in seconds), or give it a bucket there");
    case FindingKind::kNoSeries:
      return say("compare the metric and label names of the selector with what the source has");
    case FindingKind::kStale:
      return say("look whether the service is still scraped (the metric \"up\"), then run again");
    case FindingKind::kGap:
      return say(
          absl::StrCat("look why samples are missing (failed scrapes, lost blocks, scrapes further "
                       "apart than older_than of stale), or let the rest decide: findings: {gap: "
                       "warn} in ",
                       decision.policy_file));
    case FindingKind::kShortHistory:
      return say("wait until more is stored, or shorten the SLO's window");
    case FindingKind::kNoTraffic:
    case FindingKind::kFewEvents:
      return say(absl::StrCat("lengthen the SLO's window, or set findings.", Word(kind), " in ",
                              decision.policy_file));
  }
  return {};
}

WayOutText DescribeWayOut(const WayOut& way, const Decision& decision) {
  switch (way.kind) {
    case WayOut::Kind::kChange: {
      std::string option = absl::StrCat("--change ", way.change);
      if (!way.ticket_prefix.empty())
        absl::StrAppend(&option, " --ticket ", way.ticket_prefix, "…");
      return {ChangePhrase(way.change), option, absl::StrCat(decision.command, " ", option)};
    }
    case WayOut::Kind::kWait:
      return {"wait, then run the same command again", "", decision.command};
    case WayOut::Kind::kMend:
      return Advice(way.finding, decision);
  }
  return {};
}

std::vector<std::string> Notes(const Decision& decision) {
  const Ruling& ruling = decision.ruling;
  std::vector<std::string> notes;
  if (!ruling.claim.problem.empty()) {
    notes.push_back(absl::StrCat("The claimed change class ", Quoted(ruling.claim.claimed),
                                 " does not count: ", ruling.claim.problem, ". Judged as ",
                                 Quoted(ruling.claim.effective), "."));
  }
  if (ruling.basis == Basis::kClass) {
    std::set<std::string> skipped;
    for (const Reason& reason : ruling.reasons) {
      if (!reason.skipped_by.empty()) skipped.insert(reason.rule);
    }
    for (const JudgedFinding& finding : ruling.findings) {
      if (!finding.skipped_by.empty()) skipped.insert(std::string(Word(finding.finding.kind)));
    }
    notes.push_back(absl::StrCat(
        "Opened by the change class ", Quoted(ruling.claim.effective), ", as claimed",
        ruling.claim.ticket.empty() ? "" : absl::StrCat(" with ticket ", ruling.claim.ticket),
        ": it skips ", absl::StrJoin(skipped, ", "),
        ". Without it: ", Upper(Word(ruling.without_class)), "."));
  }
  std::set<std::string> told;
  for (const JudgedFinding& finding : ruling.findings) {
    const std::string text = absl::StrCat("Skipped ", Word(finding.finding.kind), ": ",
                                          FindingText(finding, decision), ".");
    if (!finding.skipped_by.empty() && told.insert(text).second) notes.push_back(text);
  }
  for (const SloResult& slo : ruling.slos) {
    if (!slo.budget || !slo.budget->good_exceeds_total) continue;
    notes.push_back(
        absl::StrCat(Quoted(slo.name), " read more good events (",
                     CountText(slo.budget->total.high + slo.budget->bad.high, Rounding::kUp),
                     ") than events in all (", CountText(slo.budget->total, Rounding::kDown),
                     "): its bad events are somewhere from 0 to ",
                     CountText(slo.budget->bad.high, Rounding::kUp), "."));
  }
  if (ruling.basis == Basis::kObserve) {
    notes.push_back(absl::StrCat(
        "OBSERVE MODE: the policy does not enforce here. The release proceeds although "
        "the verdict is ",
        Upper(Word(ruling.verdict)), "."));
  }
  // One note a kind, with all its SLOs, in the words of the longest window.
  std::map<FindingKind, std::vector<const JudgedFinding*>> softened;
  for (const JudgedFinding& finding : ruling.findings) {
    if (finding.softened) softened[finding.finding.kind].push_back(&finding);
  }
  for (const auto& [kind, findings] : softened) {
    std::vector<std::string> slos;
    const JudgedFinding* longest = findings.front();
    for (const JudgedFinding* finding : findings) {
      if (slos.empty() || slos.back() != Quoted(finding->slo)) slos.push_back(Quoted(finding->slo));
      if (finding->window > longest->window) longest = finding;
    }
    notes.push_back(absl::StrCat(Word(kind), " of ", absl::StrJoin(slos, ", "), " counts as ",
                                 Word(longest->verdict), ": ", FindingText(*longest, decision),
                                 "."));
  }
  return notes;
}

}  // namespace slogate

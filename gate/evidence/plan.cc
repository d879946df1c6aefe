#include "gate/evidence/plan.h"

#include <algorithm>
#include <set>
#include <utility>
#include <variant>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "gate/base/duration.h"
#include "gate/evidence/combine.h"
#include "gate/evidence/counter.h"
#include "gate/evidence/previous_period.h"
#include "gate/evidence/sli_kinds.h"
#include "gate/evidence/slots.h"
#include "gate/evidence/watched.h"

namespace slogate {
namespace {

// What several selectors that stand for the same events come to: the smallest (or largest) value
// any of them has, or the findings that leave it open.
struct Best {
  std::optional<Bounds> value;
  std::vector<Finding> findings;
};

template <class Better>
Best BestOf(const std::vector<Question>& questions, const Evidence& evidence, Better better) {
  Best best;
  for (const Question& question : questions) {
    const Reading* reading = evidence.Find(question);
    if (reading == nullptr) continue;
    best.findings.insert(best.findings.end(), reading->findings.begin(), reading->findings.end());
    if (reading->value && (!best.value || better(*reading->value, *best.value)))
      best.value = reading->value;
  }
  return best;
}

// The same defect usually strikes every question about an SLO: one finding per kind and window says
// it.
void Add(SloEvidence& out, Finding finding, std::optional<absl::Duration> window) {
  for (const SloFinding& known : out.findings) {
    if (known.finding.kind == finding.kind && (known.window == window || !known.window)) return;
  }
  out.findings.push_back({std::move(finding), window});
}

std::string Names(const std::vector<Selector>& selectors) {
  return absl::StrJoin(selectors, " or ", [](std::string* out, const Selector& selector) {
    out->append(Print(selector));
  });
}

// Whether the newest sample is young enough. Data that does not exist at all is no_series, found by
// counting.
void WeighFreshness(const EffectivePolicy& policy, const std::string& source,
                    const std::vector<Selector>& watched, const Evidence& evidence,
                    SloEvidence& out) {
  const absl::Duration limit = policy.findings.stale_older_than;
  std::vector<Question> questions;
  for (const Selector& selector : watched) questions.push_back(AskNewest(policy, source, selector));
  Best newest =
      BestOf(questions, evidence, [](const Bounds& a, const Bounds& b) { return a.high < b.high; });
  if (newest.value && newest.value->high <= Seconds(limit)) return;
  if (!newest.findings.empty()) {
    for (Finding& finding : newest.findings) Add(out, std::move(finding), std::nullopt);
    return;
  }
  std::vector<Question> ages;
  for (const Selector& selector : watched) ages.push_back(AskAge(source, selector));
  const Best age =
      BestOf(ages, evidence, [](const Bounds& a, const Bounds& b) { return a.high < b.high; });
  Finding stale{FindingKind::kStale, std::nullopt, Seconds(limit), Names(watched)};
  if (newest.value) {
    stale.measured = newest.value->high;
  } else if (age.value) {
    stale.measured = age.value->high;
  }
  Add(out, std::move(stale), std::nullopt);
}

// How often `part` fits into `whole`.
Rational WholeParts(const Rational& whole, const Rational& part) {
  return *Rational::FromDecimal(Quotient(whole, part)->Fixed(0, Rounding::kDown));
}

// Which windows reach back further than anything stored.
void WeighHistory(const std::string& source, const std::vector<Selector>& watched,
                  const std::vector<absl::Duration>& windows, const Evidence& evidence,
                  SloEvidence& out) {
  std::vector<Question> questions;
  for (const Selector& selector : watched) {
    questions.push_back(AskHistory(source, selector, ReachOf(windows)));
  }
  Best history =
      BestOf(questions, evidence, [](const Bounds& a, const Bounds& b) { return a.low > b.low; });
  if (!history.value && !history.findings.empty()) {
    // How far back the data goes is open for the short windows, too.
    for (Finding& finding : history.findings) Add(out, std::move(finding), std::nullopt);
    return;
  }
  const Rational reach = history.value ? history.value->low : Rational(0);
  for (const absl::Duration window : windows) {
    if (reach >= Seconds(window)) continue;
    Add(out, {FindingKind::kShortHistory, reach, Seconds(window), Names(watched)}, window);
  }
}

// How much of the SLO's own window samples cover, from the first stored one on: what comes before is
// short_history. A shorter window is guarded by stale and by its own count.
//
// Of good and bad the better one counts: a series of failures is born with the first, so what is
// missing of it alone is no gap, and a scrape that fails misses both.
void WeighCoverage(const EffectivePolicy& policy, const std::string& source,
                   const EffectiveSlo& slo, const std::vector<Selector>& watched,
                   const std::vector<absl::Duration>& windows, const Evidence& evidence,
                   SloEvidence& out) {
  std::vector<Question> coverages, histories;
  for (const Selector& selector : watched) {
    coverages.push_back(AskCoverage(policy, source, selector, slo.window));
    histories.push_back(AskHistory(source, selector, ReachOf(windows)));
  }
  const auto more = [](const Bounds& a, const Bounds& b) { return a.low > b.low; };
  const std::optional<Bounds> covered = BestOf(coverages, evidence, more).value;
  const auto [length, count] = SlotsOf(slo.window, policy.findings.stale_older_than);
  const Rational& limit = policy.findings.gap_coverage_below;
  const Rational present = covered ? covered->low : Rational(0);
  if (present >= limit * Rational(count)) return;
  // Any that is lost could have shown that there is no gap, or how large it is.
  std::vector<Finding> lost;
  for (const Question& question : coverages) AddFindings(evidence.Find(question), lost);
  for (const Question& question : histories) AddFindings(evidence.Find(question), lost);
  for (Finding& finding : lost) Add(out, std::move(finding), slo.window);
  if (!lost.empty()) return;

  const std::optional<Bounds> history = BestOf(histories, evidence, more).value;
  const Rational reach = history ? history->low : Rational(0);
  const bool whole = reach >= Seconds(slo.window);
  // At least as many slots end after the first sample as fit in whole.
  const Rational slots = whole ? Rational(count) : WholeParts(reach, Seconds(length));
  if (present >= limit * slots) return;
  Add(out,
      {FindingKind::kGap, Quotient(present, slots), limit,
       absl::StrCat((slots - present).Fixed(0, Rounding::kUp), " of ",
                    slots.Fixed(0, Rounding::kUp), " slots of ", SpeakDuration(length),
                    whole ? "" : " since the first sample", " end without a sample of ",
                    Names(watched))},
      slo.window);
}

// Which slices have no value, though what is watched may have samples in them.
void WeighValues(const EffectivePolicy& policy, const std::string& source, const EffectiveSlo& slo,
                 const Evidence& evidence, SloEvidence& out) {
  const auto* threshold = std::get_if<ThresholdSli>(&slo.sli);
  if (threshold == nullptr) return;
  auto gap =
      GapOfValues(*threshold, source, slo.window, policy.findings.gap_coverage_below, evidence);
  if (gap) Add(out, *std::move(gap), slo.window);
}

// What the count over the SLO's own window says about itself.
void WeighTraffic(const EffectivePolicy& policy, const EffectiveSlo& slo, SloEvidence& out) {
  const auto found = out.counts.find(slo.window);
  if (found == out.counts.end()) return;
  const Bounds& total = found->second.total;
  if (total.high.sign() == 0) {
    Add(out, {FindingKind::kNoTraffic, Rational(0), std::nullopt, ""}, slo.window);
    return;
  }
  if (SliceOf(slo.sli) != nullptr) return;  // how many slices there are is no matter of chance
  const Rational allowed = found->second.Basis().low * (Rational(1) - slo.objective);
  const Rational& limit = policy.findings.few_events_budget_below;
  if (allowed < limit) {
    Add(out, {FindingKind::kFewEvents, allowed, limit, ""}, std::nullopt);
  }
}

// Counters that look new and may be old. What is left of the count stands.
void WeighBirths(const std::vector<Selector>& watched, SloEvidence& out) {
  for (const auto& [window, count] : out.counts) {
    if (count.step) Add(out, {FindingKind::kBirths, {}, {}, Names(watched)}, window);
  }
}

// Whether nothing that counts the SLO's events has data in the window: of counters the watched ones.
bool NothingCounted(const std::string& source, const EffectiveSlo& slo,
                    const std::vector<Selector>& watched, absl::Duration window,
                    const Evidence& evidence) {
  const auto ask = [&](const auto& sli) { return AskEvents(sli, source, window); };
  const std::vector<Question> questions = std::visit(ask, slo.sli);
  return std::all_of(questions.begin(), questions.end(), [&](const Question& question) {
    const bool other = question.kind == QuestionKind::kEvents &&
                       std::count(watched.begin(), watched.end(), question.selector) == 0;
    return other || IsEmpty(evidence.Find(question));
  });
}

// What speaks against an empty count: a window holds all that shorter ones hold. Where one of those
// has data, the source contradicts itself; where one is not known, nobody can tell whether it does.
std::vector<Finding> AgainstEmpty(const std::string& source, const EffectiveSlo& slo,
                                  absl::Duration window, const std::vector<absl::Duration>& windows,
                                  const Evidence& evidence) {
  std::vector<Finding> findings;
  const auto ask = [&](const auto& sli) { return AskEvents(sli, source, window); };
  for (const Question& question : std::visit(ask, slo.sli)) {
    if (!IsEmpty(evidence.Find(question))) continue;
    for (const absl::Duration shorter : windows) {
      if (shorter >= window) break;
      Question same = question;
      same.over = shorter;
      const Reading* within = evidence.Find(same);
      AddFindings(within, findings);
      if (!HasData(within)) continue;
      findings.push_back({FindingKind::kMalformedAnswer,
                          {},
                          {},
                          absl::StrCat("the source has data of ", Print(question.selector),
                                       " within the last ", SpeakDuration(shorter),
                                       " but none within the last ", SpeakDuration(window))});
    }
  }
  return findings;
}

bool Has(const SloEvidence& evidence, FindingKind kind) {
  return std::any_of(evidence.findings.begin(), evidence.findings.end(),
                     [&](const SloFinding& known) { return known.finding.kind == kind; });
}

std::vector<Question> Sorted(const std::set<Question>& questions) {
  return {questions.begin(), questions.end()};
}

// How fresh and how whole `watched` is.
void AskAbout(const EffectivePolicy& policy, const std::string& source, const EffectiveSlo& slo,
              const Selector& watched, absl::Duration reach, std::set<Question>& questions) {
  questions.insert(AskNewest(policy, source, watched));
  questions.insert(AskHistory(source, watched, reach));
  questions.insert(AskCoverage(policy, source, watched, slo.window));
}

void AskFirst(const EffectivePolicy& policy, const std::string& source, const EffectiveSlo& slo,
              std::set<Question>& questions) {
  const std::vector<absl::Duration> windows = WindowsFor(policy, slo, ApplicabilityOf(policy, slo));
  for (const absl::Duration window : windows) {
    const auto ask = [&](const auto& sli) { return AskEvents(sli, source, window); };
    for (Question& question : std::visit(ask, slo.sli)) questions.insert(std::move(question));
  }
  for (Question& question : AskPreviousTotal(policy, source, slo)) {
    questions.insert(std::move(question));
  }
  for (const Selector& selector : WatchedAtFirst(slo)) {
    AskAbout(policy, source, slo, selector, ReachOf(windows), questions);
  }
}

void AskFollowing(const EffectivePolicy& policy, const std::string& source, const EffectiveSlo& slo,
                  const Evidence& evidence, std::set<Question>& questions) {
  const std::vector<absl::Duration> windows = WindowsFor(policy, slo, ApplicabilityOf(policy, slo));
  for (const absl::Duration window : windows) {
    const auto ask = [&](const auto& sli) {
      return AskFurther(sli, source, window, ReachOf(windows), evidence);
    };
    for (Question& question : std::visit(ask, slo.sli)) questions.insert(std::move(question));
  }
  const auto* latency = std::get_if<LatencySli>(&slo.sli);
  if (latency != nullptr && MayBeNative(*latency, source, slo.window, evidence)) {
    AskAbout(policy, source, slo, NativeSelector(*latency), ReachOf(windows), questions);
  }
  for (const Selector& selector : WatchedAtFirst(slo)) {
    const Reading* newest = evidence.Find(AskNewest(policy, source, selector));
    const Reading* history = evidence.Find(AskHistory(source, selector, ReachOf(windows)));
    const bool nothing_fresh = newest != nullptr && !newest->value && newest->findings.empty();
    const bool ever = history != nullptr && history->value.has_value();
    if (nothing_fresh && ever && policy.findings.stale_older_than < kStaleAge) {
      questions.insert(AskAge(source, selector));
    }
  }
}

// What one source says.
SloEvidence WeighSource(const EffectivePolicy& policy, const std::string& source,
                        const EffectiveSlo& slo, const std::vector<absl::Duration>& windows,
                        const Evidence& evidence) {
  SloEvidence out;
  if (const Reading* clock = evidence.Find(ClockQuestion(source)); clock != nullptr) {
    for (const Finding& finding : clock->findings) Add(out, finding, std::nullopt);
  }
  std::map<absl::Duration, std::vector<Finding>> uncounted;
  for (const absl::Duration window : windows) {
    auto counted = std::visit(
        [&](const auto& sli) {
          return CountEvents(sli, source, window, ReachOf(windows), evidence);
        },
        slo.sli);
    if (auto* count = std::get_if<EventCount>(&counted)) {
      // An empty counter counted nothing: no event failed, or all did.
      const bool empty = count->bad == Bounds{} || count->bad == count->total;
      std::vector<Finding> against;
      if (empty) against = AgainstEmpty(source, slo, window, windows, evidence);
      if (window == slo.window) {
        std::vector<Finding> lost = AddPreviousTotal(policy, source, slo, evidence, *count);
        std::move(lost.begin(), lost.end(), std::back_inserter(against));
      }
      if (against.empty()) {
        out.counts.emplace(window, *count);
      } else {
        uncounted.emplace(window, std::move(against));
      }
    } else {
      uncounted.emplace(window, std::get<std::vector<Finding>>(std::move(counted)));
    }
  }
  const std::vector<Selector> watched = Watched(source, slo, evidence);
  // Where no window could be counted, its own findings say why.
  if (!out.counts.empty()) {
    WeighFreshness(policy, source, watched, evidence, out);
    WeighHistory(source, watched, windows, evidence, out);
    WeighCoverage(policy, source, slo, watched, windows, evidence, out);
    WeighValues(policy, source, slo, evidence, out);
    WeighBirths(watched, out);
  }
  for (auto& [window, findings] : uncounted) {
    // A policy that holds few events also holds where nobody can tell how few there are.
    const bool all =
        window == slo.window && policy.findings.For(FindingKind::kFewEvents) >= Verdict::kHold;
    const auto tainted = all ? std::nullopt : std::optional<absl::Duration>(window);
    for (Finding& finding : findings) {
      // A window in which nothing was counted since the data went stale: that is said already.
      // What else is missing is not, and a class that skips stale does not skip it.
      if (finding.kind == FindingKind::kNoSeries && Has(out, FindingKind::kStale) &&
          NothingCounted(source, slo, watched, window, evidence)) {
        continue;
      }
      Add(out, std::move(finding), tainted);
    }
  }
  for (SloFinding& found : out.findings) found.source = source;
  return out;
}

}  // namespace

absl::Duration ReachOf(const std::vector<absl::Duration>& windows) { return windows.back(); }

std::vector<absl::Duration> WindowsFor(const EffectivePolicy& policy, const EffectiveSlo& slo,
                                       const std::vector<Applicability>& applicability) {
  std::set<absl::Duration> windows = {slo.window};
  for (size_t i = 0; i < policy.rules.size(); ++i) {
    if (applicability[i] != Applicability::kApplies) continue;
    for (const absl::Duration window : WindowsOf(policy.rules[i].when, slo.window))
      windows.insert(window);
  }
  return {windows.begin(), windows.end()};
}

Question ClockQuestion(const std::string& source) {
  return {QuestionKind::kClock, source, {}, absl::ZeroDuration()};
}

std::vector<Question> ClockQuestions(const EffectivePolicy& policy) {
  std::vector<Question> questions;
  for (const EffectiveSource& source : policy.sources)
    questions.push_back(ClockQuestion(source.name));
  return questions;
}

std::vector<Question> FirstQuestions(const EffectivePolicy& policy) {
  std::set<Question> questions;
  for (const EffectiveSource& source : policy.sources) {
    for (const EffectiveSlo& slo : policy.slos) AskFirst(policy, source.name, slo, questions);
  }
  return Sorted(questions);
}

std::vector<Question> FollowUpQuestions(const EffectivePolicy& policy, const Evidence& evidence) {
  std::set<Question> questions;
  for (const EffectiveSource& source : policy.sources) {
    for (const EffectiveSlo& slo : policy.slos) {
      AskFollowing(policy, source.name, slo, evidence, questions);
    }
  }
  return Sorted(questions);
}

Evidence MeasureAll(const EffectivePolicy& policy, Source& source, absl::Time at) {
  Evidence evidence = source.Measure(FirstQuestions(policy), at);
  const std::vector<Question> open = FollowUpQuestions(policy, evidence);
  if (!open.empty()) evidence.Append(source.Measure(open, at));
  return evidence;
}

SloEvidence Weigh(const EffectivePolicy& policy, const EffectiveSlo& slo,
                  const std::vector<absl::Duration>& windows, const Evidence& evidence) {
  std::vector<SloEvidence> parts;
  for (const EffectiveSource& source : policy.sources) {
    parts.push_back(WeighSource(policy, source.name, slo, windows, evidence));
  }
  SloEvidence out = CombineSources(policy.combine, std::move(parts));
  const size_t before = out.findings.size();
  WeighTraffic(policy, slo, out);
  if (policy.sources.size() > 1) return out;
  for (size_t i = before; i < out.findings.size(); ++i) {
    out.findings[i].source = policy.sources.front().name;
  }
  return out;
}

}  // namespace slogate

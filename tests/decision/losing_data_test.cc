// The promise of the whole project: losing data never opens the gate. Random policies over random
// evidence; every reading is lost, one alone and one after the other; what was blocked stays so.
#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include "gate/base/duration.h"
#include "gate/decision/decide.h"
#include "gate/evidence/plan.h"
#include "tests/decision/story.h"

namespace slogate {
namespace {

using fake::Facts;

// All conditions over all the sorts of windows that an SLO can share or not share with others, and
// all the ways to name events.
constexpr char kPolicy[] = R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: acme}
sources: {main: {url: 'http://prometheus.example:9090'}}
changes:
  feature: {default: true}
  hotfix: {skips: [r2, r4]}
  security: {skips: [rules], ticket: {prefix: CVE-}}
  nightly: {skips: [stale, few_events]}
  rollback: {skips: [rules, findings]}
  thaw: {skips: [freezes]}
rules:
  - {id: r0, when: {budget_remaining: {at_most: 0%}}, verdict: deny}
  - {id: r1, when: {budget_remaining: {below: 50%}}, verdict: hold}
  - {id: r2, when: {budget_spent: {at_least: 2%, over: 1h, confirmed_over: 5m}}, verdict: hold}
  - {id: r3, when: {budget_spent: {above: 1%, over: [1d, 6h]}}, verdict: hold}
  - {id: r4, when: {burn_rate: {above: 1, over: [1d, 1h]}}, verdict: deny}
  - {id: r5, when: {burn_rate: {at_least: 5, over: 5m}}, verdict: hold}
  - {id: r6, when: {sli: {below: 99%, over: [1d, 5m]}}, verdict: hold}
  - {id: r7, when: {sli: {at_most: 99.5%, over: 7d}}, verdict: deny}
service: checkout
slos:
  - {name: a, objective: 99.9%, window: 30d, sli: {events: {total: requests, bad: errors}}}
  - {name: b, objective: 99%, window: 7d, sli: {events: {total: 'calls{job="x"}', bad: '{code="5"}'}}}
  - {name: c, objective: 95%, window: 30d, sli: {events: {good: fine, bad: errors}}}
  - {name: d, objective: 99%, window: 7d, sli: {events: {total: requests, good: fine}}}
  - {name: e, objective: 99%, window: 7d, sli: {latency: {histogram: took, within: 300ms}}}
  - name: f
    objective: 99.9%
    window: {calendar: month, time_zone: Europe/Berlin}
    sli: {events: {total: requests, bad: errors}}
  - name: g
    objective: 99%
    window: {calendar: week, time_zone: UTC}
    sli: {events: {good: fine, bad: errors}}
  - {name: h, objective: 99%, window: 7d, sli: {threshold: {value: queue, at_most: 9, slice: 5m}}}
  - {name: i, objective: 95%, window: 7d, sli: {threshold: {value: 'max(queue)', watch: queue, at_most: 9, slice: 5m, no_data: good}}}
  - {name: j, objective: 99%, window: 7d, sli: {slices: {total: requests, bad: errors, ratio: 99%, slice: 5m}}}
  - {name: k, objective: 95%, window: 7d, sli: {slices: {good: fine, bad: errors, ratio: 90%, slice: 5m, no_data: bad}}}
  - {name: l, objective: 99%, window: 7d, sli: {query: {total: 'n($window)', bad: 'b($window)', watch: requests}}}
freezes:
  - {id: r8, from: 2026-11-23, to: 2026-11-24, time_zone: UTC, verdict: warn}
)";

// What a query can fail with.
constexpr const char* kFailures[] = {"!unreachable",    "!unauthorized", "!rejected_query",
                                     "!timed_out",      "!too_large",    "!malformed_answer",
                                     "!partial_answer", "!not_finite",   "!many_series"};

struct Case {
  EffectivePolicy policy;
  std::string change;
  std::vector<Question> questions;  // all that may be asked
  Facts facts;                      // each one's answer
};

class Dice {
 public:
  explicit Dice(unsigned seed) : random_(seed) {}
  size_t Below(size_t limit) { return random_() % limit; }
  bool OneIn(size_t chances) { return Below(chances) == 0; }
  template <class T, size_t n>
  const T& Of(const T (&choices)[n]) {
    return choices[Below(n)];
  }

 private:
  std::mt19937 random_;
};

bool IsTotal(const Selector& selector) {
  const std::string text = Print(selector);
  return text == "requests" || text == "calls{job=\"x\"}" || text == "took_bucket{le=\"+Inf\"}";
}

std::string RandomAnswer(const Question& question, Dice& dice) {
  static constexpr const char* kTotals[] = {
      "0", "40", "500", "100000", "1000000", "1000000", "1000000", "999000..1001000", "^1000000"};
  static constexpr const char* kHalves[] = {"0",         "0",    "0",     "1",      "100",
                                            "999..1001", "5000", "20000", "100000", "990000",
                                            "1000000",   "none", "^0",    "^5000"};
  static constexpr const char* kAges[] = {"15", "15", "15", "15", "300", "301", "none"};
  static constexpr const char* kCovered[] = {"120", "120", "119", "108", "107", "40", "1", "none"};
  static constexpr const char* kReaches[] = {"",   "",     "",      "",      "none",
                                             "60", "7200", "86400", "200000"};
  static constexpr const char* kAllSlices[] = {"0",    "1",    "500",  "1500", "2000",
                                               "2016", "2016", "2016", "none"};
  static constexpr const char* kSomeSlices[] = {"0", "0", "0", "1", "5", "30", "100", "none"};
  if (dice.OneIn(25)) return dice.Of(kFailures);
  switch (question.kind) {
    case QuestionKind::kClock:
      return dice.OneIn(20) ? "!clock_skew" : "1795403560";
    case QuestionKind::kEvents:
      return IsTotal(question.selector) ? dice.Of(kTotals) : dice.Of(kHalves);
    case QuestionKind::kNewestSample:
      return dice.Of(kAges);
    case QuestionKind::kHistory: {
      const std::string reach = dice.Of(kReaches);
      return reach.empty() ? absl::StrCat(absl::ToInt64Seconds(question.over)) : reach;
    }
    case QuestionKind::kCoverage:
      return dice.Of(kCovered);
    case QuestionKind::kSeriesSeen:
      return dice.OneIn(2) ? "1" : "0";
    case QuestionKind::kBucketBounds:
      return dice.OneIn(2) ? "!no_bucket" : "none";
    case QuestionKind::kHistogramEvents:
      return dice.OneIn(2) ? dice.Of(kTotals) : "none";
    case QuestionKind::kHistogramWithin:
      return dice.Of(kHalves);
    case QuestionKind::kNumber:
      return question.promql.text[0] == 'n' ? dice.Of(kTotals) : dice.Of(kHalves);
    case QuestionKind::kSlices:
      return dice.Of(kAllSlices);
    case QuestionKind::kSlicesWhere:
      return dice.Of(kSomeSlices);
  }
  return "none";
}

// Every question that the policy may come to ask, follow-ups too.
std::vector<Question> AllQuestions(const EffectivePolicy& policy) {
  std::vector<Question> all = ClockQuestions(policy);
  const std::vector<Question> first = FirstQuestions(policy);
  all.insert(all.end(), first.begin(), first.end());
  // A follow-up is asked where one counter of a pair has no data, or slices cannot be compared, or a
  // histogram has no buckets at all: leave out each in turn.
  for (const Question& empty : first) {
    if (empty.kind != QuestionKind::kEvents && empty.kind != QuestionKind::kSlicesWhere) continue;
    const auto is_empty = [&](const Question& question) {
      if (absl::StartsWith(empty.selector.metric, "took")) {
        return absl::StartsWith(question.selector.metric, "took");
      }
      return empty.slicing ? question.kind == empty.kind : question.selector == empty.selector;
    };
    Evidence evidence;
    for (const Question& question : first) {
      Reading reading;
      reading.question = question;
      if (!is_empty(question)) reading.value = Bounds::Exactly(1);
      evidence.readings.push_back(std::move(reading));
    }
    for (Question& question : FollowUpQuestions(policy, evidence)) {
      if (std::find(all.begin(), all.end(), question) == all.end())
        all.push_back(std::move(question));
    }
  }
  return all;
}

Case RandomCase(const EffectivePolicy& whole, Dice& dice) {
  Case result{whole, "", {}, {}};
  EffectivePolicy& policy = result.policy;
  const size_t slos = 1 + dice.Below(3);
  while (policy.slos.size() > slos) {
    policy.slos.erase(policy.slos.begin() +
                      static_cast<std::ptrdiff_t>(dice.Below(policy.slos.size())));
  }
  const size_t rules = 1 + dice.Below(3);
  while (policy.rules.size() > rules) {
    policy.rules.erase(policy.rules.begin() +
                       static_cast<std::ptrdiff_t>(dice.Below(policy.rules.size())));
  }
  static constexpr Verdict kRuleVerdicts[] = {Verdict::kWarn, Verdict::kHold, Verdict::kHold,
                                              Verdict::kDeny};
  static constexpr Verdict kAnyVerdict[] = {Verdict::kAllow, Verdict::kWarn, Verdict::kHold,
                                            Verdict::kDeny};
  for (Rule& rule : policy.rules) rule.verdict = dice.Of(kRuleVerdicts);
  for (const FindingTraits& traits : AllFindings()) {
    if (!dice.OneIn(4)) continue;
    policy.findings.verdicts[traits.kind] = traits.may_be_softened ? dice.Of(kAnyVerdict)
                                            : dice.OneIn(2)        ? Verdict::kHold
                                                                   : Verdict::kDeny;
  }
  static constexpr const char* kChanges[] = {"", "", "", "hotfix", "security", "nightly", "thaw"};
  result.change = dice.Of(kChanges);
  result.questions = AllQuestions(policy);
  for (const Question& question : result.questions) {
    result.facts[fake::KeyOf(question)] = RandomAnswer(question, dice);
  }
  return result;
}

// The policy where everything is asked of two sources.
EffectivePolicy OfTwoSources(EffectivePolicy policy, Combining combine) {
  policy.sources.push_back({"us", policy.sources.front().config});
  policy.combine = combine;
  return policy;
}

Ruling DecideOn(const Case& the) {
  Request request;
  request.change = the.change;
  request.ticket = "CVE-1";
  return Decide(the.policy, fake::EvidenceOf(the.policy, the.facts), request);
}

bool Blocks(const Case& the) { return DecideOn(the).outcome == Outcome::kBlocked; }

// The same with these readings lost.
Case Losing(const Case& the, const Facts& lost) {
  Case result = the;
  result.facts = fake::Over(lost, the.facts);
  return result;
}

bool Opens(const Case& the, const Facts& lost) { return Blocks(the) && !Blocks(Losing(the, lost)); }

// Takes away what the failure does not need: SLOs, rules, choices, odd answers.
void Shrink(Case& the, const Facts& lost) {
  const auto keep_if_smaller = [&](const Case& smaller) {
    if (!Opens(smaller, lost)) return false;
    the = smaller;
    return true;
  };
  bool again = true;
  while (again) {
    again = false;
    for (size_t i = 0; i < the.policy.slos.size() && the.policy.slos.size() > 1; ++i) {
      Case smaller = the;
      smaller.policy.slos.erase(smaller.policy.slos.begin() + static_cast<std::ptrdiff_t>(i));
      again |= keep_if_smaller(smaller);
    }
    for (size_t i = 0; i < the.policy.rules.size() && the.policy.rules.size() > 1; ++i) {
      Case smaller = the;
      smaller.policy.rules.erase(smaller.policy.rules.begin() + static_cast<std::ptrdiff_t>(i));
      again |= keep_if_smaller(smaller);
    }
    for (const auto& choice : std::map<FindingKind, Verdict>(the.policy.findings.verdicts)) {
      Case smaller = the;
      smaller.policy.findings.verdicts.erase(choice.first);
      again |= keep_if_smaller(smaller);
    }
    for (const Question& question : the.questions) {
      const std::string key = fake::KeyOf(question);
      std::string plain = "15";
      if (question.kind == QuestionKind::kClock) plain = "1795403560";
      if (question.kind == QuestionKind::kEvents) plain = "0";
      if (question.kind == QuestionKind::kHistory)
        plain = absl::StrCat(absl::ToInt64Seconds(question.over));
      if (question.kind == QuestionKind::kCoverage) plain = "120";
      if (question.kind == QuestionKind::kSeriesSeen) plain = "0";
      if (question.kind == QuestionKind::kBucketBounds) plain = "none";
      if (question.kind == QuestionKind::kSlices) plain = "2016";
      if (question.kind == QuestionKind::kSlicesWhere) plain = "0";
      if (question.kind == QuestionKind::kNumber) plain = "0";
      if (question.kind == QuestionKind::kHistogramEvents) plain = "0";
      if (question.kind == QuestionKind::kHistogramWithin) plain = "0";
      if (the.facts[key] == plain) continue;
      Case smaller = the;
      smaller.facts[key] = plain;
      again |= keep_if_smaller(smaller);
    }
  }
}

std::string Tell(const Case& the, const Facts& lost) {
  std::string text = absl::StrCat("change class '", the.change, "'\n");
  for (const EffectiveSlo& slo : the.policy.slos) absl::StrAppend(&text, "slo ", slo.name, "\n");
  for (const Rule& rule : the.policy.rules)
    absl::StrAppend(&text, "rule ", rule.id, " ", Word(rule.verdict), "\n");
  for (const auto& [kind, verdict] : the.policy.findings.verdicts)
    absl::StrAppend(&text, "findings.", Word(kind), " ", Word(verdict), "\n");
  for (const auto& [key, fact] : the.facts) absl::StrAppend(&text, key, " = ", fact, "\n");
  for (const auto& [key, fact] : lost) absl::StrAppend(&text, "LOST ", key, " = ", fact, "\n");
  return absl::StrCat(text, "before: ", fake::Summary(DecideOn(the)),
                      "after: ", fake::Summary(DecideOn(Losing(the, lost))));
}

// Fails with the smallest case that shows it.
void ExpectNotOpened(const Case& the, const Facts& lost) {
  if (!Opens(the, lost)) return;
  Case smallest = the;
  Shrink(smallest, lost);
  FAIL() << "losing data opened the gate\n" << Tell(smallest, lost);
}

// Loses what random cases of `whole` rest on, and returns how many readings that were.
size_t LoseReadings(const EffectivePolicy& whole, unsigned first_seed, unsigned last_seed) {
  size_t losses = 0;
  for (unsigned seed = first_seed; seed < last_seed; ++seed) {
    Dice dice(seed);
    const Case the = RandomCase(whole, dice);
    if (!Blocks(the)) continue;
    losses += 2 * the.questions.size();
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    // One reading alone, each in turn.
    for (const Question& question : the.questions) {
      ExpectNotOpened(the, {{fake::KeyOf(question), dice.Of(kFailures)}});
    }
    // One after the other, until nothing is left.
    std::vector<Question> order = the.questions;
    Facts lost;
    while (!order.empty()) {
      const size_t next = dice.Below(order.size());
      lost[fake::KeyOf(order[next])] = dice.Of(kFailures);
      order.erase(order.begin() + static_cast<std::ptrdiff_t>(next));
      ExpectNotOpened(the, lost);
    }
    if (testing::Test::HasFailure()) break;
  }
  return losses;
}

TEST(LosingDataTest, NeverOpensTheGate) {
  EXPECT_GT(LoseReadings(fake::PolicyOf(kPolicy), 0, 600), 10'000U)
      << "the generator must find closed gates to open";
}

TEST(LosingDataTest, NeverOpensTheGateOfTwoSources) {
  const EffectivePolicy whole = fake::PolicyOf(kPolicy);
  EXPECT_GT(LoseReadings(OfTwoSources(whole, Combining::kSum), 1'000, 1'120), 5'000U);
  EXPECT_GT(LoseReadings(OfTwoSources(whole, Combining::kWorst), 2'000, 2'120), 5'000U);
}

// A reading that is not there at all is no better than one that failed. (The clock is different: a
// dry run with --at asks for none.)
size_t RemoveReadings(const EffectivePolicy& whole, unsigned first_seed, unsigned last_seed) {
  size_t removed = 0;
  for (unsigned seed = first_seed; seed < last_seed; ++seed) {
    Dice dice(seed);
    const Case the = RandomCase(whole, dice);
    Request request;
    request.change = the.change;
    request.ticket = "CVE-1";
    const Evidence evidence = fake::EvidenceOf(the.policy, the.facts);
    if (Decide(the.policy, evidence, request).outcome != Outcome::kBlocked) continue;
    for (size_t i = 0; i < evidence.readings.size(); ++i) {
      const Question& question = evidence.readings[i].question;
      if (question.kind == QuestionKind::kClock) continue;
      // Without it the newest sample is too old, which this class skips by name.
      if (the.change == "nightly" && question.kind == QuestionKind::kNewestSample) continue;
      Evidence less = evidence;
      less.readings.erase(less.readings.begin() + static_cast<std::ptrdiff_t>(i));
      const Ruling ruling = Decide(the.policy, less, request);
      ++removed;
      EXPECT_EQ(ruling.outcome, Outcome::kBlocked)
          << "seed " << seed << " without " << fake::KeyOf(question) << "\n"
          << Tell(the, {}) << "after: " << fake::Summary(ruling);
    }
  }
  return removed;
}

TEST(LosingDataTest, NeverOpensTheGateWhereReadingsAreMissing) {
  const EffectivePolicy whole = fake::PolicyOf(kPolicy);
  EXPECT_GT(RemoveReadings(whole, 10'000, 10'300), 2'000U);
  EXPECT_GT(RemoveReadings(OfTwoSources(whole, Combining::kSum), 11'000, 11'100), 1'000U);
  EXPECT_GT(RemoveReadings(OfTwoSources(whole, Combining::kWorst), 12'000, 12'100), 1'000U);
}

// Every class that is offered as a way out is one, and every other is none.
TEST(WaysOutTest, LeadOutWhenTaken) {
  const EffectivePolicy whole = fake::PolicyOf(kPolicy);
  size_t taken = 0;
  for (unsigned seed = 20'000; seed < 20'600; ++seed) {
    Dice dice(seed);
    const Case the = RandomCase(whole, dice);
    const Ruling ruling = DecideOn(the);
    if (ruling.outcome == Outcome::kProceed) {
      ASSERT_TRUE(ruling.next.empty()) << Tell(the, {});
      continue;
    }
    for (const auto& [name, change] : the.policy.changes) {
      if (name == ruling.claim.effective) continue;
      const bool offered = std::any_of(
          ruling.next.begin(), ruling.next.end(), [&, &way_name = name](const WayOut& way) {
            return way.kind == WayOut::Kind::kChange && way.change == way_name;
          });
      Case other = the;
      other.change = name;
      ASSERT_EQ(DecideOn(other).outcome == Outcome::kProceed, offered) << "class " << name << "\n"
                                                                       << Tell(the, {});
      taken += offered ? 1 : 0;
    }
  }
  EXPECT_GT(taken, 300U);
}

}  // namespace
}  // namespace slogate

#include <utility>
#include <vector>

#include <absl/strings/str_cat.h>

#include "gate/policy/policy_parts.h"
#include "gate/policy/scalar_types.h"

namespace slogate {
namespace {

using Comparison = std::pair<const char*, Comparator>;

constexpr Comparison kAtMost = {"at_most", Comparator::kAtMost};
constexpr Comparison kBelow = {"below", Comparator::kBelow};
constexpr Comparison kAtLeast = {"at_least", Comparator::kAtLeast};
constexpr Comparison kAbove = {"above", Comparator::kAbove};

// The two comparators of a condition, of which exactly one stands.
template <class T>
Struct<T>& Compares(Struct<T>& condition, const Type<Rational>& number,
                    const std::vector<Comparison>& comparisons) {
  for (const auto& [word, comparator] : comparisons) {
    condition.template Choice<Rational>(
        word, number,
        [comparator = comparator](Rational value, const Node& node, T& out) {
          out.threshold = {comparator, std::move(value), node.at};
        },
        "The threshold.");
  }
  return condition;
}

Type<Placed<absl::Duration>> PlacedWindow() {
  return WithPlace<Placed<absl::Duration>>(DurationType());
}

Type<std::vector<Placed<absl::Duration>>> WindowsType() {
  return OneOrList("a window such as 1h, or a list of windows", PlacedWindow());
}

constexpr char kOver[] =
    "The window, or a list of windows that must all meet the threshold; shorter than the SLO's.";

Type<BudgetRemaining> BudgetRemainingType() {
  Struct<BudgetRemaining> condition(
      "BudgetRemaining", "budget_remaining",
      "How much of the error budget of the SLO's own window is left; below 0% once it "
      "is overspent.");
  return Compares(condition, PercentageType(), {kAtMost, kBelow})
      .Optional("reopens_above", &BudgetRemaining::reopens_above,
                WithPlace<Placed<Rational>>(PercentageType()),
                "Once the ledger has a decision in which the rule was true, it stays true until "
                "more than this is left; above the threshold. Left out: it is true by the "
                "threshold alone.");
}

Type<BudgetSpent> BudgetSpentType() {
  Struct<BudgetSpent> condition(
      "BudgetSpent", "budget_spent",
      "The share of the window's error budget that a shorter window used up.");
  return Compares(condition, PercentageType(), {kAtLeast, kAbove})
      .Required("over", &BudgetSpent::over, WindowsType(), kOver)
      .Optional("confirmed_over", &BudgetSpent::confirmed_over, PlacedWindow(),
                "A still shorter window in which the burn rate must be as high, so that the rule "
                "ends when the "
                "failures do.");
}

Type<BurnRate> BurnRateType() {
  Struct<BurnRate> condition(
      "BurnRate", "burn_rate",
      "How fast the budget burns: 1 spends it exactly within the SLO's window.");
  return Compares(condition, NumberType(), {kAbove, kAtLeast})
      .Required("over", &BurnRate::over, WindowsType(), kOver);
}

Type<SliLevel> SliLevelType() {
  Struct<SliLevel> condition("SliLevel", "sli", "The share of good events.");
  return Compares(condition, PercentageType(), {kBelow, kAtMost})
      .Required("over", &SliLevel::over, WindowsType(),
                "The window, or a list of windows that must all meet the threshold; not longer "
                "than the SLO's.");
}

Type<LastRelease> LastReleaseType() {
  return Struct<LastRelease>("LastRelease", "last_release",
                             "How long ago the service was last released to this environment, by "
                             "the ledger. It is about the service as a whole and looks at no SLO.")
      .Required("younger_than", &LastRelease::younger_than, PlacedWindow(),
                "True for this long after a release.");
}

template <class T>
void SetCondition(T value, const Node&, Condition& out) {
  out = std::move(value);
}

Type<Condition> ConditionType() {
  return Struct<Condition>("Condition", "a condition", "What makes a rule true.")
      .Choice<BudgetRemaining>("budget_remaining", BudgetRemainingType(),
                               SetCondition<BudgetRemaining>, "How much of the budget is left.")
      .Choice<BudgetSpent>("budget_spent", BudgetSpentType(), SetCondition<BudgetSpent>,
                           "How much of the budget a short window used up.")
      .Choice<BurnRate>("burn_rate", BurnRateType(), SetCondition<BurnRate>,
                        "How fast the budget burns.")
      .Choice<SliLevel>("sli", SliLevelType(), SetCondition<SliLevel>, "How many events are good.")
      .Choice<LastRelease>("last_release", LastReleaseType(), SetCondition<LastRelease>,
                           "How long ago the last release was.");
}

Type<SloSelection> SelectionType() {
  return Either<SloSelection>(
      "labels such as {tier: '1'}, or a list of SLOs' names",
      {As<SloSelection>(LabelsType(1)),
       As<SloSelection>(
           List("a list of SLOs' names", WithPlace<Placed<std::string>>(NameType()), 1))});
}

constexpr char kVerdictDoc[] = "What it says where it decides.";

// A finding's verdict, put into the choices for `kind`.
Type<FindingChoices> FindingVerdictType(const FindingTraits& traits) {
  Shape shape;
  shape.expected = "a verdict";
  shape.bad_id = "bad_verdict";
  shape.hint =
      traits.may_be_softened ? "one of allow, warn, hold and deny" : "one of hold and deny";
  std::vector<std::pair<std::string, Verdict>> words;
  std::map<std::string, BadValue> refused;
  for (const Verdict verdict : {Verdict::kAllow, Verdict::kWarn, Verdict::kHold, Verdict::kDeny}) {
    const std::string word(Word(verdict));
    if (traits.may_be_softened || verdict >= Verdict::kHold) {
      words.emplace_back(word, verdict);
    } else {
      refused[word] = {
          .id = "not_softenable",
          .message = absl::StrCat("'", traits.word, "' cannot be softened to '", word,
                                  "': without this answer nothing is known of the service"),
          .hint = "",
          .offset = 0};
    }
  }
  const Type<Verdict> type = Words<Verdict>(std::move(shape), words, refused);
  return {type.shape,
          [type, kind = traits.kind](const Node& node, Decoder& decoder, FindingChoices& out) {
            type.decode(node, decoder, out.verdicts[kind]);
          }};
}

void RefuseEmpty(const Node& node, Decoder& decoder, const FindingChoices&) {
  if (node.kind != Node::Kind::kMap || !node.map.empty()) return;
  decoder.Error(node.at, "empty_mapping", "an empty mapping says nothing about the finding",
                "give its verdict or limit");
}

// {LIMIT: …, verdict: …}: the long way to write a finding's choice.
template <class T>
Struct<FindingChoices> LimitedStruct(const FindingTraits& traits, const char* name, const char* key,
                                     T FindingChoices::*limit, const Type<T>& type, const char* doc,
                                     const char* shown_default) {
  const Type<FindingChoices> verdict = FindingVerdictType(traits);
  return Struct<FindingChoices>(name, absl::StrCat("the finding '", traits.word, "'"),
                                std::string(traits.doc))
      .Optional(key, limit, type, doc, shown_default)
      .Add({"verdict", verdict.shape, Presence::kOptional, std::string(Word(traits.verdict)),
            kVerdictDoc},
           verdict.decode);
}

template <class... Args>
Type<FindingChoices> LimitedType(const Args&... args) {
  return Checked<FindingChoices>(LimitedStruct(args...), RefuseEmpty);
}

Type<FindingChoices> LongFindingType(const FindingTraits& traits) {
  using Choices = FindingChoices;
  if (traits.kind == FindingKind::kStale) {
    return LimitedType(traits, "Stale", "older_than", &Choices::stale_older_than, DurationType(),
                       "How old the newest sample may be.", "5m");
  }
  if (traits.kind == FindingKind::kGap) {
    return LimitedType(traits, "Gap", "coverage_below", &Choices::gap_coverage_below,
                       CoverageType(),
                       "At which share of about 120 points the newest sample must be no older than "
                       "older_than of stale.",
                       "90%");
  }
  if (traits.kind == FindingKind::kShortHistory) {
    return LimitedType(traits, "ShortHistory", "min_history", &Choices::min_history, DurationType(),
                       "With less than this stored it is a hold, whatever is set.", "1d");
  }
  if (traits.kind == FindingKind::kFewEvents) {
    return Checked<Choices>(
        LimitedStruct(traits, "FewEvents", "budget_below", &Choices::few_events_budget_below,
                      PositiveNumberType(),
                      "How many events the budget must allow. With fewer, a rule is true or false "
                      "only where the exact binomial test is sure of it.",
                      "10")
            .Optional("confidence", &Choices::few_events_confidence, ConfidenceType(),
                      "How sure that test must be.", "95%"),
        RefuseEmpty);
  }
  if (traits.kind == FindingKind::kClockSkew) {
    return LimitedType(traits, "ClockSkew", "more_than", &Choices::clock_skew_more_than,
                       DurationType(), "How far the two clocks may be apart.", "30s");
  }
  const Type<Choices> verdict = FindingVerdictType(traits);
  return Struct<Choices>(traits.may_be_softened ? "SoftFinding" : "Finding",
                         absl::StrCat("the finding '", traits.word, "'"),
                         "What a finding means to the verdict.")
      .Add({"verdict", verdict.shape, Presence::kRequired, "", kVerdictDoc}, verdict.decode);
}

}  // namespace

Type<Verdict> RuleVerdictType() {
  Shape shape;
  shape.expected = "a rule's verdict";
  shape.bad_id = "bad_verdict";
  shape.hint = "one of warn, hold and deny";
  const BadValue allow = {
      .id = "bad_verdict",
      .message = "a rule can only close the gate or warn, so 'allow' is no verdict of a rule",
      .hint = "",
      .offset = 0};
  return Words<Verdict>(
      std::move(shape),
      {{"warn", Verdict::kWarn}, {"hold", Verdict::kHold}, {"deny", Verdict::kDeny}},
      {{"allow", allow}});
}

Type<Rule> RuleType() {
  return Struct<Rule>(
             "Rule", "a rule",
             "A condition and the verdict it leads to. The strongest verdict of all rules wins.")
      .Place(&Rule::at)
      .Required("id", &Rule::id, NameType(), "Used in reasons and in skips.")
      .Required("when", &Rule::when, ConditionType(),
                "The condition, evaluated for each SLO by itself; last_release once.")
      .Required(
          "verdict", &Rule::verdict, RuleVerdictType(),
          "warn lets the release pass; hold means wait or look; deny means the budget is gone.")
      .Optional(
          "slos", &Rule::slos, SelectionType(),
          "The SLOs it looks at: those with all these labels, or of these names. Left out: all. "
          "Not for last_release.");
}

Type<FindingChoices> FindingsType() {
  Struct<FindingChoices> findings(
      "Findings", "findings",
      "What defects of the data mean to the verdict, where a rule depends on that data.");
  for (const FindingTraits& traits : AllFindings()) {
    const auto type = Either<FindingChoices>("a verdict or a mapping",
                                             {FindingVerdictType(traits), LongFindingType(traits)});
    findings.Add({std::string(traits.word), type.shape, Presence::kOptional,
                  std::string(Word(traits.verdict)), std::string(traits.doc)},
                 type.decode);
  }
  return findings;
}

}  // namespace slogate

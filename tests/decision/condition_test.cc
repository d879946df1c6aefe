#include "gate/decision/condition.h"

#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>

#include "gate/base/duration.h"
#include "tests/testing/past.h"

namespace slogate {
namespace {

Rational Decimal(const char* text) { return Rational::FromDecimal(text).value(); }
absl::Duration Length(const char* text) { return ParseDuration(text).value(); }

std::vector<Placed<absl::Duration>> Over(std::vector<const char*> lengths) {
  std::vector<Placed<absl::Duration>> over;
  for (const char* length : lengths) over.push_back({Length(length), {}});
  return over;
}

Threshold Is(Comparator comparator, const char* value) { return {comparator, Decimal(value), {}}; }

// 90 % over 30 d: a tenth of the events may fail.
EffectiveSlo Slo() {
  EffectiveSlo slo;
  slo.objective = Decimal("0.9");
  slo.window = Length("30d");
  return slo;
}

EventCount Count(Bounds bad, Bounds total) { return {std::move(bad), std::move(total), false}; }

std::string Word(Truth truth) {
  return truth == Truth::kTrue ? "true" : truth == Truth::kFalse ? "false" : "unknown";
}

constexpr Comparator kAtMost = Comparator::kAtMost;
constexpr Comparator kBelow = Comparator::kBelow;
constexpr Comparator kAtLeast = Comparator::kAtLeast;
constexpr Comparator kAbove = Comparator::kAbove;

struct ConditionCase {
  const char* name;
  Condition when;
  int at;                 // how many bad events of 1000 are exactly at the threshold
  bool inclusive;         // whether the threshold itself makes the rule true
  const char* no_events;  // what a window without any events comes to
};

const ConditionCase kConditions[] = {
    {"remaining_at_most", BudgetRemaining{Is(kAtMost, "0.25")}, 75, true, "unknown"},
    {"remaining_below", BudgetRemaining{Is(kBelow, "0.25")}, 75, false, "unknown"},
    {"remaining_negative", BudgetRemaining{Is(kAtMost, "-1.5")}, 250, true, "unknown"},
    {"spent_at_least", BudgetSpent{Is(kAtLeast, "0.02"), Over({"3d"}), {}}, 20, true, "false"},
    {"spent_above", BudgetSpent{Is(kAbove, "0.02"), Over({"3d"}), {}}, 20, false, "false"},
    {"burn_at_least", BurnRate{Is(kAtLeast, "1.5"), Over({"6h"})}, 150, true, "false"},
    {"burn_above", BurnRate{Is(kAbove, "1.5"), Over({"6h"})}, 150, false, "false"},
    {"sli_at_most", SliLevel{Is(kAtMost, "0.95"), Over({"1h"})}, 50, true, "false"},
    {"sli_below", SliLevel{Is(kBelow, "0.95"), Over({"1h"})}, 50, false, "false"},
};

class ConditionTest : public testing::TestWithParam<ConditionCase> {
 protected:
  static std::string Judged(const WindowCount& window) {
    const std::vector<Leg> legs =
        Evaluate(GetParam().when, Slo(), [&](absl::Duration) { return window; });
    EXPECT_EQ(legs.size(), 1U);
    EXPECT_EQ(AllOf(legs), legs[0].truth);
    return Word(legs[0].truth);
  }
  static std::string JudgedBad(int low, int high) {
    const EventCount count = Count({low, high}, Bounds::Exactly(1000));
    return Judged({&count, false});
  }
};

TEST_P(ConditionTest, OnEachSideOfTheThreshold) {
  const int at = GetParam().at;
  const bool inclusive = GetParam().inclusive;
  EXPECT_EQ(JudgedBad(at - 1, at - 1), "false");
  EXPECT_EQ(JudgedBad(at, at), inclusive ? "true" : "false");
  EXPECT_EQ(JudgedBad(at + 1, at + 1), "true");
  EXPECT_EQ(JudgedBad(at - 1, at + 1), "unknown");
  EXPECT_EQ(JudgedBad(at - 1, at), inclusive ? "unknown" : "false");
  EXPECT_EQ(JudgedBad(at, at + 1), inclusive ? "true" : "unknown");
  EXPECT_EQ(JudgedBad(0, 1000), "unknown");
}

TEST_P(ConditionTest, WithoutCount) {
  EXPECT_EQ(Judged({}), "unknown");
  EXPECT_EQ(Judged({nullptr, true}), "false") << "the policy takes it for no traffic";
  const EventCount high = Count(Bounds::Exactly(1000), Bounds::Exactly(1000));
  EXPECT_EQ(Judged({&high, true}), "false");
}

TEST_P(ConditionTest, WithoutEvents) {
  const EventCount none = Count({}, {});
  EXPECT_EQ(Judged({&none, false}), GetParam().no_events);
  const EventCount perhaps_none = Count({0, 1}, {0, 1});
  EXPECT_EQ(Judged({&perhaps_none, false}), "unknown");
}

INSTANTIATE_TEST_SUITE_P(Conditions, ConditionTest, testing::ValuesIn(kConditions),
                         [](const auto& test) { return std::string(test.param.name); });

// Legs as "MEASURE over DURATION: LOW..HIGH COMPARATOR THRESHOLD TRUTH".
std::string Tell(const std::vector<Leg>& legs) {
  constexpr const char* kComparators[] = {"at_most", "below", "at_least", "above"};
  std::string text;
  for (const Leg& leg : legs) {
    absl::StrAppend(&text, leg.confirms ? "confirmed by " : "", Word(leg.measure), " over ",
                    PrintDuration(leg.over), ": ",
                    leg.measured
                        ? absl::StrCat(leg.measured->low.Significant(6, Rounding::kDown), "..",
                                       leg.measured->high.Significant(6, Rounding::kUp))
                        : "none",
                    " ", kComparators[static_cast<size_t>(leg.comparator)], " ",
                    leg.threshold.Significant(9, Rounding::kDown), " ", Word(leg.truth), "\n");
  }
  return text;
}

std::string Legs(const Condition& when, const std::map<std::string, EventCount>& counts) {
  return Tell(Evaluate(when, Slo(), [&](absl::Duration window) -> WindowCount {
    const auto found = counts.find(PrintDuration(window));
    return {found == counts.end() ? nullptr : &found->second, false};
  }));
}

EventCount BadOfThousand(int bad) { return Count(Bounds::Exactly(bad), Bounds::Exactly(1000)); }

TEST(EvaluateTest, RemainingReadsTheSlosOwnWindow) {
  EXPECT_EQ(Legs(BudgetRemaining{Is(kAtMost, "0")}, {{"30d", BadOfThousand(120)}}),
            "budget_remaining over 30d: -0.2..-0.2 at_most 0 true\n");
}

TEST(EvaluateTest, EveryWindowIsALegAndNoneIsLeftOut) {
  EXPECT_EQ(Legs(BurnRate{Is(kAbove, "1"), Over({"3d", "6h", "1h"})},
                 {{"3d", BadOfThousand(10)}, {"1h", BadOfThousand(200)}}),
            "burn_rate over 3d: 0.1..0.1 above 1 false\n"
            "burn_rate over 6h: none above 1 unknown\n"
            "burn_rate over 1h: 2..2 above 1 true\n");
  EXPECT_EQ(Legs(SliLevel{Is(kBelow, "0.99"), Over({"30d", "1h"})},
                 {{"30d", BadOfThousand(20)}, {"1h", BadOfThousand(0)}}),
            "sli over 30d: 0.98..0.98 below 0.99 true\n"
            "sli over 1h: 1..1 below 0.99 false\n");
}

// 2 % of 30 d within 1 h is the burn rate 14.4 of the SRE Workbook.
TEST(EvaluateTest, ConfirmationWantsTheBurnRateThatTheShareMeans) {
  const auto confirmed = [](Comparator comparator) {
    return BudgetSpent{Is(comparator, "0.02"), Over({"1h"}),
                       Placed<absl::Duration>{Length("5m"), {}}};
  };
  EffectiveSlo slo = Slo();
  slo.objective = Decimal("0.999");
  const EventCount exactly = Count(Bounds::Exactly(144), Bounds::Exactly(10'000));
  const EventCount less = Count(Bounds::Exactly(143), Bounds::Exactly(10'000));
  const auto legs = [&](Comparator comparator, const EventCount& long_count,
                        const EventCount& short_count) {
    return Tell(Evaluate(confirmed(comparator), slo, [&](absl::Duration window) -> WindowCount {
      return {window == Length("1h") ? &long_count : &short_count, false};
    }));
  };
  EXPECT_EQ(legs(kAtLeast, exactly, exactly),
            "budget_spent over 1h: 0.02..0.02 at_least 0.02 true\n"
            "confirmed by burn_rate over 5m: 14.4..14.4 at_least 14.4 true\n");
  EXPECT_EQ(legs(kAtLeast, exactly, less),
            "budget_spent over 1h: 0.02..0.02 at_least 0.02 true\n"
            "confirmed by burn_rate over 5m: 14.3..14.3 at_least 14.4 false\n");
  EXPECT_EQ(legs(kAbove, exactly, exactly),
            "budget_spent over 1h: 0.02..0.02 above 0.02 false\n"
            "confirmed by burn_rate over 5m: 14.4..14.4 above 14.4 false\n");
}

TEST(EvaluateLastReleaseTest, Table) {
  const LastRelease fifteen{{Length("15m"), {}}};
  const auto leg = [&](const char* past) {
    Request request;
    request.subject = fake::PastSubject();
    if (past != nullptr) request.history = fake::PastOf(past);
    const Leg result = EvaluateLastRelease(fifteen, request);
    EXPECT_EQ(result.threshold, Rational(900));
    return absl::StrCat(Word(result.truth), " ",
                        result.measured ? result.measured->low.ExactDecimal().value_or("?") : "-");
  };
  EXPECT_EQ(leg(nullptr), "unknown -") << "no ledger was asked";
  EXPECT_EQ(leg(""), "false -") << "no release";
  EXPECT_EQ(leg("1s deployed sha256:d1"), "true 1");
  EXPECT_EQ(leg("14m59s deployed sha256:d1"), "true 899");
  EXPECT_EQ(leg("15m deployed sha256:d1"), "false 900");
  EXPECT_EQ(leg("20m deployed sha256:d1\n899999ms deployed sha256:d2"), "true 899.999");
}

TEST(AllOfTest, EveryThreeLegs) {
  constexpr Truth kTruths[] = {Truth::kUnknown, Truth::kFalse, Truth::kTrue};
  EXPECT_EQ(AllOf({}), Truth::kUnknown);
  for (const Truth a : kTruths) {
    for (const Truth b : kTruths) {
      for (const Truth c : kTruths) {
        std::vector<Leg> legs(3);
        legs[0].truth = a;
        legs[1].truth = b;
        legs[2].truth = c;
        const bool any_false = a == Truth::kFalse || b == Truth::kFalse || c == Truth::kFalse;
        const bool all_true = a == Truth::kTrue && b == Truth::kTrue && c == Truth::kTrue;
        const std::string want = any_false ? "false" : all_true ? "true" : "unknown";
        EXPECT_EQ(Word(AllOf(legs)), want) << Word(a) << " " << Word(b) << " " << Word(c);
      }
    }
  }
}

Leg MakeLeg(const char* low, const char* high, const char* threshold, Truth truth) {
  Leg leg;
  leg.measure = Measure::kBurnRate;
  leg.measured = Bounds{Decimal(low), Decimal(high)};
  leg.threshold = Decimal(threshold);
  leg.truth = truth;
  return leg;
}

TEST(NearestTest, OfAFalseRuleOnlyWhatIsFalseCounts) {
  Reason reason;
  EXPECT_EQ(reason.Nearest(), nullptr);
  reason.legs = {MakeLeg("1.1", "1.1", "1", Truth::kTrue),
                 MakeLeg("0.2", "0.2", "1", Truth::kFalse),
                 MakeLeg("0.3", "0.3", "1", Truth::kFalse)};
  reason.truth = Truth::kFalse;
  EXPECT_EQ(reason.Nearest(), &reason.legs[2]);
  reason.truth = Truth::kTrue;
  EXPECT_EQ(reason.Nearest(), &reason.legs[0]);
}

TEST(NearestTest, MeasuredBeforeNotMeasured) {
  Reason reason;
  reason.truth = Truth::kUnknown;
  reason.legs = {Leg{}, MakeLeg("9", "9", "1", Truth::kTrue)};
  EXPECT_EQ(reason.Nearest(), &reason.legs[1]);
  reason.legs.pop_back();
  EXPECT_EQ(reason.Nearest(), &reason.legs[0]);
}

TEST(NearestTest, EitherEndOfTheBoundsMayBeNear) {
  Reason reason;
  reason.truth = Truth::kTrue;
  reason.legs = {MakeLeg("3", "4", "1", Truth::kTrue), MakeLeg("1.5", "9", "1", Truth::kTrue)};
  EXPECT_EQ(reason.Nearest(), &reason.legs[1]);
}

}  // namespace
}  // namespace slogate

#include "gate/history/earlier.h"

#include <string>
#include <utility>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <gtest/gtest.h>

#include "gate/base/duration.h"

namespace slogate {
namespace {

constexpr absl::Duration kDay = absl::Hours(24);
const absl::Time kNow = absl::FromUnixSeconds(1'795'403'560);
const Subject kSubject{"checkout", "production", "", "", "", "", ""};

EffectivePolicy Policy(Rational objective, absl::Duration window) {
  EffectiveSlo slo;
  slo.name = "availability";
  slo.objective = std::move(objective);
  slo.window = window;
  EffectivePolicy policy;
  policy.slos = {slo};
  return policy;
}

Record Decided(std::vector<SloNote> slos, absl::Duration ago) {
  Record record;
  record.kind = RecordKind::kDecision;
  record.subject = kSubject;
  record.time = kNow - ago;
  DecisionMade made;
  made.slos = std::move(slos);
  record.payload = made;
  return record;
}

SloNote Note(const char* objective, absl::Duration window, const char* name = "availability") {
  SloNote note;
  note.name = name;
  note.objective = objective;
  note.window_seconds = absl::ToInt64Seconds(window);
  return note;
}

SloNote NoteUntil(const char* objective, absl::Duration window, absl::Duration ago) {
  SloNote note = Note(objective, window);
  note.until = kNow - ago;
  return note;
}

// The names of the SLOs, and until when those were that are judged beside.
std::string Judged(const EffectivePolicy& policy) {
  std::vector<std::string> slos;
  for (const EffectiveSlo& slo : policy.slos) {
    slos.push_back(slo.earlier ? absl::StrCat(slo.name, " until ", PrintTime(slo.earlier->until),
                                              " for ", slo.earlier->name)
                               : slo.name);
  }
  return absl::StrJoin(slos, ", ");
}

struct EarlierCase {
  const char* name;
  std::vector<SloNote> notes;  // of the last decision
  absl::Duration ago;          // when that was
  const char* want;            // of an SLO that is 99.9% over 30d now
};

class EarlierTest : public testing::TestWithParam<EarlierCase> {};

TEST_P(EarlierTest, IsJudgedBeside) {
  const EffectivePolicy policy = Policy(*Rational::FromDecimal("0.999"), 30 * kDay);
  const History history{"acme", kNow, {Decided(GetParam().notes, GetParam().ago)}};
  EXPECT_EQ(Judged(WithEarlierObjectives(policy, history, kSubject)), GetParam().want);
}

const EarlierCase kCases[] = {
    {"the_same", {Note("0.999", 30 * kDay)}, kDay, "availability"},
    {"was_weaker", {Note("0.99", 30 * kDay)}, kDay, "availability"},
    {"was_stricter",
     {Note("0.9995", 30 * kDay)},
     kDay,
     "availability, availability at 99.95% over 30d until 2026-11-22T03:12:40Z for availability"},
    {"was_stricter_too_long_ago", {Note("0.9995", 30 * kDay)}, 30 * kDay, "availability"},
    {"was_stricter_just_not_too_long_ago",
     {Note("0.9995", 30 * kDay)},
     30 * kDay - absl::Seconds(1),
     "availability, availability at 99.95% over 30d until 2026-10-24T03:12:41Z for availability"},
    {"had_a_longer_window",
     {Note("0.999", 60 * kDay)},
     kDay,
     "availability, availability at 99.9% over 60d until 2026-11-22T03:12:40Z for availability"},
    {"had_a_shorter_window",
     {Note("0.999", 7 * kDay)},
     kDay,
     "availability, availability at 99.9% over 7d until 2026-11-22T03:12:40Z for availability"},
    {"had_a_shorter_window_too_long_ago", {Note("0.999", 7 * kDay)}, 7 * kDay, "availability"},
    {"is_carried_on",
     {Note("0.999", 30 * kDay), NoteUntil("0.9995", 30 * kDay, 3 * kDay)},
     kDay,
     "availability, availability at 99.95% over 30d until 2026-11-20T03:12:40Z for availability"},
    {"is_carried_on_to_its_end",
     {Note("0.999", 30 * kDay), NoteUntil("0.9995", 30 * kDay, 30 * kDay)},
     kDay,
     "availability"},
    {"weakened_twice",
     {Note("0.9995", 30 * kDay), NoteUntil("0.9999", 30 * kDay, 3 * kDay)},
     kDay,
     "availability, availability at 99.95% over 30d until 2026-11-22T03:12:40Z for availability, "
     "availability at 99.99% over 30d until 2026-11-20T03:12:40Z for availability"},
    {"of_another_slo", {Note("0.9995", 30 * kDay, "latency")}, kDay, "availability"},
    {"what_is_no_objective",
     {Note("1", 30 * kDay), Note("0", 30 * kDay), Note("", 30 * kDay), Note("0.9995", -kDay)},
     kDay,
     "availability"},
};

INSTANTIATE_TEST_SUITE_P(Cases, EarlierTest, testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string(test.param.name); });

// A calendar's window is known by the period that runs: it was begun at `since`.
SloNote Calendar(const char* objective, const char* since, absl::Duration length) {
  SloNote note = Note(objective, length);
  note.since = ParseTime(since).value();
  return note;
}

// An SLO of 99.9 % by this month in Berlin, and what it was.
class EarlierCalendarTest : public testing::TestWithParam<EarlierCase> {};

TEST_P(EarlierCalendarTest, IsJudgedBeside) {
  EffectivePolicy policy = Policy(*Rational::FromDecimal("0.999"), absl::ZeroDuration());
  policy.slos[0].calendar = CalendarWindow{CalendarUnit::kMonth, "Europe/Berlin"};
  policy = PinnedAt(std::move(policy), kNow);
  const History history{"acme", kNow, {Decided(GetParam().notes, GetParam().ago)}};
  EXPECT_EQ(Judged(WithEarlierObjectives(policy, history, kSubject)), GetParam().want);
}

constexpr char kNovember[] = "2026-10-31T23:00:00Z";

const EarlierCase kCalendarCases[] = {
    {"the_same", {Calendar("0.999", kNovember, 30 * kDay)}, kDay, "availability"},
    {"was_weaker", {Calendar("0.99", kNovember, 30 * kDay)}, kDay, "availability"},
    {"was_stricter",
     {Calendar("0.9995", kNovember, 30 * kDay)},
     kDay,
     "availability, availability at 99.95% over month until 2026-11-22T03:12:40Z for availability"},
    // October is over, and its failures with it.
    {"was_stricter_last_month",
     {Calendar("0.9995", "2026-09-30T22:00:00Z", 31 * kDay + absl::Hours(1))},
     25 * kDay,
     "availability"},
    {"the_same_last_month",
     {Calendar("0.999", "2026-09-30T22:00:00Z", 31 * kDay + absl::Hours(1))},
     25 * kDay,
     "availability"},
    {"was_a_month_elsewhere",
     {Calendar("0.999", "2026-11-01T04:00:00Z", 30 * kDay + absl::Hours(1))},
     kDay,
     "availability, availability at 99.9% over 30d1h until 2026-11-22T03:12:40Z for availability"},
    {"was_a_quarter",
     {Calendar("0.999", "2026-09-30T22:00:00Z", 92 * kDay + absl::Hours(1))},
     kDay,
     "availability, availability at 99.9% over 92d1h until 2026-11-22T03:12:40Z for availability"},
    {"was_rolling",
     {Note("0.999", 30 * kDay)},
     kDay,
     "availability, availability at 99.9% over 30d until 2026-11-22T03:12:40Z for availability"},
    {"what_begins_later",
     {Calendar("0.999", "2026-11-24T00:00:00Z", 7 * kDay)},
     kDay,
     "availability"},
};

INSTANTIATE_TEST_SUITE_P(Cases, EarlierCalendarTest, testing::ValuesIn(kCalendarCases),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(EarlierTest, ACalendarThatBecameRollingIsCountedSinceItBegan) {
  const EffectivePolicy policy = PinnedAt(Policy(*Rational::FromDecimal("0.999"), 30 * kDay), kNow);
  const History history{
      "acme", kNow, {Decided({Calendar("0.999", "2026-11-16T00:00:00Z", 10 * kDay)}, kDay)}};
  const EffectivePolicy both = WithEarlierObjectives(policy, history, kSubject);
  ASSERT_EQ(both.slos.size(), 2U);
  const EffectiveSlo& earlier = both.slos[1];
  EXPECT_EQ(PrintDuration(earlier.window), "7d3h12m40s");
  EXPECT_EQ(PrintDuration(PeriodLength(earlier)), "10d");
  EXPECT_EQ(PrintTime(earlier.period->before), "2026-11-06T00:00:00Z");
  EXPECT_EQ(both.slos[0].period, std::nullopt);
}

TEST(EarlierTest, OnlyTheSamePlaceCounts) {
  const EffectivePolicy policy = Policy(*Rational::FromDecimal("0.999"), 30 * kDay);
  Record elsewhere = Decided({Note("0.9995", 30 * kDay)}, kDay);
  elsewhere.subject.environment = "staging";
  EXPECT_EQ(Judged(WithEarlierObjectives(policy, History{"acme", kNow, {elsewhere}}, kSubject)),
            "availability");
  EXPECT_EQ(Judged(WithEarlierObjectives(policy, std::nullopt, kSubject)), "availability");
}

TEST(EarlierTest, RulesChooseItAsTheOneThatTookItsPlace) {
  const EffectivePolicy policy = Policy(*Rational::FromDecimal("0.999"), 30 * kDay);
  const History history{"acme", kNow, {Decided({Note("0.9995", 30 * kDay)}, kDay)}};
  const EffectivePolicy both = WithEarlierObjectives(policy, history, kSubject);
  ASSERT_EQ(both.slos.size(), 2U);
  Rule rule;
  rule.when = BudgetRemaining{{Comparator::kAtMost, 0, {}}, std::nullopt};
  rule.slos = std::vector<Placed<std::string>>{{"availability", {}}};
  EXPECT_EQ(Applies(rule, both.slos[1]), Applicability::kApplies);
  rule.slos = std::vector<Placed<std::string>>{{"latency", {}}};
  EXPECT_EQ(Applies(rule, both.slos[1]), Applicability::kNotSelected);
}

}  // namespace
}  // namespace slogate

#include "gate/policy/freeze.h"

#include <string>

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>

#include "gate/base/duration.h"
#include "gate/policy/effective.h"
#include "tests/policy/check_case.h"

namespace slogate {
namespace {

constexpr char kFreezes[] = R"(freezes:
  - {id: sales, from: 2026-11-27 06:00, to: 2026-12-01, time_zone: Europe/Berlin, verdict: deny}
  - {id: staff, environments: [staging], from: '2026-12-24T00:00:00Z', to: '2026-12-27T00:00:00Z', verdict: hold}
)";

constexpr char kPlaces[] = R"(environments:
  production: {sources: [main]}
  staging: {sources: [main]}
)";

std::vector<SourceFile> Files() {
  return {{"policy.yaml", absl::StrCat(kPolicy, kPlaces, kRules, kFreezes, kOwnSlos)}};
}

ReleasePolicy Policy() { return LoadPolicyFiles(Files()).value.value().policy.value(); }

TEST(FreezesInTest, AreRulesOfTheirEnvironments) {
  const auto told = [](const std::string& environment) {
    std::string text;
    for (const Rule& rule : FreezesIn(Policy(), environment)) {
      const auto& freeze = std::get<Freeze>(rule.when);
      absl::StrAppend(&text, rule.id, " ", Word(rule.verdict), " ", PrintTime(freeze.from), " ",
                      PrintTime(freeze.to), " line ", rule.at.line, "\n");
    }
    return text;
  };
  EXPECT_EQ(told("production"), "sales deny 2026-11-27T05:00:00Z 2026-11-30T23:00:00Z line 11\n");
  EXPECT_EQ(told("staging"),
            "sales deny 2026-11-27T05:00:00Z 2026-11-30T23:00:00Z line 11\n"
            "staff hold 2026-12-24T00:00:00Z 2026-12-27T00:00:00Z line 12\n");
}

TEST(FreezesInTest, HoldAtAllTimesWhereNobodyKnowsTheZone) {
  ReleasePolicy policy = Policy();
  policy.freezes[0].time_zone = "Europe/Atlantis";
  const std::vector<Rule> rules = FreezesIn(policy, "production");
  ASSERT_EQ(rules.size(), 1U);
  const auto& freeze = std::get<Freeze>(rules[0].when);
  EXPECT_EQ(PrintTime(freeze.from), "1970-01-01T00:00:01Z");
  EXPECT_EQ(PrintTime(freeze.to), "9999-12-31T00:00:00Z");
}

TEST(FreezesOutOfTimeTest, Table) {
  const auto at = [](const char* now) {
    return Render(FreezesOutOfTime(Policy(), ParseTime(now).value()), Files());
  };
  EXPECT_EQ(at("2026-11-23T03:12:40Z"), "");
  EXPECT_EQ(at("2026-11-30T22:59:59Z"), "");
  EXPECT_EQ(
      at("2026-11-30T23:00:00Z"),
      R"(policy.yaml:11:45: warning: freeze 'sales' is over since 2026-11-30T23:00:00Z [freeze_is_over]
  11 |   - {id: sales, from: 2026-11-27 06:00, to: 2026-12-01, time_zone: Europe/Berlin, verdict: deny}
     |                                             ^
     = remove it, or correct its times
)");
  EXPECT_EQ(
      at("2025-12-01T00:00:00Z"),
      R"(policy.yaml:12:48: warning: freeze 'staff' begins only at 2026-12-24T00:00:00Z, more than a year from now [freeze_is_far]
  12 |   - {id: staff, environments: [staging], from: '2026-12-24T00:00:00Z', to: '2026-12-27T00:00:00Z', ve…
     |                                                ^
     = look whether the year is right
)");
}

TEST(PinnedAtTest, TakesTheRecordForWhatZonesSaid) {
  const Parsed<EffectivePolicy> combined =
      Combine(LoadPolicyFiles(Files()).value.value(), {std::nullopt, "production"});
  const absl::Time instant = ParseTime("2026-11-27T05:30:00Z").value();
  CalendarFacts recorded;
  recorded.freezes["sales"] = {ParseTime("2026-11-27T06:00:00Z").value(),
                               ParseTime("2026-11-30T12:00:00Z").value(), ""};
  const EffectivePolicy by_machine = PinnedAt(*combined.value, instant);
  EXPECT_EQ(PrintTime(by_machine.calendar.freezes.at("sales").from), "2026-11-27T05:00:00Z");
  const EffectivePolicy by_record = PinnedAt(*combined.value, instant, recorded);
  EXPECT_EQ(PrintTime(std::get<Freeze>(by_record.rules[1].when).from), "2026-11-27T06:00:00Z");
  EXPECT_EQ(PrintTime(by_record.calendar.freezes.at("sales").to), "2026-11-30T12:00:00Z");
}

}  // namespace
}  // namespace slogate

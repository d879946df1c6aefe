// What an events SLI asks for; what the answers come to is in sli_events_test.cc.
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "gate/evidence/sli_events.h"
#include "tests/evidence/evidence_case.h"

namespace slogate {
namespace {

// The three pairs, the halves of the first two as matchers on the total.
constexpr char kTotalBad[] = R"(total: requests, bad: '{code=~"5.."}')";
constexpr char kTotalGood[] = R"(total: requests, good: '{code!~"5.."}')";
constexpr char kGoodBad[] = "good: served, bad: failed";
constexpr char kOtherBad[] = "total: requests, bad: failed";

// Keys of readings.
constexpr char kTotal[] = "events requests 1h";
constexpr char kBad[] = R"(events requests{code=~"5.."} 1h)";
constexpr char kBadMonth[] = R"(events requests{code=~"5.."} 30d)";
constexpr char kGood[] = R"(events requests{code!~"5.."} 1h)";

EventsSli SliFrom(const std::string& events) {
  const EffectivePolicy policy = PolicyOf({.slos = {SloWith("availability", events)}});
  return std::get<EventsSli>(policy.slos.front().sli);
}

struct SeenCase {
  const char* name;
  std::string events;
  Readings readings;
  Strings want;
};

TEST(AskFurtherTest, AsksOnlyWhatAnEmptyAnswerLeavesOpen) {
  const SeenCase cases[] = {
      {"all is there", kTotalBad, {{kTotal, "1000"}, {kBad, "0"}}, {}},
      {"a part of the total",
       kTotalBad,
       {{kTotal, "1000"}, {kBad, "none"}},
       {R"(series_seen requests{code!=""} 30d)"}},
      {"another counter",
       kOtherBad,
       {{kTotal, "1000"}, {"events failed 1h", "none"}},
       {"series_seen failed 30d"}},
      {"a total that already wants the label",
       R"(total: 'requests{code!=""}', bad: '{code=~"5.."}')",
       {{R"(events requests{code!=""} 1h)", "1000"},
        {R"(events requests{code!="",code=~"5.."} 1h)", "none"}},
       {R"(series_seen requests{code!=""} 30d)"}},
      {"a quiet total",
       kTotalBad,
       {{kTotal, "0"}, {kBad, "none"}},
       {R"(series_seen requests{code!=""} 30d)"}},
      {"it counted earlier", kTotalBad, {{kTotal, "1000"}, {kBad, "none"}, {kBadMonth, "2"}}, {}},
      {"it did not",
       kTotalBad,
       {{kTotal, "1000"}, {kBad, "none"}, {kBadMonth, "none"}},
       {R"(series_seen requests{code!=""} 30d)"}},
      {"no total either", kTotalBad, {{kTotal, "none"}, {kBad, "none"}}, {}},
      {"no total but bad", kTotalBad, {{kTotal, "none"}, {kBad, "3"}}, {}},
      {"a finding is no empty answer", kTotalBad, {{kTotal, "1000"}, {kBad, "timed_out"}}, {}},
      {"a finding on the total", kTotalBad, {{kTotal, "timed_out"}, {kBad, "none"}}, {}},
      {"bad beside good",
       kGoodBad,
       {{"events served 1h", "5"}, {"events failed 1h", "none"}},
       {"series_seen failed 30d"}},
      {"good beside bad",
       kGoodBad,
       {{"events served 1h", "none"}, {"events failed 1h", "5"}},
       {"series_seen served 30d"}},
      {"nobody asked", kTotalBad, {}, {}},
  };
  for (const SeenCase& test : cases) {
    const std::vector<Question> questions =
        AskFurther(SliFrom(test.events), "main", ParseDuration("1h").value(),
                   ParseDuration("30d").value(), Told(test.readings));
    EXPECT_EQ(Texts(questions), test.want) << test.name;
    for (const Question& question : questions) EXPECT_EQ(question.source, "main");
  }
}

TEST(AskEventsTest, AsksForBothCounters) {
  const absl::Duration hour = ParseDuration("1h").value();
  EXPECT_EQ(Texts(AskEvents(SliFrom(kTotalBad), "main", hour)), (Strings{kTotal, kBad}));
  EXPECT_EQ(Texts(AskEvents(SliFrom(kTotalGood), "main", hour)), (Strings{kTotal, kGood}));
  EXPECT_EQ(Texts(AskEvents(SliFrom(kGoodBad), "main", hour)),
            (Strings{"events served 1h", "events failed 1h"}));
  EXPECT_EQ(AskEvents(SliFrom(kTotalBad), "spare", hour).back().source, "spare");
}

TEST(WatchedSelectorsTest, AreTheTotalOrBothHalves) {
  const auto watched = [](const std::string& events) {
    Strings texts;
    for (const Selector& selector : WatchedSelectors(SliFrom(events))) {
      texts.push_back(Print(selector));
    }
    return texts;
  };
  EXPECT_EQ(watched(kTotalBad), Strings{"requests"});
  EXPECT_EQ(watched(kTotalGood), Strings{"requests"});
  EXPECT_EQ(watched(kGoodBad), (Strings{"served", "failed"}));
}

// The matchers of an environment stand on both halves, and do not make a part another counter.
TEST(EnvironmentsTest, AMissingPartIsStillAPart) {
  const EffectivePolicy policy =
      PolicyOf({.slos = {SloWith("availability", kTotalBad)},
                .more = "environments: {production: {sources: [main], matchers: {env: prod}}}\n",
                .environment = "production"});
  const auto& sli = std::get<EventsSli>(policy.slos.front().sli);
  const absl::Duration hour = ParseDuration("1h").value(), month = ParseDuration("30d").value();
  EXPECT_EQ(Texts(AskEvents(sli, "main", hour)),
            (Strings{R"(events requests{env="prod"} 1h)",
                     R"(events requests{code=~"5..",env="prod"} 1h)"}));
  Readings readings = {{R"(events requests{env="prod"} 1h)", "1000"},
                       {R"(events requests{code=~"5..",env="prod"} 1h)", "none"}};
  EXPECT_EQ(Texts(AskFurther(sli, "main", hour, month, Told(readings))),
            Strings{R"(series_seen requests{env="prod",code!=""} 30d)"});
  readings[R"(series_seen requests{env="prod",code!=""} 30d)"] = "1";
  const auto counted = CountEvents(sli, "main", hour, month, Told(readings));
  ASSERT_TRUE(std::holds_alternative<EventCount>(counted));
  EXPECT_EQ(Text(std::get<EventCount>(counted)), "0 of 1000");
}

}  // namespace
}  // namespace slogate

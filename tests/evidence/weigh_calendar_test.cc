// What is asked and counted for an SLO with a calendar window, at several moments of its month.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>

#include "tests/evidence/weigh_case.h"

namespace slogate {
namespace {

constexpr char kThreeDays[] = "{id: slow, when: {burn_rate: {above: 1, over: 3d}}, verdict: hold}";

std::string Monthly(const std::string& sli) {
  return absl::StrCat(
      "{name: availability, objective: 99.9%, window: {calendar: month, time_zone: UTC}, sli: ",
      sli, "}");
}

EffectivePolicy PolicyAt(const char* instant, const std::string& sli,
                         const std::string& more = "") {
  return PinnedAt(PolicyOf({.rules = {kSpent, kThreeDays}, .slos = {Monthly(sli)}, .more = more}),
                  ParseTime(instant).value());
}

const std::string kEvents =  // NOLINT: a test's
    absl::StrCat("{events: {", kTotalBad, "}}");

struct QuestionsCase {
  const char* name;
  const char* instant;
  std::string sli;
  Strings want;
};

TEST(CalendarQuestionsTest, GoByTheMoment) {
  const QuestionsCase cases[] = {
      {"on the tenth",
       "2026-11-10T00:00:00Z",
       kEvents,
       {"events requests 3d", "events requests 9d", "events requests 31d@9d",
        R"(events requests{code=~"5.."} 3d)", R"(events requests{code=~"5.."} 9d)",
        "newest_sample requests 5m", "history requests 9d", "coverage requests 9d 5m"}},
      // The month is two days old, and the rule looks further back.
      {"on the third",
       "2026-11-03T00:00:00Z",
       kEvents,
       {"events requests 2d", "events requests 3d", "events requests 31d@2d",
        R"(events requests{code=~"5.."} 2d)", R"(events requests{code=~"5.."} 3d)",
        "newest_sample requests 5m", "history requests 3d", "coverage requests 2d 5m"}},
      // Counted over older_than, so that there is something to count; last month is what it was.
      {"a second after midnight",
       "2026-11-01T00:00:01Z",
       kEvents,
       {"events requests 5m", "events requests 3d", "events requests 31d@1s",
        R"(events requests{code=~"5.."} 5m)", R"(events requests{code=~"5.."} 3d)",
        "newest_sample requests 5m", "history requests 3d", "coverage requests 5m 5m"}},
      {"at midnight it still is October",
       "2026-11-01T00:00:00Z",
       kEvents,
       {"events requests 3d", "events requests 30d@31d", "events requests 31d",
        R"(events requests{code=~"5.."} 3d)", R"(events requests{code=~"5.."} 31d)",
        "newest_sample requests 5m", "history requests 31d", "coverage requests 31d 5m"}},
      {"good and bad make the total",
       "2026-11-10T00:00:00Z",
       absl::StrCat("{events: {", kGoodBad, "}}"),
       {"events failed 3d", "events failed 9d", "events failed 31d@9d", "events served 3d",
        "events served 9d", "events served 31d@9d", "newest_sample failed 5m",
        "newest_sample served 5m", "history failed 9d", "history served 9d",
        "coverage failed 9d 5m", "coverage served 9d 5m"}},
  };
  for (const QuestionsCase& test : cases) {
    EXPECT_EQ(Texts(FirstQuestions(PolicyAt(test.instant, test.sli))), test.want) << test.name;
  }
}

TEST(CalendarQuestionsTest, OfALatencyAskForAllEvents) {
  const Strings questions = Texts(
      FirstQuestions(PolicyAt("2026-11-10T00:00:00Z", "{latency: {histogram: took, within: 1s}}")));
  EXPECT_EQ(
      std::count(questions.begin(), questions.end(), R"(events took_bucket{le="+Inf"} 31d@9d)"), 1);
}

// On the tenth: 90,000 events so far, a million in all of October.
const Readings kTenth = {{"clock", "1794268800"},
                         {"events requests 9d", "90000"},
                         {"events requests 31d@9d", "1000000"},
                         {R"(events requests{code=~"5.."} 9d)", "7"},
                         {"events requests 3d", "3000"},
                         {R"(events requests{code=~"5.."} 3d)", "2"},
                         {"newest_sample requests 5m", "15"},
                         {"history requests 9d", "777600"},
                         {"coverage requests 9d 5m", "120"}};

class WeighCalendarTest : public testing::TestWithParam<WeighCase> {};

TEST_P(WeighCalendarTest, ComesTo) {
  Readings readings = GetParam().changes;
  readings.insert(kTenth.begin(), kTenth.end());  // insert keeps what is there
  const EffectivePolicy policy = PolicyAt("2026-11-10T00:00:00Z", kEvents);
  EXPECT_EQ(Weighed(policy, policy.slos.front(), readings), GetParam().want);
}

constexpr char kShort[] = "3d: 2 of 3000";

INSTANTIATE_TEST_SUITE_P(
    Cases, WeighCalendarTest,
    testing::ValuesIn(std::vector<WeighCase>{
        {"TheMonthBeforeIsLarger", {}, {kShort, "9d: 7 of 90000, by 1000000"}},
        {"TheMonthBeforeIsSmaller",
         {{"events requests 31d@9d", "50000"}},
         {kShort, "9d: 7 of 90000, by 90000"}},
        {"ThereWasNoMonthBefore", {{"events requests 31d@9d", "none"}}, {kShort, "9d: 7 of 90000"}},
        // 9 allowed events are few, 1,000 are not.
        {"FewEventsGoByTheBudget",
         {{"events requests 31d@9d", "none"}, {"events requests 9d", "9000"}},
         {kShort, "9d: 7 of 9000", "all: few_events, 9 against 10: "}},
        {"ManyEventsInTheMonthBefore",
         {{"events requests 9d", "9000"}},
         {kShort, "9d: 7 of 9000, by 1000000"}},
        {"TheMonthBeforeIsLost",
         {{"events requests 31d@9d", "timed_out"}},
         {kShort, "9d: timed_out: said of events requests 31d@9d"}},
        // A quiet month is no good month, whatever the last one was.
        {"NoTraffic",
         {{"events requests 9d", "0"}, {R"(events requests{code=~"5.."} 9d)", "0"}},
         {kShort, "9d: 0 of 0, by 1000000", "9d: no_traffic, 0 against nothing: "}},
        {"ShortHistoryIsOfTheCountedWindow",
         {{"history requests 9d", "600000"}, {"coverage requests 9d 5m", "92"}},
         {kShort, "9d: 7 of 90000, by 1000000",
          "9d: short_history, 600000 against 777600: requests"}},
    }),
    [](const auto& test) { return std::string(test.param.name); });

TEST(WeighCalendarQuestionTest, NotAskedIsNotKnown) {
  Readings readings = kTenth;
  readings.erase("events requests 31d@9d");
  const EffectivePolicy policy = PolicyAt("2026-11-10T00:00:00Z", kEvents);
  EXPECT_EQ(Weighed(policy, policy.slos.front(), readings),
            (Strings{kShort, "9d: malformed_answer: the question was not asked"}));
}

// On the second day a rule of three days has all of its data.
TEST(WeighCalendarQuestionTest, RulesLookBackBeyondTheMonth) {
  const EffectivePolicy policy = PolicyAt("2026-11-03T00:00:00Z", kEvents);
  const Readings readings = {{"clock", "1793664000"},
                             {"events requests 2d", "2000"},
                             {"events requests 31d@2d", "1000000"},
                             {R"(events requests{code=~"5.."} 2d)", "none"},
                             {"events requests 3d", "3000"},
                             {R"(events requests{code=~"5.."} 3d)", "2"},
                             {"newest_sample requests 5m", "15"},
                             {"history requests 3d", "259200"},
                             {"coverage requests 2d 5m", "120"}};
  EXPECT_EQ(Weighed(policy, policy.slos.front(), readings),
            (Strings{"2d: 0 of 2000, by 1000000", kShort}));
}

}  // namespace
}  // namespace slogate

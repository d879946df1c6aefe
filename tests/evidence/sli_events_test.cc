#include "gate/evidence/sli_events.h"

#include <ostream>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

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
constexpr char kCarries[] = R"(series_seen requests{code!=""} 30d)";

EventsSli SliFrom(const std::string& events) {
  const EffectivePolicy policy = PolicyOf({.slos = {SloWith("availability", events)}});
  return std::get<EventsSli>(policy.slos.front().sli);
}

Strings CountedOverAnHour(const std::string& events, const Readings& readings) {
  const auto counted = CountEvents(SliFrom(events), "main", ParseDuration("1h").value(),
                                   ParseDuration("30d").value(), Told(readings));
  if (const auto* count = std::get_if<EventCount>(&counted)) return {Text(*count)};
  Strings texts;
  for (const Finding& finding : std::get<std::vector<Finding>>(counted)) {
    texts.push_back(Text(finding));
  }
  return texts;
}

struct CountCase {
  const char* name;
  std::string events;
  Readings readings;
  Strings want;  // the count, or the findings
};

class CountEventsTest : public testing::TestWithParam<CountCase> {};

void PrintTo(const CountCase& test, std::ostream* out) { *out << test.name; }

std::string NameOf(const testing::TestParamInfo<CountCase>& info) { return info.param.name; }

TEST_P(CountEventsTest, ComesTo) {
  EXPECT_EQ(CountedOverAnHour(GetParam().events, GetParam().readings), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Pairs, CountEventsTest,
    testing::ValuesIn(std::vector<CountCase>{
        {"TotalAndBad", kTotalBad, {{kTotal, "1000"}, {kBad, "3"}}, {"3 of 1000"}},
        {"TotalAndGood", kTotalGood, {{kTotal, "1000"}, {kGood, "997"}}, {"3 of 1000"}},
        {"GoodAndBad",
         kGoodBad,
         {{"events served 1h", "997"}, {"events failed 1h", "3"}},
         {"3 of 1000"}},
        {"AnotherCounterForBad",
         kOtherBad,
         {{kTotal, "1000"}, {"events failed 1h", "3"}},
         {"3 of 1000"}},
        {"OneEstimateMakesTheCountOne",
         kTotalBad,
         {{kTotal, "~1000.5"}, {kBad, "3"}},
         {"3 of 1000.5 (estimate)"}},
        {"TheOtherEstimateToo",
         kGoodBad,
         {{"events served 1h", "997"}, {"events failed 1h", "~3.25"}},
         {"3.25 of 1000.25 (estimate)"}},
        {"BoundsStayBounds",
         kTotalBad,
         {{kTotal, "990..1010"}, {kBad, "2..4"}},
         {"2..4 of 990..1010"}},
        {"BoundsOfADifference",
         kTotalGood,
         {{kTotal, "990..1000"}, {kGood, "980..985"}},
         {"5..20 of 990..1000"}},
        {"BoundsOfASum",
         kGoodBad,
         {{"events served 1h", "10..12"}, {"events failed 1h", "1..2"}},
         {"1..2 of 11..14"}},
        {"AllGood", kTotalGood, {{kTotal, "1000"}, {kGood, "1000"}}, {"0 of 1000"}},
        {"AllBad", kTotalGood, {{kTotal, "1000"}, {kGood, "0"}}, {"1000 of 1000"}},
        {"MoreGoodThanTotal",
         kTotalGood,
         {{kTotal, "1000"}, {kGood, "1007.5"}},
         {"0..7.5 of 1000"}},
        {"PerhapsMoreGoodThanTotal",
         kTotalGood,
         {{kTotal, "99..101"}, {kGood, "100"}},
         {"0..1 of 99..101"}},
        {"RatherLessGoodThanTotal",
         kTotalGood,
         {{kTotal, "100"}, {kGood, "97..101"}},
         {"0..3 of 100"}},
        {"FarMoreGoodThanTotal", kTotalGood, {{kTotal, "1"}, {kGood, "5"}}, {"0..4 of 1"}},
        {"MoreBadThanTotalIsNotCutOff", kTotalBad, {{kTotal, "3"}, {kBad, "5"}}, {"5 of 3"}},
    }),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    NoTraffic, CountEventsTest,
    testing::ValuesIn(std::vector<CountCase>{
        {"TotalAndBad", kTotalBad, {{kTotal, "0"}, {kBad, "0"}}, {"0 of 0"}},
        {"TotalAndGood", kTotalGood, {{kTotal, "0"}, {kGood, "0"}}, {"0 of 0"}},
        {"GoodAndBad",
         kGoodBad,
         {{"events served 1h", "0"}, {"events failed 1h", "0"}},
         {"0 of 0"}},
        {"BadWithoutTotal",
         kTotalBad,
         {{kTotal, "0"}, {kBad, "2"}},
         {R"(not_finite: events of requests{code=~"5.."} but none of requests in the last 1 h: the two do not count the same thing)"}},
        {"GoodWithoutTotal",
         kTotalGood,
         {{kTotal, "0"}, {kGood, "2"}},
         {R"(not_finite: events of requests{code!~"5.."} but none of requests in the last 1 h: the two do not count the same thing)"}},
        {"BadAndPerhapsTotal", kTotalBad, {{kTotal, "0..5"}, {kBad, "2"}}, {"2 of 0..5"}},
    }),
    NameOf);

constexpr char kNoCode[] = "no_series: no series of requests carries the label code";

INSTANTIATE_TEST_SUITE_P(
    MissingPartOfTheTotal, CountEventsTest,
    testing::ValuesIn(std::vector<CountCase>{
        {"IsZeroWhereTheTotalCarriesTheLabel",
         kTotalBad,
         {{kTotal, "1000"}, {kBad, "none"}, {kCarries, "1"}},
         {"0 of 1000"}},
        {"KeepsTheEstimateOfTheTotal",
         kTotalBad,
         {{kTotal, "~1000"}, {kBad, "none"}, {kCarries, "1"}},
         {"0 of 1000 (estimate)"}},
        {"IsNoSeriesWhereItDoesNot",
         kTotalBad,
         {{kTotal, "1000"}, {kBad, "none"}, {kCarries, "0"}},
         {kNoCode}},
        {"IsNoSeriesWhereNobodyAsked",
         kTotalBad,
         {{kTotal, "1000"}, {kBad, "none"}},
         {"no_series: no series of requests{code=~\"5..\"} has two samples in the last 1 h"}},
        {"IsNoSeriesWhereTheAnswerIsEmpty",
         kTotalBad,
         {{kTotal, "1000"}, {kBad, "none"}, {kCarries, "none"}},
         {kNoCode}},
        {"IsNoSeriesWhereTheAnswerIsInDoubt",
         kTotalBad,
         {{kTotal, "1000"}, {kBad, "none"}, {kCarries, "0..1"}},
         {kNoCode}},
        {"IsTheFindingWhereTheAnswerIsOne",
         kTotalBad,
         {{kTotal, "1000"}, {kBad, "none"}, {kCarries, "timed_out"}},
         {R"(timed_out: said of series_seen requests{code!=""} 30d)"}},
        {"IsZeroWhereItCountedEarlier",
         kTotalBad,
         {{kTotal, "1000"}, {kBad, "none"}, {kBadMonth, "7"}},
         {"0 of 1000"}},
        {"IsZeroWhereItStoodStillEarlier",
         kTotalBad,
         {{kTotal, "1000"}, {kBad, "none"}, {kBadMonth, "0"}},
         {"0 of 1000"}},
        {"IsNoSeriesWhereEarlierIsAFailure",
         kTotalBad,
         {{kTotal, "1000"}, {kBad, "none"}, {kBadMonth, "timed_out"}},
         {"no_series: no series of requests{code=~\"5..\"} has two samples in the last 1 h"}},
        {"NamesEveryLabel",
         R"(total: requests, bad: '{code=~"5..",code!="503",method="GET"}')",
         {{kTotal, "1000"},
          {R"(events requests{code=~"5..",code!="503",method="GET"} 1h)", "none"},
          {R"(series_seen requests{code!="",method!=""} 30d)", "0"}},
         {"no_series: no series of requests carries the label code and method"}},
        {"NeedsEveryLabel",
         R"(total: requests, bad: '{code=~"5..",code!="503",method="GET"}')",
         {{kTotal, "1000"},
          {R"(events requests{code=~"5..",code!="503",method="GET"} 1h)", "none"},
          {R"(series_seen requests{code!="",method!=""} 30d)", "1"}},
         {"0 of 1000"}},
        {"MayBeWrittenInFull",
         R"(total: 'requests{job="a"}', bad: 'requests{code=~"5..",job="a"}')",
         {{R"(events requests{job="a"} 1h)", "1000"},
          {R"(events requests{code=~"5..",job="a"} 1h)", "none"},
          {R"(series_seen requests{job="a",code!=""} 30d)", "1"}},
         {"0 of 1000"}},
        {"IsNoPartWithoutTheTotalsMatchers",
         R"(total: 'requests{job="a"}', bad: 'requests{code="500"}')",
         {{R"(events requests{job="a"} 1h)", "1000"},
          {R"(events requests{code="500"} 1h)", "none"},
          {R"(series_seen requests{job="a",code!=""} 30d)", "1"}},
         {R"(no_series: no series of requests{code="500"} has two samples in the last 1 h)"}},
        {"GoodIsZeroAndAllBad",
         kTotalGood,
         {{kTotal, "1000"}, {kGood, "none"}, {kCarries, "1"}},
         {"1000 of 1000"}},
        {"GoodIsNoSeries",
         kTotalGood,
         {{kTotal, "1000"}, {kGood, "none"}, {kCarries, "0"}},
         {kNoCode}},
    }),
    NameOf);

constexpr char kNoFailed[] = "no_series: no series of failed has two samples in the last 1 h";
constexpr char kNoServed[] = "no_series: no series of served has two samples in the last 1 h";
constexpr char kNoRequests[] = "no_series: no series of requests has two samples in the last 1 h";

INSTANTIATE_TEST_SUITE_P(
    MissingCounter, CountEventsTest,
    testing::ValuesIn(std::vector<CountCase>{
        {"IsZeroWhereSeen",
         kOtherBad,
         {{kTotal, "1000"}, {"events failed 1h", "none"}, {"series_seen failed 30d", "1"}},
         {"0 of 1000"}},
        {"IsNoSeriesWhereNotSeen",
         kOtherBad,
         {{kTotal, "1000"}, {"events failed 1h", "none"}, {"series_seen failed 30d", "0"}},
         {"no_series: the source has never seen a series of failed"}},
        {"IsNoSeriesWhereOnlyTheLabelIsSeen",
         kOtherBad,
         {{kTotal, "1000"}, {"events failed 1h", "none"}, {kCarries, "1"}},
         {kNoFailed}},
        {"BadBesideGoodIsZeroWhereSeen",
         kGoodBad,
         {{"events served 1h", "50"},
          {"events failed 1h", "none"},
          {"series_seen failed 30d", "1"}},
         {"0 of 50"}},
        {"BadBesideGoodIsNoSeriesWhereNotSeen",
         kGoodBad,
         {{"events served 1h", "50"},
          {"events failed 1h", "none"},
          {"series_seen failed 30d", "0"}},
         {"no_series: the source has never seen a series of failed"}},
        {"GoodBesideBadIsZeroWhereSeen",
         kGoodBad,
         {{"events served 1h", "none"}, {"events failed 1h", "5"}, {"series_seen served 30d", "1"}},
         {"5 of 5"}},
        {"GoodBesideBadIsNoSeriesWhereNotSeen",
         kGoodBad,
         {{"events served 1h", "none"}, {"events failed 1h", "5"}, {"series_seen served 30d", "0"}},
         {"no_series: the source has never seen a series of served"}},
        {"BothAreNoSeriesEvenWhereSeen",
         kGoodBad,
         {{"events served 1h", "none"},
          {"events failed 1h", "none"},
          {"series_seen served 30d", "1"},
          {"series_seen failed 30d", "1"}},
         {kNoServed, kNoFailed}},
        {"TotalIsNeverZero",
         kOtherBad,
         {{kTotal, "none"},
          {"events failed 1h", "5"},
          {"events requests 30d", "1000"},
          {"series_seen requests 30d", "1"}},
         {kNoRequests}},
        {"TotalAndItsPart",
         kTotalBad,
         {{kTotal, "none"}, {kBad, "none"}, {kCarries, "1"}},
         {kNoRequests,
          "no_series: no series of requests{code=~\"5..\"} has two samples in the last 1 h"}},
    }),
    NameOf);

INSTANTIATE_TEST_SUITE_P(Findings, CountEventsTest,
                         testing::ValuesIn(std::vector<CountCase>{
                             {"OfTheTotal",
                              kTotalBad,
                              {{kTotal, "unreachable"}, {kBad, "0"}},
                              {"unreachable: said of events requests 1h"}},
                             {"OfTheBad",
                              kTotalBad,
                              {{kTotal, "1000"}, {kBad, "not_finite"}},
                              {R"(not_finite: said of events requests{code=~"5.."} 1h)"}},
                             {"OfBoth",
                              kTotalBad,
                              {{kTotal, "timed_out"}, {kBad, "too_large"}},
                              {"timed_out: said of events requests 1h",
                               R"(too_large: said of events requests{code=~"5.."} 1h)"}},
                             {"AreNoZeroForTheOther",
                              kTotalBad,
                              {{kTotal, "none"}, {kBad, "timed_out"}, {kCarries, "1"}},
                              {R"(timed_out: said of events requests{code=~"5.."} 1h)"}},
                             {"WhereNobodyAskedForBad",
                              kTotalBad,
                              {{kTotal, "1000"}, {kCarries, "1"}, {kBadMonth, "0"}},
                              {"malformed_answer: the question was not asked"}},
                             {"WhereNobodyAskedForTotal",
                              kTotalBad,
                              {{kBad, "0"}},
                              {"malformed_answer: the question was not asked"}},
                             {"WhereNobodyAskedAnything",
                              kGoodBad,
                              {},
                              {"malformed_answer: the question was not asked",
                               "malformed_answer: the question was not asked"}},
                             {"WhereOnlyAnotherWindowWasAsked",
                              kTotalBad,
                              {{"events requests 30d", "1000"}, {kBadMonth, "0"}},
                              {"malformed_answer: the question was not asked",
                               "malformed_answer: the question was not asked"}},
                         }),
                         NameOf);

}  // namespace
}  // namespace slogate

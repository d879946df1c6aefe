#include "gate/prometheus/promql.h"

#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "gate/base/duration.h"

namespace slogate {
namespace {

constexpr char kQuery[] = "/api/v1/query";
constexpr char kSeries[] = "/api/v1/series";

const Selector kSelector = {"http_requests_total", {{"service", "=", "checkout"}}};

Question On(QuestionKind kind, absl::string_view over) {
  return {kind, "main", kSelector, ParseDuration(over).value()};
}

Question EventsAgo(absl::string_view over, absl::string_view ago) {
  Question question = On(QuestionKind::kEvents, over);
  question.ago = ParseDuration(ago).value();
  return question;
}

Question CoverageOver(absl::string_view over, absl::string_view max_age) {
  Question question = On(QuestionKind::kCoverage, over);
  question.max_age = ParseDuration(max_age).value();
  return question;
}

struct Text {
  const char* path;
  const char* query;
  bool pinned = true;
};

struct AsksCase {
  const char* name;
  Question question;
  std::vector<Text> texts;
};

void PrintTo(const AsksCase& test, std::ostream* out) { *out << test.name; }

class Asks : public testing::TestWithParam<AsksCase> {};

TEST_P(Asks, AreTheseTexts) {
  const std::vector<Ask> asks = AsksFor(GetParam().question);
  ASSERT_EQ(asks.size(), GetParam().texts.size());
  for (size_t i = 0; i < asks.size(); ++i) {
    const Text& text = GetParam().texts[i];
    EXPECT_STREQ(PathOf(asks[i]), text.path);
    EXPECT_EQ(QueryText(asks[i]), text.query);
    EXPECT_EQ(IsPinned(asks[i]), text.pinned);
  }
}

#define SEL "http_requests_total{service=\"checkout\"}"

INSTANTIATE_TEST_SUITE_P(
    Kinds, Asks,
    testing::Values(
        AsksCase{"clock", {QuestionKind::kClock, "main", {}, {}}, {{kQuery, "time()", false}}},
        AsksCase{
            "events", On(QuestionKind::kEvents, "30d"), {{kQuery, "sum(increase(" SEL "[30d]))"}}},
        AsksCase{"events_over_mixed_units",
                 On(QuestionKind::kEvents, "90m"),
                 {{kQuery, "sum(increase(" SEL "[1h30m]))"}}},
        AsksCase{"events_over_weeks",
                 On(QuestionKind::kEvents, "4w"),
                 {{kQuery, "sum(increase(" SEL "[28d]))"}}},
        AsksCase{"events_of_the_month_before",
                 EventsAgo("31d", "9d"),
                 {{kQuery, "sum(increase(" SEL "[31d] offset 9d))"}}},
        AsksCase{"events_of_the_month_before_within_a_day",
                 EventsAgo("743h", "3h12m40s"),
                 {{kQuery, "sum(increase(" SEL "[30d23h] offset 3h12m40s))"}}},
        AsksCase{"bucket_bounds",
                 On(QuestionKind::kBucketBounds, "5m"),
                 {{kQuery, "group by (le) (last_over_time(" SEL "[5m]))"}}},
        AsksCase{"newest_sample",
                 On(QuestionKind::kNewestSample, "5m"),
                 {{kQuery, "time() - max(timestamp(" SEL "))"},
                  {kQuery, "group(last_over_time(" SEL "[5m]))"}}},
        AsksCase{"newest_sample_beyond_the_lookback",
                 On(QuestionKind::kNewestSample, "1d"),
                 {{kQuery, "time() - max(timestamp(" SEL "))"},
                  {kQuery, "time() - max(max_over_time(timestamp(" SEL ")[1d:15m]))"}}},
        AsksCase{"history_of_a_month",
                 On(QuestionKind::kHistory, "30d"),
                 {{kQuery, "group(last_over_time(" SEL "[6h] offset 29d18h))"},
                  {kQuery, "group(last_over_time(" SEL "[30d] offset 29d18h))"},
                  {kQuery, "time() - min(min_over_time(timestamp(" SEL
                           ")[30d:6h]) or min_over_time(timestamp(" SEL ")[6h:5m]))"}}},
        AsksCase{"history_step_in_whole_seconds",
                 On(QuestionKind::kHistory, "10d1m"),
                 {{kQuery, "group(last_over_time(" SEL "[2h] offset 9d22h1m))"},
                  {kQuery, "group(last_over_time(" SEL "[10d1m] offset 9d22h1m))"},
                  {kQuery, "time() - min(min_over_time(timestamp(" SEL
                           ")[10d1m:2h]) or min_over_time(timestamp(" SEL ")[2h:5m]))"}}},
        AsksCase{"history_of_an_hour_needs_no_second_grid",
                 On(QuestionKind::kHistory, "1h"),
                 {{kQuery, "group(last_over_time(" SEL "[5m] offset 55m))"},
                  {kQuery, "group(last_over_time(" SEL "[1h] offset 55m))"},
                  {kQuery, "time() - min(min_over_time(timestamp(" SEL ")[1h:5m]))"}}},
        AsksCase{"history_shorter_than_the_lookback",
                 On(QuestionKind::kHistory, "5m"),
                 {{kQuery, "group(last_over_time(" SEL "[2m30s] offset 2m30s))"},
                  {kQuery, "group(last_over_time(" SEL "[5m] offset 2m30s))"},
                  {kQuery, "time() - min(min_over_time(timestamp(" SEL ")[5m:2m30s]))"}}},
        AsksCase{"history_of_a_second_has_no_offset_zero",
                 On(QuestionKind::kHistory, "1s"),
                 {{kQuery, "group(last_over_time(" SEL "[1s]))"},
                  {kQuery, "group(last_over_time(" SEL "[1s]))"},
                  {kQuery, "time() - min(min_over_time(timestamp(" SEL ")[1s:1s]))"}}},
        AsksCase{"coverage_of_a_month",
                 CoverageOver("30d", "5m"),
                 {{kQuery,
                   "count_over_time(group(last_over_time(" SEL "[5m]))[29d23h59m59s500ms:6h])"}}},
        AsksCase{"coverage_in_whole_slots",
                 CoverageOver("61m", "5m"),
                 {{kQuery, "count_over_time(group(last_over_time(" SEL "[5m]))[59m59s500ms:5m])"}}},
        AsksCase{
            "coverage_by_samples_that_stay_fresh",
            CoverageOver("7d", "1d"),
            {{kQuery, "count_over_time(group(last_over_time(" SEL "[1d]))[6d23h59m59s500ms:1d])"}}},
        AsksCase{"coverage_of_a_second",
                 CoverageOver("1s", "5m"),
                 {{kQuery, "count_over_time(group(last_over_time(" SEL "[5m]))[500ms:1s])"}}},
        AsksCase{"series_seen",
                 On(QuestionKind::kSeriesSeen, "30d"),
                 {{kQuery, "group(last_over_time(" SEL "[30d]))"}, {kSeries, SEL, false}}}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(QueryText, DividesCoverageByLabels) {
  EXPECT_EQ(QueryText(AsksFor(CoverageOver("30d", "5m"))[0], {"service", "zone"}),
            "count_over_time(group by (service, zone) (last_over_time(" SEL
            "[5m]))[29d23h59m59s500ms:6h])");
}

TEST(AsksFor, QuotesWhatASelectorSays) {
  Question question = On(QuestionKind::kEvents, "1h");
  question.selector.matchers = {{"path", "=~", "a\\.b\"} or vector(0) #\n"}};
  EXPECT_EQ(QueryText(AsksFor(question)[0]),
            "sum(increase(http_requests_total{path=~\"a\\\\.b\\\"} or vector(0) #\\n\"}[1h]))");
}

struct MeaningCase {
  const char* name;
  Question question;
  size_t index;
  const char* value;
  const char* low;  // nullptr: no such data
  const char* high;
};

void PrintTo(const MeaningCase& test, std::ostream* out) { *out << test.name; }

class Meaning : public testing::TestWithParam<MeaningCase> {};

TEST_P(Meaning, IsThis) {
  const MeaningCase& test = GetParam();
  const auto bounds = MeaningOf(test.question, test.index, *Rational::FromDecimal(test.value));
  ASSERT_EQ(bounds.has_value(), test.low != nullptr);
  if (!bounds) return;
  EXPECT_EQ(bounds->low.ExactDecimal(), test.low);
  EXPECT_EQ(bounds->high.ExactDecimal(), test.high);
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, Meaning,
    testing::Values(
        MeaningCase{"clock_is_not_cut",
                    {QuestionKind::kClock, "main", {}, {}},
                    0,
                    "1795658347.123",
                    "1795658347.123",
                    "1795658347.123"},
        MeaningCase{"no_events_are_exactly_none", On(QuestionKind::kEvents, "1h"), 0, "0", "0",
                    "0"},
        MeaningCase{"events_have_float_noise", On(QuestionKind::kEvents, "1h"), 0, "1000",
                    "999.999999", "1000.000001"},
        MeaningCase{"age", On(QuestionKind::kNewestSample, "5m"), 0, "12.5", "12.5", "12.5"},
        MeaningCase{"age_zero", On(QuestionKind::kNewestSample, "5m"), 0, "0", "0", "0"},
        MeaningCase{"age_at_the_limit", On(QuestionKind::kNewestSample, "2m"), 0, "120", "120",
                    "120"},
        MeaningCase{"age_beyond_the_window", On(QuestionKind::kNewestSample, "2m"), 0, "120.001",
                    nullptr, nullptr},
        MeaningCase{"somewhere_in_the_window", On(QuestionKind::kNewestSample, "5m"), 1, "1", "0",
                    "300"},
        MeaningCase{"age_on_the_grid", On(QuestionKind::kNewestSample, "1d"), 1, "7200", "6300",
                    "7200"},
        MeaningCase{"age_in_the_first_cell_of_the_grid", On(QuestionKind::kNewestSample, "1d"), 1,
                    "400", "0", "400"},
        MeaningCase{"data_where_the_window_begins", On(QuestionKind::kHistory, "30d"), 0, "1",
                    "2592000", "2592000"},
        MeaningCase{"data_before_the_window", On(QuestionKind::kHistory, "30d"), 1, "1", "2592000",
                    "2592000"},
        MeaningCase{"oldest_sample_on_the_grid", On(QuestionKind::kHistory, "30d"), 2, "172800.5",
                    "172800.5", "194400.5"},
        MeaningCase{"slots_with_a_sample", CoverageOver("30d", "5m"), 0, "107", "107", "107"},
        MeaningCase{"no_more_slots_than_there_are", CoverageOver("30d", "5m"), 0, "121", "120",
                    "120"},
        MeaningCase{"seen_by_its_samples", On(QuestionKind::kSeriesSeen, "30d"), 0, "1", "1", "1"},
        MeaningCase{"seen_in_the_index", On(QuestionKind::kSeriesSeen, "30d"), 1, "1", "1", "1"}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace slogate
